/* Names of persons: behind a title (Pak, Sdr., Hj.), behind words that announce one (nama saya, atas nama, bernama), as a
 * signature, and known given names wherever they stand, unless a street, a mosque or a shop is called so. */
#include "identity_names.h"
#include "identity_private.h"
#include <string.h>

enum { NAME_WORDS_MOST = 6, TITLES_MOST = 4, PUBLIC_REACH = 3 };

/* Written as part of the name ("mas Rizal", "Ny. Kasiati"), or before it ("Bapak Suharto"). */
static const char *const titles_inside[] = {"mas", "mbak", "mba", "cak", "ning", "neng", "gus", "pak", "bu",
    "ny", "nyai", "h", "hj", "kh", "ustadz", "ustad", "ustadzah", "ustaz", "kyai", "kiai", "haji", "hajah",
    "drs", "dra", "dr", "ir", "prof", "lora", "abah", "bang", "kang", "mbah", "bunda", NULL};
static const char *const titles_outside[] = {"bapak", "ibu", "sdr", "sdri", "saudara", "saudari", "tuan",
    "nyonya", "pendeta", "romo", "alm", "almh", "almarhum", "almarhumah", "bpk", "pk", NULL};
static const char *const posts[] = {"rt", "rw", "kades", "lurah", "kasun", "camat", "kadus", "sekdes",
    "carik", "modin", "guru", "ketua", "bendahara", "bidan", "dusun", "desa", NULL};
static const char *const particles[] = {"bin", "binti", "al", "el", "van", "de", "ibnu", NULL};
static const char *const shortened[] = {
    "moh", "muh", "moch", "much", "abd", "m", "ach", "sy", "st", "mohd", "r", "rr", "a", "s", NULL};

static bool is_word(const struct identity_text *t, size_t i)
{
    return i < t->count && t->tokens[i].kind == TOKEN_WORD;
}

static bool is_known(const struct identity_text *t, size_t i)
{
    return is_word(t, i) &&
           (identity_is_name(t->tokens[i].lower) || identity_may_be_name(t->tokens[i].lower));
}

/* Does a capital letter say anything here? */
static bool is_capital(const struct identity_text *t, size_t i)
{
    return is_word(t, i) && t->tokens[i].capital && !t->shouted;
}

/* BPN, KUA: capitals alone are an office, where others write small. */
static bool is_acronym(const struct identity_text *t, size_t i)
{
    return t->tokens[i].upper && t->tokens[i].end - t->tokens[i].at <= 4 && !t->shouted;
}

static bool is_stranger(const struct identity_text *t, size_t i)
{
    const struct identity_token *k = &t->tokens[i];
    return is_word(t, i) && k->end - k->at >= 3 && !is_acronym(t, i) && !identity_is_ordinary(k->lower) &&
           !identity_is_public(k->lower);
}

/* An initial or a shortened name: "P.", "Moh.", "Abd". Sets *ret_next to the token behind it and its dot. */
static bool is_short(const struct identity_text *t, size_t i, size_t *ret_next)
{
    if (!is_word(t, i) || (!t->tokens[i].capital && !t->whispered))
        return false;
    bool dot = identity_token_is(t, i + 1, ".") && t->tokens[i + 1].glued;
    bool one = t->tokens[i].end - t->tokens[i].at == 1;
    *ret_next = i + 1 + dot;
    return (one && dot) || identity_token_in(t, i, shortened);
}

/* May the word at i be the next one of a name of `n` words so far? */
static bool continues(const struct identity_text *t, size_t i, size_t n, bool announced)
{
    if (!is_word(t, i) || (identity_is_ordinary(t->tokens[i].lower) && !(is_known(t, i) && is_capital(t, i))))
        return false;
    if (is_capital(t, i))
        return is_known(t, i) || ((announced || n) && is_stranger(t, i));
    bool lower_case = !n || !is_capital(t, i - 1);
    if (t->shouted)
        return is_known(t, i) || (announced && !n && is_stranger(t, i));
    return lower_case && (n ? identity_is_name(t->tokens[i].lower) : announced && is_known(t, i));
}

/* Words of the name that begins at token i; returns the token behind it, i when there is no name. */
static size_t read_name(const struct identity_text *t, size_t i, bool announced)
{
    size_t next, end = i, n = 0, at = i;
    while (at < t->count && n < NAME_WORDS_MOST && !identity_taken(t, t->tokens[at].at, t->tokens[at].end)) {
        if (identity_token_in(t, at, particles) && (n || is_capital(t, at)) &&
            continues(t, at + 1, 1, true)) {
            at++;
            continue;
        }
        if (is_short(t, at, &next) && (continues(t, next, n, announced || t->tokens[at].capital) ||
                                          (n && t->tokens[next - 1].kind == TOKEN_MARK))) {
            at = next;
            end = n ? next : end;
            n++;
            continue;
        }
        if (!continues(t, at, n, announced))
            break;
        end = ++at;
        n++;
    }
    return end;
}

