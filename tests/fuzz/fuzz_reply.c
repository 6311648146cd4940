/* The citizen's own words out of a mail's text: nothing invented, nothing moved, never empty without need. */
#include "fuzz.h"
#include "rules/text_match.h"
#include "rules/text_reply.h"

/* Every line of the reply stands in the text, in the same order. */
static void check_lines(const char *text, size_t n, const struct str *reply)
{
    struct span source = {text, n}, lines = {reply->data, reply->len};
    while (lines.len) {
        struct span line = span_trim(span_next_line(&lines));
        bool found = !line.len;
        while (!found && source.len) {
            struct span other = span_trim(span_next_line(&source));
            found = other.len == line.len && !memcmp(other.at, line.at, line.len);
        }
        require(found);
    }
}

static void check_reply(const char *text, size_t n, const struct text_reply_hints *hints)
{
    struct str reply;
    struct span all = span_trim((struct span){text, n});
    str_init(&reply, 2 * n + 64);
    (void)text_reply(text, n, hints, &reply);
    require(str_ok(&reply));
    require(!all.len == !span_trim((struct span){reply.data, reply.len}).len);
    require(!memmem(reply.data, reply.len, "\r\n", 2));
    require(!fuzz_is_utf8(text, n) || fuzz_is_utf8(reply.data, reply.len));
    require(reply.len <= n + 1);
    check_lines(text, n, &reply);
    str_release(&reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size ? size : 1); /* no NUL behind it: it may come out of the middle of something */
    char *marks = malloc(size ? size : 1);
    require(text != NULL && marks != NULL);
    if (size)
        memcpy(text, data, size);
    check_reply(text, size, &(struct text_reply_hints){.answers = false});
    check_reply(text, size, &(struct text_reply_hints){.answers = true});
    /* the text's own bytes as what the HTML says of its lines */
    for (size_t i = 0; i < size; i++)
        marks[i] = (char)(data[i] % 3);
    check_reply(text, size, &(struct text_reply_hints){true, marks, size});
    free(marks);
    free(text);
    return 0;
}
