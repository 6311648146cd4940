#include "text_reply.h"
#include "text_footer.h"
#include "text_match.h"
#include "text_quote.h"
#include "text_quote_words.h"
#include <stdlib.h>

enum { POINTER_BYTES = 300 }; /* "Jawaban saya di bawah, huruf merah." */

/* The text as lines, three views of each. */
struct page {
    size_t n;
    struct span *raw;                              /* as written */
    struct span *inner;                            /* trimmed, quote marks taken off */
    enum mark { OWN, OWN_QUOTED, FOREIGN } * mark; /* OWN_QUOTED: begins with '>' and is nobody's so far */
    const struct text_reply_hints *hints;
};

static bool announces(const struct page *p, size_t i)
{
    return i < p->hints->count && p->hints->lines[i] == TEXT_LINE_ANNOUNCES;
}

static void page_free(struct page *p)
{
    free(p->raw);
    free(p->inner);
    free(p->mark);
}

static struct span without_marks(struct span line)
{
    while (line.len && (line.at[0] == '>' || line.at[0] == ' '))
        line.at++, line.len--;
    return span_trim(line);
}

static enum mark first_mark(const struct page *p, size_t i, bool quoted)
{
    bool foreign = i < p->hints->count && p->hints->lines[i] == TEXT_LINE_FOREIGN;
    return foreign ? FOREIGN : quoted ? OWN_QUOTED : OWN;
}

static bool page_read(struct page *p, struct span text, const struct text_reply_hints *hints)
{
    size_t most = 1;
    for (size_t i = 0; i < text.len; i++)
        most += text.at[i] == '\n';
    *p = (struct page){.raw = calloc(most, sizeof *p->raw),
        .inner = calloc(most, sizeof *p->inner),
        .mark = calloc(most, sizeof *p->mark),
        .hints = hints};
    if (!p->raw || !p->inner || !p->mark)
        return false;
    while (text.len) {
        struct span line = span_next_line(&text), trimmed = span_trim(line);
        /* ">:" is the torn end of an attribution "Name <a@x\n>:", not a quote */
        bool quoted = trimmed.len && trimmed.at[0] == '>' && !span_equals(trimmed, ">:");
        p->raw[p->n] = line;
        p->inner[p->n] = quoted ? without_marks(trimmed) : trimmed;
        p->mark[p->n] = first_mark(p, p->n, quoted);
        p->n++;
    }
    return true;
}

static void set_foreign(struct page *p, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        p->mark[i] = FOREIGN;
}

/* The first line at or after i with something in it, or n. */
static size_t next_filled(const struct page *p, size_t i)
{
    while (i < p->n && !p->inner[i].len && p->mark[i] == OWN)
        i++;
    return i;
}

/* The line above which Outlook draws a rule: the rule goes with the block below it. */
static size_t with_rule(const struct page *p, size_t at)
{
    size_t i = at;
    while (i > 0 && !p->inner[i - 1].len)
        i--;
    if (i == 0)
        return at;
    struct span line = p->inner[i - 1];
    for (size_t k = 0; k < line.len; k++)
        if (line.at[k] != '_' && line.at[k] != '-' && line.at[k] != '=')
            return at;
    return line.len >= 3 ? i - 1 : at;
}

/* Does the block of '>' lines that begins at `at` say itself whose words it holds? */
static bool announces_itself(const struct page *p, size_t at)
{
    struct attribution found;
    size_t end = at;
    while (end < p->n && end < at + 4 && p->mark[end] == OWN_QUOTED)
        end++;
    for (size_t i = at; i < end; i++)
        if (text_quote_attribution(p->inner, at, i, true, &found))
            return true;
    return text_quote_separator(p->inner[at]) || text_quote_header_block(p->inner, p->n, at, true);
}

/* Where the walk is: before any announcement '>' lines are the citizen's, after it they are not. */
struct walk {
    struct page *page;
    bool answers;
    bool announced;
    size_t own_from; /* attributions may not reach back before this line */
};

/* Is an attribution to be believed? Over '>' lines it needs less than over plain ones, in an answer less than
 * in a mail that opens a conversation. Without an address it may be the citizen telling: "Tanggal 5 November
 * 2026 pak RT menulis:". */
static bool is_believed(const struct walk *w, const struct attribution *found, bool over_quote)
{
    if (found->addressed)
        return true;
    if (over_quote)
        return w->answers || found->timed;
    const struct page *p = w->page;
    bool set_off = found->last + 1 < p->n && !p->inner[found->last + 1].len;
    return found->timed && set_off;
}

/* "Kecamatan Porong menulis:" without a date, over '>' lines that begin at `quote`. A citizen who answers may tell
 * what "Pak RT menulis:" too, hence only where a mail program puts it: with an address, at the mail's very start, or
 * over a quote that goes on to its end. */
static bool is_undated(const struct walk *w, size_t i, size_t quote)
{
    const struct page *p = w->page;
    bool addressed;
    if (!w->answers || !text_quote_undated(p->inner[i], &addressed))
        return false;
    if (addressed || next_filled(p, 0) == i)
        return true;
    while (quote < p->n && (p->mark[quote] != OWN || !p->inner[quote].len))
        quote++;
    return quote == p->n;
}

/* From here on there is nothing of the writer's. */
static bool begins_quoted_mail(const struct page *p, size_t i)
{
    return text_quote_separator(p->inner[i]) ||
           text_quote_header_block(p->inner, p->n, i, p->hints->answers) ||
           text_quote_ruled_block(p->inner, p->n, i);
}

