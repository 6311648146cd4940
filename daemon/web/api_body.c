#include "api_body.h"
#include "daemon/base/json_read.h"
#include <stdio.h>
#include <string.h>

static bool is_field(const struct api_route *route, const char *name)
{
    for (const struct api_parameter *f = route->fields; f && f->name; f++)
        if (!strcmp(f->name, name))
            return true;
    return false;
}

static int refuse(json_t *body, int status, const char *why, char problem[API_PROBLEM])
{
    snprintf(problem, API_PROBLEM, "%s", why);
    json_decref(body);
    return status;
}

int api_body_read(
    const struct api_route *route, const void *body, size_t size, json_t **ret, char problem[API_PROBLEM])
{
    bool no_memory = false;
    const char *key;
    json_t *value,
        *json = size ? json_read(body, size, JSON_REJECT_DUPLICATES, NULL, &no_memory) : json_object();
    *problem = '\0';
    if (!json && (no_memory || !size))
        return 503;
    if (!json_is_object(json))
        return refuse(json, 400, "Isi permintaan harus objek JSON.", problem);
    json_object_foreach(json, key, value)
    {
        if (!is_field(route, key))
            return refuse(json, 422, "Ada isian yang tidak dikenal; lihat dokumennya.", problem);
        if (!json_is_string(value)) {
            snprintf(problem, API_PROBLEM, "%s: isian ini harus teks.", key);
            json_decref(json);
            return 422;
        }
    }
    *ret = json;
    return 0;
}

int api_body_of_form(
    const struct api_route *route, const struct http_form *form, json_t **ret, char problem[API_PROBLEM])
{
    json_t *json = json_object();
    *problem = '\0';
    for (const struct http_field *f = form->fields; f; f = f->next) {
        if (f->filename)
            continue;
        if (!is_field(route, f->name))
            return refuse(json, 422, "Ada isian yang tidak dikenal; lihat dokumennya.", problem);
        if (json_object_get(json, f->name))
            return refuse(json, 400, "Ada isian yang dikirim dua kali.", problem);
        if (json_object_set_new(json, f->name, json_string(f->value)))
            return refuse(json, 503, "", problem);
    }
    *ret = json;
    return json ? 0 : 503;
}
