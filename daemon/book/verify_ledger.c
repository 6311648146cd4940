/* Ledger, complaints, register and outbox against each other: what the daemon writes in one transaction must lie there
 * together. A fault here that the journal does not know is a bug of ours. */
#include "rules/register.h"
#include "rules/state.h"
#include "stmt.h"
#include "verify_private.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum outcome verify_pass(struct verify *v, struct book_txn *txn, struct stmt s, int64_t *id, verify_look *see,
    bool *ret_through, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    bool more = true;
    stmt_int(&s, *id);
    while (!outcome && !verify_pause(v) && (more = stmt_row(&s))) {
        *id = stmt_int_at(&s, 0);
        outcome = see(v, txn, &s, fault);
        if (!outcome)
            outcome = verify_ended(txn, fault);
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    *ret_through = !more;
    return outcome ? outcome : closed;
}

enum outcome verify_odd(
    struct book_txn *txn, const struct stmt *row, const char *table, const char *why, struct fault *fault)
{
    char whose[96], what[280];
    int64_t id = stmt_int_at(row, 0);
    verify_whose(txn, stmt_int_at(row, 1), whose);
    snprintf(what, sizeof what, "tabel %s, baris %" PRId64 "%s%s: %s", table, id, whose[0] ? " milik " : "",
        whose, why);
    return verify_damaged(fault, what, "%s %" PRId64 ": %s", table, id, why);
}

static bool is_text(const struct stmt *row, int column, const char *text)
{
    const char *value = stmt_peek_text(row, column);
    return value && !strcmp(value, text);
}

/* ---- the ledger ---- */

/* What became of an arrival. The first message of a complaint stays where it is; a later one may have been moved to
 * another complaint since, or begun one of its own. */
static const struct {
    const char *outcome, *purposes[3];
    bool may_be_none;
} became[] = {
    {"dibuka", {"aduan"}, false},
    {"ditambahkan", {"tambahan", "aduan", "jawaban"}, false},
    {"dicatat", {"tambahan", "aduan"}, true}, /* with a message: a machine's reply about a complaint */
    {"ganda", {NULL}, true},
    {"diabaikan", {NULL}, true},
    {"dikarantina", {NULL}, true},
};

/* Columns: id, complaint, outcome, message, message's complaint, its purpose, of an answer: whether an officer can have
 * written it on the office's telephone. */
static const char *arrival_fault(const struct stmt *row)
{
    enum { OUTCOMES = sizeof became / sizeof *became, PURPOSES = 3 };
    size_t i = 0, k = 0;
    while (i < OUTCOMES && !is_text(row, 2, became[i].outcome))
        i++;
    if (i == OUTCOMES)
        return "hasilnya tidak dikenal";
    if (!stmt_int_at(row, 3))
        return became[i].may_be_none ? NULL : "pesannya tidak ada";
    if (!*became[i].purposes)
        return "tidak mungkin memuat pesan";
    if (stmt_int_at(row, 4) != stmt_int_at(row, 1) || !stmt_int_at(row, 1))
        return "pesannya milik aduan lain";
    while (k < PURPOSES && became[i].purposes[k] && !is_text(row, 5, became[i].purposes[k]))
        k++;
    if (k == PURPOSES || !became[i].purposes[k])
        return "pesannya bukan pesan yang dapat datang begitu";
    return is_text(row, 5, "jawaban") && !stmt_int_at(row, 6) ? "jawabannya tidak ditulis di telepon kantor"
                                                              : NULL;
}

static enum outcome see_arrival(struct verify *v, struct book_txn *txn, struct stmt *row, struct fault *fault)
{
    const char *why = arrival_fault(row);
    if (why)
        return verify_odd(txn, row, "arrival", why, fault);
    if (!stmt_int_at(row, 3))
        return OUTCOME_DONE;
    struct stmt s =
        stmt_open(v->scratch, "INSERT INTO arrived (message_id) VALUES (?1) ON CONFLICT DO NOTHING");
    stmt_int(&s, stmt_int_at(row, 3));
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome && !stmt_changes(v->scratch))
        outcome = verify_odd(txn, row, "arrival", "pesannya sudah dicatat oleh baris lain", fault);
    return outcome;
}

