/* The parser over mail that others collected (tests/data) and our own: no mail may fail, every set's score is
 * printed and may not fall below what was reached. A score that rises is kept here in the same change.
 *
 * The sets' own expectations are not always ours (tests/data/SOURCE of each set): crisp drops every answer
 * below a quote and English closings in all languages; flufl counts moderation notices as bounces; mime4j's
 * leaves lie also inside nested mails, which we hand out whole, and in HTML beside plain text. */
#include "channels/parser/program/html.h"
#include "channels/parser/program/mail.h"
#include "rules/text_reply.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>
#include <gmime/gmime.h>
#include <string.h>

#define DATA "tests/data/"

/* g_free. */
static char *read_data(const char *folder, const char *name, gsize *ret_n)
{
    char *path = g_build_filename(DATA, folder, name, NULL);
    char *content = NULL;
    if (!g_file_get_contents(path, &content, ret_n, NULL))
        fail_msg("cannot read %s", path);
    g_free(path);
    return content;
}

static struct mail parse(const char *folder, const char *name)
{
    gsize n = 0;
    char *raw = read_data(folder, name, &n);
    struct mail mail;
    assert_true(mail_parse(raw, n, &mail));
    g_free(raw);
    return mail;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* White space collapsed; g_free. */
static char *collapsed(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p; p++) {
        if (!g_ascii_isspace(*p))
            g_string_append_c(out, *p);
        else if (out->len && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    while (out->len && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    return g_string_free(out, FALSE);
}

static bool same(const char *a, const char *b)
{
    char *ca = collapsed(a), *cb = collapsed(b);
    bool equal = !strcmp(ca, cb);
    g_free(ca);
    g_free(cb);
    return equal;
}

static bool holds(const char *text, const char *words)
{
    char *ct = collapsed(text), *cw = collapsed(words);
    bool held = strstr(ct, cw) != NULL;
    g_free(ct);
    g_free(cw);
    return held;
}

/* Calls judge for every line of a JSONL file; returns how many it called good, and the number of lines. */
static int count_good(const char *folder, const char *file, bool (*judge)(const json_t *row), int *ret_rows)
{
    gsize n = 0;
    int good = 0, rows = 0;
    char *content = read_data(folder, file, &n);
    char **lines = g_strsplit(content, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (!**line)
            continue;
        json_t *row = json_loads(*line, 0, NULL);
        assert_non_null(row);
        bool fine = judge(row);
        if (!fine)
            print_message("  not as expected: %s\n", text_of(row, "case"));
        good += fine;
        rows++;
        json_decref(row);
    }
    g_strfreev(lines);
    g_free(content);
    *ret_rows = rows;
    return good;
}

/* Prints a score and fails when it is below the one that was reached. */
static void score(const char *set, int good, int of, int reached)
{
    print_message("score: %-44s %4d of %4d, %5.1f %% (%d kept)\n", set, good, of,
        of ? 100.0 * good / of : 0.0, reached);
    if (good < reached)
        fail_msg("%s: %d, was %d", set, good, reached);
}

static void score_rows(
    const char *set, const char *folder, const char *file, bool (*judge)(const json_t *row), int reached)
{
    int rows, good = count_good(folder, file, judge, &rows);
    score(set, good, rows, reached);
}

static bool all_held(const json_t *words, const char *text, bool wanted)
{
    size_t i;
    json_t *word;
    json_array_foreach(words, i, word)
    {
        if (holds(text, json_string_value(word)) != wanted)
            return false;
    }
    return true;
}

static bool reply_is_right(const json_t *row)
{
    struct mail mail = parse("indonesia", text_of(row, "raw"));
    const json_t *expect = json_object_get(row, "expect"), *also = json_object_get(expect, "reply_also");
    const char *reply = text_of(mail.json, "reply"),
               *wanted = json_string_value(json_object_get(expect, "reply"));
    bool good = wanted ? same(reply, wanted) : *reply != 0;
    size_t i;
    json_t *other;
    json_array_foreach(also, i, other)
    {
        good = good || same(reply, json_string_value(other));
    }
    good = good && all_held(json_object_get(row, "must_keep"), reply, true) &&
           all_held(json_object_get(row, "must_not"), reply, false) &&
           all_held(json_object_get(row, "text_must_keep"), text_of(mail.json, "text"), true);
    mail_release(&mail);
    return good;
}

static void replies_of_indonesian_mail_programs(void **state)
{
    (void)state;
    score_rows("replies, Indonesian programs", "indonesia", "balasan.jsonl", reply_is_right, 24);
    score_rows("replies, our own", "indonesia", "sendiri-balasan.jsonl", reply_is_right, 44);
}

/* Does a bounce name the mail it is about? Not all expectations say which one. */
static bool is_about(const json_t *mail, const char *message_id)
{
    return !message_id || !strcmp(text_of(json_object_get(mail, "report"), "message_id"), message_id);
}

static bool automatic_is_right(const json_t *row)
{
    struct mail mail = parse("indonesia", text_of(row, "raw"));
    const json_t *expect = json_object_get(row, "expect"), *bounce = json_object_get(mail.json, "bounce");
    const char *automatic = text_of(mail.json, "automatic");
    bool is_bounce = !strcmp(automatic, "bounce"), is_reply = *automatic && !is_bounce;
    bool good = is_bounce == json_is_true(json_object_get(expect, "is_bounce")) &&
                is_reply == json_is_true(json_object_get(expect, "is_auto_reply"));
    if (is_bounce)
        good = good && !strcmp(text_of(bounce, "recipient"), text_of(expect, "recipient")) &&
               is_about(mail.json, json_string_value(json_object_get(expect, "reported"))) &&
               !strcmp(text_of(bounce, "status"), text_of(expect, "status")) &&
               json_is_true(json_object_get(bounce, "permanent")) ==
                   json_is_true(json_object_get(expect, "permanent"));
    mail_release(&mail);
    return good;
}

static void automatic_mail_and_people_who_look_like_it(void **state)
{
    (void)state;
    score_rows("automatic mail, Indonesian", "indonesia", "otomatis.jsonl", automatic_is_right, 16);
    score_rows("automatic mail, our own", "indonesia", "sendiri-otomatis.jsonl", automatic_is_right, 30);
}

static bool bounce_is_seen(const json_t *row)
{
    const json_t *expect = json_object_get(row, "expect");
    char *name = g_path_get_basename(text_of(row, "raw"));
    struct mail mail = parse("flufl-bounce/data", name);
    bool seen = !strcmp(text_of(mail.json, "automatic"), "bounce");
    bool good = !json_is_true(json_object_get(expect, "is_bounce")) || seen;
    mail_release(&mail);
    g_free(name);
    return good;
}

static bool bounce_names_a_recipient(const json_t *row)
{
    const json_t *expect = json_object_get(row, "expect"),
                 *all = json_object_get(expect, "failed_recipients");
    char *name = g_path_get_basename(text_of(row, "raw"));
    struct mail mail = parse("flufl-bounce/data", name);
    const char *recipient = text_of(json_object_get(mail.json, "bounce"), "recipient");
    bool good = json_array_size(all) == 0;
    size_t i;
    json_t *one;
    json_array_foreach(all, i, one)
    {
        good = good || !g_ascii_strcasecmp(recipient, json_string_value(one));
    }
    mail_release(&mail);
    g_free(name);
    return good;
}

/* All recipients that failed, in whatever order. */
static bool bounce_names_every_recipient(const json_t *row)
{
    const json_t *all = json_object_get(json_object_get(row, "expect"), "failed_recipients");
    char *name = g_path_get_basename(text_of(row, "raw"));
    struct mail mail = parse("flufl-bounce/data", name);
    const json_t *failures = json_object_get(json_object_get(mail.json, "report"), "failures");
    bool good = true;
    size_t i, k;
    json_t *one, *failure;
    json_array_foreach(all, i, one)
    {
        bool found = false;
        json_array_foreach(failures, k, failure) found |=
            !g_ascii_strcasecmp(text_of(failure, "recipient"), json_string_value(one));
        good = good && found;
    }
    mail_release(&mail);
    g_free(name);
    return good;
}

static bool bounce_is_final_or_not(const json_t *row)
{
    const json_t *expect = json_object_get(row, "expect"), *temporary = json_object_get(expect, "temporary");
    char *name = g_path_get_basename(text_of(row, "raw"));
    struct mail mail = parse("flufl-bounce/data", name);
    const json_t *bounce = json_object_get(mail.json, "bounce");
    bool good = !temporary || !json_is_object(bounce) ||
                json_is_true(json_object_get(bounce, "permanent")) != json_is_true(temporary);
    mail_release(&mail);
    g_free(name);
    return good;
}

static void bounces_of_many_mail_systems(void **state)
{
    (void)state;
    score_rows("bounces recognised", "flufl-bounce", "expect.jsonl", bounce_is_seen, 115);
    score_rows("bounces, a recipient", "flufl-bounce", "expect.jsonl", bounce_names_a_recipient, 116);
    score_rows("bounces, every recipient", "flufl-bounce", "expect.jsonl", bounce_names_every_recipient, 115);
    score_rows("bounces, final or not", "flufl-bounce", "expect.jsonl", bounce_is_final_or_not, 117);
}

static int words_wanted, words_lost;

/* Counts each wanted word as often as it is wanted. */
static void count_lost(const char *wanted, const char *got)
{
    char **want = g_strsplit_set(wanted, " \t\r\n", -1), **have = g_strsplit_set(got, " \t\r\n", -1);
    GHashTable *left = g_hash_table_new(g_str_hash, g_str_equal);
    for (char **word = have; *word; word++)
        g_hash_table_insert(
            left, *word, GINT_TO_POINTER(GPOINTER_TO_INT(g_hash_table_lookup(left, *word)) + 1));
    for (char **word = want; *word; word++) {
        int count = GPOINTER_TO_INT(g_hash_table_lookup(left, *word));
        if (!**word)
            continue;
        words_wanted++;
        words_lost += count == 0;
        g_hash_table_insert(left, *word, GINT_TO_POINTER(count ? count - 1 : 0));
    }
    g_hash_table_destroy(left);
    g_strfreev(want);
    g_strfreev(have);
}

static bool crisp_is_right(const json_t *row)
{
    gsize n = 0;
    char *text = read_data("", text_of(row, "raw"), &n);
    const json_t *expect = json_object_get(row, "expect");
    struct str reply;
    str_init(&reply, 1 << 20);
    (void)text_reply(text, n, &(struct text_reply_hints){0}, &reply);
    bool good = str_ok(&reply);
    if (json_object_get(expect, "reply")) {
        good = good && same(reply.data, text_of(expect, "reply"));
        count_lost(text_of(expect, "reply"), reply.data);
    }
    size_t i;
    json_t *pattern;
    json_array_foreach(json_object_get(expect, "fragment0_matches"), i, pattern)
    {
        good = good && g_regex_match_simple(json_string_value(pattern), reply.data, 0, 0);
    }
    str_release(&reply);
    g_free(text);
    return good;
}

static void replies_in_many_languages(void **state)
{
    (void)state;
    words_wanted = words_lost = 0;
    score_rows("replies, many languages (crisp)", "crisp", "expect.jsonl", crisp_is_right, 59);
    score("replies, words of them not lost", words_wanted - words_lost, words_wanted, 3303);
}

static int leaves, leaves_found;

/* The words of a text leaf, whatever its charset was; of HTML those that show. */
static bool words_are_there(const char *content, gsize n, const char *text)
{
    static const char *const charsets[] = {"UTF-8", "WINDOWS-1252", "ISO-8859-15"};
    bool there = false;
    for (size_t i = 0; i < sizeof charsets / sizeof *charsets && !there; i++) {
        struct str shown;
        char *utf8 = g_convert(content, (gssize)n, "UTF-8", charsets[i], NULL, NULL, NULL);
        str_init(&shown, 1 << 20);
        if (utf8 && !holds(text, utf8) && strchr(utf8, '<')) {
            (void)html_to_text(utf8, strlen(utf8), &shown, NULL);
            there = shown.len && holds(text, shown.data);
        } else {
            there = utf8 && holds(text, utf8);
        }
        str_release(&shown);
        g_free(utf8);
    }
    return there;
}

static bool leaf_is_there(const json_t *leaf, const struct mail *mail)
{
    size_t i;
    json_t *attachment;
    json_array_foreach(json_object_get(mail->json, "attachments"), i, attachment)
    {
        if (!strcmp(text_of(attachment, "sha256"), text_of(leaf, "sha256")))
            return true;
    }
    if (strcmp(text_of(leaf, "kind"), "text-body"))
        return false;
    gsize n = 0;
    char *content = read_data("", text_of(leaf, "file"), &n);
    bool there = words_are_there(content, n, text_of(mail->json, "text"));
    g_free(content);
    return there;
}

static bool count_leaves(const json_t *row)
{
    struct mail mail = parse("", text_of(row, "raw"));
    bool all = true;
    size_t i;
    json_t *leaf;
    json_array_foreach(json_object_get(json_object_get(row, "expect"), "leaves"), i, leaf)
    {
        bool there = leaf_is_there(leaf, &mail);
        leaves++;
        leaves_found += there;
        all = all && there;
    }
    mail_release(&mail);
    return all;
}

static void texts_and_files_of_odd_mail(void **state)
{
    (void)state;
    int rows;
    (void)count_good("mime4j", "expect.jsonl", count_leaves, &rows);
    assert_int_equal(rows, 80);
    score("MIME parts, texts and files (mime4j)", leaves_found, leaves, 158);
}

static int mails_in(const char *folder)
{
    char *path = g_build_filename(DATA, folder, NULL);
    GDir *dir = g_dir_open(path, 0, NULL);
    assert_non_null(dir);
    int count = 0;
    for (const char *name; (name = g_dir_read_name(dir));) {
        char *inner = g_build_filename(folder, name, NULL);
        char *full = g_build_filename(path, name, NULL);
        if (g_file_test(full, G_FILE_TEST_IS_DIR)) {
            count += mails_in(inner);
        } else {
            struct mail mail = parse("", inner);
            const char *text = text_of(mail.json, "text"), *reply = text_of(mail.json, "reply");
            if (json_object_size(mail.json) != 17 ||
                (*text && strspn(text, " \n\t") < strlen(text) && !*reply))
                fail_msg("%s: incomplete", inner);
            mail_release(&mail);
            count++;
        }
        g_free(inner);
        g_free(full);
    }
    g_dir_close(dir);
    g_free(path);
    return count;
}

static void every_mail_gives_an_object(void **state)
{
    (void)state;
    static const char *const sets[] = {
        "mail-gem", "cpython-email", "mime4j", "flufl-bounce", "crisp", "github", "indonesia"};
    int count = 0;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        count += mails_in(sets[i]);
    print_message("score: %-44s %4d of %4d\n", "mails that give an object and a reply", count, count);
    assert_true(count > 600);
}

static int start(void **state)
{
    (void)state;
    g_mime_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(replies_of_indonesian_mail_programs),
        cmocka_unit_test(automatic_mail_and_people_who_look_like_it),
        cmocka_unit_test(bounces_of_many_mail_systems), cmocka_unit_test(replies_in_many_languages),
        cmocka_unit_test(texts_and_files_of_odd_mail), cmocka_unit_test(every_mail_gives_an_object)};
    return cmocka_run_group_tests(tests, start, NULL);
}
