/* Compose: the texts that leave the house, from config/replies/, as complete outbox rows. */
#ifndef DESK_COMPOSE_H
#define DESK_COMPOSE_H

#include "daemon/book/citizen.h"
#include "daemon/book/complaint.h"
#include "office.h"

struct letter {
    const struct complaint *complaint;
    const struct citizen *citizen; /* NULL = unknown */
    int64_t message_id;            /* the message in the book this letter is; 0 = none */
    const char *purpose;           /* tanda_terima | pertanyaan | jawaban: also the template's name */
    const char *text;              /* {isi}; NULL = "" */
    bool automatic;                /* no person wrote it */
};

/* Queues the letter on the complaint's route; *ret_outbox is its row, 0 when there is no route. */
enum outcome compose_letter(struct book_txn *txn, const struct office *office, const struct letter *letter,
    int64_t *ret_outbox, struct arena *arena, struct fault *fault);

/* The text alone, as the citizen will read it: for the receipt page and the preview. NULL without memory. */
const char *compose_text(const struct office *office, const struct letter *letter, struct arena *arena);

/* A notice about the complaint to one officer's e-mail address; no personal data in it. */
enum outcome compose_notice(struct book_txn *txn, const struct office *office, const struct complaint *c,
    const char *to, struct arena *arena, struct fault *fault);

/* To an officer's e-mail address: something about the book itself, in one sentence. */
enum outcome compose_alarm(struct book_txn *txn, const struct office *office, const char *to,
    const char *subject, const char *sentence, struct arena *arena, struct fault *fault);

#endif
