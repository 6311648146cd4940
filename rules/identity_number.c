/* E-mail addresses, and numbers that belong to a person: telephone, NIK, account. */
#include "identity_private.h"
#include <string.h>

enum { DIGITS_MOST = 40, NIK_DIGITS = 16, CUE_REACH = 5 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ---- e-mail: the local part as people have it, RFC 5321's letters without quoting ---- */

static bool in_local(char c)
{
    return is_alnum(c) || (c && strchr("._%+-", c));
}

static bool in_domain(char c)
{
    return is_alnum(c) || c == '.' || c == '-';
}

void identity_find_mails(struct identity_text *t)
{
    for (size_t i = 1; i + 1 < t->size; i++) {
        if (t->text[i] != '@')
            continue;
        size_t at = i, end = i + 1;
        while (at > 0 && in_local(t->text[at - 1]))
            at--;
        while (at < i && !is_alnum(t->text[at]))
            at++;
        while (end < t->size && in_domain(t->text[end]))
            end++;
        while (end > i + 1 && !is_alnum(t->text[end - 1]))
            end--;
        if (at < i && memchr(t->text + i + 1, '.', end - i - 1))
            identity_take(t, IDENTITY_EMAIL, at, end);
        i = end - 1;
    }
}

/* ---- runs of digits ---- */

struct run {
    size_t at, end; /* bytes */
    char digits[DIGITS_MOST + 1];
    size_t count;
    size_t token;  /* the first one */
    bool plus;     /* begins with + */
    bool bracket;  /* begins with ( */
    size_t widest; /* digits of its longest group */
    size_t groups;
};

/* Separators of a run: one of " .-" between digits, and brackets around an area code. */
static size_t gap_at(const struct identity_text *t, size_t i)
{
    size_t n = 0;
    while (n < 3 && i + n < t->size && t->text[i + n] && strchr(" .-()", t->text[i + n]))
        n++;
    return i + n < t->size && is_digit(t->text[i + n]) ? n : 0;
}

/* "(031)": the bracket belongs to the number; "(0812-...)" stands around it. */
static bool closes_area(const struct identity_text *t, size_t i)
{
    size_t n = 0;
    while (i + n < t->size && n < 5 && is_digit(t->text[i + n]))
        n++;
    return i + n < t->size && t->text[i + n] == ')';
}

static void read_run(const struct identity_text *t, size_t begin, struct run *run)
{
    *run = (struct run){.at = begin};
    run->plus = begin > 0 && t->text[begin - 1] == '+';
    run->bracket = begin > 0 && t->text[begin - 1] == '(' && closes_area(t, begin);
    run->at -= run->plus || run->bracket;
    size_t i = begin, group = 0;
    for (;;) {
        for (group = 0; i < t->size && is_digit(t->text[i]); i++, group++)
            if (run->count < DIGITS_MOST)
                run->digits[run->count++] = t->text[i];
        run->widest = group > run->widest ? group : run->widest;
        run->groups++;
        run->end = i;
        size_t gap = gap_at(t, i);
        if (!gap)
            break;
        i += gap;
    }
    run->token = identity_token_at(t, begin);
}

static const char *const nik_cues[] = {"nik", "kk", "ktp", "no.kk", "nokk", "noktp", "kependudukan", NULL};
static const char *const account_cues[] = {"rekening", "rek", "norek", "bri", "bca", "bni", "mandiri", "btn",
    "bsi", "bank", "transfer", "tf", "ditransfer", "briva", "jatim", "jconnect", "seabank", "jago", "cimb",
    "danamon", "permata", "bukopin", NULL};
static const char *const wallet_cues[] = {"dana", "ovo", "gopay", "shopeepay", "linkaja", NULL};
static const char *const other_cues[] = {"npwp", "nop", "sppt", "nip", "pelanggan", "meter", "meteran",
    "tiket", "register", "antrean", "antrian", "surat", "akta", "resi", "imei", "token", "dtsen", "dtks",
    "versi", "aset", "tiang", "spbu", "nisn", "nis", "nomor surat", "kode", "nib", "faktur", "kuitansi",
    "invoice", "peraturan", "permendagri", "isbn", "sk", "rp", NULL};
static const char *const phone_cues[] = {"hp", "wa", "whatsapp", "telepon", "telp", "tlp", "telpon",
    "hubungi", "hub", "kontak", "sms", "nomer", "call", "handphone", "ponsel", NULL};
static const char *const office_cues[] = {"kantor", "kecamatan", "kelurahan", "puskesmas", "polsek", "polres",
    "dinas", "pdam", "pln", "rsud", "sekolah", "center", "centre", "hotline", "layanan", "damkar", "koramil",
    "balai", "desa", "pengaduan", "samsat", NULL};

static bool two_digits_between(const char *p, int least, int most)
{
    int value = (p[0] - '0') * 10 + p[1] - '0';
    return value >= least && value <= most;
}

/* Permendagri: province, regency, district, then the birthday (women: day + 40), then a serial number. */
static bool is_nik(const char *digits)
{
    bool day = two_digits_between(digits + 6, 1, 31) || two_digits_between(digits + 6, 41, 71);
    return digits[0] >= '1' && digits[0] <= '9' && day && two_digits_between(digits + 8, 1, 12);
}

/* Digits without +62, 62 or 0 in front; NULL = no number of Indonesia. */
static const char *national(const struct run *run)
{
    const char *d = run->digits;
    if (run->plus)
        return !strncmp(d, "62", 2) ? d + 2 : NULL;
    if (d[0] == '0')
        return d + 1;
    return !strncmp(d, "628", 3) && run->count >= 11 ? d + 2 : NULL;
}

static bool is_mobile(const struct run *run)
{
    const char *n = national(run);
    size_t length = n ? strlen(n) : 0;
    return n && n[0] == '8' && n[1] != '0' && length >= 9 && length <= 12;
}

static bool is_landline(const struct identity_text *t, const struct run *run)
{
    const char *n = national(run);
    size_t length = n ? strlen(n) : 0;
    bool shaped = n && n[0] >= '2' && n[0] <= '9' && length >= 8 && length <= 11;
    return shaped && (run->bracket || run->plus || identity_before(t, run->token, CUE_REACH, phone_cues));
}

static bool is_abroad(const struct run *run)
{
    return run->plus && run->count >= 9 && run->count <= 15 && strncmp(run->digits, "62", 2) != 0;
}

/* Numbers of letters, registers and files have slashes; "/ 3574... /" of a list has blanks around them. */
static bool touches_other(const struct identity_text *t, const struct run *run)
{
    char before = run->at ? t->text[run->at - 1] : ' ', after = run->end < t->size ? t->text[run->end] : ' ';
    char second = run->end + 1 < t->size ? t->text[run->end + 1] : ' ';
    return is_alnum(before) || before == '/' || before == '=' || before == '_' ||
           (before == '-' && run->at > 1) || is_alnum(after) || (after == '/' && is_alnum(second)) ||
           after == '_' || (after == ',' && is_digit(second));
}

static bool judge_run(const struct identity_text *t, const struct run *run, enum identity_type *ret_type)
{
    bool account = identity_before(t, run->token, CUE_REACH, account_cues);
    bool wallet = identity_before(t, run->token, 2, wallet_cues);
    bool other = identity_before(t, run->token, 3, other_cues);
    bool office = identity_before(t, run->token, CUE_REACH, office_cues);
    if (touches_other(t, run))
        return false;
    *ret_type = IDENTITY_NIK;
    if (run->count == NIK_DIGITS &&
        (identity_before(t, run->token, 4, nik_cues) || (is_nik(run->digits) && !account && !other)))
        return true;
    *ret_type = IDENTITY_PHONE;
    if (is_mobile(run) && (!account || wallet || identity_before(t, run->token, 2, phone_cues)))
        return !identity_before(t, run->token, 3, office_cues);
    if ((is_landline(t, run) && !office && !account) || is_abroad(run))
        return true;
    *ret_type = IDENTITY_ACCOUNT;
    return account && !other && run->count >= 8 && run->count <= 20;
}

/* "nik 3574... 0812..." is two numbers, one blank apart: each group is tried alone when the whole is nothing. */
static void judge_groups(struct identity_text *t, const struct run *whole)
{
    for (size_t i = whole->at; i < whole->end;) {
        size_t end = i;
        while (end < whole->end && t->text[end] != ' ')
            end++;
        struct run one;
        enum identity_type type;
        size_t first = i;
        while (first < end && !is_digit(t->text[first]))
            first++;
        if (first < end) {
            read_run(t, first, &one);
            if (one.end > end)
                one =
                    (struct run){.at = one.at, .plus = one.plus, .bracket = one.bracket, .token = one.token};
            for (size_t k = one.count ? end : first; k < end && one.count < DIGITS_MOST; k++)
                if (is_digit(t->text[k]))
                    one.digits[one.count++] = t->text[k];
            one.end = end;
            if (judge_run(t, &one, &type))
                identity_take(t, type, one.at, one.end);
        }
        i = end + 1;
    }
}

void identity_find_numbers(struct identity_text *t)
{
    struct run run;
    enum identity_type type;
    for (size_t i = 0; i < t->size; i++) {
        if (!is_digit(t->text[i]) || (i && is_digit(t->text[i - 1])) || identity_taken(t, i, i + 1))
            continue;
        read_run(t, i, &run);
        if (run.count >= 8 && judge_run(t, &run, &type))
            identity_take(t, type, run.at, run.end);
        else if (run.count > 17 && run.groups > 1)
            judge_groups(t, &run);
        i = run.end - 1;
    }
}
