/* What the desk must know of the office when it writes to people. Made once from the configuration; immutable, so
 * every thread may read it. */
#ifndef DESK_OFFICE_H
#define DESK_OFFICE_H

#include "rules/automatic_limit.h"
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

/* Of one channel that writes to chats: texts that no person wrote, within an hour. */
struct office_chat_limit {
    const char *channel; /* "gateway:wa" */
    struct automatic_limits most;
};

struct rule_keep; /* rule_keep.h */

struct office {
    const char *name, *region, *address, *phone, *email; /* never NULL; may be "" */
    const char *emergency;                               /* numbers to call, in a sentence; never NULL */
    const char *inspektorat; /* address that is told of complaints about officers; NULL = none */
    const char *public_url;  /* without a slash at the end */
    const char *mail_domain; /* right side of our Message-IDs */
    const char *zone;        /* "WIB" */
    int utc_offset_minutes;
    /* What no person wrote, so that two robots stop after a few: by e-mail within 24 hours, by chat within an hour. */
    struct automatic_limits mail_most;
    const struct office_chat_limit *chat_most;
    size_t chat_most_count;
    int64_t alarm_ms; /* a channel disturbed for longer is told to people */
    int64_t
        letter_wait_ms; /* what an officer writes waits so long before it leaves: he may take it back; 0 = it leaves */
    bool email_out;         /* mail can be sent: [smtp] is configured */
    const char *wa_channel; /* channel id that writes to telephone numbers, NULL = none */
    struct {
        bool ask;           /* intake by chat asks for what is missing */
        int64_t quiet_ms;   /* so long he must be silent before the next question */
        int64_t give_up_ms; /* so long a question waits */
    } chat;
    struct rule_keep *rules; /* those in force; NULL = nothing is proposed */
};

#endif
