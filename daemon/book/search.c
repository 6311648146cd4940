/* Full text for Indonesian: FTS5's unicode61 with the stem of each word beside it.
 *
 * Tokenizer: each word as it stands, then, at the same place (FTS5_TOKEN_COLOCATED), its Snowball stem and
 * the readings Snowball drops, so that "layan" finds pelayanan, dilayani and melayani, and exact words and
 * phrases are found as before. Not for prefix queries ("pelay*"), which are literal. The query goes through
 * the same tokenizer and FTS5 makes an OR of what lies at one place. Changing any of this, the exceptions
 * too, means a schema step with `INSERT INTO message_text (message_text) VALUES ('rebuild')`.
 *
 * Query: whatever people type becomes a list of quoted terms, so that no operator of FTS5 can be reached. */
#include "daemon/base/str.h"
#include "txn_private.h"
#include <libstemmer.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEM_WORD_LEAST = 4,
    STEM_WORD_MOST = 40,
    STEM_LEAST = 3,
    QUERY_TERMS = 16,
    QUERY_MAX = 4096,
    PREFIX_LEAST = 3
};

/* Words that Snowball would cut to something else (kepala → pala, empat is in perempatan). Sorted for
 * bsearch. */
static const char *const exceptions[] = {"alam", "alamat", "angan", "badan", "bagian", "bahan", "balai",
    "belakang", "belum", "benar", "berapa", "beras", "berita", "besar", "bukan", "bulan", "camat", "daerah",
    "dalam", "dapat", "darah", "dasar", "dekat", "delapan", "dengan", "depan", "desa", "dewan", "dinas",
    "dokumen", "empat", "harga", "hari", "hujan", "ikan", "jalan", "jaringan", "jembatan", "kabupaten",
    "kali", "kami", "kampung", "kantor", "karena", "kartu", "kecamatan", "kelapa", "keluarga", "kelurahan",
    "kemarin", "kemudian", "kepada", "kepala", "keran", "keras", "kerja", "kertas", "ketua", "lahan", "lampu",
    "langsung", "makan", "malam", "masalah", "masjid", "melati", "mengalami", "menit", "menteri", "merah",
    "merek", "mereka", "meter", "nikah", "pagi", "pajak", "pasar", "pekan", "penduduk", "perempatan",
    "perempuan", "perlu", "persen", "pertama", "petugas", "pohon", "polisi", "puskesmas", "rakyat", "rumah",
    "sekarang", "sekolah", "sekretaris", "seksi", "selamat", "selasa", "selatan", "selokan", "semua",
    "sepeda", "seperti", "sertifikat", "siapa", "sungai", "surat", "taman", "tanah", "tangan", "tangki",
    "teman", "tempat", "tentang", "terima", "tidak", "timur", "trotoar", "tukang", "usaha", "utara", "warga",
    "yayasan"};

static int compare_word(const void *key, const void *entry)
{
    return strcmp(key, *(const char *const *)entry);
}

struct tokenizer { /* one per table and connection: a stemmer is not shared between threads */
    fts5_tokenizer unicode;
    Fts5Tokenizer *inner;
    struct sb_stemmer *stemmer;
};

typedef int token_fn(void *context, int flags, const char *token, int size, int start, int end);

struct emission {
    struct tokenizer *tokenizer;
    void *context;
    token_fn *emit;
    bool stem;
};

/* Only plain a-z words are stemmed: numbers and foreign letters are searched as they stand. */
static bool stemmable(const char *word, int size)
{
    if (size < STEM_WORD_LEAST || size > STEM_WORD_MOST)
        return false;
    for (int i = 0; i < size; i++)
        if (word[i] < 'a' || word[i] > 'z')
            return false;
    char copy[STEM_WORD_MOST + 1];
    memcpy(copy, word, (size_t)size);
    copy[size] = 0;
    return !bsearch(
        copy, exceptions, sizeof exceptions / sizeof *exceptions, sizeof *exceptions, compare_word);
}

/* The nasal prefixes swallow the first consonant of a root: menumpuk is tumpuk, mengirim is kirim. The letter
 * that may have been swallowed before this stem, or 0. */
static char swallowed(const char *word, int size, const char *stem, int stem_size)
{
    const char *at = memmem(word, (size_t)size, stem, (size_t)stem_size);
    int before = at ? (int)(at - word) : 0;
    if (before < 3 || !strchr("aiueo", stem[0]))
        return 0;
    bool ng = before >= 4 && !memcmp(at - 3, "eng", 3);
    if (!ng && memcmp(at - 2, "en", 2))
        return 0;
    char first = at[ng ? -4 : -3];
    return first != 'm' && first != 'p' ? 0 : ng ? 'k' : 't';
}

struct reading {
    char text[STEM_WORD_MOST + 3]; /* one letter before, one after */
    int size;
};

static int emit_reading(const struct emission *e, const struct reading *r, int start, int end)
{
    return e->emit(e->context, FTS5_TOKEN_COLOCATED, r->text, r->size, start, end);
}

