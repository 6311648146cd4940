/* `pengaduand report monthly 2026-11`, `report yearly 2026`: the evaluation of a month or a year, as a file to keep. */
#include "command.h"

#include "daemon/base/json_read.h"
#include "daemon/desk/evaluate.h"
#include "daemon/web/evaluation_page.h"
#include "office_make.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { REPORT_MEMORY = 16 * 1024 * 1024 };

static enum outcome wrong(struct str *out, int *ret_exit, const char *why)
{
    str_addf(out, "pengaduand: %s\n", why);
    *ret_exit = EX_USAGE;
    return OUTCOME_DONE;
}

static bool known_format(const char *format)
{
    static const char *const known[] = {"html", "json", "xlsx", "pdf"};
    for (size_t i = 0; format != NULL && i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], format) == 0)
            return true;
    return format == NULL;
}

static enum outcome write_json(
    const struct evaluate *v, const struct office *office, struct str *out, struct fault *fault)
{
    json_t *json = evaluate_json(v, office);
    char *text = json_text(json, JSON_INDENT(1));
    json_decref(json);
    if (text == NULL)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a report");
    str_addf(out, "%s\n", text);
    free(text);
    return OUTCOME_DONE;
}

static enum outcome write_report(struct book_txn *txn, const struct command_args *args,
    const struct period *period, struct str *out, struct arena *arena, struct fault *fault)
{
    const char *format = args->options[ARG_FORMAT];
    struct office office;
    struct evaluate *v = NULL;
    enum outcome o = office_make(args->config, &office, arena, fault);
    if (o == OUTCOME_DONE)
        o = evaluate(txn, &office, period, &v, arena, fault);
    if (o != OUTCOME_DONE)
        return o;
    if (format == NULL || strcmp(format, "json") == 0)
        return write_json(v, &office, out, fault);
    return strcmp(format, "html") == 0 ? evaluation_document(txn, out, v, &office, arena, fault)
                                       : evaluation_job(txn, out, v, &office, arena, fault);
}

static enum outcome report(struct book_txn *txn, const struct command_args *args, bool monthly,
    struct str *out, int *ret_exit, struct fault *fault)
{
    const char *format = args->options[ARG_FORMAT];
    struct period period;
    str_clear(out);
    *ret_exit = EX_OK;
    if (!period_parse(args->words[0], &period) || (period.month != 0) != monthly)
        return wrong(out, ret_exit, monthly ? "bulan ditulis seperti 2026-11" : "tahun ditulis seperti 2026");
    if (!known_format(format))
        return wrong(out, ret_exit, "--format harus html, json, xlsx, atau pdf");
    struct arena *arena = arena_new(REPORT_MEMORY);
    if (arena == NULL)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a report");
    enum outcome o = write_report(txn, args, &period, out, arena, fault);
    arena_free(arena);
    return o;
}

enum outcome command_report_monthly(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    return report(txn, args, true, out, ret_exit, fault);
}

enum outcome command_report_yearly(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    return report(txn, args, false, out, ret_exit, fault);
}
