/* A line as the answer to a question, or as the correction of an earlier answer. */
#include "chat_private.h"
#include <string.h>
#include <strings.h>

enum { PIECES_MOST = 8, ANSWER_WORDS_MOST = 24, ADDRESS_WORDS_MOST = 16, UNKNOWN_OCCUPATION_WORDS = 3 };

struct piece {
    size_t from, to;
};

static const unsigned politeness = 1u << CHAT_SET_PARTICLE | 1u << CHAT_SET_YES;

static bool missing(const struct chat_context *context, const struct chat_reading *ret, enum chat_field field)
{
    return context->missing & 1u << field && !*ret->value[field];
}

static bool set(const struct chat_line *line, struct piece p, enum chat_field field, struct chat_reading *ret)
{
    return chat_copy(line, p.from, p.to, ret->value[field]);
}

/* ---- trimming ---- */

static bool leads(const struct chat_word *word, bool last, enum chat_field field)
{
    static const char *const before[CHAT_FIELDS][9] = {
        [CHAT_NAMA] = {"dengan", "dgn", "panggil", "atas", "nama", "namanya", "bernama", NULL},
        [CHAT_PEKERJAAN] = {"sebagai", "sbg", "jadi", "seorang", "pekerjaan", "sehari-hari", "cuma", "hanya",
            NULL},
        [CHAT_ALAMAT] = {"di", "d", "rumah", "tinggal", "alamat", "alamatnya", "nang", "e"},
    };
    for (size_t i = 0; i < 9 && before[field][i]; i++)
        if (!strcmp(before[field][i], word->text))
            return true;
    /* "bisa dengan Dewi", "bapak Joko", "Cak Di" */
    const unsigned names = 1u << CHAT_SET_ADDRESS | (last ? 0 : 1u << CHAT_SET_WISH);
    return chat_in_any(politeness | 1u << CHAT_SET_SELF | (field == CHAT_NAMA ? names : 0), word);
}

static struct piece trimmed(const struct chat_line *line, struct piece p, enum chat_field field)
{
    const unsigned tail = politeness | 1u << CHAT_SET_ADDRESS | 1u << CHAT_SET_THANKS;
    while (p.from < p.to && leads(&line->words[p.from], p.from + 1 == p.to, field))
        p.from++;
    /* "dinda kk": elsewhere it is the kartu keluarga */
    if (field == CHAT_NAMA && p.to > p.from + 1 && !strcmp(line->words[p.to - 1].text, "kk"))
        p.to--;
    while (p.to > p.from + 1 && chat_in_any(tail, &line->words[p.to - 1]) &&
           !(field == CHAT_ALAMAT && line->words[p.to - 2].after == ' ' &&
               chat_in(CHAT_SET_PLACE, &line->words[p.to - 2])))
        p.to--;
    return p;
}

/* ---- one answer ---- */

static bool protests(const struct chat_line *line, struct piece p)
{
    for (size_t i = p.from; i < p.to; i++)
        if (chat_in(CHAT_SET_PROTEST, &line->words[i]) || line->words[i].after == '?')
            return true;
    return false;
}

static bool no_occupation(const struct chat_line *line, struct piece p)
{
    return p.to - p.from >= 2 && p.to - p.from <= 6 && chat_in(CHAT_SET_NOT, &line->words[p.from]) &&
           (!strcmp(line->words[p.from + 1].text, "kerja") ||
               !strcmp(line->words[p.from + 1].text, "bekerja"));
}

static bool is_occupation(const struct chat_line *line, struct piece p)
{
    if (p.from >= p.to || protests(line, p) || chat_place_like(line, p.from, p.to))
        return false;
    static const char *const at_work[] = {"masih", "buka", "jaga", "punya", "ikut", "bantu", "ngajar",
        "mengajar", "nyambut", "nyambi", "sadeyan", "melu", NULL};
    bool begins =
        chat_in(CHAT_SET_OCCUPATION, &line->words[p.from]) || chat_one_of(line->words[p.from].text, at_work);
    if (no_occupation(line, p) || (begins && p.to - p.from <= 5 && chat_occupation_like(line, p.from, p.to)))
        return true;
    if (chat_speaks_of_matter(line, p.from, p.to))
        return false;
    return chat_occupation_like(line, p.from, p.to) || p.to - p.from <= UNKNOWN_OCCUPATION_WORDS;
}

