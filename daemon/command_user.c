/* `pengaduand user add|list|passwd|disable|enable`. Each change is an event of the book, without the person's
 * name. */
#include "command.h"

#include "daemon/book/catalogue.h"
#include "daemon/book/event.h"
#include "daemon/book/officer.h"
#include "daemon/book/totp.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { ARENA_MAX = 1 << 20 };

/* What the person wrote cannot be done: nothing was changed, so that the transaction may commit. */
static enum outcome refuse(struct str *out, int *ret_exit, const char *text)
{
    str_addf(out, "pengaduand: %s\n", text);
    *ret_exit = EX_USAGE;
    return OUTCOME_DONE;
}

static enum outcome record(struct book_txn *txn, const char *kind, const char *login, struct fault *fault)
{
    json_t *data = json_pack("{s:s}", "login", login);
    enum outcome outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for an event");
    if (data != NULL)
        outcome = event_append(txn, /* complaint_id= */ 0, /* number= */ NULL, kind, "sistem", data, fault);
    json_decref(data);
    return outcome;
}

static void tell_password(struct str *out, const char *password)
{
    str_addf(out,
        "Kata sandi sekali pakai: %s\n"
        "Hanya ditampilkan kali ini; harus diganti saat pertama kali masuk.\n",
        password);
}

/* ---- add ---- */

static enum outcome refuse_role(struct str *out, int *ret_exit)
{
    struct str text;
    str_init(&text, 256);
    str_adds(&text, "--role harus salah satu dari: ");
    for (int role = 0; role < ROLE_COUNT; role++)
        str_addf(&text, "%s%s", role > 0 ? ", " : "", role_key((enum role)role));
    refuse(out, ret_exit, text.data);
    str_release(&text);
    return OUTCOME_DONE;
}

