#include "satisfaction.h"
#include <stddef.h>
#include <string.h>

enum { WORDS_MOST = 40 };

/* Lower-case letters and single spaces; false when there is more than an answer of a few words. */
static int bare(const char *text, char out[WORDS_MOST])
{
    size_t n = 0;
    for (; *text; text++) {
        char c = *text >= 'A' && *text <= 'Z' ? (char)(*text + 32) : *text;
        if ((unsigned char)c >= 0x80)
            return 0; /* an emoji or a letter we do not know: a person reads it */
        if (c < 'a' || c > 'z')
            c = ' ';
        if (c == ' ' && (!n || out[n - 1] == ' '))
            continue;
        if (n + 1 >= WORDS_MOST)
            return 0;
        out[n++] = c;
    }
    while (n && out[n - 1] == ' ')
        n--;
    out[n] = 0;
    return n > 0;
}

enum satisfaction satisfaction_of(const char *words)
{
    static const struct {
        const char *words;
        enum satisfaction is;
    } answers[] = {{"puas", SATISFACTION_GOOD}, {"sangat puas", SATISFACTION_GOOD},
        {"sudah puas", SATISFACTION_GOOD}, {"cukup puas", SATISFACTION_GOOD},
        {"puas terima kasih", SATISFACTION_GOOD}, {"terima kasih", SATISFACTION_GOOD},
        {"kurang", SATISFACTION_POOR}, {"kurang puas", SATISFACTION_POOR}, {"tidak puas", SATISFACTION_POOR},
        {"belum puas", SATISFACTION_POOR}};
    char text[WORDS_MOST];
    if (!words || !bare(words, text))
        return SATISFACTION_NONE;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (!strcmp(text, answers[i].words))
            return answers[i].is;
    return SATISFACTION_NONE;
}
