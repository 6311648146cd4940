/* The JSON body of a request: an object of texts that its route knows. Pure. */
#ifndef WEB_API_BODY_H
#define WEB_API_BODY_H

#include "api.h"

enum { API_PROBLEM = 120 };

/* 0: *ret (owned) is such an object, an empty one for an empty body. Else the status of the refusal (400, 422; 503 without
 * memory), and why in problem (Indonesian, UTF-8). */
int api_body_read(
    const struct api_route *route, const void *body, size_t size, json_t **ret, char problem[API_PROBLEM]);

/* The same of a multipart form; its files are left aside. */
int api_body_of_form(
    const struct api_route *route, const struct http_form *form, json_t **ret, char problem[API_PROBLEM]);

#endif
