#include "fault.h"
#include <stdarg.h>
#include <stdio.h>

enum outcome(fault_set)(
    struct fault *f, enum outcome outcome, const char *public_text, const char *internal, ...)
{
    if (!f)
        return outcome;
    snprintf(f->public_text, sizeof f->public_text, "%s", public_text ? public_text : "");
    va_list ap;
    va_start(ap, internal);
    vsnprintf(f->internal, sizeof f->internal, internal, ap);
    va_end(ap);
    return outcome;
}

const char *outcome_name(enum outcome outcome)
{
    static const char *const names[] = {"done", "later", "never", "stop"};
    return names[outcome];
}
