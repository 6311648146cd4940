/* What the parser child answers, read by the daemon that must not believe it: split into JSON and attachments, then
 * turned into what the desk sees. Input: JSON on the first line, each of PARSER_TEXTS on one, then the attachments as the
 * child frames them; the same bytes as a whole are a frame's body too. */
#include "fuzz.h"
#include "channels/email/inbound_mail.h"
#include "daemon/base/str.h"
#include "daemon/loop/child.h"
#include "daemon/loop/smtp_client.h"
#include "channels/parser/parser_protocol.h"
#include <event2/event.h>

enum { ARENA_MAX = 64 << 20 };

static struct loop *loop;
static struct child_calls calls;
static void *calls_arg;
static uint32_t asked;
static int answers, killed;
static char place; /* something to point to: the child that is not there */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct fault fault;
    (void)argc;
    (void)argv;
    json_object_seed(1);
    require(loop_new(&loop, &fault) == OUTCOME_DONE);
    return 0;
}

/* ---- instead of loop/child.c: no process; frames are handed in below */

enum outcome child_find(const char *name, char *path, size_t size, struct fault *fault)
{
    (void)fault;
    snprintf(path, size, "%s", name);
    return OUTCOME_DONE;
}

enum outcome child_start(struct child **ret_child, struct loop *in_loop, const struct child_program *program,
    const struct child_calls *child_calls, void *arg, struct fault *fault)
{
    (void)in_loop;
    (void)program;
    (void)fault;
    calls = *child_calls;
    calls_arg = arg;
    *ret_child = (struct child *)(void *)&place;
    return OUTCOME_DONE;
}

bool child_send(struct child *child, uint32_t type, uint32_t id, const void *body, size_t length)
{
    (void)child;
    (void)body;
    (void)length;
    if (type == PARSER_MAIL)
        asked = id;
    return true;
}

void child_deadline(struct child *child, int64_t ms, const char *why)
{
    (void)child;
    (void)ms;
    (void)why;
}

void child_kill(struct child *child, const char *why)
{
    (void)child;
    (void)why;
    killed++;
}

void child_forget(struct child *child)
{
    (void)child;
}

struct bufferevent *child_net(struct child *child)
{
    (void)child;
    return NULL;
}

void child_stop(struct child *child)
{
    (void)child;
}

/* ---- */

static void check_inbound(const struct inbound *in)
{
    const char *const texts[] = {in->nama, in->email, in->reply_to, in->subject, in->text, in->own_words,
        in->digest, in->number, in->own_reference, in->reason, in->must_read, in->identity_value,
        in->automatic};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        require(fuzz_is_utf8_text(texts[i]));
    require(arena_ok(in->arena) && in->kind == INBOUND_MESSAGE && in->digest && *in->digest);
    require(!in->email || smtp_address_ok(in->email));
    require(!in->reply_to || smtp_address_ok(in->reply_to));
    require(!in->identity_scheme == !in->identity_value);
    for (const struct inbound_file *f = in->files; f; f = f->next) {
        require(
            f->filename && *f->filename && !strpbrk(f->filename, "/\\") && !fuzz_has_control(f->filename));
        require(strlen(f->filename) <= 300 && fuzz_is_utf8_text(f->filename));
        require(f->data && f->media_type);
    }
    for (const char *const *r = in->references; r && *r; r++)
        require(**r && fuzz_is_utf8_text(*r));
}

static struct inbound *inbound_new(const char *raw, size_t size)
{
    struct arena *arena = arena_new(ARENA_MAX);
    struct inbound *in = arena_alloc(arena, sizeof *in);
    require(in != NULL);
    *in = (struct inbound){.arena = arena, .external = "7/1", .raw = raw, .raw_size = size};
    return in;
}

static void mail_was_read(
    void *arg, enum outcome outcome, const struct parser_mail *mail, const struct fault *fault)
{
    (void)arg;
    (void)fault;
    answers++;
    if (outcome != OUTCOME_DONE)
        return;
    struct inbound *in = inbound_new("raw", 3);
    require(json_is_object(mail->facts));
    inbound_mail_fill(in, mail);
    check_inbound(in);
    inbound_mail_mark_large(in, 1 << 30, 25 << 20);
    check_inbound(in);
    arena_free(in->arena);
}

static void hear(const char *body, size_t size)
{
    struct parser *parser;
    struct fault fault;
    struct frame hello = {PARSER_TYPE_IS, 0, 4}, answer = {PARSER_MAIL_IS, 0, (uint32_t)size};
    answers = killed = 0;
    require(parser_open(&parser, loop, &fault) == OUTCOME_DONE);
    parser_read_mail(parser, "raw", 3, mail_was_read, NULL);
    event_base_loop(loop_base(loop), EVLOOP_ONCE);
    calls.frame(calls_arg, &hello, "type");
    answer.id = asked;
    calls.frame(calls_arg, &answer, body);
    require(answers + killed == 1);
    parser_free(parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *whole = fuzz_text(data, size);
    hear(whole, size);
    free(whole);
    static const char *const texts[] = {PARSER_TEXTS};
    struct str framed;
    str_init(&framed, 1 << 26);
    for (size_t i = 0; i < 1 + sizeof texts / sizeof *texts; i++) {
        char *line = fuzz_line(&data, &size);
        uint32_t n = (uint32_t)strlen(line);
        str_add(&framed, &n, sizeof n);
        str_adds(&framed, line);
        free(line);
    }
    str_add(&framed, data, size);
    hear(framed.data, framed.len);
    str_release(&framed);
    return 0;
}
