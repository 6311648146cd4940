/* Requests to gateways: libcurl's multi handle driven by the loop. libcurl says which sockets and which time
 * it wants watched; it is only ever called from the loop's own call-backs, never from inside one of its
 * own. */
#include "http_client.h"
#include "curl_memory.h"
#include "address.h"
#include "daemon/base/str.h"
#include <curl/curl.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    HOST_CONNECTIONS = 8,
    TOTAL_CONNECTIONS = 64
}; /* more calls wait their turn: gateways are small machines */

struct http_client {
    struct loop *loop;
    CURLM *multi;
    struct loop_timer *timer;
    struct client_call *calls;
};

/* one request in flight */
struct client_call {
    struct http_client *client;
    CURL *easy;
    struct curl_slist *headers;
    void *body;
    bool too_long; /* the answer */
    bool private_peer, refused_address;
    struct str answer;
    char error[CURL_ERROR_SIZE];
    void (*answered)(void *, const struct http_answer *);
    void *arg;
    struct client_call *next, **prev;
};

static void call_free(struct client_call *call)
{
    if (call->prev) {
        *call->prev = call->next;
        if (call->next)
            call->next->prev = call->prev;
    }
    curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->headers);
    str_release(&call->answer);
    free(call->body);
    free(call);
}

/* ---- the answer ---- */

static enum http_sent call_sent(const struct client_call *call, CURLcode code)
{
    long request_bytes = 0;
    if (code == CURLE_OK)
        return HTTP_ANSWERED;
    /* Not one byte of the request was written: the peer cannot have acted upon it. */
    curl_easy_getinfo(call->easy, CURLINFO_REQUEST_SIZE, &request_bytes);
    return request_bytes ? HTTP_UNKNOWN : HTTP_NOT_SENT;
}

static void call_fault(const struct client_call *call, CURLcode code, struct http_answer *answer)
{
    const char *why = call->error[0] ? call->error : curl_easy_strerror(code);
    if (call->refused_address)
        fault_set(&answer->fault, OUTCOME_STOP,
            "Alamat gateway berada di jaringan dalam. Periksa pengaturannya.",
            "http client: private address refused");
    else if (code == CURLE_PEER_FAILED_VERIFICATION)
        fault_set(&answer->fault, OUTCOME_STOP, "Sertifikat gateway tidak dipercaya. Periksa pengaturannya.",
            "http client: %s", why);
    else if (answer->sent == HTTP_NOT_SENT)
        fault_set(&answer->fault, OUTCOME_LATER, "Gateway tidak dapat dihubungi. Akan dicoba lagi.",
            "http client: %s", why);
    else
        fault_set(&answer->fault, OUTCOME_STOP, "Tidak diketahui apakah gateway sudah menerima permintaan.",
            "http client: %s%s", why,
            call->too_long        ? " (answer too long)"
            : call->answer.failed ? " (no memory for the answer)"
                                  : "");
}

static void call_finish(struct client_call *call, CURLcode code)
{
    struct http_answer answer = {.sent = call_sent(call, code), .content_type = "", .body = ""};
    char *type = NULL, *location = NULL;
    long status = 0;
    if (answer.sent == HTTP_ANSWERED) {
        curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(call->easy, CURLINFO_CONTENT_TYPE, &type);
        answer.status = (int)status;
        answer.content_type = type ? type : "";
        curl_easy_getinfo(call->easy, CURLINFO_REDIRECT_URL, &location);
        answer.location = location;
        answer.body = call->answer.data;
        answer.length = call->answer.len;
    } else {
        answer.too_long = call->too_long;
        answer.address_refused = call->refused_address;
        call_fault(call, code, &answer);
    }
    call->answered(call->arg, &answer);
    call_free(call);
}

static void client_collect(struct http_client *client)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(client->multi, &left))) {
        struct client_call *call = NULL;
        CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        curl_multi_remove_handle(client->multi, call->easy); /* message is dead from here */
        call_finish(call, code);
    }
}

/* ---- libcurl's wishes ---- */

static void client_ready(evutil_socket_t fd, short what, void *arg)
{
    struct http_client *client = arg;
    int running;
    int mask = (what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);
    curl_multi_socket_action(client->multi, fd, mask, &running);
    client_collect(client);
}

