/* Numbering facts: after 62 a mobile number is 8[1-35-9] and 7-10 more digits, a landline is
 * an area code (2-3 digits, not beginning with 0, 1 or 8) and 5-8 more, 8-11 digits in all. */
#include "phone.h"
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Fonnte and Wablas write bare digits, and the digits of a LID (14 or 15) look like a number: nobody but an Indonesian
 * (62 and up to 12) has one as long. */
enum { DIGITS_MAX_BARE = 13 };
enum { DIGITS_MAX = 15, DIGITS_MIN_WA = 7, DIGITS_MIN_FOREIGN = 8 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool all_digits(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_digit(s[i]))
            return false;
    return n > 0;
}

static void write_e164(char out[PHONE_MAX], const char *digits, size_t n)
{
    out[0] = '+';
    memcpy(out + 1, digits, n);
    out[n + 1] = '\0';
}

/* "CC." and up to 128 letters and digits; "CC.ENT." is one for several businesses of one owner. */
static bool is_bsuid(const char *id)
{
    if (!(id[0] >= 'A' && id[0] <= 'Z' && id[1] >= 'A' && id[1] <= 'Z' && id[2] == '.'))
        return false;
    size_t head = strncmp(id + 3, "ENT.", 4) ? 3 : 7, n = head;
    while (is_alnum(id[n]))
        n++;
    return !id[n] && n > head && n <= head + 128;
}

static const char *without_scheme(const char *id)
{
    if (!strncmp(id, "whatsapp:", 9))
        id += 9;
    return *id == '+' ? id + 1 : id;
}

static bool is_phone_suffix(const char *at)
{
    return !*at || !strcmp(at, "@c.us") || !strcmp(at, "@s.whatsapp.net");
}

/* The digits of a phone id and how many, 0 = it is no phone id. */
static size_t phone_digits(const char *id, const char **ret_digits)
{
    const char *digits = without_scheme(id);
    size_t n = strspn(digits, "0123456789");
    const char *rest = digits + n;
    if (*rest == ':') { /* the device of a multi-device account */
        size_t device = strspn(rest + 1, "0123456789");
        rest += 1 + device;
        if (!device || *rest != '@')
            return 0;
    }
    if (!is_phone_suffix(rest) || n < DIGITS_MIN_WA || n > DIGITS_MAX || digits[0] == '0')
        return 0;
    if (digits == id && !*rest && n > DIGITS_MAX_BARE && strncmp(digits, "62", 2))
        return 0;
    *ret_digits = digits;
    return n;
}

enum phone_id_kind phone_id_kind(const char *id)
{
    static const struct {
        const char *suffix;
        enum phone_id_kind kind;
    } suffixes[] = {
        {"@lid", PHONE_ID_LID},
        {"@g.us", PHONE_ID_GROUP},
        {"@newsletter", PHONE_ID_CHANNEL},
        {"@broadcast", PHONE_ID_STATUS},
    };
    const char *digits;
    if (!id)
        return PHONE_ID_OTHER;
    if (phone_digits(id, &digits))
        return PHONE_ID_PHONE;
    const char *at = strrchr(id, '@');
    for (size_t i = 0; at && i < sizeof suffixes / sizeof *suffixes; i++)
        if (!strcmp(at, suffixes[i].suffix))
            return suffixes[i].kind;
    return is_bsuid(id) ? PHONE_ID_BSUID : PHONE_ID_OTHER;
}

bool phone_from_wa_id(const char *id, char out[PHONE_MAX])
{
    const char *digits = NULL;
    size_t n = id ? phone_digits(id, &digits) : 0;
    if (!n)
        return false;
    write_e164(out, digits, n);
    return true;
}

static enum phone_kind indonesian_kind(const char *national, size_t n)
{
    if (national[0] == '8') {
        bool prefix = n > 1 && strchr("12356789", national[1]) != NULL;
        return prefix && n >= 9 && n <= 12 ? PHONE_MOBILE : PHONE_INVALID;
    }
    bool area = strchr("2345679", national[0]) != NULL;
    return area && n >= 8 && n <= 11 ? PHONE_LANDLINE : PHONE_INVALID;
}

