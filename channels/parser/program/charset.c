#include "charset.h"
#include "memory.h"
#include <errno.h>
#include <glib.h>
#include <gmime/gmime.h>
#include <iconv.h>
#include <string.h>

static const char *const loaded_sets[] = {"US-ASCII", "UTF-8", "ISO-8859-1", "ISO-8859-2", "ISO-8859-3",
    "ISO-8859-4", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8", "ISO-8859-9", "ISO-8859-10",
    "ISO-8859-11", "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "WINDOWS-1250", "WINDOWS-1251",
    "WINDOWS-1252", "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255", "WINDOWS-1256", "WINDOWS-1257",
    "WINDOWS-1258", "KOI8-R", "KOI8-U", "GB18030", "GBK", "GB2312", "HZ", "BIG5", "BIG5-HKSCS", "EUC-TW",
    "CP932", "SHIFT_JIS", "EUC-JP", "ISO-2022-JP", "ISO-2022-JP-2", "ISO-2022-JP-3", "EUC-KR", "CP949",
    "ISO-2022-KR", "CP874", "TIS-620", "UTF-7", "UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UCS-2",
    "MACINTOSH", "IBM437", "IBM850", "IBM852", "IBM866", "TCVN", "ARMSCII-8"};
enum { LOADED_SETS = sizeof loaded_sets / sizeof *loaded_sets };

/* Kept reachable for the life of the process; never used, never closed. */
static iconv_t kept_open[2 * LOADED_SETS];

void charset_preload(void)
{
    for (size_t i = 0; i < LOADED_SETS; i++) {
        kept_open[2 * i] = iconv_open("UTF-8", loaded_sets[i]);
        kept_open[2 * i + 1] = iconv_open(loaded_sets[i], "UTF-8");
    }
}

const char *charset_superset(const char *label)
{
    static const char *const supersets[][2] = {{"iso-8859-1", "WINDOWS-1252"}, {"latin1", "WINDOWS-1252"},
        {"l1", "WINDOWS-1252"}, {"cp1252", "WINDOWS-1252"}, {"x-ansi", "WINDOWS-1252"},
        {"ansi", "WINDOWS-1252"}, {"iso-8859-9", "WINDOWS-1254"}, {"iso-8859-11", "CP874"},
        {"tis-620", "CP874"}, {"windows-874", "CP874"}, {"gb2312", "GB18030"}, {"gb_2312-80", "GB18030"},
        {"gbk", "GB18030"}, {"x-gbk", "GB18030"}, {"cp936", "GB18030"}, {"hz-gb-2312", "HZ"},
        {"big5", "BIG5-HKSCS"}, {"shift_jis", "CP932"}, {"shift-jis", "CP932"}, {"sjis", "CP932"},
        {"x-sjis", "CP932"}, {"windows-31j", "CP932"}, {"iso-2022-jp", "ISO-2022-JP-3"},
        {"_iso-2022-jp$esc", "ISO-2022-JP-3"}, {"euc-kr", "CP949"}, {"ks_c_5601-1987", "CP949"},
        {"ks_c_5601", "CP949"}, {"iso-8859-8-i", "ISO-8859-8"}, {"iso-8859-8-e", "ISO-8859-8"},
        {"utf8", "UTF-8"}, {"utf-8mb4", "UTF-8"}, {"unicode-1-1-utf-8", "UTF-8"},
        {"unicode-1-1-utf-7", "UTF-7"}, {"cp-850", "CP850"}, {"cp-437", "CP437"}, {"ascii", "US-ASCII"},
        {"us_ascii", "US-ASCII"}, {"ansi_x3.4-1968", "US-ASCII"}, {"x-unknown", "US-ASCII"},
        {"unknown-8bit", "US-ASCII"}, {"unknown", "US-ASCII"}, {"default", "US-ASCII"},
        {"default_charset", "US-ASCII"}, {"iso-8859-1-windows-3.1-latin-1", "WINDOWS-1252"},
        {"x-mac-roman", "MACINTOSH"}, {"macroman", "MACINTOSH"}, {"latin-1", "WINDOWS-1252"},
        {"iso8859-1", "WINDOWS-1252"}, {"iso_8859-1", "WINDOWS-1252"}, {"iso88591", "WINDOWS-1252"},
        {"win-1252", "WINDOWS-1252"}, {"windows1252", "WINDOWS-1252"}, {"cp819", "WINDOWS-1252"},
        {"latin5", "WINDOWS-1254"}, {"gb18030-2022", "GB18030"}, {"chinese", "GB18030"}, {"cn-gb", "GB18030"},
        {"x-x-big5", "BIG5-HKSCS"}, {"cn-big5", "BIG5-HKSCS"}, {"ms932", "CP932"}, {"ms_kanji", "CP932"},
        {"x-ms-cp932", "CP932"}, {"korean", "CP949"}, {"cseuckr", "CP949"}, {"ks_c_5601-1989", "CP949"},
        {"uhc", "CP949"}, {"utf_8", "UTF-8"}, {"utf-8-sig", "UTF-8"}, {"cp65001", "UTF-8"}};
    for (size_t i = 0; i < sizeof supersets / sizeof *supersets; i++)
        if (!g_ascii_strcasecmp(label, supersets[i][0]))
            return supersets[i][1];
    return label;
}

