/* Server side of the control socket: one small HTTP server, one route. */
#include "control.h"
#include "daemon/base/json_read.h"

#include "command.h"
#include "daemon/base/log.h"
#include "daemon/loop/http_server.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

enum {
    REQUEST_MAX = 2 * COMMAND_FILE_MAX + 64 * 1024, /* a file as JSON */
    ARGV_MAX = 32,
};

static const struct http_limits limits = {.connections = 8,
    .idle_seconds = 10,
    .request_seconds = 10,
    .max_header_bytes = 8192,
    .max_body_bytes = REQUEST_MAX};

struct control {
    struct http_server *server;
    struct book *book;
    const struct config *config;
    bool (*fill)(void *arg, struct str *out);
    void *fill_arg;
    char path[CONTROL_PATH_SIZE];
};

/* One command on its way through the book. */
struct errand {
    struct book_job job;
    struct control *control;
    struct http_request *request;
    json_t *body; /* owns what args points to */
    const struct command_row *row;
    struct command_args args;
    struct command_password password;
    int64_t asked; /* which part */
    struct command_part part;
    struct command_left left;
    struct str out;
    int exit;
};

bool control_path(char path[CONTROL_PATH_SIZE], const char *folder)
{
    return snprintf(path, CONTROL_PATH_SIZE, "%s/kendali.sock", folder) < CONTROL_PATH_SIZE;
}

static void reply(struct http_request *request, int status, const char *body)
{
    struct http_response response = {
        .status = status, .content_type = "application/json", .body = body, .length = strlen(body)};
    http_reply(request, &response);
}

static void answer(
    struct http_request *request, int exit_code, const struct str *out, const struct command_part *part)
{
    json_t *whole = json_pack("{s:i, s:s%}", "exit", exit_code, "output", out->data, out->len);
    if (whole != NULL && part->more)
        json_object_set_new(whole, "next", json_integer(part->next));
    char *text = whole != NULL && str_ok(out) ? json_text(whole, JSON_COMPACT) : NULL;
    reply(request, text != NULL ? 200 : 500, text != NULL ? text : "{}");
    if (text != NULL)
        explicit_bzero(text, strlen(text)); /* it may show a one-time password */
    free(text);
    json_decref(whole);
}

static void errand_free(struct errand *errand)
{
    explicit_bzero(errand->out.data, errand->out.len);
    explicit_bzero(&errand->password, sizeof errand->password);
    command_left_release(&errand->left);
    str_release(&errand->out);
    json_decref(errand->body);
    free(errand);
}

static enum outcome errand_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct errand *errand = arg;
    errand->part = (struct command_part){errand->asked, false}; /* jobs may be replayed */
    return errand->row->body(txn, &errand->args, &errand->out, &errand->exit, fault);
}

static void errand_done(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct errand *errand = arg;
    if (outcome != OUTCOME_DONE) {
        str_clear(&errand->out);
        str_addf(&errand->out, "pengaduand: %s\n", command_reason(fault));
        errand->exit = command_exit(outcome);
        errand->part.more = false;
        log_fault(LOG_WARN, NULL, "control.command_failed", outcome, fault);
    } else {
        log_event(LOG_INFO, NULL, "control.command_done", "command=\"%s\" exit=%d", errand->row->name,
            errand->exit);
        if (errand->row->live && errand->control->fill != NULL) {
            str_addc(&errand->out, '\n');
            bool person = errand->control->fill(errand->control->fill_arg, &errand->out);
            if (person && errand->exit == EX_OK)
                errand->exit = COMMAND_NEEDS_PERSON;
        }
    }
    answer(errand->request, errand->exit, &errand->out, &errand->part);
    errand_free(errand);
}

static enum outcome after_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct errand *errand = arg;
    return errand->row->after(txn, &errand->args, &errand->out, &errand->exit, fault);
}

static void worked_aside(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct errand *errand = arg;
    if (outcome != OUTCOME_DONE || errand->exit != EX_OK || errand->row->after == NULL) {
        errand_done(errand, outcome, fault);
        return;
    }
    errand->job = (struct book_job){.work = after_work, .done = errand_done, .arg = errand};
    book_write(errand->control->book, &errand->job);
}

static void submit(struct errand *errand)
{
    struct book *book = errand->control->book;
    errand->job = (struct book_job){.work = errand_work, .done = errand_done, .arg = errand};
    if (errand->row->aside) {
        errand->job.done = worked_aside;
        book_aside(book, &errand->job);
    } else if (errand->row->writes)
        book_write(book, &errand->job);
    else
        book_read(book, &errand->job);
}

static enum outcome password_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct errand *errand = arg;
    (void)txn; /* a reader's thread is all it needs */
    return command_password_take(&errand->args, &errand->password, fault);
}

static void password_taken(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct errand *errand = arg;
    if (outcome == OUTCOME_DONE)
        submit(errand);
    else
        errand_done(errand, outcome, fault);
}

