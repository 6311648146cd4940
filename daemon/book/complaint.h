/* Complaints: the register itself. */
#ifndef BOOK_COMPLAINT_H
#define BOOK_COMPLAINT_H

#include "book.h"
#include "daemon/base/arena.h"
#include "rules/state.h"

struct complaint {
    int64_t id;
    const char *number; /* 014/PGD/XI/2026 */
    const char *code;   /* 10 characters, no dashes */
    const char *kind, *confidentiality;
    enum state state;
    int64_t state_since;
    int64_t version;
    const char *channel;
    const char *reply_to;           /* NULL = none */
    int64_t citizen_id;             /* 0 = none */
    int64_t service_id, section_id; /* 0 = none */
    const char *service, *section;  /* names, NULL = none */
    const char *instruction;
    const char *subject;
    const char *place, *occurred;
    int64_t received_at, due_at, answered_at, closed_at; /* 0 = none */
    const char *referred_to, *referred_number;
    int64_t main_id;
    int64_t related_id; /* "mungkin terkait": pointed to without the right to join; 0 = none */
    const char *nama;   /* of the citizen; NULL = unknown */
};

/* Those that were joined to it or point to it ("mungkin terkait"), oldest first: at most `most`. */
struct complaint_kin {
    int64_t id;
    const char *number;
    bool joined; /* state duplikat; else it only may be related */
    struct complaint_kin *next;
};
enum outcome complaint_kin(struct book_txn *txn, int64_t id, int most, struct complaint_kin **ret_kin,
    struct arena *arena, struct fault *fault);

/* Assigns id, register number (gap-free within the year of txn_now in the office's zone) and tracking code, and
 * fills them into c. Reads: kind, confidentiality, channel, reply_to, citizen_id, service_id, subject, place,
 * occurred, received_at, due_at, related_id. State is masuk. */
enum outcome complaint_insert(
    struct book_txn *txn, struct complaint *c, struct arena *arena, struct fault *fault);

/* NEVER with the public text "Aduan tidak ditemukan." */
enum outcome complaint_get(
    struct book_txn *txn, int64_t id, struct complaint *ret, struct arena *arena, struct fault *fault);
enum outcome complaint_by_code(
    struct book_txn *txn, const char *code, struct complaint *ret, struct arena *arena, struct fault *fault);
enum outcome complaint_by_number(struct book_txn *txn, const char *number, struct complaint *ret,
    struct arena *arena, struct fault *fault);

/* Writes everything but id, number, code, received_at; version grows by one. NEVER with a public text when the row is
 * no longer at c->version: somebody changed it in between. */
enum outcome complaint_update(struct book_txn *txn, struct complaint *c, struct fault *fault);

/* For rehearsals in a throw-away book only: gives a complaint the number and code of a story. */
enum outcome complaint_pose(
    struct book_txn *txn, int64_t id, const char *number, const char *code, struct fault *fault);

/* The newest complaint of this citizen in which a message by that channel still belongs: not closed, or closed
 * less than reopen_ms ago. *ret_id 0 = none. */
enum outcome complaint_latest_open(struct book_txn *txn, int64_t citizen_id, const char *channel,
    int64_t reopen_ms, int64_t *ret_id, struct fault *fault);

struct complaint_filter {
    unsigned states;     /* bit set of 1u << state; 0 = all */
    int64_t section_id;  /* 0 = all */
    int64_t service_id;  /* 0 = all */
    int64_t citizen_id;  /* 0 = all */
    const char *kind;    /* NULL = all */
    const char *channel; /* NULL = all; a trailing ':' matches the family ("gateway:") */
    const char *words;   /* full text; NULL = none */
    int64_t from, to;    /* received_at in [from, to); 0 = open */
    bool overdue;        /* due_at < now and open */
    int64_t soon_until;  /* due_at in [now, soon_until) and open; 0 = all */
    bool undelivered;    /* something to the citizen failed or may have, and nobody took care of it */
    int64_t told;        /* officer who has an unread notice of told_kind about it; 0 = all */
    const char *told_kind;
    int64_t helps;      /* section that helps with it; 0 = all */
    bool helps_open;    /* and has not reported yet */
    bool hide_rahasia;  /* leaves out confidentiality rahasia */
    int64_t before_id;  /* keyset paging: only ids below it; 0 = from the newest */
    int64_t after_id;   /* only ids above it, the lowest first; not with words. 0 = off */
    bool by_due;        /* order by due date instead (no paging) */
    int limit;          /* 1..500 */
    int64_t count_most; /* complaint_count() counts no further; 0 = to the end */
};

/* c and its texts live until the visit returns. Words without any letter or digit find nothing. */
typedef enum outcome complaint_visit(void *arg, const struct complaint *c, struct fault *fault);
enum outcome complaint_list(struct book_txn *txn, const struct complaint_filter *filter,
    complaint_visit *visit, void *arg, struct fault *fault);
enum outcome complaint_count(
    struct book_txn *txn, const struct complaint_filter *filter, int64_t *ret_count, struct fault *fault);

#endif
