#include "parser.h"
#include "parser_answer.h"
#include "parser_protocol.h"
#include "daemon/base/log.h"
#include "daemon/base/reserve.h"
#include "daemon/loop/child.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    PARSER_FD = 3,
    PARSER_WINDOW = 2,           /* requests in the process at once: more gained nothing when measured */
    PARSER_WAITING = 2000,       /* requests known at once; beyond it LATER */
    PARSER_HELLO_MS = 10000,     /* from start to the first answer, on a machine busy with its own start */
    PARSER_DEATHS = 2,           /* a request that was at work when the process died that often is to blame */
    PARSER_TYPE_MOST = 64 << 10, /* libmagic needs no more */
    PARSER_BACKOFF_FIRST_MS = 1000,
    PARSER_BACKOFF_MOST_MS = 60000,
};

struct request {
    uint32_t type; /* PARSER_MAIL or PARSER_TYPE */
    uint32_t id;
    const void *bytes; /* borrowed */
    size_t length;
    parser_mail_read *mail_read; /* all NULL = forgotten by its owner, bytes are gone */
    parser_type_read *type_read;
    parser_file_read *file_read;
    void *arg;
    int deaths;
    bool sent;
    bool refused; /* will get LATER or NEVER at the next turn: outcome */
    enum outcome outcome;
    struct request *next;
};

/* Requests stand in one list, oldest first, file types before mails. The ones in the process are the first
 * `flying` of it and are answered in that order. */
struct parser {
    struct loop *loop;
    struct child *child; /* NULL = not running */
    bool greeted;        /* it has answered the hello: later deaths are a request's fault */
    unsigned failures;   /* starts in a row that came to nothing */
    struct request *first, **end;
    size_t count, flying;
    uint32_t last_id;
    uint32_t watched;         /* id of the request the deadline is set for, 0 = none */
    struct loop_timer *turn;  /* work that must not be done inside the caller's call */
    struct loop_timer *retry; /* armed = no start before it fires */
    bool resting;
};

static void parser_turn(void *arg);

/* ---- the list ---- */

static void tell(const struct request *r, enum outcome outcome, const struct parser_mail *mail,
    const struct parser_file *file, const struct fault *fault)
{
    if (r->mail_read)
        r->mail_read(r->arg, outcome, mail, fault);
    else if (r->type_read)
        r->type_read(r->arg, outcome, file ? file->media_type : NULL, fault);
    else if (r->file_read)
        r->file_read(r->arg, outcome, file, fault);
}

static void request_answer(struct request *r, enum outcome outcome, const struct parser_mail *mail,
    const struct parser_file *file, const struct fault *fault)
{
    tell(r, outcome, mail, file, fault);
    reserve_free(r);
}

static bool read_degrees(const char **text, char behind, int32_t *ret)
{
    char *end;
    long number = strtol(*text, &end, 10);
    if (end == *text || *end != behind || number < -180000000 || number > 180000000)
        return false;
    *ret = (int32_t)number;
    *text = end + 1;
    return true;
}

/* "image/jpeg" or "image/jpeg\n-7556100 112682900" (a NUL stands behind every frame); false = neither. */
static bool read_file(const char *body, size_t n, char type[256], struct parser_file *ret)
{
    const char *end = memchr(body, '\n', n), *place = end ? end + 1 : NULL;
    size_t size = end ? (size_t)(end - body) : n;
    struct parser_file file = {.media_type = type, .has_place = end != NULL};
    if (size >= 256 ||
        (end && !(read_degrees(&place, ' ', &file.latitude) && read_degrees(&place, '\0', &file.longitude))))
        return false;
    memcpy(type, body, size);
    type[size] = '\0';
    *ret = file;
    return true;
}

static struct request *parser_shift(struct parser *parser)
{
    struct request *r = parser->first;
    parser->first = r->next;
    if (!parser->first)
        parser->end = &parser->first;
    parser->count--;
    if (r->sent)
        parser->flying--;
    return r;
}

/* Except those in the process: their answers are on the way and must find their place in the order. */
static void parser_drop_forgotten(struct parser *parser)
{
    struct request **at = &parser->first;
    while (*at) {
        struct request *r = *at;
        if (r->sent || r->mail_read || r->type_read || r->file_read) {
            at = &r->next;
            continue;
        }
        *at = r->next;
        parser->count--;
        reserve_free(r);
    }
    parser->end = at;
}

/* All that wait are told to come again later; requests that arrive from inside these calls stay. */
static void parser_refuse_all(struct parser *parser, const struct fault *fault)
{
    struct request *r = parser->first, *next;
    parser->first = NULL;
    parser->end = &parser->first;
    parser->count = parser->flying = 0;
    for (; r; r = next) {
        next = r->next;
        request_answer(r, OUTCOME_LATER, NULL, NULL, fault);
    }
}

/* ---- answers ---- */

