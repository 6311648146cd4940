/* Uploaded files of a form as the desk takes them. web.c has had their types found out by the parser child
 * before the page runs: content_type of a file field is what the bytes are, not what the client says. */
#ifndef WEB_UPLOAD_H
#define WEB_UPLOAD_H

#include "channels/channel.h"
#include "page.h"

/* All non-empty files of that field, in the page's arena; *ret NULL = none. */
enum outcome upload_files(struct page *page, const char *field, struct inbound_file **ret);

/* The browser forgets chosen files when a form comes back: then the page says so. */
bool upload_chosen(const struct page *page, const char *field);

#endif
