/* `pengaduand serve`: opens everything in order, runs the loop, closes in reverse. The only file that knows
 * all parts.
 *
 *   open:  office, loop, book, HTTP, parser, desk, channels, pages, control, listen
 *   run:   desk_start() recovers the outbox and starts the channels; then READY
 *   stop:  SIGTERM: no new connections, channels stop, what is in flight ends (4 s), book closes
 *   SIGHUP: the configuration is checked; if it is right the daemon stops cleanly and starts itself anew */
#include "channels/email/email.h"
#include "channels/gateway/gateway.h"
#include "channels/mqtt/mqtt.h"
#include "channels/webhook/webhook.h"
#include "channels/parser/parser.h"
#include "channels/printer/printer.h"
#include "channels/website/situs.h"
#include "channels/website/website.h"
#include "backup_timer.h"
#include "command.h"
#include "control.h"
#include "daemon/base/log.h"
#include "daemon/desk/desk.h"
#include "daemon/loop/http_client.h"
#include "daemon/loop/http_server.h"
#include "daemon/loop/scanner.h"
#include "daemon/web/web.h"
#include "inspection_timer.h"
#include "office_make.h"
#include "run_as.h"
#include "service_notify.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum {
    CHANNELS_MAX = 64,
    OFFICE_ARENA_MAX = 1 << 20,
    BODY_MAX = 27 << 20,
    HEADER_MAX = 16 * 1024,
    HTTP_MEMORY_MAX = 256 << 20, /* nine of the largest forms at once; two of one client */
    ADDRESS_CONNECTIONS_LEAST = 16,
};
static const int64_t WATCHDOG_MS = 10 * 1000, UNTOLD_MS = 500;

struct serve {
    const struct config *config;
    struct arena *arena;
    struct office office;
    struct loop *loop;
    struct book *book;
    struct http_server *http;
    struct http_client *calls;
    struct parser *parser;
    struct printer *printer;
    struct scanner *scanner;
    struct desk *desk;
    struct channel *channels[CHANNELS_MAX];
    size_t channel_count;
    struct web *web;
    struct control *control;
    struct backup_timer *backups;
    struct inspection_timer *inspections;
    struct loop_timer *watchdog;
    bool stopping, again, told_ready;
    int exit_code;
};

/* ---- opening ---- */

static enum outcome open_channel(
    struct serve *s, const struct channel_ops *ops, const char *name, struct fault *fault)
{
    const struct channel_context context = {.name = name,
        .config = s->config,
        .loop = s->loop,
        .http = s->http,
        .calls = s->calls,
        .parser = s->parser,
        .host = desk_host(s->desk)};
    struct channel *channel;
    if (s->channel_count == CHANNELS_MAX)
        return fault_set(fault, OUTCOME_STOP, "Terlalu banyak saluran dalam pengaturan.",
            "more than %d channels", CHANNELS_MAX);
    enum outcome outcome = ops->open(&channel, &context, fault);
    if (outcome)
        return outcome;
    s->channels[s->channel_count++] = channel;
    return desk_add(s->desk, channel, fault);
}

/* One channel for each of its folders. */
static enum outcome open_mailbox(struct serve *s, const char *instance, struct fault *fault)
{
    char name[EMAIL_NAME_SIZE];
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; !outcome && email_channel_name(s->config, instance, i, name); i++)
        outcome = open_channel(s, &email_channel, name, fault);
    return outcome;
}

static enum outcome open_channels(struct serve *s, struct fault *fault)
{
    static const struct {
        const char *section;
        const struct channel_ops *ops;
    } repeated[] = {{"gateway", &gateway_channel}, {"website", &website_channel}};
    enum outcome outcome = open_channel(s, &situs_channel, "", fault);
    for (size_t i = 0; i < config_count(s->config, "mailbox") && !outcome; i++)
        outcome = open_mailbox(s, config_instance(s->config, "mailbox", i), fault);
    for (size_t r = 0; r < sizeof repeated / sizeof *repeated; r++)
        for (size_t i = 0; i < config_count(s->config, repeated[r].section) && !outcome; i++)
            outcome =
                open_channel(s, repeated[r].ops, config_instance(s->config, repeated[r].section, i), fault);
    if (!outcome && config_has(s->config, "smtp"))
        outcome = open_channel(s, &email_channel, "", fault);
    if (!outcome && config_has(s->config, "mqtt"))
        outcome = open_channel(s, &mqtt_channel, "", fault);
    if (!outcome && config_has(s->config, "webhook"))
        outcome = open_channel(s, &webhook_channel, "", fault);
    return outcome;
}

