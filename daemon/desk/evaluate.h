/* The evaluation of a month or a year: in all, by channel, service, section and slice of time. Read once, shown by public
 * figures, the officers' monthly report and the command line alike. */
#ifndef DESK_EVALUATE_H
#define DESK_EVALUATE_H

#include "daemon/base/arena.h"
#include "daemon/book/book.h"
#include "office.h"
#include "rules/evaluation.h"
#include "rules/period.h"
#include <jansson.h>

/* Channels in the order of the design's colours; what is none of them last. */
enum { EVALUATE_CHANNELS = 7, EVALUATE_SLICES = 12, EVALUATE_GROUPS = 201 };

struct evaluate_group {
    int64_t id; /* of the service or section; 0 = none was chosen */
    const char *name, *key;
    struct evaluation e;
};

struct evaluate_slice {
    int32_t first, last; /* days: of a month its weeks (Monday to Sunday), of a year its months */
    struct evaluation e;
    int by_channel[EVALUATE_CHANNELS]; /* received */
};

struct evaluate {
    struct period period;
    int64_t now;
    struct evaluation all;
    struct evaluate_group channels[EVALUATE_CHANNELS];
    struct evaluate_group *services, *sections; /* the one without a name last */
    int service_count, section_count;
    struct evaluate_slice slices[EVALUATE_SLICES];
    int slice_count;
};

/* In the arena. Any thread. */
enum outcome evaluate(struct book_txn *txn, const struct office *office, const struct period *period,
    struct evaluate **ret, struct arena *arena, struct fault *fault);

/* The numbers of one group, for machines; percents and days that there are not are null. NULL without memory. */
json_t *evaluate_json_counts(const struct evaluation *e);
/* All of it. */
json_t *evaluate_json(const struct evaluate *v, const struct office *office);

#endif