static bool parser_answer_mail(struct parser *parser, const char *body, size_t length)
{
    struct parser_mail mail = {0};
    struct parser_attachment *files;
    mail.facts = parser_answer_split(body, length, &files, &mail.count);
    if (!mail.facts)
        return false;
    mail.attachments = files;
    request_answer(parser_shift(parser), OUTCOME_DONE, &mail, NULL, NULL);
    json_decref(mail.facts);
    free(files);
    return true;
}

static void parser_said(void *arg, const struct frame *head, const char *body)
{
    struct parser *parser = arg;
    struct request *r = parser->first;
    bool fine = false;
    if (!parser->greeted) {
        fine = head->type == PARSER_TYPE_IS && head->id == 0;
        child_deadline(parser->child, 0, ""); /* of the hello */
        parser->greeted = fine;
        parser->failures = 0;
    } else if (r && r->sent && head->id == r->id) {
        if (head->type == PARSER_MAIL_IS && r->type == PARSER_MAIL) {
            fine = parser_answer_mail(parser, body, head->length);
        } else if (head->type == PARSER_TYPE_IS && r->type == PARSER_TYPE) {
            char type[256];
            struct parser_file file;
            fine = read_file(body, head->length, type, &file);
            if (fine)
                request_answer(parser_shift(parser), OUTCOME_DONE, NULL, &file, NULL);
        }
    }
    if (!fine) {
        child_kill(parser->child, "answer out of order");
        return;
    }
    parser_turn(parser);
}

/* ---- the process ---- */

static void parser_rest(struct parser *parser, const struct fault *fault)
{
    parser->failures++;
    parser->resting = true;
    loop_timer_set(
        parser->retry, loop_backoff_ms(parser->failures, PARSER_BACKOFF_FIRST_MS, PARSER_BACKOFF_MOST_MS));
    log_fault(LOG_ERROR, NULL, "parser.unavailable", OUTCOME_LATER, fault);
    parser_refuse_all(parser, fault);
}

/* The oldest request was at work; the one behind it had not been looked at. */
static void parser_blame(struct parser *parser, const char *how)
{
    struct request *r = parser->first;
    r->deaths++;
    log_event(LOG_WARN, NULL, "parser.died", "how=\"%s\" bytes=%zu deaths=%d", how, r->length, r->deaths);
    if (r->deaths >= PARSER_DEATHS) {
        r->refused = true;
        r->outcome = OUTCOME_NEVER;
    }
    for (; r; r = r->next)
        r->sent = false;
    parser->flying = 0;
    parser_drop_forgotten(parser);
}

static void parser_ended(void *arg, bool clean, const char *how)
{
    struct parser *parser = arg;
    struct fault fault;
    (void)clean;
    parser->child = NULL;
    parser->watched = 0;
    if (!parser->greeted && !parser->failures) {
        parser
            ->failures++; /* killed by somebody, perhaps: nobody is refused for that before a second attempt */
        parser_turn(parser);
        return;
    }
    if (!parser->greeted) {
        fault_set(&fault, OUTCOME_LATER, "Pembaca surat sedang tidak berjalan; akan dicoba lagi.",
            "the parser ended before its first answer: %s", how);
        parser_rest(parser, &fault);
        return;
    }
    if (parser->flying)
        parser_blame(parser, how);
    else
        log_event(LOG_WARN, NULL, "parser.died", "how=\"%s\" idle=yes", how);
    parser_turn(parser);
}

