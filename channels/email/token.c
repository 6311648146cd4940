#include "token.h"
#include "daemon/base/json_read.h"
#include "daemon/base/clock.h"
#include "daemon/base/file.h"
#include "daemon/base/log.h"
#include "daemon/base/step.h"
#include "daemon/base/str.h"
#include <jansson.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TOKEN_MOST = 16 << 10,
    TOKEN_CALL_SECONDS = 30,
    TOKEN_SPARE_S = 120,     /* a token is not used in its last two minutes */
    TOKEN_LIFE_S = 3600,     /* where the provider does not say */
    TOKEN_LEAST_LIFE_S = 60, /* how soon it is asked again at most: pollers were throttled for more */
};

struct asking {
    token_given *given;
    void *arg;
    struct asking *next;
};

struct token {
    struct loop *loop;
    struct http_client *calls;
    const struct config *config; /* borrowed: outlives the channels */
    char *name;
    char path[PATH_MAX];
    char *refresh, *access;
    int64_t good_until; /* clock_mono_ms */
    bool buying;
    struct asking *first;
    struct loop_task task; /* an answer that is known at once */
    bool posted;
    unsigned holds;
    struct token *next;
};

static struct token *tokens;

static void wipe(char **text)
{
    if (*text)
        explicit_bzero(*text, strlen(*text));
    free(*text);
    *text = NULL;
}

static const char *setting(const struct token *t, const char *key)
{
    return config_text(t->config, "oauth", t->name, key);
}

/* ---- the file ---- */

/* By which first token the stored one came to be: when the admin consents anew, the old line of tokens is over. */
static void origin_of(const struct token *t, char hex[65])
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    const char *first = setting(t, "refresh_token");
    crypto_hash_sha256(sum, (const unsigned char *)first, strlen(first));
    sodium_bin2hex(hex, 65, sum, sizeof sum);
}

static enum outcome stored_read(struct token *t, struct fault *fault)
{
    char *data = NULL, origin[65];
    size_t size = 0;
    struct fault ignored;
    bool there = file_read(t->path, TOKEN_MOST, &data, &size, &ignored) == OUTCOME_DONE;
    json_t *json = there ? json_loadb(data, size, 0, NULL) : NULL;
    const char *stored = json_string_value(json_object_get(json, "refresh_token"));
    const char *from = json_string_value(json_object_get(json, "origin"));
    origin_of(t, origin);
    t->refresh = strdup(stored && from && !strcmp(from, origin) ? stored : setting(t, "refresh_token"));
    json_decref(json);
    wipe(&data);
    return t->refresh ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a token");
}

static enum outcome stored_write(const struct token *t, const char *refresh, struct fault *fault)
{
    char origin[65];
    origin_of(t, origin);
    json_t *json = json_pack("{s:s, s:s}", "origin", origin, "refresh_token", refresh);
    char *text = json ? json_text(json, JSON_COMPACT) : NULL;
    step("token.store");
    enum outcome outcome = text ? file_write(t->path, text, strlen(text), 0600, fault)
                                : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a token");
    step("token.stored");
    wipe(&text);
    json_decref(json);
    return outcome;
}

/* ---- answers ---- */

static void answer_all(struct token *t, const char *access, enum outcome outcome, const struct fault *fault)
{
    char *copy = access ? strdup(access) : NULL; /* whoever gets it may say that it was refused */
    while (t->first) {
        struct asking *a = t->first;
        t->first = a->next;
        a->given(a->arg, copy, outcome, fault);
        free(a);
    }
    wipe(&copy);
}

static void answer_known(void *arg)
{
    struct token *t = arg;
    t->posted = false;
    answer_all(t, t->access, OUTCOME_DONE, NULL);
}

/* RFC 6749 5.1. The rotated refresh token is stored before anything else happens with the answer. */
static enum outcome take_tokens(struct token *t, const json_t *json, struct fault *fault)
{
    const char *access = json_string_value(json_object_get(json, "access_token"));
    const char *refresh = json_string_value(json_object_get(json, "refresh_token"));
    json_int_t life = json_integer_value(json_object_get(json, "expires_in"));
    if (!access || !*access || strlen(access) > TOKEN_MOST)
        return fault_set(fault, OUTCOME_LATER, "Penyedia token menjawab tanpa token; akan dicoba lagi.",
            "oauth %s: answer without access_token", t->name);
    if (refresh && *refresh && strcmp(refresh, t->refresh)) {
        enum outcome outcome = stored_write(t, refresh, fault);
        char *copy = strdup(refresh);
        if (copy) {
            wipe(&t->refresh);
            t->refresh = copy;
        }
        if (outcome) /* it still works, but only as long as this process lives: somebody has to look */
            log_fault(LOG_ERROR, NULL, "token.not_stored", outcome, fault);
        else
            log_event(LOG_INFO, NULL, "token.rotated", "oauth=%s", t->name);
    }
    wipe(&t->access);
    t->access = strdup(access);
    if (life <= 0 || life > INT32_MAX)
        life = TOKEN_LIFE_S;
    life = life > TOKEN_SPARE_S + TOKEN_LEAST_LIFE_S ? life - TOKEN_SPARE_S : TOKEN_LEAST_LIFE_S;
    t->good_until = clock_mono_ms() + life * 1000;
    return t->access ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a token");
}

