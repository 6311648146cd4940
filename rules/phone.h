/* Telephone numbers and WhatsApp identifiers. Two different readings; mixing them is the classic bug:
 *
 *   phone_from_wa_id  what a gateway says: the digits ARE international already. 81312345678@c.us is a
 * Japanese number, never 0813-1234-5678. phone_from_human  what a citizen or officer types: Indonesian habits
 * (0812-..., 62 812 ..., 8123...) become E.164; anything doubtful (letters, two numbers, service numbers) is
 * refused.
 *
 * Pure: no state, no locale, no allocation. Thread-safe. */
#ifndef RULES_PHONE_H
#define RULES_PHONE_H

#include <stdbool.h>

enum { PHONE_MAX = 17 }; /* bytes of "+" and 15 digits (E.164) and the NUL */

enum phone_kind {
    PHONE_INVALID,  /* not E.164, or an Indonesian number nobody can have: too short, 110, 0800 ... */
    PHONE_MOBILE,   /* Indonesian */
    PHONE_LANDLINE, /* Indonesian; WhatsApp Business may sit on one, an SMS cannot */
    PHONE_FOREIGN,  /* plausible E.164 of another country */
};

/* What an identifier of a gateway names. Only the suffix tells: the digits of a LID look like a number. */
enum phone_id_kind {
    PHONE_ID_PHONE,
    PHONE_ID_LID,     /* ...@lid: WhatsApp's hidden id of a person */
    PHONE_ID_BSUID,   /* ID.1349...: Meta's id of a person within one business */
    PHONE_ID_GROUP,   /* ...@g.us */
    PHONE_ID_CHANNEL, /* ...@newsletter */
    PHONE_ID_STATUS,  /* status@broadcast and other broadcasts */
    PHONE_ID_OTHER,   /* opaque: a page-scoped id, a room id ... */
};

/* Both write "+62..." and return true, or leave out untouched and return false. text may be NULL. */
bool phone_from_wa_id(const char *id, char out[PHONE_MAX]);
bool phone_from_human(const char *text, char out[PHONE_MAX]);

enum phone_id_kind phone_id_kind(const char *id);
enum phone_kind phone_kind(const char *e164); /* "+62..." */

#endif
