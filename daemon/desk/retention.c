#include "retention.h"
#include "compose.h"
#include "daemon/book/event.h"
#include "daemon/book/setting.h"
#include "rights.h"
#include "rules/workday.h"
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 64, STEP_ARENA = 64 << 20 };

/* ---- numbers ---- */

static const char *setting_name(char name[NAME_SIZE], enum retention_kind kind, bool source)
{
    snprintf(name, NAME_SIZE, "retensi.%s%s", retention_setting(kind)->kind, source ? ".dasar" : "");
    return name;
}

enum outcome retention_terms(struct book_txn *txn, struct retention_term ret[RETENTION_KINDS],
    struct arena *arena, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    for (int i = 0; i < RETENTION_KINDS && !outcome; i++) {
        char name[NAME_SIZE];
        const char *years = NULL, *source = NULL;
        outcome = setting_get(txn, setting_name(name, (enum retention_kind)i, false), &years, arena, fault);
        if (!outcome)
            outcome =
                setting_get(txn, setting_name(name, (enum retention_kind)i, true), &source, arena, fault);
        ret[i] = (struct retention_term){.years = years ? (int)strtol(years, NULL, 10)
                                                        : retention_setting((enum retention_kind)i)->shipped,
            .source = source ? source : ""};
    }
    return outcome;
}

static enum outcome check_term(const struct retention_term *t, const struct retention_setting *s,
    struct arena *arena, struct fault *fault)
{
    const char *wrong = NULL;
    if (t->years < 0 || t->years > s->most)
        wrong = arena_printf(arena, "%s: isi angka 0 sampai %d.", s->label, s->most);
    else if (t->years && !*t->source)
        wrong = arena_printf(arena, "%s: isi juga dasarnya, misalnya nomor peraturan JRA.", s->label);
    else if (strlen(t->source) > RETENTION_SOURCE_MOST)
        wrong = arena_printf(arena, "%s: dasarnya terlalu panjang.", s->label);
    return wrong ? fault_set(fault, OUTCOME_NEVER, wrong, "a retention term refused") : OUTCOME_DONE;
}

enum outcome retention_set(struct book_txn *txn, const struct officer *officer,
    const struct retention_term terms[RETENTION_KINDS], struct arena *arena, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    const char *actor = arena_printf(arena, "%s:%s", role_key(officer->role), officer->login);
    json_t *data = json_object();
    for (int i = 0; i < RETENTION_KINDS && !outcome; i++)
        outcome = check_term(&terms[i], retention_setting((enum retention_kind)i), arena, fault);
    for (int i = 0; i < RETENTION_KINDS && !outcome; i++) {
        char name[NAME_SIZE];
        const char *years = arena_printf(arena, "%d", terms[i].years);
        json_object_set_new(
            data, retention_setting((enum retention_kind)i)->kind, json_integer(terms[i].years));
        outcome =
            setting_set(txn, setting_name(name, (enum retention_kind)i, false), years, officer->id, fault);
        if (!outcome)
            outcome = setting_set(
                txn, setting_name(name, (enum retention_kind)i, true), terms[i].source, officer->id, fault);
    }
    if (!outcome)
        outcome = actor ? event_append(txn, 0, NULL, "retensi_diatur", actor, data, fault)
                        : fault_set(fault, OUTCOME_LATER, NULL, "no memory for an event");
    json_decref(data);
    return outcome;
}

/* ---- proposing ---- */

struct finding {
    int years[RETENTION_KINDS];
    int64_t now;
    int offset;
    struct retention_found *found;
};

static enum outcome read_years(
    struct book_txn *txn, int years[RETENTION_KINDS], int *ret_least, struct fault *fault)
{
    struct retention_term terms[RETENTION_KINDS];
    struct arena *arena = arena_new(1 << 16);
    enum outcome outcome = arena ? retention_terms(txn, terms, arena, fault)
                                 : fault_set(fault, OUTCOME_LATER, NULL, "no memory for terms");
    *ret_least = 0;
    for (int i = 0; i < RETENTION_KINDS && !outcome; i++) {
        years[i] = terms[i].years;
        if (years[i] > 0 && (!*ret_least || years[i] < *ret_least))
            *ret_least = years[i];
    }
    arena_free(arena);
    return outcome;
}

