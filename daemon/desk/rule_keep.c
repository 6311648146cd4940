#include "rule_keep.h"
#include "daemon/base/log.h"
#include "daemon/book/rule_version.h"
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_MOST = 2 << 20, PROBLEMS_MOST = 4096 };

struct rule_hold {
    struct classify_rules *rules; /* owned */
    int64_t version;              /* 0 = of the file */
    size_t users;                 /* under the lock; the keep itself is one while it is in force */
};

struct rule_keep {
    pthread_mutex_t lock;
    struct rule_hold *file; /* owned */
    struct rule_hold *now;  /* held; may be the file's */
    int64_t seen;           /* newest version that was looked at; 0 = none */
    char *text;             /* owned */
};

static struct rule_hold *hold_new(struct classify_rules *rules, int64_t version)
{
    struct rule_hold *hold = calloc(1, sizeof *hold);
    if (!hold) {
        classify_rules_free(rules);
        return NULL;
    }
    *hold = (struct rule_hold){.rules = rules, .version = version, .users = 1};
    return hold;
}

static void hold_free(struct rule_hold *hold)
{
    classify_rules_free(hold->rules);
    free(hold);
}

struct rule_keep *rule_keep_new(struct classify_rules *rules, char *text)
{
    struct rule_keep *keep = calloc(1, sizeof *keep);
    struct rule_hold *file = hold_new(rules, 0);
    if (!keep || !file) {
        if (file)
            hold_free(file);
        free(keep);
        free(text);
        return NULL;
    }
    pthread_mutex_init(&keep->lock, NULL);
    file->users = 2; /* as the file's, and as what is in force */
    keep->file = keep->now = file;
    keep->text = text;
    return keep;
}

struct rule_hold *rule_keep_hold(struct rule_keep *keep)
{
    if (!keep)
        return NULL;
    pthread_mutex_lock(&keep->lock);
    struct rule_hold *hold = keep->now;
    hold->users++;
    pthread_mutex_unlock(&keep->lock);
    return hold;
}

const struct classify_rules *rule_hold_rules(const struct rule_hold *hold)
{
    return hold->rules;
}

void rule_keep_release(struct rule_keep *keep, struct rule_hold *hold)
{
    if (!hold)
        return;
    pthread_mutex_lock(&keep->lock);
    bool last = !--hold->users;
    pthread_mutex_unlock(&keep->lock);
    if (last)
        hold_free(hold);
}

void rule_keep_free(struct rule_keep *keep)
{
    if (!keep)
        return;
    rule_keep_release(keep, keep->now);
    rule_keep_release(keep, keep->file);
    pthread_mutex_destroy(&keep->lock);
    free(keep->text);
    free(keep);
}

const char *rule_keep_file_text(const struct rule_keep *keep)
{
    return keep->text ? keep->text : "";
}

/* Takes `hold` over; NULL = the file's. Of two that come at once the newer one stays. */
static void put_in_force(struct rule_keep *keep, struct rule_hold *hold, int64_t version)
{
    struct rule_hold *old = hold;
    pthread_mutex_lock(&keep->lock);
    if (version > keep->seen) {
        old = keep->now;
        keep->now = hold ? hold : keep->file;
        keep->now->users += !hold;
        keep->seen = version;
    }
    pthread_mutex_unlock(&keep->lock);
    rule_keep_release(keep, old);
}

static enum outcome take(
    struct rule_keep *keep, struct book_txn *txn, int64_t id, struct arena *arena, struct fault *fault)
{
    struct rule_version v;
    struct classify_rules *rules = NULL;
    struct str problems;
    enum outcome outcome = rule_version_get(txn, id, &v, arena, fault);
    if (outcome)
        return outcome;
    if (!v.text) {
        put_in_force(keep, NULL, id);
        return OUTCOME_DONE;
    }
    str_init(&problems, PROBLEMS_MOST);
    outcome = classify_rules_parse(&rules, "aturan", v.text, strlen(v.text), &problems, fault);
    str_release(&problems);
    if (outcome == OUTCOME_NEVER) {
        log_event(LOG_ERROR, NULL, "rules.unreadable", "version=%" PRId64, id);
        pthread_mutex_lock(&keep->lock);
        keep->seen = id;
        pthread_mutex_unlock(&keep->lock);
        return OUTCOME_DONE;
    }
    if (outcome)
        return outcome;
    struct rule_hold *hold = hold_new(rules, id);
    if (!hold)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the rules");
    put_in_force(keep, hold, id);
    log_event(LOG_INFO, NULL, "rules.in_force", "version=%" PRId64, id);
    return OUTCOME_DONE;
}

enum outcome rule_keep_refresh(struct rule_keep *keep, struct book_txn *txn, struct fault *fault)
{
    int64_t newest = 0;
    if (!keep)
        return OUTCOME_DONE;
    enum outcome outcome = rule_version_newest(txn, &newest, fault);
    pthread_mutex_lock(&keep->lock);
    bool known = newest <= keep->seen;
    pthread_mutex_unlock(&keep->lock);
    if (outcome || known)
        return outcome;
    struct arena *arena = arena_new(ARENA_MOST);
    outcome = arena ? take(keep, txn, newest, arena, fault)
                    : fault_set(fault, OUTCOME_LATER, NULL, "no memory for the rules");
    arena_free(arena);
    return outcome;
}
