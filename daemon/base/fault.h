/* How every step of the daemon says what happened.
 *
 * An outcome names the NEXT ACT of the caller, not the cause. The cause stands in the fault, in two texts:
 * one that a citizen or officer may read (Indonesian, no secret, no path), one for the log (English).
 * Libraries fill the fault and return; the layer that decides what to do logs it, once. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

enum outcome {
    OUTCOME_DONE,  /* it happened, or had happened before; go on */
    OUTCOME_LATER, /* nothing happened, nothing is wrong with the request: try again (503, cursor stays) */
    OUTCOME_NEVER, /* this request can never succeed: refuse it for good, record why (4xx, quarantine) */
    OUTCOME_STOP, /* the whole channel or process cannot go on until a person acts (bad password, newer book) */
};

struct fault {
    char public_text[240]; /* for people, Indonesian; empty = "Terjadi gangguan pada sistem." is shown */
    char internal[400];    /* for the log; may name files, statements, peers; never a secret */
};

/* Fills f (may be NULL) and returns outcome, so that a failing function ends with `return fault_set(...)`.
 * public_text may be NULL. internal is a printf format; both are cut at the sizes above. */
enum outcome fault_set(struct fault *f, enum outcome outcome, const char *public_text, const char *internal,
    ...) __attribute__((format(printf, 4, 5)));
#ifdef __clang_analyzer__ /* which cannot see from outside that the outcome comes back */
#define fault_set(f, outcome, ...) ((fault_set)(f, outcome, __VA_ARGS__), (outcome))
#endif

/* "done", "later", "never", "stop": for log lines. */
const char *outcome_name(enum outcome outcome);

#endif
