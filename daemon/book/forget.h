/* Taking out of the book what tells who complained. The rows stay, and so do the numbers: what was there is seen, what it
 * said is not. desk/forget.h decides, strikes out the texts and writes the event; everything of one complaint is one
 * transaction. */
#ifndef BOOK_FORGET_H
#define BOOK_FORGET_H

#include "complaint.h"
#include "message.h"

/* Around the work of one job on the writer: what is deleted in between is overwritten with zeros in the file, too. */
enum outcome forget_begin(struct book_txn *txn, struct fault *fault);
enum outcome forget_finish(struct book_txn *txn, struct fault *fault);

/* Ways to him and traces of machines: references, letters, chats, arrivals, files of gateways, what was set aside, the
 * sketch it was compared by. c: as it was before. */
enum outcome forget_ways(struct book_txn *txn, const struct complaint *c, struct fault *fault);

/* Words beside the messages: the comment of his judgement, what he asked of his data and what he was told about it. */
enum outcome forget_remarks(struct book_txn *txn, int64_t complaint_id, struct fault *fault);

/* The citizen himself, when no other complaint of his holds his data any more; else nothing. */
enum outcome forget_citizen(
    struct book_txn *txn, int64_t citizen_id, int64_t complaint_id, struct fault *fault);

/* Contents of raw messages and files, but for what a complaint that is not forgotten has too. ret_files: digests of those
 * that lie in files, at most `most` are told, the rest is swept. */
struct forget_contents {
    int64_t emptied;
    struct blob_ref *files;
    size_t count, most;
};
enum outcome forget_content(struct book_txn *txn, const struct message *m, const struct blob_ref *ref,
    struct forget_contents *contents, struct fault *fault);

/* FTS5 keeps words of deleted rows in its segments until they are merged. A piece of that work; *ret_done when there is
 * nothing more. begin: the first piece. */
enum outcome forget_merge_words(struct book_txn *txn, bool begin, bool *ret_done, struct fault *fault);

#endif
