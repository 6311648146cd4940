#include "automatic_limit.h"
#include <stddef.h>

const char *automatic_limit_broken(const struct automatic_limits *most, const struct automatic_counts *now)
{
    if (most->to_recipient && now->to_recipient >= most->to_recipient)
        return "alamat";
    if (most->about_complaint && now->about_complaint >= most->about_complaint)
        return "aduan";
    return most->in_all && now->in_all >= most->in_all ? "semua" : NULL;
}