static void client_time(void *arg)
{
    struct http_client *client = arg;
    int running;
    curl_multi_socket_action(client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    client_collect(client);
}

static int want_time(CURLM *multi, long ms, void *arg)
{
    struct http_client *client = arg;
    (void)multi;
    if (ms < 0)
        loop_timer_cancel(client->timer);
    else
        loop_timer_set(client->timer, ms); /* 0 too: on the next turn, we are inside libcurl now */
    return 0;
}

static int want_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_data)
{
    struct http_client *client = arg;
    struct event *event = socket_data;
    (void)easy;
    if (event)
        event_free(event);
    if (what == CURL_POLL_REMOVE) {
        curl_multi_assign(client->multi, fd, NULL);
        return 0;
    }
    short events = EV_PERSIST;
    events |= what & CURL_POLL_IN ? EV_READ : 0;
    events |= what & CURL_POLL_OUT ? EV_WRITE : 0;
    event = event_new(loop_base(client->loop), fd, events, client_ready, client);
    if (event && event_add(event, NULL)) {
        event_free(event);
        event = NULL;
    }
    curl_multi_assign(client->multi, fd, event);
    return event ? 0 : -1;
}

/* The check of the RESOLVED address, at the moment of connecting: a name may change between two look-ups. */
static curl_socket_t call_open(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct client_call *call = arg;
    (void)purpose;
    if (!call->private_peer && !address_is_public(&address->addr)) {
        call->refused_address = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
}

static size_t call_receive(char *bytes, size_t size, size_t count, void *arg)
{
    struct client_call *call = arg;
    call->too_long |=
        size * count > call->answer.max - call->answer.len; /* the string fails without memory, too */
    str_add(&call->answer, bytes, size * count);
    return str_ok(&call->answer) ? size * count : 0; /* 0 ends the transfer */
}

/* ---- the request ---- */

static bool text_ok(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if ((*p < 0x20 && *p != '\t') || *p == 0x7f)
            return false;
    return true;
}

static bool call_add_header(struct client_call *call, const char *line)
{
    struct curl_slist *longer = curl_slist_append(call->headers, line);
    if (longer)
        call->headers = longer;
    return longer;
}

static enum outcome call_headers(
    struct client_call *call, const struct http_header *headers, struct fault *fault)
{
    bool typed = false,
         ok = call_add_header(call, "Expect:"); /* no waiting for 100: gateways do not know it */
    for (const struct http_header *h = headers; ok && h && h->name; h++) {
        struct str line;
        if (!text_ok(h->name) || !text_ok(h->value) || !*h->name || h->name[strcspn(h->name, ":; \t")])
            return fault_set(fault, OUTCOME_NEVER, NULL, "http client: header that is none");
        str_init(&line, 16 * 1024);
        /* "Name;" is how libcurl is told of an empty value; "Name:" would remove the header */
        str_addf(&line, *h->value ? "%s: %s" : "%s;%s", h->name, h->value);
        ok = str_ok(&line) && call_add_header(call, line.data);
        typed = typed || !strcasecmp(h->name, "Content-Type");
        str_release(&line);
    }
    if (ok && !typed)
        ok = call_add_header(call, "Content-Type:"); /* libcurl would call every body a form */
    return ok ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "http client: no memory");
}

static bool call_set(struct client_call *call, const struct http_call *wanted)
{
    CURL *easy = call->easy;
    bool ok = true, get = !strcmp(wanted->method, "GET");
#define SET(option, value) ok = ok && curl_easy_setopt(easy, option, value) == CURLE_OK
    SET(CURLOPT_URL, wanted->url);
    SET(CURLOPT_PROTOCOLS_STR, wanted->private_peer ? "http,https" : "https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT,
        1L); /* a slow resolver thread must not hold up the loop when the call is given up */
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_TIMEOUT, (long)wanted->timeout_seconds);
    SET(CURLOPT_OPENSOCKETFUNCTION, call_open);
    SET(CURLOPT_OPENSOCKETDATA, call);
    SET(CURLOPT_WRITEFUNCTION, call_receive);
    SET(CURLOPT_WRITEDATA, call);
    SET(CURLOPT_ERRORBUFFER, call->error);
    SET(CURLOPT_PRIVATE, call);
    SET(CURLOPT_HTTPHEADER, call->headers);
    if (wanted->ca_file)
        SET(CURLOPT_CAINFO, wanted->ca_file);
    if (!get) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)wanted->length);
        SET(CURLOPT_POSTFIELDS, call->body);
        SET(CURLOPT_CUSTOMREQUEST, wanted->method);
        /* On a kept connection that the peer just closed libcurl would send it a second time by itself. */
        SET(CURLOPT_FRESH_CONNECT, 1L);
        SET(CURLOPT_FORBID_REUSE, 1L);
    }
