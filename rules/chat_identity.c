/* Who he is, wherever in a line he says it: "nama saya Budi, kerja tani, alamat Sumber Wetan RT 3". */
#include "chat_private.h"
#include <string.h>

enum { NAME_WORDS_MOST = 5, OCCUPATION_WORDS_MOST = 6, ADDRESS_WORDS_MOST = 16 };

struct label {
    const char *first, *rest; /* words with one blank between */
    enum chat_field field;
    /* SURE stands for itself, OPEN only at a beginning, before ":" or before "saya", BEHIND only behind another value,
     * MINE only as "rumahku". "namaku" stands one step surer than "nama", "asmane" than a BEHIND "asma". */
    enum { MINE, BEHIND, OPEN, SURE } stands;
};

/* Longer ones first. */
static const struct label labels[] = {
    {"nama", "lengkap", CHAT_NAMA, OPEN},
    {"nama", "panggilan", CHAT_NAMA, OPEN},
    {"nama", "pelapor", CHAT_NAMA, SURE},
    {"nama", "pengadu", CHAT_NAMA, SURE},
    {"saya", "bernama", CHAT_NAMA, SURE},
    {"perkenalkan", "saya", CHAT_NAMA, SURE},
    {"perkenalkan", "aku", CHAT_NAMA, SURE},
    {"panggil", "saja", CHAT_NAMA, SURE},
    {"panggil", "aja", CHAT_NAMA, SURE},
    {"panggil", "ae", CHAT_NAMA, SURE},
    {"jeneng", "kulo", CHAT_NAMA, SURE},
    {"jeneng", "kula", CHAT_NAMA, SURE},
    {"asmo", "kulo", CHAT_NAMA, SURE},
    {"asma", "kula", CHAT_NAMA, SURE},
    {"asma", "kulo", CHAT_NAMA, SURE},
    {"nami", "kulo", CHAT_NAMA, SURE},
    {"nami", "kula", CHAT_NAMA, SURE},
    {"asma", "", CHAT_NAMA, BEHIND},
    {"asmo", "", CHAT_NAMA, BEHIND},
    {"nami", "", CHAT_NAMA, BEHIND},
    {"nama", "", CHAT_NAMA, OPEN},
    {"nm", "", CHAT_NAMA, OPEN},
    {"nma", "", CHAT_NAMA, OPEN},
    {"nam", "", CHAT_NAMA, OPEN},
    {"jeneng", "", CHAT_NAMA, OPEN},
    {"jenengan", "", CHAT_NAMA, OPEN},
    {"nyama", "", CHAT_NAMA, OPEN},
    {"bekerja", "sebagai", CHAT_PEKERJAAN, SURE},
    {"bekerja", "sbg", CHAT_PEKERJAAN, SURE},
    {"kerja", "sebagai", CHAT_PEKERJAAN, SURE},
    {"kerja", "sbg", CHAT_PEKERJAAN, SURE},
    {"pekerjaan", "", CHAT_PEKERJAAN, OPEN},
    {"profesi", "", CHAT_PEKERJAAN, OPEN},
    {"kerjaan", "", CHAT_PEKERJAAN, OPEN},
    {"kerja", "", CHAT_PEKERJAAN, OPEN},
    {"pedamelan", "", CHAT_PEKERJAAN, OPEN},
    {"penggaweyan", "", CHAT_PEKERJAAN, OPEN},
    {"gawean", "", CHAT_PEKERJAAN, OPEN},
    {"lakona", "", CHAT_PEKERJAAN, OPEN},
    {"kalakoan", "", CHAT_PEKERJAAN, OPEN},
    {"alamat", "lengkap", CHAT_ALAMAT, OPEN},
    {"alamat", "rumah", CHAT_ALAMAT, OPEN},
    {"alamat", "", CHAT_ALAMAT, OPEN},
    {"almt", "", CHAT_ALAMAT, OPEN},
    {"tinggal", "di", CHAT_ALAMAT, OPEN},
    {"tinggal", "d", CHAT_ALAMAT, OPEN},
    {"domisili", "di", CHAT_ALAMAT, SURE},
    {"domisili", "", CHAT_ALAMAT, OPEN},
    {"rumah", "di", CHAT_ALAMAT, BEHIND},
    {"rumah", "saya di", CHAT_ALAMAT, OPEN},
    {"rumah", "sy di", CHAT_ALAMAT, OPEN},
    {"rumah", "", CHAT_ALAMAT, MINE},
    {"omah", "ning", CHAT_ALAMAT, BEHIND},
    {"omah", "nang", CHAT_ALAMAT, BEHIND},
    {"omah", "ndek", CHAT_ALAMAT, BEHIND},
    {"omah", "kulo ning", CHAT_ALAMAT, OPEN},
    {"omah", "kulo teng", CHAT_ALAMAT, OPEN},
    {"omah", "", CHAT_ALAMAT, MINE},
    {"griyo", "kulo ten", CHAT_ALAMAT, OPEN},
    {"griya", "kula ing", CHAT_ALAMAT, OPEN},
    {"dalem", "kulo ing", CHAT_ALAMAT, OPEN},
    {"bengkona", "kaule e", CHAT_ALAMAT, OPEN},
    {"bengko", "kaule e", CHAT_ALAMAT, OPEN},
    {"romana", "kaule e", CHAT_ALAMAT, OPEN},
    {"roma", "kaule e", CHAT_ALAMAT, OPEN},
    {"compok", "kaule e", CHAT_ALAMAT, OPEN},
};

