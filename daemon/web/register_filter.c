#include "daemon/book/catalogue.h"
#include "daemon/desk/route.h"
#include "daemon/desk/sight.h"
#include "present.h"
#include "register.h"
#include "rules/workday.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Every field of the filter, as the query calls it. */
static const char *const fields[] = {
    "q", "dari", "sampai", "saluran", "keadaan", "seksi", "layanan", "jenis"};

#define HELPED "membantu" /* by the section that asks */

/* Beside the states: what people ask for across them. */
static const struct {
    const char *key, *label;
} groups[] = {{"terbuka", "Belum dijawab"}, {"segera", "Segera lewat tenggat"},
    {"terlambat", "Lewat tenggat"}, {HELPED, "Dibantu seksi ini"}};

static const char *given(const struct page *page, const char *name)
{
    const char *value = page->post ? page_field(page, name) : page_query(page, name);
    return *value ? value : NULL;
}

/* The beginning of that day, or of one some days later. 0 = none. */
static int64_t read_day(const struct page *page, const char *text, int plus_days)
{
    int32_t day;
    if (!workday_parse(text, &day))
        return 0;
    return workday_end_ms(day + plus_days - 1, present_office(page)->utc_offset_minutes) + 1;
}

static int64_t read_id(const char *text)
{
    return text && text[strspn(text, "0123456789")] == '\0' && strlen(text) <= 15 ? strtoll(text, NULL, 10)
                                                                                  : 0;
}

static const char *known_kind(const char *wanted)
{
    const char *kind;
    for (size_t i = 0; wanted && (kind = present_kind_at(i)); i++)
        if (!strcmp(kind, wanted))
            return kind;
    return NULL;
}

static void read_state(const struct page *page, struct complaint_filter *filter)
{
    const char *wanted = given(page, "keadaan");
    enum state state;
    if (state_from_key(wanted, &state))
        filter->states = 1u << state;
    for (int s = 0; wanted && !strcmp(wanted, "terbuka") && s < STATE_COUNT; s++)
        filter->states |= state_open((enum state)s) ? 1u << s : 0;
    filter->overdue = wanted && !strcmp(wanted, "terlambat");
    filter->soon_until = wanted && !strcmp(wanted, "segera") ? present_soon_until(page) : 0;
}

struct complaint_filter register_filter(const struct page *page)
{
    const struct officer *o = page->officer;
    const char *channel = given(page, "saluran");
    struct complaint_filter filter = {.section_id = read_id(given(page, "seksi")),
        .service_id = read_id(given(page, "layanan")),
        .kind = known_kind(given(page, "jenis")),
        .channel = channel && !strcmp(channel, "email") ? "email:" : channel,
        .words = given(page, "q"),
        .from = read_day(page, given(page, "dari"), 0),
        .to = read_day(page, given(page, "sampai"), 1),
        .helps = o->role == ROLE_SEKSI && !strcmp(page_query(page, "keadaan"), HELPED) ? o->section_id : 0};
    read_state(page, &filter);
    sight_narrow(o, &filter); /* whatever is asked for */
    return filter;
}

bool register_filtered(const struct page *page)
{
    for (size_t i = 1; i < sizeof fields / sizeof *fields; i++)
        if (given(page, fields[i]))
            return true;
    return false;
}

static void add_option(json_t *list, const char *key, const char *label, const char *chosen)
{
    json_array_append_new(list,
        json_pack("{s:s, s:s, s:b}", "key", key, "label", label, "chosen", chosen && !strcmp(chosen, key)));
}

static json_t *state_options(const struct page *page, const char *chosen)
{
    json_t *list = json_array();
    bool section = page->officer->role == ROLE_SEKSI;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (section || strcmp(groups[i].key, HELPED))
            add_option(list, groups[i].key, groups[i].label, chosen);
    for (int s = 0; s < STATE_COUNT; s++)
        add_option(list, state_key((enum state)s), state_label((enum state)s), chosen);
    return list;
}

static json_t *channel_options(const char *chosen)
{
    static const char *const families[] = {"email", "situs", "web:", "open311:", "gateway:", "loket",
        "telepon", "kotak", "surat", "faks", "lapor", "api"};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        add_option(list, families[i], route_channel_label(families[i]), chosen);
    return list;
}