/* At i begin lines of which the HTML says that they announce a quote. Returns the line to go on with. */
static size_t walk_announcement(struct walk *w, size_t i)
{
    struct page *p = w->page;
    size_t end = i;
    while (end < p->n && (announces(p, end) || (!p->inner[end].len && p->mark[end] == OWN)))
        end++;
    bool over_quote = end < p->n && p->mark[end] != OWN;
    set_foreign(p, with_rule(p, i), over_quote ? end : p->n);
    w->announced |= over_quote;
    return over_quote ? end : p->n;
}

/* Looks at an unquoted line. Returns the line to go on with; n when all the rest is foreign. */
static size_t walk_own(struct walk *w, size_t i)
{
    struct page *p = w->page;
    struct attribution found;
    if (announces(p, i))
        return walk_announcement(w, i);
    if (!p->inner[i].len) /* else a long run of empty lines would be looked through from each of them */
        return i + 1;
    size_t next = next_filled(p, i + 1);
    bool over_quote = next < p->n && p->mark[next] != OWN;
    if (begins_quoted_mail(p, i)) {
        w->announced |= over_quote; /* then there may be words below */
        set_foreign(p, with_rule(p, i), over_quote ? next : p->n);
        return over_quote ? next : p->n;
    }
    bool dated = text_quote_attribution(p->inner, w->own_from, i, over_quote, &found);
    if (!dated && over_quote && is_undated(w, i, next)) {
        w->announced = true;
        set_foreign(p, i, next);
        return next;
    }
    if (!dated || !is_believed(w, &found, over_quote))
        return i + 1;
    w->announced |= over_quote;
    set_foreign(p, found.first, over_quote ? next : p->n);
    return over_quote ? next : p->n;
}

/* Quotes that nobody announced, in a mail that answers another. Begins it with one, then this is its style
 * and all are quotes; else only those at its end. */
static void drop_unannounced(struct page *p)
{
    size_t first = next_filled(p, 0);
    bool throughout = first < p->n && p->mark[first] == OWN_QUOTED;
    for (size_t i = first; throughout && i < p->n; i++)
        if (p->mark[i] == OWN_QUOTED)
            p->mark[i] = FOREIGN;
    for (size_t k = p->n; k-- > 0 && (p->mark[k] == OWN_QUOTED || !p->inner[k].len);)
        p->mark[k] = FOREIGN;
}

static void find_quotes(struct page *p)
{
    bool answers = p->hints->answers;
    struct walk w = {.page = p, .answers = answers};
    for (size_t i = 0; i < p->n;) {
        if (p->mark[i] == OWN) {
            i = walk_own(&w, i);
            continue;
        }
        if (p->mark[i] == OWN_QUOTED && text_quote_groupwise(p->raw[i])) {
            set_foreign(p, i, p->n);
            break;
        }
        bool block_begins = i == 0 || p->mark[i - 1] != OWN_QUOTED;
        if (p->mark[i] == OWN_QUOTED && !w.announced && block_begins)
            w.announced = announces_itself(p, i);
        if (w.announced)
            p->mark[i] = FOREIGN;
        w.own_from = ++i;
    }
    if (!w.announced && answers)
        drop_unannounced(p);
}

static void add_trimmed(struct span piece, struct str *out)
{
    piece = span_trim(piece);
    while (piece.len) {
        struct span line = span_next_line(&piece);
        str_add(out, line.at, line.len);
        if (piece.len)
            str_addc(out, '\n');
    }
}

/* Adds lines[from..to), trimmed, set off from what is there by an empty line. */
static void add_piece(const struct page *p, size_t from, size_t to, struct str *out)
{
    while (from < to && !p->inner[from].len)
        from++;
    while (to > from && !p->inner[to - 1].len)
        to--;
    if (from == to)
        return;
    const char *end = p->raw[to - 1].at + p->raw[to - 1].len;
    if (out->len)
        str_adds(out, "\n\n");
    add_trimmed((struct span){p->raw[from].at, (size_t)(end - p->raw[from].at)}, out);
}

/* Returns how many pieces there are. */
static size_t add_own(const struct page *p, struct str *out)
{
    size_t pieces = 0;
    for (size_t i = 0; i < p->n;) {
        if (p->mark[i] == FOREIGN) {
            i++;
            continue;
        }
        size_t end = i;
        while (end < p->n && p->mark[end] != FOREIGN)
            end++;
        size_t before = out->len;
        add_piece(p, i, i + text_footer_start(p->inner + i, end - i), out);
        pieces += out->len > before;
        i = end;
    }
    return pieces;
}

/* Are the answers themselves within the quoted text, and the words above it only tell so? */
static bool points_below(struct span own)
{
    return own.len <= POINTER_BYTES && text_quote_points_below(own);
}

static bool has_foreign(const struct page *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->mark[i] == FOREIGN && p->inner[i].len)
            return true;
    return false;
}

bool text_reply(const char *text, size_t n, const struct text_reply_hints *hints, struct str *out)
{
    struct page page = {0};
    size_t before = out->len;
    bool found = false;
    if (page_read(&page, (struct span){text, n}, hints)) {
        find_quotes(&page);
        found = has_foreign(&page);
        size_t pieces = add_own(&page, out);
        struct span own = {out->data + before, out->len - before};
        if (span_is_blank(own) || (found && pieces == 1 && points_below(own))) {
            str_cut(out, before);
            add_trimmed((struct span){text, n}, out);
        }
    } else {
        out->failed = true;
    }
    page_free(&page);
    return found;
}
