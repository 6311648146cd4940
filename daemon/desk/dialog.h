/* Dialog: intake by chat. One line of WhatsApp is rarely a whole complaint: the desk greets, puts what belongs together
 * into one complaint, asks for what the standard wants (nama, pekerjaan, alamat), one question at a time, and
 * understands commands. It never blocks: the complaint stands in the book with its number after the first line about the
 * matter; the rest completes it.
 *
 *   line ──dialog_hear()──▶ open | join | aside | record ──intake writes it──▶ dialog_follow(): what the line told, replies
 *   time ──dialog_wake()──▶ the next question after a quiet moment; farewell when no answer comes
 *
 * All of it happens on the writer thread in the transaction of the line, so a restart finds the conversation where it was. */
#ifndef DESK_DIALOG_H
#define DESK_DIALOG_H

#include "channels/channel.h"
#include "daemon/book/chat.h"
#include "daemon/book/complaint.h"
#include "join.h"
#include "office.h"

enum dialog_way {
    DIALOG_OPEN,   /* opens a complaint */
    DIALOG_JOIN,   /* belongs to the joined one: officers are told, an answered one is open again */
    DIALOG_ASIDE,  /* kept with it, but changes nothing: an answer, thanks */
    DIALOG_RECORD, /* stands in the ledger alone: a greeting, a command */
};

/* One line on its way. */
struct dialog {
    struct book_txn *txn;
    const struct office *office;
    const struct inbound *in;
    struct arena *arena;
    struct fault *fault;
    struct chat chat;
    struct chat_reading reading;
    const char *text; /* his words; NULL = a picture, a place, a voice without words */
    int64_t citizen_id;
    struct complaint c; /* the joined one; id 0 = none */
    const char *reason; /* DIALOG_RECORD: for the ledger */
    bool queued;        /* something was put into the outbox */
    bool said;          /* of the last line to the chat: nothing held it back */
};

/* Whether this arrival is a line of a chat that the office wants to talk with. */
bool dialog_wanted(const struct office *office, const struct inbound *in);

/* What to do with the line. join: as join_find() has it. d lives until dialog_follow(). */
enum outcome dialog_hear(struct dialog *d, struct book_txn *txn, const struct office *office,
    const char *channel_id, const struct inbound *in, int64_t citizen_id, const struct join *join,
    enum dialog_way *ret_way, struct arena *arena, struct fault *fault);

/* After the line was written. complaint_id: where it stands, 0 = nowhere. */
enum outcome dialog_follow(struct dialog *d, enum dialog_way way, int64_t complaint_id, int64_t citizen_id);

/* Goes on with one chat whose time has come. *ret_next: when there is more to do (ms, may be past); 0 = nothing waits. */
enum outcome dialog_wake(struct book_txn *txn, const struct office *office, int64_t *ret_next,
    struct arena *arena, struct fault *fault);

#endif
