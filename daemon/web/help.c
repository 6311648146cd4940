/* /bantuan: how a complaint goes and who may do what, made from the table that decides it (rules/state.h). */
#include "page.h"
#include "rules/state.h"

static json_t *who(unsigned by)
{
    json_t *list = json_array();
    for (int role = 0; role < ROLE_COUNT; role++)
        if (by & 1u << role)
            json_array_append_new(list, json_string(role_label((enum role)role)));
    if (by & 1u << ACTOR_PENGADU)
        json_array_append_new(list, json_string("Pengadu"));
    if (by & 1u << ACTOR_SISTEM)
        json_array_append_new(list, json_string("Sistem"));
    return list;
}

static json_t *moves_from(enum state from, const struct officer *officer)
{
    size_t count;
    const struct state_move *moves = state_moves(&count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        if (moves[i].from & 1u << from)
            json_array_append_new(
                list, json_pack("{s:s, s:s, s:b, s:b, s:o}", "does", action_label(moves[i].action), "to",
                          state_label(moves[i].to), "reason", moves[i].reason, "yours",
                          (moves[i].by & 1u << officer->role) != 0, "by", who(moves[i].by)));
    return list;
}

static enum outcome show_help(struct page *page)
{
    json_t *states = json_array();
    for (int s = 0; s < STATE_COUNT; s++)
        json_array_append_new(
            states, json_pack("{s:s, s:s, s:s, s:b, s:o}", "key", state_key((enum state)s), "label",
                        state_label((enum state)s), "public_label", state_public((enum state)s), "open",
                        state_open((enum state)s), "moves", moves_from((enum state)s, page->officer)));
    return page_view(page, "help",
        json_pack("{s:s, s:o, s:s}", "title", "Bantuan", "states", states, "main_class", "help"));
}

const struct page_route help_routes[] = {
    {"/bantuan", show_help, NULL,
        1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT, 0},
    {NULL, NULL, NULL, 0, 0},
};