static json_t *kind_options(const char *chosen)
{
    const char *kind;
    json_t *list = json_array();
    for (size_t i = 0; (kind = present_kind_at(i)); i++)
        add_option(list, kind, present_kind(kind), chosen);
    return list;
}

static const char *id_text(const struct page *page, int64_t id)
{
    const char *text = arena_printf(page->arena, "%lld", (long long)id);
    return text ? text : "";
}

static enum outcome add_catalogue(struct page *page, json_t *data)
{
    struct section *section = NULL;
    struct service *service = NULL;
    json_t *sections = json_array(), *services = json_array();
    enum outcome outcome = section_list(page->txn, &section, page->arena, page->fault);
    if (!outcome)
        outcome = service_list(page->txn, &service, page->arena, page->fault);
    for (; section && !outcome; section = section->next)
        add_option(sections, id_text(page, section->id), section->name, given(page, "seksi"));
    for (; service && !outcome; service = service->next)
        add_option(services, id_text(page, service->id), service->name, given(page, "layanan"));
    if (page->officer->role != ROLE_SEKSI)
        json_object_set_new(data, "by_section", json_pack("{s:O}", "sections", sections));
    json_decref(sections);
    json_object_set_new(data, "services", services);
    return outcome;
}

enum outcome register_choices(struct page *page, json_t *data)
{
    json_object_set_new(data, "states", state_options(page, given(page, "keadaan")));
    json_object_set_new(data, "channels", channel_options(given(page, "saluran")));
    json_object_set_new(data, "kinds", kind_options(given(page, "jenis")));
    json_object_set_new(data, "q", json_string(page_query(page, "q")));
    json_object_set_new(data, "from", json_string(page_query(page, "dari")));
    json_object_set_new(data, "to", json_string(page_query(page, "sampai")));
    json_object_set_new(data, "filtered", json_boolean(register_filtered(page)));
    return add_catalogue(page, data);
}

static const char *state_words(const char *key)
{
    enum state state;
    if (state_from_key(key, &state))
        return state_label(state);
    for (size_t i = 0; key && i < sizeof groups / sizeof *groups; i++)
        if (!strcmp(key, groups[i].key))
            return groups[i].label;
    return NULL;
}

json_t *register_scope(const struct page *page)
{
    const char *from = given(page, "dari"), *to = given(page, "sampai"), *channel = given(page, "saluran"),
               *words = given(page, "q"), *state = state_words(given(page, "keadaan")),
               *kind = known_kind(given(page, "jenis"));
    struct str out;
    str_init(&out, 2048);
    str_addf(&out, "%s%s%s%s%s", from ? "dari " : "", from ? from : "", from && to ? " " : "",
        to ? "sampai " : "", to ? to : "");
    str_addf(&out, "%s%s", out.len ? ", " : "", channel ? route_channel_label(channel) : "semua saluran");
    str_addf(&out, ", %s", state ? state : "semua keadaan");
    if (kind)
        str_addf(&out, ", %s", present_kind(kind));
    if (words)
        str_addf(&out, ", memuat “%.200s”", words);
    json_t *text = str_ok(&out) ? json_string(out.data) : NULL;
    str_release(&out);
    return text;
}

json_t *register_fields(const struct page *page)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (given(page, fields[i]))
            json_array_append_new(list,
                json_pack("{s:s, s:s}", "field_name", fields[i], "field_value", given(page, fields[i])));
    return list;
}

/* RFC 3986 2.1. */
json_t *register_url(const struct page *page, const char *path, const char *what, int64_t value)
{
    struct str out;
    char separator = '?';
    str_init(&out, 16 * 1024);
    str_adds(&out, path);
    if (what) {
        str_addf(&out, "?%s=%lld", what, (long long)value);
        separator = '&';
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *text = given(page, fields[i]);
        if (!text)
            continue;
        str_addf(&out, "%c%s=", separator, fields[i]);
        separator = '&';
        for (; *text; text++)
            str_addf(&out, isalnum((unsigned char)*text) ? "%c" : "%%%02X", (unsigned char)*text);
    }
    json_t *url = str_ok(&out) ? json_string(out.data) : NULL;
    str_release(&out);
    return url;
}
