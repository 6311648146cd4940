#include "text_quote.h"
#include "text_quote_words.h"
#include <string.h>

enum {
    ATTRIBUTION_LINES = 4,   /* mail programs break it at 72 columns; name and address seldom need more */
    ATTRIBUTION_BYTES = 320, /* longer than this nobody's name and date are */
    BLOCK_LINES = 12,        /* From, Date, To and Cc may each be folded */
    UNDATED_BYTES = 120,     /* "Budi <a@x> menulis:" */
    RULE_BYTES = 20,         /* of the line that Outlook draws above a quote */
    NAME_BYTES = 60,
    LABEL_BYTES = 40, /* "Gönderme Tarihi", with room for other scripts */
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

/* Marks of writing direction, which programs put around names in Arabic and Hebrew. */
static bool ends_with_direction(struct span s)
{
    static const char *const marks[] = {"\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e",
        "\u2066", "\u2067", "\u2068", "\u2069", NULL};
    return s.len >= 3 && s.at[s.len - 1] & 0x80 && span_ends_any(s, marks);
}

/* What may stand after the verb at the end of the last line. */
static struct span without_tail(struct span s)
{
    for (size_t n = 1; s.len && n; s.len -= n)
        n = ends_with_direction(s) ? 3 : strchr("- *_", s.at[s.len - 1]) ? 1 : 0;
    return s;
}

static struct span without_head(struct span s)
{
    while (s.len && s.at[0] && strchr("- *_", s.at[0]))
        s = span_from(s, 1);
    return s;
}

static bool ends_with_colon(struct span s)
{
    return span_ends(s, ":") || span_ends(s, "：");
}

/* Could this be the end of an attribution: "... menulis:", "... wrote ----", "... <a@x>:"? Over a quote any
 * colon may be one: not all languages are known. */
static bool attribution_ends(struct span line, bool over_quote)
{
    struct span s = without_tail(line);
    if (!s.len || line.len > ATTRIBUTION_BYTES)
        return false;
    if (ends_with_colon(s))
        return over_quote || s.len == 1 || span_ends(s, ">:") || span_ends(s, "):") || span_ends(s, ">：") ||
               text_quote_has_verb(s);
    return span_ends(s, " wrote") || span_equals(s, "wrote") || span_ends(s, " menulis") ||
           span_ends(s, "写道");
}

static bool starts_like_one(struct span line)
{
    return span_starts_any(without_head(line), text_quote_starts);
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
    if (!has_digit(all)) /* cheap, and most lines end here */
        return false;
    return has_time(all) || has_year(all) || (starts_like_one(lines[first]) && has_digit(all));
}

/* Yahoo's programs let the quoted text follow on the same line: "Pada ..., Kec <a@x> menulis:   Yth. Bapak". */
static bool attribution_within(struct span line)
{
    static const char *const ends[] = {"> menulis:", "> wrote:", "> schrieb:", "> a écrit :", "> escribió:",
        "> escreveu:", "> ha scritto:", "> schreef:", "> skrev:", NULL};
    if (!starts_like_one(line))
        return false;
    struct span head = {line.at, line.len < ATTRIBUTION_BYTES ? line.len : ATTRIBUTION_BYTES};
    while (head.len && !span_ends_any(head, ends))
        head.len--;
    return span_has(head, "@") && (has_time(head) || has_year(head));
}

/* Where the name comes first the line may be broken behind it: "Budi <a@x>" / "schrieb am 17. November 2026:",
 * "Budi" / "<a@x> schrieb ...", "Budi <" / "a@x> schrieb ...". */
static bool goes_on(struct span above, struct span rest)
{
    if (!span_has(rest, "@"))
        return span_ends(above, ">") && span_has(above, "@");
    if (span_ends(above, "<"))
        return above.len < NAME_BYTES;
    return rest.at[0] == '<' && above.len > 0 && above.len < NAME_BYTES &&
           !strchr(".!?:,;", above.at[above.len - 1]);
}

/* How far up the attribution reaches that ends at `at`; (size_t)-1 when it is none. */
static size_t attribution_first(const struct span *lines, size_t oldest, size_t at)
{
    size_t first = at;
    while (!is_dated(lines, first, at)) {
        if (first == oldest || !lines[first - 1].len || lines[first - 1].len > ATTRIBUTION_BYTES)
            return (size_t)-1;
        first--;
    }
    /* the date may itself be broken: "On Nov 21, 2014," / "at 10:18," / "John Doe <a@x> wrote:" */
    for (size_t up = first; !starts_like_one(lines[first]) && up > oldest && lines[up - 1].len; up--)
        if (starts_like_one(lines[up - 1]) && has_digit(lines[up - 1]))
            first = up - 1;
    return first > oldest && goes_on(lines[first - 1], joined(lines, first, at)) ? first - 1 : first;
}

bool text_quote_attribution(
    const struct span *lines, size_t from, size_t at, bool over_quote, struct attribution *ret)
{
    if (attribution_within(lines[at])) {
        *ret = (struct attribution){.first = at, .last = at, .addressed = true, .timed = true};
        return true;
    }
    if (!attribution_ends(lines[at], over_quote))
        return false;
    size_t oldest = at >= from + ATTRIBUTION_LINES - 1 ? at - ATTRIBUTION_LINES + 1 : from;
    size_t first = attribution_first(lines, oldest, at);
    if (first == (size_t)-1)
        return false;
    struct span all = joined(lines, first, at);
    if (all.len > ATTRIBUTION_BYTES ||
        (!text_quote_has_verb(all) && !span_has(all, "@") && !text_quote_cites(lines[first])))
        return false;
    bool english = span_starts(without_head(lines[first]), "on ") && has_year(all);
    *ret = (struct attribution){.first = first,
        .last = at,
        .addressed = span_has(all, "@"),
        .timed = english || (starts_like_one(lines[first]) && has_time(all))};
    return true;
}

bool text_quote_undated(struct span line, bool *ret_addressed)
{
    struct span s = without_tail(line);
    *ret_addressed = span_has(s, "@");
    return s.len < UNDATED_BYTES && ends_with_colon(s) &&
           (text_quote_has_verb(s) || (*ret_addressed && text_quote_cites(s)));
}

/* Bytes of a dash, star or blank at the start of s, as separators are drawn with; 0 = none. */
static size_t ornament_at(struct span s)
{
    static const char *const wide[] = {
        "\u00a0", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2500", "\uff0d", NULL};
    if (s.len && s.at[0] && strchr("-_=*#~ ", s.at[0]))
        return 1;
    for (const char *const *mark = wide; s.len && s.at[0] & 0x80 && *mark; mark++)
        if (span_starts(s, *mark))
            return strlen(*mark);
    return 0;
}

static size_t ornament_before(struct span s)
{
    for (size_t n = 1; n <= 3 && n <= s.len; n++)
        if (ornament_at((struct span){s.at + s.len - n, n}) == n)
            return n;
    return 0;
}

bool text_quote_separator(struct span line)
{
    if (text_quote_begins_forward(line) || text_quote_asks_above(line))
        return true;
    struct span inner = line;
    for (size_t n; (n = ornament_at(inner)) > 0;)
        inner = span_from(inner, n);
    if (inner.at - line.at < 2)
        return false;
    for (size_t n; (n = ornament_before(inner)) > 0;)
        inner.len -= n;
    return text_quote_is_separator(span_trim(inner)) || (inner.len < 120 && text_quote_says_above(inner));
}

/* GroupWise: ">>> Budi <a@x> 17/11/2026 14:05 >>>". */
bool text_quote_groupwise(struct span raw)
{
    raw = span_trim(raw);
    return span_starts(raw, ">>> ") && span_ends(raw, " >>>") && raw.len < ATTRIBUTION_BYTES &&
           has_digit(raw);
}

/* A block of "label: value" lines, as far as it goes. */
struct block {
    unsigned seen; /* bits of enum label */
    size_t last;
};

/* A label that the block does not have yet? */
static bool is_next_label(struct span line, unsigned seen)
{
    enum label label = text_quote_label(line);
    return label != LABEL_NONE && !(seen & 1u << label);
}

static struct block read_block(const struct span *lines, size_t n, size_t at)
{
    struct block block = {1u << text_quote_label(lines[at]), at};
    size_t strangers = 0;
    for (size_t i = at + 1; i < n && i < at + BLOCK_LINES; i++) {
        /* Outlook's HTML may have a paragraph for each label: then empty lines stand between */
        if (!lines[i].len && (i + 1 == n || !is_next_label(lines[i + 1], block.seen)))
            break;
        if (!lines[i].len)
            continue;
        enum label label = text_quote_label(lines[i]);
        if (label != LABEL_NONE)
            block.last = i;
        /* folded addresses; more than that is prose */
        else if (++strangers > 3)
            break;
        block.seen |= 1u << label;
    }
    return block;
}

bool text_quote_header_block(const struct span *lines, size_t n, size_t at, bool in_answer)
{
    enum label first = text_quote_label(lines[at]);
    if (first == LABEL_NONE)
        return false;
    struct block block = read_block(lines, n, at);
    /* a citizen's letter may begin "Dari: / Kepada: / Perihal:" too, but hardly bears both address and hour */
    struct span all = joined(lines, at, block.last);
    bool dated = block.seen & 1u << LABEL_DATE;
    bool named = block.seen & (1u << LABEL_TO | 1u << LABEL_SUBJECT);
    if (first == LABEL_FROM)
        return dated && named &&
               (in_answer ? span_has(all, "@") || has_time(all) : span_has(all, "@") && has_time(all));
    return dated && named && block.seen & 1u << LABEL_FROM && span_has(all, "@") &&
           (has_time(all) || has_year(all));
}

static bool is_rule(struct span line)
{
    if (line.len < RULE_BYTES)
        return false;
    for (size_t i = 0; i < line.len; i++)
        if (line.at[i] != '_' && line.at[i] != '-')
            return false;
    return true;
}

/* "Daripada: ..." in whatever language: a short label, a colon, a value. */
static bool looks_labelled(struct span line)
{
    size_t colon = span_find(line, ":");
    return colon > 0 && colon < LABEL_BYTES && colon + 2 < line.len &&
           span_count_words((struct span){line.at, colon}) <= 3;
}

bool text_quote_ruled_block(const struct span *lines, size_t n, size_t at)
{
    if (!is_rule(lines[at]))
        return false;
    size_t first = at + 1;
    while (first < n && !lines[first].len)
        first++;
    size_t last = first;
    while (last < n && last < first + BLOCK_LINES && looks_labelled(lines[last]))
        last++;
    if (last < first + 3)
        return false;
    struct span all = joined(lines, first, last - 1);
    return span_has(all, "@") && has_year(all) && has_time(all);
}
