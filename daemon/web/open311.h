/* Open311 GeoReport v2 below /open311/v2/: open311.c knows the resources, open311_post.c takes requests,
 * open311_answer.c writes JSON and XML of the same value. */
#ifndef WEB_OPEN311_H
#define WEB_OPEN311_H

#include "page.h"

enum open311_format { OPEN311_XML, OPEN311_JSON };

/* The resource of a path: "requests/17.json" -> "requests/17", JSON. XML without an ending, which the standard requires of
 * every server. False for another ending. name holds `size` bytes. */
bool open311_resource(const char *path, char *name, size_t size, enum open311_format *ret_format);

/* Answers with the value (taken over; NULL = LATER). root: name of the XML's root. */
enum outcome open311_answer(
    struct page *page, enum open311_format format, int status, const char *root, json_t *value);

/* The standard's error body; DONE, with nothing written that the page did not write before. */
enum outcome open311_error(
    struct page *page, enum open311_format format, int status, const char *description);

/* Whose key was sent with the query or the form: "open311:NAME"; NULL = none was. *ret_wrong: one that nobody has. */
const char *open311_channel(struct page *page, bool *ret_wrong);

enum outcome open311_post_request(struct page *page, enum open311_format format);

/* What a service asks beside the standard's own arguments: attribute[jenis], attribute[kejadian]. */
json_t *open311_attributes(void);

#endif
