/* The office's own pages as a channel: what is sent "by the website" stands on the tracking page as soon as it is in
 * the book, so sending is done when it is asked for. Id "situs"; no configuration. Arrivals of the form are written
 * by the page itself (daemon/web/report.c), in the transaction that answers it. */
#ifndef WEBSITE_SITUS_H
#define WEBSITE_SITUS_H

#include "channels/channel.h"

extern const struct channel_ops situs_channel;

#endif
