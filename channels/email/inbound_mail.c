#include "inbound_mail.h"
#include "authenticity.h"
#include "daemon/loop/smtp_client.h"
#include "rules/thread_tag.h"
#include <ctype.h>
#include <sodium.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
    INBOUND_REFERENCES_MOST = 100,
    INBOUND_FILENAME_MOST = 150, /* bytes */
    INBOUND_RAW_TEXT_MOST = 16 << 10,
    INBOUND_HEADER_MOST = 64 << 10, /* where a sender is looked for in a mail nobody understands */
};

/* "" is absent. */
static const char *text_of(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text && *text ? text : NULL;
}

static char *lower(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);
    for (char *p = copy; p && *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return copy;
}

/* 2026-11-22T03:00:00Z; 0 = unknown. */
static int64_t claimed_at(const char *text)
{
    struct tm tm = {0};
    const char *end = text ? strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm) : NULL;
    return end && !*end ? (int64_t)timegm(&tm) * 1000 : 0;
}

/* ---- sender ---- */

static void fill_sender(struct inbound *in, const json_t *facts)
{
    const json_t *from = json_object_get(facts, "from"), *reply_to = json_object_get(facts, "reply_to");
    const char *address = text_of(from, "address"), *answer = text_of(reply_to, "address");
    in->nama = arena_strdup(in->arena, text_of(from, "name"));
    /* An address we could not write to is none: the sender is then unknown, the text still stands. */
    if (address && smtp_address_ok(address)) {
        in->identity_scheme = "email";
        in->identity_value = lower(in->arena, address);
        in->email = in->identity_value;
    }
    in->reply_to = answer && smtp_address_ok(answer) ? arena_strdup(in->arena, answer)
                   : in->email                       ? arena_strdup(in->arena, address)
                                                     : NULL;
}

/* ---- references ---- */

static size_t add_references(const char **list, size_t count, struct arena *arena, const json_t *ids)
{
    size_t i;
    json_t *id;
    json_array_foreach(ids, i, id)
    {
        const char *text = json_string_value(id);
        size_t k = 0;
        if (!text || !*text || count >= INBOUND_REFERENCES_MOST)
            continue;
        while (k < count && strcmp(list[k], text))
            k++;
        if (k == count && (list[count] = arena_strdup(arena, text)))
            count++;
    }
    return count;
}

/* Newest last (RFC 5322 3.6.4): References go from the first mail to the parent, In-Reply-To is the
 * parent. */
static void fill_references(struct inbound *in, const json_t *facts)
{
    const char **list = arena_alloc(in->arena, (INBOUND_REFERENCES_MOST + 1) * sizeof *list);
    size_t count = 0;
    in->reference_scheme = "mail";
    in->own_reference = arena_strdup(in->arena, text_of(facts, "message_id"));
    if (!list)
        return;
    count = add_references(list, count, in->arena, json_object_get(facts, "references"));
    count = add_references(list, count, in->arena, json_object_get(facts, "in_reply_to"));
    in->references = count ? list : NULL;
}

static bool number_character(char c)
{
    return isalnum((unsigned char)c) || c == '/' || c == '-' || c == '.' || c == '_';
}

const char *inbound_mail_number(struct arena *arena, const char *text)
{
    const char *dated = NULL; /* digits and slashes alone: rather a date, but a format may look so */
    size_t dated_length = 0;
    for (const char *p = text; p && *p;) {
        const char *begin = p;
        int slashes = 0, letters = 0, digits = 0;
        for (; number_character(*p); p++) {
            slashes += *p == '/';
            letters += isalpha((unsigned char)*p) != 0;
            digits += isdigit((unsigned char)*p) != 0;
        }
        size_t length = (size_t)(p - begin);
        while (length && !isalnum((unsigned char)begin[length - 1]))
            length--;
        if (slashes >= 2 && digits && letters && length < 64)
            return arena_strndup(arena, begin, length);
        if (slashes >= 2 && digits && !dated && length && length < 64) {
            dated = begin;
            dated_length = length;
        }
        if (*p)
            p++;
    }
    return dated ? arena_strndup(arena, dated, dated_length) : NULL;
}

/* "014/PGD/XI/2026#k7qmx2r9" */
const char *inbound_mail_tag(struct arena *arena, const char *text)
{
    for (const char *p = text ? strchr(text, '#') : NULL; p; p = strchr(p + 1, '#')) {
        size_t n = thread_tag_span(p + 1);
        if (n && p > text && number_character(p[-1]))
            return arena_strndup(arena, p + 1, n);
    }
    return NULL;
}

/* ---- second key ---- */

/* The same mail comes again under another UID after a changed UIDVALIDITY or through two addresses: the
 * Message-ID is the same then. But form mailers exist that give every mail the same one; the digest of date,
 * sender, subject and text beside it keeps their second citizen from being taken for the first. */
