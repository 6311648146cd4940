#include "catalogue.h"
#include "stmt.h"
#include <stdio.h>
#include <string.h>

enum { KEY_SIZE = 48 };

/* ---- reading ---- */

static void read_section(const struct stmt *s, void *row, struct arena *arena)
{
    *(struct section *)row = (struct section){.id = stmt_int_at(s, 0),
        .key = stmt_text_at(s, 1, arena),
        .name = stmt_text_at(s, 2, arena),
        .active = stmt_int_at(s, 3)};
}

#define SECTION_SELECT "SELECT id, key, name, active FROM section "

enum outcome section_list(
    struct book_txn *txn, struct section **ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, SECTION_SELECT "WHERE active = 1 ORDER BY id");
    return stmt_chain(&s, struct section, read_section, ret, arena, fault);
}

enum outcome section_list_all(
    struct book_txn *txn, struct section **ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, SECTION_SELECT "ORDER BY active DESC, id");
    return stmt_chain(&s, struct section, read_section, ret, arena, fault);
}

/* The first of what s, whose parameters are bound, finds. */
static enum outcome one_section(struct stmt s, struct section *ret, struct arena *arena, struct fault *fault)
{
    struct section *found = NULL;
    enum outcome outcome = stmt_chain(&s, struct section, read_section, &found, arena, fault);
    if (!outcome && !found)
        outcome = fault_set(fault, OUTCOME_NEVER, "Seksi tidak ditemukan.", "no such section");
    if (!outcome)
        *ret = *found;
    return outcome;
}

enum outcome section_by_key(
    struct book_txn *txn, const char *key, struct section *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, SECTION_SELECT "WHERE key = ?1");
    stmt_text(&s, key);
    return one_section(s, ret, arena, fault);
}

enum outcome section_by_id(
    struct book_txn *txn, int64_t id, struct section *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, SECTION_SELECT "WHERE id = ?1");
    stmt_int(&s, id);
    return one_section(s, ret, arena, fault);
}

static void read_service(const struct stmt *s, void *row, struct arena *arena)
{
    *(struct service *)row = (struct service){.id = stmt_int_at(s, 0),
        .key = stmt_text_at(s, 1, arena),
        .name = stmt_text_at(s, 2, arena),
        .section_id = stmt_int_at(s, 3),
        .section = stmt_text_at(s, 4, arena),
        .promised_days = stmt_int_at(s, 5),
        .active = stmt_int_at(s, 6)};
}

#define SERVICE_SELECT                                                                                       \
    "SELECT v.id, v.key, v.name, v.section_id, x.name, v.promised_days, v.active FROM service v"             \
    " JOIN section x ON x.id = v.section_id "

enum outcome service_list(
    struct book_txn *txn, struct service **ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, SERVICE_SELECT "WHERE v.active = 1 ORDER BY v.id");
    return stmt_chain(&s, struct service, read_service, ret, arena, fault);
}

enum outcome service_list_all(
    struct book_txn *txn, struct service **ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, SERVICE_SELECT "ORDER BY v.active DESC, v.id");
    return stmt_chain(&s, struct service, read_service, ret, arena, fault);
}

static enum outcome one_service(struct stmt s, struct service *ret, struct arena *arena, struct fault *fault)
{
    struct service *found = NULL;
    enum outcome outcome = stmt_chain(&s, struct service, read_service, &found, arena, fault);
    if (!outcome && !found)
        outcome = fault_set(fault, OUTCOME_NEVER, "Layanan tidak ditemukan.", "no such service");
    if (!outcome)
        *ret = *found;
    return outcome;
}

enum outcome service_by_key(
    struct book_txn *txn, const char *key, struct service *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, SERVICE_SELECT "WHERE v.key = ?1");
    stmt_text(&s, key);
    return one_service(s, ret, arena, fault);
}

enum outcome service_by_id(
    struct book_txn *txn, int64_t id, struct service *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, SERVICE_SELECT "WHERE v.id = ?1");
    stmt_int(&s, id);
    return one_service(s, ret, arena, fault);
}

/* ---- writing ---- */

/* "Izin Keramaian" -> "izin_keramaian", with "_2" behind it for the second of that name; n from 1. */
static void make_key(const char *name, int n, char out[KEY_SIZE])
{
    size_t length = 0;
    for (; *name && length < KEY_SIZE - 8; name++) {
        char c = (char)(*name >= 'A' && *name <= 'Z' ? *name + 32 : *name);
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain)
            out[length++] = c;
        else if (length && out[length - 1] != '_')
            out[length++] = '_';
    }
    while (length && out[length - 1] == '_')
        length--;
    if (!length)
        out[length++] = 'x';
    out[length] = 0;
    if (n > 1)
        snprintf(out + length, KEY_SIZE - length, "_%d", n);
}

static enum outcome count_of(struct stmt s, int64_t id, int64_t *ret, struct fault *fault)
{
    stmt_int(&s, id);
    return stmt_value(&s, ret, fault);
}

static enum outcome in_use(const char *what, int64_t complaints, int64_t officers, int64_t services,
    struct arena *arena, struct fault *fault)
{
    const char *text = arena_printf(arena,
        "%s ini masih dipakai: %lld aduan terbuka, %lld petugas, %lld layanan. Pindahkan dahulu, baru "
        "matikan.",
        what, (long long)complaints, (long long)officers, (long long)services);
    return fault_set(fault, OUTCOME_NEVER, text, "in use");
}

