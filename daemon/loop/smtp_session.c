/* One connection to the relay and what is said on it.
 *
 *   OFF ─dial─▶ GREETING ─▶ EHLO ─▶ [STARTTLS ─▶ EHLO] ─▶ [AUTH ─▶ MORE] ─▶ READY
 *   READY ─▶ MAIL ─▶ RCPT ─▶ DATA ─▶ CONTENT ─▶ READY      a refusal before CONTENT: RSET ─▶ READY
 *
 * Each word waits for its answer: one recipient a letter, so pipelining would win little. The timer runs against lack
 * of progress: it begins anew with every reply and every piece of a letter that has left. */
#include "smtp_private.h"
#include "smtp_content.h"
#include "smtp_login.h"
#include "tls_dial.h"
#include "daemon/base/reserve.h"
#include "daemon/base/step.h"
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_MOST = 4096, /* RFC 5321 4.5.3.1.5: 512; some relays explain themselves at length */
    REPLY_LINES_MOST = 200,
    KEPT_MS = 30 * 1000, /* an idle connection; relays close theirs after minutes */
};

enum session_state {
    STATE_OFF,
    STATE_DIALLING,
    STATE_GREETING,
    STATE_EHLO,
    STATE_STARTTLS,
    STATE_TOKEN,
    STATE_AUTH,
    STATE_AUTH_MORE,
    STATE_READY,
    STATE_MAIL,
    STATE_RCPT,
    STATE_DATA,
    STATE_CONTENT,
    STATE_RSET,
    STATE_QUIT,
};

struct smtp_session {
    struct loop *loop;
    const struct smtp_relay *relay;
    const struct smtp_session_calls *calls;
    struct tls_dial *dial;
    struct bufferevent *line;
    struct loop_timer *timer;
    struct loop_task ending; /* done() of a letter whose attempt ended inside a call of ours */
    enum session_state state;
    bool secure;  /* TLS is up, or not wanted */
    bool reused;  /* this letter is not the first on the connection */
    bool retried; /* ... and was begun anew on a fresh one */
    bool token_asked, token_doubted;
    int reply_lines;
    struct smtp_offer offer;
    enum smtp_mechanism mechanism;
    int auth_round;
    char *token;
    /* the letter on the wire */
    struct smtp_letter *letter;
    struct smtp_talk talk;
    size_t handed; /* bytes of it */
    bool over;     /* its attempt has ended; session_told() tells it */
    struct smtp_talk final;
    const char *why;
    enum outcome dial_outcome;
    struct fault fault;
};

static void session_connect(struct smtp_session *s);
static void session_next(struct smtp_session *s);

/* ---- ends ---- */

static void session_hang_up(struct smtp_session *s)
{
    loop_timer_cancel(s->timer);
    tls_dial_cancel(s->dial);
    s->dial = NULL;
    if (s->token_asked)
        s->relay->tokens->cancel(s->relay->tokens->tokens, s);
    s->token_asked = false;
    if (s->line)
        bufferevent_free(s->line);
    s->line = NULL;
    s->state = STATE_OFF;
}

static void session_told(void *arg)
{
    struct smtp_session *s = arg;
    struct smtp_letter *letter = s->letter;
    struct smtp_talk talk = s->final;
    struct fault fault = s->fault;
    s->letter = NULL;
    s->over = false;
    step("smtp.answered");
    s->calls->done(s->calls->arg, letter, &talk, s->why, s->dial_outcome, &fault);
}

/* The letter's attempt is over; why NULL = by the reply in talk. */
static void letter_over(struct smtp_session *s, const char *why)
{
    if (!s->letter || s->over)
        return;
    s->over = true;
    s->why = why;
    s->final = s->talk;
    loop_post(s->loop, &s->ending);
}

