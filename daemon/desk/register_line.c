#include "register_line.h"
#include "classify_proposal.h"
#include "daemon/base/json_read.h"
#include "daemon/book/citizen.h"
#include "daemon/book/message.h"
#include "route.h"
#include "rules/words_date.h"
#include "sight.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_ARENA = 1 << 20, COLUMNS = 18 };

static const char *const names[COLUMNS] = {"nomor", "diterima", "saluran", "jenis", "sifat", "nama",
    "pekerjaan", "alamat", "perihal", "tempat", "layanan", "seksi", "instruksi", "tindak_lanjut", "keadaan",
    "tenggat", "dijawab", "ditutup"};

/* OWASP's list of what begins a formula, and what hides one from the eye. */
static bool looks_like_formula(const char *value)
{
    value += strspn(value, " ");
    return *value && strchr("=+-@\t\r", *value);
}

static void add_cell(struct str *out, const char *value)
{
    str_adds(out, looks_like_formula(value) ? "\"'" : "\"");
    for (; *value; value++) {
        if (*value == '"')
            str_addc(out, '"');
        str_addc(out, *value);
    }
    str_addc(out, '"');
}

static void add_csv(struct str *out, const char *const values[COLUMNS])
{
    for (int i = 0; i < COLUMNS; i++) {
        if (i)
            str_addc(out, ',');
        add_cell(out, values[i] ? values[i] : "");
    }
    str_adds(out, "\r\n");
}

static void add_json(struct str *out, const char *const values[COLUMNS])
{
    json_t *object = json_object();
    for (int i = 0; i < COLUMNS; i++)
        json_object_set_new(object, names[i], values[i] ? json_string(values[i]) : json_null());
    char *text = json_text(object, JSON_COMPACT);
    json_decref(object);
    if (!text) {
        str_cut(out, 0);
        return;
    }
    str_adds(out, text);
    str_addc(out, '\n');
    free(text);
}

void register_line_head(enum register_format format, struct str *out)
{
    if (format == REGISTER_JSON)
        return;
    str_adds(out, "\xEF\xBB\xBF");
    add_csv(out, names);
}

static const char *moment(struct arena *arena, const struct office *office, int64_t ms)
{
    char words[WORDS_DATE_SIZE];
    if (!ms)
        return NULL;
    words_date_iso(words, sizeof words, ms, office->utc_offset_minutes);
    return arena_strdup(arena, words);
}

struct line {
    const struct office *office;
    const struct complaint *c;
    enum register_format format;
    bool identity;
    struct str *out;
    struct arena *arena;
};

static enum outcome add_line(struct book_txn *txn, const struct line *l, struct fault *fault)
{
    const struct complaint *c = l->c;
    struct citizen citizen = {0};
    const char *report = NULL;
    enum outcome outcome = l->identity && c->citizen_id
                               ? citizen_get(txn, c->citizen_id, &citizen, l->arena, fault)
                               : OUTCOME_DONE;
    if (!outcome)
        outcome = message_newest_text(txn, c->id, "laporan", &report, l->arena, fault);
    if (outcome)
        return outcome;
    const char *const values[COLUMNS] = {c->number, moment(l->arena, l->office, c->received_at),
        route_channel_label(c->channel), c->kind, c->confidentiality, citizen.nama, citizen.pekerjaan,
        citizen.alamat, c->subject, c->place, c->service, c->section, c->instruction, report,
        state_label(c->state), moment(l->arena, l->office, c->due_at),
        moment(l->arena, l->office, c->answered_at), moment(l->arena, l->office, c->closed_at)};
    if (l->format == REGISTER_CSV)
        add_csv(l->out, values);
    else
        add_json(l->out, values);
    return str_ok(l->out) && arena_ok(l->arena)
               ? OUTCOME_DONE
               : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a line of the register");
}

enum outcome register_line(struct book_txn *txn, const struct office *office, const struct officer *officer,
    const struct complaint *c, enum register_format format, struct str *out, struct fault *fault)
{
    bool sees = true;
    enum outcome outcome = officer ? classify_sight(txn, officer, c, &sees, fault) : OUTCOME_DONE;
    if (outcome || !sees)
        return outcome;
    struct arena *arena = arena_new(LINE_ARENA);
    if (!arena)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a line of the register");
    const struct line line = {.office = office,
        .c = c,
        .format = format,
        .identity = strcmp(c->confidentiality, "anonim") && strcmp(c->confidentiality, "rahasia") &&
                    (!officer || sight_identity(officer, c)),
        .out = out,
        .arena = arena};
    outcome = add_line(txn, &line, fault);
    arena_free(arena);
    return outcome;
}