/* NEVER when somebody or something still needs this section. */
static enum outcome section_free(struct book_txn *txn, int64_t id, struct arena *arena, struct fault *fault)
{
    int64_t complaints = 0, officers = 0, services = 0;
    enum outcome outcome =
        count_of(stmt_open(txn, "SELECT count(*) FROM complaint WHERE section_id = ?1 "
                                " AND state IN ('masuk', 'perlu_dilengkapi', 'diverifikasi', 'diteruskan',"
                                " 'didisposisikan', 'ditindaklanjuti', 'menunggu_persetujuan', 'disetujui',"
                                " 'dibuka_kembali')"),
            id, &complaints, fault);
    if (!outcome)
        outcome = count_of(
            stmt_open(txn, "SELECT count(*) FROM officer WHERE section_id = ?1 AND disabled_at IS NULL"), id,
            &officers, fault);
    if (!outcome)
        outcome =
            count_of(stmt_open(txn, "SELECT count(*) FROM service WHERE section_id = ?1 AND active = 1"), id,
                &services, fault);
    if (!outcome && complaints + officers + services)
        outcome = in_use("Seksi", complaints, officers, services, arena, fault);
    return outcome;
}

static enum outcome taken(
    const char *what, struct stmt s, const char *name, int64_t id, struct arena *arena, struct fault *fault)
{
    int64_t other = 0;
    stmt_text(&s, name);
    stmt_int(&s, id);
    enum outcome outcome = stmt_value(&s, &other, fault);
    if (!outcome && other)
        outcome = fault_set(
            fault, OUTCOME_NEVER, arena_printf(arena, "%s dengan nama itu sudah ada.", what), "name taken");
    return outcome;
}

/* The first key for that name which no section, or else no service, has. */
static enum outcome free_key(
    struct book_txn *txn, bool of_section, const char *name, char out[KEY_SIZE], struct fault *fault)
{
    int64_t of = 1;
    enum outcome outcome = OUTCOME_DONE;
    for (int n = 1; !outcome && of; n++) {
        make_key(name, n, out);
        struct stmt s = of_section ? stmt_open(txn, "SELECT id FROM section WHERE key = ?1")
                                   : stmt_open(txn, "SELECT id FROM service WHERE key = ?1");
        stmt_text(&s, out);
        of = 0;
        outcome = stmt_value(&s, &of, fault);
    }
    return outcome;
}

static enum outcome insert_section(
    struct book_txn *txn, struct section *x, struct arena *arena, struct fault *fault)
{
    char key[KEY_SIZE];
    enum outcome outcome = free_key(txn, true, x->name, key, fault);
    if (outcome)
        return outcome;
    struct stmt s = stmt_open(txn, "INSERT INTO section (key, name, active) VALUES (?1, ?2, ?3)");
    stmt_text(&s, key);
    stmt_text(&s, x->name);
    stmt_int(&s, x->active);
    outcome = stmt_run(&s, fault);
    x->id = stmt_last_id(txn);
    x->key = arena_strdup(arena, key);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome section_save(struct book_txn *txn, struct section *x, struct arena *arena, struct fault *fault)
{
    enum outcome outcome =
        taken("Seksi", stmt_open(txn, "SELECT id FROM section WHERE lower(name) = lower(?1) AND id <> ?2"),
            x->name, x->id, arena, fault);
    if (!outcome && !x->active && x->id)
        outcome = section_free(txn, x->id, arena, fault);
    if (outcome || !x->id)
        return outcome ? outcome : insert_section(txn, x, arena, fault);
    struct stmt s = stmt_open(txn, "UPDATE section SET name = ?1, active = ?2 WHERE id = ?3");
    stmt_text(&s, x->name);
    stmt_int(&s, x->active);
    stmt_int(&s, x->id);
    return stmt_run(&s, fault);
}

static enum outcome insert_service(
    struct book_txn *txn, struct service *v, struct arena *arena, struct fault *fault)
{
    char key[KEY_SIZE];
    enum outcome outcome = free_key(txn, false, v->name, key, fault);
    if (outcome)
        return outcome;
    struct stmt s = stmt_open(txn, "INSERT INTO service (key, name, section_id, active, promised_days)"
                                   " VALUES (?1, ?2, ?3, ?4, ?5)");
    stmt_text(&s, key);
    stmt_text(&s, v->name);
    stmt_int(&s, v->section_id);
    stmt_int(&s, v->active);
    stmt_id(&s, v->promised_days);
    outcome = stmt_run(&s, fault);
    v->id = stmt_last_id(txn);
    v->key = arena_strdup(arena, key);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome service_save(struct book_txn *txn, struct service *v, struct arena *arena, struct fault *fault)
{
    struct section section = {0};
    enum outcome outcome =
        taken("Layanan", stmt_open(txn, "SELECT id FROM service WHERE lower(name) = lower(?1) AND id <> ?2"),
            v->name, v->id, arena, fault);
    if (!outcome)
        outcome = section_by_id(txn, v->section_id, &section, arena, fault);
    if (!outcome && v->active && !section.active)
        outcome = fault_set(fault, OUTCOME_NEVER,
            "Seksi penanggung jawabnya sudah dimatikan. Pilih seksi lain.", "section of a service is off");
    if (outcome || !v->id)
        return outcome ? outcome : insert_service(txn, v, arena, fault);
    struct stmt s = stmt_open(txn, "UPDATE service SET name = ?1, section_id = ?2, active = ?3,"
                                   " promised_days = ?4 WHERE id = ?5");
    stmt_text(&s, v->name);
    stmt_int(&s, v->section_id);
    stmt_int(&s, v->active);
    stmt_id(&s, v->promised_days);
    stmt_int(&s, v->id);
    return stmt_run(&s, fault);
}
