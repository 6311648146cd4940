/* MANIFES: what a backup holds. Readable by people and by `sha256sum -c MANIFES`:
 *
 *   # pengaduand-cadangan 1
 *   # buku <sha256>            hash of the first event: which book this is
 *   # aduan 120
 *   # peristiwa 940
 *   # lampiran 3               attachments that are files
 *   # sidik <hash>             the journal's newest hash (journal.h)
 *   # keadaan utuh             or: meragukan, when the book was copied although something in it was not right
 *   <sha256>  buku.db
 *   <sha256>  lampiran/ab/cd/<sha256>
 *   # akhir <sha256>           over all bytes above: cut short or changed, it does not fit
 *
 * It finds damage and carelessness. Against somebody who rewrites files and manifest alike only the key helps
 * (seal.h). */
#ifndef BOOK_MANIFEST_H
#define BOOK_MANIFEST_H

#include "backup_file.h"

#define MANIFEST_NAME "MANIFES"

struct manifest {
    unsigned char book[BACKUP_DIGEST];
    int64_t complaints, events, files;
    unsigned char head[BACKUP_DIGEST]; /* zeros: made by a version without a journal */
    bool doubtful;
};

struct manifest_writer;

/* Begins folder/MANIFES; lines follow; end() takes the writer in any case and says whether all is in the file (not yet
 * synced). */
enum outcome manifest_begin(struct manifest_writer **ret_writer, const char *folder,
    const struct manifest *manifest, struct fault *fault);
void manifest_line(
    struct manifest_writer *writer, const unsigned char digest[BACKUP_DIGEST], const char *name);
enum outcome manifest_end(struct manifest_writer *writer, struct fault *fault);

/* Reads it from the beginning; visit (may be NULL) is called for every file with a name that fits (backup_file.h), and
 * its outcome ends the reading. NEVER when the manifest is damaged. What was visited before that was found must not be
 * trusted. */
typedef enum outcome manifest_visit(
    void *arg, const unsigned char digest[BACKUP_DIGEST], const char *name, struct fault *fault);
enum outcome manifest_read(
    const char *folder, struct manifest *ret_manifest, manifest_visit *visit, void *arg, struct fault *fault);

/* Whose backup it says to be, from its first lines. */
bool manifest_peek(const char *folder, unsigned char ret_book[BACKUP_DIGEST]);

#endif
