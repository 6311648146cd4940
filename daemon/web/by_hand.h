/* What a petugas writes down for somebody: at the counter, from a letter, from the box. The fields are named alike on all
 * of these forms: formulir, isi, nama, pekerjaan, alamat, telepon, balas_wa, jenis, layanan, tempat, anonim, rahasia,
 * berkas, nomor_asal, tanggal_asal. */
#ifndef WEB_BY_HAND_H
#define WEB_BY_HAND_H

#include "daemon/book/origin.h"
#include "daemon/desk/intake.h"
#include "page.h"
#include "rules/phone.h"

struct by_hand {
    const char *channel;   /* loket | telepon | kotak | surat | faks | lapor */
    char phone[PHONE_MAX]; /* "" = none */
    struct origin origin;
    const char *must_read; /* as in struct inbound */
};

/* The form's field; NULL when it is blank. */
const char *by_hand_filled(const struct page *page, const char *name);

/* {field: what is wrong with it}; fills phone and origin. Owned by the caller; NULL without memory. A slip of the box may be
 * without a name, and a picture of it may stand for its words. */
json_t *by_hand_check(struct page *page, struct by_hand *by);

/* A complaint in the book. The same form again gives the complaint that it made the first time ("ganda"). */
enum outcome by_hand_record(struct page *page, const struct by_hand *by, struct intake_result *result);

#endif
