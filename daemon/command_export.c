/* `pengaduand export`: the register as a file, part by part, so that a book of any size needs no more memory than one part of
 * it, and nobody waits for it. Documents (xlsx, pdf) leave here as a job for the printer. */
#include "command.h"

#include "daemon/desk/register_job.h"
#include "office_make.h"
#include "rules/workday.h"

#include <string.h>
#include <sysexits.h>

enum { EXPORT_MEMORY = 4 * 1024 * 1024 };

struct export
{
    struct book_txn *txn;
    struct office office;
    enum register_format format;
    struct complaint_filter filter;
    const struct command_args *args;
    struct str *out;
    struct arena *arena;
    int seen;
};

static bool read_format(const char *word, enum register_format *ret)
{
    static const char *const words[] = {[REGISTER_CSV] = "csv",
        [REGISTER_JSON] = "json",
        [REGISTER_SHEET] = "xlsx",
        [REGISTER_PAPER] = "pdf"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0) {
            *ret = (enum register_format)i;
            return true;
        }
    return false;
}

/* The beginning of that day, or of the next. */
static bool read_day(const char *text, int plus_days, int offset, int64_t *ret)
{
    int32_t day;
    if (text == NULL)
        return true;
    if (!workday_parse(text, &day))
        return false;
    *ret = workday_end_ms(day + plus_days - 1, offset) + 1;
    return true;
}

static const char *scope_words(const struct export *e)
{
    const char *from = e->args->options[ARG_FROM], *to = e->args->options[ARG_TO];
    if (from == NULL && to == NULL)
        return "Seluruh buku";
    return arena_printf(e->arena, "%s%s%s%s%s", from != NULL ? "Dari " : "", from != NULL ? from : "",
        from != NULL && to != NULL ? " sampai " : "", from == NULL ? "Sampai " : "", to != NULL ? to : "");
}

static enum outcome begin(struct export *e, struct fault *fault)
{
    struct register_job what = {.format = e->format, .scope = scope_words(e)};
    register_line_head(e->format, e->out);
    if (e->format != REGISTER_SHEET && e->format != REGISTER_PAPER)
        return OUTCOME_DONE;
    enum outcome outcome = complaint_count(e->txn, &e->filter, &what.count, fault);
    if (outcome == OUTCOME_DONE)
        outcome = register_job_fits(e->format, what.count, fault);
    return outcome == OUTCOME_DONE ? register_job_begin(e->out, e->txn, &e->office, &what, e->arena, fault)
                                   : outcome;
}

static enum outcome add_line(void *arg, const struct complaint *c, struct fault *fault)
{
    struct export *e = arg;
    e->seen++;
    e->args->part->next = c->id;
    return register_line(e->txn, &e->office, NULL, c, e->format, e->out, fault);
}

/* As many rows as fit into what a command may say at once: long texts make them few. */
static enum outcome add_rows(struct export *e, struct fault *fault)
{
    static const int limits[] = {200, 20, 1};
    size_t begun = e->out->len;
    enum outcome outcome = OUTCOME_DONE;
    e->filter.before_id = e->args->part->next;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        e->seen = 0;
        e->filter.limit = limits[i];
        outcome = complaint_list(e->txn, &e->filter, add_line, e, fault);
        e->args->part->more = e->seen == limits[i];
        if (outcome == OUTCOME_DONE || str_ok(e->out))
            return outcome;
        str_cut(e->out, begun);
        e->out->failed = false;
        e->args->part->next = e->filter.before_id;
    }
    return outcome;
}

static enum outcome write_part(struct export *e, struct fault *fault)
{
    const struct register_job what = {.format = e->format};
    enum outcome outcome = office_make(e->args->config, &e->office, e->arena, fault);
    if (outcome == OUTCOME_DONE && e->args->part->next == 0)
        outcome = begin(e, fault);
    if (outcome == OUTCOME_DONE)
        outcome = add_rows(e, fault);
    bool document = e->format == REGISTER_SHEET || e->format == REGISTER_PAPER;
    if (outcome == OUTCOME_DONE && document && !e->args->part->more)
        outcome = register_job_end(e->out, e->txn, &e->office, &what, e->arena, fault);
    return outcome;
}

enum outcome command_export(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    struct export e = {.txn = txn, .args = args, .out = out};
    struct book_options zone;
    const char *format = args->options[ARG_FORMAT], *wrong = NULL;
    str_clear(out);
    *ret_exit = EX_OK;
    args->part->more = false;
    command_book_options(args->config, &zone);
    if (!read_format(format != NULL ? format : "csv", &e.format))
        wrong = "--format harus csv, json, xlsx, atau pdf";
    else if (!read_day(args->options[ARG_FROM], 0, zone.utc_offset_minutes, &e.filter.from) ||
             !read_day(args->options[ARG_TO], 1, zone.utc_offset_minutes, &e.filter.to))
        wrong = "tanggal ditulis seperti 2026-11-30";
    if (wrong != NULL) {
        str_addf(out, "pengaduand: %s\n", wrong);
        *ret_exit = EX_USAGE;
        return OUTCOME_DONE;
    }
    e.arena = arena_new(EXPORT_MEMORY);
    if (e.arena == NULL)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for an export");
    enum outcome outcome = write_part(&e, fault);
    arena_free(e.arena);
    return outcome;
}
