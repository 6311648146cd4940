#include "text_bounce.h"
#include "text_address.h"
#include "text_bounce_prose.h"
#include "text_bounce_report.h"
#include <string.h>

/* Takes every address of a header value as not reached. */
static void add_addresses(const char *value, struct text_bounce *ret)
{
    struct span list = span_of(value);
    for (size_t at = 0; at < list.len && ret->count < TEXT_BOUNCE_FAILURES;) {
        struct text_failure failure = {.permanent = true};
        text_address_keep(failure.recipient, sizeof failure.recipient, text_address_next(list, &at));
        if (failure.recipient[0])
            ret->failures[ret->count++] = failure;
    }
}

/* Recipients that are only named share what the text says of state and status. */
static void settle(struct text_bounce *ret, const char *status, bool permanent)
{
    for (size_t i = 0; i < ret->count; i++) {
        struct text_failure *failure = &ret->failures[i];
        failure->permanent = permanent;
        if (!failure->status[0])
            text_address_keep(failure->status, sizeof failure->status, span_of(status));
    }
}

void text_bounce(const struct text_bounce_signs *signs, struct text_bounce *ret)
{
    *ret = (struct text_bounce){.count = 0};
    struct span text = span_of(signs->text), status = span_of(signs->status);
    char said[16] = "";
    bool reported = text_bounce_report(status, ret);
    if (!reported && !status.len && span_has(text, "final-recipient:"))
        reported = text_bounce_report(text, ret);
    if (reported && ret->arrived)
        return;
    if (!ret->count && signs->failed_recipients)
        add_addresses(signs->failed_recipients, ret);
    struct text_bounce named = *ret;
    if (!named.count || !named.failures[0].recipient[0])
        named.count = 0;
    bool nameless = named.count == 0;
    text_bounce_prose(signs, &named, said, sizeof said);
    if (nameless && named.count && ret->count) { /* the report lacks the name alone */
        memcpy(ret->failures[0].recipient, named.failures[0].recipient, sizeof ret->failures[0].recipient);
    } else if (nameless && named.count) {
        *ret = named;
    }
    if (!ret->count)
        ret->failures[ret->count++] = (struct text_failure){.permanent = true};
    if (!reported)
        settle(ret, said, !text_bounce_temporary(signs));
    else if (!ret->failures[0].status[0])
        text_address_keep(ret->failures[0].status, sizeof ret->failures[0].status, span_of(said));
}

bool text_bounce_returned_id(const char *text, char *id, size_t size)
{
    struct span rest = span_of(text);
    bool given_back = false;
    while (rest.len) {
        struct span line = span_trim(span_next_line(&rest));
        while (line.len && (line.at[0] == '>' || line.at[0] == ' '))
            line = span_from(line, 1);
        given_back |=
            text_bounce_returned(line) || span_starts(line, "from:") || span_starts(line, "received:");
        if (!given_back || !span_starts(line, "message-id:"))
            continue;
        struct span value = span_trim(span_from(line, strlen("message-id:")));
        size_t open = span_find(value, "<");
        if (!value.len && rest.len) { /* folded */
            value = span_trim(span_next_line(&rest));
            open = span_find(value, "<");
        }
        value = span_from(value, open < value.len ? open + 1 : 0);
        value.len = span_find(value, ">");
        id[0] = 0;
        text_address_keep(id, size, value);
        return id[0] && !span_has(value, " ");
    }
    return false;
}
