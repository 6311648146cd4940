/* Citizens who asked in a chat to talk with a person: a list on the petugas's desk. */
#ifndef WEB_WAITING_H
#define WEB_WAITING_H

#include "page.h"

/* Sets "waiting" {people: [{name, phone, phone_url, since, url, number, channel, address}]} in data when somebody waits. */
enum outcome waiting_add(struct page *page, json_t *data);

#endif