enum phone_kind phone_kind(const char *e164)
{
    if (!e164 || e164[0] != '+')
        return PHONE_INVALID;
    const char *digits = e164 + 1;
    size_t n = strlen(digits);
    if (n < DIGITS_MIN_FOREIGN || n > DIGITS_MAX || digits[0] == '0' || !all_digits(digits, n))
        return PHONE_INVALID;
    return strncmp(digits, "62", 2) ? PHONE_FOREIGN : indonesian_kind(digits + 2, n - 2);
}

/* ---- what people type ---- */

/* One code point; *s moves behind it. 0xFFFD for bytes that are no UTF-8. */
static uint32_t next_code_point(const char **s)
{
    const unsigned char *p = (const unsigned char *)*s;
    size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : p[0] >= 0xC2 ? 2 : 0;
    uint32_t c = n == 1 ? p[0] : n == 2 ? p[0] & 0x1Fu : n == 3 ? p[0] & 0x0Fu : p[0] & 0x07u;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            n = 0;
            break;
        }
        c = c << 6 | (p[i] & 0x3Fu);
    }
    *s += n ? n : 1;
    return n ? c : 0xFFFD;
}

static bool within(uint32_t c, uint32_t first, uint32_t last)
{
    return c >= first && c <= last;
}

/* Spaces, dashes, dots and brackets of any width; and the direction marks that come along when a contact is
 * copied out of WhatsApp. */
static bool is_filler(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0xA0 || c == 0x3000 || c == 0x202F ||
           c == 0x205F || within(c, 0x2000, 0x200F) || within(c, 0x202A, 0x202E) ||
           within(c, 0x2066, 0x2069) || c == 0xFEFF || c == '-' || within(c, 0x2010, 0x2015) || c == 0x2212 ||
           c == 0xFF0D || c == '.' || c == '(' || c == ')' || c == 0xFF08 || c == 0xFF09;
}

static const char *without_link(const char *text)
{
    static const char *const prefixes[] = {"tel:", "https://wa.me/", "http://wa.me/", "wa.me/"};
    text += strspn(text, " \t\r\n");
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (!strncmp(text, prefixes[i], strlen(prefixes[i])))
            return text + strlen(prefixes[i]);
    return text;
}

/* The digits alone; false when anything else stands there. */
static bool collect_digits(const char *text, char digits[24], size_t *ret_n, bool *ret_plus)
{
    size_t n = 0;
    bool plus = false;
    while (*text) {
        uint32_t c = next_code_point(&text);
        if (within(c, 0xFF10, 0xFF19))
            c = c - 0xFF10 + '0';
        if ((c == '+' || c == 0xFF0B) && !plus && !n)
            plus = true;
        else if (within(c, '0', '9') && n < 23)
            digits[n++] = (char)c;
        else if (!is_filler(c))
            return false;
    }
    digits[n] = '\0';
    *ret_n = n;
    *ret_plus = plus;
    return n > 0;
}

/* International digits into out (24 bytes are enough: at most two are added to 20); 0 = not readable. */
static size_t internationalise(const char *digits, size_t n, bool plus, char out[32])
{
    const char *country = "";
    if (!plus && n > 2 && !strncmp(digits, "00", 2)) {
        digits += 2;
        n -= 2;
    } else if (!plus && digits[0] == '0') {
        country = "62";
        digits++;
        n--;
    } else if (!plus && digits[0] == '8' && n >= 9 && n <= 12) {
        country = "62";
    } else if (!plus && !(n >= 10 && !strncmp(digits, "62", 2))) {
        return 0;
    }
    size_t c = strlen(country);
    memcpy(out, country, c);
    memcpy(out + c, digits, n);
    n += c;
    if (n > 3 && !strncmp(out, "620", 3)) { /* "+62 (0)812": the trunk zero does not belong abroad */
        memmove(out + 2, out + 3, n - 3);
        n--;
    }
    out[n] = '\0';
    return n;
}

bool phone_from_human(const char *text, char out[PHONE_MAX])
{
    char digits[24], international[32], e164[PHONE_MAX];
    size_t n;
    bool plus;
    if (!text || !collect_digits(without_link(text), digits, &n, &plus))
        return false;
    n = internationalise(digits, n, plus, international);
    if (n < DIGITS_MIN_FOREIGN || n > DIGITS_MAX)
        return false;
    write_e164(e164, international, n);
    if (phone_kind(e164) == PHONE_INVALID)
        return false;
    memcpy(out, e164, sizeof e164);
    return true;
}
