/* /surat: what came in and opened nothing, for a second look. */
#include "daemon/book/set_aside.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/route.h"
#include "daemon/desk/second_look.h"
#include "present.h"
#include "routes.h"
#include <stdlib.h>
#include <string.h>

enum { LIST_MOST = 50, WORDS_SHOWN = 600 };

static const char not_found[] = "Surat itu tidak ada.";

static const char *why_words(const struct set_aside *s)
{
    static const struct {
        const char *why, *words;
    } known[] = {{"bulk", "Surat massal"}, {"auto-reply", "Balasan otomatis"},
        {"out-of-office", "Balasan otomatis: sedang tidak di tempat"}, {"bounce", "Laporan pengantaran"}};
    for (size_t i = 0; s->why && i < sizeof known / sizeof *known; i++)
        if (!strcmp(s->why, known[i].why))
            return known[i].words;
    return s->why ? s->why : "Tidak dapat dibaca";
}

static json_t *row_of(const struct page *page, const struct set_aside *s)
{
    bool waits = s->must_look && !s->looked_at;
    json_t *row = json_pack("{s:I, s:s, s:s, s:s, s:s, s:b, s:b, s:b}", "id", (json_int_t)s->id, "channel",
        route_channel_label(s->channel), "icon", present_channel_icon(s->channel), "why", why_words(s),
        "name", s->name ? s->name : "Tanpa nama", "waits", waits, "opens", second_look_opens(s), "more",
        s->cut || strlen(s->words) > WORDS_SHOWN);
    json_object_set_new(row, "at", present_moment(page, s->at));
    json_object_set_new(row, "words", present_excerpt(s->words, WORDS_SHOWN));
    const char *untitled = strcmp(s->channel, "situs") ? "(tanpa judul)" : "Formulir aduan";
    json_object_set_new(row, "subject", json_string(s->subject && *s->subject ? s->subject : untitled));
    if (s->email)
        json_object_set_new(row, "email", present_masked(s->email));
    if (s->complaint_id)
        json_object_set_new(row, "opened",
            json_pack("{s:s}", "complaint_url",
                arena_printf(page->arena, "/aduan/%lld", (long long)s->complaint_id)));
    return row;
}

static int64_t read_id(const char *text, const char **ret_rest)
{
    size_t digits = strspn(text, "0123456789");
    *ret_rest = text + digits;
    return digits && digits <= 15 ? strtoll(text, NULL, 10) : 0;
}

static enum outcome show_list(struct page *page)
{
    const char *rest;
    int64_t below = read_id(page_query(page, "sebelum"), &rest), last = 0, waiting = 0;
    struct set_aside *first = NULL;
    json_t *rows = json_array();
    enum outcome outcome = set_aside_list(page->txn, below, LIST_MOST, &first, page->arena, page->fault);
    if (!outcome)
        outcome = set_aside_waiting(page->txn, &waiting, page->fault);
    for (const struct set_aside *s = first; s && !outcome; s = s->next) {
        json_array_append_new(rows, row_of(page, s));
        last = s->id;
    }
    json_t *data =
        json_pack("{s:s, s:I}", "title", "Surat di luar aduan", "waiting_count", (json_int_t)waiting);
    if (json_array_size(rows) == LIST_MOST)
        json_object_set_new(
            data, "older", json_string(arena_printf(page->arena, "/surat?sebelum=%lld", (long long)last)));
    if (json_array_size(rows))
        json_object_set_new(data, "mails", json_pack("{s:O}", "rows", rows));
    json_decref(rows);
    if (!outcome)
        return page_view(page, "aside", data);
    json_decref(data);
    return outcome;
}

/* /surat/ID: the bytes as they came, to be saved. */
static enum outcome send_raw(struct page *page)
{
    const char *rest;
    int64_t id = read_id(page->rest, &rest);
    struct set_aside s;
    void *data = NULL;
    size_t size = 0;
    if (!id || *rest)
        return fault_set(page->fault, OUTCOME_NEVER, not_found, "no such mail: %s", page->path);
    enum outcome outcome = set_aside_get(page->txn, id, &s, page->arena, page->fault);
    if (!outcome)
        outcome = blob_get(page->txn, &s.raw, &data, &size, page->fault);
    if (outcome)
        return outcome;
    bool mail = !strncmp(s.channel, "email:", 6);
    page->disposition = arena_printf(
        page->arena, "attachment; filename=\"surat-%lld.%s\"", (long long)id, mail ? "eml" : "bin");
    outcome = page_bytes(page, mail ? "message/rfc822" : "application/octet-stream", data, size);
    free(data);
    return outcome;
}

/* /surat/ID/dilihat, /surat/ID/aduan */
static enum outcome act(struct page *page)
{
    const char *rest;
    int64_t id = read_id(page->rest, &rest), complaint_id = 0;
    enum outcome outcome;
    if (id && !strcmp(rest, "/dilihat")) {
        outcome = second_look_seen(page->txn, page->officer, id, page->arena, page->fault);
        return outcome ? outcome : page_redirect(page, "/surat?catatan=dilihat");
    }
    if (!id || strcmp(rest, "/aduan")) {
        page->status = 404;
        return fault_set(page->fault, OUTCOME_NEVER, not_found, "no such act: %s", page->path);
    }
    outcome = second_look_open(
        page->txn, desk_office(page->desk), page->officer, id, &complaint_id, page->arena, page->fault);
    return outcome ? outcome
                   : page_redirect(page,
                         arena_printf(page->arena, "/aduan/%lld?catatan=dibuka", (long long)complaint_id));
}

#define READERS (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM)
const struct page_route aside_routes[] = {
    {"/surat", show_list, NULL, READERS, 0},
    {"/surat/*", send_raw, act, READERS, 0},
    {NULL, NULL, NULL, 0, 0},
};
