#include "text_bounce_report.h"
#include "text_address.h"
#include <string.h>

/* RFC 3464 2.3: groups of fields, one per recipient, after the group about the message. */
struct group {
    struct span original, final, action, status, diagnostic;
};

static struct span value_of(struct span line, const char *name)
{
    size_t n = strlen(name);
    if (!span_starts(line, name) || line.len <= n || line.at[n] != ':')
        return (struct span){0};
    return span_trim(span_from(line, n + 1));
}

static bool is_one_word(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] <= ' ' || s.at[i] == 0x7F)
            return false;
    return s.len;
}

/* "rfc822; a@x", also without the type. A name without a domain is an address of the reporting system. */
static struct span address_in(struct span value)
{
    size_t at = 0;
    struct span address = text_address_next(value, &at);
    if (address.len)
        return address;
    size_t type = span_find(value, ";");
    struct span name = span_trim(span_from(value, type < value.len ? type + 1 : 0));
    return is_one_word(name) ? name : (struct span){0};
}

static void keep_status(struct text_failure *failure, struct span value)
{
    for (size_t i = 0; i < value.len && !failure->status[0]; i++)
        text_address_keep(failure->status, sizeof failure->status,
            (struct span){value.at + i, text_address_status(value, i)});
}

/* Finished reports count before delays: the first failure takes the first place. */
static void add_failure(struct text_bounce *ret, const struct text_failure *failure)
{
    if (ret->count == TEXT_BOUNCE_FAILURES)
        return;
    size_t at = ret->count++;
    if (failure->permanent)
        for (; at > 0 && !ret->failures[at - 1].permanent; at--)
            ret->failures[at] = ret->failures[at - 1];
    ret->failures[at] = *failure;
}

static void take_group(const struct group *group, struct text_bounce *ret, size_t *arrived)
{
    static const char *const success[] = {"deliver", "relay", "expand", NULL};
    bool delayed = span_starts(group->action, "delay");
    if (!group->original.len && !group->final.len)
        return;
    if (span_starts_any(group->action, success) || (!group->action.len && span_starts(group->status, "2."))) {
        ++*arrived;
        return;
    }
    struct text_failure failure = {0};
    /* the address we wrote to, when the mail was forwarded further (2.3.1) */
    struct span address = address_in(group->original);
    text_address_keep(
        failure.recipient, sizeof failure.recipient, address.len ? address : address_in(group->final));
    keep_status(&failure, group->status);
    keep_status(&failure, group->diagnostic);
    /* "failed" is final whatever the digits say: the system gave up (2.3.3) */
    failure.permanent = !delayed && (group->action.len || failure.status[0] != '4');
    add_failure(ret, &failure);
}

bool text_bounce_report(struct span body, struct text_bounce *ret)
{
    struct group group = {0};
    size_t arrived = 0, before = ret->count;
    while (body.len) {
        struct span line = span_trim(span_next_line(&body));
        struct {
            const char *name;
            struct span *into;
        } fields[] = {{"Original-Recipient", &group.original}, {"Final-Recipient", &group.final},
            {"Action", &group.action}, {"Status", &group.status}, {"Diagnostic-Code", &group.diagnostic}};
        /* some forget the empty line between two recipients */
        bool next = group.final.len && value_of(line, "Final-Recipient").len;
        if (!line.len || next) {
            take_group(&group, ret, &arrived);
            group = (struct group){0};
        }
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
            struct span value = value_of(line, fields[i].name);
            if (value.len)
                *fields[i].into = value;
        }
    }
    take_group(&group, ret, &arrived);
    ret->arrived = arrived && ret->count == before;
    return arrived || ret->count > before;
}