#undef SET
    return ok;
}

static enum outcome call_check(const struct http_call *wanted, struct fault *fault)
{
    bool https = !strncasecmp(wanted->url, "https://", 8), http = !strncasecmp(wanted->url, "http://", 7);
    if (!text_ok(wanted->url) || strchr(wanted->url, ' ') || !(https || (http && wanted->private_peer)))
        return fault_set(fault, OUTCOME_STOP,
            "Alamat gateway harus berawalan https://. Periksa pengaturannya.", "http client: url refused");
    if (!*wanted->method || wanted->method[strspn(wanted->method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] ||
        (!strcmp(wanted->method, "GET") && wanted->length) || !strcmp(wanted->method, "HEAD"))
        return fault_set(fault, OUTCOME_NEVER, NULL, "http client: method %s", wanted->method);
    return OUTCOME_DONE;
}

static struct client_call *call_new(const struct http_call *wanted)
{
    struct client_call *call = calloc(1, sizeof *call);
    if (!call)
        return NULL;
    call->private_peer = wanted->private_peer;
    str_init(&call->answer, wanted->max_answer);
    call->easy = curl_easy_init();
    call->body = malloc(wanted->length + 1);
    if (call->body && wanted->length)
        memcpy(call->body, wanted->body, wanted->length);
    if (call->easy && call->body)
        return call;
    call_free(call);
    return NULL;
}

enum outcome http_client_call(struct http_client *client, const struct http_call *wanted,
    void (*answered)(void *arg, const struct http_answer *answer), void *arg, struct fault *fault)
{
    enum outcome outcome = call_check(wanted, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    struct client_call *call = call_new(wanted);
    if (!call)
        return fault_set(fault, OUTCOME_LATER, NULL, "http client: no memory");
    call->client = client;
    call->answered = answered;
    call->arg = arg;
    outcome = call_headers(call, wanted->headers, fault);
    if (outcome == OUTCOME_DONE &&
        (!call_set(call, wanted) || curl_multi_add_handle(client->multi, call->easy)))
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "http client: request not taken");
    if (outcome != OUTCOME_DONE) {
        call_free(call);
        return outcome;
    }
    call->next = client->calls;
    call->prev = &client->calls;
    if (call->next)
        call->next->prev = &call->next;
    client->calls = call;
    return OUTCOME_DONE;
}

enum outcome http_client_new(struct http_client **ret_client, struct loop *loop, struct fault *fault)
{
    struct http_client *client = calloc(1, sizeof *client);
    if (!client)
        return fault_set(fault, OUTCOME_LATER, NULL, "http client: no memory");
    client->loop = loop;
    client->timer = loop_timer_new(loop, client_time, client);
    client->multi = curl_memory_init() == CURLE_OK ? curl_multi_init() : NULL;
    if (!client->timer || !client->multi ||
        curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, want_socket) ||
        curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client) ||
        curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, want_time) ||
        curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client) ||
        curl_multi_setopt(client->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)HOST_CONNECTIONS) ||
        curl_multi_setopt(client->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)TOTAL_CONNECTIONS)) {
        http_client_free(client);
        return fault_set(fault, OUTCOME_LATER, NULL, "http client: no memory");
    }
    *ret_client = client;
    return OUTCOME_DONE;
}

void http_client_free(struct http_client *client)
{
    if (!client)
        return;
    while (client->calls) {
        struct client_call *call = client->calls;
        client->calls = call->next;
        if (call->next)
            call->next->prev = &client->calls;
        call->prev = NULL;
        struct http_answer answer = {.sent = HTTP_UNKNOWN, .content_type = "", .body = ""};
        fault_set(
            &answer.fault, OUTCOME_STOP, "Layanan sedang berhenti.", "http client: stopped during a call");
        curl_multi_remove_handle(client->multi, call->easy);
        call->answered(call->arg, &answer);
        call_free(call);
    }
    if (client->multi)
        curl_multi_cleanup(client->multi); /* closes kept connections; unwatches them through want_socket() */
    loop_timer_free(client->timer);
    free(client);
}