static enum outcome read_arrivals(struct verify *v, struct book_txn *txn, bool *ret_all, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT a.id, a.complaint_id, a.outcome, a.message_id, m.complaint_id, m.purpose,"
                       " CASE WHEN m.purpose = 'jawaban' THEN m.officer_id IS NULL AND m.channel = a.channel"
                       "  AND a.channel GLOB 'gateway:*' AND NOT EXISTS (SELECT 1 FROM outbox o"
                       "  WHERE o.complaint_id = m.complaint_id AND o.message_id = m.id) END"
                       " FROM arrival a LEFT JOIN message m ON m.id = a.message_id"
                       " WHERE a.id > ?1 ORDER BY a.id");
    return verify_pass(v, txn, s, &v->arrival_id, see_arrival, ret_all, fault);
}

enum outcome verify_arrivals(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    if (!v->place.step++)
        outcome = stmt_exec(v->scratch, "CREATE TABLE arrived (message_id INTEGER PRIMARY KEY)", fault);
    return outcome ? outcome : read_arrivals(v, txn, ret_through, fault);
}

static enum outcome has_arrived(struct verify *v, int64_t message_id, bool *ret_has, struct fault *fault)
{
    struct stmt s = stmt_open(v->scratch, "SELECT 1 FROM arrived WHERE message_id = ?1");
    stmt_int(&s, message_id);
    *ret_has = stmt_row(&s);
    return stmt_close(&s, fault);
}

/* Columns: id, complaint, purpose, whether an officer wrote it here. The first one of a complaint is the complaint
 * itself. What nobody wrote here came from outside: a citizen's words, and answers given on the office's telephone. */
static enum outcome see_message(struct verify *v, struct book_txn *txn, struct stmt *row, struct fault *fault)
{
    int64_t id = stmt_int_at(row, 0), complaint_id = stmt_int_at(row, 1), share = INT64_C(65536);
    bool first = is_text(row, 2, "aduan"), arrived = true;
    enum outcome outcome = OUTCOME_DONE;
    if (id / share != complaint_id)
        return verify_odd(txn, row, "message", "nomornya bukan milik aduan ini", fault);
    if (first != (id % share == 1))
        return verify_odd(txn, row, "message", "aduan tidak dimulai dengan pesan pengadu", fault);
    bool divided =
        first && stmt_int_at(row, 3); /* the second matter of another complaint: that one has arrived */
    if ((first && !divided) || is_text(row, 2, "tambahan") ||
        (is_text(row, 2, "jawaban") && !stmt_int_at(row, 3)))
        outcome = has_arrived(v, id, &arrived, fault);
    v->report->messages += !outcome;
    return outcome || arrived
               ? outcome
               : verify_odd(txn, row, "message", "tidak ada kedatangannya di buku besar", fault);
}

/* The ledger is read on first: the arrival of a message this snapshot shows is in it. */
enum outcome verify_messages(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    bool all = false;
    enum outcome outcome = read_arrivals(v, txn, &all, fault);
    if (outcome || !all)
        return outcome;
    struct stmt s =
        stmt_open(txn, "SELECT id, complaint_id, purpose, officer_id FROM message WHERE id > ?1 ORDER BY id");
    return verify_pass(v, txn, s, &v->place.id, see_message, ret_through, fault);
}

/* ---- complaints and their numbers ---- */

static bool is_sequence(const char *digits, size_t n, int64_t sequence)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, sequence);
    while (n && *digits == '0') {
        digits++;
        n--;
    }
    return n == strlen(text) && !memcmp(digits, text, n);
}

/* Does the number carry this sequence? Its form may have changed within the year: any run of digits will do, and the
 * year may stand in one run with it (PGD2026014). */
static bool carries(const char *number, int year, int64_t sequence)
{
    char text[12];
    size_t n, of_year = (size_t)snprintf(text, sizeof text, "%04d", year);
    for (const char *p = number + strcspn(number, "0123456789"); *p; p += n + strcspn(p + n, "0123456789")) {
        n = strspn(p, "0123456789");
        bool first = n > of_year && !memcmp(p, text, of_year);
        bool last = n > of_year && !memcmp(p + n - of_year, text, of_year);
        if (is_sequence(p, n, sequence) || (first && is_sequence(p + of_year, n - of_year, sequence)) ||
            (last && is_sequence(p, n - of_year, sequence)))
            return true;
    }
    return false;
}

/* The year's place in the register; NULL when there are more years than anybody keeps a book. */
static struct verify_year *year_of(struct verify *v, int year)
{
    int i = 0;
    while (i < v->place.year_count && v->place.years[i].year != year)
        i++;
    if (i == VERIFY_YEARS)
        return NULL;
    if (i == v->place.year_count)
        v->place.years[v->place.year_count++] = (struct verify_year){.year = year};
    return &v->place.years[i];
}

