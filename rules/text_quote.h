/* Where another person's words begin inside a mail: what mail programs write above what they quote.
 *
 * Line-based: callers hand in an array of trimmed lines (span_trim, quote marks taken off) and an index. */
#ifndef RULES_TEXT_QUOTE_H
#define RULES_TEXT_QUOTE_H

#include "text_match.h"

/* "Pada Sen, 16 Nov 2026 pukul 09.05 Kecamatan <a@x> menulis:", also broken over several lines. */
struct attribution {
    size_t first, last; /* line numbers; first <= last */
    bool addressed;     /* names a mail address: a mail program wrote it */
    bool timed; /* begins like a mail program's ("Pada ...") and has a time of day, or is English and dated:
                   most likely a mail program wrote it, but a citizen may tell a story that way */
};

/* Is lines[at] the LAST line of an attribution? Fills *ret when so. Looks at most 3 lines back, not before
 * `from`. over_quote: what follows is marked as quoted, so that the verb need not be a known one. */
bool text_quote_attribution(
    const struct span *lines, size_t from, size_t at, bool over_quote, struct attribution *ret);

/* Could the line announce a quote without saying when: "Budi menulis:", "Quoting Budi <a@x>:"? A citizen tells so too:
 * "Pak RT menulis:". */
bool text_quote_undated(struct span line, bool *ret_addressed);

/* "-------- Pesan Asli --------", "---------- Forwarded message ---------", "Balas di atas garis ini". */
bool text_quote_separator(struct span line);

/* Does a block "Dari: / Dikirim: / Kepada: / Subjek:" begin at lines[at]? n = number of lines. in_answer:
 * the mail says that it answers another one, so that less is asked of the block. */
bool text_quote_header_block(const struct span *lines, size_t n, size_t at, bool in_answer);

/* Is lines[at] the rule that Outlook draws, and below it a block whose labels may be in any language? */
bool text_quote_ruled_block(const struct span *lines, size_t n, size_t at);

/* The line that GroupWise writes above a quote, quote marks included. */
bool text_quote_groupwise(struct span raw);

#endif
