/* Text on its way out to WhatsApp: citizen words that must not act as formatting, and long texts in parts.
 *
 * All text is UTF-8 and NUL-terminated. libc and base only: this file is compiled into the parser child too.
 * Pure, thread-safe. */
#ifndef RULES_TEXT_WHATSAPP_H
#define RULES_TEXT_WHATSAPP_H

#include "daemon/base/str.h"
#include <stddef.h>

/* Length as the gateways count it at worst: UTF-16 units. Bytes that are no UTF-8 count one each. */
size_t text_whatsapp_units(const char *text);

/* Adds text to out so that * _ ~ ` and line beginnings like "> ", "- ", "1. " show as they are: WhatsApp
 * knows no escape character, so an invisible U+200B stands behind each that could act. Markers inside a word
 * (ADU_2026_01) never act and stay untouched. For the words of citizens, never for our own templates. */
void text_whatsapp_neutralise(struct str *out, const char *text);

struct text_whatsapp_limits {
    size_t units; /* UTF-16; at least 64 */
    size_t bytes; /* 0 = any; else at least 64 */
};

/* Splits text into parts within the limits, cut at the best place in reach (paragraph, line, sentence,
 * word; never inside a character or an emoji sequence), and numbers them "(1/2) " when there are several. The
 * parts stand in `parts` one behind the other, each with a NUL behind it. Returns how many: 1..99; 0 when the
 * text is empty, would need more, a limit is below 64, or memory ran out (parts->failed). */
unsigned text_whatsapp_split(struct str *parts, const char *text, struct text_whatsapp_limits most);

/* The beginning of text that fits, in bytes, cut as above; all of it when it fits. */
size_t text_whatsapp_first(const char *text, struct text_whatsapp_limits most);

#endif
