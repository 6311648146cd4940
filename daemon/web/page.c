#include "page.h"
#include "page_common.h"
#include "daemon/base/json_read.h"
#include <stdlib.h>
#include <string.h>

enum outcome page_view(struct page *page, const char *view, json_t *data)
{
    return page_view_status(page, 200, view, data);
}

enum outcome page_view_status(struct page *page, int status, const char *view, json_t *data)
{
    if (!data || !page_add_common(page, data)) {
        json_decref(data);
        return fault_set(
            page->fault, OUTCOME_LATER, NULL, "page %s: no memory, or a text is not UTF-8", page->path);
    }
    str_clear(&page->body);
    view_render(&page->body, view, data);
    json_decref(data);
    if (!str_ok(&page->body))
        return fault_set(page->fault, OUTCOME_LATER, NULL, "page %s: no memory, or too long", page->path);
    page->status = status;
    page->content_type = PAGE_HTML;
    return OUTCOME_DONE;
}

bool page_own_path(const char *location)
{
    if (*location != '/' || location[1] == '/' || location[1] == '\\')
        return false;
    for (; *location; location++)
        if ((unsigned char)*location <= 0x20 || *location == 0x7f)
            return false;
    return true;
}

enum outcome page_redirect(struct page *page, const char *location)
{
    page->location = arena_strdup(page->arena, page_own_path(location) ? location : "/");
    if (!page->location)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "page %s: no memory", page->path);
    str_clear(&page->body);
    page->status = 303;
    page->content_type = NULL;
    return OUTCOME_DONE;
}

enum outcome page_bytes(struct page *page, const char *content_type, const void *data, size_t size)
{
    str_clear(&page->body);
    str_add(&page->body, data, size);
    page->content_type = arena_strdup(page->arena, content_type);
    if (!str_ok(&page->body) || !page->content_type)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "page %s: no memory, or too long", page->path);
    page->status = 200;
    return OUTCOME_DONE;
}

enum outcome page_json(struct page *page, const json_t *data)
{
    char *text = data ? json_text(data, JSON_COMPACT) : NULL;
    if (!text)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "page %s: no memory", page->path);
    enum outcome outcome = page_bytes(page, "application/json", text, strlen(text));
    free(text);
    return outcome;
}

enum outcome page_parts(struct page *page, const char *content_type)
{
    if (!str_ok(&page->body))
        return fault_set(page->fault, OUTCOME_LATER, NULL, "page %s: no memory, or too long", page->path);
    page->in_parts = true;
    page->status = 200;
    page->content_type = content_type;
    return OUTCOME_DONE;
}

enum outcome page_print(struct page *page, enum print_format format, const char *name)
{
    static const char *const types[] = {[PRINT_PDF] = "application/pdf",
        [PRINT_XLSX] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};
    page->disposition = arena_printf(page->arena, "attachment; filename=\"%s\"", name);
    if (!str_ok(&page->body) || !page->disposition)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "page %s: no memory, or too long", page->path);
    page->prints = true;
    page->print_format = format;
    page->status = 200;
    page->content_type = types[format];
    return OUTCOME_DONE;
}

enum outcome page_stream(struct page *page, int64_t complaint_id)
{
    page->streams = true;
    page->stream_of = complaint_id;
    page->status = 200;
    page->content_type = "text/event-stream";
    return OUTCOME_DONE;
}

void *page_keep(struct page *page, size_t n)
{
    void *room = arena_alloc(page->request_arena, n);
    return room ? memset(room, 0, n) : NULL;
}

enum outcome page_write(struct page *page, page_handler *next, const void *found)
{
    page->next = next;
    page->found = found;
    return OUTCOME_DONE;
}

bool page_rest(const struct page *page, int64_t *ret_id, const char **ret_word)
{
    const char *rest = page->rest;
    size_t n = strspn(rest, "0123456789");
    if (!n || n > 15 || (rest[n] && rest[n] != '/'))
        return false;
    *ret_id = strtoll(rest, NULL, 10);
    *ret_word = rest[n] ? rest + n + 1 : "";
    return true;
}

const char *page_actor(const struct page *page)
{
    return arena_printf(page->arena, "%s:%s", role_key(page->officer->role), page->officer->login);
}

const char *page_field(const struct page *page, const char *name)
{
    const char *value = http_form_get(page->form, name);
    return value ? value : "";
}

const char *page_query(const struct page *page, const char *name)
{
    const char *value = http_form_get(page->query, name);
    return value ? value : "";
}