static enum outcome take(void *arg, int64_t id, const struct retention_facts *facts, struct fault *fault)
{
    struct finding *f = arg;
    (void)fault;
    if (f->found->count < FORGET_LIST_MOST &&
        retention_judge(facts, f->years, f->now, f->offset, NULL) == RETENTION_DUE)
        f->found->ids[f->found->count++] = id;
    return OUTCOME_DONE;
}

enum outcome retention_find(
    struct book_txn *txn, const struct office *office, struct retention_found *ret, struct fault *fault)
{
    struct finding f = {.now = txn_now(txn), .offset = office->utc_offset_minutes, .found = ret};
    int least;
    ret->count = 0;
    enum outcome outcome = read_years(txn, f.years, &least, fault);
    if (outcome || !least)
        return outcome;
    const int64_t year_ms =
        INT64_C(365) * 24 * 60 * 60 * 1000; /* shorter than any: retention_judge() is exact */
    return forget_candidates(txn, f.now - least * year_ms, take, &f, fault);
}

enum outcome retention_is_month(
    struct book_txn *txn, const struct office *office, bool *ret_is, struct fault *fault)
{
    int years[RETENTION_KINDS], least, year, month, day, then_year = 0, then_month = 0;
    int64_t newest = 0;
    *ret_is = false;
    enum outcome outcome = read_years(txn, years, &least, fault);
    if (!outcome)
        outcome = forget_list_newest(txn, &newest, fault);
    if (outcome || !least)
        return outcome;
    workday_to_date(workday_of_ms(txn_now(txn), office->utc_offset_minutes), &year, &month, &day);
    if (newest)
        workday_to_date(workday_of_ms(newest, office->utc_offset_minutes), &then_year, &then_month, &day);
    *ret_is = year != then_year || month != then_month;
    return OUTCOME_DONE;
}

struct telling {
    struct book_txn *txn;
    const struct office *office;
    const char *subject, *text;
    struct arena *arena;
};

static enum outcome tell_one(void *arg, const struct officer *o, struct fault *fault)
{
    struct telling *t = arg;
    if (o->role != ROLE_CAMAT || !o->email || !t->office->email_out)
        return OUTCOME_DONE;
    return compose_alarm(t->txn, t->office, o->email, t->subject, t->text, t->arena, fault);
}

/* What stands on his desk is said in his mail too: no name, no word of a citizen. */
static enum outcome tell_camat(struct book_txn *txn, const struct office *office, int64_t list_id,
    size_t count, struct arena *arena, struct fault *fault)
{
    struct telling t = {.txn = txn, .office = office, .arena = arena};
    t.subject = arena_printf(arena, "Usulan penghapusan data pribadi, %zu aduan", count);
    t.text = arena_printf(arena,
        "Ada usulan penghapusan data pribadi pada %zu aduan yang menunggu persetujuan Camat. Tidak ada yang "
        "dihapus "
        "sebelum usulan itu diperiksa dan disetujui.\n\n%s/hak/usulan/%lld\n",
        count, office->public_url, (long long)list_id);
    if (!t.subject || !t.text)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to tell the Camat");
    return officer_each(txn, tell_one, &t, fault);
}

static enum outcome make_list(struct book_txn *txn, const struct office *office, int64_t request_id,
    const int64_t *ids, size_t count, int64_t *ret_id, struct arena *arena, struct fault *fault)
{
    enum outcome outcome =
        forget_list_add(txn, request_id ? "permintaan" : "retensi", request_id, ret_id, fault);
    for (size_t i = 0; i < count && !outcome; i++)
        outcome = forget_item_add(txn, *ret_id, ids[i], fault);
    json_t *data = json_pack("{s:I, s:I}", "list", (json_int_t)*ret_id, "complaints", (json_int_t)count);
    if (!outcome)
        outcome = event_append(txn, 0, NULL, "hapus_diusulkan", "sistem", data, fault);
    json_decref(data);
    return outcome ? outcome : tell_camat(txn, office, *ret_id, count, arena, fault);
}

