/* /lampiran/ID: an attachment. Pictures, PDF and sound show in the browser; everything else is only saved, so
 * that no stranger's file ever runs as a page of ours.
 *
 * /mentah/ID: the bytes of a message as they came, for what is "perlu dibaca manual". They name the sender:
 * those of a rahasia complaint come by POST only, which the history has. */
#include "daemon/book/complaint.h"
#include "daemon/book/message.h"
#include "daemon/desk/person.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/sight.h"
#include "page.h"
#include "routes.h"
#include <stdlib.h>
#include <string.h>

static bool shown(const char *type)
{
    static const char *const types[] = {"image/jpeg", "image/png", "image/gif", "image/webp",
        "application/pdf", "audio/ogg", "audio/mpeg", "audio/mp4", "video/mp4"};
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
        bool plain = (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     *p == '.' || *p == '-' || *p == '_';
        if (plain)
            str_addc(&out, (char)*p);
        else
            str_addf(&out, "%%%02X", *p);
    }
    const char *text = arena_strdup(page->arena, str_ok(&out) ? out.data : "attachment");
    str_release(&out);
    return text;
}

static bool read_id(const char *text, int64_t *ret)
{
    size_t digits = strspn(text, "0123456789");
    *ret = digits <= 15 ? strtoll(text, NULL, 10) : 0;
    return digits && digits <= 15 && !text[digits];
}

/* In a file, or in a message as it came, the scanner found something: nobody gets it. */
static enum outcome set_aside(struct page *page, const char *found)
{
    page->status = 403;
    return fault_set(page->fault, OUTCOME_NEVER,
        arena_printf(page->arena,
            "Berkas ini disisihkan karena mengandung virus (%s), jadi tidak dapat dibuka. Mintalah pengadu "
            "mengirimnya "
            "lagi dari perangkat yang bersih.",
            found),
        "%s: %s", page->path, found);
}

static enum outcome show_file(struct page *page)
{
    struct attachment a;
    struct complaint c;
    int64_t id, complaint_id;
    size_t size;
    void *data;
    if (!read_id(page->rest, &id))
        return fault_set(
            page->fault, OUTCOME_NEVER, "Lampiran tidak ditemukan.", "no such file: %s", page->path);
    enum outcome outcome = attachment_get(page->txn, id, &a, &complaint_id, page->arena, page->fault);
    if (!outcome)
        outcome = complaint_get(page->txn, complaint_id, &c, page->arena, page->fault);
    if (!outcome)
        outcome = classify_admit(page->txn, page->officer, &c, "Lampiran tidak ditemukan.", page->fault);
    if (!outcome && a.found)
        outcome = set_aside(page, a.found);
    if (!outcome)
        outcome = blob_get(page->txn, &a.blob, &data, &size, page->fault);
    if (outcome)
        return outcome;
    page->disposition = disposition(page, a.media_type, a.filename);
    outcome = page_bytes(page, shown(a.media_type) ? a.media_type : "application/octet-stream", data, size);
    free(data);
    return outcome;
}

static enum outcome find_raw(struct page *page, struct complaint *c, struct message *ret)
{
    int64_t id;
    struct message *messages = NULL;
    size_t count = 0;
    enum outcome missing = OUTCOME_NEVER;
    if (!read_id(page->rest, &id))
        return fault_set(page->fault, missing, "Pesan tidak ditemukan.", "no such message: %s", page->path);
    int64_t complaint_id = id / (MESSAGES_A_COMPLAINT + 1); /* message.h */
    enum outcome outcome = complaint_get(page->txn, complaint_id, c, page->arena, page->fault);
    if (!outcome)
        outcome = classify_admit(page->txn, page->officer, c, "Pesan tidak ditemukan.", page->fault);
    if (!outcome)
        outcome = message_list(page->txn, complaint_id, &messages, &count, page->arena, page->fault);
    if (outcome)
        return outcome;
    for (size_t i = 0; i < count; i++)
        if (messages[i].id == id && messages[i].has_raw) {
            *ret = messages[i];
            for (const struct attachment *a = ret->attachments; a; a = a->next)
                if (a->found)
                    return set_aside(page, a->found);
            return OUTCOME_DONE;
        }
    return fault_set(
        page->fault, missing, "Pesan tidak ditemukan.", "message %lld has no raw bytes", (long long)id);
}

static enum outcome send_raw(struct page *page, const struct complaint *c, const struct message *m)
{
    void *data = NULL;
    size_t size = 0;
    bool mail = !strncmp(m->channel, "email", 5);
    char *name = arena_printf(page->arena, "%s-pesan-%lld.%s", c->number,
        (long long)(m->id % (MESSAGES_A_COMPLAINT + 1)), mail ? "eml" : "bin");
    for (char *p = name; p && *p; p++)
        *p = *p == '/' ? '-' : *p;
    enum outcome outcome = blob_get(page->txn, &m->raw, &data, &size, page->fault);
    if (outcome)
        return outcome;
    const char *type = mail ? "message/rfc822" : "application/octet-stream";
    page->disposition = disposition(page, type, name ? name : "pesan");
    outcome = page_bytes(page, type, data, size);
    free(data);
    return outcome;
}

static enum outcome get_raw(struct page *page)
{
    struct complaint c = {0};
    struct message m = {0};
    enum outcome outcome = find_raw(page, &c, &m);
    if (!outcome && !sight_identity(page->officer, &c))
        outcome = fault_set(page->fault, OUTCOME_NEVER, "Pesan tidak ditemukan.", "names a hidden sender");
    return outcome ? outcome : send_raw(page, &c, &m);
}

static enum outcome post_raw(struct page *page)
{
    struct complaint c = {0};
    struct message m = {0};
    page->status = 404; /* what a refusal is, as in get_raw() */
    enum outcome outcome = find_raw(page, &c, &m);
    if (!outcome)
        outcome = person_look(page->txn, page->officer, c.id, PERSON_IDENTITY, page->arena, page->fault);
    return outcome ? outcome : send_raw(page, &c, &m);
}

#define OFFICERS                                                                                             \
    (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT)
const struct page_route file_routes[] = {
    {"/lampiran/*", show_file, NULL, OFFICERS, 0},
    {"/mentah/*", get_raw, post_raw, OFFICERS, 0},
    {NULL, NULL, NULL, 0, 0},
};
