/* The check in front of every handler: what evhttp 2.1.12 accepts although two readers could disagree where
 * such a request ends (request smuggling). A refused request closes its connection, because what
 * follows on it cannot be trusted to be a request. */
#include "http_private.h"
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <string.h>
#include <strings.h>

struct seen {
    int length, coding, host;
    bool length_is_zero;
};

/* RFC 9110 5.6.2. The space of "Content-Length : 5" stands in the name: RFC 9112 5.1 refuses it. */
static bool strict_token(const char *name)
{
    static const char tchar[] = "!#$%&'*+-.^_`|~0123456789"
                                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *name && !name[strspn(name, tchar)];
}

/* RFC 9110 5.5: no control bytes but the tab. */
static bool strict_value(const char *value)
{
    for (const unsigned char *p = (const unsigned char *)value; *p; p++)
        if ((*p < 0x20 && *p != '\t') || *p == 0x7f)
            return false;
    return true;
}

static bool strict_header(const struct evkeyval *header, struct seen *seen)
{
    const char *value = header->value;
    if (!strict_token(header->key) || !strict_value(value))
        return false;
    if (!strcasecmp(header->key, "Content-Length")) {
        /* RFC 9110 8.6: digits only; RFC 9112 6.3 would allow equal repetitions, we need none. */
        seen->length++;
        seen->length_is_zero = !value[strspn(value, "0")];
        return *value && !value[strspn(value, "0123456789")] && strlen(value) < 19;
    }
    if (!strcasecmp(header->key, "Transfer-Encoding")) {
        seen->coding++;
        return !strcasecmp(value, "chunked"); /* RFC 9112 6.1: we know no other; evhttp would ignore it */
    }
    if (!strcasecmp(header->key, "Host")) {
        seen->host++;
        return !value[strcspn(value, " \t,/?#@\\")];
    }
    return true;
}

/* evhttp reads no body for these; with a length or a coding the body would be taken for the next request. (It
 * reads the body of a GET; max_body of the route refuses that one.) */
static bool strict_bodyless(enum evhttp_cmd_type type)
{
    return type == EVHTTP_REQ_HEAD || type == EVHTTP_REQ_TRACE;
}

/* RFC 9112 3.2: no control bytes and no blanks, so that no log line and no reader of the query meets one. */
static bool strict_target(const char *target)
{
    for (; target && *target; target++)
        if ((unsigned char)*target <= 0x20 || *target == 0x7f)
            return false;
    return target != NULL;
}

bool http_strict_ok(struct evhttp_request *evreq)
{
    struct seen seen = {0};
    if (!strict_target(evhttp_request_get_uri(evreq)))
        return false;
    const struct evkeyvalq *headers = evhttp_request_get_input_headers(evreq);
    for (const struct evkeyval *h = headers->tqh_first; h; h = h->next.tqe_next)
        if (!strict_header(h, &seen))
            return false;
    if (seen.length > 1 || seen.coding > 1 || seen.host > 1 || (seen.length && seen.coding))
        return false; /* RFC 9112 6.3: both is an attack or a bug, never needed */
    if (evreq->major != 1)
        return false; /* RFC 9112 2.3: we speak no other, and others may read such a request in another way */
    bool old = evreq->minor == 0;
    if (old && seen.coding)
        return false; /* RFC 9112 6.1 */
    if (!old && !seen.host)
        return false; /* RFC 9112 3.2 */
    if (strict_bodyless(evhttp_request_get_command(evreq)))
        return !seen.coding && (!seen.length || seen.length_is_zero);
    return true;
}
