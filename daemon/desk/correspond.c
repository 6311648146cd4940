#include "correspond.h"
#include "act.h"
#include "compose.h"
#include "daemon/book/citizen.h"
#include "daemon/book/complaint.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/outbox.h"
#include "clocks.h"
#include "intake.h"
#include "route.h"
#include "classify_proposal.h"
#include "tell.h"
#include "together.h"
#include <string.h>

enum { TEXT_MAX = 64 * 1024, SUBJECT_BYTES = 240 };

static const char other_wanted[] = "Aduan tujuan harus aduan lain yang ada di meja Anda.";

bool correspond_may(const struct officer *officer)
{
    return officer->role == ROLE_PETUGAS || officer->role == ROLE_KASI || officer->role == ROLE_SEKCAM;
}

/* One act on its way through this file. */
struct doing {
    struct book_txn *txn;
    const struct officer *officer;
    struct complaint c;
    struct arena *arena;
    struct fault *fault;
};

static enum outcome refuse(const struct doing *d, const char *public_text)
{
    return fault_set(d->fault, OUTCOME_NEVER, public_text, "letter act on %s refused", d->c.number);
}

static bool blank(const char *text)
{
    return !text || !text[strspn(text, " \t\r\n")];
}

static enum outcome begin(struct doing *d, int64_t complaint_id)
{
    enum outcome outcome = complaint_get(d->txn, complaint_id, &d->c, d->arena, d->fault);
    if (!outcome && !correspond_may(d->officer))
        return refuse(d, ACT_NOT_HERE);
    return outcome ? outcome : classify_admit(d->txn, d->officer, &d->c, ACT_NOT_HERE, d->fault);
}

/* data: taken. */
static enum outcome note_event(
    const struct doing *d, const struct complaint *c, const char *kind, json_t *data)
{
    const char *actor = arena_printf(d->arena, "%s:%s", role_key(d->officer->role), d->officer->login);
    enum outcome outcome = actor ? event_append(d->txn, c->id, c->number, kind, actor, data, d->fault)
                                 : fault_set(d->fault, OUTCOME_LATER, NULL, "no memory for an event");
    json_decref(data);
    return outcome;
}

/* Both pages change: who holds an older one is told so. */
static enum outcome touch(const struct doing *d, struct complaint *c)
{
    return complaint_update(d->txn, c, d->fault);
}

/* ---- word on the way, and formal requests for information ---- */

static enum outcome check_text(const struct doing *d, int64_t version, const char *text, const char *missing)
{
    if (version && version != d->c.version)
        return refuse(d, ACT_CHANGED_MEANWHILE);
    if (blank(text))
        return refuse(d, missing);
    return strlen(text) > TEXT_MAX ? refuse(d, "Teks terlalu panjang.") : OUTCOME_DONE;
}

/* What is written in this file and read by the citizen ("kabar"), or only by the office ("catatan"). */
static enum outcome write_down(
    const struct doing *d, const char *purpose, const char *text, int64_t *ret_message_id)
{
    struct message m = {.complaint_id = d->c.id,
        .purpose = purpose,
        .channel = d->c.channel,
        .officer_id = d->officer->id,
        .author = d->officer->name,
        .text = text};
    enum outcome outcome = message_insert(d->txn, &m, d->fault);
    *ret_message_id = m.id;
    return outcome;
}

/* *ret_row 0 = there is no way to him. */
static enum outcome send_word(const struct doing *d, const struct office *office, const char *purpose,
    const char *text, int64_t message_id, int64_t *ret_row)
{
    struct citizen citizen;
    enum outcome outcome =
        d->c.citizen_id ? citizen_get(d->txn, d->c.citizen_id, &citizen, d->arena, d->fault) : OUTCOME_DONE;
    const struct letter letter = {.complaint = &d->c,
        .citizen = d->c.citizen_id ? &citizen : NULL,
        .message_id = message_id,
        .purpose = purpose,
        .text = text};
    *ret_row = 0;
    return outcome ? outcome : compose_letter(d->txn, office, &letter, ret_row, d->arena, d->fault);
}