/* Whether the number is the next one of the register at that time. */
static bool next_at(struct verify *v, const struct book_txn *txn, int64_t at, const char *number)
{
    char usual[REGISTER_NUMBER_SIZE];
    int year, month;
    register_period(at, txn->options->utc_offset_minutes, &year, &month);
    struct verify_year *of = year_of(v, year);
    if (!of)
        return false;
    register_number(usual, txn->options->number_format, of->last + 1, year, month);
    if (strcmp(number, usual) != 0 && !carries(number, year, of->last + 1))
        return false;
    of->last++;
    return true;
}

/* Numbers are given in the order of ids, one after another within a year. The year is that of the clock when the
 * complaint was written: a clock that was wrong for a while opens another year's register and comes back to the first.
 * Columns: id, id, number, when it was written. */
static enum outcome see_number(struct verify *v, struct book_txn *txn, struct stmt *row, struct fault *fault)
{
    enum { DAY_MS = 24 * 60 * 60 * 1000 }; /* the office may have moved to another zone meanwhile */
    const char *number = stmt_peek_text(row, 2);
    int64_t at = stmt_int_at(row, 3);
    if (next_at(v, txn, at, number) || next_at(v, txn, at - DAY_MS, number) ||
        next_at(v, txn, at + DAY_MS, number))
        return OUTCOME_DONE;
    return verify_odd(txn, row, "complaint", "nomor register sebelumnya hilang", fault);
}

/* Columns: id, id, number, when it was written, state, state by its history, openings, letters that are not there. */
static enum outcome see_complaint(
    struct verify *v, struct book_txn *txn, struct stmt *row, struct fault *fault)
{
    enum state state;
    if (stmt_int_at(row, 6) != 1)
        return verify_odd(txn, row, "complaint", "riwayatnya tidak dimulai satu kali", fault);
    enum outcome outcome = see_number(v, txn, row, fault);
    if (outcome)
        return outcome;
    if (!state_from_key(stmt_peek_text(row, 4), &state) || !is_text(row, 5, stmt_peek_text(row, 4)))
        return verify_odd(txn, row, "complaint", "keadaannya lain dari riwayatnya", fault);
    if (!stmt_int_at(row, 7))
        return verify_odd(txn, row, "complaint", "isinya tidak ada", fault);
    if (stmt_int_at(row, 8))
        return verify_odd(txn, row, "complaint", "surat dalam riwayatnya tidak ada di kotak keluar", fault);
    v->report->complaints++;
    return OUTCOME_DONE;
}

/* The register's last numbers, in the snapshot in which the last complaint was seen. */
static enum outcome check_register(struct verify *v, struct book_txn *txn, struct fault *fault)
{
    bool right = true;
    int64_t open = 0, kept = 0;
    for (int i = 0; i < v->place.year_count; i++)
        open += v->place.years[i].last > 0;
    struct stmt s = stmt_open(txn, "SELECT year, last FROM register_sequence ORDER BY year");
    for (; stmt_row(&s); kept++) {
        const struct verify_year *of = year_of(v, (int)stmt_int_at(&s, 0));
        right = right && of && of->last == stmt_int_at(&s, 1);
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (outcome || (right && open == kept))
        return outcome;
    return verify_damaged(fault, "nomor register terakhir tidak cocok dengan aduan yang ada",
        "register_sequence does not fit the complaints");
}

enum outcome verify_complaints(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "SELECT c.id, c.id, c.number,"
        " (SELECT e.at FROM event e WHERE e.complaint_id = c.id AND e.kind = 'masuk'), c.state,"
        " (SELECT json_extract(e.data, '$.state') FROM event e WHERE e.complaint_id = c.id AND "
        "json_valid(e.data)"
        "  AND json_extract(e.data, '$.state') IS NOT NULL ORDER BY e.id DESC LIMIT 1),"
        " (SELECT count(*) FROM event e WHERE e.complaint_id = c.id AND e.kind = 'masuk'),"
        " (SELECT count(*) FROM message m WHERE m.id = c.id * 65536 + 1),"
        " (SELECT count(*) FROM event e WHERE e.complaint_id = c.id AND json_valid(e.data)"
        "  AND json_extract(e.data, '$.outbox') IS NOT NULL AND NOT EXISTS"
        "  (SELECT 1 FROM outbox o WHERE o.id = json_extract(e.data, '$.outbox') AND o.complaint_id = c.id"
        "   AND o.purpose = CASE e.kind WHEN 'masuk' THEN 'tanda_terima' WHEN 'tanya' THEN 'pertanyaan'"
        "    WHEN 'rujuk' THEN 'rujukan' WHEN 'tutup' THEN 'penutup' WHEN 'arsipkan' THEN 'diarsipkan' WHEN "
        "'kabar_sementara' THEN 'sementara' WHEN 'perpanjang' THEN 'perpanjangan'"
        "    ELSE 'jawaban' END))"
        " FROM complaint c WHERE c.id > ?1 ORDER BY c.id");
    enum outcome outcome = verify_pass(v, txn, s, &v->place.id, see_complaint, ret_through, fault);
    return outcome || !*ret_through ? outcome : check_register(v, txn, fault);
}

