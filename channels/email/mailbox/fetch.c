#include "fetch.h"
#include "settle.h"
#include "../mailbox_protocol.h"
#include "daemon/base/step.h"
#include <stdlib.h>
#include <string.h>

enum {
    FETCH_BATCH_BYTES =
        8 << 20, /* bodies held at once, here and in the daemon, unless one mail alone is longer */
    FETCH_LARGE_BYTES =
        128 << 10, /* of a mail beyond max_bytes: its headers and the first 64 KiB of the rest */
};

/* One mail of the batch. */
struct slot {
    uint32_t uid;
    size_t size;      /* RFC822.SIZE */
    bool known;       /* the server told its size: it exists */
    bool refused;     /* the server answers NO when asked for it */
    char words[120];  /* with which it refused; "" = none */
    const char *body; /* lent by the fetch result */
    size_t length;
};

static void uids_sink(uint32_t *heap, size_t at, size_t count)
{
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1] > heap[child])
            child++;
        if (heap[at] >= heap[child])
            return;
        uint32_t swapped = heap[at];
        heap[at] = heap[child];
        heap[child] = swapped;
    }
}

/* Heap sort of our own: glibc's qsort() asks the kernel for the size of the memory (sysinfo) before it sorts
 * more than 1 KiB, and the cage kills for that. Servers answer in order nearly always, so it rarely has
 * work. */
static void uids_sort(uint32_t *uids, size_t count)
{
    size_t i = 1;
    while (i < count && uids[i - 1] <= uids[i])
        i++;
    if (i >= count)
        return;
    for (i = count / 2; i-- > 0;)
        uids_sink(uids, i, count);
    for (i = count; i-- > 1;) {
        uint32_t largest = uids[0];
        uids[0] = uids[i];
        uids[i] = largest;
        uids_sink(uids, 0, i);
    }
}

/* Keeps what is newer than `last`, sorted, each once: "n:*" names the last mail even when it is older than n
 * (RFC 3501 6.4.8), and nothing says that a server answers in order. */
static size_t uids_keep_new(uint32_t *uids, size_t count, uint32_t last)
{
    size_t kept = 0;
    uids_sort(uids, count);
    for (size_t i = 0; i < count; i++)
        if (uids[i] > last && (!kept || uids[kept - 1] != uids[i]))
            uids[kept++] = uids[i];
    return kept;
}

static enum outcome fetch_search(
    struct session *s, uint32_t **ret_uids, size_t *ret_count, struct fault *fault)
{
    struct mailimap_set *set = mailimap_set_new_interval(s->last_uid + 1, 0);
    struct mailimap_search_key *key = set ? mailimap_search_key_new_uid(set) : NULL;
    if (!key) {
        if (set)
            mailimap_set_free(set);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the search");
    }
    clist *found = NULL;
    session_busy(s, 0);
    int r = mailimap_uid_search(s->imap, NULL, key, &found);
    mailimap_search_key_free(key);
    if (r != MAILIMAP_NO_ERROR)
        return session_fault(s, r, "search", fault);
    size_t count = 0;
    uint32_t *uids = calloc((size_t)clist_count(found) + 1, sizeof *uids);
    for (clistiter *i = clist_begin(found); uids && i; i = clist_next(i))
        uids[count++] = *(uint32_t *)clist_content(i);
    mailimap_search_result_free(found);
    if (!uids)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for %zu UIDs", count);
    *ret_count = uids_keep_new(uids, count, s->last_uid);
    *ret_uids = uids;
    return OUTCOME_DONE;
}

/* ---- one UID FETCH ---- */

static struct mailimap_set *fetch_set(const struct slot *slots, size_t count)
{
    struct mailimap_set *set = mailimap_set_new_empty();
    for (size_t i = 0, j; set && i < count; i = j + 1) {
        for (j = i; j + 1 < count && slots[j + 1].uid == slots[j].uid + 1;)
            j++;
        if (mailimap_set_add_interval(set, slots[i].uid, slots[j].uid) != MAILIMAP_NO_ERROR) {
            mailimap_set_free(set);
            return NULL;
        }
    }
    return set;
}

static struct slot *slot_find(struct slot *slots, size_t count, uint32_t uid)
{
    for (size_t i = 0; i < count; i++)
        if (slots[i].uid == uid)
            return &slots[i];
    return NULL;
}

/* One answer "* n FETCH (UID u ...)". Answers nobody asked for (flags changed elsewhere) name other UIDs or
 * none. */
static void slot_take(struct slot *slots, size_t count, const struct mailimap_msg_att *answer)
{
    uint32_t uid = 0;
    const struct mailimap_msg_att_body_section *section = NULL;
    const struct mailimap_msg_att_static *size = NULL;
    for (clistiter *i = clist_begin(answer->att_list); i; i = clist_next(i)) {
        const struct mailimap_msg_att_item *item = clist_content(i);
        if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
            continue;
        const struct mailimap_msg_att_static *fact = item->att_data.att_static;
        if (fact->att_type == MAILIMAP_MSG_ATT_UID)
            uid = fact->att_data.att_uid;
        else if (fact->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE)
            size = fact;
        else if (fact->att_type == MAILIMAP_MSG_ATT_BODY_SECTION)
            section = fact->att_data.att_body_section;
    }
    struct slot *slot = slot_find(slots, count, uid);
    if (!slot)
        return;
    if (size) {
        slot->known = true;
        slot->size = size->att_data.att_rfc822_size;
    }
    if (section && section->sec_body_part) {
        slot->body = section->sec_body_part;
        slot->length = section->sec_length;
    }
}

