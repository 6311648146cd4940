/* What a citizen may ask of his own data (UU 27/2022): which requests there are, until when they are answered, who decides
 * them, and why one may be refused. Pure. */
#ifndef RULES_RIGHTS_H
#define RULES_RIGHTS_H

#include "state.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum right {
    RIGHT_AKSES,   /* a copy of what the book has on him: pasal 7, 32 */
    RIGHT_KOREKSI, /* something of it is wrong: pasal 6, 30 */
    RIGHT_HENTI,   /* no further use, no publication: pasal 11, 41 */
    RIGHT_HAPUS,   /* made nameless: pasal 8, 44 */
    RIGHT_COUNT
};

enum right_state {
    RIGHT_DIAJUKAN,  /* somebody of the office still has to decide */
    RIGHT_DI_CAMAT,  /* hapus only: reported to the Camat, who has to confirm */
    RIGHT_DISETUJUI, /* hapus only: he has confirmed, it is being carried out */
    RIGHT_DIPENUHI,
    RIGHT_DITOLAK,
    RIGHT_STATES
};

enum right_reason {
    REASON_BUKAN_PEMILIK,
    REASON_ORANG_LAIN,
    REASON_SUDAH_BENAR,
    REASON_WAJIB,
    REASON_MASIH_TERBUKA,
    REASON_MASA_SIMPAN,
    REASON_SENGKETA,
    REASON_COUNT
};

const char *right_key(enum right right);   /* "akses" */
const char *right_label(enum right right); /* "Minta salinan data" */
const char *right_means(enum right right); /* what it does, for the citizen */
bool right_from_key(const char *key, enum right *ret);

const char *right_state_key(enum right_state state);
const char *right_state_label(enum right_state state);
bool right_state_from_key(const char *key, enum right_state *ret);
bool right_state_open(enum right_state state);

const char *right_reason_key(enum right_reason reason);
const char *right_reason_words(enum right_reason reason); /* as the citizen reads it */
bool right_reason_from_key(const char *key, enum right_reason *ret);
bool right_reason_fits(enum right_reason reason, enum right right);

/* 3 x 24 hours, holidays or not: pasal 30 to 32, 40, 41. ms. */
int64_t right_due(int64_t asked_at);

enum right_act {
    RIGHT_RECORD, /* writes down what the citizen asked for */
    RIGHT_FULFIL, /* of hapus: reports it to the Camat */
    RIGHT_REFUSE,
    RIGHT_CONFIRM /* of hapus: after the report */
};

/* Whether that role may do so with a request in that state. */
bool right_may(enum right right, enum right_state state, enum right_act act, enum role role);

#endif
