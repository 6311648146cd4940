#include "text_quote.h"
#include <string.h>

enum {
    ATTRIBUTION_LINES = 4,   /* mail programs break it at 72 columns; name and address seldom need more */
    ATTRIBUTION_BYTES = 320, /* longer than this nobody's name and date are */
    BLOCK_LINES = 10,        /* From, Date, To and Cc may each be folded */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "09.05", "9:05", "10h30", "19:42:11": a time of day. */
static bool has_time(struct span s)
{
    for (size_t i = 1; i + 2 < s.len; i++) {
        bool colon = s.at[i] == ':' || s.at[i] == '.' || s.at[i] == 'h';
        bool two_after = is_digit(s.at[i + 1]) && is_digit(s.at[i + 2]);
        bool ends = i + 3 >= s.len || !is_digit(s.at[i + 3]);
        if (colon && is_digit(s.at[i - 1]) && two_after && ends)
            return true;
    }
    return false;
}

/* A number of four digits that begins with 19 or 20. */
static bool has_year(struct span s)
{
    for (size_t i = 0; i + 4 <= s.len; i++) {
        if (!is_digit(s.at[i]) || (i && is_digit(s.at[i - 1])))
            continue;
        size_t run = 1;
        while (i + run < s.len && is_digit(s.at[i + run]))
            run++;
        if (run == 4 && (!memcmp(s.at + i, "19", 2) || !memcmp(s.at + i, "20", 2)))
            return true;
    }
    return false;
}

static bool has_digit(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (is_digit(s.at[i]))
            return true;
    return false;
}

static const char *const attribution_starts[] = {"pada ", "on ", "le ", "il ", "in data ", "op ", "am ",
    "em ", "el ", "den ", "w dniu ", "dnia ", "pe ", NULL};

/* "menulis" as Gmail, Thunderbird, Roundcube, Zimbra, Yahoo and Apple say it, and what their neighbours
 * say. */
static const char *const attribution_verbs[] = {"menulis", "wrote", "a écrit", "ha scritto", "schreef",
    "schrieb", "escreveu", "escribió", "skrev", "kirjoitti", "írta", "napisał", "napisał(a)", "написал",
    NULL};

/* What may stand after the verb at the end of the last line. */
static struct span without_tail(struct span s)
{
    while (s.len && (s.at[s.len - 1] == '-' || s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '*'))
        s.len--;
    return s;
}

static bool has_verb(struct span s)
{
    for (const char *const *verb = attribution_verbs; *verb; verb++)
        if (span_has_word(s, *verb))
            return true;
    return false;
}

/* Could this be the end of an attribution: "... menulis:", "... wrote ----", "... <a@x>:"? */
static bool attribution_ends(struct span line)
{
    struct span s = without_tail(line);
    if (!s.len || line.len > ATTRIBUTION_BYTES)
        return false;
    if (s.at[s.len - 1] == ':')
        return span_ends(s, ">:") || span_ends(s, "):") || has_verb(s) || span_equals(s, ":");
    return span_ends(s, " wrote") || span_equals(s, "wrote") || span_ends(s, " menulis");
}

static struct span without_head(struct span s)
{
    while (s.len && (s.at[0] == '-' || s.at[0] == ' ' || s.at[0] == '*'))
        s.at++, s.len--;
    return s;
}

static bool starts_like_one(struct span line)
{
    return span_starts_any(without_head(line), attribution_starts);
}

/* The joined lines first..last as one span: they are neighbours in one text, the quote marks between do no
 * harm. */
static struct span joined(const struct span *lines, size_t first, size_t last)
{
    const char *end = lines[last].at + lines[last].len;
    return (struct span){lines[first].at, (size_t)(end - lines[first].at)};
}

static bool is_dated(const struct span *lines, size_t first, size_t last)
{
    struct span all = joined(lines, first, last);
    return has_time(all) || has_year(all) || (starts_like_one(lines[first]) && has_digit(all));
}

/* Yahoo's programs let the quoted text follow on the same line: "Pada ..., Kec <a@x> menulis:   Yth. Bapak". */
static bool attribution_within(struct span line)
{
    static const char *const ends[] = {"> menulis:", "> wrote:", NULL};
    if (!starts_like_one(line))
        return false;
    struct span head = {line.at, line.len < ATTRIBUTION_BYTES ? line.len : ATTRIBUTION_BYTES};
    while (head.len && !span_ends(head, ends[0]) && !span_ends(head, ends[1]))
        head.len--;
    return span_has(head, "@") && (has_time(head) || has_year(head));
}

bool text_quote_attribution(const struct span *lines, size_t from, size_t at, struct attribution *ret)
{
    if (attribution_within(lines[at])) {
        *ret = (struct attribution){.first = at, .last = at, .addressed = true, .timed = true};
        return true;
    }
    if (!attribution_ends(lines[at]))
        return false;
    size_t first = at, oldest = at >= from + ATTRIBUTION_LINES - 1 ? at - ATTRIBUTION_LINES + 1 : from;
    while (!is_dated(lines, first, at)) {
        if (first == oldest || !lines[first - 1].len || lines[first - 1].len > ATTRIBUTION_BYTES)
            return false;
        first--;
    }
    /* the date may itself be broken: "On Nov 21, 2014," / "at 10:18," / "John Doe <a@x> wrote:" */
    for (size_t up = first; !starts_like_one(lines[first]) && up > oldest && lines[up - 1].len; up--)
        if (starts_like_one(lines[up - 1]) && has_digit(lines[up - 1]))
            first = up - 1;
    struct span all = joined(lines, first, at);
    if (all.len > ATTRIBUTION_BYTES || (!has_verb(all) && !span_has(all, "@")))
        return false;
    bool english = span_starts(without_head(lines[first]), "on ") && has_year(all);
    *ret = (struct attribution){.first = first,
        .last = at,
        .addressed = span_has(all, "@"),
        .timed = english || (starts_like_one(lines[first]) && has_time(all))};
    return true;
}

bool text_quote_separator(struct span line)
{
    static const char *const phrases[] = {"pesan asli", "pesan diteruskan", "pesan yang diteruskan",
        "pesan terusan", "pesan semula", "original message", "forwarded message", "forwarded mail",
        "original-nachricht", "ursprüngliche nachricht", "message d'origine", "message original",
        "mensaje original", "mensagem original", "messaggio originale", "oprindelig besked",
        "oorspronkelijk bericht", "ursprungligt meddelande", NULL};
    static const char *const above[] = {"balas di atas garis ini", "reply above this line",
        "write above this line", "type your reply above this line", NULL};
    static const char *const alone[] = {
        "begin forwarded message:", "awal pesan yang diteruskan:", "mulai pesan yang diteruskan:", NULL};
    if (span_equals_any(line, alone))
        return true;
    struct span inner = without_head(without_tail(line));
    size_t dashes = (size_t)(inner.at - line.at);
    if (dashes < 2)
        return false;
    for (const char *const *phrase = phrases; *phrase; phrase++)
        if (span_equals(span_trim(inner), *phrase))
            return true;
    return inner.len < 80 && span_has_any(inner, above);
}

enum label { LABEL_NONE, LABEL_FROM, LABEL_DATE, LABEL_TO, LABEL_SUBJECT, LABEL_CC };

/* Which header label a line begins with, in the languages mail programs here are set to and those of the
 * neighbours. */
static enum label label_of(struct span line)
{
    static const struct {
        const char *word;
        enum label label;
    } words[] = {
        {"Dari", LABEL_FROM},
        {"Pengirim", LABEL_FROM},
        {"From", LABEL_FROM},
        {"Von", LABEL_FROM},
        {"De", LABEL_FROM},
        {"Da", LABEL_FROM},
        {"Fra", LABEL_FROM},
        {"Från", LABEL_FROM},
        {"Van", LABEL_FROM},
        {"Dikirim", LABEL_DATE},
        {"Tanggal", LABEL_DATE},
        {"Sent", LABEL_DATE},
        {"Date", LABEL_DATE},
        {"Gesendet", LABEL_DATE},
        {"Datum", LABEL_DATE},
        {"Envoyé le", LABEL_DATE},
        {"Envoyé", LABEL_DATE},
        {"Enviado", LABEL_DATE},
        {"Inviato", LABEL_DATE},
        {"Data", LABEL_DATE},
        {"Dato", LABEL_DATE},
        {"Sendt", LABEL_DATE},
        {"Skickat", LABEL_DATE},
        {"Verzonden", LABEL_DATE},
        {"Kepada", LABEL_TO},
        {"Ke", LABEL_TO},
        {"Penerima", LABEL_TO},
        {"To", LABEL_TO},
        {"An", LABEL_TO},
        {"À", LABEL_TO},
        {"A", LABEL_TO},
        {"Para", LABEL_TO},
        {"Til", LABEL_TO},
        {"Till", LABEL_TO},
        {"Aan", LABEL_TO},
        {"Subjek", LABEL_SUBJECT},
        {"Subyek", LABEL_SUBJECT},
        {"Judul", LABEL_SUBJECT},
        {"Perihal", LABEL_SUBJECT},
        {"Subject", LABEL_SUBJECT},
        {"Betreff", LABEL_SUBJECT},
        {"Objet", LABEL_SUBJECT},
        {"Oggetto", LABEL_SUBJECT},
        {"Asunto", LABEL_SUBJECT},
        {"Assunto", LABEL_SUBJECT},
        {"Emne", LABEL_SUBJECT},
        {"Ämne", LABEL_SUBJECT},
        {"Onderwerp", LABEL_SUBJECT},
        {"Cc", LABEL_CC},
        {"Tembusan", LABEL_CC},
    };
    struct span s = without_head(line);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!span_starts(s, words[i].word))
            continue;
        size_t after = strlen(words[i].word);
        while (after < s.len && (s.at[after] == ' ' || s.at[after] == '\t' || s.at[after] == '*'))
            after++;
        if (after < s.len && s.at[after] == ':')
            return words[i].label;
    }
    return LABEL_NONE;
}

bool text_quote_header_block(const struct span *lines, size_t n, size_t at)
{
    if (label_of(lines[at]) != LABEL_FROM)
        return false;
    unsigned seen = 1u << LABEL_FROM;
    size_t strangers = 0, last = at;
    for (size_t i = at + 1; i < n && i < at + BLOCK_LINES && lines[i].len; i++) {
        enum label label = label_of(lines[i]);
        if (label != LABEL_NONE)
            last = i;
        /* folded addresses; more than that is prose */
        else if (++strangers > 3)
            break;
        seen |= 1u << label;
    }
    /* a citizen's letter may begin "Dari: / Kepada: / Perihal:" too, but bears neither address nor hour */
    struct span all = joined(lines, at, last);
    bool dated = seen & 1u << LABEL_DATE;
    bool named = seen & (1u << LABEL_TO | 1u << LABEL_SUBJECT);
    return dated && named && (span_has(all, "@") || has_time(all));
}
