/* The queue before the relay: one letter at a time, at the pace it allows. The conversation is smtp_session.c's, the
 * judgement smtp_verdict.c's. */
#include "smtp_private.h"
#include "daemon/base/clock.h"
#include <errno.h>
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
    char *texts[6];          /* host, ca_file, user, password, pin, helo */
    struct smtp_session_calls calls;
    struct smtp_session *session;
    struct letter_list queue, finished;
    struct smtp_letter *sending; /* the session has it */
    bool stopping;
    struct loop_task told;     /* posted when `finished` stops being empty */
    struct loop_timer *due;    /* the relay's pace, or the end of patience after stop */
    int64_t credit, credit_at; /* thousandths of a letter that may go now; as of then (clock_mono_ms) */
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

static void client_return(void *arg)
{
    struct smtp_client *client = arg;
    struct smtp_letter *letter = client->finished.first;
    letters_init(&client->finished);
    while (letter) {
        struct smtp_letter *next = letter->next; /* the letter is its owner's after the call */
        letter->sent(letter, letter->result, letter->reply, &letter->fault);
        letter = next;
    }
}

static void client_finish(struct smtp_client *client, struct smtp_letter *letter)
{
    bool first = !client->finished.first;
    letters_add(&client->finished, letter);
    if (first)
        loop_post(client->loop, &client->told);
}

/* ---- pace ---- */

/* A letter's worth of credit grows in 60000 / per_minute ms; a minute's worth can be saved. 0 = one may go now. */
static int64_t client_wait(struct smtp_client *client)
{
    int64_t now = clock_mono_ms(), rate = client->relay.per_minute, most = rate * 1000;
    if (!rate)
        return 0;
    client->credit += (now - client->credit_at) * rate / 60;
    if (client->credit > most)
        client->credit = most;
    client->credit_at = now;
    return client->credit >= 1000 ? 0 : ((1000 - client->credit) * 60 + rate - 1) / rate;
}

static void client_go_on(void *arg)
{
    struct smtp_client *client = arg;
    if (client->sending || client->stopping || !client->queue.first)
        return;
    int64_t wait = client_wait(client);
    if (wait) {
        loop_timer_set(client->due, wait);
        return;
    }
    client->credit -= client->relay.per_minute ? 1000 : 0;
    client->sending = letters_take(&client->queue);
    smtp_session_send(client->session, client->sending);
}

static void letter_done(void *arg, struct smtp_letter *letter, const struct smtp_talk *talk, const char *why,
    enum outcome dial, const struct fault *fault)
{
    struct smtp_client *client = arg;
    client->sending = NULL;
    letter->fault = *fault;
    letter->result = smtp_verdict(talk, why, dial, &letter->fault);
    snprintf(letter->reply, sizeof letter->reply, "%s", talk->reply);
    client_finish(client, letter);
    client_go_on(client);
}

/* ---- the end ---- */

static void letter_not_sent(struct smtp_letter *letter)
{
    letter->result = SMTP_LATER;
    fault_set(&letter->fault, OUTCOME_LATER, "Layanan sedang berhenti. Surat akan dikirim nanti.",
        "smtp: stopped before it was its turn");
}

/* The letter on the wire comes back as it stands now. */
static void client_break_off(struct smtp_client *client)
{
    struct smtp_letter *letter = client->sending;
    if (!letter)
        return;
    const struct smtp_talk *talk = smtp_session_talk(client->session);
    struct smtp_talk last = talk ? *talk : (struct smtp_talk){0};
    smtp_session_free(client->session);
    client->session = NULL;
    client->sending = NULL;
    if (last.all_handed) {
        letter->result = smtp_verdict(&last, "stopped", OUTCOME_DONE, &letter->fault);
        snprintf(letter->reply, sizeof letter->reply, "%s", last.reply);
    } else {
        letter_not_sent(letter);
    }
    client_finish(client, letter);
}

static void client_due(void *arg)
{
    struct smtp_client *client = arg;
    if (client->stopping)
        client_break_off(client);
    else
        client_go_on(client);
}

void smtp_client_stop(struct smtp_client *client)
{
    struct smtp_letter *letter;
    bool again = client->stopping;
    client->stopping = true;
    while ((letter = letters_take(&client->queue))) {
        letter_not_sent(letter);
        client_finish(client, letter);
    }
    if (again || !client->sending)
        return;
    const struct smtp_talk *talk = smtp_session_talk(client->session);
    if (talk && talk->all_handed)
        loop_timer_set(client->due, SMTP_STOP_MS);
    else
        client_break_off(client);
}

void smtp_client_send(struct smtp_client *client, struct smtp_letter *letter)
{
    letter->reply[0] = 0;
    if (!smtp_letter_ok(letter, &letter->fault)) {
        letter->result = SMTP_REFUSED;
        client_finish(client, letter); /* comes back on the loop like any other, never from inside */
        return;
    }
    if (client->stopping) {
        letter_not_sent(letter);
        client_finish(client, letter);
        return;
    }
    letters_add(&client->queue, letter);
    client_go_on(client);
}

/* ---- life ---- */

static bool relay_copy(struct smtp_client *client, const struct smtp_relay *relay)
{
    const char *const texts[] = {
        relay->host, relay->ca_file, relay->user, relay->password, relay->pin, relay->helo};
    const char **const places[] = {&client->relay.host, &client->relay.ca_file, &client->relay.user,
        &client->relay.password, &client->relay.pin, &client->relay.helo};
    client->relay = *relay;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i] && !(client->texts[i] = strdup(texts[i])))
            return false;
        *places[i] = client->texts[i];
    }
    return true;
}

static bool host_ok(const char *host)
{
    return *host && strlen(host) <= 253 &&
           !host[strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:")];
}

enum outcome smtp_client_new(
    struct smtp_client **ret_client, struct loop *loop, const struct smtp_relay *relay, struct fault *fault)
{
    if (!host_ok(relay->host) || relay->port < 1 || relay->port > 65535 ||
        (relay->helo && !host_ok(relay->helo)))
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
    client->calls = (struct smtp_session_calls){letter_done, client};
    letters_init(&client->queue);
    letters_init(&client->finished);
    client->credit = relay->per_minute * INT64_C(1000);
    client->credit_at = clock_mono_ms();
    client->due = loop_timer_new(loop, client_due, client);
    if (client->due && relay_copy(client, relay))
        client->session = smtp_session_new(loop, &client->relay, &client->calls);
    if (client->session) {
        *ret_client = client;
        return OUTCOME_DONE;
    }
    smtp_client_free(client);
    return fault_set(fault, OUTCOME_LATER, NULL, "smtp: no memory");
}

void smtp_client_free(struct smtp_client *client)
{
    if (!client)
        return;
    smtp_client_stop(client);
    client_break_off(client);
    loop_recall(client->loop, &client->told);
    client_return(client);
    smtp_session_free(client->session);
    loop_timer_free(client->due);
    for (size_t i = 0; i < sizeof client->texts / sizeof *client->texts; i++) {
        if (client->texts[i])
            explicit_bzero(client->texts[i], strlen(client->texts[i]));
        free(client->texts[i]);
    }
    free(client);
}
