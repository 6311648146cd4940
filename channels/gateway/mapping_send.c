#include "mapping_send.h"
#include "daemon/base/json_read.h"
#include "mapping_event.h"
#include "mapping_request.h"
#include "rules/phone.h"
#include "rules/text_whatsapp.h"
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 256 << 10, ANSWER_MAX = 1 << 20, ERROR_TEXT_MAX = 300 };

/* ---- the request ---- */

/* A telephone number in the gateway's form; digits have no "+". */
static const char *phone_in_form(enum to_form form, const char *digits, const char *chat, struct arena *arena)
{
    switch (form) {
    case TO_DIGITS:
        return digits;
    case TO_CUS:
        return arena_printf(arena, "%s@c.us", digits);
    case TO_WHATSAPP_NET:
        return arena_printf(arena, "%s@s.whatsapp.net", digits);
    case TO_TWILIO:
        return arena_printf(arena, "whatsapp:+%s", digits);
    case TO_CHAT:
        return chat;
    }
    return NULL;
}

struct recipient {
    const char *to, *phone, *id, *comment; /* one of the last three */
};

static const char comment_prefix[] = "comment:";

static bool find_recipient(
    const struct gateway_mapping *m, const char *chat, struct arena *arena, struct recipient *ret)
{
    const struct send *s = &m->send;
    char phone[PHONE_MAX];
    enum phone_id_kind kind = mapping_id_kind(m, chat);
    if (chat && s->accepts & ACCEPTS_COMMENT && !strncmp(chat, comment_prefix, strlen(comment_prefix))) {
        ret->to = ret->comment = chat + strlen(comment_prefix);
        return true;
    }
    if (!chat || !*chat || !(s->accepts & 1u << kind))
        return false;
    if (kind == PHONE_ID_PHONE && phone_from_wa_id(chat, phone)) {
        ret->to = phone_in_form(s->to, arena_strdup(arena, phone + 1), chat, arena);
        ret->phone = ret->to;
        return true;
    }
    ret->to = ret->id = chat;
    return true;
}

/* Characters the gateway itself would act upon (Fonnte replaces {name}) get a U+200B behind them. */
static const char *harmless(const char *text, const char *characters, struct arena *arena)
{
    if (!characters || !strpbrk(text, characters))
        return text;
    struct str out;
    str_init(&out, TEXT_BYTES_MAX);
    for (; *text; text++) {
        str_addc(&out, *text);
        if (strchr(characters, *text))
            str_adds(&out, "\xE2\x80\x8B");
    }
    const char *copy = str_ok(&out) ? arena_strndup(arena, out.data, out.len) : NULL;
    str_release(&out);
    return copy;
}

/* "chat/id" -> id, where the key of a message names its chat too (event_identity.c). */
static const char *quotable(const struct gateway_mapping *m, const char *key)
{
    const char *slash = key && m->ids_of_chat ? strrchr(key, '/') : NULL;
    return slash ? slash + 1 : key;
}

static enum outcome check_text_fits(struct gateway_limits limits, const char *text, struct fault *fault)
{
    size_t units = text_whatsapp_units(text), bytes = strlen(text);
    if (!units)
        return fault_set(fault, OUTCOME_NEVER, "Teks balasan kosong.", "empty text");
    if (units > limits.chars || (limits.bytes && bytes > limits.bytes) || bytes > TEXT_BYTES_MAX / 4)
        return fault_set(fault, OUTCOME_NEVER, "Teks balasan terlalu panjang untuk saluran ini.",
            "text of %zu units, gateway takes %zu", units, limits.chars);
    return OUTCOME_DONE;
}

/* Variables of templates hold no line breaks and no runs of blanks. */
static const char *as_line(const char *text, struct arena *arena)
{
    char *line = arena_strdup(arena, text), *end = line;
    for (const char *p = line; p && *p; p++) {
        bool blank = (unsigned char)*p <= ' ';
        if (!blank || (end > line && end[-1] != ' '))
            *end++ = blank ? ' ' : *p;
    }
    if (line)
        *end = '\0';
    return line;
}

