/* What a visitor uploads, file after file: what it is, and whether clamd finds something in it. */
#include "visit.h"
#include "daemon/base/log.h"
#include "daemon/loop/scanner.h"

static void file_known(void *arg, const char *media_type);

/* Asks for the type of one file after the other; the form's own word for it counts for nothing. */
void visit_files(struct visit *v)
{
    while (v->file && !(v->file->filename && v->file->length))
        v->file = v->file->next;
    if (!v->file) {
        visit_submit(v);
    } else if (v->web->options.file_type) {
        v->web->options.file_type(
            v->web->options.file_type_context, v->file->value, v->file->length, file_known, v);
    } else {
        file_known(v, "application/octet-stream");
    }
}

/* What cannot be scanned is taken all the same: a citizen's complaint is worth more than the doubt, and files are only ever
 * given out as downloads. */
static void file_scanned(void *arg, enum scan result, const char *why)
{
    struct visit *v = arg;
    const char *name = v->file->filename;
    v->file = v->file->next;
    if (result == SCAN_FOUND) {
        const char *text = arena_printf(v->arena,
            "Belum ada yang tersimpan: berkas “%.80s” mengandung virus (%s). Kembali, hapus berkas itu, lalu "
            "kirim lagi.",
            name, why);
        log_event(LOG_WARN, NULL, "web.virus", "found=\"%s\"", why);
        visit_fail(v, 422, text);
        return;
    }
    if (result == SCAN_UNKNOWN)
        log_event(LOG_ERROR, NULL, "web.not_scanned", "reason=\"%s\"", why);
    visit_files(v);
}

/* Calls visit_files again: at most HTTP_FORM_MAX_FILES deep. */
static void file_known(void *arg, const char *media_type)
{
    struct visit *v = arg;
    v->file->content_type = arena_strdup(v->arena, media_type);
    if (media_type && arena_ok(v->arena)) {
        if (v->web->options.scanner)
            scanner_ask(v->web->options.scanner, v->file->value, v->file->length, file_scanned, v);
        else
            file_scanned(v, SCAN_CLEAN, "");
        return;
    }
    log_event(LOG_ERROR, NULL, "web.refused", "reason=\"no memory to ask for a file's type\"");
    visit_fail(v, 503, NULL);
}
