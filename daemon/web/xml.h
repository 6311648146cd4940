/* XML for machines: feeds and Open311. Pure. */
#ifndef WEB_XML_H
#define WEB_XML_H

#include "daemon/base/str.h"
#include <jansson.h>

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

/* Escaped for text and for attributes in double quotes; what no XML may hold (control bytes) is left out. */
void xml_text(struct str *out, const char *text);

/* <name>text</name>; NULL text = <name/> */
void xml_element(struct str *out, const char *name, const char *text);

/* The value as elements: members of an object under their names, elements of an array under the array's name in the
 * singular ("services" -> "service", "service_requests" -> "request"), null as an empty element. */
void xml_json(struct str *out, const char *name, json_t *value);

#endif
