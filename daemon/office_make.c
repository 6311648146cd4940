#include "office_make.h"
#include "daemon/desk/classify_source.h"
#include "daemon/desk/rule_keep.h"
#include <string.h>

enum { PROBLEMS_MAX = 16 * 1024 };

static void free_rules(void *keep)
{
    rule_keep_free(keep);
}

/* An office's own rule file with a mistake stops the start, with the first mistake told. */
static enum outcome load_rules(
    const struct config *config, struct office *office, struct arena *arena, struct fault *fault)
{
    struct classify_rules *rules = NULL;
    char *text = NULL;
    struct str problems;
    str_init(&problems, PROBLEMS_MAX);
    enum outcome outcome =
        classify_source_read(&rules, &text, config_text(config, "office", NULL, "rules"), &problems, fault);
    if (outcome == OUTCOME_NEVER && problems.len) {
        problems.data[strcspn(problems.data, "\n")] = 0;
        outcome = fault_set(fault, OUTCOME_STOP, problems.data, "rules: %s", problems.data);
    }
    str_release(&problems);
    if (outcome)
        return outcome;
    struct rule_keep *keep = rule_keep_new(rules, text);
    if (!keep || !arena_defer(arena, free_rules, keep))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the rules");
    office->rules = keep;
    return OUTCOME_DONE;
}

static int zone_minutes(const char *zone)
{
    return !strcmp(zone, "WIT") ? 9 * 60 : !strcmp(zone, "WITA") ? 8 * 60 : 7 * 60;
}

/* Right side of our Message-IDs: that of the address we write from, else the host of our pages. */
static const char *mail_domain(const struct config *config, const char *public_url, struct arena *arena)
{
    const char *from = config_has(config, "smtp") ? config_text(config, "smtp", NULL, "from") : NULL;
    const char *at = from ? strrchr(from, '@') : NULL;
    if (at && at[1])
        return arena_strdup(arena, at + 1);
    const char *host = strstr(public_url, "://");
    host = host ? host + 3 : public_url;
    return arena_strndup(arena, host, strcspn(host, ":/"));
}

static const char *text_or_empty(const struct config *config, const char *key)
{
    const char *text = config_text(config, "office", NULL, key);
    return text ? text : "";
}

static void add_chat_limits(const struct config *config, struct office *office, struct arena *arena)
{
    size_t count = config_count(config, "gateway");
    struct office_chat_limit *limits = arena_alloc(arena, (count + 1) * sizeof *limits);
    for (size_t i = 0; limits && i < count; i++) {
        const char *name = config_instance(config, "gateway", i);
        limits[i] = (struct office_chat_limit){.channel = arena_printf(arena, "gateway:%s", name),
            .most = {.to_recipient = (int)config_number(config, "gateway", name, "auto_per_chat"),
                .in_all = (int)config_number(config, "gateway", name, "auto_in_all")}};
    }
    office->chat_most = limits;
    office->chat_most_count = limits ? count : 0;
}

enum outcome office_make(
    const struct config *config, struct office *ret, struct arena *arena, struct fault *fault)
{
    const char *url = config_text(config, "server", NULL, "public_url"),
               *zone = config_text(config, "office", NULL, "timezone");
    size_t length = strlen(url);
    while (length && url[length - 1] == '/')
        length--;
    *ret = (struct office){.name = text_or_empty(config, "name"),
        .region = text_or_empty(config, "region"),
        .address = text_or_empty(config, "address"),
        .phone = text_or_empty(config, "phone"),
        .email = text_or_empty(config, "email"),
        .emergency = text_or_empty(config, "emergency"),
        .inspektorat = config_text(config, "office", NULL, "inspektorat"),
        .public_url = arena_strndup(arena, url, length),
        .mail_domain = mail_domain(config, url, arena),
        .zone = zone,
        .utc_offset_minutes = zone_minutes(zone),
        .alarm_ms = config_number(config, "server", NULL, "alarm_seconds") * INT64_C(1000),
        .mail_most = {.to_recipient = (int)config_number(config, "smtp", NULL, "auto_per_address"),
            .about_complaint = (int)config_number(config, "smtp", NULL, "auto_per_complaint"),
            .in_all = (int)config_number(config, "smtp", NULL, "auto_in_all")},
        .letter_wait_ms = config_number(config, "office", NULL, "letter_seconds") * INT64_C(1000),
        .email_out = config_has(config, "smtp"),
        .wa_channel = config_count(config, "gateway")
                          ? arena_printf(arena, "gateway:%s", config_instance(config, "gateway", 0))
                          : NULL,
        .chat = {.ask = config_flag(config, "chat", NULL, "ask"),
            .quiet_ms = config_number(config, "chat", NULL, "quiet_seconds") * 1000,
            .give_up_ms = config_number(config, "chat", NULL, "give_up_hours") * 3600 * 1000}};
    add_chat_limits(config, ret, arena);
    enum outcome outcome = load_rules(config, ret, arena, fault);
    if (!outcome && !arena_ok(arena))
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for the office");
    return outcome;
}
