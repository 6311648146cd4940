/* The sections of /pengaturan: one table (settings_menu.c), from which the front page and the list beside every page of
 * settings come. */
#ifndef WEB_SETTINGS_MENU_H
#define WEB_SETTINGS_MENU_H

#include "page.h"

/* [{url, label, what, current}]: those that exist and this officer may open; NULL without memory. */
json_t *settings_menu(const struct page *page);

#endif
