#include "lapor_import.h"
#include "daemon/book/arrival.h"
#include "daemon/book/complaint.h"
#include "daemon/book/event.h"
#include "daemon/book/origin.h"
#include "intake.h"
#include "rules/phone.h"
#include "rules/text_address.h"
#include "rules/workday.h"
#include <string.h>
#include <strings.h>

enum { NAME_MOST = 200, PLACE_MOST = 300 };
static const char channel[] = "lapor";

/* One line on its way. */
struct reading {
    struct book_txn *txn;
    const struct office *office;
    const struct csv_row *row;
    const int *columns;
    struct lapor_line *line;
    struct arena *arena;
};

/* NULL = blank, or no such column. */
static const char *value(const struct reading *r, enum lapor_column column)
{
    const char *text = r->columns[column] >= 0 ? r->row->fields[r->columns[column]] : "";
    return *text && strcmp(text, "-") != 0 ? text : NULL;
}

static const char *within(const struct reading *r, enum lapor_column column, size_t most)
{
    const char *text = value(r, column);
    if (text && strlen(text) > most)
        r->line->problem = arena_printf(r->arena, "%s terlalu panjang.", lapor_column_label(column));
    return text;
}

static void read_number(const struct reading *r)
{
    char number[LAPOR_NUMBER_SIZE];
    const char *typed = value(r, LAPOR_NUMBER);
    if (!typed)
        r->line->problem = "Nomor laporan kosong.";
    else if (!lapor_number(typed, number))
        r->line->problem = "Nomor laporan tidak terbaca; harus angka saja.";
    else
        r->line->number = arena_strdup(r->arena, number);
}

static void read_words(const struct reading *r)
{
    const char *text = value(r, LAPOR_TEXT), *title = value(r, LAPOR_TITLE);
    r->line->in.text = text && title ? arena_printf(r->arena, "%s\n\n%s", title, text) : text ? text : title;
    r->line->in.subject = title;
    if (!text && !title && !r->line->problem)
        r->line->problem = "Isi laporan kosong.";
}

static void read_date(const struct reading *r)
{
    const char *typed = value(r, LAPOR_DATE);
    int32_t today = workday_of_ms(txn_now(r->txn), r->office->utc_offset_minutes), day = 0;
    if (!typed)
        return;
    if (!lapor_date(typed, &day))
        r->line->problem = "Tanggal tidak terbaca; tulis seperti 20-11-2026.";
    else if (day > today)
        r->line->problem = "Tanggal laporan belum tiba.";
    r->line->dated = day;
    r->line->in.claimed_at = day ? workday_end_ms(day, r->office->utc_offset_minutes) : 0;
}

static bool hides(const char *name)
{
    return !name || !strncasecmp(name, "anonim", 6) || !strncasecmp(name, "rahasia", 7);
}

static void read_person(const struct reading *r)
{
    struct inbound *in = &r->line->in;
    const char *name = within(r, LAPOR_NAME, NAME_MOST), *typed = value(r, LAPOR_PHONE);
    const char *email = value(r, LAPOR_EMAIL);
    char phone[PHONE_MAX];
    in->confidentiality = !hides(name)                               ? "biasa"
                          : name && !strncasecmp(name, "rahasia", 7) ? "rahasia"
                                                                     : "anonim";
    in->nama = hides(name) ? NULL : name;
    in->alamat = within(r, LAPOR_ADDRESS, PLACE_MOST);
    in->place = within(r, LAPOR_PLACE, PLACE_MOST);
    if (typed && !phone_from_human(typed, phone))
        r->line->problem = "Nomor telepon tidak terbaca.";
    else if (typed)
        in->phone = in->identity_value = arena_strdup(r->arena, phone);
    in->identity_scheme = in->phone ? "phone" : NULL;
    if (email && !text_address_plausible(email))
        r->line->problem = "Alamat e-mail tidak lengkap.";
    in->email = email;
}

static void read_line(const struct reading *r)
{
    r->line->line = r->row->line;
    r->line->in = (struct inbound){.kind = INBOUND_MESSAGE,
        .raw = r->row->source,
        .raw_size = r->row->source_size,
        .kind_word = "pengaduan"};
    read_person(r);
    read_date(r);
    read_words(r);
    read_number(r);
    r->line->in.external = r->line->number;
}

static enum outcome look_up(const struct reading *r, struct fault *fault)
{
    bool known;
    struct complaint c;
    enum outcome outcome =
        arrival_find(r->txn, channel, r->line->number, NULL, &known, &r->line->complaint_id, fault);
    if (outcome || !known || !r->line->complaint_id)
        return outcome;
    outcome = complaint_get(r->txn, r->line->complaint_id, &c, r->arena, fault);
    r->line->known = outcome ? NULL : c.number;
    return outcome;
}

static const char *said_before(
    const struct lapor_list *list, const struct lapor_line *line, struct arena *arena)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->lines[i].number && !strcmp(list->lines[i].number, line->number))
            return arena_printf(arena, "Nomor itu sudah ada di baris %d.", list->lines[i].line);
    return NULL;
}

enum outcome lapor_import_check(struct book_txn *txn, const struct office *office, const struct csv *csv,
    const int columns[LAPOR_COLUMNS], struct lapor_list *ret, struct arena *arena, struct fault *fault)
{
    *ret = (struct lapor_list){.lines = arena_alloc(arena, csv->count * sizeof *ret->lines)};
    for (size_t i = 1; i < csv->count && arena_ok(arena); i++) {
        struct lapor_line *line = &ret->lines[ret->count];
        const struct reading r = {txn, office, &csv->rows[i], columns, line, arena};
        read_line(&r);
        if (line->number && !line->problem)
            line->problem = said_before(ret, line, arena);
        enum outcome outcome = line->number && !line->problem ? look_up(&r, fault) : OUTCOME_DONE;
        if (outcome)
            return outcome;
        *(line->problem ? &ret->wrong : line->known ? &ret->known : &ret->ready) += 1;
        ret->count++;
    }
    return arena_ok(arena) ? OUTCOME_DONE
                           : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a list of lapor");
}

static enum outcome record(struct book_txn *txn, const struct office *office, const struct intake_way *way,
    struct lapor_line *line, struct arena *arena, struct fault *fault)
{
    struct intake_result result;
    const struct origin origin = {line->number, line->dated};
    enum outcome outcome = intake_record(txn, office, channel, &line->in, way, &result, arena, fault);
    if (!outcome && !strcmp(result.outcome, "dibuka"))
        outcome = origin_put(txn, result.complaint_id, &origin, fault);
    line->known = result.number;
    line->complaint_id = result.complaint_id;
    return outcome;
}

enum outcome lapor_import_record(struct book_txn *txn, const struct office *office, const char *actor,
    struct lapor_list *list, struct arena *arena, struct fault *fault)
{
    const struct intake_way way = {.actor = actor};
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; i < list->count && !outcome; i++)
        if (!list->lines[i].problem && !list->lines[i].known)
            outcome = record(txn, office, &way, &list->lines[i], arena, fault);
    if (outcome || !list->ready)
        return outcome;
    json_t *data = json_pack("{s:I, s:I, s:I}", "dicatat", (json_int_t)list->ready, "sudah_ada",
        (json_int_t)list->known, "salah", (json_int_t)list->wrong);
    outcome = event_append(txn, 0, NULL, "lapor_diimpor", actor, data, fault);
    json_decref(data);
    return outcome;
}
