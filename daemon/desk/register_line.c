#include "register_line.h"
#include "classify_proposal.h"
#include "daemon/base/json_read.h"
#include "daemon/book/citizen.h"
#include "daemon/book/message.h"
#include "register_job.h"
#include "print_job.h"
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
    if (format != REGISTER_CSV)
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

/* ---- rows of a job ---- */

static void add_row(struct str *out, json_t *cells)
{
    print_job_add(out, json_pack("{s:s, s:[o]}", "block", "rows", "rows", cells));
}

static void add_sheet(struct str *out, const char *const values[COLUMNS])
{
    json_t *cells = json_array();
    for (int i = 0; i < COLUMNS; i++)
        json_array_append_new(cells, json_string(values[i] ? values[i] : ""));
    add_row(out, cells);
}

static const char *short_date(const struct line *l, int64_t ms)
{
    char words[WORDS_DATE_SIZE];
    if (!ms)
        return "–";
    words_date_table(words, sizeof words, ms, l->office->utc_offset_minutes);
    return arena_strdup(l->arena, words);
}

/* Both, on lines of their own. */
static const char *two(const struct line *l, const char *first, const char *second)
{
    bool both = first && *first && second && *second;
    return arena_printf(l->arena, "%s%s%s", first ? first : "", both ? "\n" : "", second ? second : "");
}

static const char *who(const struct line *l, const struct citizen *citizen)
{
    if (!strcmp(l->c->confidentiality, "anonim"))
        return "Anonim";
    return l->identity ? two(l, citizen->nama, citizen->pekerjaan) : "Rahasia";
}

/* As the paper book has its columns; the last one is left for a signature. */
static void add_paper(
    struct book_txn *txn, const struct line *l, const struct citizen *citizen, const char *report)
{
    const struct complaint *c = l->c;
    bool open = state_open(c->state), waits = c->state == STATE_PERLU_DILENGKAPI,
         late = open && !waits && c->due_at && c->due_at < txn_now(txn);
    const char *const cells[] = {c->number, short_date(l, c->received_at),
        print_job_capital(route_channel_label(c->channel), l->arena), who(l, citizen), citizen->alamat,
        c->subject, two(l, c->section, c->instruction), report, late ? "Terlambat" : state_label(c->state),
        short_date(l, c->answered_at), ""};
    json_t *row = json_array();
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        json_array_append_new(row, json_string(cells[i] ? cells[i] : ""));
    json_array_append_new(row, json_integer(!open ? REGISTER_DONE : late ? REGISTER_LATE : REGISTER_GOING));
    add_row(l->out, row);
}

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
    else if (l->format == REGISTER_JSON)
        add_json(l->out, values);
    else if (l->format == REGISTER_SHEET)
        add_sheet(l->out, values);
    else
        add_paper(txn, l, &citizen, report);
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