/* iconv's name of a label that is not in our table; GMime knows odd spellings ("iso8859_1", "cp-1251"). */
static const char *iconv_name(const char *label)
{
    const char *superset = charset_superset(label);
    if (superset != label || !g_ascii_strncasecmp(label, "windows-", 8) ||
        !g_ascii_strncasecmp(label, "iso-", 4))
        return superset;
    const char *name = g_mime_charset_iconv_name(label);
    return name ? charset_superset(name) : label;
}

bool charset_is_known(const char *label)
{
    const char *name = iconv_name(label);
    iconv_t converter = g_ascii_strcasecmp(name, "US-ASCII") ? iconv_open("UTF-8", name) : (iconv_t)-1;
    if (converter == (iconv_t)-1)
        return false;
    iconv_close(converter);
    return true;
}

static bool is_ascii(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i] & 0x80)
            return false;
    return true;
}

/* Valid UTF-8; NUL bytes do not matter here. */
static bool is_utf8(const char *bytes, size_t n)
{
    const char *bad = bytes;
    for (size_t left = n; !g_utf8_validate_len(bad, left, &bad); bad++) {
        if (*bad)
            return false;
        left = (size_t)(bytes + n - bad) - 1;
    }
    return true;
}

/* Adds the converted text; *ret_bad counts what the set has no character for. False when there is no such
 * set. */
static bool convert(const char *name, const char *bytes, size_t n, struct str *out, size_t *ret_bad)
{
    iconv_t converter = iconv_open("UTF-8", name);
    if (converter == (iconv_t)-1 && errno == ENOMEM)
        memory_gone();
    if (converter == (iconv_t)-1)
        return false;
    char *in = (char *)bytes;
    size_t left = n, bad = 0;
    bool ended = false;
    while (!ended) {
        char piece[8192];
        char *to = piece;
        size_t room = sizeof piece;
        bool flush = left == 0; /* the last characters of a stateful set */
        size_t result = iconv(converter, flush ? NULL : &in, flush ? NULL : &left, &to, &room);
        str_add(out, piece, (size_t)(to - piece));
        ended = flush;
        if (result != (size_t)-1 || errno == E2BIG)
            continue;
        bad++;
        str_adds(out, "\xEF\xBF\xBD");
        ended = flush || errno == EINVAL;
        in += !ended;
        left -= !ended;
    }
    iconv_close(converter);
    *ret_bad = bad;
    return true;
}

bool charset_to_utf8(const char *label, const char *bytes, size_t n, struct str *out)
{
    const char *name = label && *label ? iconv_name(label) : "US-ASCII";
    bool says_ascii = !g_ascii_strcasecmp(name, "US-ASCII");
    bool says_utf8 = !g_ascii_strcasecmp(name, "UTF-8");
    bool eight_bit = !is_ascii(bytes, n);
    size_t before = out->len, bad = 0;
    if ((says_ascii || says_utf8) && (!eight_bit || is_utf8(bytes, n))) {
        str_add(out, bytes, n);
        return true;
    }
    /* a little damage is a torn character; much of it is a wrong label */
    size_t tolerable = 8 + n / 50;
    if (!says_ascii && convert(name, bytes, n, out, &bad)) {
        if (!bad || !eight_bit || !says_utf8 || bad <= tolerable)
            return !bad;
        str_cut(out, before);
    }
    if (is_utf8(bytes, n))
        str_add(out, bytes, n);
    else
        (void)convert("WINDOWS-1252", bytes, n, out, &bad);
    return false;
}
