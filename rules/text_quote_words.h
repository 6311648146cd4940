/* The words that mail programs write around what they quote, in the languages of programs that are met here and
 * of their neighbours. Part of text_quote.c. */
#ifndef RULES_TEXT_QUOTE_WORDS_H
#define RULES_TEXT_QUOTE_WORDS_H

#include "text_match.h"

enum label { LABEL_NONE, LABEL_FROM, LABEL_DATE, LABEL_TO, LABEL_SUBJECT, LABEL_CC };

/* "Pada ", "On ": how an attribution begins. Ends with NULL. */
extern const char *const text_quote_starts[];

bool text_quote_has_verb(struct span s); /* "menulis", "wrote" */

/* Which header label a line begins with: "Dari:", "*From*:", "差出人：". */
enum label text_quote_label(struct span line);

/* Is it the phrase that stands between dashes: "Pesan Asli"? */
bool text_quote_is_separator(struct span phrase);

/* "Begin forwarded message:", a line without dashes. */
bool text_quote_begins_forward(struct span line);

/* "Balas di atas garis ini". */
bool text_quote_says_above(struct span line);

/* The same as a line by itself, without dashes: "Mohon balas di atas garis ini". */
bool text_quote_asks_above(struct span line);

/* "Jawaban saya di bawah, huruf merah": the writer's words stand within what he quotes. */
bool text_quote_points_below(struct span own);

/* "Quoting Budi <a@x>:", "Menanggapi surat Camat (16/11/2026):": who is quoted, without a verb. */
bool text_quote_cites(struct span line);

#endif
