/* What the pages of /pengaturan share: settings.c. */
#ifndef WEB_SETTINGS_H
#define WEB_SETTINGS_H

#include "fields.h"

enum { SETTINGS_ROLES = 1u << ROLE_ADMIN };

/* A change of the settings in the history; data is taken over (NULL = LATER) and names nobody but by login. */
enum outcome settings_event(struct page *page, const char *kind, json_t *data);

/* The form of one thing: under `heading`, sent to url by a button, back to `back`. data is taken over, holds the rest of
 * that page. 422 when it has problems. */
enum outcome settings_form(struct page *page, struct fields *form, const char *heading, const char *button,
    const char *url, const char *back, const char *view, json_t *data);

/* A refusal of the book: its words stand at that field and the form comes back; anything else is passed on. */
enum outcome settings_refused(struct fields *form, size_t field, enum outcome outcome);

enum outcome settings_missing(struct page *page, const char *public_text); /* 404 */

#endif
