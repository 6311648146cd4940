/* A form of settings as a table of fields: shown, read as typed, and shown again with what is wrong, so that nothing that
 * was typed is lost. The view draws it by {{>fields_problems}} above and {{>fields}} inside its <form>. */
#ifndef WEB_FIELD_H
#define WEB_FIELD_H

#include "page.h"

enum { FIELDS_MAX = 16 };

enum field_kind {
    FIELD_TEXT,
    FIELD_EMAIL,
    FIELD_NUMBER,
    FIELD_CHOICE,
    FIELD_PICTURE,
    FIELD_DATE,
    FIELD_COUNT /* a number that may be 0 */
};

struct field {
    const char *name, *label;
    const char *hint; /* NULL = none */
    enum field_kind kind;
    size_t max;           /* bytes */
    const char *required; /* said when it is empty; NULL = may be */
};

struct fields {
    struct page *page;
    const struct field *list;
    size_t count;
    const char *values[FIELDS_MAX]; /* never NULL, trimmed */
    const char *wrong[FIELDS_MAX];  /* NULL = fine */
    json_t *options[FIELDS_MAX];    /* of FIELD_CHOICE: owned until fields_json() */
    int problems;
};

/* All values "". */
void fields_begin(struct fields *form, struct page *page, const struct field *list, size_t count);

/* Takes what the request says, and finds what is missing, too long or no address or number. */
void fields_read(struct fields *form);

void fields_wrong(
    struct fields *form, size_t field, const char *text); /* the first word about a field stays */
void fields_offer(struct fields *form, size_t field, const char *value, const char *label);
int64_t fields_number(const struct fields *form, size_t field); /* 0 = empty or no number */
int32_t fields_date(const struct fields *form, size_t field);   /* days since 1970; 0 = empty or no date */

/* {fields: [...], problems: [...], problem_words} into data, and wrong when there are problems. Once a form. */
void fields_json(struct fields *form, json_t *data);

#endif
