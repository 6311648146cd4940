/* The mailer thread: a queue of letters, one libcurl easy handle, so one connection that is reused. What
 * became of a letter is judged in smtp_verdict.c. The loop gets finished letters back through one task. */
#include "smtp_private.h"
#include "curl_memory.h"
#include "address.h"
#include "daemon/base/step.h"
#include "daemon/base/clock.h"
#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct letter_list {
    struct smtp_letter *first, **tail;
};

struct smtp_client {
    struct loop *loop;
    struct smtp_relay relay; /* its texts are ours */
    char *texts[4];          /* host, ca_file, user, password */
    char url[300];
    CURL *easy; /* mailer thread only, once that runs */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct letter_list queue, finished; /* under the lock */
    bool stopping;                      /* under the lock */
    atomic_bool hurry;                  /* smtp_client_stop() was called */
    atomic_llong hurry_until;           /* monotonic ms: then also a letter whose dot is out is given up */
    struct loop_task told;              /* posted when `finished` stops being empty */
};

static void letters_init(struct letter_list *list)
{
    list->first = NULL;
    list->tail = &list->first;
}

static void letters_add(struct letter_list *list, struct smtp_letter *letter)
{
    letter->next = NULL;
    *list->tail = letter;
    list->tail = &letter->next;
}

static struct smtp_letter *letters_take(struct letter_list *list)
{
    struct smtp_letter *letter = list->first;
    if (letter) {
        list->first = letter->next;
        if (!list->first)
            list->tail = &list->first;
    }
    return letter;
}

static void letter_return(struct smtp_letter *letter)
{
    letter->sent(letter, letter->result, letter->reply, &letter->fault);
}

static void client_return(void *arg)
{
    struct smtp_client *client = arg;
    pthread_mutex_lock(&client->lock);
    struct smtp_letter *letter = client->finished.first;
    letters_init(&client->finished);
    pthread_mutex_unlock(&client->lock);
    while (letter) {
        struct smtp_letter *next = letter->next; /* the letter is its owner's after the call */
        letter_return(letter);
        letter = next;
    }
}

static void client_finish(struct smtp_client *client, struct smtp_letter *letter)
{
    pthread_mutex_lock(&client->lock);
    bool first = !client->finished.first;
    letters_add(&client->finished, letter);
    if (first)
        loop_post(client->loop, &client->told);
    pthread_mutex_unlock(&client->lock);
}

/* ---- libcurl's call-backs, on the mailer thread ---- */

static size_t letter_read(char *out, size_t size, size_t count, void *arg)
{
    struct smtp_talk *talk = arg;
    size_t room = size * count, left = talk->letter->length - talk->handed;
    size_t n = left < room ? left : room;
    step("smtp.data"); /* at its end too, when only the final dot is missing */
    memcpy(out, talk->letter->content + talk->handed, n);
    talk->handed += n;
    if (talk->handed == talk->letter->length && !talk->all_handed) {
        /* From here on the final dot may be out: only a reply can tell what became of the letter. */
        talk->all_handed = true;
        talk->code = 0;
        talk->reply[0] = 0;
    }
    return n;
}

/* libcurl asks about once a second and at every turn of its own waiting; 1 = break off. */
static int is_over(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct smtp_talk *talk = arg;
    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(talk->hurry) &&
           (!talk->all_handed || clock_mono_ms() > atomic_load(talk->hurry_until));
}

static size_t reply_line(char *line, size_t size, size_t count, void *arg)
{
    smtp_talk_line(arg, line, size * count);
    return size * count;
}

