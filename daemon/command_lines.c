#include "command_lines.h"
#include "rules/text_match.h"
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { LINE_MOST = 1 << 20, LINE_MEMORY = 16 << 20 };

struct lines {
    struct command *cmd;
    command_line_fn *answer;
    void *arg;
    size_t number;
    bool refused;
};

static json_t *refuse(struct lines *l, const char *why)
{
    l->refused = true;
    fprintf(l->cmd->err, "pengaduand: baris %zu: %s\n", l->number, why);
    return json_pack("{s:s}", "error", why);
}

static json_t *answer_line(struct lines *l, const char *line, size_t size)
{
    if (size > LINE_MOST)
        return refuse(l, "lebih panjang dari 1 MiB");
    json_t *in = json_loadb(line, size, JSON_REJECT_DUPLICATES, NULL), *out = NULL;
    struct arena *arena = arena_new(LINE_MEMORY);
    if (!json_is_string(json_object_get(in, "text")))
        out = refuse(l, "bukan objek JSON dengan \"text\"");
    else if (arena)
        out = l->answer(l->arg, in, arena);
    arena_free(arena);
    json_decref(in);
    return out;
}

static bool put_line(struct lines *l, const char *line, size_t size)
{
    json_t *out = answer_line(l, line, size);
    bool good = out && json_dumpf(out, l->cmd->out, JSON_COMPACT | JSON_REAL_PRECISION(2)) == 0 &&
                fputc('\n', l->cmd->out) != EOF;
    json_decref(out);
    return good;
}

static int run(struct lines *l, FILE *in)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    bool good = true;
    while (good && (size = getline(&line, &room, in)) >= 0) {
        l->number++;
        if (!span_is_blank((struct span){line, (size_t)size}))
            good = put_line(l, line, (size_t)size);
    }
    free(line);
    return !good ? EX_TEMPFAIL : ferror(in) ? EX_NOINPUT : l->refused ? EX_DATAERR : EX_OK;
}

int command_lines(struct command *cmd, command_line_fn *answer, void *arg)
{
    const char *path = cmd->args.word_count ? cmd->args.words[0] : NULL;
    FILE *in = path ? fopen(path, "re") : stdin;
    if (!in) {
        fprintf(cmd->err, "pengaduand: %s: berkas ini tidak dapat dibaca\n", path);
        return EX_NOINPUT;
    }
    struct lines l = {.cmd = cmd, .answer = answer, .arg = arg};
    int code = run(&l, in);
    if (path)
        fclose(in);
    return code;
}
