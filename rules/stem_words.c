#include "stem_words.h"
#include <stdlib.h>
#include <string.h>

enum { WORD_LEAST = 3 };

/* Words that stand in every letter and say nothing about its matter, with the short forms people write. Sorted for
 * bsearch. */
static const char *const empty_words[] = {"ada", "adalah", "agar", "aja", "akan", "aku", "anda", "apa",
    "apakah", "assalamualaikum", "atas", "atau", "bagi", "bahwa", "banget", "bapak", "beberapa", "begini",
    "begitu", "belum", "biar", "bisa", "bpk", "bu", "buat", "camat", "dalam", "dan", "dapat", "dari",
    "dengan", "dgn", "di", "dia", "dong", "dpt", "gak", "hal", "harus", "hormat", "ibu", "ini", "itu", "iya",
    "jadi", "jangan", "juga", "kalau", "kalo", "kami", "karena", "kasih", "kata", "kepada", "kepala", "kita",
    "kok", "krn", "lagi", "lah", "lebih", "maka", "makasih", "malam", "mas", "masih", "mau", "mbak",
    "mengapa", "mereka", "mhn", "mohon", "nya", "oleh", "pada", "pagi", "pak", "para", "pun", "saat", "saja",
    "sama", "sampai", "sangat", "saya", "sdh", "sebagai", "sebuah", "sekarang", "selamat", "semoga", "semua",
    "seperti", "serta", "siang", "sih", "sini", "situ", "sore", "suatu", "sudah", "supaya", "tapi", "tdk",
    "telah", "tentang", "terima", "terimakasih", "tersebut", "terus", "tetapi", "tidak", "tlg", "tolong",
    "untuk", "utk", "wassalamualaikum", "yaitu", "yang", "yg", "yth"};

static int compare_word(const void *key, const void *entry)
{
    return strcmp(key, *(const char *const *)entry);
}

static bool says_nothing(const struct classify_word *w)
{
    return w->number || strlen(w->text) < WORD_LEAST ||
           bsearch(w->text, empty_words, sizeof empty_words / sizeof *empty_words, sizeof *empty_words,
               compare_word);
}

/* FNV-1a with a last stirring, so that the smallest keys of a text are a fair choice of them. */
static uint32_t hash(const char *bytes, size_t size)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < size; i++)
        h = (h ^ (unsigned char)bytes[i]) * 16777619u;
    h = (h ^ (h >> 16)) * 0x85ebca6bu;
    h = (h ^ (h >> 13)) * 0xc2b2ae35u;
    return h ^ (h >> 16);
}

static bool is_vowel(char c)
{
    return c && strchr("aiueo", c);
}

/* A nasal prefix swallows a first k, t, s or p (menumpuk, tumpukan), and the suffix -kan a last k: without both all forms
 * of a word meet. */
static uint32_t key_of(const char *stem, size_t size)
{
    if (size > WORD_LEAST && strchr("ktsp", stem[0]) && is_vowel(stem[1])) {
        stem++;
        size--;
    }
    if (size > WORD_LEAST && stem[size - 1] == 'k')
        size--;
    return hash(stem, size);
}

static bool key_of_word(struct stemmer *stemmer, const char *word, uint32_t *ret_key)
{
    struct stem_reading readings[STEM_READINGS];
    int count = stem_readings(stemmer, word, (int)strlen(word), readings);
    if (count < 0)
        return false;
    *ret_key = count ? key_of(readings[0].text, (size_t)readings[0].size) : key_of(word, strlen(word));
    return true;
}

bool stem_words_of(
    struct stemmer *stemmer, const char *text, size_t size, struct stem_words *ret, struct arena *arena)
{
    struct classify_words words;
    *ret = (struct stem_words){0};
    if (!classify_words_split(text, size, &words, arena))
        return false;
    ret->list = arena_alloc(arena, (words.count + 1) * sizeof *ret->list);
    for (size_t i = 0; ret->list && i < words.count; i++) {
        struct stem_word *w = &ret->list[ret->count];
        if (says_nothing(&words.list[i]))
            continue;
        w->text = words.list[i].text;
        if (!key_of_word(stemmer, w->text, &w->key))
            return false;
        ret->count++;
    }
    return ret->list != NULL;
}

uint32_t stem_words_pair(uint32_t first, uint32_t second)
{
    const uint32_t pair[2] = {first, second};
    return hash((const char *)pair, sizeof pair);
}
