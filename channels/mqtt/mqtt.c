#include "mqtt.h"
#include "daemon/base/json_read.h"
#include "config/config.h"
#include "daemon/base/clock.h"
#include "daemon/base/step.h"
#include <errno.h>
#include <mosquitto.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    WINDOW = 100,
    LOOP_MS = 1000,
    LAST_WORDS = 10, /* times LAST_WORDS_MS: what a dead broker may cost at the end */
    LAST_WORDS_MS = 100,
    KEEPALIVE_SECONDS = 30,
    RECONNECT_MOST_SECONDS = 60,
    NEWS_MAX = 4 * WINDOW
};

struct in_flight {
    struct outbound *out;
    bool published; /* mid is the library's */
    int mid;
};

struct mqtt {
    struct channel channel;
    struct channel_context context;
    struct mosquitto *client;
    char *status_topic;
    bool stopping;
    bool open; /* the loop knows of a connection: may publish */
    struct in_flight flying[WINDOW];

    /* written by libmosquitto's thread, read by the loop */
    pthread_t thread;
    bool running; /* the thread was started */
    bool greeted; /* its own: the broker let us in since the last attempt */
    pthread_mutex_t lock;
    pthread_cond_t changed; /* ending was set, or the loop heard the news */
    bool ending;
    int acked[NEWS_MAX];
    size_t acked_count;
    bool connected, news;
    int reason;
    struct loop_task task;
};

static void fate(struct mqtt *m, struct in_flight *f, enum sent sent, const struct fault *fault)
{
    struct outbound *out = f->out;
    char external[32];
    snprintf(external, sizeof external, "mqtt-%lld", (long long)out->id);
    const struct sent_result result = {
        .sent = sent, .external = sent == SENT_DELIVERED ? external : NULL, .fault = fault};
    *f = (struct in_flight){0};
    m->context.host->sent(m->context.host->desk, &m->channel, out, &result);
}

static struct in_flight *find_mid(struct mqtt *m, int mid)
{
    for (size_t i = 0; i < WINDOW; i++)
        if (m->flying[i].out && m->flying[i].published && m->flying[i].mid == mid)
            return &m->flying[i];
    return NULL;
}

/* false: it has to be tried again, and nothing may overtake it. */
static bool publish(struct mqtt *m, struct in_flight *f)
{
    const struct outbound *out = f->out;
    const char *topic = json_string_value(json_object_get(out->payload, "topic"));
    const json_t *event = json_object_get(out->payload, "event");
    char *text = event ? json_text(event, JSON_COMPACT) : NULL;
    step("mqtt.publish");
    int rc = !topic || !event ? MOSQ_ERR_INVAL
             : text ? mosquitto_publish(m->client, &f->mid, topic, (int)strlen(text), text, 1, false)
                    : MOSQ_ERR_NOMEM;
    step("mqtt.published");
    free(text);
    f->published = true;
    /* The library may have noted a message that it could not write, and would wait for its PUBACK for ever: after a new
     * connection it writes it again (an event that comes twice is known by its number). */
    if (rc == MOSQ_ERR_NOMEM)
        mosquitto_disconnect(m->client);
    if (rc == MOSQ_ERR_SUCCESS || rc == MOSQ_ERR_NO_CONN)
        return true; /* queued by the library in both cases: the PUBACK decides */
    bool refused = rc == MOSQ_ERR_INVAL || rc == MOSQ_ERR_MALFORMED_UTF8;
    struct fault fault;
    fault_set(&fault, OUTCOME_LATER, "Peristiwa tidak dapat dikirim ke broker.", "publish: %s",
        mosquitto_strerror(rc));
    fate(m, f, refused ? SENT_REFUSED : SENT_LATER, &fault);
    return refused;
}

static struct in_flight *first_unpublished(struct mqtt *m)
{
    struct in_flight *first = NULL;
    for (struct in_flight *f = m->flying; f < m->flying + WINDOW; f++)
        if (f->out && !f->published && (!first || f->out->id < first->out->id))
            first = f;
    return first;
}

/* What came while there was no connection. The library must not have it before: between its beginning to connect and the
 * connection it notes a message as sent that it did not send (2.0.11), and nobody would ever acknowledge it. */
static void publish_waiting(struct mqtt *m)
{
    struct in_flight *f;
    bool good = true;
    while (good && (f = first_unpublished(m)))
        good = publish(m, f);
    struct fault fault;
    fault_set(
        &fault, OUTCOME_LATER, "Menunggu kiriman sebelumnya.", "the one before it has to be sent first");
    while ((f = first_unpublished(m)))
        fate(m, f, SENT_LATER, &fault);
}