/* "(7 th)" behind the name of a child. */
static size_t skip_age(const struct identity_text *t, size_t i)
{
    static const char *const units[] = {"th", "thn", "tahun", "bulan", "bln", "t", NULL};
    if (identity_token_is(t, i, "(") && i + 3 < t->count && t->tokens[i + 1].kind == TOKEN_NUMBER &&
        identity_token_in(t, i + 2, units) && identity_token_is(t, i + 3, ")"))
        return i + 4;
    return i;
}

/* Begins a public place before this token, with capitals or known names between: "Jalan Raya Ahmad Yani"? */
static bool is_place(const struct identity_text *t, size_t i)
{
    for (size_t back = 1; back <= PUBLIC_REACH && back <= i; back++) {
        size_t at = i - back;
        if (identity_token_is(t, at, ".") && at > 0)
            continue;
        if (!is_word(t, at))
            return false;
        if (identity_is_public(t->tokens[at].lower))
            return true;
        if (!is_capital(t, at) && !is_known(t, at) && !identity_token_in(t, at, titles_inside))
            return false;
    }
    return false;
}

static void take_name(struct identity_text *t, size_t from, size_t end)
{
    end = skip_age(t, end);
    identity_take(t, IDENTITY_NAME, t->tokens[from].at, t->tokens[end - 1].end);
}

/* Titles in a row ("Bu Nyai", "Yth. Bapak H."): where the name proper begins and where the span does. */
static size_t skip_titles(const struct identity_text *t, size_t i, size_t *ret_from)
{
    bool inside = false;
    for (size_t n = 0; n < TITLES_MOST && is_word(t, i); n++) {
        bool in = identity_token_in(t, i, titles_inside);
        if (!in && !identity_token_in(t, i, titles_outside))
            break;
        if (in && !inside)
            *ret_from = i;
        inside = in;
        i++;
        i += identity_token_is(t, i, ".");
        if (!inside)
            *ret_from = i;
    }
    return i;
}

/* "Pak Slamet", "Sdr. Agus", "pak RT Imron". */
static size_t try_title(struct identity_text *t, size_t i)
{
    size_t from = i, name = skip_titles(t, i, &from), end;
    if ((name == i && !identity_token_in(t, i, posts)) || is_place(t, i))
        return i;
    if (identity_token_in(t, name, posts)) {
        name++;
        if (!is_word(t, name) || !identity_is_name(t->tokens[name].lower))
            return i;
        from = name;
    }
    end = read_name(t, name, true);
    if (end == name)
        return i;
    take_name(t, from < name ? from : name, end);
    return end;
}

/* ---- words that announce a name ---- */

static const char *const announcers[] = {"bernama", "namanya", "jenengku", "jenengnya", "jenenge", "jeneng",
    "anyama", "asmanipun", "ttd", "nama", "a.n", "an", "pelapor", "pengirim", "terlapor", "korban", "pemilik",
    "milik", "penerima", "saksi", "wali", "saya", "sy", "aku", "kulo", "oknum", "inisial", "pengadu", "anak",
    "suami", "istri", "adik", "kakak", "ayah", "kontak", "tertulis", "seharusnya", "n", "bapak", "ibu",
    "nasabah", "pembeli", "yaitu", "almarhum", "nenek", "kakek", "keponakan", "cucu", "paman", "tetangga",
    NULL};
static const char *const strong[] = {"bernama", "namanya", "jenengku", "jenengnya", "jenenge", "jeneng",
    "anyama", "asmanipun", "ttd", "nama", "an", "n", NULL};
static const char *const families[] = {"anak", "suami", "istri", "adik", "kakak", "ayah", "ibu", "bapak",
    "nenek", "kakek", "keponakan", "cucu", "paman", "tetangga", NULL};
static const char *const mine[] = {"saya", "kami", "sy", "kulo", NULL};
static const char *const fillers[] = {"saya", "kulo", "lengkap", "anak", "ayah", "ibu", "suami", "istri",
    "adalah", "yaitu", "murid", "nya", "dari", "kami", "pelapor", "pengadu", "pemilik", "anaknya", "ialah",
    "panggilan", "sy", "adik", "kakak", "akun", NULL};

/* Behind "nama saya", "atas nama:", "saya," ... : where the name may begin. */
static size_t skip_fillers(const struct identity_text *t, size_t i)
{
    for (size_t n = 0; n < 4 && i < t->count; n++) {
        bool filler = identity_token_in(t, i, fillers) && !is_capital(t, i);
        bool mark = identity_token_is(t, i, ":") || identity_token_is(t, i, ",") ||
                    identity_token_is(t, i, ".") || identity_token_is(t, i, "=");
        if (!filler && !mark)
            break;
        i++;
    }
    return i;
}

