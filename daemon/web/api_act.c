/* What a program does: new complaints, the acts of the state table, notes. It must say which version of the complaint it saw (If-Match);
 * with an Idempotency-Key the same request again is answered as before and has no second effect. */
#include "api_body.h"
#include "daemon/base/json_read.h"
#include "daemon/book/catalogue.h"
#include "daemon/desk/act.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/office.h"
#include "rules/workday.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* *ret is owned. */
static enum outcome read_body(struct api_call *call, json_t **ret)
{
    char problem[API_PROBLEM];
    int status = call->form ? api_body_of_form(call->route, call->form, ret, problem)
                            : api_body_read(call->route, call->body, call->body_size, ret, problem);
    if (status == 503)
        return fault_set(call->fault, OUTCOME_LATER, NULL, "api: no memory for a body");
    return status ? api_refuse(call, status, arena_strdup(call->arena, problem)) : OUTCOME_DONE;
}

static const char *field(const json_t *body, const char *name)
{
    return json_string_value(json_object_get(body, name));
}

/* The complaint as the caller saw it, or what he is told instead. */
static enum outcome check_version(struct api_call *call, int64_t *ret_version)
{
    struct complaint c;
    char tag[32];
    call->status = 404;
    enum outcome outcome = complaint_get(call->txn, call->id, &c, call->arena, call->fault);
    if (!outcome)
        outcome = classify_admit(call->txn, &call->officer, &c, "Aduan tidak ditemukan.", call->fault);
    if (outcome)
        return outcome;
    call->status = 0;
    if (!call->if_match)
        return api_refuse(call, 428, "Kirim If-Match dengan ETag aduan yang Anda baca.");
    snprintf(tag, sizeof tag, "\"%lld\"", (long long)c.version);
    if (strcmp(call->if_match, tag))
        return api_refuse(call, 412, ACT_CHANGED_MEANWHILE);
    *ret_version = c.version;
    return OUTCOME_DONE;
}

static enum outcome do_act(struct api_call *call, const json_t *body, int64_t version)
{
    enum action action;
    bool queued;
    int32_t day;
    struct section section = {0};
    if (!action_from_key(call->word, &action))
        return api_refuse(call, 404, "Tindakan itu tidak ada.");
    const char *until = field(body, "batas"), *to = field(body, "seksi");
    if (until && !workday_parse(until, &day))
        return api_refuse(call, 422, "batas: tulis tanggal sebagai YYYY-MM-DD.");
    if (to && section_by_key(call->txn, to, &section, call->arena, call->fault))
        return api_refuse(call, 422, "seksi: tidak dikenal.");
    const struct act act = {.complaint_id = call->id,
        .action = action,
        .officer = &call->officer,
        .version = version,
        .text = field(body, action == ACTION_DISPOSISI ? "instruksi" : "isi"),
        .section_id = section.id,
        .due_at = until ? workday_end_ms(day, call->office->utc_offset_minutes) : 0,
        .told_how = field(body, "cara"),
        .told_to = field(body, "penerima"),
        .referred_to = field(body, "instansi"),
        .referred_number = field(body, "nomor_instansi"),
        .main_number = field(body, "nomor_induk")};
    return act_on(call->txn, call->office, &act, &queued, call->arena, call->fault);
}

static enum outcome do_note(struct api_call *call, const json_t *body, int64_t version)
{
    (void)version;
    return act_note(call->txn, &call->officer, call->id, field(body, "isi"), call->arena, call->fault);
}

/* ---- once ---- */

static void digest_of(const struct api_call *call, unsigned char digest[32])
{
    crypto_hash_sha256_state h;
    crypto_hash_sha256_init(&h);
    crypto_hash_sha256_update(&h, (const unsigned char *)call->path, strlen(call->path) + 1);
    if (call->body_size)
        crypto_hash_sha256_update(&h, call->body, call->body_size);
    crypto_hash_sha256_final(&h, digest);
}

static enum outcome as_before(struct api_call *call, const struct api_answer *known, bool *ret_known)
{
    unsigned char digest[32];
    digest_of(call, digest);
    *ret_known = known->text != NULL;
    if (!known->text)
        return OUTCOME_DONE;
    if (sodium_memcmp(digest, known->digest, sizeof digest))
        return api_refuse(call, 422, "Idempotency-Key ini sudah dipakai untuk permintaan lain.");
    call->answer = json_loads(known->text, 0, NULL);
    call->status = 200;
    call->version = known->version;
    return call->answer ? OUTCOME_DONE : fault_set(call->fault, OUTCOME_LATER, NULL, "api: no memory");
}

static enum outcome keep(struct api_call *call)
{
    struct api_answer answer = {.version = call->version};
    digest_of(call, answer.digest);
    char *text = json_text(call->answer, JSON_COMPACT);
    answer.text = text;
    enum outcome outcome = text ? api_answer_keep(call->txn, call->token.id, call->key, &answer, call->fault)
                                : fault_set(call->fault, OUTCOME_LATER, NULL, "api: no memory");
    free(text);
    return outcome;
}

typedef enum outcome body_act(struct api_call *call, const json_t *body, int64_t version);

static enum outcome do_make(struct api_call *call, const json_t *body, int64_t version)
{
    (void)version;
    return api_make(call, body);
}

static enum outcome once(struct api_call *call, body_act *act)
{
    struct api_answer known = {0};
    json_t *body = NULL;
    bool was = false;
    int64_t version = 0;
    if (call->key && (!*call->key || strlen(call->key) > API_KEY_MOST))
        return api_refuse(call, 400, "Idempotency-Key paling banyak 100 huruf.");
    enum outcome outcome = OUTCOME_DONE;
    if (call->key)
        outcome = api_answer_find(call->txn, call->token.id, call->key, &known, call->arena, call->fault);
    if (!outcome)
        outcome = as_before(call, &known, &was);
    if (outcome || was)
        return outcome;
    outcome = read_body(call, &body);
    if (!outcome && call->id)
        outcome = check_version(call, &version);
    if (!outcome)
        outcome = act(call, body, version);
    json_decref(body);
    if (!outcome)
        outcome = api_answer_one(call);
    return outcome || !call->key ? outcome : keep(call);
}

enum outcome api_do(struct api_call *call)
{
    return once(call, do_act);
}

enum outcome api_note(struct api_call *call)
{
    return once(call, do_note);
}

enum outcome api_new(struct api_call *call)
{
    return once(call, do_make);
}
