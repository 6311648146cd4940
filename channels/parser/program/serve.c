#include "serve.h"
#include "channels/parser/parser_protocol.h"
#include "charset.h"
#include "daemon/base/frame.h"
#include "daemon/base/shortage.h"
#include "daemon/base/step.h"
#include "daemon/base/str.h"
#include "mail.h"
#include "memory.h"
#include "type.h"
#include "rules/picture.h"
#include <gmime/gmime.h>
#include <jansson.h>
#include <locale.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sysexits.h>
#include <time.h>

/* The processor time of parser_protocol.h in percent; beyond it the process dies by SIGPROF. tests/flow/test_parser_walls.py
 * builds with less. */
#ifndef PARSER_TIME_PERCENT
#ifdef __SANITIZE_ADDRESS__
#define PARSER_TIME_PERCENT 1000
#else
#define PARSER_TIME_PERCENT 100
#endif
#endif

enum {
    TRIM_ABOVE = 4u << 20, /* bytes: after such a mail memory goes back to the system */
};

/* A library found its invariants broken or no memory: die at once by SIGABRT, with the reason on stderr. GLib
 * on its own would raise SIGTRAP. Lesser complaints of GMime about hostile mail are of no interest. */
static void library_speaks(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer context)
{
    (void)context;
    (void)domain;
    if (!(level & (G_LOG_FLAG_FATAL | G_LOG_LEVEL_ERROR)))
        return;
    fputs("parser: ", stderr);
    fputs(text ? text : "", stderr);
    fputc('\n', stderr);
    abort();
}

/* A mail that touches every library once: GLib opens its charset aliases, gumbo and jansson make their
 * tables. */
static void warm_up(void)
{
    static const char text[] =
        "From: =?iso-8859-1?B?4Q==?= <a@b.example>\r\nDate: Thu, 1 Jan 2026 00:00:00 +0700\r\n"
        "Subject: =?utf-8?B?w6E=?=\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n"
        "--q\r\nContent-Type: text/html; charset=iso-8859-2\r\n\r\n<p>\xE1</p>\r\n"
        "--q\r\nContent-Type: image/png; name*=utf-8''%C3%A1\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n4Q==\r\n--q--\r\n";
    char raw[sizeof text];
    memcpy(raw, text, sizeof text);
    struct mail mail;
    if (mail_parse(raw, sizeof text - 1, &mail))
        free(json_dumps(mail.json, JSON_COMPACT));
    mail_release(&mail);
    (void)type_of(text, sizeof text);
}

int serve_prepare(void)
{
    (void)setlocale(LC_ALL, "C.UTF-8");
    tzset();
    /* any constant: unseeded, jansson would open /dev/urandom at the first object. Hash flooding ends at the
     * timer. */
    json_object_seed(0x70656e67);
    json_set_alloc_funcs(memory_get, free);
    g_log_set_default_handler(library_speaks, NULL);
    g_mime_init();
    charset_preload();
    if (!type_open())
        return EX_OSFILE;
    warm_up();
    return 0;
}

void serve_end(void)
{
    type_close();
    g_mime_shutdown();
}

static void arm(long ms)
{
    struct itimerval timer = {.it_value = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000}};
    (void)setitimer(ITIMER_PROF, &timer, NULL);
}

static void add_part(struct str *body, const void *bytes, size_t n)
{
    uint32_t size = (uint32_t)n;
    str_add(body, &size, sizeof size);
    if (n)
        str_add(body, bytes, n);
}

/* PARSER_MAIL_IS; takes the texts out of the JSON. False without memory. */
static bool add_mail(struct str *body, const struct mail *mail)
{
    static const char *const names[] = {PARSER_TEXTS};
    enum { TEXTS = sizeof names / sizeof *names };
    json_t *texts[TEXTS];
    for (size_t i = 0; i < TEXTS; i++) {
        texts[i] = json_incref(json_object_get(mail->json, names[i]));
        json_object_set_new(mail->json, names[i], json_string(""));
    }
    /* NUL never occurs: utf8_add_clean drops it */
    char *json = json_dumps(mail->json, JSON_COMPACT);
    if (json)
        add_part(body, json, strlen(json));
    free(json);
    for (size_t i = 0; i < TEXTS; i++) {
        add_part(body, json_string_value(texts[i]), json_string_length(texts[i]));
        json_decref(texts[i]);
    }
    for (guint i = 0; i < mail->bytes->len; i++) {
        const GByteArray *bytes = g_ptr_array_index(mail->bytes, i);
        add_part(body, bytes->data, bytes->len);
    }
    return json && str_ok(body);
}

static bool answer_mail(int fd, uint32_t id, char *raw, size_t n)
{
    struct mail mail;
    struct str body;
    str_init(&body, FRAME_MAX);
    unsigned long shortages = shortage_count();
    bool parsed = mail_parse(raw, n, &mail);
    if (shortage_count() != shortages)
        memory_gone();
    bool whole = parsed && add_mail(&body, &mail);
    arm(0);
    step("parser.answer");
    /* without memory the process dies: the daemon tries once more with a fresh one */
    bool sent = whole && frame_write(fd, PARSER_MAIL_IS, id, body.data, body.len);
    str_release(&body);
    mail_release(&mail);
    return sent;
}

static bool answer_type(int fd, uint32_t id, const char *bytes, size_t n)
{
    int32_t latitude, longitude;
    struct str answer;
    str_init(&answer, 1024);
    str_adds(&answer, type_of(bytes, n));
    if (picture_place(bytes, n, &latitude, &longitude))
        str_addf(&answer, "\n%d %d", (int)latitude, (int)longitude);
    arm(0);
    bool sent = str_ok(&answer) && frame_write(fd, PARSER_TYPE_IS, id, answer.data, answer.len);
    str_release(&answer);
    return sent;
}

int serve(int fd)
{
    struct frame head;
    char *body;
    while (frame_read(fd, &head, &body)) {
        int code = 0;
        step("parser.asked");
        arm((PARSER_REQUEST_MS + (long)(head.length >> 20) * PARSER_MIB_MS) * PARSER_TIME_PERCENT / 100);
        if (head.type == PARSER_MAIL && head.length <= PARSER_MAIL_MOST)
            code = answer_mail(fd, head.id, body, head.length) ? 0 : EX_OSERR;
        else if (head.type == PARSER_TYPE && head.length <= PARSER_FILE_MOST)
            code = answer_type(fd, head.id, body, head.length) ? 0 : EX_OSERR;
        else
            code = EX_PROTOCOL;
        step("parser.answered");
        free(body);
        if (head.length > TRIM_ABOVE)
            (void)malloc_trim(0);
        if (code)
            return code;
    }
    return 0;
}
