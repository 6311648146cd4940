#include "text_footer.h"

enum {
    SIGNATURE_LINES = 15,  /* under "-- ": a longer one is no signature */
    CARD_LINES = 8,        /* under dashes that only look like it */
    CARD_BYTES = 70,       /* of one line of a visiting card */
    LIST_FOOTER_LINES = 6, /* under a rule of underscores */
    CLOSING_LINES = 6,     /* under "Regards," */
    CLIENT_FOOTER_BYTES = 120,
};

static bool is_device(struct span line)
{
    static const char *const devices[] = {"iphone", "ipad", "android", "samsung", "galaxy", "yahoo",
        "outlook", "windows", "xiaomi", "redmi", "poco", "oppo", "vivo", "realme", "huawei", "infinix",
        "blackberry", "nokia", "ponsel", "telepon", "smartphone", "perangkat", "gmail", "surel saya",
        "hp saya", "mail untuk", "aplikasi", "macbook", "asus", "lenovo", "operator", "telkomsel", "xl",
        "indosat", NULL};
    return span_has_any(line, devices);
}

/* "Sent from my desk, is much easier then my phone." is a sentence; a footer has neither comma nor full stop
 * inside. */
static bool is_sentence(struct span line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.at[i] == ',' || line.at[i] == ';')
            return true;
    return span_count_words(line) > 12;
}

bool text_footer_client(struct span line)
{
    static const char *const whole[] = {"dapatkan outlook untuk", "unduh outlook untuk", "get outlook for",
        "get bluemail for", "download the aol app", "obtenez outlook", NULL};
    static const char *const local[] = {"dikirim dari ", "dikirim melalui ", "dikirim dengan ",
        "dikirim lewat ", "terkirim dari ", "dikirim menggunakan ", NULL};
    static const char *const foreign[] = {"sent from ", "sent via ", "sent by ", "sent with ",
        "envoyé depuis ", "envoyé de ", "envoyé à partir de ", "gesendet von ", "von meinem iphone",
        "enviado desde ", "enviado do ", "inviato da ", NULL};
    if (line.len > CLIENT_FOOTER_BYTES)
        return false;
    if (span_starts_any(line, whole))
        return true;
    if (span_starts_any(line, local))
        return is_device(line) && !is_sentence(line);
    if (!span_starts_any(line, foreign) || is_sentence(line))
        return false;
    return is_device(line) || span_has(line, "://") || !span_ends(line, ".");
}

static bool is_rule_of(struct span line, char c, size_t least)
{
    if (line.len < least)
        return false;
    for (size_t i = 0; i < line.len; i++)
        if (line.at[i] != c)
            return false;
    return true;
}

/* At most `most` lines with something in them among lines[from..n)? Looks no further than needed. */
static bool at_most(const struct span *lines, size_t from, size_t n, size_t most)
{
    size_t count = 0;
    for (size_t i = from; i < n && count <= most; i++)
        count += lines[i].len > 0;
    return count <= most;
}

/* Lines as on a visiting card: short, no sentences. */
static bool is_card(const struct span *lines, size_t from, size_t n)
{
    for (size_t i = from; i < n; i++) {
        struct span line = lines[i];
        if (line.len > CARD_BYTES)
            return false;
        if (line.len && (line.at[line.len - 1] == '.' || line.at[line.len - 1] == '?') &&
            !text_footer_client(line))
            return false;
    }
    return true;
}

/* "-- " of RFC 3676 4.3 is a signature; its blank, outside the trimmed line, is looked for before the next
 * line begins. Without the blank it may be a citizen's rule between two complaints. */
static bool is_signature_dashes(const struct span *lines, size_t n, size_t i)
{
    if (!span_equals(lines[i], "--"))
        return false;
    bool by_rfc = i + 1 < n && lines[i + 1].at > lines[i].at + 2 && lines[i].at[2] == ' ';
    if (by_rfc)
        return at_most(lines, i + 1, n, SIGNATURE_LINES);
    return at_most(lines, i + 1, n, CARD_LINES) && is_card(lines, i + 1, n);
}

/* Is lines[i] the line above a signature or the footer of a mailing list? */
static bool is_signature(const struct span *lines, size_t n, size_t i)
{
    struct span line = lines[i];
    if (is_signature_dashes(lines, n, i))
        return true;
    if (span_equals(line, "—") || span_equals(line, "—————"))
        return at_most(lines, i + 1, n, CARD_LINES) && is_card(lines, i + 1, n);
    if (!is_rule_of(line, '_', 2) || !at_most(lines, i + 1, n, LIST_FOOTER_LINES))
        return false;
    for (size_t k = i + 1; k < n; k++)
        if (span_has(lines[k], "mailing list") || span_has(lines[k], "http"))
            return true;
    return false;
}

/* The paragraph that begins at lines[i]: does a lawyer speak? */
static bool is_disclaimer(const struct span *lines, size_t n, size_t i)
{
    static const char *const about[] = {"rahasia", "confidential", "privileged", "tidak membalas", NULL};
    static const char *const whom[] = {"penerima", "ditujukan", "recipient", "addressee", "intended", NULL};
    static const char *const starts[] = {"perhatian", "penafian", "disclaimer", "confidential", "surel ini",
        "email ini", "e-mail ini", "pesan ini", "peringatan", "notice", "this e-mail", "this email",
        "this message", "the information", "informasi", "important", "catatan", NULL};
    struct span first = lines[i];
    while (first.len && (first.at[0] == '*' || first.at[0] == '_' || first.at[0] == ' '))
        first.at++, first.len--;
    if ((i && lines[i - 1].len) || !span_starts_any(first, starts))
        return false;
    bool secret = false, addressed = false;
    for (size_t k = i; k < n && lines[k].len; k++) {
        secret = secret || span_has_any(lines[k], about);
        addressed = addressed || span_has_any(lines[k], whom);
    }
    return secret && addressed;
}

/* English business closings. Indonesian ones stay: see text_reply.h. */
static bool is_closing(const struct span *lines, size_t n, size_t i)
{
    static const char *const closings[] = {
        "regards,", "best regards,", "kind regards,", "warm regards,", "regards", "best regards", NULL};
    return i > 0 && span_equals_any(lines[i], closings) && at_most(lines, i + 1, n, CLOSING_LINES);
}

size_t text_footer_start(const struct span *lines, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!lines[i].len)
            continue;
        if (is_signature(lines, n, i) || is_closing(lines, n, i) || is_disclaimer(lines, n, i))
            return i;
        /* below the footer there is only what the program adds; above it nothing: then the words are below */
        if (text_footer_client(lines[i]) && !at_most(lines, 0, i, 0))
            return i;
    }
    return n;
}