/* "sama dengan lokasinya", "di situ juga" */
static bool the_same_place(const struct chat_line *line, struct piece p)
{
    const char *first = line->words[p.from].text;
    return p.to - p.from <= 5 &&
           (!strcmp(first, "sama") || !strcmp(first, "situ") || !strcmp(first, "disitu"));
}

/* With a number of the neighbourhood it is an address whatever was asked; "jalan" alone may be the matter. */
static bool surely_address(const struct chat_line *line, struct piece p)
{
    bool numbered = false;
    for (size_t i = p.from; i < p.to; i++) {
        const char *word = line->words[i].text;
        bool rt = !strncmp(word, "rt", 2) || !strncmp(word, "rw", 2);
        numbered |= rt && (!word[2] || (word[2] >= '0' && word[2] <= '9'));
        numbered |=
            !strcmp(word, "blok") || !strcmp(word, "perum") || !strcmp(word, "dusun") || !strcmp(word, "no");
        numbered |= (!strcmp(word, "jl") || !strcmp(word, "jln")) && i == p.from;
    }
    return numbered && p.to - p.from <= 8;
}

/* "belakang Indomaret Gedang" */
static bool is_landmark(const struct chat_word *word)
{
    static const char *const landmarks[] = {
        "belakang", "depan", "samping", "sebelah", "dekat", "deket", "mburi", "ngarep", "seberang", NULL};
    return chat_one_of(word->text, landmarks);
}

static bool is_address(const struct chat_line *line, struct piece p)
{
    if (p.from >= p.to || p.to - p.from > ADDRESS_WORDS_MOST || line->words[p.to - 1].after == '?')
        return false;
    if (chat_place_like(line, p.from, p.to) || the_same_place(line, p))
        return true;
    bool speaks = is_landmark(&line->words[p.from]) ? chat_tells_matter(line, p.from, p.to)
                                                    : chat_speaks_of_matter(line, p.from, p.to);
    return !protests(line, p) && !speaks && p.to - p.from <= 8;
}

static bool only_occupation(const struct chat_line *line, struct piece p)
{
    for (size_t i = p.from; i < p.to; i++)
        if (!chat_in(CHAT_SET_OCCUPATION, &line->words[i]) && strcmp(line->words[i].text, "rumah") &&
            strcmp(line->words[i].text, "ibu"))
            return false;
    return p.from < p.to;
}

/* "Mbah Karto umur 78": where the name ends. */
static struct piece without_age(const struct chat_line *line, struct piece p)
{
    for (size_t i = p.from + 1; i < p.to; i++)
        if (!strcmp(line->words[i].text, "umur") || !strcmp(line->words[i].text, "usia"))
            return (struct piece){p.from, i};
    return p;
}

/* "Cak Di", "Mbok Nah": a name behind a title, though the word is known for something else when it is written small. */
static bool is_titled(const struct chat_line *line)
{
    if (line->count != 2 || !chat_in(CHAT_SET_ADDRESS, &line->words[0]))
        return false;
    const unsigned others = 1u << CHAT_SET_SELF | 1u << CHAT_SET_YES | 1u << CHAT_SET_ADDRESS;
    const char *word = line->text + line->words[1].from;
    bool written_as_name = word[0] >= 'A' && word[0] <= 'Z' && word[1] >= 'a' && word[1] <= 'z';
    return !chat_in_any(others, &line->words[1]) &&
           (written_as_name || !chat_in(CHAT_SET_PARTICLE, &line->words[1]));
}

