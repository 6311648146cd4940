#include "storage.h"
#include "daemon/base/log.h"
#include <inttypes.h>
#include <sys/statvfs.h>

/* Below it a commit with its WAL frames may not fit. */
static const uint64_t scarce_bytes = 1 << 20;

const char *storage_trouble(const char *folder)
{
    struct statvfs fs;
    if (statvfs(folder, &fs))
        return "folder data tidak dapat dibaca";
    if (fs.f_flag & ST_RDONLY)
        return "penyimpanan hanya dapat dibaca";
    if ((uint64_t)fs.f_bavail * fs.f_frsize < scarce_bytes)
        return "penyimpanan penuh";
    return "penyimpanan terganggu";
}

void storage_failed(struct storage *storage, const char *folder, int64_t now, const struct fault *fault)
{
    storage->failed_at = now;
    if (atomic_load(&storage->since))
        return;
    atomic_store(&storage->since, now);
    log_event(LOG_ERROR, NULL, "book.cannot_write", "trouble=\"%s\" reason=\"%s\"", storage_trouble(folder),
        fault->internal);
}

void storage_worked(struct storage *storage, int64_t now)
{
    int64_t since = atomic_load(&storage->since);
    if (!since || (now >= storage->failed_at && now - storage->failed_at < STORAGE_HOLD_MS))
        return;
    atomic_store(&storage->since, 0);
    log_event(LOG_INFO, NULL, "book.writes_again", "after_s=%" PRId64, (now - since) / 1000);
}
