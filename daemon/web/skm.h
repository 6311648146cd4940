/* Survei Kepuasan Masyarakat: skm_page.c asks (/skm for citizens, /laporan/skm/isi for what stands on paper), skm_report.c
 * tells the results (/laporan/skm). Here are the words both use. */
#ifndef WEB_SKM_H
#define WEB_SKM_H

#include "rules/skm.h"
#include <stddef.h>

struct skm_question {
    const char *unsur; /* as the rule calls it */
    const char *question;
    const char *answers[SKM_SCORE_MOST]; /* from worst to best */
};
extern const struct skm_question skm_questions[SKM_UNSUR];

struct skm_choice {
    const char *key, *label; /* ends with key NULL */
};
extern const struct skm_choice skm_genders[], skm_educations[], skm_jobs[];

/* The label of that key; NULL = no such choice. */
const char *skm_choice_label(const struct skm_choice *choices, const char *key);

#endif
