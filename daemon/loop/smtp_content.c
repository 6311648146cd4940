#include "smtp_content.h"
#include <event2/buffer.h>
#include <string.h>

bool smtp_content_piece(const struct smtp_letter *letter, size_t *handed, struct evbuffer *out)
{
    size_t end = letter->length - *handed > SMTP_PIECE ? *handed + SMTP_PIECE : letter->length;
    while (*handed < end) {
        const char *p = letter->content + *handed;
        bool begins = !*handed || p[-1] == '\n';
        const char *line = memchr(p, '\n', end - *handed);
        size_t n = line ? (size_t)(line - p) + 1 : end - *handed;
        if ((begins && *p == '.' && evbuffer_add(out, ".", 1)) || evbuffer_add(out, p, n))
            return false;
        *handed += n;
    }
    return *handed < letter->length || !evbuffer_add(out, ".\r\n", 3);
}
