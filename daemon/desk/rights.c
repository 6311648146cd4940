#include "rights.h"
#include "act.h"
#include "classify_proposal.h"
#include "compose.h"
#include "daemon/book/event.h"
#include "daemon/book/forget_list.h"
#include "daemon/book/publication.h"
#include "retention.h"
#include "rules/register.h"
#include "rules/words_date.h"
#include "tell.h"
#include <string.h>

#define ROLE_BIT(role) (1u << (role))

/* One step of one request. */
struct handling {
    struct book_txn *txn;
    const struct office *office;
    const struct officer *officer; /* NULL = the citizen, or nobody */
    struct rights_request r;
    struct complaint c;
    struct arena *arena;
    struct fault *fault;
};

static enum outcome refuse(const struct handling *h, const char *public_text)
{
    return fault_set(h->fault, OUTCOME_NEVER, public_text, "request %lld about complaint %lld refused",
        (long long)h->r.id, (long long)h->c.id);
}

static const char *actor(const struct handling *h, const char *nobody)
{
    return h->officer ? arena_printf(h->arena, "%s:%s", role_key(h->officer->role), h->officer->login)
                      : nobody;
}

static enum outcome note(const struct handling *h, const char *kind, const char *nobody, const char *reason)
{
    const char *who = actor(h, nobody);
    json_t *data = json_pack("{s:s, s:s, s:I, s:s*}", "right", right_key(h->r.right), "way", h->r.way,
        "request", (json_int_t)h->r.id, "reason", reason);
    enum outcome outcome = who && data ? event_append(h->txn, h->c.id, h->c.number, kind, who, data, h->fault)
                                       : fault_set(h->fault, OUTCOME_LATER, NULL, "no memory for an event");
    json_decref(data);
    return outcome;
}

/* ---- told to the office ---- */

static enum outcome tell_officers(
    const struct handling *h, const char *kind, unsigned roles, const char *opening)
{
    char due[WORDS_DATE_SIZE];
    words_date_full(due, sizeof due, h->r.due_at, h->office->utc_offset_minutes);
    const struct reminder reminder = {.kind = kind,
        .roles = roles,
        .subject = arena_printf(
            h->arena, "Hak atas data pribadi: %s, aduan %s", right_label(h->r.right), h->c.number),
        .text = arena_printf(h->arena,
            "%s: %s, aduan %s. Harus dijawab paling lambat %s (3 x 24 jam, UU 27/2022).\n\n%s/hak/%lld\n",
            opening, right_label(h->r.right), h->c.number, due, h->office->public_url, (long long)h->r.id)};
    if (!reminder.subject || !reminder.text)
        return fault_set(h->fault, OUTCOME_LATER, NULL, "no memory to tell of a request");
    return tell_reminder(h->txn, h->office, &h->c, &reminder, h->arena, h->fault);
}

/* ---- told to the citizen ---- */

/* By the channel he came by; where there is none he reads it on his tracking page, or is told by mouth. */
static enum outcome answer(struct handling *h, const char *text)
{
    struct citizen citizen;
    int64_t queued;
    if (!text)
        return fault_set(h->fault, OUTCOME_LATER, NULL, "no memory for an answer");
    h->r.answer = text;
    enum outcome outcome =
        h->c.citizen_id ? citizen_get(h->txn, h->c.citizen_id, &citizen, h->arena, h->fault) : OUTCOME_DONE;
    const struct letter letter = {.complaint = &h->c,
        .citizen = h->c.citizen_id ? &citizen : NULL,
        .purpose = "hak",
        .text = text,
        .generated = true};
    return outcome ? outcome : compose_letter(h->txn, h->office, &letter, &queued, h->arena, h->fault);
}

static const char *answer_words(const struct handling *h, const char *text, const char *words)
{
    return *words ? arena_printf(
                        h->arena, "Permintaan Anda: %s.\n\n%s\n\n%s", right_label(h->r.right), text, words)
                  : arena_printf(h->arena, "Permintaan Anda: %s.\n\n%s", right_label(h->r.right), text);
}

/* ---- recording ---- */