enum outcome retention_propose(struct book_txn *txn, const struct office *office,
    const struct retention_found *found, int64_t *ret_id, struct arena *arena, struct fault *fault)
{
    int years[RETENTION_KINDS], least;
    int64_t *ids = arena_alloc(arena, sizeof found->ids);
    size_t count = 0;
    *ret_id = 0;
    enum outcome outcome = ids ? read_years(txn, years, &least, fault)
                               : fault_set(fault, OUTCOME_LATER, NULL, "no memory to propose");
    for (size_t i = 0; i < found->count && !outcome; i++) {
        struct retention_facts facts;
        outcome = forget_facts(txn, found->ids[i], &facts, arena, fault);
        if (!outcome &&
            retention_judge(&facts, years, txn_now(txn), office->utc_offset_minutes, NULL) == RETENTION_DUE)
            ids[count++] = found->ids[i];
    }
    return outcome || !count ? outcome : make_list(txn, office, 0, ids, count, ret_id, arena, fault);
}

struct wish {
    struct book_txn *txn;
    int64_t ids[FORGET_LIST_MOST];
    size_t count;
    int64_t first;
    struct arena *arena;
};

static enum outcome add_ready(struct wish *w, int64_t id, struct fault *fault)
{
    struct retention_facts facts;
    enum outcome outcome = forget_facts(w->txn, id, &facts, w->arena, fault);
    enum retention_verdict ready = outcome ? RETENTION_OPEN : retention_ready(&facts);
    if (!outcome && w->count < FORGET_LIST_MOST && (ready == RETENTION_DUE || ready == RETENTION_HELD))
        w->ids[w->count++] = id; /* letters on their way will have left by then: it is asked again */
    return outcome;
}

static enum outcome take_other(void *arg, const struct complaint *c, struct fault *fault)
{
    struct wish *w = arg;
    return c->id == w->first ? OUTCOME_DONE : add_ready(w, c->id, fault);
}

enum outcome retention_propose_wish(struct book_txn *txn, const struct office *office, int64_t complaint_id,
    int64_t request_id, struct arena *arena, struct fault *fault)
{
    struct wish *w = arena_alloc(arena, sizeof *w);
    struct complaint c;
    int64_t list;
    if (!w)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to propose");
    *w = (struct wish){.txn = txn, .first = complaint_id, .arena = arena};
    enum outcome outcome = complaint_get(txn, complaint_id, &c, arena, fault);
    if (!outcome)
        outcome = add_ready(w, complaint_id, fault);
    if (!outcome && !w->count)
        return fault_set(fault, OUTCOME_NEVER,
            "Aduan ini belum selesai atau sudah tanpa data pribadi. Data aduan yang terbuka tidak pernah "
            "dihapus.",
            "%s is not to be forgotten", c.number);
    const struct complaint_filter others = {.citizen_id = c.citizen_id, .limit = 500};
    if (!outcome && c.citizen_id)
        outcome = complaint_list(txn, &others, take_other, w, fault);
    return outcome ? outcome : make_list(txn, office, request_id, w->ids, w->count, &list, arena, fault);
}

/* ---- the Camat's word ---- */

static enum outcome admit(struct book_txn *txn, const struct officer *officer, int64_t list_id,
    struct forget_list *ret, struct arena *arena, struct fault *fault)
{
    enum outcome outcome = forget_list_get(txn, list_id, ret, arena, fault);
    if (outcome)
        return outcome;
    if (officer->role != ROLE_CAMAT)
        return fault_set(fault, OUTCOME_NEVER, "Hanya Camat yang dapat memutuskan usulan ini.",
            "%s is not the Camat", officer->login);
    return strcmp(ret->state, "diajukan")
               ? fault_set(fault, OUTCOME_NEVER, "Usulan ini sudah diputuskan.", "list decided before")
               : OUTCOME_DONE;
}

static enum outcome note_decision(struct book_txn *txn, const struct officer *officer, const char *kind,
    const struct forget_list *list, size_t kept, struct arena *arena, struct fault *fault)
{
    const char *actor = arena_printf(arena, "%s:%s", role_key(officer->role), officer->login);
    json_t *data = json_pack("{s:I, s:s, s:I, s:I}", "list", (json_int_t)list->id, "basis", list->basis,
        "complaints", (json_int_t)list->items, "kept", (json_int_t)kept);
    enum outcome outcome = actor && data ? event_append(txn, 0, NULL, kind, actor, data, fault)
                                         : fault_set(fault, OUTCOME_LATER, NULL, "no memory for an event");
    json_decref(data);
    return outcome;
}

