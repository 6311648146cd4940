/* Files of a form as the desk takes them. Their types were found out by the parser child (visit.c). */
#ifndef WEB_UPLOAD_H
#define WEB_UPLOAD_H

#include "channels/channel.h"
#include "page.h"

/* All files under that name, in order; *ret_files NULL = none was chosen. In the page's arena; the bytes are
 * the request's. LATER without memory. */
enum outcome upload_list(struct page *page, const char *name, struct inbound_file **ret_files);
enum outcome upload_files(struct page *page, const char *name, const struct inbound_file **ret_files);

#endif
