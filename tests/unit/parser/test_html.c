/* HTML to text, and pages made to hurt. */
#include "channels/parser/program/html.h"
#include "channels/parser/program/html_strip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>
#include <string.h>
#include <time.h>

struct example {
    const char *what, *html, *text;
};

static const struct example examples[] = {
    {"blocks on lines", "<div>satu</div><div>dua</div>", "satu\ndua"},
    {"paragraphs apart", "<p>satu</p><p>dua</p>", "satu\n\ndua"},
    {"breaks", "satu<br>dua<br><br>tiga", "satu\ndua\n\ntiga"},
    {"white space collapses", "  satu \n\t dua &nbsp; tiga ", "satu dua tiga"},
    {"inline stays inline", "di <b>belakang</b> <i>pasar</i>, ya", "di belakang pasar, ya"},
    {"styles and scripts are no text", "<style>.x{color:red}</style><script>x()</script>ya", "ya"},
    {"hidden preview", "<div style=\"display:none\">pratinjau</div>ya", "ya"},
    {"cells and rows", "<table><tr><td>a<td>b<tr><td>c</table>", "a\tb\nc"},
    {"list", "<ul><li>satu<li>dua</ul>", "- satu\n- dua"},
    {"numbered list", "<ol><li>satu</li> <li>dua</li></ol>", "1. satu\n2. dua"},
    {"an emoji sent as a picture", "ya <img alt=\"\xF0\x9F\x91\x8D\" src=x> <img alt=logo>",
        "ya \xF0\x9F\x91\x8D"},
    {"quote", "ya<blockquote>lama<br>sekali</blockquote>tidak", "ya\n> lama\n> sekali\ntidak"},
    {"quotes in quotes", "<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n> > b"},
    {"Gmail's indentation is no quote", "<blockquote style=\"margin:0 0 0 40px\">a</blockquote>", "a"},
    {"verbatim", "<pre>a\n  b</pre>", "a\nb"},
    {"a link tells where it leads", "<a href=\"https://x.example/f\">foto</a>", "foto <https://x.example/f>"},
    {"a link that shows it already", "<a href=\"https://x.example/f\">x.example/f</a>", "x.example/f"},
    {"a mail link needs no address", "<a href=\"mailto:a@x.example\">a@x.example</a>", "a@x.example"},
    {"references", "a&amp;b &lt;c&gt; &#233;", "a&b <c> é"},
    {"unclosed everything", "<div><p>a<b>b", "ab"},
    {"a mere less-than", "a < b", "a < b"},
    {"empty", "", ""},
};

static void reads_pages_as_people_do(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct str out;
        str_init(&out, 1000);
        assert_true(html_to_text(examples[i].html, strlen(examples[i].html), &out, NULL));
        if (strcmp(out.data, examples[i].text)) {
            print_error("%s: got [%s]\n", examples[i].what, out.data);
            wrong++;
        }
        str_release(&out);
    }
    assert_int_equal(wrong, 0);
}

/* The tag stripper must say the same words where nesting does not matter. */
static void stripper_keeps_the_words(void **state)
{
    (void)state;
    static const struct example strips[] = {
        {"blocks", "<div>satu</div><p>dua", "satu\ndua"},
        {"script", "<script>a<b</script>ya<!-- x -->", "ya"},
        {"references", "a&amp;b&#233;&#x41;&tidak;", "a&béA&tidak;"},
        {"attributes with >", "<a title='>'>ya</a>", "ya"},
        {"torn tag", "ya <b", "ya"},
        {"less-than", "1 < 2", "1 < 2"},
    };
    for (size_t i = 0; i < sizeof strips / sizeof *strips; i++) {
        struct str out;
        struct flow flow;
        str_init(&out, 1000);
        flow_init(&flow, &out, NULL);
        html_strip(strips[i].html, strlen(strips[i].html), &flow);
        assert_string_equal(out.data, strips[i].text);
        str_release(&out);
    }
}

static GString *repeat(const char *piece, size_t bytes)
{
    GString *s = g_string_new(NULL);
    while (s->len < bytes)
        g_string_append(s, piece);
    return s;
}

/* Each of these takes gumbo many seconds, 700 MB or its stack when it is let at them. */
static void bombs_end_in_plain_words(void **state)
{
    (void)state;
    static const char *const bombs[] = {"<div>", "<table>", "<table><tr><td>", "<b>", "<b id=1><p>",
        "<a a=1 ", "</a '", "<!--", "<", "&#1", "<script></a", "<svg><foreignObject>", "<select>", "<p>x"};
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
        GString *html = repeat(bombs[i], 600000);
        struct str out;
        str_init(&out, 4 << 20);
        clock_t before = clock();
        (void)html_to_text(html->str, html->len, &out, NULL);
        assert_true(str_ok(&out));
        if (clock() - before > 8 * CLOCKS_PER_SEC)
            fail_msg("too slow: %s", bombs[i]);
        str_release(&out);
        g_string_free(html, TRUE);
    }
}

static void finds_the_charset_of_meta(void **state)
{
    (void)state;
    char name[16];
    const char *html = "<meta http-equiv=Content-Type content=\"text/html; charset=windows-1252\">";
    assert_true(html_meta_charset(html, strlen(html), name, sizeof name));
    assert_string_equal(name, "windows-1252");
    html = "<meta charset='utf-8'>";
    assert_true(html_meta_charset(html, strlen(html), name, sizeof name));
    assert_string_equal(name, "utf-8");
    assert_false(html_meta_charset("<p>charset=", 11, name, sizeof name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_pages_as_people_do),
        cmocka_unit_test(stripper_keeps_the_words), cmocka_unit_test(bombs_end_in_plain_words),
        cmocka_unit_test(finds_the_charset_of_meta)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
