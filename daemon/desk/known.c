#include "known.h"
#include "daemon/book/citizen.h"
#include "rules/register.h"
#include <string.h>

enum outcome known_of(struct book_txn *txn, const struct complaint *c, bool code, struct known *ret,
    struct arena *arena, struct fault *fault)
{
    struct citizen citizen = {0};
    char shown[REGISTER_SHOWN_SIZE];
    size_t n = 0;
    *ret = (struct known){0};
    enum outcome outcome =
        c->citizen_id ? citizen_get(txn, c->citizen_id, &citizen, arena, fault) : OUTCOME_DONE;
    if (outcome)
        return outcome;
    register_code_show(shown, c->code);
    const struct redact_known others[] = {{code ? arena_strdup(arena, shown) : NULL, "[kode lacak]"},
        {code ? c->code : NULL, "[kode lacak]"}, {citizen.alamat, "[alamat]"}, {citizen.email, "[e-mail]"},
        {citizen.phone, "[telepon]"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].text && *others[i].text)
            ret->list[n++] = others[i];
    redact_name(citizen.nama, ret->list + n, REDACT_KNOWN_MOST - n, arena);
    return OUTCOME_DONE;
}

enum outcome known_strike(
    const struct known *known, const char *text, const char **ret, struct arena *arena, struct fault *fault)
{
    struct redact_found found;
    *ret = NULL;
    if (!text)
        return OUTCOME_DONE;
    if (redact_find(text, known->list, &found, arena))
        *ret = redact_strike(text, &found, arena);
    return *ret ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "no memory to look for identities");
}

const char *known_wide_place(const char *place)
{
    const char *comma = place ? strrchr(place, ',') : NULL;
    return !place ? "" : comma ? comma + 1 + strspn(comma + 1, " ") : place;
}
