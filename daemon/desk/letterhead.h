/* The office head of letters and receipts: what /pengaturan/kantor set, else what the configuration says. */
#ifndef DESK_LETTERHEAD_H
#define DESK_LETTERHEAD_H

#include "daemon/base/arena.h"
#include "daemon/book/book.h"
#include "office.h"

enum letterhead_line {
    LETTERHEAD_GOVERNMENT, /* "Pemerintah Kota Probolinggo" */
    LETTERHEAD_OFFICE,     /* "Kecamatan Kedopok" */
    LETTERHEAD_ADDRESS,
    LETTERHEAD_PHONE,
    LETTERHEAD_EMAIL,
    LETTERHEAD_CAMAT, /* who signs letters */
    LETTERHEAD_RANK,  /* "Pembina Tingkat I" */
    LETTERHEAD_NIP,
    LETTERHEAD_LINES
};

#define LETTERHEAD_LOGO "logo" /* name of the picture (book/setting.h) */

struct letterhead {
    const char *lines[LETTERHEAD_LINES]; /* never NULL */
    int64_t logo_at;                     /* when the logo was last changed; 0 = there is none */
};

const char *letterhead_setting(enum letterhead_line line); /* its name in book/setting.h */

enum outcome letterhead_get(struct book_txn *txn, const struct office *office, struct letterhead *ret,
    struct arena *arena, struct fault *fault);

#endif