/* Asks for one attribute (taken) of count mails and fills their slots. *ret_answers holds the bodies: the
 * caller frees it with fetch_answers_free(). A NO of the server is DONE with *ret_refused. */
static enum outcome fetch_ask(struct session *s, struct slot *slots, size_t count,
    struct mailimap_fetch_att *what, clist **ret_answers, bool *ret_refused, struct fault *fault)
{
    struct mailimap_set *set = fetch_set(slots, count);
    struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();
    struct mailimap_fetch_att *uid = mailimap_fetch_att_new_uid();
    clist *answers = NULL;
    int r = MAILIMAP_ERROR_MEMORY;

    *ret_refused = false;
    *ret_answers = NULL;
    if (set && type && uid && what &&
        mailimap_fetch_type_new_fetch_att_list_add(type, uid) == MAILIMAP_NO_ERROR) {
        uid = NULL;
        if (mailimap_fetch_type_new_fetch_att_list_add(type, what) == MAILIMAP_NO_ERROR) {
            what = NULL;
            session_busy(s, slots[0].uid);
            r = mailimap_uid_fetch(s->imap, set, type, &answers);
        }
    }
    if (r == MAILIMAP_NO_ERROR && answers)
        for (clistiter *i = clist_begin(answers); i; i = clist_next(i))
            slot_take(slots, count, clist_content(i));
    if (what)
        mailimap_fetch_att_free(what);
    if (uid)
        mailimap_fetch_att_free(uid);
    if (type)
        mailimap_fetch_type_free(type);
    if (set)
        mailimap_set_free(set);
    *ret_refused = session_refused(r);
    if (*ret_refused && s->imap->imap_response)
        snprintf(slots[0].words, sizeof slots[0].words, "%s", s->imap->imap_response);
    if (r != MAILIMAP_NO_ERROR && !*ret_refused)
        return session_fault(s, r, "fetch", fault);
    *ret_answers = r == MAILIMAP_NO_ERROR ? answers : NULL;
    return OUTCOME_DONE;
}

static void fetch_answers_free(clist *answers)
{
    if (answers)
        mailimap_fetch_list_free(answers);
}

static struct mailimap_fetch_att *fetch_att_size(void)
{
    return mailimap_fetch_att_new_rfc822_size();
}

/* PEEK: reading must not set \Seen, that is done when the book has it. bytes 0 = the whole mail. */
static struct mailimap_fetch_att *fetch_att_body(uint32_t bytes)
{
    struct mailimap_section *section = mailimap_section_new(NULL);
    if (!section)
        return NULL;
    struct mailimap_fetch_att *att = bytes
                                         ? mailimap_fetch_att_new_body_peek_section_partial(section, 0, bytes)
                                         : mailimap_fetch_att_new_body_peek_section(section);
    if (!att)
        mailimap_section_free(section);
    return att;
}

/* ---- a batch ---- */

static enum outcome fetch_sizes(struct session *s, struct slot *slots, size_t count, struct fault *fault)
{
    clist *answers;
    bool refused;
    enum outcome outcome = fetch_ask(s, slots, count, fetch_att_size(), &answers, &refused, fault);
    fetch_answers_free(answers);
    if (outcome != OUTCOME_DONE || !refused)
        return outcome;
    if (count == 1) {
        slots[0].refused = true;
        return OUTCOME_DONE;
    }
    /* One damaged mail makes some servers refuse the whole set: find it, the others are sound. */
    for (size_t i = 0; i < count && outcome == OUTCOME_DONE; i++)
        outcome = fetch_sizes(s, &slots[i], 1, fault);
    return outcome;
}

/* How many slots from the front make one batch of at most FETCH_BATCH_BYTES. */
static size_t fetch_batch_cut(const struct session *s, const struct slot *slots, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += slots[i].size > s->order.max_bytes ? FETCH_LARGE_BYTES : slots[i].size;
        if (bytes > FETCH_BATCH_BYTES)
            return i ? i : 1;
    }
    return count;
}

/* Bodies of the mails of ordinary size, by one command. A NO is no failure: each is asked for alone later. */
static enum outcome fetch_bodies(
    struct session *s, struct slot *slots, size_t count, clist **ret_answers, struct fault *fault)
{
    struct slot *wanted = count ? calloc(count, sizeof *wanted) : NULL;
    size_t n = 0;
    bool refused;
    enum outcome outcome = OUTCOME_DONE;

