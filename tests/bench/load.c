/* load PORT CONNECTIONS COUNT hook PATH SECRET FIRST: posts COUNT signed callbacks of a GOWA gateway, each with its own message
 * id and sender, numbered from FIRST, so that one run after the other brings new ones.
 * load PORT CONNECTIONS COUNT pages FILE [COOKIE]: gets the paths that stand in FILE, one a line, in turn, with that cookie.
 *
 * Over CONNECTIONS kept connections, the next request of a connection as soon as the answer came; all are made before the
 * clock starts. Prints one JSON line:
 *
 *   {"requests":n,"failed":n,"seconds":s,"rate":n/s,"p50_ms":m,"p99_ms":m}
 *
 * failed = not 200. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_MAX = 2048, HEAD_MAX = 16384, PATHS_MOST = 4096, EVENTS = 256, GIVE_UP_S = 60 };

struct connection {
    int fd;
    double since; /* the request on it was sent */
    size_t filled;
    size_t size; /* of the whole answer; 0 = its head is not all there yet */
    char head[HEAD_MAX];
};

static char **requests;
static double *latencies;
static long count, sent, answered, failed;

static _Noreturn void fail(const char *what)
{
    perror(what);
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* About 600 bytes of body, as a gateway sends for a message of 50 words. */
static char *make_request(const char *path, const char *secret, long number)
{
    static const char words[] =
        "Assalamualaikum, mohon ditindaklanjuti jalan rusak di depan balai desa, lubangnya sudah dalam dan "
        "tergenang air "
        "setiap hujan. Minggu lalu dua warga jatuh dari sepeda motor. Lampu jalan juga mati sejak bulan "
        "Maret sehingga "
        "malam hari gelap. Kami sudah lapor ke ketua RT tetapi belum ada perbaikan. Terima kasih.";
    char stamp[32], body[REQUEST_MAX / 2], hex[2 * crypto_auth_hmacsha256_BYTES + 1];
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    time_t seconds = time(NULL);
    struct tm utc;
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
    int n = snprintf(body, sizeof body,
        "{\"event\":\"message\",\"device_id\":\"628110000001@s.whatsapp.net\",\"payload\":{\"id\":\"3EB0%"
        "016lX\","
        "\"chat_id\":\"6281%09ld@s.whatsapp.net\",\"from\":\"6281%09ld@s.whatsapp.net\",\"from_name\":"
        "\"Warga %ld\","
        "\"timestamp\":\"%s\",\"is_from_me\":false,\"body\":\"%s\"}}",
        (unsigned long)number, number, number, number, stamp, words);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body, (size_t)n);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2hex(hex, sizeof hex, mac, sizeof mac);
    char *request = malloc(REQUEST_MAX);
    if (!request ||
        snprintf(request, REQUEST_MAX,
            "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
            "X-Hub-Signature-256: sha256=%s\r\n\r\n%s",
            path, n, hex, body) >= REQUEST_MAX)
        fail("request");
    return request;
}

static void send_next(struct connection *c)
{
    if (sent == count)
        return;
    const char *request = requests[sent++];
    size_t size = strlen(request);
    c->filled = c->size = 0;
    c->since = now();
    if (send(c->fd, request, size, MSG_NOSIGNAL) != (ssize_t)size)
        fail("send"); /* one small request into an empty socket buffer */
}

/* What follows is only counted. */
static void read_head(struct connection *c)
{
    c->head[c->filled] = 0;
    const char *end = strstr(c->head, "\r\n\r\n"), *length = strcasestr(c->head, "\r\nContent-Length:");
    if (end && length && length < end)
        c->size = (size_t)(end - c->head) + 4 + strtoul(length + 17, NULL, 10);
    else if (end || c->filled == HEAD_MAX - 1)
        fail("answer without a length");
}

static void receive(struct connection *c)
{
    char rest[65536];
    ssize_t n = c->size ? recv(c->fd, rest, sizeof rest, 0)
                        : recv(c->fd, c->head + c->filled, HEAD_MAX - 1 - c->filled, 0);
    if (n <= 0)
        fail("connection lost");
    c->filled += (size_t)n;
    if (!c->size)
        read_head(c);
    if (!c->size || c->filled < c->size)
        return;
    latencies[answered++] = now() - c->since;
    if (strncmp(c->head, "HTTP/1.1 200", 12) && !failed++)
        fprintf(stderr, "%.*s\n", (int)strcspn(c->head, "\r"), c->head);
    send_next(c);
}

static struct connection *connect_to(int port, int epoll)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct connection *c = calloc(1, sizeof *c);
    int on = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to))
        fail("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event))
        fail("epoll");
    return c;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void run(int epoll, struct connection **all, int connections)
{
    struct epoll_event events[EVENTS];
    for (int i = 0; i < connections; i++)
        send_next(all[i]);
    while (answered < count) {
        int n = epoll_wait(epoll, events, EVENTS, GIVE_UP_S * 1000);
        if (n <= 0)
            fail("no answer");
        for (int i = 0; i < n; i++)
            receive(events[i].data.ptr);
    }
}

static void make_callbacks(const char *path, const char *secret, long first)
{
    for (long i = 0; i < count; i++)
        requests[i] = make_request(path, secret, first + i);
}

static void make_pages(const char *file, const char *cookie)
{
    char *made[PATHS_MOST], line[REQUEST_MAX / 2];
    long paths = 0;
    FILE *list = fopen(file, "r");
    if (!list)
        fail(file);
    while (paths < PATHS_MOST && fgets(line, sizeof line, list)) {
        line[strcspn(line, "\n")] = 0;
        if (asprintf(&made[paths++], "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s%s%s\r\n", line,
                cookie ? "Cookie: " : "", cookie ? cookie : "", cookie ? "\r\n" : "") < 0)
            fail("request");
    }
    fclose(list);
    for (long i = 0; i < count && paths; i++)
        requests[i] = made[i % paths];
}

int main(int argc, char **argv)
{
    bool hook = argc == 8 && !strcmp(argv[4], "hook");
    if ((!hook && (argc < 6 || argc > 7 || strcmp(argv[4], "pages"))) || sodium_init() < 0)
        return 64;
    int connections = (int)strtol(argv[2], NULL, 10), epoll = epoll_create1(EPOLL_CLOEXEC);
    count = strtol(argv[3], NULL, 10);
    requests = calloc((size_t)count, sizeof *requests);
    latencies = calloc((size_t)count, sizeof *latencies);
    struct connection **all = calloc((size_t)connections, sizeof *all);
    if (hook)
        make_callbacks(argv[5], argv[6], strtol(argv[7], NULL, 10));
    else
        make_pages(argv[5], argv[6]);
    for (int i = 0; i < connections; i++)
        all[i] = connect_to((int)strtol(argv[1], NULL, 10), epoll);
    double began = now();
    run(epoll, all, connections);
    double seconds = now() - began;
    qsort(latencies, (size_t)count, sizeof *latencies, compare);
    printf(
        "{\"requests\":%ld,\"failed\":%ld,\"seconds\":%.4f,\"rate\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n",
        count, failed, seconds, (double)count / seconds, latencies[count / 2] * 1e3,
        latencies[count * 99 / 100] * 1e3);
    return failed != 0;
}