static void session_failed(struct smtp_session *s, const char *why)
{
    /* A kept connection that the relay had closed meanwhile: nothing was said about the letter, so it begins anew. */
    bool stale = s->reused && !s->retried && !s->talk.all_handed &&
                 (s->state == STATE_MAIL || s->state == STATE_RSET || s->state == STATE_READY);
    session_hang_up(s);
    if (stale && s->letter && !s->over) {
        s->retried = true;
        session_connect(s);
        return;
    }
    letter_over(s, why);
}

static void say(struct smtp_session *s, enum session_state state, const char *words);

static void session_expired(void *arg)
{
    struct smtp_session *s = arg;
    if (s->state == STATE_READY)
        say(s, STATE_QUIT, "QUIT");
    else
        session_failed(s, "silence");
}

static void session_wait(struct smtp_session *s)
{
    int seconds = s->relay->timeout_seconds;
    if (s->talk.all_handed && s->relay->dot_seconds && s->letter)
        seconds = s->relay->dot_seconds;
    loop_timer_set(s->timer, s->state == STATE_READY ? KEPT_MS : seconds * INT64_C(1000));
}

static void session_state(struct smtp_session *s, enum session_state state)
{
    s->state = state;
    session_wait(s);
}

/* ---- words ---- */

static void say(struct smtp_session *s, enum session_state state, const char *words)
{
    struct evbuffer *out = bufferevent_get_output(s->line);
    if (evbuffer_add(out, words, strlen(words)) || evbuffer_add(out, "\r\n", 2)) {
        session_failed(s, "no memory");
        return;
    }
    session_state(s, state);
}

static void say_ehlo(struct smtp_session *s)
{
    char words[300];
    s->offer = (struct smtp_offer){0};
    snprintf(words, sizeof words, "EHLO %.253s", s->relay->helo ? s->relay->helo : "localhost");
    say(s, STATE_EHLO, words);
}

/* ---- login ---- */

static void say_login(struct smtp_session *s, enum session_state state)
{
    struct str words;
    const char *secret = s->token ? s->token : s->relay->password ? s->relay->password : "";
    smtp_login_words(s->mechanism, s->auth_round++, s->relay->user, secret, &words);
    if (str_ok(&words))
        say(s, state, words.data);
    else
        session_failed(s, "no memory, or the token is too long");
    smtp_login_wipe(&words);
}

static void forget_token(struct smtp_session *s)
{
    if (s->token)
        explicit_bzero(s->token, strlen(s->token));
    free(s->token);
    s->token = NULL;
}

static void token_given(void *arg, const char *token, enum outcome outcome, const struct fault *fault)
{
    struct smtp_session *s = arg;
    s->token_asked = false;
    forget_token(s);
    s->token = token ? strdup(token) : NULL;
    if (s->token) {
        say_login(s, STATE_AUTH);
        return;
    }
    s->dial_outcome = token ? OUTCOME_LATER : outcome;
    if (fault)
        s->fault = *fault;
    session_hang_up(s);
    letter_over(s, "no token");
}

static void session_login(struct smtp_session *s)
{
    s->talk.stage = SMTP_STAGE_LOGIN;
    s->auth_round = 0;
    s->mechanism = smtp_mechanism_of(&s->offer, s->relay->tokens);
    if (!s->relay->user) {
        session_next(s);
    } else if (s->mechanism == SMTP_NO_MECHANISM) {
        snprintf(s->talk.reply, sizeof s->talk.reply, "504 no way to log in is offered");
        s->talk.code = 504;
        session_hang_up(s);
        letter_over(s, NULL);
    } else if (s->relay->tokens) {
        session_state(s, STATE_TOKEN);
        loop_timer_cancel(s->timer); /* the token has its own time */
        s->token_asked = true;
        s->relay->tokens->ask(s->relay->tokens->tokens, token_given, s);
    } else {
        say_login(s, STATE_AUTH);
    }
}

/* ---- the letter ---- */