static bool answer_one(
    const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret)
{
    struct piece all = {0, line->count}, address = trimmed(line, all, CHAT_ALAMAT);
    struct piece p = trimmed(line, all, context->asked);
    if (context->asked != CHAT_ALAMAT && missing(context, ret, CHAT_ALAMAT) &&
        surely_address(line, address) && !chat_tells_matter(line, address.from, address.to))
        return set(line, address, CHAT_ALAMAT, ret);
    if (context->asked != CHAT_PEKERJAAN && missing(context, ret, CHAT_PEKERJAAN) && only_occupation(line, p))
        return set(line, p, CHAT_PEKERJAAN, ret);
    if (context->asked == CHAT_NAMA)
        p = without_age(line, p);
    bool titled = context->asked == CHAT_NAMA && is_titled(line);
    if (titled)
        p = (struct piece){1, 2};
    bool good = context->asked == CHAT_NAMA        ? titled || chat_name_like(line, p.from, p.to)
                : context->asked == CHAT_PEKERJAAN ? is_occupation(line, p)
                                                   : is_address(line, p);
    return good && set(line, p, context->asked, ret);
}

/* ---- several in one line ---- */

/* Not behind "Jl.", "No.", "H.", "RT". */
static bool parts(const struct chat_line *line, size_t i)
{
    char mark = line->words[i].after;
    const char *word = line->words[i].text;
    static const char *const shortened[] = {"jln", "dsn", "kel", "kec", "kab", "drs", "dra", "moh", "muh",
        "mohd", "muhd", "abd", "ust", "perum", "link", NULL};
    if (mark == '.')
        return strlen(word) > 2 && !chat_one_of(word, shortened);
    return (mark == ',' && !chat_degree_at(line, i + 1)) || mark == ';' || mark == '\n';
}

/* "1. Sri Wahyuni": the number of the piece is none of its words. */
static size_t behind_ordinal(const struct chat_line *line, size_t from, size_t to, size_t ordinal)
{
    const char *word = line->words[from].text;
    bool is_ordinal = word[0] >= '1' && word[0] <= '9' && !word[1] && (size_t)(word[0] - '0') == ordinal;
    return is_ordinal && to - from > 1 ? from + 1 : from;
}

static size_t cut_pieces(const struct chat_line *line, struct piece pieces[PIECES_MOST])
{
    size_t count = 0, from = 0;
    for (size_t i = 0; i < line->count; i++) {
        if (!parts(line, i) && i + 1 < line->count)
            continue;
        bool filler =
            i > from || strcmp(line->words[i].text, "sugeng"); /* a greeting never comes alone: a name */
        for (size_t k = from; k <= i && filler; k++)
            filler =
                chat_in_any(politeness | 1u << CHAT_SET_ADDRESS | 1u << CHAT_SET_GREETING, &line->words[k]);
        if (!filler && count == PIECES_MOST)
            return 0;
        if (!filler)
            pieces[count] = (struct piece){behind_ordinal(line, from, i + 1, count + 1), i + 1};
        count += !filler;
        from = i + 1;
    }
    return count;
}

static bool take_piece(const struct chat_line *line, struct piece whole, bool more,
    const struct chat_context *context, struct chat_reading *ret)
{
    struct piece name = without_age(line, trimmed(line, whole, CHAT_NAMA)),
                 work = trimmed(line, whole, CHAT_PEKERJAAN), home = trimmed(line, whole, CHAT_ALAMAT);
    bool place = chat_place_like(line, home.from, home.to);
    if (missing(context, ret, CHAT_PEKERJAAN) && !place && chat_occupation_like(line, work.from, work.to) &&
        !chat_speaks_of_matter(line, work.from, work.to))
        return set(line, work, CHAT_PEKERJAAN, ret);
    if (missing(context, ret, CHAT_NAMA) && !place && chat_name_like(line, name.from, name.to))
        return set(line, name, CHAT_NAMA, ret);
    if (missing(context, ret, CHAT_PEKERJAAN) && !place && more && is_occupation(line, work))
        return set(line, work, CHAT_PEKERJAAN, ret);
    bool last = *ret->value[CHAT_PEKERJAAN] && *ret->value[CHAT_NAMA]; /* "Heru, satpam, Gedang" */
    return missing(context, ret, CHAT_ALAMAT) && (place || last) && is_address(line, home) &&
           set(line, home, CHAT_ALAMAT, ret);
}

/* "41 tahun", "umur 41" */
static bool is_age(const struct chat_line *line, struct piece p)
{
    static const char *const beside[] = {"umur", "usia", "tahun", "thn", "th", "taun", NULL};
    size_t numbers = 0, others = 0;
    for (size_t i = p.from; i < p.to; i++) {
        bool number = !line->words[i].text[strspn(line->words[i].text, "0123456789")];
        numbers += number;
        others += !number && !chat_one_of(line->words[i].text, beside);
    }
    return numbers == 1 && p.to - p.from > 1 && !others;
}

