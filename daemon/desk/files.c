#include "files.h"
#include "daemon/book/blob.h"
#include <stdlib.h>

static enum outcome no_memory(struct fault *fault)
{
    return fault_set(fault, OUTCOME_LATER, NULL, "no memory for attachments");
}

enum outcome files_put(struct book_txn *txn, const struct inbound_file *first, struct attachment **ret_first,
    struct arena *arena, struct fault *fault)
{
    struct attachment **last = ret_first;
    *ret_first = NULL;
    for (const struct inbound_file *f = first; f; f = f->next) {
        struct attachment *a = arena_alloc(arena, sizeof *a);
        if (!a)
            return no_memory(fault);
        *a = (struct attachment){.filename = f->filename,
            .media_type = f->media_type,
            .size = f->size,
            .has_place = f->has_place,
            .latitude = f->latitude,
            .longitude = f->longitude};
        enum outcome outcome = blob_put(txn, f->data, f->size, &a->blob, fault);
        if (outcome)
            return outcome;
        *last = a;
        last = &a->next;
    }
    return OUTCOME_DONE;
}

static enum outcome read_bytes(struct book_txn *txn, const struct attachment *a, struct inbound_file *f,
    struct arena *arena, struct fault *fault)
{
    void *data;
    enum outcome outcome = blob_get(txn, &a->blob, &data, &f->size, fault);
    if (outcome)
        return outcome;
    f->data = arena_strndup(arena, data, f->size);
    free(data);
    return f->data ? OUTCOME_DONE : no_memory(fault);
}

enum outcome files_get(struct book_txn *txn, const struct attachment *first, struct inbound_file **ret_first,
    struct arena *arena, struct fault *fault)
{
    struct inbound_file **last = ret_first;
    *ret_first = NULL;
    for (const struct attachment *a = first; a; a = a->next) {
        struct inbound_file *f = arena_alloc(arena, sizeof *f);
        if (!f)
            return no_memory(fault);
        *f = (struct inbound_file){.filename = a->filename,
            .media_type = a->media_type,
            .has_place = a->has_place,
            .latitude = a->latitude,
            .longitude = a->longitude};
        enum outcome outcome = read_bytes(txn, a, f, arena, fault);
        if (outcome)
            return outcome;
        *last = f;
        last = &f->next;
    }
    return OUTCOME_DONE;
}
