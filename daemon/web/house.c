#include "house.h"

#include "static.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *house_without_scheme(const char *url)
{
    const char *mark = strstr(url, "://");
    return mark ? mark + 3 : url;
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

enum outcome house_open(
    struct house *house, const struct office *office, const char *frame_origins, struct fault *fault)
{
    char style[STATIC_HASH], script[STATIC_HASH], form[STATIC_HASH];
    if (!static_hash("pengaduan.css", style) || !static_hash("pengaduan.js", script) ||
        !static_hash("formulir.js", form))
        return fault_set(fault, OUTCOME_STOP, NULL, "style sheet or script is not compiled in");
    json_t *fields = json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:s, s:s}", "name", office->name,
        "region", office->region, "address", office->address, "phone", office->phone, "phone_url",
        phone_url(office->phone), "email", office->email, "email_url", email_url(office->email), "public_url",
        office->public_url, "host", house_without_scheme(office->public_url));
    if (!fields)
        return fault_set(fault, OUTCOME_STOP, NULL, "no memory, or a text of [office] is not UTF-8");
    *house = (struct house){.office = office, .fields = fields};
    if (frame_origins && !(house->frame_origins = strdup(frame_origins)))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the sites of [server] frame_origins");
    house->secure = !strncmp(office->public_url, "https://", 8);
    house->cookie = house->secure ? "__Host-sesi" : "sesi";
    snprintf(house->style_url, sizeof house->style_url, "/statis/%s/pengaduan.css", style);
    snprintf(house->script_url, sizeof house->script_url, "/statis/%s/pengaduan.js", script);
    snprintf(house->form_script_url, sizeof house->form_script_url, "/statis/%s/formulir.js", form);
    return OUTCOME_DONE;
}

void house_close(struct house *house)
{
    json_decref(house->fields);
    house->fields = NULL;
    free(house->frame_origins);
    house->frame_origins = NULL;
}
