#include "waiting.h"
#include "daemon/book/chat.h"
#include "daemon/book/citizen.h"
#include "daemon/book/complaint.h"
#include "daemon/book/event.h"
#include "present.h"
#include <string.h>

enum { PEOPLE_MOST = 20 };

struct gathering {
    struct page *page;
    json_t *people;
};

/* Names the complaint the conversation is about, when there is one this officer may see. */
static enum outcome add_complaint(
    struct page *page, const struct chat *chat, json_t *person, struct fault *fault)
{
    struct complaint c;
    if (!chat->complaint_id)
        return OUTCOME_DONE;
    enum outcome outcome = complaint_get(page->txn, chat->complaint_id, &c, page->arena, fault);
    if (outcome)
        return outcome == OUTCOME_NEVER ? OUTCOME_DONE : outcome;
    json_object_set_new(person, "number", json_string(c.number));
    json_object_set_new(
        person, "url", json_string(arena_printf(page->arena, "/aduan/%lld", (long long)c.id)));
    return OUTCOME_DONE;
}

static enum outcome add_person(void *arg, const struct chat *chat, struct fault *fault)
{
    struct gathering *g = arg;
    struct citizen citizen = {0};
    enum outcome outcome = chat->citizen_id
                               ? citizen_get(g->page->txn, chat->citizen_id, &citizen, g->page->arena, fault)
                               : OUTCOME_DONE;
    if (outcome)
        return outcome;
    json_t *person = json_pack("{s:s, s:s, s:s?, s:o}", "channel", chat->channel, "address", chat->address,
        "phone", citizen.phone, "since", present_moment(g->page, chat->person_at));
    const char *name = chat->said[CHAT_NAMA] ? chat->said[CHAT_NAMA] : citizen.nama;
    json_object_set_new(person, "name", json_string(name ? name : "Tanpa nama"));
    outcome = add_complaint(g->page, chat, person, fault);
    json_array_append_new(g->people, person);
    return outcome;
}

enum outcome waiting_add(struct page *page, json_t *data)
{
    struct gathering g = {page, json_array()};
    enum outcome outcome = OUTCOME_DONE;
    if (page->officer->role == ROLE_PETUGAS)
        outcome = chat_waiting(page->txn, PEOPLE_MOST, add_person, &g, page->arena, page->fault);
    if (json_array_size(g.people))
        json_object_set_new(data, "waiting", json_pack("{s:O}", "people", g.people));
    json_decref(g.people);
    return outcome;
}

/* POST /obrolan/ditangani: somebody has called or written back. */
static enum outcome settle(struct page *page)
{
    struct chat chat;
    enum outcome outcome = chat_get(
        page->txn, page_field(page, "saluran"), page_field(page, "alamat"), &chat, page->arena, page->fault);
    if (outcome || !chat.person_at)
        return outcome ? outcome : page_redirect(page, "/meja");
    chat.person_at = 0;
    outcome = chat_put(page->txn, &chat, page->fault);
    if (!outcome)
        outcome = event_append(page->txn, chat.complaint_id, NULL, "petugas_bicara",
            arena_printf(page->arena, "%s:%s", role_key(page->officer->role), page->officer->login), NULL,
            page->fault);
    return outcome ? outcome : page_redirect(page, "/meja?catatan=ditangani");
}

const struct page_route waiting_routes[] = {
    {"/obrolan/ditangani", NULL, settle, 1u << ROLE_PETUGAS, 0},
    {NULL, NULL, NULL, 0, 0},
};
