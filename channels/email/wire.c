#include "wire.h"
#include "daemon/base/file.h"
#include "daemon/base/step.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Sixty-four channels with eight letters each are fewer. */
enum { SLOTS = 1024 };

/* Twice, so that half a write is no id: such a letter was not ended. */
struct slot {
    int64_t id, again;
};

bool wire_init(struct wire *w, const char *data_folder)
{
    w->fd = -1;
    w->next = 0;
    return snprintf(w->path, sizeof w->path, "%s/kawat.email", data_folder) < (int)sizeof w->path;
}

void wire_release(struct wire *w)
{
    if (w->fd >= 0)
        close(w->fd);
    w->fd = -1;
}

/* Anew in each life: what was in it has been asked for. The file and its name come onto the disk. */
static bool begin(struct wire *w)
{
    static const struct slot empty[SLOTS];
    struct fault ignored;
    if (file_write(w->path, empty, sizeof empty, 0600, &ignored))
        return false;
    w->fd = open(w->path, O_WRONLY | O_CLOEXEC);
    return w->fd >= 0;
}

bool wire_mark(struct wire *w, int64_t id)
{
    const struct slot slot = {id, id};
    step("wire.mark");
    if (w->fd < 0 && !begin(w))
        return false;
    off_t at = (off_t)(w->next++ % SLOTS * sizeof slot);
    bool good = pwrite(w->fd, &slot, sizeof slot, at) == (ssize_t)sizeof slot && !fdatasync(w->fd);
    step("wire.marked");
    return good;
}

bool wire_has(const struct wire *w, int64_t id)
{
    char *content;
    size_t size;
    struct fault ignored;
    if (file_read(w->path, SLOTS * sizeof(struct slot), &content, &size, &ignored))
        return true;
    bool has = size != SLOTS * sizeof(struct slot);
    for (size_t i = 0; i < SLOTS && !has; i++) {
        struct slot slot;
        memcpy(&slot, content + i * sizeof slot, sizeof slot);
        has = slot.id == id && slot.again == id;
    }
    free(content);
    return has;
}