enum outcome correspond_interim(struct book_txn *txn, const struct office *office,
    const struct officer *officer, int64_t complaint_id, int64_t version, const char *text,
    struct arena *arena, struct fault *fault)
{
    struct doing d = {.txn = txn, .officer = officer, .arena = arena, .fault = fault};
    int64_t message_id, letter_row = 0;
    enum outcome outcome = begin(&d, complaint_id);
    if (!outcome)
        outcome = check_text(&d, version, text, "Isi dahulu kabarnya.");
    if (outcome)
        return outcome;
    if (!state_open(d.c.state))
        return refuse(&d, "Aduan ini sudah selesai; kabar sementara tidak perlu lagi.");
    if (!route_of(office, &d.c).channel)
        return refuse(
            &d, "Pengadu tidak dapat dihubungi lewat pesan; sampaikan langsung, lalu buat catatan.");
    outcome = write_down(&d, "kabar", text, &message_id);
    if (!outcome)
        outcome = send_word(&d, office, "sementara", text, message_id, &letter_row);
    const struct together others = {
        .purpose = "sementara", .message = "kabar", .text = text, .officer = officer};
    bool queued = false;
    if (!outcome)
        outcome = together_tell(txn, office, &d.c, &others, &queued, arena, fault);
    if (!outcome)
        outcome = touch(&d, &d.c);
    return outcome ? outcome
                   : note_event(&d, &d.c, "kabar_sementara",
                         letter_row ? json_pack("{s:I}", "outbox", (json_int_t)letter_row) : NULL);
}

enum outcome correspond_formal(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    int64_t version, const char *reason, struct arena *arena, struct fault *fault)
{
    struct doing d = {.txn = txn, .officer = officer, .arena = arena, .fault = fault};
    int64_t message_id;
    enum outcome outcome = begin(&d, complaint_id);
    if (!outcome)
        outcome = check_text(&d, version, reason, "Isi dahulu mengapa ini permohonan resmi.");
    if (!outcome)
        outcome = clocks_make_formal(txn, &d.c, fault);
    if (!outcome)
        outcome = write_down(&d, "catatan", reason, &message_id);
    if (!outcome)
        outcome = touch(&d, &d.c);
    return outcome ? outcome : note_event(&d, &d.c, "ppid", NULL);
}

enum outcome correspond_extend(struct book_txn *txn, const struct office *office,
    const struct officer *officer, int64_t complaint_id, int64_t version, const char *reason,
    struct arena *arena, struct fault *fault)
{
    struct doing d = {.txn = txn, .officer = officer, .arena = arena, .fault = fault};
    int64_t message_id, letter_row = 0;
    enum outcome outcome = begin(&d, complaint_id);
    if (!outcome)
        outcome = check_text(&d, version, reason, "Isi dahulu alasannya; pemohon akan membacanya.");
    if (!outcome)
        outcome = clocks_extend(txn, &d.c, fault);
    if (!outcome)
        outcome = write_down(&d, "kabar", reason, &message_id);
    if (!outcome && route_of(office, &d.c).channel)
        outcome = send_word(&d, office, "perpanjangan", reason, message_id, &letter_row);
    if (!outcome)
        outcome = touch(&d, &d.c);
    return outcome ? outcome
                   : note_event(&d, &d.c, "perpanjang",
                         letter_row ? json_pack("{s:I}", "outbox", (json_int_t)letter_row) : NULL);
}

/* ---- a message in the wrong complaint ---- */

/* The message and whether it may leave its complaint. */
static enum outcome take_out(const struct doing *d, int64_t message_id, struct message *ret)
{
    enum outcome outcome = message_get(d->txn, message_id, ret, d->arena, d->fault);
    if (outcome)
        return outcome;
    if (ret->complaint_id != d->c.id)
        return refuse(d, "Pesan itu tidak ada di aduan ini.");
    if (!strcmp(ret->purpose, "aduan"))
        return refuse(d, "Pesan pertama tidak dapat dipindahkan; gabungkan saja aduannya.");
    if (strcmp(ret->purpose, "tambahan"))
        return refuse(d, "Hanya pesan dari pengadu yang dapat dipindahkan.");
    return OUTCOME_DONE;
}

