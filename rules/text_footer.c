#include "text_footer.h"
#include <string.h>

enum {
    SIGNATURE_LINES = 15,  /* under "-- ": a longer one is no signature */
    CARD_LINES = 8,        /* under dashes that only look like it */
    CARD_BYTES = 70,       /* of one line of a visiting card */
    LIST_FOOTER_LINES = 6, /* under a rule of underscores */
    CLOSING_LINES = 6,     /* under "Regards," */
    CLIENT_LINES = 6,      /* under "Dikirim dari ...": more than that are words */
    CLIENT_FOOTER_BYTES = 120,
    ADVERTISEMENT_BYTES = 400, /* with links that count clicks */
};

static bool is_device(struct span line)
{
    static const char *const devices[] = {"iphone", "ipad", "ipod", "android", "samsung", "galaxy", "yahoo",
        "outlook", "windows", "xiaomi", "redmi", "poco", "oppo", "vivo", "realme", "huawei", "infinix",
        "tecno", "oneplus", "google pixel", "motorola", "blackberry", "nokia", "ponsel", "telepon",
        "smartphone", "perangkat", "gmail", "surel saya", "hp saya", "mail untuk", "aplikasi", "macbook",
        "advan", "evercoss", "lenovo", "operator", "telkomsel", "indosat", "tablet", "handphone", "proton",
        "zoho", "mail.ru", "yandex", "spark", "bluemail", "aqua mail", "mobile", "email saya", "mimail",
        "mi mail", "canary", "edison", "typeapp", "mymail", "thunderbird", "gmx", "web.de", "mail app",
        "my phone", NULL};
    /* short ones are parts of other words */
    static const char *const brands[] = {
        "lg", "xl", "htc", "honor", "sony", "asus", "itel", "aol", "hp", NULL};
    for (const char *const *brand = brands; *brand; brand++)
        if (span_has_word(line, *brand))
            return true;
    return span_has_any(line, devices);
}

/* "Sent from my desk, is much easier then my phone.", "Dikirim dari ponsel tetangga karena HP saya rusak" are
 * sentences; a footer has neither comma nor reason. */
static bool is_sentence(struct span line)
{
    static const char *const words[] = {"karena", "karna", "sebab", "yang", "yg", "sudah", "belum", "tidak",
        "ke", "tapi", "tetapi", "kemarin", "tadi", "because", "but", "was", "were", "have", "has", NULL};
    for (const char *const *word = words; *word; word++)
        if (span_has_word(line, *word))
            return true;
    for (size_t i = 0; i < line.len; i++)
        if (line.at[i] == ',' || line.at[i] == ';')
            return true;
    return span_count_words(line) > 12;
}

/* What a scanner or a program adds as a line of its own, whatever it stands beside. */
static bool is_advertisement(struct span line)
{
    static const char *const starts[] = {"dapatkan outlook untuk", "unduh outlook untuk", "get outlook for",
        "get bluemail for", "download the aol app", "obtenez outlook", "outlook für ",
        "holen sie sich outlook", "obtener outlook para", "obter o outlook para", "scarica outlook per",
        "outlook voor ", "ottieni outlook per", "powered by telkomsel blackberry", "bebas virus",
        "virus-free", "virenfrei", "libre de virus", "sans virus", "garanti sans virus",
        "this email has been checked for viruses", "this email is free from viruses",
        "<https://www.avast.com", "https://www.avast.com/sig-email", "surel ini telah dipindai",
        "email ini telah dipindai", "email ini telah diperiksa", "sent using hushmail", "sent with mailtrack",
        "sent from my blackberry", "отправлено из мобильной почты", "отправлено из мобильного приложения",
        NULL};
    /* its three verbs, in the language of the telephone */
    bool yahoo = span_starts(line, "yahoo mail:") && span_has(line, ", ") && span_count_words(line) <= 7;
    return yahoo || span_starts_any(line, starts);
}

/* Languages that say whence it came at the end: "iPhoneから送信", "iPhone'umdan gönderildi". */
static bool ends_like_footer(struct span line)
{
    static const char *const ends[] = {"から送信", "から送信されました", "发送", "傳送", "發送", "에서 보냄",
        "에서 전송", "gönderildi", "gönderildi.", "gesendet", "gesendet.", NULL};
    return span_ends_any(line, ends);
}

