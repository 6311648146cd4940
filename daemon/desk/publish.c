#include "publish.h"
#include "classify_proposal.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/rights.h"
#include "daemon/book/timetable.h"
#include "rules/workday.h"
#include <string.h>

static const struct {
    size_t most; /* bytes */
    const char *missing, *long_;
} limits[PUBLISH_PARTS] = {
    [PUBLISH_TITLE] = {200, "Isi judulnya.", "Judul terlalu panjang."},
    [PUBLISH_PROBLEM] = {6000, "Isi aduannya.", "Teks aduan terlalu panjang, mohon diringkas."},
    [PUBLISH_RESULT] = {6000, "Isi hasilnya.", "Teks hasil terlalu panjang, mohon diringkas."},
    [PUBLISH_PLACE] = {120, NULL, "Nama tempat terlalu panjang."},
};

static const char impossible[] =
    "Hanya aduan biasa yang sudah dijawab yang dapat dipublikasikan, oleh petugas atau Kasi Pelayanan.";

const char *publish_wrong(enum publish_part part, const char *text)
{
    return !*text ? limits[part].missing : strlen(text) > limits[part].most ? limits[part].long_ : NULL;
}

bool publish_possible(const struct officer *officer, const struct complaint *c)
{
    return (officer->role == ROLE_PETUGAS || officer->role == ROLE_KASI) &&
           (c->state == STATE_DIJAWAB || c->state == STATE_DITUTUP) &&
           strcmp(c->confidentiality, "rahasia") &&
           (!strcmp(c->kind, "pengaduan") || !strcmp(c->kind, "aspirasi") || !strcmp(c->kind, "informasi"));
}

/* What is public already may be taken back whatever became of the complaint. */
static enum outcome admit(
    struct book_txn *txn, const struct officer *officer, const struct publish_draft *d, struct fault *fault)
{
    bool keeper = officer->role == ROLE_PETUGAS || officer->role == ROLE_KASI;
    enum outcome outcome = classify_admit(txn, officer, &d->c, "Aduan tidak ditemukan.", fault);
    if (outcome || publish_possible(officer, &d->c) || (keeper && d->now.complaint_id))
        return outcome;
    return fault_set(
        fault, OUTCOME_NEVER, impossible, "%s may not be published by %s", d->c.number, officer->login);
}

/* ---- the original words ---- */

/* The last answer, and the complaint as it was first told. */
static enum outcome read_words(
    struct book_txn *txn, struct publish_draft *d, struct arena *arena, struct fault *fault)
{
    struct message *m;
    size_t count;
    enum outcome outcome = message_list(txn, d->c.id, &m, &count, arena, fault);
    for (size_t i = 0; i < count && !outcome; i++) {
        const char *words = m[i].own_words ? m[i].own_words : m[i].text;
        if (!strcmp(m[i].purpose, "aduan"))
            d->original[PUBLISH_PROBLEM] = words;
        if (!strcmp(m[i].purpose, "jawaban") && !m[i].withdrawn_at)
            d->original[PUBLISH_RESULT] = words;
    }
    return outcome;
}

static enum outcome propose(struct publish_draft *d, struct arena *arena, struct fault *fault)
{
    const char *const copy[PUBLISH_PARTS] = {d->now.title, d->now.problem, d->now.result, d->now.place};
    for (int i = 0; i < PUBLISH_PARTS; i++) {
        d->original[i] = d->original[i] ? d->original[i] : "";
        if (!redact_find(d->original[i], d->known.list, &d->found[i], arena))
            return fault_set(fault, OUTCOME_LATER, NULL, "no memory to look for identities");
        const char *struck = redact_strike(d->original[i], &d->found[i], arena);
        d->proposed[i] = !d->now.complaint_id ? struck : copy[i] ? copy[i] : "";
    }
    /* A place in which somebody's address was found is no place for everybody. */
    if (!d->now.complaint_id && d->found[PUBLISH_PLACE].count)
        d->proposed[PUBLISH_PLACE] = "";
    return arena_ok(arena) ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a draft");
}

enum outcome publish_draft(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    struct publish_draft *ret, struct arena *arena, struct fault *fault)
{
    *ret = (struct publish_draft){0};
    enum outcome outcome = complaint_get(txn, complaint_id, &ret->c, arena, fault);
    if (!outcome)
        outcome = publication_get(txn, complaint_id, &ret->now, arena, fault);
    if (!outcome)
        outcome = admit(txn, officer, ret, fault);
    if (!outcome)
        outcome = known_of(txn, &ret->c, true, &ret->known, arena, fault);
    if (!outcome)
        outcome = read_words(txn, ret, arena, fault);
    if (outcome)
        return outcome;
    ret->original[PUBLISH_TITLE] = ret->c.subject;
    ret->original[PUBLISH_PLACE] = known_wide_place(ret->c.place);
    return propose(ret, arena, fault);
}

