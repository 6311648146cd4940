/* What the office itself says on its public pages: texts and addresses that the admin changes at /pengaturan/beranda. Kept
 * beside the texts of letters (book/reply_text.h), under names of their own; without a row the shipped words are used. */
#ifndef WEB_FRONT_H
#define WEB_FRONT_H

#include "page.h"

enum front_form { FRONT_LINE, FRONT_LINES, FRONT_PHONE, FRONT_LINK };

struct front_text {
    const char *name; /* in the form and, behind "halaman.", in the book */
    const char *title, *hint;
    const char *preset; /* "" = the page leaves it out */
    enum front_form form;
    size_t most; /* bytes */
};

const struct front_text *front_texts(size_t *ret_count);

/* The text in use, in the page's arena, never NULL when DONE. An unknown name is STOP. */
enum outcome front_get(struct page *page, const char *name, const char **ret);

/* text "" = left out; equal to the preset = the shipped words again. NEVER with a public text that says what is wrong. */
enum outcome front_check(const struct front_text *text, const char *typed, struct fault *fault);
enum outcome front_put(struct page *page, const struct front_text *text, const char *typed);

/* The lines of a text that are not blank, as strings. NULL without memory. */
json_t *front_lines(const char *text);

#endif