/* As it stands between the quotes of a JSON text (RFC 8259 section 7). */
static const char *as_json(const char *line, struct arena *arena)
{
    json_t *string = line ? json_string(line) : NULL;
    char *quoted = string ? json_text(string, JSON_ENCODE_ANY) : NULL;
    const char *inner = quoted ? arena_strndup(arena, quoted + 1, strlen(quoted) - 2) : NULL;
    free(quoted);
    json_decref(string);
    return inner;
}

enum outcome mapping_send_fill(const struct gateway_mapping *m, const struct gateway_text *text,
    struct arena *arena, struct gateway_request *ret, struct fault *fault)
{
    const struct send *s = &m->send;
    struct recipient recipient = {0};
    if (!s->present)
        return fault_set(fault, OUTCOME_STOP, "Saluran ini tidak dapat mengirim.", "mapping has no send");
    const struct send_body *body = text->outside ? &s->outside.body : &s->body;
    enum outcome outcome = check_text_fits(mapping_limits(m, text->outside), text->text, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (!find_recipient(m, text->chat, arena, &recipient))
        return fault_set(fault, OUTCOME_NEVER, "Nomor tujuan tidak dapat dihubungi melalui saluran ini.",
            "gateway does not accept this kind of chat id");
    const char *words = harmless(text->text, s->neutralise, arena),
               *line = text->outside ? as_line(words, arena) : NULL;
    const struct template_name given[] = {
        {"to", recipient.to},
        {"to_phone", recipient.phone},
        {"to_id", recipient.id},
        {"to_comment", recipient.comment},
        {"text", words},
        {"line", line},
        {"line_json", as_json(line, arena)},
        {"reply_to", quotable(m, text->reply_to)},
    };
    struct template_names names = {m->settings, m->setting_count, given, sizeof given / sizeof *given};
    struct gateway_request request = {.method = s->method, .ours = true};
    bool ok = mapping_request_url(s->url, &names, arena, &request.url) &&
              mapping_request_headers(&s->headers, &names, arena, &request) &&
              (body->json ? mapping_request_json(body->json, &names, arena, &request)
                          : mapping_request_form(body->form, &names, arena, &request));
    if (!ok || !arena_ok(arena))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a request");
    *ret = request;
    return OUTCOME_DONE;
}

/* ---- the answer ---- */

const char *gateway_verdict_name(enum gateway_verdict verdict)
{
    static const char *const names[] = {"accepted", "retry", "window", "dead", "config", "unknown"};
    return names[verdict];
}

static bool code_as_number(const char *code, size_t n, long *ret)
{
    if (!n || n > 9 || strspn(code, "0123456789") < n)
        return false;
    *ret = strtol(code, NULL, 10);
    return true;
}

/* "131047" as it stands, or "200-299" for all numbers between. */
static bool is_listed(const struct code_list *list, const char *code)
{
    long low = 0, high = 0, number = 0;
    bool is_number = code_as_number(code, strlen(code), &number);
    for (size_t i = 0; i < list->count; i++) {
        const char *entry = list->codes[i], *dash = strchr(entry, '-');
        if (!strcmp(entry, code))
            return true;
        if (is_number && dash && code_as_number(entry, (size_t)(dash - entry), &low) &&
            code_as_number(dash + 1, strlen(dash + 1), &high) && number >= low && number <= high)
            return true;
    }
    return false;
}

bool mapping_code_is_window(const struct gateway_mapping *m, const char *code)
{
    return code && is_listed(&m->send.window, code);
}

static bool verdict_of_code(const struct send *s, const char *code, enum gateway_verdict *ret)
{
    const struct {
        const struct code_list *list;
        enum gateway_verdict verdict;
    } lists[] = {
        {&s->window, GATEWAY_WINDOW},
        {&s->dead, GATEWAY_DEAD},
        {&s->config, GATEWAY_CONFIG},
        {&s->unknown, GATEWAY_UNKNOWN},
        {&s->retry, GATEWAY_RETRY},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (is_listed(lists[i].list, code)) {
            *ret = lists[i].verdict;
            return true;
        }
    return false;
}

/* Without a known code. 401 and 403 are our credentials, not the citizen: the queue must stop, not die row by
 * row. 504: the gateway's own partner did not answer in time, the text may be on its way. A 2xx with an error
 * in its body is a refusal, one without any is a riddle. */
static enum gateway_verdict verdict_of_status(int status, bool has_error)
{
    if (status >= 200 && status < 300)
        return has_error ? GATEWAY_DEAD : GATEWAY_UNKNOWN;
    if (status == 401 || status == 403 || (status >= 300 && status < 400))
        return GATEWAY_CONFIG;
    if (status == 504)
        return GATEWAY_UNKNOWN;
    if (status >= 500 || status == 429 || status == 408 || status == 425)
        return GATEWAY_RETRY;
    return status >= 400 ? GATEWAY_DEAD : GATEWAY_UNKNOWN;
}

static const char *printable(const char *text, struct arena *arena)
{
    size_t n = text ? strlen(text) : 0;
    if (n > ERROR_TEXT_MAX)
        for (n = ERROR_TEXT_MAX; n && ((unsigned char)text[n] & 0xC0) == 0x80; n--)
            ; /* characters are cut whole */
    char *copy = text ? arena_strndup(arena, text, n) : NULL;
    for (char *p = copy; p && *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F)
            *p = ' ';
    return copy;
}

/* The first of the answer's codes that the mapping knows: Meta's subcode says more than its code, when it is
 * there. */
static const char *find_code(const struct send *s, const struct pointer_item *item, struct arena *arena,
    enum gateway_verdict *ret_verdict)
{
    for (size_t i = 0; i < s->error.count; i++) {
        const struct field one = {.list = &s->error.list[i], .count = 1};
        const char *code = field_text(&one, item, arena);
        if (code && verdict_of_code(s, code, ret_verdict))
            return code;
    }
    return NULL;
}

static struct gateway_answer read_answer(
    const struct gateway_mapping *m, const char *chat, int status, const json_t *root, struct arena *arena)
{
    const struct send *s = &m->send;
    struct pointer_item item = {.value = root};
    struct value ok;
    struct gateway_answer answer = {0};
    if (root && field_value(&s->ok, &item, arena, &ok)) {
        answer.verdict = GATEWAY_ACCEPTED;
        answer.message_id = field_text(&s->message_id, &item, arena);
        answer.message_key = gateway_id_key(m, chat, answer.message_id, arena);
        return answer;
    }
    double seconds;
    const char *code = root ? find_code(s, &item, arena, &answer.verdict) : NULL;
    answer.error_text = printable(root ? field_text(&s->error_text, &item, arena) : NULL, arena);
    if (!code) {
        code = root ? field_text(&s->error, &item, arena) : NULL;
        answer.verdict = verdict_of_status(status, code != NULL);
    }
    answer.error_code = code ? printable(code, arena) : arena_printf(arena, "http-%d", status);
    if (root && field_value(&s->retry_after, &item, arena, &ok) && value_number(&ok, arena, &seconds) &&
        seconds > 0)
        answer.retry_after_ms = seconds < 86400 ? (int64_t)(seconds * 1000) : 86400000;
    return answer;
}

static void release_json(void *json)
{
    json_decref(json);
}

struct gateway_answer mapping_send_classify(const struct gateway_mapping *m, const char *chat,
    enum gateway_transport transport, int http_status, const char *body, size_t size, struct arena *arena)
{
    if (transport == GATEWAY_NOT_SENT)
        return (struct gateway_answer){.verdict = GATEWAY_RETRY, .error_code = "not-sent"};
    if (transport == GATEWAY_LOST)
        return (struct gateway_answer){.verdict = GATEWAY_UNKNOWN, .error_code = "lost"};
    json_t *root = body && size <= ANSWER_MAX ? json_loadb(body, size, JSON_ALLOW_NUL, NULL) : NULL;
    if (root && !arena_defer(arena, release_json, root))
        root = NULL;
    return read_answer(m, chat, http_status, root, arena);
}