static void say_mail(struct smtp_session *s)
{
    char words[700];
    const struct smtp_letter *l = s->letter;
    int n = snprintf(words, sizeof words, "MAIL FROM:<%s>", l->from);
    if (s->offer.size_most)
        n += snprintf(words + n, sizeof words - (size_t)n, " SIZE=%zu", l->length);
    if (s->offer.dsn && l->report && *l->from && l->envelope_id)
        snprintf(words + n, sizeof words - (size_t)n, " RET=HDRS ENVID=%.90s", l->envelope_id);
    s->talk.stage = SMTP_STAGE_LETTER;
    step("smtp.send");
    say(s, STATE_MAIL, words);
}

/* RFC 3461 4.1: nobody reports to the null path. */
static void say_rcpt(struct smtp_session *s)
{
    char words[700];
    const struct smtp_letter *l = s->letter;
    int n = snprintf(words, sizeof words, "RCPT TO:<%s>", l->to);
    if (s->offer.dsn && !*l->from)
        snprintf(words + n, sizeof words - (size_t)n, " NOTIFY=NEVER");
    else if (s->offer.dsn && l->report)
        snprintf(words + n, sizeof words - (size_t)n, " NOTIFY=SUCCESS,FAILURE,DELAY");
    say(s, STATE_RCPT, words);
}

static void hand_over(struct smtp_session *s)
{
    bool ends = s->letter->length - s->handed <= SMTP_PIECE;
    step("smtp.data");
    if (ends && s->letter->about_to_end && !s->letter->about_to_end(s->letter)) {
        session_failed(s, "not marked"); /* only breaking off keeps it unsent */
        return;
    }
    if (!smtp_content_piece(s->letter, &s->handed, bufferevent_get_output(s->line))) {
        session_failed(s, "no memory");
        return;
    }
    if (s->handed == s->letter->length) {
        /* From here on the final dot may be out: only a reply can tell what became of the letter. */
        s->talk.all_handed = true;
        s->talk.code = 0;
        s->talk.reply[0] = 0;
        step("smtp.data");
    }
}

static void session_written(struct bufferevent *line, void *arg)
{
    struct smtp_session *s = arg;
    (void)line;
    if (s->state != STATE_CONTENT)
        return;
    if (!s->talk.all_handed)
        hand_over(s);
    if (s->state == STATE_CONTENT)
        session_wait(s);
}

/* What was refused before its bytes went leaves the connection sound: the next one gets it clean. */
static void letter_refused(struct smtp_session *s)
{
    letter_over(s, NULL);
    if (s->talk.code == 421)
        session_hang_up(s);
    else
        say(s, STATE_RSET, "RSET");
}

static void letter_answered(struct smtp_session *s)
{
    letter_over(s, NULL);
    session_state(s, STATE_READY);
}

/* A connection is ready and a letter waits. */
static void session_next(struct smtp_session *s)
{
    session_state(s, STATE_READY);
    if (!s->letter || s->over)
        return;
    if (s->offer.size_most &&
        s->letter->length > s->offer.size_most) { /* RFC 1870 6.1: said before a byte of it goes */
        s->dial_outcome = OUTCOME_NEVER;
        fault_set(&s->fault, OUTCOME_NEVER, "Surat ini terlalu besar untuk server email.",
            "smtp: %zu bytes, the relay takes %zu", s->letter->length, s->offer.size_most);
        letter_over(s, "too large");
        return;
    }
    say_mail(s);
}

/* ---- replies ---- */

static void start_tls(struct smtp_session *s);

static void hear_hello(struct smtp_session *s)
{
    if (s->talk.code >= 300) {
        session_hang_up(s);
        letter_over(s, NULL);
    } else if (s->state == STATE_GREETING) {
        say_ehlo(s);
    } else if (s->state == STATE_STARTTLS) {
        start_tls(s);
    } else if (!s->secure && !s->offer.starttls) {
        /* RFC 3207 6: whoever stands between may have taken the offer away. */
        s->dial_outcome = OUTCOME_STOP;
        fault_set(&s->fault, OUTCOME_STOP,
            "Server email tidak menawarkan STARTTLS; surat tidak dikirim tanpa enkripsi. Periksa pengaturan.",
            "smtp: no STARTTLS offered");
        session_hang_up(s);
        letter_over(s, "no STARTTLS");
    } else if (!s->secure) {
        say(s, STATE_STARTTLS, "STARTTLS");
    } else {
        session_login(s);
    }
}

