/* One complaint's page: case.c takes requests, case_show.c shows what is known, case_form.c what may be done
 * now, case_beside.c what stands beside it, case_proposal.c what the rules propose, case_alike.c what may be the same, case_sheet.c prints the lembar disposisi. */
#ifndef WEB_CASE_H
#define WEB_CASE_H

#include "daemon/book/assistance.h"
#include "daemon/book/complaint.h"
#include "page.h"

struct case_view {
    bool identity, contact; /* opened by an act of this request, which the history has */
    /* A refused act: its form comes back with what was typed. NULL = none */
    const char *refused; /* last word of its path: "jawab", "catatan", "lengkapi" ... */
    const char *problem; /* for the officer */
};

/* NEVER when this officer may not see it. Refused acts answer 422, or 409 when the complaint had changed
 * meanwhile. */
enum outcome case_show(struct page *page, int64_t id, const struct case_view *view);
enum outcome case_sheet_show(struct page *page, int64_t id);

/* Adds main_action (0 or 1), writing_action (the same for what is best written below the letters), others.
 * Sets *ret_shown when the refused form is among them. */
enum outcome case_form_add(struct page *page, const struct complaint *c, const struct case_view *view,
    json_t *data, bool *ret_shown);

/* Adds compensation: what was given, and the form. */
enum outcome case_compensation_add(
    struct page *page, const struct complaint *c, const struct case_view *view, json_t *data);
enum outcome case_compensation_post(struct page *page, int64_t id);

/* Adds proposal and danger while nobody has decided yet; nothing for sections. */
enum outcome case_proposal_add(struct page *page, const struct complaint *c, json_t *data);

/* Adds alike and alike_later for officers who may join complaints. */
enum outcome case_alike_add(struct page *page, const struct complaint *c, json_t *data);
/* POST: this one and the field "lain" are not the same. */
enum outcome case_alike_told_apart(struct page *page, int64_t id);
/* POST: all of the fields "aduan" are joined to this one. NEVER may come when some were: the page must fail. */
enum outcome case_alike_gather(struct page *page, int64_t id);

/* Adds disposition: sections (the one proposed or typed is chosen) and the date. */
enum outcome case_form_disposition(struct page *page, const struct complaint *c, bool typed, json_t *json);
/* The fields "bantu" (keys of sections); one more than ASSISTANCE_MOST says that there were too many. */
enum outcome case_form_helpers(
    struct page *page, struct helper ret[static ASSISTANCE_MOST + 1], size_t *ret_count);
/* The end of that day ("2026-11-30") in the office's zone. 0 = not a date. */
int64_t case_form_date(const struct page *page, const char *text);

/* bulk_page.c: what may be done with several of a list, for bulk_bar.html; NULL = nothing. */
json_t *bulk_page_choices(const struct page *page);

/* Fields of the form as typed, {"isi": ...}; never NULL but without memory. */
json_t *case_form_typed(const struct page *page);

/* /aduan/ID/kabar: {"mark", "words"} of the newest thing that happened to it, or a stream (live.h). */
enum outcome case_news(struct page *page, int64_t id);

/* case_beside.c. done: the sentence about the act that brought him here, NULL = none; it becomes undo or toast. */
enum outcome case_undo_add(struct page *page, const struct complaint *c, const char *done, json_t *data);
enum outcome case_kin_add(struct page *page, const struct complaint *c, json_t *data);
enum outcome case_divide_add(
    struct page *page, const struct complaint *c, const struct case_view *view, json_t *data);
enum outcome case_helpers_add(
    struct page *page, const struct complaint *c, const struct case_view *view, json_t *data);

/* Its clock in words, as `clock`; and what an event of it says beside its name, NULL = nothing. */
enum outcome case_clock_add(
    struct page *page, const struct complaint *c, const struct case_view *view, json_t *data);
json_t *case_clock_words(const struct page *page, const char *kind, const json_t *details);

#endif
