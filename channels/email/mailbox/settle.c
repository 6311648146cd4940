#include "settle.h"
#include "../mailbox_protocol.h"
#include "daemon/base/step.h"
#include <stdlib.h>
#include <string.h>

static struct mailimap_flag_list *settle_flags(const struct order *order)
{
    struct mailimap_flag_list *list = mailimap_flag_list_new_empty();
    struct mailimap_flag *flag;
    if (list && order->seen && (flag = mailimap_flag_new_seen()) && mailimap_flag_list_add(list, flag))
        mailimap_flag_free(flag);
    if (list && order->keyword) {
        char *name = strdup(order->keyword);
        flag = name ? mailimap_flag_new_flag_keyword(name) : NULL;
        if (!flag)
            free(name);
        else if (mailimap_flag_list_add(list, flag)) /* NOLINT(clang-analyzer-unix.Malloc): it has the name */
            mailimap_flag_free(flag);
    }
    return list;
}

/* Flags are for people who look into the mailbox; the book does not depend on them. A server that refuses
 * them (read-only folder, keywords not allowed) is therefore no failure. */
static enum outcome settle_flag(struct session *s, const uint32_t *uids, size_t count, struct fault *fault)
{
    if (!count || (!s->order.seen && !s->order.keyword))
        return OUTCOME_DONE;
    struct mailimap_set *set = mailimap_set_new_empty();
    struct mailimap_flag_list *flags = settle_flags(&s->order);
    struct mailimap_store_att_flags *store =
        flags ? mailimap_store_att_flags_new_add_flags_silent(flags) : NULL;
    int r = set && store ? MAILIMAP_NO_ERROR : MAILIMAP_ERROR_MEMORY;
    for (size_t i = 0, j; r == MAILIMAP_NO_ERROR && i < count; i = j + 1) {
        for (j = i; j + 1 < count && uids[j + 1] == uids[j] + 1;)
            j++;
        r = mailimap_set_add_interval(set, uids[i], uids[j]);
    }
    if (r == MAILIMAP_NO_ERROR) {
        session_busy(s, 0);
        r = mailimap_uid_store(s->imap, set, store);
    }
    if (store)
        mailimap_store_att_flags_free(store);
    else if (flags)
        mailimap_flag_list_free(flags);
    if (set)
        mailimap_set_free(set);
    if (r != MAILIMAP_NO_ERROR && !session_refused(r))
        return session_fault(s, r, "store", fault);
    return OUTCOME_DONE;
}

bool settle_hear(struct session *s, struct daemon_word *ret_word)
{
    struct daemon_word word;
    if (!frame_read(s->frame_fd, &word.head, &word.body)) {
        s->leaving = true;
        return false;
    }
    if (word.head.type == MAILBOX_STOP) {
        free(word.body);
        s->leaving = true;
        return false;
    }
    *ret_word = word;
    return true;
}

enum outcome settle_heed(struct session *s, struct daemon_word *word, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    if (word->head.type == MAILBOX_SETTLED) {
        /* malloc() memory: aligned for uint32_t */
        const uint32_t *uids = (const uint32_t *)(const void *)word->body;
        size_t count = word->head.length / sizeof *uids;
        step("mailbox.settled");
        outcome = settle_flag(s, uids, count, fault);
        step("mailbox.flagged");
        if (outcome == OUTCOME_DONE)
            session_tell(s, MAILBOX_FLAGGED, (uint32_t)count, NULL, 0);
        if (word->head.id > s->last_uid)
            s->last_uid = word->head.id;
    }
    free(word->body);
    return outcome;
}

enum outcome settle_await(struct session *s, uint32_t uid, struct fault *fault)
{
    struct daemon_word word;
    enum outcome outcome = OUTCOME_DONE;
    while (outcome == OUTCOME_DONE && s->last_uid < uid && settle_hear(s, &word))
        outcome = settle_heed(s, &word, fault);
    return outcome;
}

enum outcome settle_batch(struct session *s, uint32_t highest, struct fault *fault)
{
    uint32_t before = s->handed_uid;
    session_tell(s, MAILBOX_BATCH, highest, NULL, 0);
    step("mailbox.batch");
    s->handed_uid = highest;
    return settle_await(s, before, fault);
}