static enum outcome open_house(struct serve *s, struct fault *fault)
{
    int connections = (int)config_number(s->config, "server", NULL, "connections");
    const struct http_limits limits = {.connections = connections,
        .connections_an_address =
            connections / 4 > ADDRESS_CONNECTIONS_LEAST ? connections / 4 : ADDRESS_CONNECTIONS_LEAST,
        .max_memory = HTTP_MEMORY_MAX,
        .idle_seconds = (int)config_number(s->config, "server", NULL, "idle_seconds"),
        .request_seconds = (int)config_number(s->config, "server", NULL, "request_seconds"),
        .max_header_bytes = HEADER_MAX,
        .max_body_bytes = BODY_MAX};
    struct book_options options;
    command_book_options(s->config, &options);
    s->arena = arena_new(OFFICE_ARENA_MAX);
    enum outcome outcome = s->arena ? office_make(s->config, &s->office, s->arena, fault)
                                    : fault_set(fault, OUTCOME_LATER, NULL, "no memory");
    if (!outcome)
        outcome = loop_new(&s->loop, fault);
    if (!outcome)
        outcome = book_open(&s->book, s->loop, &options, fault);
    if (!outcome)
        outcome = http_server_new(&s->http, s->loop, &limits, fault);
    if (!outcome)
        outcome = http_client_new(&s->calls, s->loop, fault);
    if (!outcome)
        outcome = parser_open(&s->parser, s->loop, fault);
    if (!outcome)
        outcome = printer_open(&s->printer, s->loop, fault);
    if (!outcome)
        outcome = desk_new(&s->desk, s->loop, s->book, &s->office, fault);
    return outcome;
}

/* What web asks of the parser child; web may not know channels. */
struct type_question {
    void (*done)(void *arg, const char *media_type);
    void *arg;
};

static void type_known(void *arg, enum outcome outcome, const char *media_type, const struct fault *fault)
{
    struct type_question question = *(struct type_question *)arg;
    (void)fault;
    free(arg);
    question.done(question.arg, outcome ? "application/octet-stream" : media_type);
}

static void file_type(
    void *context, const void *data, size_t n, void (*done)(void *, const char *), void *arg)
{
    struct serve *s = context;
    struct type_question *question = malloc(sizeof *question);
    if (!question) {
        done(arg, NULL);
        return;
    }
    *question = (struct type_question){done, arg};
    parser_file_type(s->parser, data, n, type_known, question);
}

static bool fill_live(void *arg, struct str *out)
{
    struct serve *s = arg;
    desk_status(s->desk, out);
    str_addf(out, "Antrean tulis: %zu\n", book_queue_length(s->book));
    bool backups = backup_timer_status(s->backups, out), book = inspection_timer_status(s->inspections, out);
    return backups || book;
}

static enum outcome open_front(struct serve *s, struct fault *fault)
{
    const char *clamd = config_text(s->config, "server", NULL, "clamd");
    enum outcome outcome = clamd ? scanner_new(&s->scanner, s->loop, clamd, fault) : OUTCOME_DONE;
    if (!outcome && clamd)
        outcome = desk_scan_by(s->desk, s->scanner, fault);
    if (outcome)
        return outcome;
    const struct web_options options = {.loop = s->loop,
        .http = s->http,
        .book = s->book,
        .desk = s->desk,
        .config = s->config,
        .file_type = file_type,
        .file_type_context = s,
        .printer = s->printer,
        .scanner = s->scanner};
    const char *address = config_text(s->config, "server", NULL, "listen");
    outcome = web_new(&s->web, &options, fault);
    if (!outcome)
        outcome = backup_timer_open(&s->backups, s->loop, s->book, s->config, fault);
    if (!outcome)
        outcome = inspection_timer_open(&s->inspections, s->loop, s->book, s->config, &s->office, fault);
    if (!outcome)
        outcome = control_open(&s->control, s->loop, s->book, s->config, fault);
    if (outcome)
        return outcome;
    control_set_live(s->control, fill_live, s);
    outcome = http_server_listen(s->http, address, NULL, fault);
    if (!outcome)
        log_event(LOG_INFO, NULL, "serve.listening", "address=%s", address);
    return outcome;
}

/* ---- running and stopping ---- */

static void stopped(void *arg)
{
    struct serve *s = arg;
    loop_stop(s->loop);
}

static void stop(void *arg)
{
    struct serve *s = arg;
    if (s->stopping)
        return;
    s->stopping = true;
    log_event(LOG_INFO, NULL, "serve.stopping", "again=%s", s->again ? "yes" : "no");
    service_notify(s->again ? "RELOADING=1" : "STOPPING=1");
    http_server_close(s->http);
    control_close(s->control);
    desk_stop(s->desk, stopped, s);
}