static enum outcome parser_start(struct parser *parser, struct fault *fault)
{
    static const char *const argv[] = {"parser", "3", NULL};
    static const struct child_calls calls = {parser_said, parser_ended};
    char path[4096];
    enum outcome outcome = child_find("parser", path, sizeof path, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    /* An answer holds the JSON and the decoded attachments, together little more than the mail. */
    struct child_program program = {
        .path = path, .argv = argv, .frame_fd = PARSER_FD, .net_fd = -1, .max_frame = FRAME_MAX};
    parser->greeted = false;
    outcome = child_start(&parser->child, parser->loop, &program, &calls, parser, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    child_send(parser->child, PARSER_TYPE, 0, "hello\n", 6);
    child_deadline(parser->child, PARSER_HELLO_MS, "start");
    return OUTCOME_DONE;
}

static void parser_feed(struct parser *parser)
{
    struct request *r = parser->first;
    for (; r && r->sent; r = r->next)
        ;
    for (; r && parser->flying < PARSER_WINDOW && !r->refused; r = r->next) {
        r->id = ++parser->last_id ? parser->last_id : ++parser->last_id; /* 0 is the hello */
        if (!child_send(parser->child, r->type, r->id, r->bytes, r->length))
            break;
        r->sent = true;
        parser->flying++;
    }
    /* Answers come in order, so the deadline is that of the oldest; the ones that join it give it no more
     * time. */
    uint32_t oldest = parser->flying ? parser->first->id : 0;
    if (oldest != parser->watched)
        child_deadline(parser->child,
            oldest ? PARSER_REQUEST_MS + (int64_t)(parser->first->length >> 20) * PARSER_MIB_WALL_MS : 0,
            "a request took too long");
    parser->watched = oldest;
}

/* Brings list and process forward as far as they go now. */
static void parser_turn(void *arg)
{
    struct parser *parser = arg;
    struct fault fault;
    while (parser->first && parser->first->refused && !parser->first->sent) {
        struct request *r = parser_shift(parser);
        if (r->outcome == OUTCOME_NEVER)
            fault_set(
                &fault, OUTCOME_NEVER, "Isinya tidak dapat dibaca.", "the parser cannot read these bytes");
        else
            fault_set(&fault, OUTCOME_LATER, "Terlalu banyak yang sedang dibaca; akan dicoba lagi.",
                "too many requests wait for the parser");
        request_answer(r, r->outcome, NULL, NULL, &fault);
    }
    if (!parser->first) {
        if (parser->child && parser->greeted)
            parser_feed(parser); /* nothing in flight any more: no deadline either */
        return;
    }
    if (parser->resting) {
        fault_set(&fault, OUTCOME_LATER, "Pembaca surat sedang tidak berjalan; akan dicoba lagi.",
            "the parser could not be started; next attempt soon");
        parser_refuse_all(parser, &fault);
        return;
    }
    if (!parser->child) {
        if (parser_start(parser, &fault) != OUTCOME_DONE)
            parser_rest(parser, &fault);
        return;
    }
    if (parser->greeted)
        parser_feed(parser);
}

static void parser_rested(void *arg)
{
    struct parser *parser = arg;
    parser->resting = false;
    parser_turn(parser);
}

/* ---- for the channels ---- */

enum outcome parser_open(struct parser **ret_parser, struct loop *loop, struct fault *fault)
{
    struct parser *parser = calloc(1, sizeof *parser);
    if (parser) {
        parser->loop = loop;
        parser->end = &parser->first;
        parser->turn = loop_timer_new(loop, parser_turn, parser);
        parser->retry = loop_timer_new(loop, parser_rested, parser);
    }
    if (!parser || !parser->turn || !parser->retry) {
        parser_free(parser);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the parser");
    }
    *ret_parser = parser;
    return OUTCOME_DONE;
}

void parser_close(struct parser *parser)
{
    if (!parser)
        return;
    child_forget(parser->child);
    parser->child = NULL;
    loop_timer_free(parser->turn);
    loop_timer_free(parser->retry);
    parser->turn = parser->retry = NULL;
    while (parser->first)
        reserve_free(parser_shift(parser));
}

void parser_free(struct parser *parser)
{
    parser_close(parser);
    free(parser);
}

static void parser_ask(struct parser *parser, struct request like)
{
    if (!parser->turn) /* closed */
        return;
    struct request *r = reserve_malloc(sizeof *r);
    if (!r) { /* the reserve is used up as well: the only case of an answer at once; the retry is a later turn */
        struct fault fault;
        fault_set(&fault, OUTCOME_LATER, NULL, "no memory for a request to the parser");
        tell(&like, OUTCOME_LATER, NULL, NULL, &fault);
        return;
    }
    *r = like;
    if (!r->refused && parser->count >= PARSER_WAITING) {
        r->refused = true;
        r->outcome = OUTCOME_LATER;
    }
    struct request **at = parser->end;
    if (r->type == PARSER_TYPE) /* its mail is read already, and all behind that mail wait for it */
        for (at = &parser->first; *at && ((*at)->sent || (*at)->type == PARSER_TYPE);)
            at = &(*at)->next;
    r->next = *at;
    *at = r;
    if (!r->next)
        parser->end = &r->next;
    parser->count++;
    loop_timer_set(parser->turn, 0);
}

void parser_read_mail(
    struct parser *parser, const void *bytes, size_t length, parser_mail_read *done, void *arg)
{
    parser_ask(parser, (struct request){.type = PARSER_MAIL,
                           .bytes = bytes,
                           .length = length,
                           .mail_read = done,
                           .arg = arg,
                           .refused = length > PARSER_MAIL_MOST,
                           .outcome = OUTCOME_NEVER});
}

void parser_file_type(
    struct parser *parser, const void *bytes, size_t length, parser_type_read *done, void *arg)
{
    parser_ask(parser, (struct request){.type = PARSER_TYPE,
                           .bytes = bytes,
                           .length = length < PARSER_TYPE_MOST ? length : PARSER_TYPE_MOST,
                           .type_read = done,
                           .arg = arg});
}

void parser_file_facts(
    struct parser *parser, const void *bytes, size_t length, parser_file_read *done, void *arg)
{
    parser_ask(parser, (struct request){.type = PARSER_TYPE,
                           .bytes = bytes,
                           .length = length < PARSER_TYPE_MOST ? length : PARSER_TYPE_MOST,
                           .file_read = done,
                           .arg = arg});
}

void parser_forget(struct parser *parser, const void *arg)
{
    if (!parser)
        return;
    for (struct request *r = parser->first; r; r = r->next)
        if (r->arg == arg) {
            r->mail_read = NULL;
            r->type_read = NULL;
            r->file_read = NULL;
        }
    parser_drop_forgotten(parser);
}
