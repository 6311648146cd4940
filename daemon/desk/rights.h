/* What a citizen asks of his data: written down with its clock of 3 x 24 hours, decided, carried out, answered by the
 * channel he came by. Erasing goes by the Camat (retention.h). Each step is an event; none of them holds a word of his. */
#ifndef DESK_RIGHTS_H
#define DESK_RIGHTS_H

#include "daemon/book/officer.h"
#include "daemon/book/rights.h"
#include "office.h"
#include "person.h"

enum { RIGHTS_WORDS_MOST = 4000, RIGHTS_OF_ONE_MOST = 20, RIGHTS_COPY_DAYS = 30 };

struct rights_asked {
    int64_t complaint_id;
    enum right right;
    const char *way;               /* situs | loket | telepon | surat | pesan */
    const char *words;             /* "" = none */
    const struct officer *officer; /* who writes it down; NULL = the citizen himself */
};

/* All of these: on the writer, replayable; NEVER with a public text when it may not be. */
enum outcome rights_record(struct book_txn *txn, const struct office *office,
    const struct rights_asked *asked, int64_t *ret_id, struct arena *arena, struct fault *fault);

/* words: what the officer adds, "" = nothing. typed: of koreksi, else NULL. Of hapus it is the report to the Camat. */
enum outcome rights_fulfil(struct book_txn *txn, const struct office *office, const struct officer *officer,
    int64_t id, const char *words, const struct person_typed *typed, struct arena *arena,
    struct fault *fault);
enum outcome rights_refuse(struct book_txn *txn, const struct office *office, const struct officer *officer,
    int64_t id, const char *reason, const char *words, struct arena *arena, struct fault *fault);

/* The Camat has agreed to the list that a wish is on; retention_confirm() was called. */
enum outcome rights_confirmed(struct book_txn *txn, const struct office *office,
    const struct officer *officer, int64_t id, struct arena *arena, struct fault *fault);
/* Its list is through. */
enum outcome rights_carried_out(
    struct book_txn *txn, const struct office *office, int64_t id, struct fault *fault);

/* Its time is nearly over: petugas, Kasi and Sekcam, of a report before him the Camat. Once. */
enum outcome rights_remind(
    struct book_txn *txn, const struct office *office, int64_t id, struct arena *arena, struct fault *fault);

/* The copy is to be read on his tracking page: granted, and not too long ago. */
bool rights_copy_open(const struct rights_request *r, int64_t now);

#endif