enum outcome retention_confirm(struct book_txn *txn, const struct officer *officer, int64_t list_id,
    const int64_t *kept, const char *note, struct arena *arena, struct fault *fault)
{
    struct forget_list list;
    size_t count = 0;
    enum outcome outcome = admit(txn, officer, list_id, &list, arena, fault);
    for (; !outcome && kept && kept[count]; count++)
        outcome = forget_item_settle(txn, list_id, kept[count], "dikecualikan oleh Camat", fault);
    if (!outcome)
        outcome = forget_list_decide(txn, list_id, "disetujui", officer->id, note, false, fault);
    return outcome ? outcome : note_decision(txn, officer, "hapus_disetujui", &list, count, arena, fault);
}

enum outcome retention_refuse(struct book_txn *txn, const struct officer *officer, int64_t list_id,
    const char *note, struct arena *arena, struct fault *fault)
{
    struct forget_list list;
    enum outcome outcome = admit(txn, officer, list_id, &list, arena, fault);
    if (!outcome)
        outcome = forget_list_decide(txn, list_id, "ditolak", officer->id, note, true, fault);
    return outcome ? outcome : note_decision(txn, officer, "hapus_ditolak", &list, 0, arena, fault);
}

/* ---- carrying it out ---- */

/* One complaint; *ret_waits: letters about it are still on their way. */
static enum outcome forget_one(struct book_txn *txn, const struct forget_list *list, int64_t id,
    struct forget_contents *contents, bool *ret_waits, struct fault *fault)
{
    struct retention_facts facts;
    struct arena *arena = arena_new(STEP_ARENA);
    enum outcome outcome = arena ? forget_facts(txn, id, &facts, arena, fault)
                                 : fault_set(fault, OUTCOME_LATER, NULL, "no memory to forget");
    enum retention_verdict ready = outcome ? RETENTION_OPEN : retention_ready(&facts);
    *ret_waits = ready == RETENTION_HELD;
    if (!outcome && ready == RETENTION_DUE) {
        outcome = forget_complaint(txn, list, id, contents, arena, fault);
        if (!outcome)
            outcome = forget_item_settle(txn, list->id, id, NULL, fault);
    } else if (!outcome && ready != RETENTION_HELD)
        outcome = forget_item_settle(txn, list->id, id, retention_words(ready), fault);
    if (!outcome && !arena_ok(arena))
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory to forget");
    arena_free(arena);
    return outcome;
}

static enum outcome forget_some(struct book_txn *txn, const struct forget_list *list,
    struct retention_step *ret, struct forget_contents *contents, struct fault *fault)
{
    int64_t id = 0;
    enum outcome outcome = forget_item_next(txn, list->id, 0, &id, fault);
    while (!outcome && id && ret->forgotten < RETENTION_BATCH) {
        bool waits;
        ret->last = id;
        outcome = forget_one(txn, list, id, contents, &waits, fault);
        ret->forgotten += !waits;
        ret->waits |= waits;
        if (!outcome)
            outcome = forget_item_next(txn, list->id, id, &id, fault);
    }
    ret->ended = !outcome && !id && !ret->waits;
    return outcome;
}

enum outcome retention_step(struct book_txn *txn, const struct office *office, struct retention_step *ret,
    struct forget_contents *contents, struct fault *fault)
{
    struct forget_list list;
    struct arena *arena = arena_new(1 << 20);
    struct fault ignored;
    *ret = (struct retention_step){0};
    contents->count = 0;
    enum outcome outcome = arena ? forget_list_next(txn, &ret->list, fault)
                                 : fault_set(fault, OUTCOME_LATER, NULL, "no memory to forget");
    if (outcome || !ret->list) {
        arena_free(arena);
        return outcome;
    }
    outcome = forget_list_get(txn, ret->list, &list, arena, fault);
    if (!outcome)
        outcome = forget_begin(txn, fault);
    if (!outcome)
        outcome = forget_some(txn, &list, ret, contents, fault);
    enum outcome finished = forget_finish(txn, outcome ? &ignored : fault);
    outcome = outcome ? outcome : finished;
    if (!outcome && ret->ended)
        outcome = forget_list_end(txn, list.id, fault);
    if (!outcome && ret->ended && list.request_id)
        outcome = rights_carried_out(txn, office, list.request_id, fault);
    arena_free(arena);
    return outcome;
}