/* On the loop: what libmosquitto's thread had to say since the last time. */
static void hear_news(void *arg)
{
    struct mqtt *m = arg;
    int acked[NEWS_MAX];
    pthread_mutex_lock(&m->lock);
    size_t count = m->acked_count;
    memcpy(acked, m->acked, count * sizeof *acked);
    bool connected = m->connected;
    int reason = m->reason;
    m->acked_count = 0;
    m->open = connected && !m->stopping;
    m->news = false;
    pthread_cond_signal(&m->changed);
    pthread_mutex_unlock(&m->lock);
    for (size_t i = 0; i < count; i++) {
        struct in_flight *f = find_mid(m, acked[i]);
        if (f)
            fate(m, f, SENT_DELIVERED, NULL);
    }
    if (m->stopping)
        return;
    char text[120];
    snprintf(text, sizeof text, connected ? "tersambung ke broker" : "broker tidak terhubung (%s)",
        mosquitto_strerror(reason));
    m->context.host->health(
        m->context.host->desk, &m->channel, connected ? CHANNEL_GOOD : CHANNEL_AWAY, text);
    if (connected)
        publish_waiting(m);
}

/* With the lock held, on libmosquitto's thread. */
static void wake(struct mqtt *m)
{
    if (m->news)
        return;
    m->news = true;
    loop_post(m->context.loop, &m->task);
}

static void tell_loop(struct mqtt *m, bool connected, int reason)
{
    pthread_mutex_lock(&m->lock);
    m->connected = connected;
    m->reason = reason;
    wake(m);
    pthread_mutex_unlock(&m->lock);
}

static void on_connect(struct mosquitto *client, void *arg, int rc)
{
    struct mqtt *m = arg;
    m->greeted = !rc;
    if (!rc)
        mosquitto_publish(client, NULL, m->status_topic, 6, "online", 1, true);
}

static void on_disconnect(struct mosquitto *client, void *arg, int rc)
{
    (void)client;
    tell_loop(arg, false, rc);
}

static void on_publish(struct mosquitto *client, void *arg, int mid)
{
    struct mqtt *m = arg;
    (void)client;
    pthread_mutex_lock(&m->lock);
    if (m->acked_count < NEWS_MAX) /* at most WINDOW of ours and the status are unheard */
        m->acked[m->acked_count++] = mid;
    wake(m);
    pthread_mutex_unlock(&m->lock);
}

static void mqtt_send(struct channel *channel, struct outbound *out)
{
    struct mqtt *m = (struct mqtt *)channel;
    struct in_flight *f = m->flying;
    while (f->out)
        f++; /* the desk keeps to the window */
    *f = (struct in_flight){.out = out};
    if (m->open)
        (void)publish(m, f);
}

static char *topic_of(const struct config *config)
{
    const char *office = config_text(config, "mqtt", NULL, "office");
    char *topic;
    return asprintf(&topic, "pengaduan/%s/status", office ? office : "kecamatan") < 0 ? NULL : topic;
}

static int set_up(struct mqtt *m, const struct config *config)
{
    const char *user = config_text(config, "mqtt", NULL, "user"),
               *ca = config_text(config, "mqtt", NULL, "ca_file");
    mosquitto_threaded_set(m->client, true);
    int rc = mosquitto_will_set(m->client, m->status_topic, 7, "offline", 1, true);
    if (!rc && user)
        rc = mosquitto_username_pw_set(m->client, user, config_text(config, "mqtt", NULL, "password"));
    if (!rc && config_flag(config, "mqtt", NULL, "tls"))
        rc = mosquitto_tls_set(m->client, ca, ca ? NULL : "/etc/ssl/certs", NULL, NULL, NULL);
    if (!rc)
        rc = mosquitto_max_inflight_messages_set(m->client, WINDOW);
    mosquitto_connect_callback_set(m->client, on_connect);
    mosquitto_disconnect_callback_set(m->client, on_disconnect);
    mosquitto_publish_callback_set(m->client, on_publish);
    return rc;
}

static void mqtt_free(struct channel *channel)
{
    struct mqtt *m = (struct mqtt *)channel;
    mosquitto_destroy(m->client);
    mosquitto_lib_cleanup();
    loop_recall(m->context.loop, &m->task);
    pthread_cond_destroy(&m->changed);
    pthread_mutex_destroy(&m->lock);
    free(m->status_topic);
    free(m);
}

static enum outcome mqtt_open(
    struct channel **ret_channel, const struct channel_context *context, struct fault *fault)
{
    struct mqtt *m = calloc(1, sizeof *m);
    if (!m)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for mqtt");
    *m = (struct mqtt){
        .channel = {&mqtt_channel, "mqtt"}, .context = *context, .task = {.run = hear_news, .arg = m}};
    pthread_mutex_init(&m->lock, NULL);
    pthread_condattr_t monotonic; /* as clock_mono_ms() counts */
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&m->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    mosquitto_lib_init();
    m->status_topic = topic_of(context->config);
    /* The identity is chosen by the broker: the outbox is our memory, not the broker's session. */
    m->client = mosquitto_new(NULL, true, m);
    int rc = m->status_topic && m->client ? set_up(m, context->config) : MOSQ_ERR_NOMEM;
    if (rc) {
        mqtt_free(&m->channel);
        return fault_set(fault, OUTCOME_STOP, "Pengaturan [mqtt] tidak dapat dipakai.", "mqtt: %s",
            mosquitto_strerror(rc));
    }
    *ret_channel = &m->channel;
    return OUTCOME_DONE;
}

