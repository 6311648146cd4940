#include "person.h"
#include "act.h"
#include "daemon/book/citizen.h"
#include "daemon/book/complaint.h"
#include "daemon/book/event.h"
#include "rules/phone.h"
#include "classify_proposal.h"
#include <string.h>

/* The complaint, when this officer may know who stands behind it. */
static enum outcome find(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    struct complaint *ret, struct arena *arena, struct fault *fault)
{
    enum outcome outcome = complaint_get(txn, complaint_id, ret, arena, fault);
    if (!outcome && officer->role == ROLE_SEKSI)
        return fault_set(fault, OUTCOME_NEVER, "Aduan tidak ditemukan.", "identities are not for sections");
    return outcome ? outcome : classify_admit(txn, officer, ret, "Aduan tidak ditemukan.", fault);
}

static const char *actor(const struct officer *officer, struct arena *arena)
{
    return arena_printf(arena, "%s:%s", role_key(officer->role), officer->login);
}

enum outcome person_look(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    enum person_look what, struct arena *arena, struct fault *fault)
{
    struct complaint c;
    enum outcome outcome = find(txn, officer, complaint_id, &c, arena, fault);
    bool secret = !outcome && !strcmp(c.confidentiality, "rahasia");
    if (outcome)
        return outcome;
    const char *kind = what == PERSON_IDENTITY || secret ? "lihat_identitas" : "lihat_kontak";
    return event_append(txn, c.id, c.number, kind, actor(officer, arena), NULL, fault);
}

/* ---- completing ---- */

static bool given(const char *text)
{
    return text && text[strspn(text, " \t\r\n")];
}

static bool too_long(const char *text)
{
    return text && strlen(text) > PERSON_FIELD_MAX;
}

/* Takes over what is new and names the field in the list. */
static void take(const char **known, const char *told, const char *field, json_t *fields)
{
    if (!given(told) || (*known && !strcmp(*known, told)))
        return;
    *known = told;
    json_array_append_new(fields, json_string(field));
}

static enum outcome check(const struct complaint *c, int64_t version, const struct person_typed *typed,
    char phone[PHONE_MAX], struct fault *fault)
{
    const char *problem = NULL;
    if (version && version != c->version)
        problem = ACT_CHANGED_MEANWHILE;
    else if (!strcmp(c->confidentiality, "anonim"))
        problem = "Pengadu ini memilih tanpa nama, jadi identitasnya tidak dicatat.";
    else if (too_long(typed->nama) || too_long(typed->pekerjaan) || too_long(typed->alamat))
        problem = "Nama, pekerjaan, atau alamat terlalu panjang, ringkaslah.";
    else if (given(typed->phone) && !phone_from_human(typed->phone, phone))
        problem = "Nomor telepon belum benar, contoh 0812-3456-7890.";
    return problem ? fault_set(fault, OUTCOME_NEVER, problem, "completing %s refused", c->number)
                   : OUTCOME_DONE;
}

static enum outcome store(
    struct book_txn *txn, struct complaint *c, struct citizen *citizen, struct fault *fault)
{
    enum outcome outcome =
        citizen->id ? citizen_update(txn, citizen, fault) : citizen_insert(txn, citizen, fault);
    if (!outcome && citizen->phone)
        outcome = citizen_add_identity(txn, citizen->id, "phone", citizen->phone, fault);
    c->citizen_id = citizen->id;
    return outcome ? outcome : complaint_update(txn, c, fault);
}

enum outcome person_complete(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    int64_t version, const struct person_typed *typed, struct arena *arena, struct fault *fault)
{
    struct complaint c;
    struct citizen citizen = {0};
    char phone[PHONE_MAX] = "";
    enum outcome outcome = find(txn, officer, complaint_id, &c, arena, fault);
    if (!outcome)
        outcome = check(&c, version, typed, phone, fault);
    if (!outcome && c.citizen_id)
        outcome = citizen_get(txn, c.citizen_id, &citizen, arena, fault);
    if (outcome)
        return outcome;
    json_t *fields = json_array();
    take(&citizen.nama, typed->nama, "nama", fields);
    take(&citizen.pekerjaan, typed->pekerjaan, "pekerjaan", fields);
    take(&citizen.alamat, typed->alamat, "alamat", fields);
    take(&citizen.phone, arena_strdup(arena, phone), "telepon", fields);
    json_t *data = json_pack("{s:O}", "fields", fields);
    if (!json_array_size(fields))
        outcome = fault_set(
            fault, OUTCOME_NEVER, "Belum ada yang baru. Isi dahulu yang ingin dilengkapi.", "nothing new");
    if (!outcome)
        outcome = store(txn, &c, &citizen, fault);
    if (!outcome)
        outcome = event_append(txn, c.id, c.number, "lengkapi_identitas", actor(officer, arena), data, fault);
    json_decref(data);
    json_decref(fields);
    return outcome;
}

/* ---- one person or two ---- */

enum { JOINED_MOST = 500 };

struct telling {
    struct book_txn *txn;
    const char *actor;
};

static enum outcome tell_complaint(void *arg, const struct complaint *c, struct fault *fault)
{
    const struct telling *t = arg;
    return event_append(t->txn, c->id, c->number, "pengadu_digabung", t->actor, NULL, fault);
}

/* The complaints that change hands, before they do. */
static enum outcome tell_complaints(struct book_txn *txn, const struct officer *officer, int64_t from,
    struct arena *arena, struct fault *fault)
{
    const struct complaint_filter filter = {.citizen_id = from, .limit = JOINED_MOST};
    struct telling telling = {.txn = txn, .actor = actor(officer, arena)};
    return complaint_list(txn, &filter, tell_complaint, &telling, fault);
}

enum outcome person_decide_same(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    int64_t other_id, bool same, struct arena *arena, struct fault *fault)
{
    struct complaint c;
    bool was = false;
    enum outcome outcome = find(txn, officer, complaint_id, &c, arena, fault);
    if (outcome)
        return outcome;
    int64_t into = c.citizen_id < other_id ? c.citizen_id : other_id;
    int64_t from = c.citizen_id < other_id ? other_id : c.citizen_id;
    if (c.citizen_id && other_id && same)
        outcome = tell_complaints(txn, officer, from, arena, fault);
    if (!outcome && c.citizen_id && other_id)
        outcome = same ? citizen_join(txn, into, from, officer->id, &was, arena, fault)
                       : citizen_tell_apart(txn, into, from, officer->id, &was, fault);
    if (!outcome && !was)
        return fault_set(fault, OUTCOME_NEVER, "Tidak ada lagi yang perlu diputuskan tentang pengadu ini.",
            "nothing to decide");
    return outcome ? outcome
                   : event_append(txn, c.id, c.number, same ? "orang_sama" : "orang_berbeda",
                         actor(officer, arena), NULL, fault);
}