static void fill_digest(struct inbound *in, const json_t *facts)
{
    static const char *const parts[] = {"date", "subject", "text"};
    unsigned char sum[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof sum + 1];
    const char *id = text_of(facts, "message_id");
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    if (id) {
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            const char *text = json_string_value(json_object_get(facts, parts[i]));
            crypto_hash_sha256_update(
                &state, (const unsigned char *)(text ? text : ""), text ? strlen(text) + 1 : 1);
        }
        if (in->identity_value)
            crypto_hash_sha256_update(
                &state, (const unsigned char *)in->identity_value, strlen(in->identity_value));
    } else {
        crypto_hash_sha256_update(&state, in->raw, in->raw_size);
    }
    crypto_hash_sha256_final(&state, sum);
    sodium_bin2hex(hex, sizeof hex, sum, sizeof sum);
    if (id)
        hex[32] = 0;
    in->digest = id ? arena_printf(in->arena, "%s/%s", id, hex) : arena_printf(in->arena, "sha256:%s", hex);
}

/* ---- files ---- */

static const char *safe_filename(struct arena *arena, const char *name, size_t index)
{
    for (const char *p = name; p && *p; p++)
        if (*p == '/' || *p == '\\')
            name = p + 1;
    while (name && (*name == '.' || *name == ' '))
        name++;
    if (!name || !*name)
        return arena_printf(arena, "lampiran-%zu", index + 1);
    size_t length = strlen(name);
    if (length > INBOUND_FILENAME_MOST) {
        length = INBOUND_FILENAME_MOST;
        while (length && ((unsigned char)name[length] & 0xc0) == 0x80)
            length--;
    }
    char *copy = arena_strndup(arena, name, length);
    for (char *p = copy; p && *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '_';
    return copy;
}

static void fill_files(struct inbound *in, const struct parser_mail *mail)
{
    const json_t *list = json_object_get(mail->facts, "attachments");
    struct inbound_file **end = &in->files;
    for (size_t i = 0; i < mail->count; i++) {
        struct inbound_file *file = arena_alloc(in->arena, sizeof *file);
        if (!file)
            return;
        file->filename = safe_filename(in->arena, text_of(json_array_get(list, i), "filename"), i);
        file->media_type = "application/octet-stream";
        file->data = mail->attachments[i].size
                         ? arena_memdup(in->arena, mail->attachments[i].data, mail->attachments[i].size)
                         : "";
        file->size = mail->attachments[i].size;
        *end = file;
        end = &file->next;
    }
}

/* ---- kinds of arrivals ---- */

static bool has_defect(const json_t *facts, const char *name)
{
    size_t i;
    json_t *defect;
    json_array_foreach(json_object_get(facts, "defects"), i, defect)
    {
        const char *text = json_string_value(defect);
        if (text && !strcmp(text, name))
            return true;
    }
    return false;
}

/* The desk knows these four words; another one of a newer parser is mass mail at least. */
static const char *automatic_word(const char *word)
{
    static const char *const words[] = {"auto-reply", "out-of-office", "bounce", "bulk"};
    for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
        if (!strcmp(word, words[i]))
            return words[i];
    return word ? "bulk" : NULL;
}

static bool has_report(const json_t *facts)
{
    size_t i;
    const json_t *part;
    json_array_foreach(json_object_get(facts, "attachments"), i, part)
    {
        const char *type = text_of(part, "content_type");
        if (type && !strcmp(type, "message/delivery-status"))
            return true;
    }
    return false;
}

/* RFC 3464 2.3.3: a report of success is no bounce. Its machine-readable part is plain text. */
static bool says_delivered(const struct inbound *in)
{
    static const char *const good[] = {"delivered", "relayed", "expanded"};
    const char *line = in->raw ? memmem(in->raw, in->raw_size, "\nAction:", 8) : NULL;
    const char *end = (const char *)in->raw + in->raw_size;
    for (line = line ? line + 8 : end; line < end && (*line == ' ' || *line == '\t');)
        line++;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if ((size_t)(end - line) > strlen(good[i]) && !strncasecmp(line, good[i], strlen(good[i])))
            return true;
    return false;
}

/* A report about a letter of ours: of failure (facts "bounce"), of delay, or of success. */
static void fill_report(struct inbound *in, const json_t *facts)
{
    const json_t *bounce = json_object_get(facts, "bounce");
    if (!json_is_object(bounce)) {
        if (in->automatic && has_report(facts) && says_delivered(in)) {
            in->automatic = "bounce";
            in->returned_status = "2.0.0";
            in->reason = "sudah diantar";
        }
        return;
    }
    const char *recipient = text_of(bounce, "recipient"), *status = text_of(bounce, "status");
    bool for_good = json_is_true(json_object_get(bounce, "permanent"));
    in->returned_to = recipient ? lower(in->arena, recipient) : NULL;
    in->returned_status = arena_strdup(in->arena, status);
    in->returned_for_good = for_good;
    in->reason =
        arena_printf(in->arena, "%s untuk %s: %s", for_good ? "tidak dapat diantar" : "pengantaran tertunda",
            recipient ? recipient : "(tidak disebut)", status ? status : "tanpa kode");
}

void inbound_mail_fill(struct inbound *in, const struct parser_mail *mail)
{
    const json_t *facts = mail->facts;
    in->kind = INBOUND_MESSAGE;
    fill_sender(in, facts);
    in->subject = arena_strdup(in->arena, text_of(facts, "subject"));
    in->text = arena_strdup(in->arena, text_of(facts, "text"));
    in->own_words = arena_strdup(in->arena, text_of(facts, "reply"));
    in->claimed_at = claimed_at(text_of(facts, "date"));
    in->automatic = automatic_word(text_of(facts, "automatic"));
    in->number = inbound_mail_number(in->arena, in->subject);
    in->tag = inbound_mail_tag(in->arena, in->subject);
    fill_references(in, facts);
    fill_digest(in, facts);
    fill_report(in, facts);
    fill_files(in, mail);
    if (has_defect(facts, "text-cut") || has_defect(facts, "attachments-cut"))
        in->must_read = "Surat ini terlalu panjang untuk ditampilkan utuh; buka berkas aslinya.";
}

/* Printable text out of anything: what is not ASCII becomes '?', because nobody knows what it was. */
static const char *printable(struct arena *arena, const char *bytes, size_t length)
{
    char *text = arena_strndup(arena, bytes, length < INBOUND_RAW_TEXT_MOST ? length : INBOUND_RAW_TEXT_MOST);
    if (!text)
        return NULL;
    for (size_t i = 0; i < length && i < INBOUND_RAW_TEXT_MOST; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '\r')
            text[i] = ' ';
        else if ((c < 0x20 && c != '\n' && c != '\t') || c > 0x7e)
            text[i] = '?';
    }
    return text;
}

