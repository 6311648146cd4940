#include "forget.h"
#include "daemon/book/compensation.h"
#include "daemon/book/event.h"
#include "daemon/book/publication.h"
#include "daemon/book/rights.h"
#include "daemon/book/undo.h"
#include "known.h"
#include <string.h>

struct forgetting {
    struct book_txn *txn;
    struct complaint c;
    struct known known;
    int64_t messages, files;
    struct forget_contents *contents;
    struct arena *arena;
    struct fault *fault;
};

static enum outcome strike(struct forgetting *f, const char **text)
{
    return known_strike(&f->known, *text, text, f->arena, f->fault);
}

static enum outcome strike_all(struct forgetting *f, const char **const texts[], size_t count)
{
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; i < count && !outcome; i++)
        outcome = strike(f, texts[i]);
    return outcome;
}

static enum outcome forget_files(struct forgetting *f, const struct message *m)
{
    enum outcome outcome = OUTCOME_DONE;
    int n = 0;
    for (const struct attachment *a = m->attachments; a && !outcome; a = a->next) {
        const char *name = arena_printf(f->arena, "lampiran-%d", ++n);
        outcome = name ? attachment_reword(f->txn, a->id, name, f->fault)
                       : fault_set(f->fault, OUTCOME_LATER, NULL, "no memory to forget files");
        if (!outcome)
            outcome = forget_content(f->txn, m, &a->blob, f->contents, f->fault);
        f->files++;
    }
    return outcome;
}

static enum outcome forget_message(struct forgetting *f, const struct message *m)
{
    struct message now = *m;
    bool officer = m->officer_id || !strcmp(m->author, "Sistem");
    const char **const texts[] = {&now.subject, &now.text, &now.own_words};
    enum outcome outcome = strike_all(f, texts, sizeof texts / sizeof *texts);
    if (outcome)
        return outcome;
    now.author = officer ? m->author : "Pengadu";
    now.told_to = m->told_to ? "[nama]" : NULL;
    f->messages++;
    outcome = message_reword(f->txn, m, &now, f->fault);
    if (!outcome && m->has_raw)
        outcome = forget_content(f->txn, m, &m->raw, f->contents, f->fault);
    return outcome ? outcome : forget_files(f, m);
}

static enum outcome forget_messages(struct forgetting *f)
{
    struct message *m;
    size_t count = 0;
    enum outcome outcome = message_list(f->txn, f->c.id, &m, &count, f->arena, f->fault);
    for (size_t i = 0; i < count && !outcome; i++)
        outcome = forget_message(f, &m[i]);
    return outcome;
}

/* A copy that is public was made without names and stays, but where the citizen himself asks to be forgotten. */
static enum outcome forget_publication(struct forgetting *f, const struct forget_list *list)
{
    struct publication p;
    enum outcome outcome = publication_get(f->txn, f->c.id, &p, f->arena, f->fault);
    if (outcome || !p.complaint_id)
        return outcome;
    bool withdrawn = p.withdrawn_at || list->request_id;
    const char **const texts[] = {&p.title, &p.problem, &p.result, &p.place};
    outcome = strike_all(f, texts, sizeof texts / sizeof *texts);
    if (!outcome)
        outcome = publication_put(f->txn, &p, f->fault);
    return outcome || !withdrawn ? outcome : publication_withdraw(f->txn, f->c.id, p.officer_id, f->fault);
}

static enum outcome forget_row(struct forgetting *f)
{
    f->c.place = f->c.place ? known_wide_place(f->c.place) : NULL; /* the rest may be somebody's house */
    const char **const texts[] = {&f->c.subject, &f->c.place, &f->c.occurred, &f->c.instruction};
    enum outcome outcome = strike_all(f, texts, sizeof texts / sizeof *texts);
    f->c.citizen_id = 0;
    f->c.reply_to = NULL;
    return outcome ? outcome : complaint_update(f->txn, &f->c, f->fault);
}

static enum outcome forget_compensation(struct forgetting *f)
{
    struct compensation given;
    enum outcome outcome = compensation_get(f->txn, f->c.id, &given, f->arena, f->fault);
    if (outcome || !given.complaint_id)
        return outcome;
    given.receiver = given.receiver ? "[nama]" : NULL;
    outcome = strike(f, &given.what);
    return outcome ? outcome : compensation_put(f->txn, &given, f->fault);
}

static enum outcome note(struct forgetting *f, const struct forget_list *list)
{
    json_t *data = json_pack("{s:I, s:s, s:I, s:I, s:I}", "list", (json_int_t)list->id, "basis", list->basis,
        "messages", (json_int_t)f->messages, "files", (json_int_t)f->files, "contents",
        (json_int_t)f->contents->emptied);
    enum outcome outcome =
        data ? event_append(f->txn, f->c.id, f->c.number, "lupakan", "sistem", data, f->fault)
             : fault_set(f->fault, OUTCOME_LATER, NULL, "no memory for an event");
    json_decref(data);
    return outcome;
}

enum outcome forget_complaint(struct book_txn *txn, const struct forget_list *list, int64_t complaint_id,
    struct forget_contents *contents, struct arena *arena, struct fault *fault)
{
    struct forgetting f = {.txn = txn, .contents = contents, .arena = arena, .fault = fault};
    contents->emptied = 0;
    enum outcome outcome = complaint_get(txn, complaint_id, &f.c, arena, fault);
    if (!outcome)
        outcome = known_of(txn, &f.c, true, &f.known, arena, fault);
    if (outcome)
        return outcome;
    const struct complaint before = f.c;
    outcome = forget_publication(&f, list);
    if (!outcome)
        outcome = forget_messages(&f);
    if (!outcome)
        outcome = forget_ways(txn, &before, fault);
    if (!outcome)
        outcome = forget_remarks(txn, complaint_id, fault);
    if (!outcome) /* it says what was there before */
        outcome = undo_remove(txn, complaint_id, fault);
    if (!outcome)
        outcome = forget_compensation(&f);
    if (!outcome)
        outcome = forget_row(&f);
    if (!outcome)
        outcome = forget_citizen(txn, before.citizen_id, complaint_id, fault);
    if (!outcome)
        outcome = privacy_forgotten(txn, complaint_id, fault);
    return outcome ? outcome : note(&f, list);
}
