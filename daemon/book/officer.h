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
    bool remind_mqtt;         /* ... by MQTT, to his own topic */
    const char *remind_phone; /* wants them by WhatsApp, E.164; NULL = not that way */
    int64_t locked_until;     /* after wrong passwords; 0 = not */
    bool two_steps;           /* a code is asked behind his password (totp.h) */
    bool must_enrol;          /* of session_find(): he has none and the house wants one */
};

enum {
    OFFICER_PASSWORD_MIN = 10,
    SESSION_TOKEN_BYTES = 32,
    OFFICER_LOCK_FAILURES = 5,
    OFFICER_LOCK_MINUTES = 5,
    SESSION_HOURS = 12,         /* a working day, whatever he does */
    SESSION_IDLE_MINUTES = 120, /* without a page */
    SESSION_TOUCH_MINUTES = 5,  /* so exactly is it known when he was here last */
    SESSION_SECOND_MINUTES = 5, /* from the password to the code */
};

/* Who must have a second step: a setting (setting.h) "admin" or "semua"; not set = whoever wants to. */
#define SESSION_TWO_STEPS_SETTING "masuk.dua_langkah"

/* hash: of password_hash(). NEVER with a public text for a taken login or a bad one (a-z 0-9 . _ -, 2..32). */
enum outcome officer_add(struct book_txn *txn, struct officer *o, const char *hash, struct fault *fault);
/* Ends his sessions: who changes his own password opens a new one with it. */
enum outcome officer_set_password(
    struct book_txn *txn, int64_t id, const char *hash, bool must_change, struct fault *fault);
enum outcome officer_set_reminders(
    struct book_txn *txn, int64_t id, bool by_mail, bool by_mqtt, const char *phone, struct fault *fault);
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
 * refusal is DONE with *ret_refused set (the public text in fault): the failure count must be committed. When
 * ret->two_steps, that session opens nothing but session_second(). */
enum outcome session_open(struct book_txn *txn, const char *login, const struct password_proof *proof,
    char token[65], struct officer *ret, bool *ret_refused, struct arena *arena, struct fault *fault);

/* The second step: the session of `pending` ends and one that opens everything begins. Refused as above, with how many
 * more tries in the public text; wrong codes are counted and lock as wrong passwords do. NEVER: `pending` is none (any
 * more). *ret_recovery: it was a recovery code. */
enum outcome session_second(struct book_txn *txn, const char *pending, const char *code, char token[65],
    struct officer *ret, bool *ret_refused, bool *ret_recovery, struct arena *arena, struct fault *fault);
enum outcome session_pending(
    struct book_txn *txn, const char *token, struct officer *ret, struct arena *arena, struct fault *fault);

/* A session for whom the caller has proved in this transaction. */
enum outcome session_begin(struct book_txn *txn, int64_t officer_id, char token[65], struct fault *fault);

/* *ret_seen_at may be NULL. NEVER: none, expired, idle too long, disabled. */
enum outcome session_find(struct book_txn *txn, const char *token, struct officer *ret, int64_t *ret_seen_at,
    struct arena *arena, struct fault *fault);
/* He is here now; from where and with what, for his own list. No such session is no fault. */
enum outcome session_touch(
    struct book_txn *txn, const char *token, const char *peer, const char *agent, struct fault *fault);
enum outcome session_close(struct book_txn *txn, const char *token, struct fault *fault);

enum { SESSION_NAME_SIZE = 17 };
struct session {
    char name[SESSION_NAME_SIZE]; /* by which it is ended; opens nothing */
    bool own;                     /* the one that asks */
    int64_t created_at, seen_at;
    const char *peer, *agent; /* NULL = not known */
    struct session *next;
};
/* Of one officer, the newest first; token: of the one that asks. */
enum outcome session_list(struct book_txn *txn, int64_t officer_id, const char *token, struct session **ret,
    struct arena *arena, struct fault *fault);
/* name NULL: all but the one that asks. */
enum outcome session_end(struct book_txn *txn, int64_t officer_id, const char *token, const char *name,
    int64_t *ret_ended, struct fault *fault);

#endif
