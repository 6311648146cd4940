/* /lampiran/ID: an attachment. Pictures, PDF and sound show in the browser; everything else is only saved, so that no
 * stranger's file ever runs as a page of ours. */
#include "daemon/book/complaint.h"
#include "daemon/book/message.h"
#include "daemon/desk/sight.h"
#include "page.h"
#include "routes.h"
#include <stdlib.h>
#include <string.h>

static bool shown(const char *type)
{
    static const char *const types[] = {"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf",
        "audio/ogg", "audio/mpeg", "audio/mp4", "video/mp4"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcmp(type, types[i]))
            return true;
    return false;
}

/* RFC 6266 with RFC 8187 for names beyond ASCII. */
static const char *disposition(struct page *page, const char *type, const char *filename)
{
    struct str out;
    str_init(&out, 2048);
    str_addf(&out, "%s; filename*=UTF-8''", shown(type) ? "inline" : "attachment");
    for (const unsigned char *p = (const unsigned char *)filename; *p; p++) {
        bool plain = (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || *p == '.' ||
                     *p == '-' || *p == '_';
        if (plain)
            str_addc(&out, (char)*p);
        else
            str_addf(&out, "%%%02X", *p);
    }
    const char *text = arena_strdup(page->arena, str_ok(&out) ? out.data : "attachment");
    str_release(&out);
    return text;
}

static enum outcome show_file(struct page *page)
{
    struct attachment a;
    struct complaint c;
    int64_t complaint_id;
    size_t digits = strspn(page->rest, "0123456789"), size;
    void *data;
    if (!digits || digits > 15 || page->rest[digits])
        return fault_set(page->fault, OUTCOME_NEVER, "Lampiran tidak ditemukan.", "no such file: %s", page->path);
    enum outcome outcome = attachment_get(page->txn, strtoll(page->rest, NULL, 10), &a, &complaint_id, page->arena, page->fault);
    if (!outcome)
        outcome = complaint_get(page->txn, complaint_id, &c, page->arena, page->fault);
    if (!outcome && !sight_complaint(page->officer, &c))
        outcome = fault_set(page->fault, OUTCOME_NEVER, "Lampiran tidak ditemukan.", "not this officer's to see");
    if (!outcome)
        outcome = blob_get(page->txn, &a.blob, &data, &size, page->fault);
    if (outcome)
        return outcome;
    page->disposition = disposition(page, a.media_type, a.filename);
    outcome = page_bytes(page, shown(a.media_type) ? a.media_type : "application/octet-stream", data, size);
    free(data);
    return outcome;
}

#define OFFICERS (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT)
const struct page_route file_routes[] = {
    {"/lampiran/*", show_file, NULL, OFFICERS, 0},
    {NULL, NULL, NULL, 0, 0},
};
