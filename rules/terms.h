/* The numbers that clocks run by: what is shipped, where each comes from, and what an office may set. Pure. */
#ifndef RULES_TERMS_H
#define RULES_TERMS_H

#include "deadline.h"
#include <stdbool.h>

enum term {
    TERM_VERIFIKASI,          /* working days */
    TERM_VERIFIKASI_KALENDER, /* calendar days; 0 = none, as everywhere below */
    TERM_TANGGAPAN,
    TERM_INFORMASI,
    TERM_INFORMASI_KALENDER,
    TERM_PENGADUAN,
    TERM_PENGADUAN_KALENDER,
    TERM_PENGAWASAN,
    TERM_PENGAWASAN_KALENDER,
    TERM_ASPIRASI,
    TERM_ASPIRASI_KALENDER,
    TERM_DILENGKAPI,
    TERM_DILENGKAPI_KALENDER,
    TERM_PENUTUPAN,
    TERM_SEKCAM, /* working days late */
    TERM_CAMAT,
    TERM_PPID,          /* working days, of a formal request for information */
    TERM_PPID_TAMBAHAN, /* more of them, once */
    TERM_LEMBAR_HARIAN, /* hour */
    TERM_LEMBAR_MINGGUAN,
    TERM_COUNT
};

struct term_setting {
    const char *key, *label, *unit;
    int shipped, least, most;
    const char *source; /* where the number comes from, for the one who changes it */
};

const struct term_setting *term_setting(enum term term);
bool term_from_key(const char *key, enum term *ret_term);

/* The limits of an answer. values: TERM_COUNT of them. */
struct deadline_terms terms_of_kind(const int values[TERM_COUNT], const char *kind);

#endif
