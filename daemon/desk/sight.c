#include "sight.h"
#include <string.h>

bool sight_complaint(const struct officer *officer, const struct complaint *c)
{
    if (!strcmp(c->confidentiality, "rahasia") && officer->role != ROLE_SEKCAM &&
        officer->role != ROLE_CAMAT && officer->role != ROLE_PETUGAS)
        return false;
    if (officer->role == ROLE_SEKSI)
        return officer->section_id && officer->section_id == c->section_id;
    return officer->role != ROLE_ADMIN;
}

bool sight_identity(const struct officer *officer, const struct complaint *c)
{
    if (!strcmp(c->confidentiality, "rahasia"))
        return false;
    return strcmp(c->confidentiality, "anonim") || officer->role != ROLE_SEKSI;
}

void sight_narrow(const struct officer *officer, struct complaint_filter *filter)
{
    int64_t own = officer->section_id ? officer->section_id : -1; /* -1: of no section there is */
    if (officer->role == ROLE_SEKSI) {
        filter->section_id = filter->helps ? 0 : own;
        filter->helps = filter->helps ? own : 0;
    }
    filter->hide_rahasia = officer->role == ROLE_KASI || officer->role == ROLE_SEKSI;
}
