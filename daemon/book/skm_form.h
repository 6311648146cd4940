/* Forms of the Survei Kepuasan Masyarakat (rules/skm.h), without names. */
#ifndef BOOK_SKM_FORM_H
#define BOOK_SKM_FORM_H

#include "book.h"
#include "daemon/base/arena.h"
#include "rules/skm.h"

struct skm_form {
    const char *sent; /* chosen when the form is shown: sent twice is one form */
    const char *way;  /* tautan | kertas */
    const char *service, *gender, *education, *job; /* keys; NULL = not said */
    int age;                                        /* 0 = not said */
    int scores[SKM_UNSUR];                          /* 0 = left blank */
    const char *suggestion;                         /* NULL = none */
    int64_t officer_id;                             /* 0 = himself */
};

/* *ret_new false: it is in the book already. */
enum outcome skm_form_add(
    struct book_txn *txn, const struct skm_form *form, bool *ret_new, struct fault *fault);

/* What was answered in [from, to). */
enum outcome skm_form_sum(
    struct book_txn *txn, int64_t from, int64_t to, struct skm *ret, struct fault *fault);

/* How many of the forms say what of the people who answered. */
struct skm_count {
    const char *value; /* NULL = not said */
    int64_t count;
    struct skm_count *next; /* most first */
};
enum skm_trait { SKM_WAY, SKM_SERVICE, SKM_GENDER, SKM_AGE, SKM_EDUCATION, SKM_JOB, SKM_TRAITS };
/* SKM_AGE: in bands "sampai 25", "26–40", "41–60", "di atas 60". */
enum outcome skm_form_counts(struct book_txn *txn, enum skm_trait trait, int64_t from, int64_t to,
    struct skm_count **ret_counts, struct arena *arena, struct fault *fault);

struct skm_suggestion {
    const char *text;
    struct skm_suggestion *next; /* newest first */
};
enum outcome skm_form_suggestions(struct book_txn *txn, int64_t from, int64_t to, int most,
    struct skm_suggestion **ret_list, struct arena *arena, struct fault *fault);

#endif
