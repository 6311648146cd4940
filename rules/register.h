/* The two names of a complaint: the register number for people and paper (014/PGD/XI/2026), the tracking code for
 * the citizen (7KQM-X2R9-4T). Pure: time and randomness come in as arguments. */
#ifndef RULES_REGISTER_H
#define RULES_REGISTER_H

#include <stdbool.h>
#include <stdint.h>

enum {
    REGISTER_NUMBER_SIZE = 64, /* bytes with the final NUL */
    REGISTER_CODE_SIZE = 11,   /* ten characters and the NUL */
    REGISTER_SHOWN_SIZE = 13,  /* the same with two dashes */
    REGISTER_CODE_RANDOM = 7,  /* bytes of randomness a code is made from; 50 bits of them are used */
};

/* Writes the number for this format: %n sequence (%03n: at least three digits, one to nine), %Y year, %m month as
 * two digits, %R month in Roman numerals, %% a percent sign; everything else stands for itself. False when the
 * format is not one (see register_format_fault) or the result is too long; out is then the empty string. */
bool register_number(
    char out[REGISTER_NUMBER_SIZE], const char *format, int64_t sequence, int year, int month);

/* NULL when the format can be used, else what is wrong with it, in Indonesian. %n and %Y must both be there: the
 * sequence begins again each year, so that without the year two complaints would get the same number. */
const char *register_format_fault(const char *format);

/* The year and month (1..12) in which a moment lies for an office so many minutes east of UTC. */
void register_period(int64_t ms, int utc_offset_minutes, int *ret_year, int *ret_month);

/* A code from an alphabet without I, L, O and U; the caller draws the bytes. */
void register_code(char out[REGISTER_CODE_SIZE], const unsigned char random[REGISTER_CODE_RANDOM]);

/* 7KQMX2R94T -> 7KQM-X2R9-4T. The empty string when code is not ten characters long. */
void register_code_show(char out[REGISTER_SHOWN_SIZE], const char *code);

/* Reads what a person typed: any case, spaces and dashes anywhere, O for 0, I and L for 1, U for V. False when it
 * is no code; out is then the empty string. NULL is no code. */
bool register_code_parse(char out[REGISTER_CODE_SIZE], const char *text);

#endif
