/* Has clamd look at each file once it is in the book, by whatever channel it came: a mail or a chat shall wait for no scanner,
 * and a page's upload that clamd could not look at (file_look.c) is looked at here. A file in which it finds something is
 * set aside: it stays in the book and is given to nobody, the complaint's history and the petugas are told. How far it is
 * stands in the book, so that neither a crash nor a scanner that is away leaves one out. Loop thread. */
#ifndef DESK_SCAN_RUN_H
#define DESK_SCAN_RUN_H

#include "daemon/book/book.h"
#include "daemon/loop/scanner.h"

struct scan_run;

/* scanner outlives it. */
enum outcome scan_run_new(struct scan_run **ret_run, struct loop *loop, struct book *book,
    struct scanner *scanner, struct fault *fault);
void scan_run_wake(struct scan_run *run); /* there may be new ones; NULL is fine, so below */
void scan_run_stop(struct scan_run *run);
void scan_run_free(struct scan_run *run); /* after the scanner and the book are closed */

#endif