/* RFC 6749 5.2: 400 and 401 are about us and stay so; everything else passes. */
static enum outcome judge(struct token *t, const struct http_answer *answer, struct fault *fault)
{
    if (answer->sent != HTTP_ANSWERED) {
        *fault = answer->fault;
        return fault_set(fault, OUTCOME_LATER, "Penyedia token tidak dapat dihubungi; akan dicoba lagi.",
            "oauth %s: no answer", t->name);
    }
    json_t *json = json_loadb(answer->body, answer->length, 0, NULL);
    const char *error = json_string_value(json_object_get(json, "error"));
    enum outcome outcome;
    if (answer->status == 200)
        outcome = take_tokens(t, json, fault);
    else if (answer->status == 400 || answer->status == 401)
        outcome = fault_set(fault, OUTCOME_STOP,
            "Penyedia menolak token kotak surat. Ulangi persetujuan (consent), lalu ganti refresh_token di "
            "pengaduand.conf.",
            "oauth %s: %d %.60s", t->name, answer->status, error ? error : "");
    else
        outcome = fault_set(fault, OUTCOME_LATER, "Penyedia token sedang terganggu; akan dicoba lagi.",
            "oauth %s: status %d", t->name, answer->status);
    json_decref(json);
    return outcome;
}

static void answered(void *arg, const struct http_answer *answer)
{
    struct token *t = arg;
    struct fault fault = {0};
    t->buying = false;
    enum outcome outcome = judge(t, answer, &fault);
    t->holds++; /* an answer may release the last hold */
    answer_all(t, outcome ? NULL : t->access, outcome, outcome ? &fault : NULL);
    token_release(t);
}

/* ---- asking ---- */

static void form_add(struct str *form, const char *name, const char *value)
{
    if (!value)
        return;
    str_addf(form, "%s%s=", form->len ? "&" : "", name);
    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr("-._~", c))
            str_addc(form, (char)c);
        else
            str_addf(form, "%%%02X", c);
    }
}

static enum outcome buy(struct token *t, struct fault *fault)
{
    static const struct http_header headers[] = {
        {"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}, {NULL, NULL}};
    const char *url = setting(t, "token_url");
    struct str form;
    str_init(&form, 4 * TOKEN_MOST);
    form_add(&form, "grant_type", "refresh_token"); /* RFC 6749 6 */
    form_add(&form, "refresh_token", t->refresh);
    form_add(&form, "client_id", setting(t, "client_id"));
    form_add(&form, "client_secret", setting(t, "client_secret"));
    form_add(&form, "scope", setting(t, "scope"));
    const struct http_call call = {.method = "POST",
        .url = url,
        .headers = headers,
        .body = form.data,
        .length = form.len,
        .private_peer = !strncmp(url, "http://", 7),
        .timeout_seconds = TOKEN_CALL_SECONDS,
        .max_answer = TOKEN_MOST * 4};
    enum outcome outcome = str_ok(&form)
                               ? http_client_call(t->calls, &call, answered, t, fault)
                               : fault_set(fault, OUTCOME_LATER, NULL, "no memory to ask for a token");
    if (form.cap)
        explicit_bzero(form.data, form.cap);
    str_release(&form);
    return outcome;
}

bool token_ask(struct token *t, token_given *given, void *arg)
{
    struct fault fault;
    struct asking *a = calloc(1, sizeof *a), **end = &t->first;
    if (!a)
        return false;
    *a = (struct asking){given, arg, NULL};
    while (*end)
        end = &(*end)->next;
    *end = a;
    if (t->buying || t->posted)
        return true;
    if (t->access && clock_mono_ms() < t->good_until) {
        t->posted = true;
        loop_post(t->loop, &t->task);
        return true;
    }
    if (buy(t, &fault) == OUTCOME_DONE) {
        t->buying = true;
        return true;
    }
    *end = NULL;
    free(a);
    return false;
}

void token_cancel(struct token *t, void *arg)
{
    for (struct asking **at = &t->first; *at;) {
        struct asking *a = *at;
        if (a->arg == arg) {
            *at = a->next;
            free(a);
        } else {
            at = &a->next;
        }
    }
}

void token_refused(struct token *t)
{
    wipe(&t->access);
}

/* ---- life ---- */

static void token_free(struct token *t)
{
    for (struct token **at = &tokens; *at; at = &(*at)->next) {
        if (*at == t) {
            *at = t->next;
            break;
        }
    }
    if (t->posted)
        loop_recall(t->loop, &t->task);
    while (t->first)
        token_cancel(t, t->first->arg);
    wipe(&t->refresh);
    wipe(&t->access);
    free(t->name);
    free(t);
}

enum outcome token_hold(struct token **ret_token, struct loop *loop, struct http_client *calls,
    const struct config *config, const char *name, struct fault *fault)
{
    struct token *t = tokens;
    while (t && (t->loop != loop || t->config != config || strcmp(t->name, name)))
        t = t->next;
    if (!t) {
        t = calloc(1, sizeof *t);
        if (!t || !(t->name = strdup(name))) {
            free(t);
            return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a token");
        }
        t->loop = loop;
        t->calls = calls;
        t->config = config;
        t->task = (struct loop_task){.run = answer_known, .arg = t};
        snprintf(
            t->path, sizeof t->path, "%s/oauth-%s.json", config_text(config, "server", NULL, "data"), name);
        enum outcome outcome = stored_read(t, fault);
        if (outcome) {
            token_free(t);
            return outcome;
        }
        t->next = tokens;
        tokens = t;
    }
    t->holds++;
    *ret_token = t;
    return OUTCOME_DONE;
}

void token_release(struct token *t)
{
    /* A call that is still out comes back to answered(), which frees it then. */
    if (t && !--t->holds && !t->buying)
        token_free(t);
}
