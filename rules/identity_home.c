/* Home addresses: where a person lives, not where something is broken. "RT 5 gelap" is a place; "saya tinggal di RT 5
 * RW 2 Dusun Krajan" is a home; a street with a house number is one unless an office, a school or a market has it. */
#include "identity_names.h"
#include "identity_private.h"
#include <string.h>

enum {
    STREET = 1,
    HOUSE = 2,
    RTRW = 4,
    ESTATE = 8,
    HAMLET = 16,
    VILLAGE = 32,
    WORDS_MOST = 4,
    CUE_REACH = 7
};

struct home {
    size_t next; /* token behind it */
    unsigned parts;
    bool told; /* a cue said that somebody lives there */
};

static const struct {
    const char *word;
    unsigned part;
} openers[] = {{"jl", STREET}, {"jln", STREET}, {"jalan", STREET}, {"gang", STREET}, {"gg", STREET},
    {"perum", ESTATE}, {"perumahan", ESTATE}, {"perumnas", ESTATE}, {"komplek", ESTATE}, {"kompleks", ESTATE},
    {"griya", ESTATE}, {"blok", HOUSE}, {"no", HOUSE}, {"nomor", HOUSE}, {"nomer", HOUSE}, {"rt", RTRW},
    {"rw", RTRW}, {"dusun", HAMLET}, {"dsn", HAMLET}, {"dukuh", HAMLET}, {"lingkungan", HAMLET},
    {"kampung", HAMLET}, {"desa", VILLAGE}, {"ds", VILLAGE}, {"kelurahan", VILLAGE}, {"kel", VILLAGE},
    {"kec", VILLAGE}, {"kecamatan", VILLAGE}};

static unsigned opener(const struct identity_text *t, size_t i)
{
    for (size_t k = 0; k < sizeof openers / sizeof *openers; k++)
        if (identity_token_is(t, i, openers[k].word))
            return openers[k].part;
    return 0;
}

static size_t skip_marks(const struct identity_text *t, size_t i, const char *marks)
{
    while (i < t->count && t->tokens[i].kind == TOKEN_MARK && t->tokens[i].lower[0] &&
           strchr(marks, t->tokens[i].lower[0]))
        i++;
    return i;
}

static bool is_number(const struct identity_text *t, size_t i)
{
    return i < t->count && t->tokens[i].kind == TOKEN_NUMBER;
}

static bool is_roman(const struct identity_text *t, size_t i)
{
    const char *w = i < t->count ? t->tokens[i].lower : "";
    return *w && !w[strspn(w, "ivx")];
}

/* Words that belong to the name of a street or village: capitalised ones; without capitals to go by, those that are no
 * ordinary words, or all up to a mark when somebody said that an address comes. */
static size_t take_words(const struct identity_text *t, size_t i, bool told)
{
    bool blind = t->shouted || t->whispered;
    for (size_t n = 0; n < WORDS_MOST && i < t->count; n++, i++) {
        const struct identity_token *k = &t->tokens[i];
        if (k->kind != TOKEN_WORD || (opener(t, i) && n) || (n && identity_token_is(t, i, "no")))
            break;
        bool belongs = blind || !k->capital
                           ? (n == 0 || (told && n < 3)) && (told || !identity_is_ordinary(k->lower))
                           : true;
        if (!belongs || (n && blind && !told))
            break;
    }
    return i;
}

/* "D-7", "C2", "F 3", "17A": what stands behind Blok and No. */
static size_t take_house(const struct identity_text *t, size_t i)
{
    size_t begin = i;
    for (int n = 0; n < 4 && i < t->count; n++) {
        const struct identity_token *k = &t->tokens[i];
        bool letter = k->kind == TOKEN_WORD &&
                      (k->end - k->at == 1 || (k->end - k->at == 2 && k->upper && !opener(t, i)));
        bool joined = k->kind == TOKEN_MARK && strchr("-/", k->lower[0]) && k->lower[0] && i + 1 < t->count &&
                      t->tokens[i + 1].glued;
        if (!letter && !joined && k->kind != TOKEN_NUMBER)
            break;
        i++;
    }
    return i > begin ? i : 0;
}

/* "RT 04 RW 02", "RT 10/03", "RT.3/RW.1". */
static size_t take_rt(const struct identity_text *t, size_t i)
{
    i = skip_marks(t, i, ".:");
    if (!is_number(t, i))
        return 0;
    i++;
    size_t slash = skip_marks(t, i, "/");
    return slash > i && is_number(t, slash) ? slash + 1 : i;
}