/* Value of the first line that begins with the name, without the understanding of a parser: no folding, no
 * words. */
static const char *raw_header(struct arena *arena, const char *raw, size_t size, const char *name)
{
    size_t length = strlen(name);
    const char *end = raw + (size < INBOUND_HEADER_MOST ? size : INBOUND_HEADER_MOST);
    for (const char *line = raw; line && (size_t)(end - line) > length;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        if (!strncasecmp(line, name, length))
            return printable(arena, line + length, (size_t)((stop ? stop : end) - line) - length);
        line = stop ? stop + 1 : NULL;
    }
    return NULL;
}

static void fill_raw_sender(struct inbound *in)
{
    const char *from = raw_header(in->arena, in->raw, in->raw_size, "from:");
    if (!from)
        return;
    const char *open = strrchr(from, '<');
    from = open ? open + 1 : from + strspn(from, " \t");
    const char *address = arena_strndup(in->arena, from, strcspn(from, "> \t"));
    if (!address || !smtp_address_ok(address))
        return;
    in->identity_scheme = "email";
    in->identity_value = lower(in->arena, address);
    in->email = in->identity_value;
    in->reply_to = address;
}

void inbound_mail_fill_unreadable(struct inbound *in)
{
    const char *body = memmem(in->raw, in->raw_size, "\n\r\n", 3);
    if (!body)
        body = memmem(in->raw, in->raw_size, "\n\n", 2);
    if (!body)
        body = in->raw;
    in->kind = INBOUND_MESSAGE;
    fill_raw_sender(in);
    in->subject = raw_header(in->arena, in->raw, in->raw_size, "subject:");
    in->text = printable(in->arena, body, in->raw_size - (size_t)(body - (const char *)in->raw));
    in->reference_scheme = "mail";
    fill_digest(in, NULL);
    in->must_read = "Surat ini tidak dapat dibaca otomatis; buka berkas aslinya.";
}

void inbound_mail_judge(struct inbound *in, const char *authserv_id)
{
    in->authenticity =
        authserv_id ? authenticity_of(in->raw, in->raw_size, authserv_id, in->identity_value) : NULL;
}

void inbound_mail_mark_large(struct inbound *in, size_t size, size_t limit)
{
    in->files = NULL;
    in->told = arena_printf(in->arena,
        "Surat Anda (%zu MB) lebih besar daripada yang dapat kami terima (%zu MB), sehingga lampirannya "
        "belum "
        "tercatat. Mohon kirim ulang lampirannya dalam beberapa surat yang lebih kecil, sebagai balasan "
        "surat ini.",
        (size >> 20) + 1, limit >> 20);
    in->must_read = arena_printf(in->arena,
        "Surat ini terlalu besar (%zu MB) untuk diambil utuh; bacalah di kotak surat.", (size >> 20) + 1);
}

void inbound_mail_fill_gone(struct inbound *in)
{
    in->kind = INBOUND_OTHER;
    in->reason = "surat hilang dari kotak surat sebelum sempat diambil";
}

void inbound_mail_fill_refused(struct inbound *in, uint32_t uid, const char *words)
{
    in->kind = INBOUND_MESSAGE;
    in->subject = "Surat yang tidak dapat diambil dari kotak surat";
    in->text = arena_printf(in->arena,
        "Server surat tidak mau menyerahkan surat dengan nomor urut %u (UID). Jawabannya: %s", uid,
        printable(in->arena, words, strlen(words)));
    in->must_read = "Surat ini tidak dapat diambil; bacalah di kotak surat.";
    in->reference_scheme = "mail";
}
