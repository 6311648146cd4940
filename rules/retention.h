/* How long a complaint keeps what tells who complained, and whether that time is over: the numbers an office sets by its
 * jadwal retensi arsip (JRA), and the decision about one complaint. Pure. */
#ifndef RULES_RETENTION_H
#define RULES_RETENTION_H

#include "state.h"
#include <stdbool.h>
#include <stdint.h>

enum retention_kind {
    RETENTION_PENGADUAN,
    RETENTION_PENGAWASAN,
    RETENTION_ASPIRASI,
    RETENTION_INFORMASI,
    RETENTION_WHISTLEBLOWING,
    RETENTION_KINDS
};

struct retention_setting {
    const char *kind;   /* key of complaint.kind */
    const char *label;  /* "Pengaduan" */
    int shipped, most;  /* years; 0 = not set: nothing of that kind is ever proposed */
    const char *source; /* where the shipped number comes from, for the one who changes it */
};

const struct retention_setting *retention_setting(enum retention_kind kind);

/* What is looked at of one complaint. Times in ms; 0 = never. */
struct retention_facts {
    const char *kind;
    enum state state;
    int64_t closed_at;
    int64_t forgotten_at;   /* made nameless before */
    bool main_open;         /* the complaint it was joined to is not over, or one that was joined to it */
    bool asked;             /* a request about his data is being decided */
    bool asked_else;        /* one that is not about being forgotten */
    bool letters_under_way; /* something to him has not left yet */
};

enum retention_verdict {
    RETENTION_KEPT,     /* until *ret_until */
    RETENTION_DUE,      /* its time is over */
    RETENTION_UNSET,    /* the office has not said how long */
    RETENTION_OPEN,     /* never an open case */
    RETENTION_HELD,     /* over, but something is still going on about it */
    RETENTION_NAMELESS, /* there is nothing left to take out */
    RETENTION_VERDICTS
};

/* years: RETENTION_KINDS of them. The time runs from the day of closing, in the office's zone, and ends with the last
 * moment of the same day so many years later (29 February: 28). ret_until may be NULL. */
enum retention_verdict retention_judge(const struct retention_facts *facts, const int years[RETENTION_KINDS],
    int64_t now, int utc_offset_minutes, int64_t *ret_until);

/* Whether what tells who he is may be taken out now, however long it has been kept: what is checked again at the moment
 * in which it is done. RETENTION_DUE, OPEN, HELD or NAMELESS. */
enum retention_verdict retention_ready(const struct retention_facts *facts);

const char *retention_words(enum retention_verdict verdict); /* why it is left alone; for officers */

#endif
