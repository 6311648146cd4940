#include "stem.h"
#include <libstemmer.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { STEM_WORD_LEAST = 4, STEM_LEAST = 3 };

struct stemmer {
    struct sb_stemmer *snowball;
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

struct stemmer *stemmer_new(void)
{
    struct stemmer *s = calloc(1, sizeof *s);
    if (s && !(s->snowball = sb_stemmer_new("indonesian", "UTF_8"))) {
        free(s);
        return NULL;
    }
    return s;
}

void stemmer_free(struct stemmer *stemmer)
{
    if (stemmer)
        sb_stemmer_delete(stemmer->snowball);
    free(stemmer);
}

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

/* The stem itself; with the swallowed letter; and both with the k of "-kan" (tumpukan is tumpuk + an). */
int stem_readings(
    struct stemmer *stemmer, const char *word, int size, struct stem_reading readings[STEM_READINGS])
{
    if (!stemmable(word, size))
        return 0;
    const char *stem = (const char *)sb_stemmer_stem(stemmer->snowball, (const sb_symbol *)word, size);
    if (!stem)
        return -1;
    int stem_size = sb_stemmer_length(stemmer->snowball), count = 0;
    if (stem_size < STEM_LEAST || stem_size > STEM_WORD_MOST)
        return 0;
    char before = swallowed(word, size, stem, stem_size);
    bool k = size > 5 && !memcmp(word + size - 3, "kan", 3) && stem[stem_size - 1] != 'k';
    for (int variant = 0; variant < STEM_READINGS; variant++) {
        bool prefixed = variant & 1, suffixed = variant & 2;
        if ((prefixed && !before) || (suffixed && !k))
            continue;
        struct stem_reading *r = &readings[count];
        *r = (struct stem_reading){0};
        if (prefixed)
            r->text[r->size++] = before;
        memcpy(r->text + r->size, stem, (size_t)stem_size);
        r->size += stem_size;
        if (suffixed)
            r->text[r->size++] = 'k';
        count += r->size != size || memcmp(r->text, word, (size_t)size) != 0; /* the word itself is known */
    }
    return count;
}
