#include "daemon/base/embedded.h"
#include "daemon/web/view.h"
#include "daemon/web/view_private.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void open_views(const struct embedded_file *files)
{
    struct fault fault = {0};
    if (views_open_files(files, &fault) != OUTCOME_DONE)
        fail_msg("%s", fault.internal);
}

static void check_files(const struct embedded_file *files, const char *json, const char *expected)
{
    open_views(files);
    json_t *data = json_loads(json, 0, NULL);
    assert_non_null(data);
    struct str out;
    str_init(&out, 100000);
    view_render(&out, "page", data);
    assert_true(str_ok(&out));
    assert_string_equal(out.data, expected);
    str_release(&out);
    json_decref(data);
    views_close();
}

static struct embedded_file view_file(const char *path, const char *text)
{
    return (struct embedded_file){path, text, strlen(text)};
}

static void check(const char *view, const char *json, const char *expected)
{
    struct embedded_file files[] = {view_file("daemon/web/views/page.html", view), {0}};
    check_files(files, json, expected);
}

static void values_of_every_type(void **state)
{
    (void)state;
    const char *json =
        "{\"t\":\"Siti\",\"n\":12,\"r\":2.5,\"y\":true,\"z\":null,\"o\":{\"a\":{\"b\":\"dalam\"}},\"l\":[1]}";
    check("{{t}} {{n}} {{r}} [{{y}}{{z}}{{absent}}{{l}}] {{o.a.b}}[{{o.x.b}}{{t.a}}]", json,
        "Siti 12 2.5 [] dalam[]");
}

static void sections(void **state)
{
    (void)state;
    check("{{#l}}({{.}}){{/l}}", "{\"l\":[1,2,\"a\"]}", "(1)(2)(a)");
    check("{{#o}}{{a}}{{outer}}{{/o}}", "{\"o\":{\"a\":1},\"outer\":2}", "12");
    check("{{#t}}ada {{.}}{{/t}}{{#empty}}x{{/empty}}{{#no}}x{{/no}}",
        "{\"t\":\"kata\",\"empty\":\"\",\"no\":false}", "ada kata");
    check("{{^empty}}a{{/empty}}{{^none}}b{{/none}}{{^gone}}c{{/gone}}{{^zero}}d{{/zero}}",
        "{\"empty\":\"\",\"none\":[],\"zero\":0}", "abc");
    check("{{#l}}{{#k}}{{n}}{{m}},{{/k}}{{/l}}", "{\"l\":[{\"n\":1,\"k\":[{\"m\":\"a\"},{\"m\":\"b\"}]}]}",
        "1a,1b,");
}

static void inner_context_wins(void **state)
{
    (void)state;
    check("{{#o}}{{a}}{{/o}}{{a}}", "{\"a\":\"luar\",\"o\":{\"a\":\"dalam\"}}", "dalamluar");
}

static void tags_alone_on_a_line_leave_no_line(void **state)
{
    (void)state;
    check("<ul>\n  {{#l}}\n  <li>{{.}}</li>\n  {{/l}}\n  {{! kosong }}\n</ul>\n", "{\"l\":[1,2]}",
        "<ul>\n  <li>1</li>\n  <li>2</li>\n</ul>\n");
}

static void layouts_and_partials(void **state)
{
    (void)state;
    struct embedded_file files[] = {
        view_file("daemon/web/views/page.html", "{{<frame}}isi {{a}}{{>part}}{{/frame}}!"),
        view_file("daemon/web/views/frame.html", "[{{title}}|{{$content}}]"),
        view_file("daemon/web/views/part.html", "<i>{{a}}</i>"),
        view_file("daemon/web/static/page.css", "{{ not a view"),
        {0},
    };
    check_files(files, "{\"title\":\"T\",\"a\":7}", "[T|isi 7<i>7</i>]!");
}

static void layout_in_layout(void **state)
{
    (void)state;
    struct embedded_file files[] = {
        view_file("daemon/web/views/page.html", "{{<inner}}x{{/inner}}"),
        view_file("daemon/web/views/inner.html", "{{<outer}}({{$content}}){{/outer}}"),
        view_file("daemon/web/views/outer.html", "<b>{{$content}}</b>"),
        {0},
    };
    check_files(files, "{}", "<b>(x)</b>");
}

/* Each payload as text, in a quoted attribute and as a URL: no byte of it may become markup or a script. */
static void payloads_stay_text(void **state)
{
    (void)state;
    static const char *const payloads[] = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'><svg/onload=alert(1)>",
        "\" onmouseover=\"alert(1)",
        "' autofocus onfocus='alert(1)",
        "</textarea><script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "<!--<script>",
        "-->",
        "{{csrf}}",
        "{{>icons}}",
        "{{#o}}",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "\tjavascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//evil.example/x",
        "/\\evil.example",
        "&lt;script&gt;",
        "\x01javascript:alert(1)",
        "<\x0bimg src=x>",
        "\xef\xbc\x9cscript\xef\xbc\x9e",
        "`onload=x`",
    };
    struct embedded_file files[] = {
        view_file("daemon/web/views/page.html",
            "<p title=\"{{v}}\">{{v}}</p><a href='{{v}}'></a><a href=\"/x/{{v}}\"></a>"),
        {0}};
    open_views(files);
    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++) {
        json_t *data = json_pack("{s:s, s:s}", "v", payloads[i], "csrf", "RAHASIA");
        assert_non_null(data);
        struct str out;
        str_init(&out, 10000);
        view_render(&out, "page", data);
        size_t marks = 0, quotes = 0;
        for (size_t k = 0; k < out.len; k++) {
            marks += out.data[k] == '<';
            quotes += out.data[k] == '"' || out.data[k] == '\'';
            assert_true((unsigned char)out.data[k] >= 0x20 || out.data[k] == 0x09);
        }
        assert_int_equal(marks, 6);
        assert_int_equal(quotes, 6);
        assert_null(strstr(out.data, "RAHASIA"));
        const char *url = strstr(out.data, "href='");
        assert_non_null(url);
        assert_memory_equal(url, "href='#'", 8);
        str_release(&out);
        json_decref(data);
    }
    views_close();
}