/* One part of an address at token i; 0 when there is none, else the token behind it. */
static size_t take_part(const struct identity_text *t, size_t i, bool told, unsigned *ret_part)
{
    unsigned part = opener(t, i);
    size_t inside = skip_marks(t, i + 1, ".:"), end = 0;
    if (part == RTRW)
        end = take_rt(t, i + 1);
    else if (part == HOUSE)
        end = take_house(t, inside);
    else if (part) {
        end = take_words(t, inside, told);
        if (part == STREET && (is_number(t, end) || is_roman(t, end)))
            end++;
        end = end > inside ? end : 0;
    }
    *ret_part = end ? part : 0;
    return end;
}

/* "rumah cat hijau", "pagar besi": how to find the door. */
static size_t take_looks(const struct identity_text *t, size_t i)
{
    static const char *const looks[] = {"cat", "pagar", "warna", NULL};
    size_t at = i + identity_token_is(t, i, "rumah");
    bool found = identity_token_in(t, at, looks) && at + 1 < t->count && t->tokens[at + 1].kind == TOKEN_WORD;
    return found ? at + 2 : i;
}

/* "RT 11 RW 04 Gedang": the village alone, behind the rest. */
static size_t take_village(const struct identity_text *t, size_t i)
{
    size_t end = i;
    while (end < t->count && end < i + 2 && t->tokens[end].kind == TOKEN_WORD && t->tokens[end].capital &&
           !t->shouted)
        end++;
    bool last = end == t->count || t->tokens[end].kind != TOKEN_WORD;
    return last ? end : i;
}

static struct home read_home(const struct identity_text *t, size_t i, bool told)
{
    struct home home = {.next = i, .told = told};
    for (size_t at = i; at < t->count;) {
        unsigned part;
        size_t end = take_part(t, at, told, &part);
        if (!end)
            break;
        home.parts |= part;
        home.next = end;
        at = skip_marks(t, end, ",/-.");
        at += at < t->count && t->tokens[at].kind == TOKEN_LINE && told && opener(t, at + 1);
    }
    if (home.parts & (RTRW | HOUSE))
        home.next = take_village(t, home.next);
    if (home.parts)
        home.next = take_looks(t, home.next);
    return home;
}

static const char *const live[] = {"alamat", "tinggal", "domisili", "berdomisili", "beralamat", "kontrak",
    "ngontrak", "kos", "ngekos", "griyo", "griya", "bertempat", "menetap", "rumahnya", "rumahku", "rumah",
    "bermukim", "omahku", "panggonan", NULL};
static const char *const places[] = {"kantor", "sekolah", "sd", "sdn", "smp", "smpn", "sma", "sman", "smk",
    "smkn", "tk", "puskesmas", "aula", "masjid", "musala", "musholla", "mushola", "gereja", "pasar", "toko",
    "warung", "balai", "rapat", "gedung", "rsud", "klinik", "bank", "gudang", "pabrik", "cv", "pt", "pos",
    "lapangan", "pondok", "makam", "indomaret", "alfamart", "polsek", "koramil", "pln", "bengkel", "spbu",
    "hotel", NULL};

/* "Siti Aminah, Dusun Krajan RT 2": an address behind a name. */
static bool behind_name(const struct identity_text *t, size_t i)
{
    size_t comma = i;
    while (comma > 0 && (t->tokens[comma - 1].kind == TOKEN_LINE || identity_token_is(t, comma - 1, ",")))
        comma--;
    return comma < i && comma > 0 && identity_is_name(t->tokens[comma - 1].lower);
}

static bool is_told(const struct identity_text *t, size_t i)
{
    static const char *const mine[] = {
        "saya", "ku", "nya", "kami", ":", "di", "pak", "bu", "wonten", "kulo", NULL};
    for (size_t back = 1; back <= CUE_REACH && back <= i; back++) {
        size_t at = i - back;
        if (t->tokens[at].kind == TOKEN_LINE || identity_token_is(t, at, ";") ||
            identity_token_is(t, at, "?"))
            return false;
        if (!identity_token_in(t, at, live))
            continue;
        /* a house that is flooded is no address yet: "rumah saya di ..." */
        return !identity_token_is(t, at, "rumah") || (back <= 4 && identity_token_in(t, i - 1, mine));
    }
    return false;
}

void identity_find_homes(struct identity_text *t)
{
    for (size_t i = 0; i < t->count; i++) {
        if (!opener(t, i) || identity_taken(t, t->tokens[i].at, t->tokens[i].end))
            continue;
        struct home home = read_home(t, i, is_told(t, i));
        if (!home.parts)
            continue;
        unsigned exact = home.parts & (STREET | HOUSE | RTRW | ESTATE | HAMLET);
        bool house = (home.parts & HOUSE) && (home.parts & (STREET | ESTATE));
        bool named = behind_name(t, i) && (home.parts & (STREET | RTRW | HAMLET));
        if (exact && (home.told || house || named) && !identity_before(t, i, 6, places))
            identity_take(t, IDENTITY_HOME, t->tokens[i].at, t->tokens[home.next - 1].end);
        i = home.next - 1;
    }
}
