/* Shared by view_parse.c and view.c only. */
#ifndef WEB_VIEW_PRIVATE_H
#define WEB_VIEW_PRIVATE_H

#include "daemon/base/embedded.h"
#include "daemon/base/fault.h"
#include <stdbool.h>
#include <stddef.h>

enum {
    VIEW_SECTIONS = 16, /* nested in one file */
    VIEW_FILES =
        8, /* partials and layouts inside each other; with the above it bounds the renderer's stack */
    VIEW_NAME = 64, /* bytes of a name */
};

enum view_op_kind {
    VIEW_TEXT,
    VIEW_VALUE,
    VIEW_URL,
    VIEW_EACH,
    VIEW_UNLESS,
    VIEW_END,
    VIEW_PARTIAL,
    VIEW_LAYOUT,
    VIEW_CONTENT
};

struct view;

struct view_op {
    enum view_op_kind kind;
    const char *text; /* the text or the name; points into the embedded file */
    size_t length;
    size_t end;              /* sections, layout: index of their VIEW_END */
    const struct view *view; /* partial, layout */
    int line;
};

struct view {
    const char *path; /* of the embedded file */
    const char *name; /* within path; file name without ".html" */
    size_t name_length;
    struct view_op *ops; /* owned */
    size_t count, capacity;
};

/* NEVER with path:line in both texts. view->ops is to be freed either way. */
enum outcome view_parse(struct view *view, const struct embedded_file *file, struct fault *fault);

/* views_open() over another table of files, for tests. */
enum outcome views_open_files(const struct embedded_file *files, struct fault *fault);

#endif
