#include "alarm.h"
#include "compose.h"
#include "daemon/book/officer.h"

struct alarm {
    struct book_txn *txn;
    const struct office *office;
    const char *subject, *sentence;
    struct arena *arena;
};

static enum outcome tell_one(void *arg, const struct officer *o, struct fault *fault)
{
    struct alarm *a = arg;
    if (o->disabled || o->role != ROLE_ADMIN || !o->email || !*o->email)
        return OUTCOME_DONE;
    return compose_alarm(a->txn, a->office, o->email, a->subject, a->sentence, a->arena, fault);
}

enum outcome alarm_admins(struct book_txn *txn, const struct office *office, const char *subject,
    const char *sentence, struct fault *fault)
{
    struct alarm alarm = {.txn = txn, .office = office, .subject = subject, .sentence = sentence};
    if (!office->email_out)
        return OUTCOME_DONE;
    alarm.arena = arena_new(1 << 20);
    enum outcome outcome = alarm.arena ? officer_list(txn, tell_one, &alarm, fault)
                                       : fault_set(fault, OUTCOME_LATER, NULL, "no memory for an alarm");
    arena_free(alarm.arena);
    return outcome;
}