static curl_socket_t open_loopback(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)arg;
    (void)purpose;
    if (!address_is_loopback(&address->addr))
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool easy_set(CURL *easy, const struct smtp_client *client)
{
    const struct smtp_relay *relay = &client->relay;
    long wait = relay->timeout_seconds;
    bool ok = true;
#define SET(option, value) ok = ok && curl_easy_setopt(easy, option, value) == CURLE_OK
    SET(CURLOPT_URL, client->url);
    SET(CURLOPT_PROTOCOLS_STR, relay->tls ? "smtps" : "smtp"); /* implicit TLS only: CVE-2026-8286 */
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_CONNECTTIMEOUT, wait);
    SET(CURLOPT_SERVER_RESPONSE_TIMEOUT, wait);
    SET(CURLOPT_LOW_SPEED_LIMIT, 10L); /* bytes a second: a letter may be large and the line slow */
    SET(CURLOPT_LOW_SPEED_TIME, wait);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, is_over);
    SET(CURLOPT_READFUNCTION, letter_read);
    SET(CURLOPT_HEADERFUNCTION, reply_line);
    if (relay->ca_file)
        SET(CURLOPT_CAINFO, relay->ca_file);
    if (relay->user) {
        SET(CURLOPT_USERNAME, relay->user);
        SET(CURLOPT_PASSWORD, relay->password ? relay->password : "");
    }
    if (!relay->tls)
        SET(CURLOPT_OPENSOCKETFUNCTION, open_loopback);
#undef SET
    return ok;
}

static CURLcode letter_perform(
    CURL *easy, struct smtp_talk *talk, const char *from, struct curl_slist *to, bool fresh)
{
    talk->handed = 0;
    talk->all_handed = talk->letter->length == 0;
    talk->code = 0;
    talk->reply[0] = talk->error[0] = 0;
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, (long)fresh);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, talk);
    curl_easy_setopt(easy, CURLOPT_READDATA, talk);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, talk);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, talk->error);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)talk->letter->length);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, to);
    if (curl_easy_setopt(easy, CURLOPT_MAIL_FROM, from) != CURLE_OK)
        return CURLE_OUT_OF_MEMORY;
    step("smtp.send");
    CURLcode code = curl_easy_perform(easy);
    step("smtp.answered");
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, NULL);
    return code;
}

static void letter_send(struct smtp_client *client, struct smtp_letter *letter)
{
    char from[260], to[260];
    long connects = 1;
    struct smtp_talk talk = {.letter = letter, .hurry = &client->hurry, .hurry_until = &client->hurry_until};
    snprintf(from, sizeof from, "<%s>", letter->from);
    snprintf(to, sizeof to, "<%s>", letter->to);
    struct curl_slist *list = curl_slist_append(NULL, to);
    CURLcode code = list ? letter_perform(client->easy, &talk, from, list, false) : CURLE_OUT_OF_MEMORY;
    curl_easy_getinfo(client->easy, CURLINFO_NUM_CONNECTS, &connects);
    /* A kept connection that the relay had closed meanwhile: nothing of the letter was out, ask anew at
     * once. */
    if (code != CURLE_OK && list && !connects && !talk.all_handed && !talk.code)
        code = letter_perform(client->easy, &talk, from, list, true);
    curl_slist_free_all(list);
    letter->result = smtp_verdict(&talk, (int)code, curl_easy_strerror(code), &letter->fault);
    snprintf(letter->reply, sizeof letter->reply, "%s", talk.reply);
}

static void *client_thread(void *arg)
{
    struct smtp_client *client = arg;
    for (;;) {
        pthread_mutex_lock(&client->lock);
        while (!client->queue.first && !client->stopping)
            pthread_cond_wait(&client->work, &client->lock);
        struct smtp_letter *letter = client->stopping ? NULL : letters_take(&client->queue);
        pthread_mutex_unlock(&client->lock);
        if (!letter)
            break;
        letter_send(client, letter);
        client_finish(client, letter);
    }
    curl_easy_cleanup(client->easy); /* says QUIT */
    return NULL;
}

static void letter_not_sent(struct smtp_letter *letter)
{
    letter->result = SMTP_LATER;
    fault_set(&letter->fault, OUTCOME_LATER, "Layanan sedang berhenti. Surat akan dikirim nanti.",
        "smtp: stopped before it was its turn");
}

void smtp_client_stop(struct smtp_client *client)
{
    struct letter_list waiting;
    atomic_store(&client->hurry_until, clock_mono_ms() + SMTP_STOP_MS);
    atomic_store(&client->hurry, true);
    pthread_mutex_lock(&client->lock);
    waiting = client->queue;
    letters_init(&client->queue);
    pthread_mutex_unlock(&client->lock);
    for (struct smtp_letter *letter = waiting.first, *next; letter; letter = next) {
        next = letter->next;
        letter_not_sent(letter);
        client_finish(client, letter);
    }
}

