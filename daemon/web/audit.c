/* /pengaturan/audit: who had a hidden identity shown to him, and who changed what of the house. Numbers and logins only:
 * the admin sees nobody's complaint. */
#include "daemon/book/event.h"
#include "present.h"
#include "routes.h"
#include "settings.h"
#include <stdlib.h>
#include <string.h>

#define AUDIT "/pengaturan/audit"
enum { ROWS = 100, DETAIL_MOST = 300 };

/* "login: wati; peran: seksi": the data of an event about the house, for people. */
static const char *detail_of(struct page *page, const char *data)
{
    json_t *object = json_loads(data, 0, NULL), *value;
    const char *key;
    struct str out;
    str_init(&out, 4096);
    json_object_foreach(object, key, value)
    {
        if (!strcmp(key, "text")) /* a whole letter */
            continue;
        str_addf(&out, "%s%s: ", out.len ? "; " : "", key);
        if (json_is_string(value))
            str_adds(&out, json_string_value(value));
        else if (json_is_integer(value))
            str_addf(&out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        else
            str_adds(&out, json_is_true(value) ? "ya" : "tidak");
    }
    const char *text = arena_strdup(page->arena, str_ok(&out) ? out.data : "");
    str_release(&out);
    json_decref(object);
    return text;
}

static json_t *row_of(struct page *page, const struct event_audited *a)
{
    const char *detail = a->number ? "" : detail_of(page, a->event.data);
    json_t *row = json_pack("{s:s, s:s, s:s}", "actor", a->event.actor, "what",
        present_event_label(a->event.kind), "number", a->number ? a->number : "");
    json_object_set_new(row, "at", present_moment(page, a->event.at));
    json_object_set_new(row, "detail", present_excerpt(detail ? detail : "", DETAIL_MOST));
    return row;
}

static enum outcome show_audit(struct page *page)
{
    const char *before = page_query(page, "sebelum");
    bool house = !strcmp(page_query(page, "daftar"), "pengaturan");
    struct event_audited *a = NULL;
    int64_t below = strlen(before) <= 15 ? strtoll(before, NULL, 10) : 0, last = 0;
    enum outcome outcome =
        event_audit(page->txn, house ? EVENT_HOUSE : EVENT_LOOKED, below, ROWS, &a, page->arena, page->fault);
    if (outcome)
        return outcome;
    json_t *rows = json_array();
    for (; a; a = a->next) {
        json_array_append_new(rows, row_of(page, a));
        last = a->event.id;
    }
    json_t *data = json_pack("{s:s, s:b, s:b}", "title", "Audit", "house", house, "looked", !house);
    if (json_array_size(rows) == ROWS)
        json_object_set_new(data, "older",
            json_string(arena_printf(page->arena, AUDIT "?daftar=%s&sebelum=%lld",
                house ? "pengaturan" : "identitas", (long long)last)));
    if (json_array_size(rows))
        json_object_set_new(data, "list", json_pack("{s:O}", "rows", rows));
    json_decref(rows);
    return page_view(page, "audit", data);
}

const struct page_route audit_routes[] = {
    {AUDIT, show_audit, NULL, SETTINGS_ROLES, 0},
    {NULL, NULL, NULL, 0, 0},
};
