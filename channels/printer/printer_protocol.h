/* Frames (base/frame.h) between the daemon and libexec/printer. One process makes one document and ends.
 *
 * The program is started as `printer pdf FD` or `printer xlsx FD`, or `printer pdf --once`, which reads the lines from
 * stdin and writes the document to stdout. Each request has exactly one answer.
 *
 * A job is text: JSON objects, one a line. "block" says what a line is; strings are UTF-8, cells are strings. All are
 * plain text: nothing in them is markup, a formula or a link.
 *
 *   head       {government, office, address, logo (base64 of a PNG or JPEG; "" = none), title (of the file), footer, wide,
 *              serif}: the first line, once
 *   title      {text, sub, style}: style "centre" or ""
 *   text       {text, style}: style "", "bold", "small", "right", "justify", "heading", "centre"
 *   facts      {rows: [[label, value, "bold" or ""], ...]}
 *   code       {text, sub, code, qr, small}
 *   figures    {rows: [[number, words, small words], ...]}
 *   bars       {text, rows: [[label, part, whole, words], ...]}
 *   table      {columns: [{label, width, align, type}], tallies: [...], of}: begins a table; align "left", "right",
 *              "centre"; type "text", "number", "moment" (RFC 3339, a date in a spreadsheet)
 *   rows       {rows: [[cell, ..., tally], ...]}: of the table before; tally: an integer, index of tallies, -1 = none.
 *              A table with tallies ends each page with its running totals
 *   signature  {rows: [[above, name, below], ...]}: one or two; lines separated by "\n"
 *   sheet      {text}: a further sheet of a spreadsheet; nothing on paper
 *   space      {of}: points
 *   end        the last line */
#ifndef PRINTER_PROTOCOL_H
#define PRINTER_PROTOCOL_H

enum printer_request {
    PRINTER_LINES = 1, /* body: whole lines of the job, at most 16 MiB */
    PRINTER_MORE = 2,  /* the next part of what is ready */
};

enum printer_answer {
    PRINTER_PART = 101,    /* body: bytes of the document; there are more: ask by PRINTER_MORE */
    PRINTER_READY = 102,   /* body: the same, maybe none; further lines may come */
    PRINTER_LAST = 103,    /* body: the last bytes of the document */
    PRINTER_REFUSED = 104, /* body: why (English, for the log): such a job cannot be printed */
};

enum {
    PRINTER_FD = 3,
    PRINTER_LINE_MOST = 1 << 20,   /* bytes of one line */
    PRINTER_LINES_MOST = 16 << 20, /* bytes of a request */
    PRINTER_PART_MOST = 1 << 18,   /* bytes of an answer */
    PRINTER_CELLS_MOST = 24,       /* of a row */
    PRINTER_ROWS_MOST = 100000,    /* of a table in a spreadsheet */
    PRINTER_PAGES_MOST = 2000,     /* of paper */
};

#endif
