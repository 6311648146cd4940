/* `pengaduand rules`, and what `classify` and `check` ask by it. */
#include "command_rules.h"

#include "control.h"
#include "daemon/book/rule_version.h"
#include "daemon/desk/classify_source.h"
#include "run_as.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { VERSION_ARENA = 2 << 20, RULES_OUTPUT = COMMAND_OUTPUT_MAX };

static const char OF_BOOK[] = "# Aturan versi "; /* the first line of what the command says of such rules */

static enum outcome show_file(const struct command_args *args, struct str *out, struct fault *fault)
{
    struct classify_rules *rules = NULL;
    struct str problems;
    char *text = NULL;
    str_init(&problems, 64 * 1024);
    enum outcome outcome = classify_source_read(
        &rules, &text, config_text(args->config, "office", NULL, "rules"), &problems, fault);
    str_adds(out, outcome ? problems.data : text);
    classify_rules_free(outcome ? NULL : rules);
    free(text);
    str_release(&problems);
    return outcome;
}

static enum outcome show_rules(struct book_txn *txn, const struct command_args *args, struct str *out,
    struct arena *arena, struct fault *fault)
{
    int64_t newest = 0;
    struct rule_version v = {0};
    enum outcome outcome = rule_version_newest(txn, &newest, fault);
    if (!outcome && newest)
        outcome = rule_version_get(txn, newest, &v, arena, fault);
    if (outcome || !v.text)
        return outcome ? outcome : show_file(args, out, fault);
    str_addf(out, "%s%" PRId64 " di buku\n%s", OF_BOOK, newest, v.text);
    return OUTCOME_DONE;
}

enum outcome command_rules(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    struct arena *arena = arena_new(VERSION_ARENA);
    str_clear(out);
    *ret_exit = EX_OK;
    enum outcome outcome = arena ? show_rules(txn, args, out, arena, fault)
                                 : fault_set(fault, OUTCOME_LATER, NULL, "no memory for the rules");
    arena_free(arena);
    return outcome;
}

/* ---- for other commands ---- */

struct peek {
    const struct command_args *args;
    struct str *out;
};

static enum outcome peek(struct book_txn *txn, void *arg, struct fault *fault)
{
    int code;
    const struct peek *p = arg;
    return command_rules(txn, p->args, p->out, &code, fault);
}

/* NEVER: there is no book. */
static enum outcome ask_book(struct command *cmd, struct str *out, struct fault *fault)
{
    char path[PATH_MAX];
    struct book *book;
    struct book_options options;
    struct peek p = {&cmd->args, out};
    command_book_options(cmd->config, &options);
    options.look = true;
    int n = snprintf(path, sizeof path, "%s/buku.db", options.folder);
    if (n >= (int)sizeof path || access(path, F_OK) != 0)
        return OUTCOME_NEVER;
    enum outcome outcome = run_as_check(options.folder, fault); /* it would leave files of root */
    if (!outcome)
        outcome = book_open(&book, /* loop= */ NULL, &options, fault);
    if (outcome)
        return outcome == OUTCOME_NEVER ? OUTCOME_STOP : outcome;
    outcome = book_run(book, /* write= */ false, peek, &p, fault);
    book_close(book);
    return outcome == OUTCOME_NEVER ? OUTCOME_STOP : outcome;
}

static enum outcome ask(struct command *cmd, struct str *out, struct fault *fault)
{
    static const char *const argv[] = {"rules"};
    int code = EX_OK;
    struct command_part whole = {0};
    cmd->args.config = cmd->config;
    const char *folder = config_text(cmd->config, "server", NULL, "data");
    enum outcome outcome = control_call(folder, 1, argv, NULL, &whole, out, &code, fault);
    if (!outcome && code != EX_OK)
        outcome = fault_set(fault, OUTCOME_STOP, NULL, "the daemon: %.200s", out->data);
    return outcome == OUTCOME_NEVER ? ask_book(cmd, out, fault) : outcome;
}

/* The rules of the book; *ret_rules NULL = it has none of its own, or cannot be read. */
static enum outcome read_book(struct command *cmd, struct str *text, struct classify_rules **ret_rules,
    char name[RULES_NAME_SIZE], struct fault *fault)
{
    struct str problems;
    struct fault why = {0};
    enum outcome outcome = ask(cmd, text, &why);
    *ret_rules = NULL;
    if (outcome && outcome != OUTCOME_NEVER)
        fprintf(cmd->err, "pengaduand: aturan di buku tidak dapat dibaca (%s); dipakai aturan berkas\n",
            command_reason(&why));
    if (outcome || strncmp(text->data, OF_BOOK, strlen(OF_BOOK)))
        return OUTCOME_DONE;
    snprintf(name, RULES_NAME_SIZE, "aturan versi %.*s", (int)strcspn(text->data + strlen(OF_BOOK), "\n"),
        text->data + strlen(OF_BOOK));
    str_init(&problems, 64 * 1024);
    const char *rules =
        text->data + strcspn(text->data, "\n") + 1; /* lines as they are counted in the book */
    outcome = classify_rules_parse(ret_rules, name, rules, strlen(rules), &problems, fault);
    fputs(problems.data, cmd->err);
    str_release(&problems);
    return outcome;
}

static enum outcome read_file(
    struct command *cmd, struct classify_rules **ret_rules, char name[RULES_NAME_SIZE], struct fault *fault)
{
    struct str problems;
    const char *path = config_text(cmd->config, "office", NULL, "rules");
    str_init(&problems, 64 * 1024);
    enum outcome outcome = classify_source_read(ret_rules, NULL, path, &problems, fault);
    fputs(problems.data, cmd->err);
    str_release(&problems);
    snprintf(name, RULES_NAME_SIZE, "%s", path ? path : "aturan bawaan");
    return outcome;
}

enum outcome command_rules_read(
    struct command *cmd, struct classify_rules **ret_rules, char name[RULES_NAME_SIZE], struct fault *fault)
{
    struct str text;
    str_init(&text, RULES_OUTPUT);
    enum outcome outcome = read_book(cmd, &text, ret_rules, name, fault);
    str_release(&text);
    return outcome || *ret_rules ? outcome : read_file(cmd, ret_rules, name, fault);
}