static enum outcome refuse_section(
    struct book_txn *txn, struct str *out, int *ret_exit, struct arena *arena, struct fault *fault)
{
    struct section *sections;
    struct str text;
    enum outcome outcome = section_list(txn, &sections, arena, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    str_init(&text, 4096);
    str_adds(&text, "--section harus salah satu dari:");
    for (const struct section *s = sections; s != NULL; s = s->next)
        str_addf(&text, "\n  %-22s %s", s->key, s->name);
    refuse(out, ret_exit, text.data);
    str_release(&text);
    return OUTCOME_DONE;
}

/* Fills role and section of o from the arguments; when they do not fit, *ret_exit is set and says so in
 * out. */
static enum outcome take_place(struct book_txn *txn, const struct command_args *args, struct officer *o,
    struct str *out, int *ret_exit, struct arena *arena, struct fault *fault)
{
    const char *role = args->options[ARG_ROLE], *key = args->options[ARG_SECTION];
    struct section section;
    if (role == NULL || !role_from_key(role, &o->role))
        return refuse_role(out, ret_exit);
    if (key == NULL && o->role != ROLE_SEKSI)
        return OUTCOME_DONE;
    enum outcome outcome = OUTCOME_NEVER;
    if (key != NULL)
        outcome = section_by_key(txn, key, &section, arena, fault);
    if (outcome == OUTCOME_NEVER)
        return refuse_section(txn, out, ret_exit, arena, fault);
    if (outcome == OUTCOME_DONE) {
        o->section_id = section.id;
        o->section = section.name;
    }
    return outcome;
}

static enum outcome add(struct book_txn *txn, const struct command_args *args, struct str *out, int *ret_exit,
    struct arena *arena, struct fault *fault)
{
    const char *name = args->options[ARG_NAME];
    struct officer o = {
        .login = args->words[0],
        .name = name != NULL ? name : args->words[0],
        .email = args->options[ARG_MAIL],
        .must_change = args->input == NULL,
    };
    enum outcome outcome = take_place(txn, args, &o, out, ret_exit, arena, fault);
    if (outcome != OUTCOME_DONE || *ret_exit != EX_OK)
        return outcome;
    outcome = officer_add(txn, &o, args->password->hash, fault);
    if (outcome == OUTCOME_DONE)
        outcome = record(txn, "petugas_ditambah", o.login, fault);
    if (outcome == OUTCOME_DONE) {
        str_addf(out, "Petugas %s ditambahkan: %s, %s%s%s.\n", o.login, o.name, role_label(o.role),
            o.section != NULL ? ", " : "", o.section != NULL ? o.section : "");
        if (args->input == NULL)
            tell_password(out, args->password->made);
    }
    return outcome;
}

/* Every body below works in an arena of its own. */
typedef enum outcome arena_body(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct arena *arena, struct fault *fault);

static enum outcome in_arena(arena_body *body, struct book_txn *txn, const struct command_args *args,
    struct str *out, int *ret_exit, struct fault *fault)
{
    struct arena *arena = arena_new(ARENA_MAX);
    enum outcome outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for a command");
    str_clear(out);
    *ret_exit = EX_OK;
    if (arena != NULL)
        outcome = body(txn, args, out, ret_exit, arena, fault);
    if (arena != NULL && outcome == OUTCOME_DONE && !arena_ok(arena))
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for a command");
    arena_free(arena);
    return outcome;
}

enum outcome command_user_add(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    return in_arena(add, txn, args, out, ret_exit, fault);
}

/* ---- list ---- */

static enum outcome list_one(void *arg, const struct officer *o, struct fault *fault)
{
    struct str *out = arg;
    (void)fault;
    str_addf(out, "%-16s %-10s %s", o->login, role_key(o->role), o->name);
    if (o->section != NULL)
        str_addf(out, ", %s", o->section);
    if (o->email != NULL)
        str_addf(out, ", %s", o->email);
    str_adds(out, o->disabled ? " (ditutup)" : o->must_change ? " (belum mengganti kata sandi)" : "");
    str_addc(out, '\n');
    return OUTCOME_DONE;
}

enum outcome command_user_list(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    (void)args;
    str_clear(out);
    *ret_exit = EX_OK;
    enum outcome outcome = officer_list(txn, list_one, out, fault);
    if (outcome == OUTCOME_DONE && out->len == 0)
        str_adds(out, "Belum ada petugas. Tambahkan dengan: pengaduand user add\n");
    return outcome;
}

/* ---- changing one ---- */

/* The officer of words[0]; when there is none, *ret_exit is set and out says so. */
static enum outcome find(struct book_txn *txn, const struct command_args *args, struct officer *ret,
    struct str *out, int *ret_exit, struct arena *arena, struct fault *fault)
{
    enum outcome outcome = officer_by_login(txn, args->words[0], ret, arena, fault);
    if (outcome != OUTCOME_NEVER)
        return outcome;
    str_addf(out, "pengaduand: petugas %.64s tidak ada; lihat: pengaduand user list\n", args->words[0]);
    *ret_exit = EX_NOUSER;
    return OUTCOME_DONE;
}

static enum outcome passwd(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct arena *arena, struct fault *fault)
{
    struct officer o;
    enum outcome outcome = find(txn, args, &o, out, ret_exit, arena, fault);
    if (outcome != OUTCOME_DONE || *ret_exit != EX_OK)
        return outcome;
    outcome =
        officer_set_password(txn, o.id, args->password->hash, /* must_change= */ args->input == NULL, fault);
    if (outcome == OUTCOME_DONE)
        outcome = record(txn, "kata_sandi_diganti", o.login, fault);
    if (outcome == OUTCOME_DONE && o.two_steps) /* whoever has the machine is the last way in */
        outcome = totp_remove(txn, o.id, fault);
    if (outcome == OUTCOME_DONE && o.two_steps)
        outcome = record(txn, "dua_langkah_dilepas", o.login, fault);
    if (outcome == OUTCOME_DONE) {
        str_addf(
            out, "Kata sandi %s diganti.%s\n", o.login, o.two_steps ? " Kode dua langkahnya dilepas." : "");
        if (args->input == NULL)
            tell_password(out, args->password->made);
    }
    return outcome;
}

enum outcome command_user_passwd(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    return in_arena(passwd, txn, args, out, ret_exit, fault);
}

static enum outcome set_disabled(
    struct book_txn *txn, const struct officer *o, bool disabled, struct str *out, struct fault *fault)
{
    enum outcome outcome = officer_disable(txn, o->id, disabled, fault);
    if (outcome == OUTCOME_DONE)
        outcome = record(txn, disabled ? "petugas_ditutup" : "petugas_dibuka", o->login, fault);
    if (outcome == OUTCOME_DONE)
        str_addf(out, disabled ? "Akun %s ditutup.\n" : "Akun %s dibuka kembali.\n", o->login);
    return outcome;
}

static enum outcome disable(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct arena *arena, struct fault *fault)
{
    struct officer o;
    enum outcome outcome = find(txn, args, &o, out, ret_exit, arena, fault);
    if (outcome != OUTCOME_DONE || *ret_exit != EX_OK)
        return outcome;
    outcome = set_disabled(txn, &o, true, out, fault);
    return outcome == OUTCOME_NEVER ? refuse(out, ret_exit, fault->public_text) : outcome;
}

enum outcome command_user_disable(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    return in_arena(disable, txn, args, out, ret_exit, fault);
}

static enum outcome enable(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct arena *arena, struct fault *fault)
{
    struct officer o;
    enum outcome outcome = find(txn, args, &o, out, ret_exit, arena, fault);
    if (outcome != OUTCOME_DONE || *ret_exit != EX_OK)
        return outcome;
    return set_disabled(txn, &o, false, out, fault);
}

enum outcome command_user_enable(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    return in_arena(enable, txn, args, out, ret_exit, fault);
}
