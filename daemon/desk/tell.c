#include "tell.h"
#include "compose.h"
#include "daemon/book/notice.h"
#include "sight.h"

enum { RECEIPTS_A_DAY = 20 };
static const int64_t DAY_MS = 24LL * 3600 * 1000;

enum outcome tell_citizen(struct book_txn *txn, const struct office *office, const struct complaint *c,
    bool *ret_queued, struct arena *arena, struct fault *fault)
{
    const struct complaint_filter today = {
        .citizen_id = c->citizen_id, .from = txn_now(txn) - DAY_MS, .limit = 1};
    struct letter letter = {.complaint = c, .purpose = "tanda_terima", .automatic = true};
    struct citizen citizen;
    int64_t count = 0;
    enum outcome outcome = OUTCOME_DONE;
    *ret_queued = false;
    if (c->citizen_id) {
        outcome = complaint_count(txn, &today, &count, fault);
        if (!outcome && count <= RECEIPTS_A_DAY)
            outcome = citizen_get(txn, c->citizen_id, &citizen, arena, fault);
        letter.citizen = &citizen;
    }
    if (outcome || count > RECEIPTS_A_DAY)
        return outcome;
    return compose_letter(txn, office, &letter, ret_queued, arena, fault);
}

/* One round through all officers. */
struct round {
    struct book_txn *txn;
    const struct office *office; /* NULL = no letters */
    const struct complaint *complaint;
    const struct officer *himself;
    const char *kind;
    bool (*concerned)(const struct complaint *c, const struct officer *o);
    struct arena *arena;
    bool queued;
};

static enum outcome tell_one(void *arg, const struct officer *o, struct fault *fault)
{
    struct round *r = arg;
    bool himself = r->himself && r->himself->id == o->id;
    if (o->disabled || himself || !sight_complaint(o, r->complaint) || !r->concerned(r->complaint, o))
        return OUTCOME_DONE;
    enum outcome outcome = notice_add(r->txn, o->id, r->complaint->id, r->kind, fault);
    if (!outcome && r->office && r->office->email_out && o->email) {
        outcome = compose_notice(r->txn, r->office, r->complaint, o->email, r->arena, fault);
        r->queued = true;
    }
    return outcome;
}

static bool is_superior(const struct complaint *c, const struct officer *o)
{
    (void)c;
    return o->role == ROLE_KASI || o->role == ROLE_SEKCAM;
}

static bool is_concerned(const struct complaint *c, const struct officer *o)
{
    return is_superior(c, o) || o->role == ROLE_PETUGAS || o->role == ROLE_SEKSI;
}

static bool is_next(const struct complaint *c, const struct officer *o)
{
    switch (c->state) {
    case STATE_DITERUSKAN:
    case STATE_MENUNGGU_PERSETUJUAN:
        return o->role == ROLE_SEKCAM;
    case STATE_DIDISPOSISIKAN:
    case STATE_DITINDAKLANJUTI:
        return o->role == ROLE_SEKSI;
    case STATE_DISETUJUI:
        return o->role == ROLE_PETUGAS;
    default:
        return false;
    }
}

enum outcome tell_superiors(struct book_txn *txn, const struct office *office, const struct complaint *c,
    bool *ret_queued, struct arena *arena, struct fault *fault)
{
    struct round r = {.txn = txn,
        .office = office,
        .complaint = c,
        .kind = "masuk",
        .concerned = is_superior,
        .arena = arena};
    enum outcome outcome = officer_list(txn, tell_one, &r, fault);
    *ret_queued = r.queued;
    return outcome;
}

enum outcome tell_all_concerned(
    struct book_txn *txn, const struct complaint *c, const char *kind, struct fault *fault)
{
    struct round r = {.txn = txn, .complaint = c, .kind = kind, .concerned = is_concerned};
    return officer_list(txn, tell_one, &r, fault);
}

enum outcome tell_next_desk(struct book_txn *txn, const struct complaint *c, const struct officer *himself,
    const char *kind, struct fault *fault)
{
    struct round r = {.txn = txn, .complaint = c, .himself = himself, .kind = kind, .concerned = is_next};
    return officer_list(txn, tell_one, &r, fault);
}

static bool is_at_the_counter(const struct complaint *c, const struct officer *o)
{
    (void)c;
    return o->role == ROLE_PETUGAS;
}

enum outcome tell_petugas_of(
    struct book_txn *txn, const struct complaint *c, const char *kind, struct fault *fault)
{
    struct round r = {.txn = txn, .complaint = c, .kind = kind, .concerned = is_at_the_counter};
    return officer_list(txn, tell_one, &r, fault);
}
