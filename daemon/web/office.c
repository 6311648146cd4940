#include "office.h"
#include "config/config.h"
#include "daemon/base/str.h"
#include "static.h"
#include <stdio.h>
#include <string.h>

static const char *text_or_empty(const struct config *config, const char *section, const char *key)
{
    const char *text = config_text(config, section, NULL, key);
    return text ? text : "";
}

static int zone_offset(const char *zone)
{
    return !strcmp(zone, "WIT") ? 9 * 60 : !strcmp(zone, "WITA") ? 8 * 60 : 7 * 60;
}

/* "(0335) 555-014" -> "tel:0335555014" (RFC 3966: digits and a leading plus are enough). */
static json_t *phone_url(const char *phone)
{
    char url[40] = "tel:";
    size_t n = strlen(url);
    for (; *phone && n + 1 < sizeof url; phone++)
        if ((*phone >= '0' && *phone <= '9') || (*phone == '+' && n == 4))
            url[n++] = *phone;
    url[n] = '\0';
    return json_string(n > 4 ? url : "");
}

static json_t *email_url(const char *email)
{
    return *email ? json_sprintf("mailto:%s", email) : json_string("");
}

static json_t *office_fields(const struct config *config)
{
    const char *phone = text_or_empty(config, "office", "phone"),
               *email = text_or_empty(config, "office", "email");
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:s}", "name",
        text_or_empty(config, "office", "name"), "region", text_or_empty(config, "office", "region"),
        "address", text_or_empty(config, "office", "address"), "phone", phone, "phone_url", phone_url(phone),
        "email", email, "email_url", email_url(email), "public_url",
        text_or_empty(config, "server", "public_url"));
}

enum outcome office_open(struct office *office, const struct config *config, struct fault *fault)
{
    char hash[STATIC_HASH];
    if (!static_hash("pengaduan.css", hash))
        return fault_set(fault, OUTCOME_STOP, NULL, "style sheet is not compiled in");
    *office = (struct office){
        .fields = office_fields(config),
        .utc_offset = zone_offset(text_or_empty(config, "office", "timezone")),
        .mail = config_has(config, "smtp") && config_count(config, "mailbox") > 0,
        .chat = config_count(config, "gateway") > 0,
        .public_url = text_or_empty(config, "server", "public_url"),
    };
    office->secure = !strncmp(office->public_url, "https://", 8);
    snprintf(office->style_url, sizeof office->style_url, "/statis/%s/pengaduan.css", hash);
    if (!office->fields)
        return fault_set(fault, OUTCOME_LATER, NULL, "office: no memory, or a text of [office] is not UTF-8");
    return OUTCOME_DONE;
}

void office_close(struct office *office)
{
    json_decref(office->fields);
    office->fields = NULL;
}
