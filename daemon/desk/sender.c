#include "sender.h"
#include "daemon/book/citizen.h"
#include <string.h>

static enum outcome add_identities(
    struct book_txn *txn, const struct inbound *in, int64_t citizen_id, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    if (in->identity_scheme && in->identity_value && strcmp(in->identity_scheme, "kode"))
        outcome = citizen_add_identity(txn, citizen_id, in->identity_scheme, in->identity_value, fault);
    if (!outcome && in->alias_scheme && in->alias_value)
        outcome = citizen_add_identity(txn, citizen_id, in->alias_scheme, in->alias_value, fault);
    return outcome;
}

enum outcome sender_known(
    struct book_txn *txn, const struct inbound *in, int64_t *ret_citizen_id, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    *ret_citizen_id = 0;
    if (in->identity_scheme && in->identity_value)
        outcome = citizen_by_identity(txn, in->identity_scheme, in->identity_value, ret_citizen_id, fault);
    if (outcome || !in->alias_scheme || !in->alias_value)
        return outcome;
    int64_t other_id = 0;
    outcome = citizen_by_identity(txn, in->alias_scheme, in->alias_value, &other_id, fault);
    if (!outcome && other_id && *ret_citizen_id && other_id != *ret_citizen_id)
        outcome = citizen_seen_same(txn, *ret_citizen_id, other_id, in->alias_scheme, fault);
    if (!*ret_citizen_id)
        *ret_citizen_id = other_id;
    return outcome;
}

static bool learn(const char **known, const char *told)
{
    if (*known || !told)
        return false;
    *known = told;
    return true;
}

static enum outcome settle_new(struct book_txn *txn, const struct inbound *in, struct citizen *told,
    int64_t *ret_citizen_id, struct fault *fault)
{
    if (!in->identity_value && !told->nama && !told->email && !told->phone)
        return OUTCOME_DONE; /* nobody we could ever tell from another */
    enum outcome outcome = citizen_insert(txn, told, fault);
    *ret_citizen_id = told->id;
    return outcome ? outcome : add_identities(txn, in, told->id, fault);
}

const char *sender_name(const struct inbound *in, struct arena *arena)
{
    char *name = arena_strdup(arena, in->nama), *end = name;
    for (const char *p = name; p && *p; p++) {
        bool space = (unsigned char)*p <= ' ' || *p == 0x7f;
        if (!space || (end > name && end[-1] != ' '))
            *end++ = space ? ' ' : *p;
    }
    if (end > name && end[-1] == ' ')
        end--;
    if (name)
        *end = 0;
    return name && *name ? name : NULL;
}

enum outcome sender_settle(struct book_txn *txn, const struct inbound *in, int64_t *citizen_id,
    struct arena *arena, struct fault *fault)
{
    bool anonymous = in->confidentiality && !strcmp(in->confidentiality, "anonim");
    struct citizen known, told = {.email = in->email, .phone = in->phone};
    if (!anonymous) {
        told.nama = sender_name(in, arena);
        told.pekerjaan = in->pekerjaan;
        told.alamat = in->alamat;
    }
    if (!*citizen_id)
        return settle_new(txn, in, &told, citizen_id, fault);
    enum outcome outcome = citizen_get(txn, *citizen_id, &known, arena, fault);
    if (outcome)
        return outcome;
    bool more = learn(&known.nama, told.nama);
    more |= learn(&known.pekerjaan, told.pekerjaan);
    more |= learn(&known.alamat, told.alamat);
    more |= learn(&known.email, told.email);
    more |= learn(&known.phone, told.phone);
    if (more)
        outcome = citizen_update(txn, &known, fault);
    return outcome ? outcome : add_identities(txn, in, *citizen_id, fault);
}
