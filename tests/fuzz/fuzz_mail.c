/* A raw mail through the parser program's whole path: headers, charsets, parts, HTML, reply, automatic mail. */
#include "fuzz.h"
#include "channels/parser/program/charset.h"
#include "channels/parser/program/mail.h"
#include "channels/parser/program/part.h"

enum { SHORT_TEXT = 4096, ADDRESSES_MOST = 2000 };

static void quiet(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer context)
{
    (void)domain;
    (void)context;
    if (level & (G_LOG_FLAG_FATAL | G_LOG_LEVEL_ERROR)) {
        fprintf(stderr, "%s\n", text);
        abort();
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    json_object_seed(1);
    g_log_set_default_handler(quiet, NULL);
    g_mime_init();
    charset_preload();
    return 0;
}

static void check_strings(const json_t *json)
{
    const char *key;
    json_t *value;
    size_t i;
    if (json_is_string(json)) {
        require(strlen(json_string_value(json)) == json_string_length(json));
        require(fuzz_is_utf8(json_string_value(json), json_string_length(json)));
    }
    json_array_foreach(json, i, value) check_strings(value);
    json_object_foreach((json_t *)(uintptr_t)json, key, value) check_strings(value);
}

static void check_address(const json_t *address)
{
    const json_t *text = json_object_get(address, "address");
    require(json_is_object(address) && json_is_string(json_object_get(address, "name")));
    require(json_is_null(text) || json_is_string(text));
    require(json_string_length(text) <= SHORT_TEXT);
    require(!fuzz_has_control(json_string_value(text)));
    require(!fuzz_has_control(json_string_value(json_object_get(address, "name"))));
}

static void check_list(const json_t *json, const char *key, void (*check)(const json_t *item))
{
    const json_t *list = json_object_get(json, key);
    size_t i;
    json_t *item;
    require(json_is_array(list) && json_array_size(list) <= ADDRESSES_MOST);
    json_array_foreach(list, i, item) check(item);
}

static void check_short(const json_t *text)
{
    require(json_is_string(text) && json_string_length(text) > 0 && json_string_length(text) <= SHORT_TEXT);
    require(!fuzz_has_control(json_string_value(text)));
}

static void check_attachments(const struct mail *mail)
{
    const json_t *list = json_object_get(mail->json, "attachments");
    size_t total = 0;
    require(json_is_array(list) && json_array_size(list) == mail->bytes->len);
    require(mail->bytes->len <= PART_ATTACHMENTS);
    for (guint i = 0; i < mail->bytes->len; i++) {
        const json_t *file = json_array_get(list, i), *name = json_object_get(file, "filename");
        const GByteArray *bytes = g_ptr_array_index(mail->bytes, i);
        require(json_integer_value(json_object_get(file, "size")) == bytes->len);
        require(json_string_length(json_object_get(file, "sha256")) == 64);
        require(json_is_string(json_object_get(file, "content_type")));
        require(json_is_null(name) || json_string_length(name) <= SHORT_TEXT);
        total += bytes->len;
    }
    require(total <= PART_BYTES_MAX);
}

/* White space as the reply's trimming knows it, and control bytes. */
static bool is_blank(const char *text)
{
    while (*text) {
        size_t step = (unsigned char)*text <= ' '                                              ? 1
                      : !strncmp(text, "\xc2\xa0", 2)                                          ? 2
                      : !strncmp(text, "\xef\xbb\xbf", 3) || !strncmp(text, "\xe2\x80\x8b", 3) ? 3
                                                                                               : 0;
        if (!step)
            return false;
        text += step;
    }
    return true;
}

static void check_text(const json_t *json)
{
    const json_t *text = json_object_get(json, "text"), *reply = json_object_get(json, "reply");
    require(json_is_string(text) && json_is_string(reply));
    require(!strchr(json_string_value(text), '\r'));
    require(is_blank(json_string_value(text)) || !is_blank(json_string_value(reply)));
    /* the HTML may say more than the plain text that is shown */
    require(json_string_length(reply) <= json_string_length(text) + 1 ||
            (json_is_true(json_object_get(json, "html")) && json_string_length(reply) <= PART_TEXT_MAX));
}

static void check_report(const json_t *report, const json_t *bounce)
{
    const json_t *failures = json_object_get(report, "failures"), *id = json_object_get(report, "message_id");
    require(json_is_null(report) == json_is_null(bounce));
    require(json_is_null(report) || json_equal(json_array_get(failures, 0), bounce));
    require(json_is_null(report) || json_is_null(id) || json_string_length(id) <= SHORT_TEXT);
}

static void check_judgement(const json_t *json)
{
    static const char *const words[] = {"auto-reply", "out-of-office", "bounce", "bulk"};
    const json_t *automatic = json_object_get(json, "automatic"), *bounce = json_object_get(json, "bounce");
    bool known = json_is_null(automatic);
    for (size_t i = 0; !known && i < sizeof words / sizeof *words; i++)
        known = !strcmp(json_string_value(automatic), words[i]);
    require(known);
    require(
        json_is_null(bounce) || (json_is_object(bounce) && !strcmp(json_string_value(automatic), "bounce")));
    check_report(json_object_get(json, "report"), bounce);
    require(json_is_boolean(json_object_get(json, "html")));
    check_list(json, "defects", check_short);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mail mail;
    char *raw = malloc(size ? size : 1);
    require(raw != NULL);
    if (size)
        memcpy(raw, data, size);
    require(mail_parse(raw, size, &mail));
    free(raw);
    const json_t *date = json_object_get(mail.json, "date"), *id = json_object_get(mail.json, "message_id");
    require(json_is_null(date) || json_string_length(date) >= 19);
    require(json_is_null(id) || json_string_length(id) <= SHORT_TEXT);
    require(json_string_length(json_object_get(mail.json, "subject")) <= SHORT_TEXT);
    require(!fuzz_has_control(json_string_value(json_object_get(mail.json, "subject"))));
    require(json_object_size(mail.json) == 17);
    check_strings(mail.json);
    check_address(json_object_get(mail.json, "from"));
    if (!json_is_null(json_object_get(mail.json, "reply_to")))
        check_address(json_object_get(mail.json, "reply_to"));
    check_list(mail.json, "to", check_address);
    check_list(mail.json, "cc", check_address);
    check_list(mail.json, "references", check_short);
    check_list(mail.json, "in_reply_to", check_short);
    check_attachments(&mail);
    check_text(mail.json);
    check_judgement(mail.json);
    char *line = json_dumps(mail.json, JSON_COMPACT);
    require(line && !strchr(line, '\n'));
    free(line);
    mail_release(&mail);
    return 0;
}