/* An address goes on over commas: "Perum Griya Asri, Blok C-7, Kedopok". */
static bool prolong_address(
    const struct chat_line *line, struct piece first, struct piece last, struct chat_reading *ret)
{
    struct piece p = trimmed(line, (struct piece){first.from, last.to}, CHAT_ALAMAT);
    return is_address(line, last) && set(line, p, CHAT_ALAMAT, ret);
}

/* "petani, Dusun Krajan RT 1, Sugeng" */
static bool take_name(const struct chat_line *line, struct piece whole, struct chat_reading *ret)
{
    struct piece name = trimmed(line, whole, CHAT_NAMA);
    return chat_name_like(line, name.from, name.to) && set(line, name, CHAT_NAMA, ret);
}

static bool answer_several(
    const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret)
{
    struct piece pieces[PIECES_MOST], address = {0, 0};
    size_t count = cut_pieces(line, pieces);
    if (count < 2)
        return false;
    for (size_t i = 0; i < count; i++) {
        bool before = *ret->value[CHAT_ALAMAT];
        if (is_age(line, pieces[i]))
            continue;
        bool name_last = before && i + 1 == count && context->asked == CHAT_NAMA &&
                         *ret->value[CHAT_PEKERJAAN] && missing(context, ret, CHAT_NAMA);
        bool taken = name_last ? take_name(line, pieces[i], ret)
                     : before  ? prolong_address(line, address, pieces[i], ret)
                               : take_piece(line, pieces[i], i + 1 < count, context, ret);
        if (!taken)
            return false;
        if (!before && *ret->value[CHAT_ALAMAT])
            address = pieces[i];
    }
    return true;
}

/* "heru satpam gedang rt 6": the occupation parts name and address. */
static bool answer_run_on(
    const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret)
{
    struct piece all = trimmed(line, (struct piece){0, line->count}, CHAT_NAMA);
    size_t at = all.from;
    while (at < all.to && !chat_in(CHAT_SET_OCCUPATION, &line->words[at]))
        at++;
    size_t end = at;
    while (at > all.from &&
           (!strcmp(line->words[at - 1].text, "rumah") || !strcmp(line->words[at - 1].text, "ibu")))
        at--; /* "ibu rumah tangga" */
    while (end < all.to && chat_in(CHAT_SET_OCCUPATION, &line->words[end]))
        end++;
    struct piece name = {all.from, at}, work = {at, end},
                 home = trimmed(line, (struct piece){end, line->count}, CHAT_ALAMAT);
    if (at == end || !missing(context, ret, CHAT_NAMA) || !missing(context, ret, CHAT_PEKERJAAN) ||
        at - all.from > 3 || !chat_name_like(line, name.from, name.to))
        return false;
    if (home.from < home.to &&
        !(missing(context, ret, CHAT_ALAMAT) && chat_place_like(line, home.from, home.to) &&
            set(line, home, CHAT_ALAMAT, ret)))
        return false;
    return set(line, name, CHAT_NAMA, ret) && set(line, work, CHAT_PEKERJAAN, ret);
}

static void forget(struct chat_reading *ret)
{
    for (int field = 0; field < CHAT_FIELDS; field++)
        *ret->value[field] = 0;
}

/* "Nama: ... Alamat: ..." says by itself what is what. */
static bool has_labels(const struct chat_line *line)
{
    for (size_t i = 0; i < line->count; i++)
        if (line->words[i].after == ':')
            return true;
    return false;
}

bool chat_listed(const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret)
{
    bool alone = context->missing == 1u << CHAT_ALAMAT;
    if (context->asked == CHAT_NOTHING_ASKED || alone || line->count > ANSWER_WORDS_MOST || has_labels(line))
        return false;
    if (answer_several(line, context, ret))
        return true;
    forget(ret);
    return false;
}

