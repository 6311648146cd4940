/* The lines of a job (printer_protocol.h) as typed blocks: the one place where outside bytes are read. */
#ifndef PRINTER_JOB_H
#define PRINTER_JOB_H

#include "channels/printer/printer_protocol.h"
#include "daemon/base/arena.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum job_kind {
    JOB_HEAD,
    JOB_TITLE,
    JOB_TEXT,
    JOB_FACTS,
    JOB_CODE,
    JOB_FIGURES,
    JOB_BARS,
    JOB_TABLE,
    JOB_ROWS,
    JOB_SIGNATURE,
    JOB_SHEET,
    JOB_SPACE,
    JOB_END,
    JOB_KINDS
};

enum job_style {
    STYLE_PLAIN,
    STYLE_BOLD,
    STYLE_SMALL,
    STYLE_RIGHT,
    STYLE_JUSTIFY,
    STYLE_HEADING,
    STYLE_CENTRE
};
enum job_align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };
enum job_type { TYPE_TEXT, TYPE_NUMBER, TYPE_MOMENT };

enum { JOB_TALLIES = 4, JOB_TEXT_MOST = 32000 /* bytes: a cell of a spreadsheet holds 32,767 characters */ };

struct job_column {
    const char *label;
    int width; /* share of the paper's width; characters in a spreadsheet */
    enum job_align align;
    enum job_type type;
};

struct job_row {
    const char *cells[PRINTER_CELLS_MOST]; /* "" behind count */
    size_t count;
    int tally; /* -1 = none */
};

/* Texts are never NULL. Lives in the arena it was read into. */
struct job_block {
    enum job_kind kind;
    enum job_style style;
    const char *text, *sub, *code, *qr, *small;                 /* of most kinds */
    const char *government, *office, *address, *title, *footer; /* of the head */
    const unsigned char *logo;
    size_t logo_size;
    bool wide, serif;
    struct job_column columns[PRINTER_CELLS_MOST];
    size_t column_count;
    const char *tallies[JOB_TALLIES];
    size_t tally_count;
    int64_t of;
    struct job_row *rows;
    size_t row_count;
};

/* One line of n bytes. NULL = *ret holds it; else what is wrong with it (English, static). */
const char *job_read(const char *line, size_t n, struct arena *arena, struct job_block *ret);

#endif