/* The stem itself; with the swallowed letter; and both with the k of "-kan" (tumpukan is tumpuk + an). */
static int emit_stems(
    const struct emission *e, const char *word, int size, const char *stem, int stem_size, int start, int end)
{
    struct reading with[4] = {0};
    int count = 0;
    char before = swallowed(word, size, stem, stem_size);
    bool k = size > 5 && !memcmp(word + size - 3, "kan", 3) && stem[stem_size - 1] != 'k';
    for (int variant = 0; variant < 4; variant++) {
        bool prefixed = variant & 1, suffixed = variant & 2;
        if ((prefixed && !before) || (suffixed && !k))
            continue;
        struct reading *r = &with[count];
        if (prefixed)
            r->text[r->size++] = before;
        memcpy(r->text + r->size, stem, (size_t)stem_size);
        r->size += stem_size;
        if (suffixed)
            r->text[r->size++] = 'k';
        if (r->size != size || memcmp(r->text, word, (size_t)size)) /* the word itself is there already */
            count++;
        else
            *r = (struct reading){0};
    }
    int code = SQLITE_OK;
    for (int i = 0; !code && i < count; i++)
        code = emit_reading(e, &with[i], start, end);
    return code;
}

static int emit_word(void *context, int flags, const char *word, int size, int start, int end)
{
    struct emission *e = context;
    int code = e->emit(e->context, flags, word, size, start, end);
    if (code || !e->stem || !stemmable(word, size))
        return code;
    const char *stem = (const char *)sb_stemmer_stem(e->tokenizer->stemmer, (const sb_symbol *)word, size);
    int stem_size = stem ? sb_stemmer_length(e->tokenizer->stemmer) : 0;
    if (!stem)
        return SQLITE_NOMEM;
    return stem_size < STEM_LEAST || stem_size > STEM_WORD_MOST
               ? SQLITE_OK
               : emit_stems(e, word, size, stem, stem_size, start, end);
}

static int tokenizer_run(
    Fts5Tokenizer *self, void *context, int flags, const char *text, int size, token_fn *emit)
{
    struct tokenizer *t = (struct tokenizer *)self;
    struct emission e = {t, context, emit, !(flags & FTS5_TOKENIZE_PREFIX)};
    return t->unicode.xTokenize(t->inner, &e, flags, text, size, emit_word);
}

static void tokenizer_free(Fts5Tokenizer *self)
{
    struct tokenizer *t = (struct tokenizer *)self;
    if (t->inner)
        t->unicode.xDelete(t->inner);
    sb_stemmer_delete(t->stemmer);
    free(t);
}

static int tokenizer_new(void *context, const char **arguments, int count, Fts5Tokenizer **ret_tokenizer)
{
    (void)arguments;
    (void)count;
    fts5_api *api = context;
    const char *options[] = {"remove_diacritics", "2"};
    void *unicode_context;
    struct tokenizer *t = calloc(1, sizeof *t);
    if (!t)
        return SQLITE_NOMEM;
    int code = api->xFindTokenizer(api, "unicode61", &unicode_context, &t->unicode);
    if (!code)
        code = t->unicode.xCreate(unicode_context, options, 2, &t->inner);
    if (!code && !(t->stemmer = sb_stemmer_new("indonesian", "UTF_8")))
        code = SQLITE_NOMEM;
    if (code)
        tokenizer_free((Fts5Tokenizer *)t);
    else
        *ret_tokenizer = (Fts5Tokenizer *)t;
    return code;
}

int search_register(sqlite3 *db)
{
    static fts5_tokenizer functions = {tokenizer_new, tokenizer_free, tokenizer_run};
    fts5_api *api = NULL;
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &s, NULL);
    if (!code)
        code = sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", NULL);
    if (!code) {
        int stepped = sqlite3_step(s);
        code = stepped == SQLITE_ROW ? SQLITE_OK : stepped;
    }
    sqlite3_finalize(s);
    if (!code && !api)
        code = SQLITE_ERROR;
    return code ? code : api->xCreateTokenizer(api, "indonesia", api, &functions, NULL);
}

/* ---- what people type ---- */

struct term {
    const char *text;
    size_t size;
    bool prefix;
};

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ' && c;
}

/* Letters and digits in it; bytes of other alphabets count as letters. */
static size_t count_letters(const struct term *t)
{
    size_t letters = 0;
    for (size_t i = 0; i < t->size; i++) {
        unsigned char c = (unsigned char)t->text[i], lower = c | 32;
        letters += (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || c >= 0x80;
    }
    return letters;
}

/* The next term at *p, which moves behind it. False at the end. */
static bool term_next(const char **p, struct term *ret_term)
{
    const char *at = *p;
    while (is_blank(*at))
        at++;
    if (!*at)
        return false;
    bool phrase = *at == '"';
    const char *begin = at += phrase;
    while (*at && *at != '"' && (phrase || !is_blank(*at)))
        at++;
    struct term t = {.text = begin, .size = (size_t)(at - begin)};
    at += phrase && *at;
    if (phrase && *at == '*') {
        t.prefix = true;
        at++;
    }
    for (; t.size && t.text[t.size - 1] == '*'; t.size--)
        t.prefix = true;
    *p = at;
    *ret_term = t;
    return true;
}

enum outcome search_query(const char *words, char **ret_query, struct fault *fault)
{
    struct str query;
    struct term t;
    int terms = 0;
    str_init(&query, QUERY_MAX);
    for (const char *p = words; terms < QUERY_TERMS && term_next(&p, &t);) {
        size_t letters = count_letters(&t);
        if (!letters)
            continue;
        str_adds(&query, terms++ ? " \"" : "\"");
        str_add(&query, t.text, t.size); /* holds no quote: a quote ends a term */
        str_adds(&query, t.prefix && letters >= PREFIX_LEAST ? "\"*" : "\"");
    }
    bool good = str_ok(&query);
    *ret_query = good && terms ? str_detach(&query, NULL) : NULL;
    str_release(&query);
    if (good)
        return OUTCOME_DONE;
    return fault_set(
        fault, OUTCOME_NEVER, "Kata yang dicari terlalu panjang.", "search query over %d bytes", QUERY_MAX);
}