static enum outcome check_new(const struct handling *h, const struct rights_asked *asked)
{
    static const char *const ways[] = {"situs", "loket", "telepon", "surat", "pesan"};
    struct rights_request *before = NULL;
    size_t i = 0, n = 0;
    while (i < sizeof ways / sizeof *ways && strcmp(ways[i], asked->way))
        i++;
    if (i == sizeof ways / sizeof *ways)
        return refuse(h, "Pilih cara permintaan itu disampaikan.");
    if (strlen(asked->words) > RIGHTS_WORDS_MOST)
        return refuse(h, "Tulisannya terlalu panjang, mohon diringkas.");
    if (asked->right == RIGHT_KOREKSI && !*asked->words)
        return refuse(h, "Tulis data mana yang keliru dan apa yang benar.");
    enum outcome outcome = rights_of(h->txn, h->c.id, &before, h->arena, h->fault);
    for (; before && !outcome; before = before->next, n++)
        if (before->right == asked->right && right_state_open(before->state))
            return refuse(h, "Permintaan yang sama sedang kami proses.");
    if (!outcome && n >= RIGHTS_OF_ONE_MOST)
        return refuse(h, "Sudah terlalu banyak permintaan untuk aduan ini. Datanglah ke kantor.");
    return outcome;
}

enum outcome rights_record(struct book_txn *txn, const struct office *office,
    const struct rights_asked *asked, int64_t *ret_id, struct arena *arena, struct fault *fault)
{
    struct handling h = {
        .txn = txn, .office = office, .officer = asked->officer, .arena = arena, .fault = fault};
    const struct officer *o = asked->officer;
    enum outcome outcome = complaint_get(txn, asked->complaint_id, &h.c, arena, fault);
    if (!outcome && o)
        outcome = right_may(asked->right, RIGHT_DIAJUKAN, RIGHT_RECORD, o->role)
                      ? classify_admit(txn, o, &h.c, ACT_NOT_HERE, fault)
                      : refuse(&h, ACT_NOT_HERE);
    if (!outcome)
        outcome = check_new(&h, asked);
    if (outcome)
        return outcome;
    h.r = (struct rights_request){.complaint_id = h.c.id,
        .right = asked->right,
        .way = asked->way,
        .words = *asked->words ? asked->words : NULL,
        .recorded_by = o ? o->id : 0};
    outcome = rights_add(txn, &h.r, fault);
    *ret_id = h.r.id;
    if (!outcome)
        outcome = note(&h, "hak_diminta", "pengadu", NULL);
    return outcome ? outcome
                   : tell_officers(
                         &h, "hak_diminta", ROLE_BIT(ROLE_PETUGAS) | ROLE_BIT(ROLE_KASI), "Permintaan baru");
}

/* ---- deciding ---- */

static enum outcome begin(struct handling *h, int64_t id, enum right_act act)
{
    enum outcome outcome = rights_get(h->txn, id, &h->r, h->arena, h->fault);
    if (!outcome)
        outcome = complaint_get(h->txn, h->r.complaint_id, &h->c, h->arena, h->fault);
    if (!outcome && h->officer)
        outcome = classify_admit(h->txn, h->officer, &h->c, "Permintaan tidak ditemukan.", h->fault);
    if (!outcome && !right_state_open(h->r.state))
        return refuse(h, "Permintaan ini sudah dijawab.");
    if (!outcome && !right_may(h->r.right, h->r.state, act, h->officer->role))
        return refuse(h, "Permintaan ini tidak ada di meja Anda.");
    return outcome;
}

static enum outcome decide(struct handling *h, enum right_state state)
{
    h->r.state = state;
    h->r.decided_at = txn_now(h->txn);
    h->r.decided_by = h->officer ? h->officer->id : h->r.decided_by;
    h->r.ended_at = right_state_open(state) ? 0 : txn_now(h->txn);
    return rights_update(h->txn, &h->r, h->fault);
}

static enum outcome give_copy(struct handling *h, const char *words)
{
    char code[REGISTER_SHOWN_SIZE];
    register_code_show(code, h->c.code);
    const char *text = arena_printf(h->arena,
        "Salinan data Anda dapat dibaca dan dicetak di %s/lacak dengan kode %s selama %d hari, atau diambil "
        "di "
        "kantor.",
        h->office->public_url, code, RIGHTS_COPY_DAYS);
    return text ? answer(h, answer_words(h, text, words)) : answer(h, NULL);
}

