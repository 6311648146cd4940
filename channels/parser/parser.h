/* The daemon's side of libexec/parser, which reads what strangers send: one process for all channels, two
 * requests in it at once, two seconds for each and one more for each MiB of it.
 *
 * A request that kills or hangs the process is tried once more in a fresh one, alone to blame; the second
 * death makes it NEVER and the caller keeps the raw bytes alone. A process that dies before it has answered
 * its first trivial question is broken itself: no request is blamed, all that wait get LATER, and starting is
 * tried again with back-off. Loop thread only. */
#ifndef CHANNELS_PARSER_H
#define CHANNELS_PARSER_H

#include "channels/parser/parser_answer.h"
#include "daemon/base/fault.h"
#include "daemon/loop/loop.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct parser;

/* Lent for the call. attachments[i] belongs to facts.attachments[i]. */
struct parser_mail {
    /* As parse-mail prints them: pengaduand(1). For a bounce there is also "report": {"message_id": that of the
     * mail of ours it is about or null, "failures": [{"recipient","status","permanent"}, ...], the first of them
     * the same as "bounce"}; else it is null. A stranger can write any of it: believe a message_id only when
     * a mail of ours to that recipient has it. */
    json_t *facts;
    const struct parser_attachment *attachments;
    size_t count;
};

/* DONE: mail is set. NEVER: cannot be parsed ("tidak dapat dibaca"). LATER: no parser now, or too many wait.
 * Runs exactly once, never from inside the request, unless parser_forget() or parser_close() came first. */
typedef void parser_mail_read(
    void *arg, enum outcome outcome, const struct parser_mail *mail, const struct fault *fault);
typedef void parser_type_read(
    void *arg, enum outcome outcome, const char *media_type, const struct fault *fault);

/* Lent for the call. */
struct parser_file {
    const char *media_type;
    bool has_place;              /* a photograph that says where it was taken */
    int32_t latitude, longitude; /* millionths of a degree */
};
typedef void parser_file_read(
    void *arg, enum outcome outcome, const struct parser_file *file, const struct fault *fault);

/* Starts no process yet: that happens with the first request. */
enum outcome parser_open(struct parser **ret_parser, struct loop *loop, struct fault *fault);
/* What waits is dropped without an answer, and so is what comes later: close it after the channels were stopped. Whoever
 * asked may still say parser_forget(), until parser_free(). NULL is fine for both; the second does the first's work too. */
void parser_close(struct parser *parser);
void parser_free(struct parser *parser);

/* bytes are borrowed until the answer. At most 48 MiB (else NEVER). */
void parser_read_mail(
    struct parser *parser, const void *bytes, size_t length, parser_mail_read *done, void *arg);
/* What a file is by its content; only its beginning is looked at. bytes are borrowed until the answer. */
void parser_file_type(
    struct parser *parser, const void *bytes, size_t length, parser_type_read *done, void *arg);

/* The same, and where a photograph was taken. */
void parser_file_facts(
    struct parser *parser, const void *bytes, size_t length, parser_file_read *done, void *arg);

/* The requests of arg get no answer and their bytes are not touched any more: its owner goes away. */
void parser_forget(struct parser *parser, const void *arg);

/* `pengaduand parse-mail [FILE]`: one raw message (NULL = stdin) through `libexec/parser --once`, its JSON
 * line to out; a minimal object with defects ["parser-died"] when it dies. Returns the exit code: 0 for any
 * bytes, 66 when the file cannot be read, 69 when there is no parser program. Blocks; no loop needed. */
int parser_command(const char *path, FILE *out);

#endif
