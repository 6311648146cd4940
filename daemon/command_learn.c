/* `pengaduand learn`: what the dispositions of the book teach; `learn-measure`: the same of a file, without a book. */
#include "command.h"

#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/learn_run.h"
#include "rules/learn.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { LINE_MOST = 1 << 20, LINE_MEMORY = 4 << 20 };

/* ---- of the book ---- */

static void release(void *thing)
{
    struct learn_result *result = thing;
    learn_result_release(result);
    free(result);
}

enum outcome command_learn(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    str_clear(out);
    *ret_exit = EX_OK;
    command_left_release(args->left);
    struct learn_result *result = malloc(sizeof *result);
    if (result == NULL)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to learn");
    learn_result_init(result);
    *args->left = (struct command_left){result, release};
    return learn_study(txn, result, fault);
}

static void tell_bands(const struct learnt *learnt, struct str *out)
{
    str_adds(out, "\nMenurut keyakinannya:\n");
    for (size_t b = 0; b < LEARN_BANDS; b++) {
        struct learnt_band band = learnt_band(learnt, b);
        if (band.all > 0)
            str_addf(
                out, "  %zu dari %zu benar (%zu %%)\n", band.right, band.all, 100 * band.right / band.all);
    }
}

static void tell_confusion(const struct learnt *learnt, struct str *out)
{
    str_adds(out, "\nPutusan (baris) dan saran (kolom):\n");
    for (size_t l = 0; l < learnt->labels; l++)
        str_addf(out, "%6zu", l + 1);
    str_addc(out, '\n');
    for (size_t l = 0; l < learnt->labels; l++) {
        for (size_t as = 0; as < learnt->labels; as++)
            str_addf(out, "%6zu", learnt_taken_for(learnt, l, as));
        str_addf(out, "  %zu %s\n", l + 1, learnt_label(learnt, l));
    }
}

static void tell(const struct learn_result *result, bool new, struct str *out)
{
    struct learnt learnt;
    if (!learnt_open(&learnt, result->bytes.data, result->bytes.len)) {
        str_addf(out,
            "Belum cukup putusan untuk dipelajari: ada %zu, perlu sedikitnya %d, kepada lebih dari satu "
            "seksi.\n",
            result->cases, LEARN_CASES_LEAST);
        return;
    }
    str_addf(out, "Dipelajari dari %zu disposisi%s. Saran benar untuk %zu di antaranya (%zu %%)",
        learnt.cases, new ? "" : "; tidak ada yang baru", learnt.right, 100 * learnt.right / learnt.cases);
    if (learnt.proposed > 0)
        str_addf(out, "; aturan benar untuk %zu dari %zu (%zu %%)", learnt.proposed_right, learnt.proposed,
            100 * learnt.proposed_right / learnt.proposed);
    str_adds(out, ".\n");
    tell_bands(&learnt, out);
    tell_confusion(&learnt, out);
}

enum outcome command_learn_keep(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    const struct learn_result *result = args->left->thing;
    bool new = false;
    str_clear(out);
    *ret_exit = EX_OK;
    enum outcome outcome = learn_keep(txn, result, &new, fault);
    if (!outcome)
        tell(result, new, out);
    return outcome;
}

/* ---- of a file ---- */

static bool take_line(
    struct lesson *lesson, struct stemmer *stemmer, const char *line, size_t size, const char **ret_problem)
{
    json_t *in = size <= LINE_MOST ? json_loadb(line, size, JSON_REJECT_DUPLICATES, NULL) : NULL;
    const char *text = json_string_value(json_object_get(in, "text")),
               *section = json_string_value(json_object_get(in, "section")),
               *proposed = json_string_value(json_object_get(in, "proposed"));
    struct arena *arena = arena_new(LINE_MEMORY);
    *ret_problem =
        text != NULL && section != NULL ? NULL : "bukan objek JSON dengan \"text\" dan \"section\"";
    bool good = arena != NULL;
    if (good && *ret_problem == NULL)
        good = lesson_add(lesson, stemmer, text, strnlen(text, CLASSIFY_TEXT_MOST), section, proposed, arena);
    arena_free(arena);
    json_decref(in);
    return good;
}