static enum outcome correct(struct handling *h, const char *words, const struct person_typed *typed)
{
    struct citizen before = {0}, now = {0};
    enum outcome outcome =
        h->c.citizen_id ? citizen_get(h->txn, h->c.citizen_id, &before, h->arena, h->fault) : OUTCOME_DONE;
    if (!outcome)
        outcome = person_complete(h->txn, h->officer, h->c.id, 0, typed, h->arena, h->fault);
    if (!outcome)
        outcome = complaint_get(h->txn, h->c.id, &h->c, h->arena, h->fault);
    if (!outcome && h->c.citizen_id)
        outcome = citizen_get(h->txn, h->c.citizen_id, &now, h->arena, h->fault);
    /* The number that was wrong is somebody else's: it must not lead to this citizen any more. */
    if (!outcome && before.phone && now.phone && strcmp(before.phone, now.phone))
        outcome = citizen_drop_identity(h->txn, before.id, "phone", before.phone, h->fault);
    return outcome ? outcome : answer(h, answer_words(h, "Data Anda di buku kami sudah diperbaiki.", words));
}

static enum outcome halt(struct handling *h, const char *words)
{
    struct publication p;
    enum outcome outcome = privacy_halt(h->txn, h->c.id, h->fault);
    if (!outcome)
        outcome = publication_get(h->txn, h->c.id, &p, h->arena, h->fault);
    if (!outcome && p.complaint_id && !p.withdrawn_at)
        outcome = publication_withdraw(h->txn, h->c.id, h->officer->id, h->fault);
    return outcome ? outcome
                   : answer(h,
                         answer_words(h,
                             "Data Anda tidak dipakai lagi selain untuk menyelesaikan aduan ini sebagaimana "
                             "diwajibkan undang-undang, dan tidak dipublikasikan.",
                             words));
}

static enum outcome report(struct handling *h, const char *words)
{
    enum outcome outcome = retention_propose_wish(h->txn, h->office, h->c.id, h->r.id, h->arena, h->fault);
    if (!outcome)
        outcome =
            tell_officers(h, "hapus_diusulkan", ROLE_BIT(ROLE_CAMAT), "Dilaporkan untuk persetujuan Camat");
    return outcome ? outcome
                   : answer(h, answer_words(
                                   h, "Permintaan Anda kami laporkan kepada Camat untuk disetujui.", words));
}

enum outcome rights_fulfil(struct book_txn *txn, const struct office *office, const struct officer *officer,
    int64_t id, const char *words, const struct person_typed *typed, struct arena *arena, struct fault *fault)
{
    struct handling h = {.txn = txn, .office = office, .officer = officer, .arena = arena, .fault = fault};
    enum outcome outcome = begin(&h, id, RIGHT_FULFIL);
    if (!outcome && strlen(words) > RIGHTS_WORDS_MOST)
        return refuse(&h, "Tulisannya terlalu panjang, mohon diringkas.");
    if (outcome)
        return outcome;
    switch (h.r.right) {
    case RIGHT_AKSES:
        outcome = give_copy(&h, words);
        break;
    case RIGHT_KOREKSI:
        outcome = correct(&h, words, typed);
        break;
    case RIGHT_HENTI:
        outcome = halt(&h, words);
        break;
    default:
        outcome = report(&h, words);
    }
    bool reported = h.r.right == RIGHT_HAPUS;
    if (!outcome)
        outcome = decide(&h, reported ? RIGHT_DI_CAMAT : RIGHT_DIPENUHI);
    return outcome ? outcome : note(&h, reported ? "hak_dilaporkan" : "hak_dipenuhi", NULL, NULL);
}

