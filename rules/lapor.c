#include "lapor.h"
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { DIGITS_LEAST = 4 };

static const char *behind_words(const char *p)
{
    static const char *const words[] = {"nomor", "no", "tracking", "id"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        p += strspn(p, " \t#.:-");
        if (!strncasecmp(p, words[i], strlen(words[i])))
            p += strlen(words[i]);
    }
    return p + strspn(p, " \t#.:-");
}

bool lapor_number(const char *typed, char out[LAPOR_NUMBER_SIZE])
{
    size_t n = 0;
    for (const char *p = behind_words(typed); *p; p++) {
        if (*p >= '0' && *p <= '9') {
            if (n == LAPOR_NUMBER_SIZE - 1)
                return false;
            out[n++] = *p;
        } else if (!strchr(" \t.-", *p)) {
            return false;
        }
    }
    out[n] = '\0';
    return n >= DIGITS_LEAST;
}