bool text_footer_client(struct span line)
{
    static const char *const local[] = {"dikirim dari ", "dikirim melalui ", "dikirim dengan ",
        "dikirim lewat ", "terkirim dari ", "kirim dari ", "dikirim menggunakan ", "terkirim dengan ",
        "dihantar dari", "dikirim pakai ", "dikirim via ", "terkirim melalui ", NULL};
    static const char *const foreign[] = {"sent from ", "sent via ", "sent by ", "sent with ", "sent using ",
        "envoyé depuis ", "envoyé de ", "envoyé à partir de ", "envoyé avec ", "gesendet von ",
        "gesendet mit ", "gesendet über ", "gesendet aus ", "diese nachricht wurde von ", "von meinem ",
        "von mein ", "enviado desde ", "enviado do ", "enviado de ", "enviado pelo ", "enviado con ",
        "enviado através ", "enviada do ", "inviato da ", "inviato dal ", "inviato con ", "enviat des ",
        "trimis de ", "verzonden vanaf ", "verzonden met ", "verstuurd vanaf ", "verstuurd met ",
        "verstuurd via ", "skickat från ", "sendt fra ", "hentet fra ", "sänt från ", "lähetetty ",
        "wysłane z ", "wysłano z ", "odesláno z ", "odoslané z ", "отправлено с ", "отправлено из ",
        "надіслано з ", "elküldve ", "küldve ", "στάλθηκε από ", "được gửi từ ", "đã gửi từ ", "ส่งจาก",
        "从我的", "發自我的", "发自我的", "发自", "來自我的", "来自我的", "나의 ", "내 ", "skickades från ",
        "poslano z ", NULL};
    if (is_advertisement(line))
        return line.len <= ADVERTISEMENT_BYTES;
    while (line.len && strchr("*_<>[(- ", line.at[0]) && line.at[0])
        line = span_from(line, 1);
    if (line.len > CLIENT_FOOTER_BYTES)
        return false;
    if (is_advertisement(line))
        return true;
    if (span_starts_any(line, local))
        return is_device(line) && !is_sentence(line);
    if (ends_like_footer(line) && is_device(line))
        return !is_sentence(line);
    if (!span_starts_any(line, foreign) || is_sentence(line))
        return false;
    return is_device(line) ||
           (span_starts(line, "sent ") && (span_has(line, "://") || !span_ends(line, ".")));
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

/* The paragraph that begins at lines[i]: does a lawyer speak? Citizens write "Pesan ini rahasia, ditujukan kepada
 * Bapak Camat" too, but not what a stranger who got it by mistake has to do. */
static bool is_disclaimer(const struct span *lines, size_t n, size_t i)
{
    static const char *const secret[] = {"rahasia", "confidential", "privileged", "tidak membalas",
        "vertraulich", "vertrouwelijk", "confidentiel", NULL};
    static const char *const addressed[] = {"ditujukan", "recipient", "intended", "diperuntukkan", NULL};
    static const char *const mistaken[] = {"lampiran", "menghapus", "hapus ", "dilarang", "kesalahan",
        "delete", "attachment", "notify", "in error", "disclos", "unauthor", "prohibited", NULL};
    static const char *const lawyers[] = {"penerima yang dimaksud", "penerima yang dituju", "bukan penerima",
        "intended recipient", "addressee", "intended only", "intended solely", "named recipient",
        "individual or entity", "bestimmungsgemäße", "beoogde ontvanger", "destinataire", NULL};
    static const char *const starts[] = {"perhatian", "penafian", "disclaimer", "confidential", "surel ini",
        "email ini", "e-mail ini", "pesan ini", "peringatan", "notice", "this e-mail", "this email",
        "this mail", "this message", "this communication", "the information", "the contents", "the content",
        "informasi", "important", "catatan", "isi email", "isi surel", "isi pesan", "if you are not",
        "jika anda bukan", "apabila anda bukan", "bila anda bukan", "segala informasi", "diese e-mail",
        "diese nachricht", "dit bericht", "deze e-mail", "ce message", "cet e-mail", NULL};
    struct span first = lines[i];
    while (first.len && strchr("*_ ", first.at[0]))
        first = span_from(first, 1);
    if ((i && lines[i - 1].len) || !span_starts_any(first, starts))
        return false;
    bool is_secret = false, is_addressed = false, is_legal = false, by_mistake = false;
    for (size_t k = i; k < n && lines[k].len; k++) {
        is_secret = is_secret || span_has_any(lines[k], secret);
        is_addressed = is_addressed || span_has_any(lines[k], addressed);
        by_mistake = by_mistake || span_has_any(lines[k], mistaken);
        is_legal = is_legal || span_has_any(lines[k], lawyers);
    }
    return is_secret && (is_legal || (is_addressed && by_mistake));
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
        if (text_footer_client(lines[i]) && !at_most(lines, 0, i, 0) &&
            at_most(lines, i + 1, n, CLIENT_LINES))
            return i;
    }
    return n;
}