/* ---- what a piece looks like ---- */

static bool has_digit(const char *word)
{
    return word[strcspn(word, "0123456789")] != 0;
}

/* "rt03", "rw11" */
static bool is_neighbourhood(const char *word)
{
    return (!strncmp(word, "rt", 2) || !strncmp(word, "rw", 2)) && word[2] >= '0' && word[2] <= '9';
}

bool chat_place_like(const struct chat_line *line, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const char *word = line->words[i].text;
        if (is_neighbourhood(word) || (to - from > 1 && chat_in(CHAT_SET_PLACE, &line->words[i])))
            return true;
    }
    return false;
}

/* An address names roads and buildings; anything else of a complaint is not one. */
bool chat_tells_matter(const struct chat_line *line, size_t from, size_t to)
{
    static const char *const parts_of_addresses[] = {"jalan", "di", "d", "rumah", "pasar", "masjid",
        "sekolah", "balai", "kantor", "dekat", "deket", "depan", "belakang", "samping", "sebelah", "lorong",
        "taman", NULL};
    for (size_t i = from; i < to; i++) {
        if (chat_in(CHAT_SET_MATTER, &line->words[i]) &&
            !chat_one_of(line->words[i].text, parts_of_addresses))
            return true;
    }
    return false;
}

/* Words of complaints that no occupation has; people work in houses, mosques and markets. */
bool chat_speaks_of_matter(const struct chat_line *line, size_t from, size_t to)
{
    static const char *const places[] = {
        "di", "dan", "rumah", "masjid", "pasar", "sekolah", "sawah", "taman", "parkir", NULL};
    for (size_t i = from; i < to; i++) {
        const struct chat_word *word = &line->words[i];
        if (chat_in(CHAT_SET_MATTER, word) && !chat_in(CHAT_SET_OCCUPATION, word) &&
            !chat_one_of(word->text, places))
            return true;
    }
    return false;
}

/* "lampunya", "menutupi", "benarkan": a word that was built, which names are not. */
static bool is_built(const char *word)
{
    size_t n = strlen(word);
    return (n >= 6 && !strcmp(word + n - 3, "nya")) || (n >= 8 && !strcmp(word + n - 3, "kan")) ||
           (n >= 8 && (!strncmp(word, "meng", 4) || !strncmp(word, "mem", 3)));
}

static bool continues(const struct chat_line *line, size_t i)
{
    char mark = line->words[i].after;
    return mark == ' ' || (mark == '.' && strlen(line->words[i].text) <= 4) || mark == '/';
}

/* "S.H.", "M.Pd", "SE": a degree begins at word i. */
bool chat_degree_at(const struct chat_line *line, size_t i)
{
    static const char *const whole[] = {"sh", "se", "st", "sp", "spd", "sag", "ssos", "skom", "sip", "skep",
        "mm", "mh", "mpd", "msi", "amd", "ners", NULL};
    if (i >= line->count)
        return false;
    const char *word = line->words[i].text;
    bool letter = (*word == 's' || *word == 'm' || *word == 'a') && !word[1] && line->words[i].after == '.';
    return letter || chat_one_of(word, whole);
}

/* "Bambang Soedarmanto, S.H.": where the degrees behind the name begin. */
static size_t before_degrees(const struct chat_line *line, size_t from, size_t to)
{
    for (size_t i = from + 1; i < to; i++)
        if (line->words[i - 1].after == ',' && chat_degree_at(line, i))
            return i;
    return to;
}

