#include "order.h"
#include "../mailbox_protocol.h"
#include "daemon/base/frame.h"
#include <iconv.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Control bytes in a login or folder name could end the command and begin another one. */
static bool order_text_ok(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)(text ? text : ""); *p; p++)
        if (*p < 0x20 || *p == 0x7f)
            return false;
    return true;
}

/* RFC 3501 5.1.3: folder names travel in modified UTF-7. glibc has it since 2.36. */
static char *order_folder_name(const char *utf8)
{
    iconv_t converter = iconv_open("UTF-7-IMAP", "UTF-8");
    if (converter == (iconv_t)-1)
        return strdup(utf8); /* an ASCII name is its own encoding */
    size_t room = 8 * strlen(utf8) + 8, left = strlen(utf8);
    char *name = calloc(1, room), *out = name, *in = (char *)utf8;
    if (name && (iconv(converter, &in, &left, &out, &room) == (size_t)-1 ||
                    iconv(converter, NULL, NULL, &out, &room) == (size_t)-1)) {
        free(name);
        name = NULL;
    }
    iconv_close(converter);
    return name;
}

static bool order_keep(char **place, char *text)
{
    *place = text;
    return text != NULL;
}

static bool order_uid_ok(json_int_t n)
{
    return n >= 0 && n <= UINT32_MAX;
}

static enum outcome order_fill(struct order *order, const json_t *json, struct fault *fault)
{
    const char *user, *folder;
    json_t *password_json = NULL, *token_json = NULL, *keyword_json = NULL,
           *move_json = NULL; /* string, null or absent */
    json_int_t uidvalidity, last_uid, max_bytes;
    int seen;
    json_error_t error;
    int bad = json_unpack_ex((json_t *)json, &error, 0,
        "{s:s, s?o, s?o, s:s, s?o, s:I, s:I, s:i, s:i, s:i, s:I, s:b, s?o}", "user", &user, "password",
        &password_json, "token", &token_json, "folder", &folder, "move_to", &move_json, "uidvalidity",
        &uidvalidity, "last_uid", &last_uid, "idle_seconds", &order->idle_seconds, "poll_seconds",
        &order->poll_seconds, "batch", &order->batch, "max_bytes", &max_bytes, "seen", &seen, "keyword",
        &keyword_json);
    const char *password = json_string_value(password_json), *token = json_string_value(token_json);
    const char *keyword = json_string_value(keyword_json), *move_to = json_string_value(move_json);
    if (bad || (!password && !token) || !order_uid_ok(uidvalidity) || !order_uid_ok(last_uid) ||
        max_bytes < 1024)
        return fault_set(
            fault, OUTCOME_STOP, NULL, "MAILBOX_OPEN is malformed: %s", bad ? error.text : "values");
    if (!order_text_ok(user) || !order_text_ok(token ? token : password) || !order_text_ok(folder) ||
        !order_text_ok(keyword) || !order_text_ok(move_to))
        return fault_set(fault, OUTCOME_STOP,
            "Nama pengguna, kata sandi, atau nama folder kotak surat memuat karakter yang tidak boleh "
            "dipakai.",
            "control bytes in user, secret, folder or keyword");
    bool kept = order_keep(&order->user, strdup(user)) &&
                order_keep(&order->secret, strdup(token ? token : password)) &&
                order_keep(&order->folder, order_folder_name(folder)) &&
                (!keyword || order_keep(&order->keyword, strdup(keyword))) &&
                (!move_to || order_keep(&order->move_to, order_folder_name(move_to)));
    if (!kept)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the order");
    order->token = token != NULL;
    order->seen = seen;
    order->idle = order->idle_seconds > 0;
    order->uidvalidity = (uint32_t)uidvalidity;
    order->last_uid = (uint32_t)last_uid;
    order->max_bytes = (size_t)max_bytes;
    if (order->batch < 1)
        order->batch = 1;
    if (order->poll_seconds < 1)
        order->poll_seconds = 1;
    return OUTCOME_DONE;
}

enum outcome order_read(struct order *ret_order, int frame_fd, struct fault *fault)
{
    struct frame head;
    char *body = NULL;
    struct order order = {0};
    enum outcome outcome = OUTCOME_STOP;

    if (!frame_read(frame_fd, &head, &body))
        return fault_set(fault, OUTCOME_LATER, NULL, "the daemon went away before MAILBOX_OPEN");
    json_t *json = head.type == MAILBOX_OPEN ? json_loadb(body, head.length, 0, NULL) : NULL;
    if (json)
        outcome = order_fill(&order, json, fault);
    else
        fault_set(fault, OUTCOME_STOP, NULL, "frame %u is not a MAILBOX_OPEN", head.type);
    json_decref(json);
    explicit_bzero(body, head.length);
    free(body);
    if (outcome == OUTCOME_DONE)
        *ret_order = order;
    else
        order_release(&order);
    return outcome;
}

void order_forget_secret(struct order *order)
{
    if (order->secret)
        explicit_bzero(order->secret, strlen(order->secret));
    free(order->secret);
    order->secret = NULL;
}

void order_release(struct order *order)
{
    order_forget_secret(order);
    free(order->user);
    free(order->folder);
    free(order->keyword);
    free(order->move_to);
    *order = (struct order){0};
}
