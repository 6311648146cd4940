/* Subjects under which programs write, in the languages of the mail programs that citizens and offices use.
 *
 * People use the same words: "Balasan otomatis dari kecamatan tidak membantu". A phrase counts where programs
 * put it: at the start or in brackets, with nothing, a colon or a dash behind it, where a person goes on with a
 * comma or a word. */
#ifndef RULES_TEXT_SUBJECT_H
#define RULES_TEXT_SUBJECT_H

#include "text_match.h"

bool text_subject_out_of_office(struct span subject); /* "Out of Office: ...", "Di luar kantor" */
bool text_subject_auto_reply(
    struct span subject);                      /* "Balasan otomatis: ...", read receipts, calendar answers */
bool text_subject_bounce(struct span subject); /* "Undelivered Mail Returned to Sender" */

bool text_subject_hints_bounce(struct span subject); /* the loose form, believed only beside another sign */
bool text_subject_answers(struct span subject);      /* "Re: ...", "Bls: ..." */
bool text_subject_forwards(struct span subject);     /* "Fwd: ...": a person shows what a program wrote */

#endif