bool chat_name_like(const struct chat_line *line, size_t from, size_t to)
{
    const unsigned unnamed = 1u << CHAT_SET_MATTER | 1u << CHAT_SET_PROTEST | 1u << CHAT_SET_NOT;
    to = before_degrees(line, from, to);
    if (from >= to || to - from > NAME_WORDS_MOST || chat_place_like(line, from, to))
        return false;
    for (size_t i = from; i < to; i++) {
        const char *word = line->words[i].text;
        bool title = line->words[i].after == '.' && !strcmp(word, "dr"); /* else "dari" */
        if (has_digit(word) || is_built(word) || (!title && chat_in_any(unnamed, &line->words[i])) ||
            (i + 1 < to && !continues(line, i)))
            return false;
    }
    return line->words[to - 1].after != '?';
}

bool chat_occupation_like(const struct chat_line *line, size_t from, size_t to)
{
    bool known = false;
    if (from >= to || to - from > OCCUPATION_WORDS_MOST || line->words[to - 1].after == '?')
        return false;
    for (size_t i = from; i < to; i++) {
        const char *word = line->words[i].text;
        bool occupation = chat_in(CHAT_SET_OCCUPATION, &line->words[i]);
        known |= occupation;
        if (!occupation && (is_neighbourhood(word) || chat_in(CHAT_SET_PROTEST, &line->words[i])))
            return false;
    }
    return known;
}

/* ---- labels ---- */

const char *chat_label_word(size_t n)
{
    return n < sizeof labels / sizeof *labels ? labels[n].first : NULL;
}

/* *ret_words: how many words the phrase takes. */
static bool phrase_at(const struct chat_line *line, size_t i, const char *phrase, size_t *ret_words)
{
    size_t n = 0;
    for (const char *p = phrase; *p; n++) {
        size_t length = strcspn(p, " ");
        if (i + n >= line->count || strlen(line->words[i + n].text) != length ||
            strncmp(line->words[i + n].text, p, length))
            return false;
        p += length;
        p += *p == ' ';
    }
    *ret_words = n;
    return true;
}

static bool at_beginning(const struct chat_line *line, size_t i)
{
    static const unsigned fillers = 1u << CHAT_SET_PARTICLE | 1u << CHAT_SET_YES | 1u << CHAT_SET_ADDRESS |
                                    1u << CHAT_SET_GREETING | 1u << CHAT_SET_SELF | 1u << CHAT_SET_CORRECTS;
    while (i && line->words[i - 1].after == ' ' && chat_in_any(fillers, &line->words[i - 1]))
        i--;
    return !i || line->words[i - 1].after != ' ';
}

/* "namanya Pak Joko" is about somebody else, unless he was asked or corrects himself in a few words. */
static bool about_himself(
    const struct chat_line *line, const struct chat_context *context, enum chat_field field)
{
    enum { ANSWER_WORDS = 10 };
    return (context->asked != CHAT_NOTHING_ASKED || context->said[field]) && line->count <= ANSWER_WORDS;
}

/* behind: right behind a value, where another label may follow without a mark. */
static const struct label *label_at(const struct chat_line *line, size_t i, bool behind,
    const struct chat_context *context, size_t *ret_words)
{
    const struct chat_word *first = &line->words[i];
    if (!chat_in(CHAT_SET_LABEL, first))
        return NULL;
    for (size_t l = 0; l < sizeof labels / sizeof *labels; l++) {
        size_t more, n;
        if (strcmp(labels[l].first, first->means) != 0 || !phrase_at(line, i + 1, labels[l].rest, &more))
            continue;
        n = 1 + more;
        if (i + n >= line->count)
            continue;
        bool own = line->words[i + n - 1].after == ':' || chat_in(CHAT_SET_SELF, &line->words[i + n]);
        if (!own && !i && !more && !strcmp(labels[l].first, "kerja"))
            continue; /* "kerja di bengkel" is the answer itself */
        if (labels[l].stands == MINE
                ? !first->mine
                : first->theirs && !own && !about_himself(line, context, labels[l].field))
            continue;
        int sure = labels[l].stands;
        if (sure == BEHIND ? first->mine || first->theirs : sure == OPEN && first->mine)
            sure++;
        bool stands = sure == SURE || own || (sure != BEHIND && at_beginning(line, i));
        if (stands || behind) {
            *ret_words = n;
            return &labels[l];
        }
    }
    return NULL;
}

/* "saya", "adalah", "yaitu" between the label and what it names. */
static size_t skip_to_value(const struct chat_line *line, size_t i)
{
    static const char *const between[] = {"adalah", "ialah", "yaitu", "yakni", "itu", "sbg", "sebagai",
        "salah", "keliru", "yang", "yg", "benar", "bener", "betul", "harusnya", "seharusnya", NULL};
    for (; i < line->count; i++) {
        const struct chat_word *word = &line->words[i];
        if (!chat_in(CHAT_SET_SELF, word) && !chat_one_of(word->text, between))
            break;
    }
    return i;
}

