/* Compose: the letters that leave the house, from the reply texts (reply.h), as complete outbox rows. */
#ifndef DESK_COMPOSE_H
#define DESK_COMPOSE_H

#include "daemon/book/citizen.h"
#include "daemon/book/complaint.h"
#include "daemon/book/message.h"
#include "office.h"

struct letter {
    const struct complaint *complaint;
    const struct citizen *citizen;  /* NULL = unknown */
    int64_t message_id;             /* the message in the book this letter is; 0 = none */
    const char *purpose;            /* name of its reply text: tanda_terima, pertanyaan, jawaban ... */
    const char *text;               /* {isi}; NULL = "" */
    const char *note;               /* {catatan}; NULL = "" */
    const struct attachment *files; /* of that message, sent with the letter */
    bool automatic; /* nobody caused it: no answer to it is wanted, not even a bounce (RFC 3834 3.3) */
    bool generated; /* a person caused it and wrote none of it (RFC 3834 5) */
};

/* Queues the letter on the complaint's route; *ret_outbox is its row, 0 when there is no route. */
enum outcome compose_letter(struct book_txn *txn, const struct office *office, const struct letter *letter,
    int64_t *ret_outbox, struct arena *arena, struct fault *fault);

/* The text alone, as the citizen will read it; `template` NULL = the one in use. */
enum outcome compose_text(struct book_txn *txn, const struct office *office, const struct letter *letter,
    const char *template, const char **ret_text, struct arena *arena, struct fault *fault);

/* A notice about the complaint to one officer's e-mail address; no personal data in it. */
enum outcome compose_notice(struct book_txn *txn, const struct office *office, const struct complaint *c,
    const char *to, struct arena *arena, struct fault *fault);

/* Plain words about a complaint's clock to one officer: by e-mail, or by WhatsApp to a telephone (E.164). */
enum outcome compose_reminder(struct book_txn *txn, const struct office *office, int64_t complaint_id,
    const char *to, const char *subject, const char *text, struct arena *arena, struct fault *fault);
enum outcome compose_reminder_chat(struct book_txn *txn, const struct office *office, int64_t complaint_id,
    const char *phone, const char *text, struct arena *arena, struct fault *fault);

/* The same as a message of MQTT to the officer's own topic, {"number", "text"}; nothing when there is no broker. number NULL =
 * about no complaint. */
enum outcome compose_reminder_mqtt(struct book_txn *txn, const char *login, const char *number,
    const char *text, struct arena *arena, struct fault *fault);
/* "pengaduan/OFFICE/pengingat/LOGIN"; NULL without memory. */
const char *compose_reminder_topic(struct book_txn *txn, const char *login, struct arena *arena);

/* A few words to see whether they arrive: channel "email" to an address, "gateway:NAME" to a telephone number (E.164). */
enum outcome compose_test(struct book_txn *txn, const struct office *office, const char *channel,
    const char *to, int64_t *ret_id, struct arena *arena, struct fault *fault);

/* Plain words about the house itself to one officer's address. */
enum outcome compose_alarm(struct book_txn *txn, const struct office *office, const char *to,
    const char *subject, const char *text, struct arena *arena, struct fault *fault);

#endif
