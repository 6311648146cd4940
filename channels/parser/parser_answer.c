#include "parser_answer.h"
#include "parser_protocol.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ATTACHMENTS_MOST = 1000 };

struct remainder {
    const char *at, *end;
};

static bool take_part(struct remainder *r, struct parser_attachment *ret)
{
    uint32_t size;
    if ((size_t)(r->end - r->at) < sizeof size)
        return false;
    memcpy(&size, r->at, sizeof size);
    r->at += sizeof size;
    if ((size_t)(r->end - r->at) < size)
        return false;
    *ret = (struct parser_attachment){r->at, size};
    r->at += size;
    return true;
}

/* The JSON with its texts. */
static json_t *take_facts(struct remainder *r)
{
    static const char *const texts[] = {PARSER_TEXTS};
    struct parser_attachment part;
    json_t *facts = take_part(r, &part) ? json_loadb(part.data, part.size, 0, NULL) : NULL;
    bool good = json_is_object(facts);
    for (size_t i = 0; good && i < sizeof texts / sizeof *texts; i++)
        good = take_part(r, &part) &&
               json_object_set_new(facts, texts[i], json_stringn(part.data, part.size)) == 0;
    if (good)
        return facts;
    json_decref(facts);
    return NULL;
}

json_t *parser_answer_split(
    const char *body, size_t length, struct parser_attachment **ret_files, size_t *ret_count)
{
    struct remainder r = {body, body + length};
    json_t *facts = take_facts(&r);
    size_t count = json_array_size(json_object_get(facts, "attachments")), i = 0;
    struct parser_attachment *files =
        facts && count <= ATTACHMENTS_MOST ? calloc(count + 1, sizeof *files) : NULL;
    while (files && i < count && take_part(&r, &files[i]))
        i++;
    if (!files || i < count) {
        json_decref(facts);
        free(files);
        return NULL;
    }
    *ret_files = files;
    *ret_count = count;
    return facts;
}