/* Sleeps before the next attempt, or until the end; false = the end. Not before the loop knows that there is no
 * connection: what it publishes while one is made, the library would forget (publish_waiting). */
static bool rest(struct mqtt *m, unsigned attempt)
{
    int64_t end = clock_mono_ms() + loop_backoff_ms(attempt, 1000, RECONNECT_MOST_SECONDS * 1000);
    struct timespec until = {.tv_sec = end / 1000, .tv_nsec = end % 1000 * 1000000};
    pthread_mutex_lock(&m->lock);
    while (!m->ending && pthread_cond_timedwait(&m->changed, &m->lock, &until) != ETIMEDOUT)
        ;
    while (!m->ending && m->news)
        pthread_cond_wait(&m->changed, &m->lock);
    bool on = !m->ending;
    pthread_mutex_unlock(&m->lock);
    return on;
}

static bool going_on(struct mqtt *m)
{
    pthread_mutex_lock(&m->lock);
    bool on = !m->ending;
    pthread_mutex_unlock(&m->lock);
    return on;
}

/* Until the connection ends, or we do. mosquitto_loop_forever() would miss an end that comes while it connects:
 * connecting overwrites the note that mosquitto_disconnect() left, and nobody would ever join this thread.
 * The loop hears of a connection here and not in on_connect(): only after that callback does the library write again
 * what the last connection left unacknowledged, and a new event would overtake it.
 * After the end there is a moment for what is still to be written. */
static int converse(struct mqtt *m)
{
    int rc = MOSQ_ERR_SUCCESS;
    bool told = false;
    while (!rc && going_on(m)) {
        rc = mosquitto_loop(m->client, LOOP_MS, 1);
        if (!rc && m->greeted && !told) {
            tell_loop(m, true, MOSQ_ERR_SUCCESS);
            told = true;
        }
    }
    for (int last = 0; !rc && last < LAST_WORDS; last++)
        rc = mosquitto_loop(m->client, LAST_WORDS_MS, 1);
    return rc;
}

/* The client's thread. mosquitto_loop_start() gives up for ever when the very first connection is refused at once;
 * here every refusal is only the reason for another attempt. */
static void *run_client(void *arg)
{
    struct mqtt *m = arg;
    const struct config *config = m->context.config;
    const char *host = config_text(config, "mqtt", NULL, "host");
    int port = (int)config_number(config, "mqtt", NULL, "port");
    unsigned attempt = 0;
    do {
        m->greeted = false;
        int rc = mosquitto_connect_async(m->client, host, port, KEEPALIVE_SECONDS);
        if (!rc)
            rc = converse(m);
        if (m->greeted)
            attempt = 0;
        tell_loop(m, false, rc);
    } while (rest(m, ++attempt));
    return NULL;
}

static void mqtt_start(struct channel *channel, const char *bookmark)
{
    struct mqtt *m = (struct mqtt *)channel;
    (void)bookmark;
    m->context.host->health(m->context.host->desk, channel, CHANNEL_AWAY, "menyambung");
    m->running = !pthread_create(&m->thread, NULL, run_client, m);
    if (!m->running)
        m->context.host->health(m->context.host->desk, channel, CHANNEL_NEEDS_PERSON, "tidak dapat memulai");
}

static void end_thread(struct mqtt *m)
{
    mosquitto_publish(m->client, NULL, m->status_topic, 7, "offline", 1, true);
    mosquitto_disconnect(m->client);
    pthread_mutex_lock(&m->lock);
    m->ending = true;
    pthread_cond_signal(&m->changed);
    pthread_mutex_unlock(&m->lock);
    if (m->running)
        pthread_join(m->thread, NULL);
    m->running = false;
}

static void mqtt_stop(struct channel *channel)
{
    struct mqtt *m = (struct mqtt *)channel;
    struct fault fault;
    m->stopping = true;
    end_thread(m); /* from here on nobody else touches our memory */
    hear_news(m);
    fault_set(&fault, OUTCOME_LATER, NULL, "stopped before the broker acknowledged");
    for (size_t i = 0; i < WINDOW; i++)
        if (m->flying[i].out)
            fate(m, &m->flying[i], SENT_LATER, &fault);
}

const struct channel_ops mqtt_channel = {
    .family = "mqtt",
    .can_repeat = true,
    .window = WINDOW,
    .strict_order = true,
    .open = mqtt_open,
    .start = mqtt_start,
    .send = mqtt_send,
    .stop = mqtt_stop,
    .free = mqtt_free,
};