/* Where an address that no mark ends gives way to the matter: "... lajuk rt 2 mau lapor". */
static bool begins_matter(const struct chat_word *word)
{
    static const char *const begins[] = {"mau", "ingin", "pengen", "lapor", "melapor", "melaporkan", "ngadu",
        "mengadukan", "tolong", "mohon", "minta", "izin", "ijin", NULL};
    return chat_one_of(word->text, begins);
}

static bool ends_name(const struct chat_word *word)
{
    static const char *const stops[] = {"dari", "dr", "warga", "umur", "usia", "asal", "selaku", "tinggal",
        "alamat", "kerja", "pekerjaan", "bukan", "kerjaan", NULL};
    return chat_one_of(word->text, stops) || chat_in_any(1u << CHAT_SET_MATTER | 1u << CHAT_SET_NOT, word);
}

/* A full stop behind "Jl" or "RT" is none; a comma inside an address goes on when an address goes on. */
static bool ends_address(const struct chat_line *line, size_t i, bool own_line)
{
    char mark = line->words[i].after;
    if (own_line)
        return mark == '\n' || mark == ';';
    if (mark == ' ' || mark == '/' || mark == ':')
        return false;
    if (mark == '.' && ((strlen(line->words[i].text) <= 2 && !has_digit(line->words[i].text)) ||
                           chat_in(CHAT_SET_PLACE, &line->words[i])))
        return false;
    if (mark == ',' && i + 1 < line->count) {
        const struct chat_word *next = &line->words[i + 1];
        return !(chat_in(CHAT_SET_PLACE, next) || is_neighbourhood(next->text));
    }
    return true;
}

/* own_line: "Alamat: ..." of a list, where commas and full stops belong to the value. */
static size_t value_end(const struct chat_line *line, size_t from, enum chat_field field, bool own_line,
    const struct chat_context *context)
{
    static const size_t most[CHAT_FIELDS] = {NAME_WORDS_MOST, OCCUPATION_WORDS_MOST, ADDRESS_WORDS_MOST};
    size_t ignored;
    for (size_t i = from; i < line->count; i++) {
        const struct label *next = i > from ? label_at(line, i, true, context, &ignored) : NULL;
        if (next && next->field != field)
            return i;
        if (i > from && !strcmp(line->words[i].text, "bukan"))
            return i;
        if (i - from == most[field] || (field == CHAT_NAMA && ends_name(&line->words[i])))
            return i;
        if (field == CHAT_PEKERJAAN && i > from && chat_in(CHAT_SET_WISH, &line->words[i]) &&
            strcmp(line->words[i].text, "di"))
            return i;
        if (field == CHAT_ALAMAT && i > from && begins_matter(&line->words[i]))
            return i;
        bool degree = field == CHAT_NAMA && line->words[i].after == ',' && chat_degree_at(line, i + 1);
        if (field == CHAT_ALAMAT ? ends_address(line, i, own_line) : !continues(line, i) && !degree)
            return i + 1;
    }
    return line->count;
}

/* "Budi pak", "tani ya": politeness is not part of the value. */
static size_t trim_end(const struct chat_line *line, size_t from, size_t to)
{
    while (to > from + 1 &&
           chat_in_any(1u << CHAT_SET_PARTICLE | 1u << CHAT_SET_ADDRESS, &line->words[to - 1]) &&
           !chat_in(CHAT_SET_PLACE, &line->words[to - 1]))
        to--;
    return to;
}

static bool fits(const struct chat_line *line, size_t from, size_t to, enum chat_field field, bool own_line)
{
    if (from >= to)
        return false;
    if (field == CHAT_NAMA)
        return chat_name_like(line, from, to);
    if (field == CHAT_PEKERJAAN)
        return chat_occupation_like(line, from, to) || (own_line && !chat_speaks_of_matter(line, from, to));
    return (own_line || chat_place_like(line, from, to)) && !chat_tells_matter(line, from, to);
}

static void use(struct chat_used *used, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        used->word[i] = true;
}

/* "... bukan Rohim": what it was wrongly. */
static size_t use_wrong(
    const struct chat_line *line, const struct chat_context *context, size_t at, struct chat_used *used)
{
    if (at >= line->count || strcmp(line->words[at].text, "bukan"))
        return at;
    size_t end = value_end(line, at + 1, CHAT_ALAMAT, false, context);
    use(used, at, end);
    return end;
}

