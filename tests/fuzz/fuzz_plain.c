/* Plain text out of a mail: soft line ends, files written into it, the date of its header. */
#include "fuzz.h"
#include "channels/parser/program/date.h"
#include "channels/parser/program/flowed.h"
#include "channels/parser/program/uuencode.h"

enum { FILE_MOST = 4096 };

/* Joining takes away line ends, blanks and quote marks, and adds of them: every other byte stays, in order. */
static bool same_rest(const char *a, size_t n, const char *b, size_t m)
{
    size_t i = 0, k = 0;
    for (;;) {
        while (i < n && strchr(" \r\n>", a[i]))
            i++;
        while (k < m && strchr(" \r\n>", b[k]))
            k++;
        if (i == n || k == m)
            return i == n && k == m;
        if (a[i++] != b[k++])
            return false;
    }
}

static void check_flowed(const char *text, size_t n, bool deletes_space)
{
    struct str out;
    str_init(&out, 3 * n + 16);
    flowed_join(text, n, deletes_space, &out);
    require(str_ok(&out) && same_rest(text, n, out.data, out.len));
    str_release(&out);
}

static void check_files(const char *text, size_t n)
{
    struct span rest = {text, n};
    size_t limit = 1000;
    while (rest.len) {
        struct uuencode file;
        bool cut = false;
        size_t before = rest.len, looked = limit;
        if (uuencode_take(&rest, FILE_MOST, &limit, &file, &cut)) {
            require(file.bytes->len > 0 && file.bytes->len <= FILE_MOST && file.name.len > 0);
            require(rest.len < before && rest.at + rest.len == text + n);
            g_byte_array_unref(file.bytes);
        } else {
            require(rest.len == before);
            (void)span_next_line(&rest);
        }
        require(limit <= looked);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char utc[DATE_SIZE];
    char *text = fuzz_text(data, size);
    if (date_to_utc(text, utc))
        require(strlen(utc) >= 20 && strlen(utc) < DATE_SIZE && utc[strlen(utc) - 1] == 'Z');
    check_flowed(text, size, false);
    check_flowed(text, size, true);
    check_files(text, size);
    free(text);
    return 0;
}