static void hear_login(struct smtp_session *s)
{
    if (s->talk.code == 334 && s->auth_round < 3) { /* RFC 4954 4: it wants the next word */
        say_login(s, STATE_AUTH_MORE);
        return;
    }
    if (s->talk.code < 300) {
        s->token_doubted = false;
        session_next(s);
        return;
    }
    if (s->relay->tokens)
        s->relay->tokens->refused(s->relay->tokens->tokens);
    if (s->relay->tokens && !s->token_doubted) {
        /* It may have been called back before its time: another one is bought before anybody is troubled. */
        s->token_doubted = true;
        s->dial_outcome = OUTCOME_LATER;
        fault_set(&s->fault, OUTCOME_LATER, "Token ditolak server email; dicoba dengan token baru.",
            "smtp: token refused: %s", s->talk.reply);
    }
    session_hang_up(s);
    letter_over(s, NULL);
}

static void hear(struct smtp_session *s)
{
    int code = s->talk.code;
    switch (s->state) {
    case STATE_GREETING:
    case STATE_EHLO:
    case STATE_STARTTLS:
        hear_hello(s);
        break;
    case STATE_AUTH:
    case STATE_AUTH_MORE:
        hear_login(s);
        break;
    case STATE_MAIL:
        if (code < 300)
            say_rcpt(s);
        else if (code == 421 && s->reused && !s->retried)
            session_failed(s, "closed");
        else
            letter_refused(s);
        break;
    case STATE_RCPT:
        if (code < 300)
            say(s, STATE_DATA, "DATA");
        else
            letter_refused(s);
        break;
    case STATE_DATA:
        if (code != 354) {
            letter_refused(s);
            break;
        }
        session_state(s, STATE_CONTENT);
        hand_over(s);
        break;
    case STATE_CONTENT:
        if (s->talk.all_handed)
            letter_answered(s);
        else { /* it does not want the rest; which of our bytes it takes for commands nobody knows */
            session_hang_up(s);
            letter_over(s, NULL);
        }
        break;
    case STATE_RSET:
        session_next(s);
        break;
    default: /* 421 while nothing was asked: it is closing */
        session_failed(s, "closed");
    }
}

/* The letter's talk keeps only what concerns it: a reply to RSET does not. */
static void session_read(struct bufferevent *line, void *arg)
{
    struct smtp_session *s = arg;
    struct evbuffer *in = bufferevent_get_input(line);
    while (s->line == line) {
        size_t length;
        char *text = evbuffer_readln(in, &length, EVBUFFER_EOL_CRLF);
        if (!text)
            break;
        if (s->state == STATE_EHLO)
            smtp_offer_line(&s->offer, text, length);
        struct smtp_talk kept = s->talk;
        bool complete = smtp_talk_line(&s->talk, text, length);
        reserve_free(text);
        if (s->state == STATE_RSET)
            s->talk = kept;
        if (complete || ++s->reply_lines > REPLY_LINES_MOST) {
            s->reply_lines = 0;
            if (complete)
                hear(s);
            else
                session_failed(s, "a reply without end");
        }
    }
    if (s->line == line && evbuffer_get_length(in) > LINE_MOST)
        session_failed(s, "a line without end");
}

static void session_event(struct bufferevent *line, short what, void *arg)
{
    struct smtp_session *s = arg;
    if (!(what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)))
        return;
    session_read(line, s); /* the last words */
    if (s->line == line)
        session_failed(s, what & BEV_EVENT_EOF ? "closed" : "broken");
}

/* ---- the connection ---- */

static struct tls_peer session_peer(const struct smtp_session *s)
{
    const struct smtp_relay *r = s->relay;
    return (struct tls_peer){.host = r->host,
        .port = r->port,
        .tls = r->tls,
        .upgrade = r->starttls,
        .ca_file = r->ca_file,
        .pin = r->pin,
        .timeout_seconds = r->timeout_seconds};
}

