/* Tell: who hears of what just happened, in the transaction in which it happened: the citizen by his receipt, the
 * officers by their inbox and, where they have an address, by a letter. */
#ifndef DESK_TELL_H
#define DESK_TELL_H

#include "daemon/book/complaint.h"
#include "daemon/book/officer.h"
#include "office.h"

/* The receipt; *ret_queued false when there is no way to him, or when he opened so many complaints today that it
 * must be a machine answering ours. */
enum outcome tell_citizen(struct book_txn *txn, const struct office *office, const struct complaint *c,
    bool *ret_queued, struct arena *arena, struct fault *fault);

/* A new line in the book: Kepala Seksi Pelayanan and Sekretaris Kecamatan (Kedopok, component 6). */
enum outcome tell_superiors(struct book_txn *txn, const struct office *office, const struct complaint *c,
    bool *ret_queued, struct arena *arena, struct fault *fault);

/* The citizen wrote again: superiors, the petugas, and the section that has it. */
enum outcome tell_all_concerned(
    struct book_txn *txn, const struct complaint *c, const char *kind, struct fault *fault);

/* After an act: those on whose desk the complaint now lies, but not the one who put it there (NULL = nobody). */
enum outcome tell_next_desk(struct book_txn *txn, const struct complaint *c, const struct officer *himself,
    const char *kind, struct fault *fault);

/* Notice to every petugas who may see the complaint. */
enum outcome tell_petugas_of(
    struct book_txn *txn, const struct complaint *c, const char *kind, struct fault *fault);

#endif