bool chat_answered(const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret)
{
    static bool (*const ways[])(const struct chat_line *, const struct chat_context *,
        struct chat_reading *) = {answer_run_on, answer_one};
    bool alone = context->missing == 1u << CHAT_ALAMAT;
    if (context->asked == CHAT_NOTHING_ASKED || !line->count || line->count > ANSWER_WORDS_MOST ||
        line->words[line->count - 1].after == '?')
        return false;
    for (size_t i = alone ? 1 : 0; i < sizeof ways / sizeof *ways; i++) {
        if (ways[i](line, context, ret))
            return true;
        forget(ret);
    }
    return false;
}

void chat_names_at_end(
    const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret)
{
    enum { NAME_WORDS = 3 };
    size_t from = line->count;
    while (from && line->count - from < NAME_WORDS + 1 &&
           (from == line->count || strchr(" ", line->words[from - 1].after)))
        from--;
    bool begins =
        from && strchr(".,;!\n", line->words[from - 1].after) && chat_in(CHAT_SET_SELF, &line->words[from]);
    if (context->asked != CHAT_NAMA || *ret->value[CHAT_NAMA] || !begins)
        return;
    struct piece p = trimmed(line, (struct piece){from, line->count}, CHAT_NAMA);
    if (p.from < p.to && chat_name_like(line, p.from, p.to))
        set(line, p, CHAT_NAMA, ret);
}

/* ---- corrections without a label ---- */

static const unsigned correction = 1u << CHAT_SET_CORRECTS | 1u << CHAT_SET_CORRECTING;

static bool same_words(const struct chat_line *line, size_t from, size_t to, const char *said)
{
    char copy[CHAT_VALUE_SIZE];
    return said && chat_copy(line, from, to, copy) && !strcasecmp(copy, said);
}

/* "Rokhim bukan Rohim": the field is the one that holds what it was not. */
static bool instead_of(
    const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret)
{
    const unsigned before = politeness | 1u << CHAT_SET_ADDRESS | 1u << CHAT_SET_SELF;
    size_t not = 0;
    while (not < line->count && strcmp(line->words[not ].text, "bukan"))
        not ++;
    if (!not || not +1 >= line->count)
        return false;
    size_t from = 0, end = line->count;
    while (from < not &&chat_in_any(before | correction, &line->words[from]))
        from++;
    while (end > not +2 && chat_in_any(before, &line->words[end - 1]))
        end--;
    for (int field = 0; field < CHAT_FIELDS; field++)
        if (from < not &&same_words(line, not +1, end, context->said[field]))
            return chat_copy(line, from, not, ret->value[field]);
    return false;
}

/* "eh salah, Rokhim": the newest answer is meant. */
static bool once_more(
    const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret)
{
    bool marked = line->starred;
    for (size_t i = 0; i < line->count && i < 4; i++)
        marked |= chat_in(CHAT_SET_CORRECTS, &line->words[i]);
    size_t from = 0, to = line->count;
    const unsigned filler = politeness | correction | 1u << CHAT_SET_ADDRESS | 1u << CHAT_SET_SELF;
    while (from < to && chat_in_any(filler, &line->words[from]))
        from++;
    while (to > from && chat_in_any(filler, &line->words[to - 1]))
        to--;
    for (size_t i = from; i + 1 < to; i++) /* "RT 5 maksud saya, Gedang RT 5" */
        if (chat_in(CHAT_SET_CORRECTS, &line->words[i]))
            from = i + 1;
    while (from < to && chat_in_any(filler, &line->words[from]))
        from++;
    int field = CHAT_FIELDS - 1;
    while (field >= 0 && !(context->said[field] && *context->said[field]))
        field--;
    struct piece p = {from, to};
    if (!marked || field < 0 || line->count > 12)
        return false;
    bool good = field == CHAT_NAMA        ? chat_name_like(line, from, to)
                : field == CHAT_PEKERJAAN ? is_occupation(line, p)
                                          : chat_place_like(line, from, to);
    return good && set(line, p, (enum chat_field)field, ret);
}

bool chat_corrected(
    const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret)
{
    if (line->count > ANSWER_WORDS_MOST)
        return false;
    if (instead_of(line, context, ret) || once_more(line, context, ret))
        return true;
    forget(ret);
    return false;
}