    *ret_answers = NULL;
    if (!wanted)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a batch");
    for (size_t i = 0; i < count; i++)
        if (slots[i].known && slots[i].size <= s->order.max_bytes)
            wanted[n++] = slots[i];
    if (n)
        outcome = fetch_ask(s, wanted, n, fetch_att_body(0), ret_answers, &refused, fault);
    for (size_t i = 0; outcome == OUTCOME_DONE && i < n; i++)
        *slot_find(slots, count, wanted[i].uid) = wanted[i];
    free(wanted);
    return outcome;
}

static void hand_up_large(struct session *s, uint32_t uid, size_t size, const char *bytes, size_t length)
{
    char head[40];
    int n = snprintf(head, sizeof head, "{\"size\":%zu}\n", size);
    if (length > FETCH_LARGE_BYTES)
        length = FETCH_LARGE_BYTES;
    char *body = malloc((size_t)n + length);
    if (body) {
        memcpy(body, head, (size_t)n);
        memcpy(body + n, bytes, length);
        session_tell(s, MAILBOX_LARGE, uid, body, (size_t)n + length);
    } else {
        session_tell(s, MAILBOX_LARGE, uid, head, (size_t)n);
    }
    free(body);
}

/* RFC822.SIZE may lie: what counts is what came. */
static void hand_up_body(struct session *s, const struct slot *slot)
{
    if (slot->length > s->order.max_bytes)
        hand_up_large(s, slot->uid, slot->length, slot->body, slot->length);
    else
        session_tell(s, MAILBOX_MAIL, slot->uid, slot->body, slot->length);
}

/* A mail that exists but did not come with the batch, or of which only the beginning is wanted. NO is
 * believed at the second time: then a person is told, the mails behind it go on. */
static enum outcome hand_up_alone(struct session *s, struct slot *slot, struct fault *fault)
{
    bool large = slot->size > s->order.max_bytes;
    for (int attempt = 0; attempt < 2 && !s->leaving; attempt++) {
        clist *answers = NULL;
        slot->body = NULL;
        enum outcome outcome = fetch_ask(
            s, slot, 1, fetch_att_body(large ? FETCH_LARGE_BYTES : 0), &answers, &slot->refused, fault);
        if (outcome != OUTCOME_DONE)
            return outcome;
        if (slot->body && large)
            hand_up_large(s, slot->uid, slot->size, slot->body, slot->length);
        else if (slot->body)
            hand_up_body(s, slot);
        fetch_answers_free(answers);
        if (slot->body)
            return OUTCOME_DONE;
        session_busy(s, slot->uid);
        mailimap_noop(s->imap); /* lets the server tell what was expunged meanwhile */
    }
    return OUTCOME_DONE;
}

static enum outcome hand_up(struct session *s, struct slot *slot, struct fault *fault)
{
    if (slot->body) {
        hand_up_body(s, slot);
        return OUTCOME_DONE;
    }
    enum outcome outcome = slot->known ? hand_up_alone(s, slot, fault) : OUTCOME_DONE;
    if (outcome != OUTCOME_DONE || slot->body)
        return outcome;
    const char *words = slot->words[0] ? slot->words : "NO";
    session_tell(s, MAILBOX_GONE, slot->uid, words, slot->refused ? strlen(words) : 0);
    return OUTCOME_DONE;
}

static enum outcome fetch_batch(
    struct session *s, struct slot *slots, size_t count, size_t *ret_used, struct fault *fault)
{
    clist *answers = NULL;
    enum outcome outcome = fetch_sizes(s, slots, count, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    count = fetch_batch_cut(s, slots, count);
    step("mailbox.fetch");
    outcome = fetch_bodies(s, slots, count, &answers, fault);
    step("mailbox.fetched");
    for (size_t i = 0; i < count && outcome == OUTCOME_DONE && !s->leaving; i++)
        outcome = hand_up(s, &slots[i], fault);
    step("mailbox.handed_up");
    fetch_answers_free(answers);
    if (outcome == OUTCOME_DONE)
        outcome = settle_batch(s, slots[count - 1].uid, fault);
    *ret_used = count;
    return outcome;
}

enum outcome fetch_new(struct session *s, struct fault *fault)
{
    uint32_t *uids = NULL;
    size_t count = 0, used = 0;
    enum outcome outcome;

    if (s->last_uid == UINT32_MAX)
        return OUTCOME_DONE;
    outcome = fetch_search(s, &uids, &count, fault);
    struct slot *slots = calloc((size_t)s->order.batch, sizeof *slots);
    if (outcome == OUTCOME_DONE && !slots)
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for a batch");
    for (size_t i = 0; slots && outcome == OUTCOME_DONE && i < count && !s->leaving; i += used) {
        size_t n = count - i < (size_t)s->order.batch ? count - i : (size_t)s->order.batch;
        for (size_t k = 0; k < n; k++)
            slots[k] = (struct slot){.uid = uids[i + k]};
        outcome = fetch_batch(s, slots, n, &used, fault);
    }
    if (outcome == OUTCOME_DONE && !s->leaving)
        outcome = settle_await(s, s->handed_uid, fault);
    free(slots);
    free(uids);
    return outcome;
}