static void session_connected(
    void *arg, struct bufferevent *connection, enum outcome outcome, const struct fault *fault)
{
    struct smtp_session *s = arg;
    s->dial = NULL;
    if (!connection) {
        s->dial_outcome = outcome;
        s->fault = *fault;
        session_hang_up(s);
        if (s->letter)
            letter_over(s, "no connection");
        return;
    }
    s->line = connection;
    bufferevent_setcb(connection, session_read, session_written, session_event, s);
    bufferevent_setwatermark(connection, EV_WRITE, SMTP_PIECE / 4, 0);
    bufferevent_enable(connection, EV_READ | EV_WRITE);
    s->talk.stage = SMTP_STAGE_HELLO;
    if (s->state == STATE_STARTTLS) {
        s->secure = true;
        say_ehlo(s); /* RFC 3207 4.2: what was said before TLS is forgotten */
        return;
    }
    s->secure = !s->relay->starttls;
    session_state(s, STATE_GREETING);
    bufferevent_trigger(connection, EV_READ, BEV_TRIG_DEFER_CALLBACKS | BEV_TRIG_IGNORE_WATERMARKS);
}

static void start_tls(struct smtp_session *s)
{
    struct tls_peer peer = session_peer(s);
    struct bufferevent *clear = s->line;
    s->line = NULL;
    bufferevent_setcb(clear, NULL, NULL, NULL, NULL);
    loop_timer_cancel(s->timer);
    enum outcome outcome = tls_upgrade(&s->dial, s->loop, &peer, clear, session_connected, s, &s->fault);
    if (outcome == OUTCOME_DONE)
        return;
    s->dial_outcome = outcome;
    session_hang_up(s);
    letter_over(s, "no TLS");
}

static void session_connect(struct smtp_session *s)
{
    struct tls_peer peer = session_peer(s);
    s->talk = (struct smtp_talk){.stage = SMTP_STAGE_DIAL};
    s->state = STATE_DIALLING;
    s->reused = false;
    s->reply_lines = 0;
    enum outcome outcome = tls_dial(&s->dial, s->loop, &peer, session_connected, s, &s->fault);
    if (outcome == OUTCOME_DONE)
        return;
    s->dial_outcome = outcome;
    s->state = STATE_OFF;
    letter_over(s, "no connection");
}

void smtp_session_send(struct smtp_session *s, struct smtp_letter *letter)
{
    s->letter = letter;
    s->talk = (struct smtp_talk){.stage = SMTP_STAGE_LETTER};
    s->handed = 0;
    s->retried = false;
    s->why = NULL;
    s->dial_outcome = OUTCOME_DONE;
    s->fault = (struct fault){0};
    s->over = false;
    if (s->state == STATE_QUIT)
        session_hang_up(s);
    s->reused = s->state == STATE_READY || s->state == STATE_RSET;
    if (s->state == STATE_READY)
        session_next(s);
    else if (s->state == STATE_OFF)
        session_connect(s);
    /* else RSET: its answer lets the letter go */
}

const struct smtp_talk *smtp_session_talk(const struct smtp_session *s)
{
    return s->letter ? &s->talk : NULL;
}

struct smtp_session *smtp_session_new(
    struct loop *loop, const struct smtp_relay *relay, const struct smtp_session_calls *calls)
{
    struct smtp_session *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->loop = loop;
    s->relay = relay;
    s->calls = calls;
    s->ending = (struct loop_task){.run = session_told, .arg = s};
    s->timer = loop_timer_new(loop, session_expired, s);
    if (s->timer)
        return s;
    free(s);
    return NULL;
}

void smtp_session_free(struct smtp_session *s)
{
    if (!s)
        return;
    loop_recall(s->loop, &s->ending);
    session_hang_up(s);
    forget_token(s);
    loop_timer_free(s->timer);
    free(s);
}
