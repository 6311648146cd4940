/* By which channel an answer leaves: the one the citizen came by, or the one he gave. Pure. */
#ifndef DESK_ROUTE_H
#define DESK_ROUTE_H

#include "daemon/book/complaint.h"
#include "office.h"

struct route {
    const char
        *channel;   /* channel id; NULL = none: the officer tells it by word of mouth, telephone or letter */
    const char *to; /* address on it; "" for the tracking page */
};

struct route route_of(const struct office *office, const struct complaint *c);

/* "email:kantor" -> "e-mail", "gateway:wa" -> "WhatsApp", "situs" -> "situs web", "loket" -> "loket" ... */
const char *route_channel_label(const char *channel_id);

#endif
