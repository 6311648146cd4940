/* Files without names for libxlsxwriter, which keeps rows and parts of a workbook in temporary files: they are opened
 * before the cage shuts (no file can be opened behind it) and handed out one after the other.
 *
 * The library asks by its own lxw_tmpfile() and by minizip's zipOpen(); both are defined here and win over theirs, because
 * a program's own functions do (scratch.c). */
#ifndef PRINTER_SCRATCH_H
#define PRINTER_SCRATCH_H

#include <stdbool.h>

bool scratch_open(void);

/* The descriptor of the workbook that was closed last, at its beginning; -1 = there is none. */
int scratch_workbook(void);

#endif
