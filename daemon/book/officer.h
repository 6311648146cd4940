/* Officers and their sessions. Passwords come hashed or proved (password.h): that takes longer than the writer has. */
#ifndef BOOK_OFFICER_H
#define BOOK_OFFICER_H

#include "book.h"
#include "daemon/base/arena.h"
#include "password.h"
#include "rules/state.h"

struct officer {
    int64_t id;
    const char *login, *name;
    enum role role;
    int64_t section_id;  /* 0 = none */
    const char *section; /* name, NULL = none */
    const char *email;   /* NULL = none */
    bool must_change, disabled;
    bool remind_mail;         /* wants reminders by e-mail */
    const char *remind_phone; /* wants them by WhatsApp, E.164; NULL = not that way */
    int64_t locked_until; /* after wrong passwords; 0 = not */
};

enum {
    OFFICER_PASSWORD_MIN = 10,
    SESSION_TOKEN_BYTES = 32,
    OFFICER_LOCK_FAILURES = 5,
    OFFICER_LOCK_MINUTES = 5
};

/* hash: of password_hash(). NEVER with a public text for a taken login or a bad one (a-z 0-9 . _ -, 2..32). */
enum outcome officer_add(struct book_txn *txn, struct officer *o, const char *hash, struct fault *fault);
/* Ends his sessions: who changes his own password opens a new one with it. */
enum outcome officer_set_password(
    struct book_txn *txn, int64_t id, const char *hash, bool must_change, struct fault *fault);
enum outcome officer_set_reminders(
    struct book_txn *txn, int64_t id, bool by_mail, const char *phone, struct fault *fault);
/* Name, role, section and address of the one with o->id. NEVER when the last admin would be none any more. */
enum outcome officer_change(struct book_txn *txn, const struct officer *o, struct fault *fault);
/* Ends sessions; NEVER for the last admin. Opened again, he may try his password anew at once. */
enum outcome officer_disable(struct book_txn *txn, int64_t id, bool disabled, struct fault *fault);
enum outcome officer_by_login(
    struct book_txn *txn, const char *login, struct officer *ret, struct arena *arena, struct fault *fault);
enum outcome officer_get(
    struct book_txn *txn, int64_t id, struct officer *ret, struct arena *arena, struct fault *fault);
typedef enum outcome officer_visit(void *arg, const struct officer *o, struct fault *fault);
enum outcome officer_list(
    struct book_txn *txn, officer_visit *visit, void *arg, struct fault *fault); /* by login */
/* Who may work now, in no order that means anything. */
enum outcome officer_each(struct book_txn *txn, officer_visit *visit, void *arg, struct fault *fault);

/* Right password: opens a session, writes its token as hex into token (65 bytes). Refused: wrong, disabled,
 * locked, or changed since the proof, with one and the same public text for unknown name and wrong password. A
 * refusal is DONE with *ret_refused set (the public text in fault): the failure count must be committed. */
enum outcome session_open(struct book_txn *txn, const char *login, const struct password_proof *proof,
    char token[65], struct officer *ret, bool *ret_refused, struct arena *arena, struct fault *fault);
enum outcome session_find(struct book_txn *txn, const char *token, struct officer *ret, struct arena *arena,
    struct fault *fault); /* NEVER: none, expired, disabled */
enum outcome session_close(struct book_txn *txn, const char *token, struct fault *fault);

#endif