static int take_lines(struct command *cmd, FILE *in, struct lesson *lesson, struct stemmer *stemmer)
{
    char *line = NULL;
    size_t room = 0, number = 0;
    ssize_t size;
    int code = EX_OK;
    while (code == EX_OK && (size = getline(&line, &room, in)) >= 0) {
        const char *problem = NULL;
        number++;
        if (!take_line(lesson, stemmer, line, (size_t)size, &problem))
            code = EX_TEMPFAIL;
        else if (problem != NULL) {
            fprintf(cmd->err, "pengaduand: baris %zu: %s\n", number, problem);
            code = EX_DATAERR;
        }
    }
    free(line);
    return code == EX_OK && ferror(in) ? EX_NOINPUT : code;
}

static json_t *measure_json(const struct learnt *learnt)
{
    json_t *bands = json_array(), *sections = json_array(), *taken = json_array();
    for (size_t b = 0; b < LEARN_BANDS; b++) {
        struct learnt_band band = learnt_band(learnt, b);
        if (band.all > 0)
            json_array_append_new(
                bands, json_pack("{s:I, s:I}", "right", (json_int_t)band.right, "all", (json_int_t)band.all));
    }
    for (size_t l = 0; l < learnt->labels; l++) {
        json_t *row = json_array();
        json_array_append_new(sections, json_string(learnt_label(learnt, l)));
        for (size_t as = 0; as < learnt->labels; as++)
            json_array_append_new(row, json_integer((json_int_t)learnt_taken_for(learnt, l, as)));
        json_array_append_new(taken, row);
    }
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "cases", (json_int_t)learnt->cases, "right",
        (json_int_t)learnt->right, "proposed", (json_int_t)learnt->proposed, "proposed_right",
        (json_int_t)learnt->proposed_right, "words", (json_int_t)learnt->words, "bands", bands, "sections",
        sections, "taken", taken);
}

static int show_measure(struct command *cmd, const struct lesson *lesson)
{
    struct str bytes;
    struct learnt learnt;
    struct fault fault = {0};
    str_init(&bytes, LEARN_SIZE_MOST);
    enum outcome outcome = lesson_learn(lesson, &bytes, &fault);
    json_t *measure = NULL;
    if (outcome == OUTCOME_DONE && learnt_open(&learnt, bytes.data, bytes.len))
        measure = measure_json(&learnt);
    str_release(&bytes);
    if (outcome != OUTCOME_DONE)
        fprintf(cmd->err, "pengaduand: %s\n", command_reason(&fault));
    else if (measure == NULL || json_dumpf(measure, cmd->out, JSON_COMPACT) != 0 ||
             fputc('\n', cmd->out) == EOF)
        outcome = OUTCOME_LATER;
    json_decref(measure);
    return command_exit(outcome);
}

int command_learn_measure(struct command *cmd)
{
    const char *path = cmd->args.word_count > 0 ? cmd->args.words[0] : NULL;
    FILE *in = path != NULL ? fopen(path, "re") : stdin;
    if (in == NULL) {
        fprintf(cmd->err, "pengaduand: %s: berkas ini tidak dapat dibaca\n", path);
        return EX_NOINPUT;
    }
    struct lesson *lesson = lesson_new();
    struct stemmer *stemmer = stemmer_new();
    int code = lesson != NULL && stemmer != NULL ? take_lines(cmd, in, lesson, stemmer) : EX_TEMPFAIL;
    if (path != NULL)
        fclose(in);
    if (code == EX_OK)
        code = show_measure(cmd, lesson);
    stemmer_free(stemmer);
    lesson_free(lesson);
    return code;
}
