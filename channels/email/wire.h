/* Which letters may have left. From the point on at which only the final dot is missing, nothing but the relay's answer tells
 * what became of a letter; its row's id is on the disk, in the file kawat.email of the data folder, before it comes to
 * that point. After a death all other letters that were claimed are known not to have left, and are sent.
 *
 * A file of its own, not a row: the mailer's thread may wait for a disk, and the book's writer is spared a commit a letter.
 * It is a ring of ids, larger than what can be between a mark and the row's fate in the book. */
#ifndef EMAIL_WIRE_H
#define EMAIL_WIRE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire {
    char path[PATH_MAX];
    int fd;      /* -1 = not yet opened */
    size_t next; /* slot */
};

/* False when the path is too long. */
bool wire_init(struct wire *wire, const char *data_folder);
void wire_release(struct wire *wire);

/* On the disk when it returns true; false: the letter must not be ended. Mailer thread. */
bool wire_mark(struct wire *wire, int64_t id);

/* Was it marked? True also when that is not known: no file, or not one of ours. */
bool wire_has(const struct wire *wire, int64_t id);

#endif