enum outcome correspond_move(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    int64_t message_id, const char *to_number, struct arena *arena, struct fault *fault)
{
    struct doing d = {.txn = txn, .officer = officer, .arena = arena, .fault = fault};
    struct complaint to;
    struct message m;
    int64_t new_id;
    enum outcome outcome = begin(&d, complaint_id);
    if (!outcome)
        outcome = take_out(&d, message_id, &m);
    if (outcome)
        return outcome;
    if (blank(to_number))
        return refuse(&d, "Isi nomor aduan tujuan.");
    outcome = complaint_by_number(txn, to_number, &to, arena, fault);
    if (outcome)
        return outcome;
    if (to.id == d.c.id)
        return refuse(&d, other_wanted);
    outcome = classify_admit(txn, officer, &to, other_wanted, fault);
    if (!outcome)
        outcome = message_move(txn, &m, to.id, "tambahan", &new_id, fault);
    if (!outcome)
        outcome = touch(&d, &d.c);
    if (!outcome)
        outcome = touch(&d, &to);
    if (!outcome)
        outcome = note_event(&d, &d.c, "pesan_dipindah", json_pack("{s:s}", "to", to.number));
    if (!outcome)
        outcome = note_event(&d, &to, "pesan_diterima", json_pack("{s:s}", "from", d.c.number));
    return outcome ? outcome : tell_all_concerned(txn, &to, "tambahan", fault);
}

static const char *first_words(const struct doing *d, const char *text)
{
    size_t begin = strspn(text, " \t\r\n"), n = strcspn(text + begin, "\r\n");
    if (n > SUBJECT_BYTES)
        for (n = SUBJECT_BYTES; n && ((unsigned char)text[begin + n] & 0xc0) == 0x80;)
            n--;
    return n ? arena_strndup(d->arena, text + begin, n) : "(tanpa teks)";
}

static enum outcome open_own(const struct doing *d, const char *text, struct complaint *ret)
{
    struct clocks clocks;
    *ret = (struct complaint){.kind = d->c.kind,
        .confidentiality = d->c.confidentiality,
        .state = STATE_MASUK,
        .channel = d->c.channel,
        .reply_to = d->c.reply_to,
        .citizen_id = d->c.citizen_id,
        .related_id = d->c.id,
        .subject = first_words(d, text),
        .received_at = txn_now(d->txn)};
    if (!ret->subject)
        return fault_set(d->fault, OUTCOME_LATER, NULL, "no memory for a complaint");
    enum outcome outcome = clocks_prepare(d->txn, ret, &clocks, d->fault);
    if (!outcome)
        outcome = complaint_insert(d->txn, ret, d->arena, d->fault);
    return outcome ? outcome : clocks_begin(d->txn, ret, &clocks, d->fault);
}

/* Both histories, one letter to the citizen, and those who hear of every new complaint. note: for the letter, NULL = none. */
static enum outcome announce(const struct doing *d, const struct office *office, const struct complaint *own,
    const char *kind, const char *note)
{
    struct receipt receipt;
    bool queued;
    enum outcome outcome = note_event(d, &d->c, kind, json_pack("{s:s}", "to", own->number));
    if (!outcome)
        outcome = tell_citizen(d->txn, office, own, note, &receipt, d->arena, d->fault);
    json_t *data = outcome ? NULL
                           : json_pack("{s:s, s:s, s:s, s:s}", "channel", own->channel, "kind", own->kind,
                                 "state", "masuk", "from", d->c.number);
    if (data && receipt.outbox_id)
        json_object_set_new(data, "outbox", json_integer(receipt.outbox_id));
    if (!outcome)
        outcome = note_event(d, own, "masuk", data);
    if (!outcome)
        outcome = tell_held_back(d->txn, own, &receipt, d->fault);
    return outcome ? outcome : tell_superiors(d->txn, office, own, NULL, &queued, d->arena, d->fault);
}

enum outcome correspond_split(struct book_txn *txn, const struct office *office,
    const struct officer *officer, int64_t complaint_id, int64_t message_id, int64_t *ret_id,
    struct arena *arena, struct fault *fault)
{
    struct doing d = {.txn = txn, .officer = officer, .arena = arena, .fault = fault};
    struct complaint own;
    struct message m;
    int64_t new_id;
    enum outcome outcome = begin(&d, complaint_id);
    if (!outcome)
        outcome = take_out(&d, message_id, &m);
    if (!outcome)
        outcome = open_own(&d,
            m.subject && *m.subject ? m.subject
            : m.own_words           ? m.own_words
                                    : m.text,
            &own);
    if (!outcome)
        outcome = message_move(txn, &m, own.id, "aduan", &new_id, fault);
    if (!outcome)
        outcome = touch(&d, &d.c);
    if (!outcome)
        outcome = announce(&d, office, &own, "pesan_dipisah", NULL);
    if (!outcome)
        *ret_id = own.id;
    return outcome;
}