void smtp_client_send(struct smtp_client *client, struct smtp_letter *letter)
{
    letter->reply[0] = 0;
    if (!smtp_letter_ok(letter, &letter->fault)) {
        letter->result = SMTP_REFUSED;
        client_finish(client, letter); /* comes back on the loop like any other, never from inside */
        return;
    }
    if (atomic_load(&client->hurry)) {
        letter_not_sent(letter);
        client_finish(client, letter);
        return;
    }
    pthread_mutex_lock(&client->lock);
    letters_add(&client->queue, letter);
    pthread_cond_signal(&client->work);
    pthread_mutex_unlock(&client->lock);
}

static bool relay_copy(struct smtp_client *client, const struct smtp_relay *relay)
{
    const char *const texts[4] = {relay->host, relay->ca_file, relay->user, relay->password};
    for (int i = 0; i < 4; i++)
        if (texts[i] && !(client->texts[i] = strdup(texts[i])))
            return false;
    client->relay = *relay;
    client->relay.host = client->texts[0];
    client->relay.ca_file = client->texts[1];
    client->relay.user = client->texts[2];
    client->relay.password = client->texts[3];
    bool bare = strchr(relay->host, ':'); /* an IPv6 address needs its brackets in a URL */
    int n = snprintf(client->url, sizeof client->url, "%s://%s%s%s:%d/", relay->tls ? "smtps" : "smtp",
        bare ? "[" : "", relay->host, bare ? "]" : "", relay->port);
    return n > 0 && (size_t)n < sizeof client->url;
}

static void client_release(struct smtp_client *client)
{
    for (int i = 0; i < 4; i++) {
        if (client->texts[i])
            explicit_bzero(client->texts[i], strlen(client->texts[i]));
        free(client->texts[i]);
    }
    pthread_cond_destroy(&client->work);
    pthread_mutex_destroy(&client->lock);
    free(client);
}

static int client_start(struct smtp_client *client)
{
    sigset_t all, before;
    sigfillset(&all); /* signals belong to the loop */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&client->thread, NULL, client_thread, client);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

static bool host_ok(const char *host)
{
    return *host && strlen(host) <= 253 &&
           !host[strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:")];
}

enum outcome smtp_client_new(
    struct smtp_client **ret_client, struct loop *loop, const struct smtp_relay *relay, struct fault *fault)
{
    if (!host_ok(relay->host) || relay->port < 1 || relay->port > 65535)
        return fault_set(fault, OUTCOME_STOP,
            "Alamat server email keluar tidak benar. Periksa pengaturannya.", "smtp: relay %s:%d",
            relay->host, relay->port);
    if (relay->ca_file && access(relay->ca_file, R_OK))
        return fault_set(fault, OUTCOME_STOP, "Berkas CA tidak dapat dibaca. Periksa pengaturannya.",
            "smtp: %s: %s", relay->ca_file, strerror(errno));
    struct smtp_client *client = calloc(1, sizeof *client);
    if (!client)
        return fault_set(fault, OUTCOME_LATER, NULL, "smtp: no memory");
    client->loop = loop;
    client->told = (struct loop_task){client_return, client, NULL};
    pthread_mutex_init(&client->lock, NULL);
    pthread_cond_init(&client->work, NULL);
    letters_init(&client->queue);
    letters_init(&client->finished);
    client->easy = curl_memory_init() == CURLE_OK ? curl_easy_init() : NULL;
    if (client->easy && relay_copy(client, relay) && easy_set(client->easy, client) &&
        !client_start(client)) {
        *ret_client = client;
        return OUTCOME_DONE;
    }
    curl_easy_cleanup(client->easy);
    client_release(client);
    return fault_set(fault, OUTCOME_LATER, NULL, "smtp: no memory or thread");
}

void smtp_client_free(struct smtp_client *client)
{
    if (!client)
        return;
    smtp_client_stop(client);
    pthread_mutex_lock(&client->lock);
    client->stopping = true;
    pthread_cond_signal(&client->work);
    pthread_mutex_unlock(&client->lock);
    pthread_join(client->thread, NULL);
    loop_recall(client->loop, &client->told);
    client_return(client);
    client_release(client);
}
