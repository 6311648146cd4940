/* Survei Kepuasan Masyarakat (Permenpan RB 14/2017): nine unsur answered 1 to 4, weighed alike, as integers: with 1/9
 * written as 0.11 nobody ever reaches 100, and unrounded numbers fall between the classes.
 *
 * Values are hundredths: 8830 is 88.30 of 25.00 to 100.00. Halves are rounded up. Pure. */
#ifndef RULES_SKM_H
#define RULES_SKM_H

#include <stdbool.h>
#include <stdint.h>

enum { SKM_UNSUR = 9, SKM_SCORE_LEAST = 1, SKM_SCORE_MOST = 4, SKM_ANSWERS_MOST = 1000000 };

/* Answers of one period. A question left blank counts for its own unsur only. */
struct skm {
    int64_t sum[SKM_UNSUR];   /* of scores */
    int64_t count[SKM_UNSUR]; /* of answers */
    int64_t forms;
};

/* One form; 0 = left blank. False, and nothing is counted, when a score is out of range, when all are blank, or beyond
 * SKM_ANSWERS_MOST forms. */
bool skm_add(struct skm *skm, const int scores[SKM_UNSUR]);

int64_t skm_average_thousandths(
    const struct skm *skm, int unsur);                          /* NRR: 1000 to 4000; 0 = nobody answered */
int64_t skm_unsur_hundredths(const struct skm *skm, int unsur); /* the same as 2500 to 10000 */

/* IKM: 2500 to 10000; 0 while an unsur has no answer, because the mean of fewer is no SKM. */
int64_t skm_index_hundredths(const struct skm *skm);

/* 'A' to 'D' of an index or of an unsur: D below 65.00, C to 76.60, B to 88.30, A from 88.31. '-' for 0. */
char skm_grade(int64_t hundredths);
const char *skm_grade_words(char grade); /* "Sangat baik"; "" for '-' */

/* How many of so many served people must answer (Krejcie and Morgan 1970: 95 %, 5 %); 0 for nobody. */
int64_t skm_sample(int64_t population);

#endif