/* ---- the outbox ---- */

/* Columns: id, complaint, state, attempts, purpose, payload is JSON, message's complaint (-1 = no message), its purpose,
 * event of a feed row, that event's complaint (-1 = no such event). */
static const char *outbox_fault(const struct stmt *row)
{
    static const char *const states[] = {
        "antre", "tidak_pasti", "dibatalkan", "mengirim", "diterima", "gagal", "sampai", "dibaca"};
    enum { NEVER_TRIED = 3 }; /* the first ones */
    size_t state = 0;
    while (state < sizeof states / sizeof *states && !is_text(row, 2, states[state]))
        state++;
    if (state == sizeof states / sizeof *states || (state >= NEVER_TRIED && stmt_int_at(row, 3) < 1))
        return "keadaan yang tidak mungkin";
    if (!stmt_int_at(row, 5))
        return "isinya tidak dapat dibaca";
    if (stmt_int_at(row, 6) >= 0 && stmt_int_at(row, 6) != stmt_int_at(row, 1))
        return "pesannya milik aduan lain";
    if (is_text(row, 4, "peristiwa"))
        return stmt_int_at(row, 8) == stmt_int_at(row, 1) ? NULL : "peristiwanya tidak ada";
    bool letter = is_text(row, 4, "pertanyaan") || is_text(row, 4, "jawaban");
    return letter && !is_text(row, 7, stmt_peek_text(row, 4)) ? "pesannya tidak ada" : NULL;
}

static enum outcome see_outbox(struct verify *v, struct book_txn *txn, struct stmt *row, struct fault *fault)
{
    const char *why = outbox_fault(row);
    (void)v;
    return why ? verify_odd(txn, row, "outbox", why, fault) : OUTCOME_DONE;
}

enum outcome verify_outbox(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "SELECT o.id, o.complaint_id, o.state, o.attempts, o.purpose, json_valid(o.payload),"
        " coalesce(m.complaint_id, -1), m.purpose,"
        " CASE WHEN o.purpose = 'peristiwa' AND json_valid(o.payload) THEN coalesce((SELECT "
        "coalesce(e.complaint_id, 0)"
        "  FROM event e WHERE e.id = json_extract(o.payload, '$.event.id')), -1) END"
        " FROM outbox o LEFT JOIN message m ON m.id = o.message_id WHERE o.id > ?1 ORDER BY o.id");
    return verify_pass(v, txn, s, &v->place.id, see_outbox, ret_through, fault);
}

/* ---- clocks ---- */

/* Columns: id, complaint, its state, its due date, promise, law, date given, whether it runs, the calendar's version. */
static const char *clock_fault(const struct stmt *row)
{
    enum state state;
    int64_t due = 0;
    if (!state_from_key(stmt_peek_text(row, 2), &state))
        return NULL; /* said of the complaint */
    bool open = state_open(state), runs = stmt_int_at(row, 7) != 0;
    if (runs != (open || state == STATE_DIJAWAB))
        return "jam aduan lain dari keadaannya";
    for (int limit = 4; limit <= 6; limit++) {
        int64_t at = stmt_int_at(row, limit);
        due = at && (!due || at < due) ? at : due;
    }
    return open && stmt_int_at(row, 8) && due != stmt_int_at(row, 3) ? "tenggatnya lain dari aduannya" : NULL;
}

static enum outcome see_clock(struct verify *v, struct book_txn *txn, struct stmt *row, struct fault *fault)
{
    const char *why = clock_fault(row);
    (void)v;
    return why ? verify_odd(txn, row, "clock", why, fault) : OUTCOME_DONE;
}

