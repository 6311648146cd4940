/* What somebody uploads, file after file: what it is (the parser child), and whether clamd, where there is one, finds
 * something in it. Loop thread. */
#ifndef WEB_FILE_LOOK_H
#define WEB_FILE_LOOK_H

#include "daemon/base/arena.h"
#include "daemon/loop/http_form.h"

struct web;

/* The caller's, until looked(): status 0 = content_type of each file is what its bytes are; else the answer, text may be
 * NULL. */
struct file_look {
    struct web *web;
    struct http_field *file; /* the first field of the form, then the one that is being looked at */
    struct arena *arena;     /* of the request */
    void (*looked)(void *arg, int status, const char *text);
    void *arg;
};

/* looked() runs once, perhaps from inside. */
void file_look_begin(struct file_look *look);

#endif
