#include "unwanted.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { FAST_SECONDS = 3 };

/* Words of those who sell, never of those who complain about them: "judi online" is a citizen's word, "gacor" is not. */
static const char *const selling[] = {"gacor", "maxwin", "link alternatif", "bonus new member",
    "deposit pulsa", "casino", "viagra", "cialis", "backlink", "seo service", "jasa seo", "forex signal",
    "crypto invest", "loan offer", "onlyfans", "escort", "guest post", "web traffic"};
static const char *const markup[] = {"[url", "[link", "<a href", "</a>"};
static const char *const links[] = {"http://", "https://", "www."};

static int count_of(const char *text, const char *word)
{
    int n = 0;
    size_t length = strlen(word);
    for (const char *p = text; (p = strcasestr(p, word)); p += length)
        n++;
    return n;
}

static int count_all(const char *text, const char *const *words, size_t count)
{
    int n = 0;
    for (size_t i = 0; i < count; i++)
        n += count_of(text, words[i]);
    return n;
}

/* Many letters of other scripts (Cyrillic and beyond, from U+0370 on). Marks and pictures above U+2000 up to the
 * ideographs count for nothing. */
static bool is_foreign(const char *text)
{
    int ours = 0, others = 0;
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        ours += (*p | 0x20) >= 'a' && (*p | 0x20) <= 'z';
        others += (*p >= 0xcd && *p <= 0xdf) || *p == 0xe0 || *p == 0xe1 || (*p >= 0xe3 && *p <= 0xed);
    }
    return 2 * others > ours; /* ours stand in links too */
}

static void add(int *sum, char why[UNWANTED_WHY], int points, const char *words)
{
    if (points <= 0)
        return;
    size_t n = strlen(why);
    snprintf(why + n, UNWANTED_WHY - n, "%s%s", n ? ", " : "", words);
    *sum += points;
}

int unwanted_points(const struct unwanted_facts *facts, char why[UNWANTED_WHY])
{
    const char *text = facts->text ? facts->text : "";
    int sum = 0, linked = count_all(text, links, sizeof links / sizeof *links);
    int sells = count_all(text, selling, sizeof selling / sizeof *selling);
    *why = 0;
    add(&sum, why, facts->trap ? UNWANTED_ENOUGH : 0, "isian jebakan terisi");
    add(&sum, why, linked > 5 ? 3 : linked > 2 ? 2 : linked == 2, "banyak tautan");
    add(&sum, why, count_all(text, markup, sizeof markup / sizeof *markup) ? 2 : 0, "kode tautan");
    add(&sum, why, sells > 1 ? 2 : sells, "kata iklan");
    add(&sum, why, is_foreign(text) ? 2 : 0, "aksara asing");
    add(&sum, why, facts->seconds < FAST_SECONDS,
        facts->seconds < 0 ? "tanpa halaman formulir" : "terlalu cepat");
    return sum;
}
