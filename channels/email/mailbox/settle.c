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

static struct mailimap_set *settle_set(const uint32_t *uids, size_t count)
{
    struct mailimap_set *set = mailimap_set_new_empty();
    for (size_t i = 0, j; set && i < count; i = j + 1) {
        for (j = i; j + 1 < count && uids[j + 1] == uids[j] + 1;)
            j++;
        if (mailimap_set_add_interval(set, uids[i], uids[j]) != MAILIMAP_NO_ERROR) {
            mailimap_set_free(set);
            return NULL;
        }
    }
    return set;
}

/* r of a command that may be refused: flags and folders are for people who look into the mailbox, the book does not
 * depend on them (read-only folder, keywords not allowed). */
static enum outcome settle_result(struct session *s, int r, const char *what, struct fault *fault)
{
    if (r != MAILIMAP_NO_ERROR && !session_refused(r))
        return session_fault(s, r, what, fault);
    return OUTCOME_DONE;
}

static enum outcome settle_store(
    struct session *s, struct mailimap_set *set, struct mailimap_flag_list *flags, struct fault *fault)
{
    struct mailimap_store_att_flags *store =
        flags ? mailimap_store_att_flags_new_add_flags_silent(flags) : NULL;
    int r = store ? MAILIMAP_NO_ERROR : MAILIMAP_ERROR_MEMORY;
    if (store) {
        session_busy(s, 0);
        r = mailimap_uid_store(s->imap, set, store);
        mailimap_store_att_flags_free(store);
    } else if (flags) {
        mailimap_flag_list_free(flags);
    }
    return settle_result(s, r, "store", fault);
}

/* Copied first, then named deleted and expunged by its own UID (RFC 4315): others' deleted mail is not ours to expunge.
 * A server without UIDPLUS leaves it marked. */
static enum outcome settle_copy(struct session *s, struct mailimap_set *set, struct fault *fault)
{
    session_busy(s, 0);
    int r = mailimap_uid_copy(s->imap, set, s->order.move_to);
    if (r != MAILIMAP_NO_ERROR)
        return settle_result(s, r, "copy", fault);
    struct mailimap_flag_list *deleted = mailimap_flag_list_new_empty();
    struct mailimap_flag *flag = deleted ? mailimap_flag_new_deleted() : NULL;
    if (flag && mailimap_flag_list_add(deleted, flag) != MAILIMAP_NO_ERROR)
        mailimap_flag_free(flag);
    enum outcome outcome = settle_store(s, set, deleted, fault);
    if (outcome != OUTCOME_DONE || !s->can_uidplus)
        return outcome;
    session_busy(s, 0);
    return settle_result(s, mailimap_uid_expunge(s->imap, set), "expunge", fault);
}

static enum outcome settle_move(struct session *s, struct mailimap_set *set, struct fault *fault)
{
    if (!s->move_made) { /* NO = it exists; if it is forbidden, the move says so */
        s->move_made = true;
        session_busy(s, 0);
        enum outcome outcome = settle_result(s, mailimap_create(s->imap, s->order.move_to), "create", fault);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    if (!s->can_move)
        return settle_copy(s, set, fault);
    session_busy(s, 0);
    return settle_result(s, mailimap_uid_move(s->imap, set, s->order.move_to), "move", fault); /* RFC 6851 */
}

static enum outcome settle_flag(struct session *s, const uint32_t *uids, size_t count, struct fault *fault)
{
    bool flags = s->order.seen || s->order.keyword;
    if (!count || (!flags && !s->order.move_to))
        return OUTCOME_DONE;
    struct mailimap_set *set = settle_set(uids, count);
    if (!set)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the flags");
    enum outcome outcome = flags ? settle_store(s, set, settle_flags(&s->order), fault) : OUTCOME_DONE;
    if (outcome == OUTCOME_DONE && s->order.move_to)
        outcome = settle_move(s, set, fault);
    mailimap_set_free(set);
    return outcome;
}

/* ---- leftovers of an earlier session ---- */

/* Those of the UIDs that are no longer than max_bytes: what is longer stays as it is, unread, for a person. Which of
 * them were, only the server remembers. *count shrinks. */
static enum outcome settle_keep_ordinary(
    struct session *s, uint32_t *uids, size_t *count, struct fault *fault)
{
    struct mailimap_set *set = settle_set(uids, *count);
    struct mailimap_search_key *key = set ? mailimap_search_key_new_uid(set) : NULL;
    struct mailimap_search_key *larger = mailimap_search_key_new_larger((uint32_t)s->order.max_bytes);
    struct mailimap_search_key *both = key && larger ? mailimap_search_key_new_multiple_empty() : NULL;
    clist *found = NULL;
    if (!both || mailimap_search_key_multiple_add(both, key) ||
        mailimap_search_key_multiple_add(both, larger))
        return fault_set(
            fault, OUTCOME_LATER, NULL, "no memory for the search"); /* the session ends with it */
    session_busy(s, 0);
    int r = mailimap_uid_search(s->imap, NULL, both, &found);
    mailimap_search_key_free(both);
    if (r != MAILIMAP_NO_ERROR)
        return session_fault(s, r, "search", fault);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        bool large = false;
        for (clistiter *at = clist_begin(found); at && !large; at = clist_next(at))
            large = *(uint32_t *)clist_content(at) == uids[i];
        if (!large)
            uids[kept++] = uids[i];
    }
    *count = kept;
    mailimap_search_result_free(found);
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
        uint32_t *uids = (uint32_t *)(void *)word->body;
        size_t told = word->head.length / sizeof *uids, count = told;
        step("mailbox.settled");
        if (count && uids[0] <= s->begun_uid)
            outcome = settle_keep_ordinary(s, uids, &count, fault);
        if (outcome == OUTCOME_DONE)
            outcome = settle_flag(s, uids, count, fault);
        step("mailbox.flagged");
        if (outcome == OUTCOME_DONE)
            session_tell(s, MAILBOX_FLAGGED, (uint32_t)told, NULL, 0);
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
