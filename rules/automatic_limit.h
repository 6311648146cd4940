/* How many answers that no person wrote may leave: against two machines that answer each other for ever, and against a
 * flood (RFC 3834 section 2 asks the same of e-mail). Pure, thread-safe. */
#ifndef RULES_AUTOMATIC_LIMIT_H
#define RULES_AUTOMATIC_LIMIT_H

/* Within one span of time, the same for all. 0 = no limit. */
struct automatic_limits {
    int to_recipient, about_complaint, in_all;
};

/* What left within that span. */
struct automatic_counts {
    int to_recipient, about_complaint, in_all;
};

/* The limit that one more would break, for the history: "alamat", "aduan", "semua"; NULL = it may go. */
const char *automatic_limit_broken(const struct automatic_limits *most, const struct automatic_counts *now);

#endif
