/* Given names as people of East Java bear them, and words that are none. Pure, static lists. */
#ifndef RULES_IDENTITY_NAMES_H
#define RULES_IDENTITY_NAMES_H

#include <stdbool.h>

/* word is lower case. */
bool identity_is_name(const char *word); /* hardly ever anything else: sulistyowati, kholil, wijaya */
bool identity_may_be_name(
    const char *word); /* also a flower, a month, a word of praise: melati, agus, indah */
bool identity_is_ordinary(const char *word); /* a word of everyday language: never part of a name */
bool identity_is_public(const char *word); /* what stands before it is no person: jalan, masjid, toko, hari */

#endif
