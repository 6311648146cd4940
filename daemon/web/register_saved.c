/* /buku/saringan: filters of the register that an officer keeps under names of his own; used from /buku. */
#include "daemon/book/saved_filter.h"
#include "register.h"
#include "report_form.h"
#include "routes.h"
#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 60, QUERY_MOST = 2000 };

static enum outcome load(struct page *page, json_t **ret_list)
{
    struct saved_filter *f = NULL;
    enum outcome outcome = saved_filter_list(page->txn, page->officer->id, &f, page->arena, page->fault);
    *ret_list = json_array();
    for (; f && !outcome; f = f->next) {
        char url[QUERY_MOST + sizeof "/buku?"];
        snprintf(url, sizeof url, "/buku?%s", f->query);
        json_array_append_new(*ret_list, json_pack("{s:I, s:s, s:s}", "filter_id", (json_int_t)f->id,
                                             "filter_name", f->name, "filter_url", url));
    }
    return outcome;
}

enum outcome register_saved_add(struct page *page, json_t *data)
{
    json_t *list;
    enum outcome outcome = load(page, &list);
    if (json_array_size(list))
        json_object_set_new(data, "saved", json_pack("{s:O}", "saved_filters", list));
    json_decref(list);
    json_t *fields = register_fields(page);
    if (json_array_size(fields))
        json_object_set_new(data, "to_save", json_pack("{s:O}", "save_fields", fields));
    json_decref(fields);
    return outcome;
}

static enum outcome show(struct page *page, const char *problem)
{
    json_t *list;
    enum outcome outcome = load(page, &list);
    json_t *data = json_pack("{s:s, s:s?}", "title", "Saringan tersimpan", "problem", problem);
    if (json_array_size(list))
        json_object_set_new(data, "saved", json_pack("{s:O}", "saved_filters", list));
    json_decref(list);
    if (!outcome)
        return page_view_status(page, problem ? 422 : 200, "register_saved", data);
    json_decref(data);
    return outcome;
}

static enum outcome get_saved(struct page *page)
{
    return show(page, NULL);
}

/* The query as the address of /buku has it. */
static enum outcome save(struct page *page, const char *name)
{
    json_t *url = register_url(page, "", NULL, 0);
    const char *query = json_string_value(url);
    enum outcome outcome = fault_set(page->fault, OUTCOME_NEVER,
        "Saring dahulu Buku, lalu simpan saringannya.", "nothing to save, or too long");
    if (query && *query && strlen(query) <= QUERY_MOST)
        outcome = saved_filter_put(page->txn, page->officer->id, name, query + 1, page->fault);
    json_decref(url);
    return outcome;
}

static enum outcome post_saved(struct page *page)
{
    const char *name = report_form_trim(page, page_field(page, "nama")), *act = page_field(page, "aksi");
    int64_t id = strtoll(page_field(page, "saringan"), NULL, 10), mine = page->officer->id;
    enum outcome outcome;
    if (!strcmp(act, "hapus"))
        outcome = saved_filter_remove(page->txn, mine, id, page->fault);
    else if (!*name || strlen(name) > NAME_MOST)
        return show(page, "Isi nama saringan, paling panjang 60 huruf.");
    else
        outcome = strcmp(act, "ubah") ? save(page, name)
                                      : saved_filter_rename(page->txn, mine, id, name, page->fault);
    if (outcome == OUTCOME_NEVER)
        return show(page, arena_strdup(page->arena, page->fault->public_text));
    return outcome ? outcome : page_redirect(page, "/buku/saringan?catatan=tersimpan");
}

#define OFFICERS                                                                                             \
    (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT)
const struct page_route register_saved_routes[] = {
    {"/buku/saringan", get_saved, post_saved, OFFICERS, 0},
    {NULL, NULL, NULL, 0, 0},
};