enum outcome verify_clocks(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "SELECT k.complaint_id, k.complaint_id, c.state, c.due_at, k.promise_at, k.law_at, k.given_at,"
        " k.running, k.version FROM clock k JOIN complaint c ON c.id = k.complaint_id"
        " WHERE k.complaint_id > ?1 ORDER BY k.complaint_id");
    return verify_pass(v, txn, s, &v->place.id, see_clock, ret_through, fault);
}

/* ---- bookmarks ---- */

/* A bookmark is the name of an arrival that was written with it: everything up to it is in the ledger. */
enum outcome verify_bookmarks(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    (void)v;
    *ret_through = true;
    struct stmt s =
        stmt_open(txn, "SELECT b.channel FROM bookmark b WHERE b.channel GLOB 'email:*' AND NOT EXISTS"
                       " (SELECT 1 FROM arrival a WHERE a.channel = b.channel AND a.external = b.value)");
    if (stmt_row(&s)) {
        char what[280];
        snprintf(
            what, sizeof what, "batas baca saluran %.80s tidak ada di buku besar", stmt_peek_text(&s, 0));
        outcome = verify_damaged(fault, what, "bookmark without its arrival");
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

/* ---- blobs and who names them ---- */

enum { NAMERS = 4 };

/* Columns: id, digest. */
static enum outcome see_name(struct verify *v, struct book_txn *txn, struct stmt *row, struct fault *fault)
{
    size_t size;
    (void)txn;
    const void *digest = stmt_peek_blob(row, 1, &size);
    struct stmt s = stmt_open(v->scratch, "INSERT INTO named (sha256) VALUES (?1) ON CONFLICT DO NOTHING");
    stmt_blob(&s, digest, size);
    return stmt_run(&s, fault);
}

static struct stmt open_names(struct book_txn *txn, int namer)
{
    switch (namer) {
    case 0:
        return stmt_open(
            txn, "SELECT id, raw_sha256 FROM message WHERE id > ?1 AND raw_sha256 IS NOT NULL ORDER BY id");
    case 1:
        return stmt_open(txn, "SELECT id, sha256 FROM set_aside_file WHERE id > ?1 ORDER BY id");
    case 2:
        return stmt_open(txn, "SELECT id, sha256 FROM attachment WHERE id > ?1 ORDER BY id");
    default:
        return stmt_open(
            txn, "SELECT id, raw_sha256 FROM arrival WHERE id > ?1 AND raw_sha256 IS NOT NULL ORDER BY id");
    }
}

/* Only blobs that were there before the names are gathered are judged: theirs were written with them. */
enum outcome verify_named(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    bool all = false;
    enum outcome outcome = OUTCOME_DONE;
    if (!v->place.step++) {
        outcome = stmt_exec(v->scratch, "CREATE TABLE named (sha256 BLOB PRIMARY KEY) WITHOUT ROWID", fault);
        struct stmt s = stmt_open(txn, "SELECT max(rowid) FROM blob");
        v->newest_blob = stmt_row(&s) ? stmt_int_at(&s, 0) : 0;
        enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
        outcome = outcome ? outcome : closed;
    }
    if (!outcome)
        outcome = verify_pass(v, txn, open_names(txn, v->place.table), &v->place.id, see_name, &all, fault);
    if (outcome || !all)
        return outcome;
    v->place.id = 0;
    *ret_through = ++v->place.table == NAMERS;
    return OUTCOME_DONE;
}

/* Columns: rowid, 0, digest as text. */
static enum outcome see_blob(struct verify *v, struct book_txn *txn, struct stmt *row, struct fault *fault)
{
    size_t size;
    char what[160];
    (void)txn;
    if (stmt_int_at(row, 0) > v->newest_blob)
        return OUTCOME_DONE;
    const void *digest = stmt_peek_blob(row, 1, &size);
    struct stmt s = stmt_open(v->scratch, "SELECT 1 FROM named WHERE sha256 = ?1");
    stmt_blob(&s, digest, size);
    bool named = stmt_row(&s);
    enum outcome outcome = stmt_close(&s, fault);
    if (outcome || named)
        return outcome;
    snprintf(what, sizeof what, "blob %s tidak dipakai oleh pesan atau kedatangan mana pun",
        stmt_peek_text(row, 2));
    return verify_damaged(fault, what, "blob %s is named by nobody", stmt_peek_text(row, 2));
}

enum outcome verify_blobs(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT rowid, sha256, lower(hex(sha256)) FROM blob WHERE rowid > ?1"
                                   " ORDER BY rowid");
    return verify_pass(v, txn, s, &v->place.id, see_blob, ret_through, fault);
}
