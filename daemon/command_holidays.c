/* `pengaduand holidays import FILE`: what /pengaturan/kalender does, without the look beforehand. */
#include "command.h"
#include "daemon/desk/calendar_change.h"
#include <string.h>
#include <sysexits.h>

enum { ARENA_MAX = 1 << 20 };

static enum outcome import(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct arena *arena, struct fault *fault)
{
    struct holiday *days = arena_alloc(arena, HOLIDAYS_MOST * sizeof *days);
    char problem[HOLIDAY_PROBLEM] = "";
    bool no_memory = !days;
    int added = 0;
    int32_t first;
    size_t count =
        days && args->input ? holidays_read(args->input, strlen(args->input), days, problem, &no_memory) : 0;
    if (no_memory)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a list of holidays");
    if (!count) {
        str_addf(out, "pengaduand: %s\n", problem);
        *ret_exit = EX_DATAERR;
        return OUTCOME_DONE;
    }
    enum outcome outcome = calendar_change_import(txn, NULL, days, count, &added, &first, arena, fault);
    if (!outcome)
        str_addf(out, "%zu hari terbaca, %d hari libur ditambahkan.\n", count, added);
    return outcome;
}

enum outcome command_holidays_import(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    struct arena *arena = arena_new(ARENA_MAX);
    str_clear(out);
    *ret_exit = EX_OK;
    enum outcome outcome = arena ? import(txn, args, out, ret_exit, arena, fault)
                                 : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a command");
    arena_free(arena);
    return outcome;
}
