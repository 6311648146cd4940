#include "print_job.h"
#include "daemon/base/json_read.h"
#include "daemon/book/setting.h"
#include "rules/words_date.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void print_job_add(struct str *job, json_t *line)
{
    char *text = line ? json_text(line, JSON_COMPACT) : NULL;
    json_decref(line);
    if (!text)
        job->failed = true;
    str_adds(job, text);
    str_addc(job, '\n');
    free(text);
}

void print_job_words(struct str *job, const char *block, const char *text, const char *sub, const char *style)
{
    print_job_add(job, json_pack("{s:s, s:s, s:s, s:s}", "block", block, "text", text ? text : "", "sub",
                           sub ? sub : "", "style", style ? style : ""));
}

void print_job_end(struct str *job)
{
    print_job_add(job, json_pack("{s:s}", "block", "end"));
}

static enum outcome logo_text(struct book_txn *txn, const struct letterhead *head, const char **ret,
    struct arena *arena, struct fault *fault)
{
    struct picture logo = {0};
    *ret = "";
    enum outcome outcome =
        head->logo_at ? picture_get(txn, LETTERHEAD_LOGO, &logo, arena, fault) : OUTCOME_DONE;
    if (outcome || !logo.media_type)
        return outcome;
    size_t size = sodium_base64_encoded_len(logo.size, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(arena, size);
    if (!text)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the logo");
    *ret = sodium_bin2base64(text, size, logo.data, logo.size, sodium_base64_VARIANT_ORIGINAL);
    return OUTCOME_DONE;
}

enum outcome print_job_begin(struct str *job, struct book_txn *txn, const struct office *office,
    const struct print_look *look, struct arena *arena, struct fault *fault)
{
    struct letterhead head;
    const char *logo;
    enum outcome outcome = letterhead_get(txn, office, &head, arena, fault);
    if (!outcome)
        outcome = logo_text(txn, &head, &logo, arena, fault);
    if (outcome)
        return outcome;
    const char *phone = head.lines[LETTERHEAD_PHONE], *email = head.lines[LETTERHEAD_EMAIL],
               *address = arena_printf(arena, "%s%s%s%s%s", head.lines[LETTERHEAD_ADDRESS],
                   *phone ? ", telepon " : "", phone, *email ? ", e-mail " : "", email);
    print_job_add(
        job, json_pack("{s:s, s:s, s:s, s:s?, s:s, s:s, s:s, s:s, s:b, s:b}", "block", "head", "government",
                 head.lines[LETTERHEAD_GOVERNMENT], "office", head.lines[LETTERHEAD_OFFICE], "address",
                 address, "logo", logo, "title", look->title, "footer", look->footer, "text",
                 look->sheet ? look->sheet : "", "wide", look->wide, "serif", look->serif));
    return OUTCOME_DONE;
}

/* As it is written by hand: born, appointed, sex, number. "19700101 199003 1 005" */
static const char *nip_groups(const char *nip, struct arena *arena)
{
    enum { DIGITS = 18 };
    char digits[DIGITS + 1];
    int n = 0;
    for (const char *p = nip; *p && n <= DIGITS; p++)
        if (*p >= '0' && *p <= '9' && n++ < DIGITS)
            digits[n - 1] = *p;
    return n == DIGITS
               ? arena_printf(arena, "%.8s %.6s %.1s %.3s", digits, digits + 8, digits + 14, digits + 15)
               : nip;
}

const char *print_job_capital(const char *text, struct arena *arena)
{
    char *copy = arena_strdup(arena, text);
    if (copy && *copy >= 'a' && *copy <= 'z')
        *copy = (char)(*copy - 'a' + 'A');
    return copy ? copy : "";
}

enum outcome print_job_camat(struct book_txn *txn, const struct office *office, const char *above,
    json_t **ret_row, struct arena *arena, struct fault *fault)
{
    struct letterhead head;
    enum outcome outcome = letterhead_get(txn, office, &head, arena, fault);
    if (outcome)
        return outcome;
    const char *name = head.lines[LETTERHEAD_CAMAT], *rank = head.lines[LETTERHEAD_RANK],
               *nip = nip_groups(head.lines[LETTERHEAD_NIP], arena);
    *ret_row = json_pack("[s, s, o]", above, *name ? name : "………………………",
        json_sprintf("%s%s%s%s", rank, *rank && *nip ? "\n" : "", *nip ? "NIP " : "", nip));
    return OUTCOME_DONE;
}

const char *print_job_place(const struct office *office, int64_t at, struct arena *arena)
{
    static const char lead[] = "Kecamatan ";
    char date[WORDS_DATE_SIZE];
    words_date_day(date, sizeof date, at, office->utc_offset_minutes);
    const char *name = office->name;
    if (!strncmp(name, lead, sizeof lead - 1))
        name += sizeof lead - 1;
    return arena_printf(arena, "%s, %s", name, date);
}
