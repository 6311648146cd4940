/* The printer's reader of jobs: whatever a line says, what comes out is text of bounded length that is UTF-8, without control
 * characters, and rows that fit their table. */
#include "channels/printer/program/job.h"
#include "fuzz.h"
#include <glib.h>
#include <string.h>

static void check_text(const char *text)
{
    require(text && strlen(text) <= JOB_TEXT_MOST && g_utf8_validate(text, -1, NULL));
    for (; *text; text++)
        require((unsigned char)*text >= 0x20 || *text == '\n');
}

static void check_block(const struct job_block *b)
{
    const char *const texts[] = {
        b->text, b->sub, b->code, b->qr, b->small, b->government, b->office, b->address, b->title, b->footer};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_text(texts[i]);
    require(b->kind < JOB_KINDS && b->column_count <= PRINTER_CELLS_MOST && b->tally_count <= JOB_TALLIES);
    for (size_t i = 0; i < b->column_count; i++)
        check_text(b->columns[i].label);
    for (size_t r = 0; r < b->row_count; r++) {
        require(b->rows[r].tally >= -1 && b->rows[r].tally < JOB_TALLIES);
        for (size_t i = 0; i < PRINTER_CELLS_MOST; i++)
            check_text(b->rows[r].cells[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct job_block block;
    struct arena *arena = arena_new(4 << 20);
    if (arena && !job_read((const char *)data, size, arena, &block))
        check_block(&block);
    arena_free(arena);
    return 0;
}
