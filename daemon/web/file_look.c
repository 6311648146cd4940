#include "file_look.h"
#include "daemon/base/log.h"
#include "daemon/loop/scanner.h"
#include "web_private.h"

static void file_known(void *arg, const char *media_type);

/* Asks for the type of one file after the other; the form's own word for it counts for nothing. */
void file_look_begin(struct file_look *look)
{
    while (look->file && !(look->file->filename && look->file->length))
        look->file = look->file->next;
    if (!look->file)
        look->looked(look->arg, 0, NULL);
    else if (look->web->options.file_type)
        look->web->options.file_type(
            look->web->options.file_type_context, look->file->value, look->file->length, file_known, look);
    else
        file_known(look, "application/octet-stream");
}

/* What cannot be scanned is taken all the same: a citizen's complaint is worth more than the doubt, and the desk has it
 * scanned later (desk/scan_run.h). */
static void file_scanned(void *arg, enum scan result, const char *why)
{
    struct file_look *look = arg;
    const char *name = look->file->filename;
    look->file = look->file->next;
    if (result == SCAN_FOUND) {
        const char *text = arena_printf(look->arena,
            "Belum ada yang tersimpan: berkas “%.80s” mengandung virus (%s). Kembali, hapus berkas itu, lalu "
            "kirim lagi.",
            name, why);
        log_event(LOG_WARN, NULL, "web.virus", "found=\"%s\"", why);
        look->looked(look->arg, 422, text);
        return;
    }
    if (result != SCAN_CLEAN)
        log_event(LOG_ERROR, NULL, "web.not_scanned", "reason=\"%s\"", why);
    file_look_begin(look);
}

/* Begins again: at most HTTP_FORM_MAX_FILES deep. */
static void file_known(void *arg, const char *media_type)
{
    struct file_look *look = arg;
    look->file->content_type = arena_strdup(look->arena, media_type);
    if (media_type && arena_ok(look->arena)) {
        if (look->web->options.scanner)
            scanner_ask(
                look->web->options.scanner, look->file->value, look->file->length, file_scanned, look);
        else
            file_scanned(look, SCAN_CLEAN, "");
        return;
    }
    log_event(LOG_ERROR, NULL, "web.refused", "reason=\"no memory to ask for a file's type\"");
    look->looked(look->arg, 503, NULL);
}
