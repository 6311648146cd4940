/* Acts: what an officer (or the citizen by his tracking page) does with a complaint. One function for all, driven
 * by the state table; each act is an event, and what leaves the house is an outbox row of the same transaction. */
#ifndef DESK_ACT_H
#define DESK_ACT_H

#include "channels/channel.h"
#include "daemon/book/assistance.h"
#include "daemon/book/book.h"
#include "daemon/book/complaint.h"
#include "daemon/book/officer.h"
#include "office.h"
#include "rules/state.h"

/* What an officer reads whose page is older than the complaint. */
#define ACT_NOT_HERE "Aduan ini tidak ada di meja Anda."
#define ACT_CHANGED_MEANWHILE                                                                                \
    "Aduan ini sudah diubah orang lain sejak Anda membukanya. Periksa perubahannya, lalu ulangi."

struct act {
    int64_t complaint_id;
    enum action action;
    const struct officer *officer; /* NULL = the citizen, or */
    bool by_system;                /* the daemon itself, because time has passed */
    int64_t version;               /* the one the officer saw; 0 = do not check */
    const char *text;              /* reason, question, report or answer, as the action asks */
    int64_t section_id;            /* disposisi: the one that answers for it, */
    const struct helper *helpers;  /* and those that help; by section_id */
    size_t helper_count;
    int64_t due_at; /* disposisi: end of the day given, ms */
    const char
        *told_how; /* jawab without an address: "lisan" | "telepon" | "surat", or "lapor": written there */
    const char *told_to; /* and to whom; of "lapor" the number of the case there is taken */
    const char *referred_to, *referred_number; /* rujuk */
    const char *main_number;                   /* gabung */
    const struct inbound_file *files;          /* lapor: evidence */
};

/* On the writer thread, replayable. NEVER with a public text: not allowed in this state or for this role, changed
 * meanwhile, something missing. *ret_outbox true when a letter was queued. */
enum outcome act_on(struct book_txn *txn, const struct office *office, const struct act *act,
    bool *ret_outbox, struct arena *arena, struct fault *fault);

/* Whether act_on() would refuse it because of who, state, version or words: *ret_why NULL = it would not. Any thread. NEVER
 * when it is not on this officer's desk. */
enum outcome act_judge(struct book_txn *txn, const struct act *act, struct complaint *ret,
    const char **ret_why, struct arena *arena, struct fault *fault);

/* What a section that helps has done: it changes no state, and reaches the section that answers for it. NEVER as above. */
enum outcome act_assist(
    struct book_txn *txn, const struct act *act, struct arena *arena, struct fault *fault);

/* A remark of an officer that changes no state. */
enum outcome act_note(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    const char *text, struct arena *arena, struct fault *fault);

#endif