/* ---- what is left ---- */

static bool is_harmless(const char *at, size_t n, const char *const *harmless)
{
    for (; harmless && *harmless; harmless++)
        if (strlen(*harmless) == n && !memcmp(*harmless, at, n))
            return true;
    return false;
}

enum outcome publish_left(const struct publish_draft *draft, const char *text, const char *const *harmless,
    struct redact_found *ret_left, struct arena *arena, struct fault *fault)
{
    struct redact_found found;
    *ret_left = (struct redact_found){0};
    if (!redact_find(text, draft->known.list, &found, arena))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to look for identities");
    for (size_t i = 0; i < found.count; i++) {
        struct redact_span s = found.spans[i];
        if (!is_harmless(text + s.start, s.end - s.start, harmless))
            found.spans[ret_left->count++] = s;
    }
    ret_left->spans = found.spans;
    return OUTCOME_DONE;
}

static enum outcome check(const struct publish_draft *draft, const char *const texts[PUBLISH_PARTS],
    const char *const *harmless, struct arena *arena, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    for (int i = 0; i < PUBLISH_PARTS && !outcome; i++) {
        struct redact_found left;
        const char *wrong = publish_wrong((enum publish_part)i, texts[i]);
        if (wrong)
            return fault_set(fault, OUTCOME_NEVER, wrong, "publication of %s: %s", draft->c.number, wrong);
        outcome = publish_left(draft, texts[i], harmless, &left, arena, fault);
        if (!outcome && left.count)
            outcome = fault_set(fault, OUTCOME_NEVER,
                "Masih ada yang tampak seperti data pribadi. Hapus, atau tandai bahwa itu boleh tampil.",
                "publication of %s: something is left", draft->c.number);
    }
    return outcome;
}

/* ---- into the book ---- */

/* The texts stay out of the history, which nothing can be taken out of. */
static enum outcome note(struct book_txn *txn, const struct officer *officer, const struct complaint *c,
    const char *kind, struct arena *arena, struct fault *fault)
{
    const char *actor = arena_printf(arena, "%s:%s", role_key(officer->role), officer->login);
    if (!actor)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for an event");
    return event_append(txn, c->id, c->number, kind, actor, NULL, fault);
}

enum outcome publish_put(struct book_txn *txn, const struct office *office, const struct officer *officer,
    const struct publish_draft *draft, const char *const texts[PUBLISH_PARTS], const char *const *harmless,
    struct arena *arena, struct fault *fault)
{
    const struct complaint *c = &draft->c;
    const struct timetable *timetable;
    int offset = office->utc_offset_minutes;
    enum outcome outcome = timetable_get(txn, &timetable, fault);
    if (outcome)
        return outcome;
    int days = workday_between(
        workday_of_ms(c->received_at, offset), workday_of_ms(c->answered_at, offset), &timetable->calendar);
    const struct publication p = {.complaint_id = c->id,
        .title = texts[PUBLISH_TITLE],
        .problem = texts[PUBLISH_PROBLEM],
        .result = texts[PUBLISH_RESULT],
        .place = *texts[PUBLISH_PLACE] ? texts[PUBLISH_PLACE] : NULL,
        .working_days = days > 0 ? days : 0,
        .officer_id = officer->id};
    struct privacy privacy;
    if (!publish_possible(officer, c))
        return fault_set(fault, OUTCOME_NEVER, impossible, "%s may not be published", c->number);
    outcome = privacy_get(txn, c->id, &privacy, fault);
    if (!outcome && privacy.halted_at)
        return fault_set(fault, OUTCOME_NEVER,
            "Pengadu meminta datanya tidak dipakai lagi; aduannya tidak dapat dipublikasikan.",
            "%s is halted", c->number);
    if (!outcome)
        outcome = check(draft, texts, harmless, arena, fault);
    if (!outcome)
        outcome = publication_put(txn, &p, fault);
    bool again = draft->now.complaint_id && !draft->now.withdrawn_at;
    return outcome ? outcome : note(txn, officer, c, again ? "publikasi_diubah" : "publikasi", arena, fault);
}

enum outcome publish_withdraw(struct book_txn *txn, const struct officer *officer,
    const struct publish_draft *draft, struct arena *arena, struct fault *fault)
{
    if (!draft->now.complaint_id || draft->now.withdrawn_at)
        return OUTCOME_DONE;
    enum outcome outcome = publication_withdraw(txn, draft->c.id, officer->id, fault);
    return outcome ? outcome : note(txn, officer, &draft->c, "publikasi_ditarik", arena, fault);
}
