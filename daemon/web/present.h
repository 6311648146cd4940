/* Present: what the book knows, in the words and marks that officers' views show. Data for views only: every
 * function returns a new json_t (NULL without memory, which json_object_set_new takes gracefully). */
#ifndef WEB_PRESENT_H
#define WEB_PRESENT_H

#include "daemon/book/complaint.h"
#include "daemon/book/message.h"
#include "daemon/desk/office.h"
#include "page.h"

/* {case_id, number, url, state, channel, icon, name, subject, age, due:{class, icon, words, date}, rahasia,
 * section} */
json_t *present_complaint(const struct page *page, const struct complaint *c);

/* {class, icon, words, date}: icon + word + colour, never colour alone. */
json_t *present_due(const struct page *page, const struct complaint *c);

/* A promised number of days; NULL where nothing is promised. */
json_t *present_days(int days);

/* Until when a due date is "Segera". */
int64_t present_soon_until(const struct page *page);

/* A message with its attachments, as a letter of the thread. */
json_t *present_message(const struct page *page, const struct message *m, bool show_identity);

const char *present_sureness(
    int percent); /* how often an answer as sure as this was right: "biasanya benar" */

/* Short moment ("Sel, 10 Nov, 09.14") and size ("412 KB") as JSON strings. */
json_t *present_moment(const struct page *page, int64_t ms);
json_t *present_date(const struct page *page, int64_t ms); /* "Senin, 30 November 2026" */
json_t *present_size(size_t bytes);

/* "0812-••••-4417", "s•••@contoh.example": telephone numbers and addresses as a glance may see them. */
json_t *present_masked(const char *contact);

/* The beginning of a text, at most so many bytes, cut at a word with " …". */
json_t *present_excerpt(const char *text, size_t most);

/* Kinds of complaints in their order, NULL behind the last; and in words. */
const char *present_kind_at(size_t index);
const char *present_kind(const char *key);
const char *present_confidentiality(const char *key);     /* "rahasia" -> "Rahasia" */
const char *present_event_label(const char *kind);        /* "disposisi" -> "Didisposisikan" */
const char *present_channel_icon(const char *channel_id); /* name of the symbol without "i-" */
const struct office *present_office(const struct page *page);

#endif