/* "... dari Jrebeng RT 2" right behind a name. */
static size_t use_origin(const struct chat_line *line, const struct chat_context *context, size_t at,
    struct chat_reading *ret, struct chat_used *used)
{
    bool origin =
        at < line->count && (!strcmp(line->words[at].text, "dari") || !strcmp(line->words[at].text, "dr") ||
                                !strcmp(line->words[at].text, "warga"));
    size_t end = origin ? value_end(line, at + 1, CHAT_ALAMAT, false, context) : at;
    if (!origin || !chat_place_like(line, at + 1, end) ||
        !chat_copy(line, at + 1, end, ret->value[CHAT_ALAMAT]))
        return at;
    use(used, at, end);
    return end;
}

/* "saya Siti warga Jrebeng Kulon RT 2": a name that only its place betrays. */
static size_t use_introduction(const struct chat_line *line, const struct chat_context *context, size_t i,
    struct chat_reading *ret, struct chat_used *used)
{
    enum { NAME_WORDS = 3 };
    if (!chat_in(CHAT_SET_SELF, &line->words[i]) || !at_beginning(line, i))
        return i;
    size_t from = i + 1;
    while (from < line->count && chat_in(CHAT_SET_ADDRESS, &line->words[from]))
        from++;
    for (size_t to = from + 1; to <= from + NAME_WORDS && to < line->count; to++) {
        struct chat_reading place = {0};
        size_t end = chat_name_like(line, from, to) ? use_origin(line, context, to, &place, used) : to;
        if (end > to && chat_copy(line, from, to, ret->value[CHAT_NAMA])) {
            memcpy(ret->value[CHAT_ALAMAT], place.value[CHAT_ALAMAT], CHAT_VALUE_SIZE);
            use(used, i, to);
            return end;
        }
    }
    return i;
}

/* "saya slamet kerja sopir": a name that only the label behind it betrays, and only when that is followed by what it
 * promises. */
static size_t use_name_before_label(const struct chat_line *line, const struct chat_context *context,
    size_t i, struct chat_reading *ret, struct chat_used *used)
{
    enum { NAME_WORDS = 3 };
    static const char *const no_names[] = {"sendiri", "baru", "biasa", "memang", "pernah", "sehari-hari",
        "cuma", "tiap", "pulang", "berangkat", "mulai", "pas", "saat", "sedang", "lagi", NULL};
    if (i || !chat_in(CHAT_SET_SELF, &line->words[0]) || line->words[0].after != ' ')
        return i;
    for (size_t to = 2; to <= 1 + NAME_WORDS && to + 1 < line->count; to++) {
        size_t words;
        const struct label *label = label_at(line, to, true, context, &words);
        if (chat_one_of(line->words[to - 1].text, no_names) || !chat_name_like(line, 1, to))
            return i;
        if (!label || label->field == CHAT_NAMA)
            continue;
        size_t from = skip_to_value(line, to + words),
               end = value_end(line, from, label->field, false, context);
        if (!fits(line, from, end, label->field, false) || !chat_copy(line, 1, to, ret->value[CHAT_NAMA]))
            return i;
        use(used, 0, to);
        return to;
    }
    return i;
}

bool chat_labelled(const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret,
    struct chat_used *used)
{
    bool found = false;
    size_t behind = 0;
    for (size_t i = 0; i < line->count;) {
        size_t words;
        const struct label *label = label_at(line, i, i && i == behind, context, &words);
        if (!label) {
            size_t next = use_introduction(line, context, i, ret, used);
            if (next == i)
                behind = next = use_name_before_label(line, context, i, ret, used);
            found |= next > i;
            i = next > i ? next : i + 1;
            continue;
        }
        bool listed = line->words[i + words - 1].after == ':';
        bool own = listed || (context->asked == label->field && label->stands != MINE) ||
                   (i + words < line->count && chat_in(CHAT_SET_SELF, &line->words[i + words]));
        size_t from = skip_to_value(line, i + words),
               end = value_end(line, from, label->field, listed, context);
        if (label->field == CHAT_PEKERJAAN && from < end && !strcmp(line->words[from].text, "di"))
            from = i; /* "kerja di pabrik" */
        if (label->field == CHAT_NAMA)
            while (from + 1 < end && chat_in(CHAT_SET_ADDRESS, &line->words[from]))
                from++;
        size_t to = trim_end(line, from, end);
        if (fits(line, from, to, label->field, own) && chat_copy(line, from, to, ret->value[label->field])) {
            found = true;
            use(used, i, end);
            i = use_wrong(line, context, end, used);
            if (label->field == CHAT_NAMA)
                i = use_origin(line, context, i, ret, used);
            behind = i;
        } else
            i += words;
    }
    return found;
}
