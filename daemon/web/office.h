/* What every page knows of the office, taken from the configuration once. Immutable after office_open(), so
 * all threads may read it. */
#ifndef WEB_OFFICE_H
#define WEB_OFFICE_H

#include "daemon/base/fault.h"
#include <jansson.h>
#include <stdbool.h>

struct config;

struct office {
    json_t *fields;  /* {name, region, address, phone, phone_url, email, email_url, public_url}: owned */
    int utc_offset;  /* minutes east of UTC */
    bool secure;     /* public_url is https: cookies are Secure */
    bool mail, chat; /* an answer can leave by e-mail, by WhatsApp */
    const char *public_url; /* borrowed from the configuration; "" when not set */
    char style_url[64];     /* of the style sheet, with the hash of its content */
};

enum outcome office_open(struct office *office, const struct config *config, struct fault *fault);
void office_close(struct office *office);

#endif
