#include "upload.h"
#include <string.h>

static bool chosen(const struct http_field *f, const char *field)
{
    return f->filename && *f->filename && f->length && !strcmp(f->name, field);
}

bool upload_chosen(const struct page *page, const char *field)
{
    for (const struct http_field *f = page->form->fields; f; f = f->next)
        if (chosen(f, field))
            return true;
    return false;
}

enum outcome upload_files(struct page *page, const char *field, struct inbound_file **ret)
{
    struct inbound_file *first = NULL, **last = &first;
    for (const struct http_field *f = page->form->fields; f; f = f->next) {
        if (!chosen(f, field))
            continue;
        struct inbound_file *file = arena_alloc(page->arena, sizeof *file);
        if (!file)
            return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for an upload");
        *file = (struct inbound_file){.filename = f->filename,
            .media_type = f->content_type ? f->content_type : "application/octet-stream",
            .data = f->value,
            .size = f->length};
        *last = file;
        last = &file->next;
    }
    *ret = first;
    return OUTCOME_DONE;
}
