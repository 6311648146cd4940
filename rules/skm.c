#include "skm.h"

/* Averages are summed in parts of so many; each is rounded up, so that nine thirds that make a half still make it. */
static const int64_t parts = 1000000000000;

static int64_t divide(int64_t a, int64_t b)
{
    return (2 * a + b) / (2 * b);
}

bool skm_add(struct skm *skm, const int scores[SKM_UNSUR])
{
    int answered = 0;
    for (int u = 0; u < SKM_UNSUR; u++) {
        if (scores[u] && (scores[u] < SKM_SCORE_LEAST || scores[u] > SKM_SCORE_MOST))
            return false;
        answered += scores[u] != 0;
    }
    if (!answered || skm->forms >= SKM_ANSWERS_MOST)
        return false;
    for (int u = 0; u < SKM_UNSUR; u++) {
        skm->sum[u] += scores[u];
        skm->count[u] += scores[u] != 0;
    }
    skm->forms++;
    return true;
}

int64_t skm_average_thousandths(const struct skm *skm, int unsur)
{
    return skm->count[unsur] ? divide(skm->sum[unsur] * 1000, skm->count[unsur]) : 0;
}

int64_t skm_unsur_hundredths(const struct skm *skm, int unsur)
{
    return skm->count[unsur] ? divide(skm->sum[unsur] * 2500, skm->count[unsur]) : 0;
}

int64_t skm_index_hundredths(const struct skm *skm)
{
    int64_t means = 0;
    for (int u = 0; u < SKM_UNSUR; u++) {
        if (!skm->count[u])
            return 0;
        means += (skm->sum[u] * parts + skm->count[u] - 1) / skm->count[u]; /* at most 4e18 before dividing */
    }
    return divide(means * 25, SKM_UNSUR * (parts / 100));
}

char skm_grade(int64_t hundredths)
{
    if (hundredths <= 0)
        return '-';
    return hundredths >= 8831 ? 'A' : hundredths >= 7661 ? 'B' : hundredths >= 6500 ? 'C' : 'D';
}

const char *skm_grade_words(char grade)
{
    switch (grade) {
    case 'A':
        return "Sangat baik";
    case 'B':
        return "Baik";
    case 'C':
        return "Kurang baik";
    case 'D':
        return "Tidak baik";
    default:
        return "";
    }
}

/* s = X2 N P (1 - P) / (d2 (N - 1) + X2 P (1 - P)) with X2 = 3.841, P = 0.5, d = 0.05, all times 100000. */
int64_t skm_sample(int64_t population)
{
    const int64_t spread = 96025, margin = 250, everybody = 1000000000;
    if (population <= 0)
        return 0;
    if (population > everybody) /* 384 long before */
        population = everybody;
    return divide(spread * population, margin * (population - 1) + spread);
}
