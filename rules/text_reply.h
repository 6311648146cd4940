/* The citizen's own new words out of a mail's text.
 *
 * Three stages, one file each: text_quote.c finds where somebody else's words begin (attribution lines,
 * header blocks, "Pesan Asli" lines), text_footer.c finds what a mail program or an organisation adds
 * (signature, "Dikirim dari ...", disclaimer), text_reply.c walks the lines and keeps the rest.
 *
 * When in doubt a line is kept: a quote too much annoys an officer, a lost sentence loses a complaint. Hence
 * lines with '>' that no attribution announces are the citizen's own, and a closing ("Hormat kami, Budi,
 * Dusun Krajan") stays because citizens put there the name and address that the office asks for.
 *
 * Pure; time linear in the text. */
#ifndef RULES_TEXT_REPLY_H
#define RULES_TEXT_REPLY_H

#include "daemon/base/str.h"
#include <stdbool.h>
#include <stddef.h>

/* What the HTML of a mail, or the place of a part in it, says of a line of its text. */
enum text_line {
    TEXT_LINE_OWN,       /* nothing beyond its words */
    TEXT_LINE_ANNOUNCES, /* it tells whose words follow, in whatever language */
    TEXT_LINE_FOREIGN,   /* not the writer's */
};

struct text_reply_hints {
    bool answers; /* the mail says that it answers another one (In-Reply-To, "Re:"), so unannounced '>' lines
                          at either end are quotes after all */
    const char *lines; /* an enum text_line as a byte for each line of the text; NULL = all OWN */
    size_t count;      /* of them; further lines are OWN */
};

/* text: UTF-8, n bytes, lines end with LF or CR LF. Adds the reply to `out` with LF line ends, parts that stood
 * around quotes joined by an empty line. Adds the whole text, trimmed, when nothing else is left. Returns
 * whether words of somebody else were found. */
bool text_reply(const char *text, size_t n, const struct text_reply_hints *hints, struct str *out);

#endif
