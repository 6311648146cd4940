/* Bodies of /api/v1: JSON, against each route that takes one. */
#include "daemon/base/json_read.h"
#include "daemon/web/api_body.h"
#include "fuzz.h"

/* What the table of routes names. */
NEVER_RUN(api_list);
NEVER_RUN(api_one);
NEVER_RUN(api_new);
NEVER_RUN(api_file);
NEVER_RUN(api_figures);
NEVER_RUN(api_note);
NEVER_RUN(api_do);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    json_watch();
    return 0;
}

static void check_object(const struct api_route *route, const json_t *body)
{
    const char *key;
    json_t *value;
    require(json_is_object(body));
    json_object_foreach((json_t *)body, key, value)
    {
        bool known = false;
        for (const struct api_parameter *f = route->fields; f->name; f++)
            known |= !strcmp(f->name, key);
        require(known && json_is_string(value));
        require(strlen(json_string_value(value)) == json_string_length(value)); /* no NUL inside */
        require(fuzz_is_utf8_text(json_string_value(value)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (const struct api_route *route = api_routes; route->method; route++) {
        char problem[API_PROBLEM];
        json_t *body = NULL;
        if (!route->fields)
            continue;
        memset(problem, 'x', sizeof problem);
        int status = api_body_read(route, data, size, &body, problem);
        require(memchr(problem, 0, sizeof problem) && fuzz_is_utf8_text(problem));
        require(status == 0 || status == 400 || status == 422);
        require((status == 0) == (body != NULL) && (status == 0) == !*problem);
        if (!status)
            check_object(route, body);
        json_decref(body);
    }
    return 0;
}
