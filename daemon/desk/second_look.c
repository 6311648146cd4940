#include "second_look.h"
#include "act.h"
#include "correspond.h"
#include "files.h"
#include "intake.h"
#include "site_form.h"
#include <stdlib.h>
#include <string.h>

bool second_look_may(const struct officer *officer)
{
    return correspond_may(officer);
}

static bool is_form(const struct set_aside *s)
{
    return !strcmp(s->channel, "situs");
}

bool second_look_opens(const struct set_aside *s)
{
    return !s->complaint_id && (!strncmp(s->channel, "email:", 6) || is_form(s));
}

static enum outcome admit(const struct officer *officer, struct fault *fault)
{
    return second_look_may(officer) ? OUTCOME_DONE
                                    : fault_set(fault, OUTCOME_NEVER, ACT_NOT_HERE, "a second look refused");
}

enum outcome second_look_seen(
    struct book_txn *txn, const struct officer *officer, int64_t id, struct arena *arena, struct fault *fault)
{
    struct set_aside s;
    enum outcome outcome = admit(officer, fault);
    if (!outcome)
        outcome = set_aside_get(txn, id, &s, arena, fault);
    return outcome ? outcome : set_aside_looked(txn, id, officer->id, fault);
}

/* All of a form is in its bytes. */
static enum outcome form_of(struct book_txn *txn, const struct set_aside *s, struct inbound *ret,
    struct arena *arena, struct fault *fault)
{
    void *raw;
    size_t size;
    enum outcome outcome = blob_get(txn, &s->raw, &raw, &size, fault);
    if (outcome)
        return outcome;
    *ret = (struct inbound){.kind = INBOUND_MESSAGE, .claimed_at = s->at};
    outcome = site_form_read(raw, size, ret, arena, fault);
    free(raw);
    return outcome;
}

static enum outcome message_of(struct book_txn *txn, const struct set_aside *s, struct inbound *ret,
    struct arena *arena, struct fault *fault)
{
    struct attachment *files;
    *ret = (struct inbound){.kind = INBOUND_MESSAGE,
        .identity_scheme = s->email ? "email" : NULL,
        .identity_value = s->email,
        .nama = s->name,
        .email = s->email,
        .reply_to = s->reply_to,
        .subject = s->subject,
        .text = s->words,
        .must_read = s->cut ? "Selengkapnya ada dalam pesan asli." : NULL,
        .claimed_at = s->at,
        .reference_scheme = "mail",
        .own_reference = s->reference,
        .authenticity = s->authenticity};
    enum outcome outcome = set_aside_files(txn, s->id, &files, arena, fault);
    return outcome ? outcome : files_get(txn, files, &ret->files, arena, fault);
}

enum outcome second_look_open(struct book_txn *txn, const struct office *office,
    const struct officer *officer, int64_t id, int64_t *ret_complaint_id, struct arena *arena,
    struct fault *fault)
{
    struct set_aside s;
    int64_t message_id;
    struct intake_result result;
    const char *actor = arena_printf(arena, "%s:%s", role_key(officer->role), officer->login);
    enum outcome outcome = admit(officer, fault);
    if (!outcome && !actor)
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for an actor");
    if (!outcome)
        outcome = set_aside_get(txn, id, &s, arena, fault);
    if (outcome)
        return outcome;
    *ret_complaint_id = s.complaint_id;
    if (s.complaint_id)
        return OUTCOME_DONE;
    if (!second_look_opens(&s))
        return fault_set(
            fault, OUTCOME_NEVER, "Ini bukan surat; catat lewat loket bila perlu.", "not a mail");
    struct inbound in;
    outcome = (is_form(&s) ? form_of : message_of)(txn, &s, &in, arena, fault);
    if (!outcome)
        outcome = intake_open(txn, office, s.channel, &in, &s.raw, actor, &result, &message_id, arena, fault);
    if (!outcome)
        outcome = set_aside_opened(txn, id, result.complaint_id, message_id, fault);
    if (!outcome)
        outcome = set_aside_looked(txn, id, officer->id, fault);
    if (!outcome)
        *ret_complaint_id = result.complaint_id;
    return outcome;
}
