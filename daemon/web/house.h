/* What every page shows of the office, made once from the desk's knowledge of it. Immutable after
 * house_open(), so all threads may read it. */
#ifndef WEB_HOUSE_H
#define WEB_HOUSE_H

#include "daemon/base/fault.h"
#include "daemon/desk/office.h"
#include <jansson.h>
#include <stdbool.h>

struct house {
    const struct office *office; /* borrowed from the desk */
    json_t *fields; /* {name, region, address, phone, phone_url, email, email_url, public_url, host}: owned */
    bool secure;    /* public_url is https: cookies are Secure */
    /* Name of the session's cookie. With https it begins with __Host-, which browsers take from this very host
     * alone: another site below the same domain (a regency has many) cannot plant a session here. */
    const char *cookie;
    char *frame_origins; /* sites that may hold the form in a frame, as CSP writes them; NULL = none. Owned */
    char style_url[64], script_url[64], form_script_url[64]; /* with the hash of their content */
};

/* frame_origins: NULL = none. */
enum outcome house_open(
    struct house *house, const struct office *office, const char *frame_origins, struct fault *fault);
void house_close(struct house *house);

/* "https://host:port" -> "host:port" */
const char *house_without_scheme(const char *url);

#endif