static void reread(void *arg)
{
    struct serve *s = arg;
    struct config *config = NULL;
    struct str problems;
    struct fault fault;
    str_init(&problems, 64 * 1024);
    enum outcome outcome = config_load(&config, config_path(s->config), &problems, &fault);
    if (outcome)
        log_event(LOG_ERROR, NULL, "serve.configuration_wrong", "problems=\"%s\" reason=\"%s\" kept=yes",
            problems.data, fault.internal);
    else {
        s->again = true;
        stop(s);
    }
    config_free(config);
    str_release(&problems);
}

static void watch(void *arg)
{
    struct serve *s = arg;
    /* Was the first word lost, nobody would send it again, and systemd ends a service that never gets ready. */
    bool told = service_notify(s->told_ready ? "WATCHDOG=1" : "READY=1\nWATCHDOG=1");
    s->told_ready |= told;
    loop_timer_set(s->watchdog, s->told_ready ? WATCHDOG_MS : UNTOLD_MS);
}

static void started(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct serve *s = arg;
    if (outcome) {
        log_fault(LOG_ERROR, NULL, "serve.start_failed", outcome, fault);
        s->exit_code = EX_TEMPFAIL;
        stop(s);
        return;
    }
    log_event(LOG_INFO, NULL, "serve.ready", "channels=%zu version=" VERSION, s->channel_count);
    inspection_timer_start(s->inspections);
    watch(s);
}

static enum outcome run(struct serve *s, struct fault *fault)
{
    enum outcome outcome = loop_on_signal(s->loop, SIGTERM, stop, s, fault);
    if (!outcome)
        outcome = loop_on_signal(s->loop, SIGINT, stop, s, fault);
    if (!outcome)
        outcome = loop_on_signal(s->loop, SIGHUP, reread, s, fault);
    if (outcome)
        return outcome;
    s->watchdog = loop_timer_new(s->loop, watch, s);
    if (!s->watchdog)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a timer");
    desk_start(s->desk, started, s);
    loop_run(s->loop);
    return OUTCOME_DONE;
}

static void close_all(struct serve *s)
{
    if (s->http)
        http_server_close(s->http);
    if (s->control)
        control_close(s->control);
    scanner_close(s->scanner);
    printer_close(s->printer);
    parser_close(s->parser); /* what still waits for it would ask the book */
    book_close(s->book);
    http_client_free(s->calls);
    for (size_t i = s->channel_count; i--;)
        s->channels[i]->ops->free(s->channels[i]);
    control_free(s->control);
    backup_timer_free(s->backups);
    inspection_timer_free(s->inspections);
    desk_free(s->desk);
    http_server_free(s->http);
    web_free(s->web);
    parser_free(s->parser);
    printer_free(s->printer);
    scanner_free(s->scanner);
    loop_timer_free(s->watchdog);
    loop_free(s->loop);
    arena_free(s->arena);
}

static void start_anew(const struct command *cmd)
{
    const char *path = config_path(cmd->config), *argv[] = {"pengaduand", "serve", NULL, NULL, NULL, NULL};
    size_t n = 2;
    if (cmd->args.options[ARG_AS_ROOT])
        argv[n++] = "--as-root";
    if (path) {
        argv[n++] = "-c";
        argv[n] = path;
    }
    execv("/proc/self/exe", (char *const *)argv);
    log_event(LOG_ERROR, NULL, "serve.restart_failed", "reason=exec");
}

static enum log_level log_level_of(const struct config *config)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    const char *wanted = config_text(config, "log", NULL, "level");
    for (int i = 0; i < 4; i++)
        if (!strcmp(wanted, names[i]))
            return (enum log_level)i;
    return LOG_INFO;
}

int serve_command(struct command *cmd)
{
    struct serve s = {.config = cmd->config, .exit_code = EX_OK};
    struct fault fault = {0};
    if (!command_may_work(cmd, config_text(cmd->config, "server", NULL, "data")))
        return EX_NOPERM;
    log_open(STDERR_FILENO, log_level_of(cmd->config));
    if (run_as_root())
        log_event(LOG_WARN, NULL, "serve.as_root", "better=\"a user of its own\"");
    enum outcome outcome = open_house(&s, &fault);
    if (!outcome)
        outcome = open_channels(&s, &fault);
    if (!outcome)
        outcome = open_front(&s, &fault);
    if (!outcome)
        outcome = run(&s, &fault);
    if (outcome) {
        fprintf(cmd->err, "pengaduand: %s (%s)\n", command_reason(&fault), fault.internal);
        s.exit_code = command_exit(outcome);
    }
    close_all(&s);
    log_event(LOG_INFO, NULL, "serve.stopped", "exit=%d", s.exit_code);
    if (s.again && !s.exit_code)
        start_anew(cmd);
    return s.exit_code;
}