static bool announces(const struct identity_text *t, size_t i)
{
    /* "an. SITI", "a.n. Abdul" but not the article-like ends of words; "n" only of "a.n" */
    if (identity_token_is(t, i, "n"))
        return i >= 2 && (identity_token_is(t, i - 1, ".") || identity_token_is(t, i - 1, "/")) &&
               identity_token_is(t, i - 2, "a");
    return identity_token_in(t, i, announcers);
}

/* "Ahmad, Budi dan Citra": behind a name, what may be one is one. */
static size_t try_list(struct identity_text *t, size_t i)
{
    bool comma = identity_token_is(t, i, ","),
         also = identity_token_is(t, i, "dan") || identity_token_is(t, i, "&");
    size_t before = i - (i > 1 && also && identity_token_is(t, i - 1, ",")),
           name = i + 1 + (comma && identity_token_is(t, i + 1, "dan"));
    if ((!comma && !also) || !before ||
        !identity_taken(t, t->tokens[before - 1].at, t->tokens[before - 1].end) ||
        t->tokens[before - 1].kind != TOKEN_WORD || !is_capital(t, name) || !is_known(t, name))
        return i;
    size_t end = read_name(t, name, true);
    if (end > name)
        take_name(t, name, end);
    return end > name ? end : i;
}

/* "nama: tukiyah, alamat ...": a word nobody knows, alone between marks. */
static bool is_filled_in(const struct identity_text *t, size_t i)
{
    bool colon = i > 0 && (identity_token_is(t, i - 1, ":") || identity_token_is(t, i - 1, "="));
    bool called = i > 0 && (identity_token_is(t, i - 1, "namanya") || identity_token_is(t, i - 1, "bernama"));
    return is_stranger(t, i) && (called || (colon && !is_word(t, i + 1)));
}

/* A weak announcer ("anak saya Bayu") needs a capital or a sure name; a strong one ("bernama") takes any known one. */
static size_t try_announced(struct identity_text *t, size_t i)
{
    if (!announces(t, i))
        return i;
    bool sure = identity_token_in(t, i, strong);
    size_t from = skip_fillers(t, i + 1), name = skip_titles(t, from, &from);
    if (!is_word(t, name) || is_place(t, name))
        return i;
    size_t end = read_name(t, name, true);
    bool family = identity_token_in(t, i, families) && identity_token_in(t, i + 1, mine);
    bool sound = is_capital(t, name) ? sure || family || is_known(t, name) || end > name + 1
                                     : sure || identity_is_name(t->tokens[name].lower);
    if (end > name && sound)
        take_name(t, from, end);
    else if (sure && is_filled_in(t, name))
        take_name(t, from, end = name + 1);
    else
        return i;
    return end;
}

/* ---- a signature: the line behind "Hormat saya," ---- */

static size_t try_signature(struct identity_text *t, size_t i)
{
    static const char *const regards[] = {"hormat", "wassalam", "salam", "ttd", "hormatku", NULL};
    size_t at = i + 1;
    if (!identity_token_in(t, i, regards))
        return i;
    while (at < t->count && t->tokens[at].kind != TOKEN_LINE && at < i + 5)
        at++;
    while (at < t->count && t->tokens[at].kind == TOKEN_LINE)
        at++;
    size_t from = at, name = skip_titles(t, at, &from), end = read_name(t, name, true);
    if (end == name || at == i + 1)
        return i;
    take_name(t, from, end);
    return end;
}

/* ---- known names ---- */

/* A word before that may belong to the name: "Citra Lestari", "Bertha Sulastri". */
static size_t reach_back(const struct identity_text *t, size_t i)
{
    while (i > 0 && is_capital(t, i) && is_capital(t, i - 1) &&
           !identity_taken(t, t->tokens[i - 1].at, t->tokens[i - 1].end) &&
           (is_known(t, i - 1) || is_stranger(t, i - 1)))
        i--;
    return i;
}

static size_t try_known(struct identity_text *t, size_t i)
{
    if (!is_word(t, i) || !is_known(t, i) || (!is_capital(t, i) && !t->shouted && !t->whispered))
        return i;
    size_t end = read_name(t, i, !is_capital(t, i)), sure = 0, known = 0;
    for (size_t k = i; k < end; k++) {
        sure += is_word(t, k) && identity_is_name(t->tokens[k].lower);
        known += is_known(t, k);
    }
    bool name =
        is_capital(t, i) ? sure || known >= 2 : sure >= (t->shouted ? 1u : 2u) || (t->shouted && known >= 2);
    size_t from = reach_back(t, i);
    if (!name || is_place(t, from))
        return i;
    take_name(t, from, end);
    return end;
}

void identity_find_names(struct identity_text *t)
{
    static size_t (*const tries[])(struct identity_text *, size_t) = {
        try_signature, try_title, try_announced, try_list, try_known};
    for (size_t i = 0; i < t->count;) {
        size_t next = i;
        for (size_t k = 0; next == i && k < sizeof tries / sizeof *tries; k++)
            next = tries[k](t, i);
        i = next > i ? next : i + 1;
    }
}
