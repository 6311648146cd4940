/* The life of a complaint as one table: from which state, by which action, done by whom, to which state, and
 * whether the action asks for a reason. Pages draw their buttons from it, the daemon refuses what it does not
 * allow, the officers' help page is generated from it. Pure. */
#ifndef RULES_STATE_H
#define RULES_STATE_H

#include <stdbool.h>
#include <stddef.h>

enum state {
    STATE_MASUK,                /* written into the book */
    STATE_PERLU_DILENGKAPI,     /* the citizen was asked; the clock is paused */
    STATE_DIVERIFIKASI,         /* complete and ours */
    STATE_DITERUSKAN,           /* on the Sekcam's desk */
    STATE_DIDISPOSISIKAN,       /* on a section's desk */
    STATE_DITINDAKLANJUTI,      /* the section works on it */
    STATE_MENUNGGU_PERSETUJUAN, /* the section reported; the Sekcam looks at it */
    STATE_DISETUJUI,            /* "siap dijawab": the petugas may send the answer */
    STATE_DIJAWAB,              /* the answer is in the outbox or was told */
    STATE_DITUTUP,
    STATE_DIBUKA_KEMBALI,   /* the citizen is not satisfied; goes on like a verified one */
    STATE_BUKAN_KEWENANGAN, /* referred elsewhere, with their number */
    STATE_DUPLIKAT,         /* joined to another */
    STATE_DIARSIPKAN,       /* with a reason */
    STATE_COUNT
};

enum role { ROLE_PETUGAS, ROLE_KASI, ROLE_SEKCAM, ROLE_SEKSI, ROLE_CAMAT, ROLE_ADMIN, ROLE_COUNT };

/* Who acts: an officer by role, or the two that are not officers. */
enum { ACTOR_PENGADU = ROLE_COUNT, ACTOR_SISTEM, ACTOR_COUNT };

enum action {
    ACTION_VERIFIKASI,
    ACTION_TANYA,      /* ask the citizen */
    ACTION_LENGKAP,    /* he answered, or the officer has what was missing */
    ACTION_TERUSKAN,   /* to the Sekcam */
    ACTION_DISPOSISI,  /* to a section, with instruction and date; again = to another */
    ACTION_MULAI,      /* the section begins */
    ACTION_LAPOR,      /* the section says what was done */
    ACTION_KEMBALIKAN, /* not good enough, back to the section */
    ACTION_SETUJUI,
    ACTION_JAWAB,
    ACTION_TUTUP,
    ACTION_BUKA_KEMBALI,
    ACTION_RUJUK,  /* not our authority */
    ACTION_GABUNG, /* the same as another */
    ACTION_ARSIPKAN,
    ACTION_COUNT
};

struct state_move {
    enum action action;
    unsigned from; /* bit set of 1u << enum state */
    enum state to;
    unsigned by; /* bit set of 1u << role or actor */
    bool reason; /* the action asks for a text */
};

/* The one row that allows it, or NULL. */
const struct state_move *state_find_move(enum state from, enum action action, int actor);

/* All rows, *ret_count of them, in the order in which a complaint normally goes. */
const struct state_move *state_moves(size_t *ret_count);

const char *state_key(enum state state);    /* "menunggu_persetujuan": book, API */
const char *state_label(enum state state);  /* "Menunggu persetujuan": officers */
const char *state_public(enum state state); /* plain words for the citizen: "Diserahkan kepada seksi" */
bool state_from_key(const char *key, enum state *ret_state);
bool state_open(enum state state); /* somebody of the office still has to act */

const char *role_key(enum role role);   /* "petugas" */
const char *role_label(enum role role); /* "Petugas pengaduan" */
bool role_from_key(const char *key, enum role *ret_role);

const char *action_key(enum action action);   /* "disposisi": URL, event kind */
const char *action_label(enum action action); /* "Disposisikan": button */
bool action_from_key(const char *key, enum action *ret_action);

#endif