enum outcome rights_refuse(struct book_txn *txn, const struct office *office, const struct officer *officer,
    int64_t id, const char *reason, const char *words, struct arena *arena, struct fault *fault)
{
    struct handling h = {.txn = txn, .office = office, .officer = officer, .arena = arena, .fault = fault};
    enum right_reason why;
    enum outcome outcome = begin(&h, id, RIGHT_REFUSE);
    if (outcome)
        return outcome;
    if (!right_reason_from_key(reason, &why) || !right_reason_fits(why, h.r.right))
        return refuse(&h, "Pilih alasan penolakan.");
    if (strlen(words) > RIGHTS_WORDS_MOST)
        return refuse(&h, "Tulisannya terlalu panjang, mohon diringkas.");
    const char *text = arena_printf(arena,
        "Belum dapat kami penuhi. %s Bila Anda tidak setuju, balas pesan ini atau datanglah ke kantor.",
        right_reason_words(why));
    outcome = text ? answer(&h, answer_words(&h, text, words)) : answer(&h, NULL);
    h.r.reason = right_reason_key(why);
    if (!outcome)
        outcome = decide(&h, RIGHT_DITOLAK);
    return outcome ? outcome : note(&h, "hak_ditolak", NULL, h.r.reason);
}

enum outcome rights_confirmed(struct book_txn *txn, const struct office *office,
    const struct officer *officer, int64_t id, struct arena *arena, struct fault *fault)
{
    struct handling h = {.txn = txn, .office = office, .officer = officer, .arena = arena, .fault = fault};
    enum outcome outcome = begin(&h, id, RIGHT_CONFIRM);
    if (!outcome)
        outcome = answer(
            &h, answer_words(&h,
                    "Camat menyetujuinya. Sesudah pesan ini terkirim, semua yang menunjukkan siapa Anda "
                    "dihapus dari aduan Anda yang sudah selesai. Ini pesan terakhir kami tentang aduan "
                    "itu.",
                    ""));
    if (!outcome)
        outcome = decide(&h, RIGHT_DISETUJUI);
    return outcome ? outcome : note(&h, "hak_disetujui", NULL, NULL);
}

enum outcome rights_carried_out(
    struct book_txn *txn, const struct office *office, int64_t id, struct fault *fault)
{
    struct privacy privacy;
    struct arena *arena = arena_new(1 << 20);
    struct handling h = {.txn = txn, .office = office, .arena = arena, .fault = fault};
    enum outcome outcome = arena ? rights_get(txn, id, &h.r, arena, fault)
                                 : fault_set(fault, OUTCOME_LATER, NULL, "no memory to end a request");
    if (!outcome)
        outcome = complaint_get(txn, h.r.complaint_id, &h.c, arena, fault);
    if (!outcome)
        outcome = privacy_get(txn, h.c.id, &privacy, fault);
    /* The Camat may have taken it out of the list, and it may have been opened again in between. */
    bool forgotten = !outcome && privacy.forgotten_at && privacy.forgotten_at >= h.r.decided_at;
    h.r.reason = forgotten ? NULL : right_reason_key(REASON_MASIH_TERBUKA);
    if (!outcome)
        outcome = decide(&h, forgotten ? RIGHT_DIPENUHI : RIGHT_DITOLAK);
    if (!outcome)
        outcome = note(&h, forgotten ? "hak_dipenuhi" : "hak_ditolak", "sistem", h.r.reason);
    arena_free(arena);
    return outcome;
}

enum outcome rights_remind(
    struct book_txn *txn, const struct office *office, int64_t id, struct arena *arena, struct fault *fault)
{
    struct handling h = {.txn = txn, .office = office, .arena = arena, .fault = fault};
    enum outcome outcome = rights_get(txn, id, &h.r, arena, fault);
    if (!outcome)
        outcome = complaint_get(txn, h.r.complaint_id, &h.c, arena, fault);
    if (!outcome)
        outcome = rights_told(txn, id, fault);
    unsigned roles = h.r.state == RIGHT_DI_CAMAT
                         ? ROLE_BIT(ROLE_CAMAT) | ROLE_BIT(ROLE_SEKCAM)
                         : ROLE_BIT(ROLE_PETUGAS) | ROLE_BIT(ROLE_KASI) | ROLE_BIT(ROLE_SEKCAM);
    return outcome ? outcome : tell_officers(&h, "hak_segera", roles, "Waktunya tinggal kurang dari sehari");
}

bool rights_copy_open(const struct rights_request *r, int64_t now)
{
    const int64_t open_ms = (int64_t)RIGHTS_COPY_DAYS * 24 * 60 * 60 * 1000;
    return r->right == RIGHT_AKSES && r->state == RIGHT_DIPENUHI && now < r->ended_at + open_ms;
}