/* ---- two matters in one complaint ---- */

/* The officer marks the words; they and the files stay the citizen's, and stay where they were as well. */
static enum outcome write_second(
    const struct doing *d, const struct complaint *own, const struct message *first, const char *text)
{
    struct message m = {.complaint_id = own->id,
        .purpose = "aduan",
        .channel = own->channel,
        .officer_id = d->officer->id,
        .author = first->author,
        .text = text};
    struct attachment **last = &m.attachments;
    for (const struct attachment *f = first->attachments; f; f = f->next) {
        struct attachment *copy = arena_memdup(d->arena, f, sizeof *f);
        if (!copy)
            return fault_set(d->fault, OUTCOME_LATER, NULL, "no memory for the files of %s", d->c.number);
        copy->next = NULL;
        *last = copy;
        last = &copy->next;
    }
    return message_insert(d->txn, &m, d->fault);
}

bool correspond_may_divide(const struct officer *officer, const struct complaint *c)
{
    return correspond_may(officer) && state_find_move(c->state, ACTION_GABUNG, (int)officer->role);
}

enum outcome correspond_divide(struct book_txn *txn, const struct office *office,
    const struct officer *officer, int64_t complaint_id, int64_t version, const char *text, int64_t *ret_id,
    struct arena *arena, struct fault *fault)
{
    struct doing d = {.txn = txn, .officer = officer, .arena = arena, .fault = fault};
    struct complaint own;
    struct message *messages;
    size_t count = 0;
    enum outcome outcome = begin(&d, complaint_id);
    if (!outcome && version && version != d.c.version)
        return refuse(&d, ACT_CHANGED_MEANWHILE);
    if (!outcome)
        outcome = message_list(txn, complaint_id, &messages, &count, arena, fault);
    if (outcome)
        return outcome;
    if (!correspond_may_divide(officer, &d.c) || !count)
        return refuse(&d, "Aduan yang sudah didisposisikan atau selesai tidak dapat dibagi.");
    if (blank(text))
        return refuse(&d, "Isi dahulu hal kedua, dengan kata-kata pengadu.");
    if (strlen(text) > TEXT_MAX)
        return refuse(&d, "Teks terlalu panjang.");
    const char *note = arena_printf(arena,
        "Aduan Anda nomor %s memuat dua hal. Hal kedua kami catat tersendiri dengan nomor di atas; hal "
        "pertama tetap ditangani dengan nomor semula.",
        d.c.number);
    if (!note)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to divide %s", d.c.number);
    outcome = open_own(&d, text, &own);
    if (!outcome)
        outcome = write_second(&d, &own, &messages[0], text);
    if (!outcome)
        outcome = touch(&d, &d.c);
    if (!outcome)
        outcome = announce(&d, office, &own, "dibagi", note);
    if (!outcome)
        *ret_id = own.id;
    return outcome;
}

/* ---- a letter that did not arrive ---- */

enum outcome correspond_again(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    int64_t outbox_id, bool send, struct arena *arena, struct fault *fault)
{
    struct doing d = {.txn = txn, .officer = officer, .arena = arena, .fault = fault};
    struct outbox_row row;
    bool was = false;
    enum outcome outcome = begin(&d, complaint_id);
    if (!outcome)
        outcome = outbox_get(txn, outbox_id, &row, arena, fault);
    if (outcome)
        return outcome;
    bool open = !strcmp(row.state, "gagal") || !strcmp(row.state, "tidak_pasti");
    if (row.complaint_id != d.c.id || !open || row.handled_at)
        return refuse(&d, "Kiriman itu sudah ditangani. Muat ulang halaman ini.");
    outcome = send ? outbox_retry(txn, outbox_id, txn_now(txn), NULL, fault)
                   : outbox_handled(txn, outbox_id, &was, fault);
    return outcome ? outcome
                   : note_event(&d, &d.c, send ? "kirim_ulang" : "kiriman_diurus",
                         json_pack("{s:s}", "purpose", row.purpose));
}