/* Words of the request as an argv; -1 when it is not one. */
static int take_argv(json_t *body, const char *argv[ARGV_MAX])
{
    json_t *list = json_object_get(body, "argv");
    size_t count = json_array_size(list);
    if (count == 0 || count > ARGV_MAX)
        return -1;
    for (size_t i = 0; i < count; i++) {
        argv[i] = json_string_value(json_array_get(list, i));
        if (argv[i] == NULL)
            return -1;
    }
    return (int)count;
}

static void refuse(struct http_request *request, int exit_code, const char *text)
{
    struct str out;
    str_init(&out, 2048);
    str_addf(&out, "pengaduand: %s\n", text);
    answer(request, exit_code, &out, &(struct command_part){0});
    str_release(&out);
}

const struct command_row *control_take(
    const void *text, size_t n, json_t **ret_body, struct command_args *args, struct str *problem)
{
    const char *argv[ARGV_MAX];
    *ret_body = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
    int argc = *ret_body != NULL ? take_argv(*ret_body, argv) : -1;
    const struct command_row *row = argc > 0 ? command_parse(argc, argv, args, NULL, problem) : NULL;
    if (row != NULL)
        args->input = json_string_value(json_object_get(*ret_body, "stdin"));
    return row;
}

/* Takes body. */
static void begin(struct control *control, struct http_request *request, const struct command_row *row,
    struct command_args args, json_t *body, const struct str *problem)
{
    struct errand *errand = row != NULL && row->body != NULL ? calloc(1, sizeof *errand) : NULL;
    if (errand == NULL) {
        refuse(request, row == NULL || row->body == NULL ? EX_USAGE : EX_TEMPFAIL,
            problem->len > 0 ? problem->data : "perintah ini tidak dapat dijalankan di sini");
        json_decref(body);
    } else if (row->stopped) {
        refuse(request, EX_TEMPFAIL, "Hentikan dahulu layanan pengaduand, lalu jalankan perintah ini lagi.");
        free(errand);
        json_decref(body);
    } else {
        args.config = control->config;
        *errand =
            (struct errand){.control = control, .request = request, .body = body, .row = row, .args = args};
        errand->args.password = &errand->password;
        errand->asked = json_integer_value(json_object_get(body, "part"));
        errand->args.part = &errand->part;
        errand->args.left = &errand->left;
        errand->job = (struct book_job){.work = password_work, .done = password_taken, .arg = errand};
        str_init(&errand->out, COMMAND_OUTPUT_MAX);
        if (row->password)
            book_read(control->book, &errand->job);
        else
            submit(errand);
    }
}

static void handle(struct http_request *request, void *arg)
{
    size_t n;
    json_t *body;
    struct str problem;
    struct command_args args = {0};
    str_init(&problem, 1024);
    const unsigned char *text = http_request_body(request, &n);
    const struct command_row *row = control_take(text, n, &body, &args, &problem);
    if (body == NULL)
        reply(request, 400, "{}");
    else
        begin(arg, request, row, args, body, &problem);
    str_release(&problem);
}

enum outcome control_open(struct control **ret_control, struct loop *loop, struct book *book,
    const struct config *config, struct fault *fault)
{
    const char *folder = config_text(config, "server", NULL, "data");
    struct control *control = calloc(1, sizeof *control);
    char address[CONTROL_PATH_SIZE + sizeof "unix:"];
    if (control == NULL)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the control socket");
    control->book = book;
    control->config = config;
    if (!control_path(control->path, folder)) {
        free(control);
        return fault_set(fault, OUTCOME_STOP, "Nama folder data terlalu panjang untuk soket kendali.",
            "path too long for a socket: %s/kendali.sock", folder);
    }
    snprintf(address, sizeof address, "unix:%s", control->path);
    enum outcome outcome = http_server_new(&control->server, loop, &limits, fault);
    if (outcome == OUTCOME_DONE)
        outcome =
            http_server_route(control->server, HTTP_POST, "/perintah", REQUEST_MAX, handle, control, fault);
    if (outcome == OUTCOME_DONE)
        outcome = http_server_listen(control->server, address, NULL, fault);
    /* The server makes it 0660; until here only the mode of the data folder (0700) keeps others out. */
    if (outcome == OUTCOME_DONE && chmod(control->path, 0600) != 0)
        outcome = fault_set(fault, OUTCOME_STOP, NULL, "cannot chmod %s: %m", control->path);
    if (outcome != OUTCOME_DONE) {
        control_free(control);
        return outcome;
    }
    *ret_control = control;
    return OUTCOME_DONE;
}

void control_set_live(struct control *control, bool (*fill)(void *arg, struct str *out), void *arg)
{
    control->fill = fill;
    control->fill_arg = arg;
}

void control_close(struct control *control)
{
    http_server_close(control->server);
}

void control_free(struct control *control)
{
    if (control == NULL)
        return;
    if (control->server != NULL) {
        http_server_free(control->server);
        unlink(control->path);
    }
    free(control);
}
