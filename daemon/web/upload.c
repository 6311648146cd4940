#include "upload.h"
#include <string.h>

enum outcome upload_list(struct page *page, const char *name, struct inbound_file **ret_files)
{
    struct inbound_file *files = NULL, **last = &files;
    for (const struct http_field *f = page->form->fields; f; f = f->next) {
        /* A file control left empty arrives as a file without name and bytes (HTML 4.10.21.4). */
        if (!f->filename || !f->length || strcmp(f->name, name))
            continue;
        struct inbound_file *file = arena_alloc(page->arena, sizeof *file);
        if (!file)
            return fault_set(page->fault, OUTCOME_LATER, NULL, "upload: no memory");
        *file = (struct inbound_file){.filename = *f->filename ? f->filename : "berkas",
            .media_type = f->content_type,
            .data = f->value,
            .size = f->length};
        *last = file;
        last = &file->next;
    }
    *ret_files = files;
    return OUTCOME_DONE;
}

enum outcome upload_files(struct page *page, const char *name, const struct inbound_file **ret_files)
{
    struct inbound_file *files;
    enum outcome o = upload_list(page, name, &files);
    if (o == OUTCOME_DONE)
        *ret_files = files;
    return o;
}
