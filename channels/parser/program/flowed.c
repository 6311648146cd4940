#include "flowed.h"
#include "rules/text_match.h"
#include <string.h>

/* A line of RFC 3676 4. */
struct line {
    struct span words; /* without quote marks, stuffing and the soft end */
    size_t depth;      /* of quoting */
    bool soft;         /* the paragraph goes on in the next line */
};

static struct line read_line(struct span raw, bool deletes_space)
{
    struct line line = {.words = raw};
    while (line.depth < raw.len && raw.at[line.depth] == '>')
        line.depth++;
    line.words.at += line.depth;
    line.words.len -= line.depth;
    if (line.words.len && line.words.at[0] == ' ') /* 4.4: space-stuffing */
        line.words.at++, line.words.len--;
    /* 4.3: the line above a signature is none of the paragraph */
    bool signature = line.words.len == 3 && !memcmp(line.words.at, "-- ", 3);
    line.soft = !signature && line.words.len && line.words.at[line.words.len - 1] == ' ';
    if (line.soft && deletes_space)
        line.words.len--;
    return line;
}

void flowed_join(const char *text, size_t n, bool deletes_space, struct str *out)
{
    struct span rest = {text, n};
    bool open = false; /* the last line written waits for its continuation */
    size_t depth = 0;
    while (rest.len) {
        struct line line = read_line(span_next_line(&rest), deletes_space);
        if (open && line.depth == depth) {
            str_add(out, line.words.at, line.words.len);
        } else {
            if (open)
                str_addc(out, '\n');
            for (size_t i = 0; i < line.depth; i++)
                str_addc(out, '>');
            if (line.depth && line.words.len)
                str_addc(out, ' ');
            str_add(out, line.words.at, line.words.len);
        }
        open = line.soft && (line.depth == 0 || deletes_space);
        depth = line.depth;
        if (!open)
            str_addc(out, '\n');
    }
    if (open)
        str_addc(out, '\n');
}