static void harmless_urls_pass(void **state)
{
    (void)state;
    const char *json = "{\"l\":[\"/meja\",\"https://www.lapor.go.id/"
                       "\",\"mailto:a@b.example\",\"tel:+62335\",\"#isi\",\"?n=1\"]}";
    check("{{#l}}<a href=\"{{.}}\"></a>{{/l}}", json,
        "<a href=\"/meja\"></a><a href=\"https://www.lapor.go.id/\"></a><a href=\"mailto:a@b.example\"></a>"
        "<a href=\"tel:+62335\"></a><a href=\"#isi\"></a><a href=\"?n=1\"></a>");
}

/* Each is refused at start, with the line of the fault. */
static void faulty_views_are_refused_with_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *view;
        int line;
    } faulty[] = {
        {"<script>\nvar a = '{{x}}';</script>", 2},
        {"<style>{{x}}</style>", 1},
        {"<SCRIPT>{{x}}</SCRIPT>", 1},
        {"<p>\n<a onclick=\"f({{x}})\">", 2},
        {"<a ONCLICK='{{x}}'>", 1},
        {"<a style=\"color:{{x}}\">", 1},
        {"<iframe srcdoc=\"{{x}}\">", 1},
        {"<a href={{x}}>", 1},
        {"<a {{x}}>", 1},
        {"<{{x}}>", 1},
        {"<!-- {{x}} -->", 1},
        {"<a href=\"{{#x}}/a{{/x}}{{y}}\">", 1},
        {"<a href=\"{{>page}}\">", 1},
        {"\n\n{{#a}}", 3},
        {"{{/a}}", 1},
        {"{{#a}}\n{{/b}}", 2},
        {"{{#a}}<p title=\"{{/a}}\">", 1},
        {"{{ a }}", 1},
        {"{{}}", 1},
        {"\n{{a", 2},
        {"{{{a}}}", 1},
        {"{{&a}}", 1},
        {"{{$other}}", 1},
        {"{{>nowhere}}", 1},
        {"\n{{>page}}", 2},
        {"<p>\n<b", 2},
        {"<script>", 1},
    };
    for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++) {
        struct embedded_file files[] = {view_file("daemon/web/views/page.html", faulty[i].view), {0}};
        struct fault fault = {0};
        if (views_open_files(files, &fault) != OUTCOME_NEVER)
            fail_msg("accepted: %s", faulty[i].view);
        char place[64];
        snprintf(place, sizeof place, "daemon/web/views/page.html:%d: ", faulty[i].line);
        if (strncmp(fault.internal, place, strlen(place)))
            fail_msg("%s: %s", faulty[i].view, fault.internal);
    }
}

static void scripts_and_styles_without_values_are_fine(void **state)
{
    (void)state;
    check(
        "<script src=\"/statis/{{h}}/a.js\"></script><style>a < b {}</style><!-- a --- b -->{{h}} a < {{h}}",
        "{\"h\":\"1\"}",
        "<script src=\"/statis/1/a.js\"></script><style>a < b {}</style><!-- a --- b -->1 a < 1");
}

static void attributes_may_be_switched(void **state)
{
    (void)state;
    check("<input{{#on}} checked{{/on}}><a{{#on}} class=\"{{c}}\"{{/on}}>", "{\"on\":true,\"c\":\"x\"}",
        "<input checked><a class=\"x\">");
}

static void output_beyond_the_maximum_is_marked(void **state)
{
    (void)state;
    struct embedded_file files[] = {view_file("daemon/web/views/page.html", "{{#l}}0123456789{{/l}}"), {0}};
    open_views(files);
    json_t *data = json_pack("{s:[i,i,i]}", "l", 1, 2, 3);
    struct str out;
    str_init(&out, 25);
    view_render(&out, "page", data);
    assert_false(str_ok(&out));
    str_release(&out);
    json_decref(data);
    views_close();
}

/* The parser refuses values in script, style and on*; this proves that all of ours pass it. */
static void the_house_s_own_views_are_sound(void **state)
{
    (void)state;
    struct fault fault = {0};
    if (views_open(&fault) != OUTCOME_DONE)
        fail_msg("%s", fault.internal);
    views_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_every_type),
        cmocka_unit_test(sections),
        cmocka_unit_test(inner_context_wins),
        cmocka_unit_test(tags_alone_on_a_line_leave_no_line),
        cmocka_unit_test(layouts_and_partials),
        cmocka_unit_test(layout_in_layout),
        cmocka_unit_test(payloads_stay_text),
        cmocka_unit_test(harmless_urls_pass),
        cmocka_unit_test(faulty_views_are_refused_with_file_and_line),
        cmocka_unit_test(scripts_and_styles_without_values_are_fine),
        cmocka_unit_test(attributes_may_be_switched),
        cmocka_unit_test(output_beyond_the_maximum_is_marked),
        cmocka_unit_test(the_house_s_own_views_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
