#include "compensate.h"
#include "act.h"
#include "classify_proposal.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "rules/words_date.h"
#include "rules/workday.h"
#include <string.h>

static const struct {
    const char *key, *words, *to_citizen;
} ways[] = {{"diantar", "diantar ke rumah", "diantar ke rumah Anda"},
    {"diambil", "diambil di kantor", "Anda ambil di kantor"}};

static int way_of(const char *key)
{
    for (int i = 0; i < (int)(sizeof ways / sizeof *ways); i++)
        if (!strcmp(ways[i].key, key))
            return i;
    return -1;
}

const char *compensate_way(const char *key)
{
    int way = way_of(key);
    return way < 0 ? NULL : ways[way].words;
}

const char *compensate_words(const struct compensation *c, bool to_citizen, struct arena *arena)
{
    char day[WORDS_DATE_SIZE];
    int way = way_of(c->way);
    words_date_long(day, sizeof day, workday_end_ms(c->day, 0), 0);
    return arena_printf(arena, "%s, %s pada %s.", c->what,
        way < 0      ? c->way
        : to_citizen ? ways[way].to_citizen
                     : ways[way].words,
        day);
}

bool compensate_may(const struct officer *officer, const struct complaint *c)
{
    return state_open(c->state) && (officer->role == ROLE_PETUGAS || officer->role == ROLE_KASI ||
                                       officer->role == ROLE_SEKCAM || officer->role == ROLE_SEKSI);
}

static enum outcome check(const struct complaint *c, const struct officer *officer,
    const struct compensating *typed, int32_t today, struct fault *fault)
{
    const char *wrong = NULL;
    if (!compensate_may(officer, c))
        wrong = "Kompensasi dicatat sebelum aduan dijawab, oleh yang menanganinya.";
    else if (!*typed->what)
        wrong = "Isi apa yang diganti.";
    else if (strlen(typed->what) > COMPENSATION_WHAT_MOST ||
             strlen(typed->receiver) > COMPENSATION_RECEIVER_MOST)
        wrong = "Isiannya terlalu panjang, mohon diringkas.";
    else if (way_of(typed->way) < 0)
        wrong = "Pilih bagaimana penggantinya sampai kepada pengadu.";
    else if (typed->day == INT32_MIN || typed->day > today)
        wrong = "Isi tanggal penyerahan, hari ini atau sebelumnya.";
    else if (!typed->files)
        wrong = "Unggah buktinya, misalnya foto penyerahan.";
    return wrong ? fault_set(fault, OUTCOME_NEVER, wrong, "compensation of %s refused", c->number)
                 : OUTCOME_DONE;
}

/* A note inside the house that has the proof. */
static enum outcome write_proof(struct book_txn *txn, const struct complaint *c,
    const struct officer *officer, const struct compensating *typed, const struct compensation *given,
    int64_t *ret_id, struct arena *arena, struct fault *fault)
{
    struct message m = {.complaint_id = c->id,
        .purpose = "laporan",
        .channel = c->channel,
        .officer_id = officer->id,
        .author = officer->name,
        .told_to = *typed->receiver ? typed->receiver : NULL};
    const char *words = compensate_words(given, false, arena);
    struct attachment **last = &m.attachments;
    m.text = words ? arena_printf(arena, "Kompensasi: %s", words) : NULL;
    enum outcome outcome =
        m.text ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a proof");
    for (const struct inbound_file *f = typed->files; f && !outcome; f = f->next) {
        struct attachment *a = arena_alloc(arena, sizeof *a);
        if (!a)
            return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a proof");
        *a = (struct attachment){.filename = f->filename, .media_type = f->media_type, .size = f->size};
        outcome = blob_put(txn, f->data, f->size, &a->blob, fault);
        *last = a;
        last = &a->next;
    }
    if (!outcome)
        outcome = message_insert(txn, &m, fault);
    *ret_id = m.id;
    return outcome;
}

/* By way and day: what and to whom are words, which the history does not keep. */
static enum outcome note(struct book_txn *txn, const struct complaint *c, const struct officer *officer,
    const struct compensation *given, struct arena *arena, struct fault *fault)
{
    const char *actor = arena_printf(arena, "%s:%s", role_key(officer->role), officer->login);
    json_t *data = json_pack("{s:s, s:i}", "way", given->way, "day", (int)given->day);
    enum outcome outcome = actor && data
                               ? event_append(txn, c->id, c->number, "kompensasi", actor, data, fault)
                               : fault_set(fault, OUTCOME_LATER, NULL, "no memory for an event");
    json_decref(data);
    return outcome;
}

enum outcome compensate(struct book_txn *txn, const struct office *office, const struct officer *officer,
    const struct compensating *typed, struct arena *arena, struct fault *fault)
{
    struct complaint c;
    struct compensation given = {.complaint_id = typed->complaint_id,
        .what = typed->what,
        .way = typed->way,
        .day = typed->day,
        .receiver = *typed->receiver ? typed->receiver : NULL,
        .officer_id = officer->id};
    enum outcome outcome = complaint_get(txn, typed->complaint_id, &c, arena, fault);
    if (!outcome)
        outcome = classify_admit(txn, officer, &c, ACT_NOT_HERE, fault);
    if (!outcome)
        outcome = check(&c, officer, typed, workday_of_ms(txn_now(txn), office->utc_offset_minutes), fault);
    if (!outcome)
        outcome = write_proof(txn, &c, officer, typed, &given, &given.message_id, arena, fault);
    if (!outcome)
        outcome = compensation_put(txn, &given, fault);
    if (!outcome)
        outcome = complaint_update(txn, &c, fault);
    return outcome ? outcome : note(txn, &c, officer, &given, arena, fault);
}
