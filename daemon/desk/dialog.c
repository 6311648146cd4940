/* What a line is: reads it (rules/chat.h) in the light of where the conversation stands, and says which way it goes. */
#include "daemon/book/message.h"
#include "dialog_private.h"
#include <stdlib.h>
#include <string.h>

static const int64_t GREETING_PAUSE_MS = 8 * 1000; /* "Assalamualaikum", "pak", "mau lapor" want one answer */
static const int64_t GREETED_MS = 10 * 60 * 1000;  /* so long one welcome is enough */
static const int64_t COMMENT_MS =
    24LL * 3600 * 1000; /* what is said so soon after a judgement belongs to it */
enum { SUBJECT_SHORT = 40, COMMENT_BYTES_MOST = 200, LIKE_WORD_LEAST = 5, WORDS_COMPARED = 40 };

bool dialog_wanted(const struct office *office, const struct inbound *in)
{
    return office->chat.ask && in->conversation && in->kind == INBOUND_MESSAGE && !in->automatic &&
           in->reply_to && in->identity_value;
}

/* The text a citizen typed: behind "[gambar] nama.jpg" stands the caption, if any. */
static const char *typed(const struct inbound *in)
{
    const char *text = in->own_words ? in->own_words : in->text;
    if (!text || *text != '[')
        return text;
    const char *caption = strchr(text, '\n');
    return caption && caption[1] ? caption + 1 : NULL;
}

static bool is_sticker(const struct inbound *in)
{
    return in->text && !strncmp(in->text, "[stiker]", 8);
}

static void read_line(struct dialog *d)
{
    struct chat_context context = {
        .asked = dialog_field(d->chat.asked), .rating_asked = d->chat.rating_id != 0};
    for (int field = 0; field < CHAT_FIELDS; field++) {
        context.said[field] = d->chat.said[field];
        if (!d->chat.said[field])
            context.missing |= 1u << field;
    }
    if (!d->c.id || !state_open(d->c.state))
        context.asked = CHAT_NOTHING_ASKED;
    bool caption = d->text && d->in->text && *d->in->text == '[';
    chat_read(d->text, &context, &d->reading);
    if (is_sticker(d->in))
        d->reading.act = CHAT_NOISE;
    else if (!d->text || caption) /* a picture is about the matter, whatever stands below it */
        d->reading.act = CHAT_CONTENT;
}

/* ---- about a complaint that is over ---- */

/* A word of five and more letters of the complaint's first words occurs in the line. */
static bool speaks_of(const struct complaint *c, const char *text)
{
    const char *p = c->subject ? c->subject : "";
    for (int words = 0; *p && words < WORDS_COMPARED; words++) {
        p += strspn(p, " \t\n.,;:!?()\"");
        size_t n = strcspn(p, " \t\n.,;:!?()\"");
        char word[64];
        if (n >= LIKE_WORD_LEAST && n < sizeof word) {
            memcpy(word, p, n);
            word[n] = 0;
            if (strcasestr(text, word))
                return true;
        }
        p += n;
    }
    return false;
}

static bool quotes(const struct inbound *in)
{
    return in->references && in->references[0];
}

/* "terima kasih pak, lampunya sudah nyala" */
static bool thanks(const char *text)
{
    static const char *const words[] = {"terima kasih", "terimakasih", "makasih", "makasi", "suwun",
        "sakalangkong", "matur nuwun", "trims", "alhamdulillah", NULL};
    for (const char *const *w = words; *w; w++)
        if (strcasestr(text, *w) && strlen(text) <= COMMENT_BYTES_MOST && !strcasestr(text, "tapi"))
            return true;
    return false;
}

/* Content for a complaint that was answered: not done yet, thanks in many words, or another matter? */
static enum dialog_way way_when_over(struct dialog *d)
{
    const char *text = d->text ? d->text : "";
    bool judged = d->chat.rated_at && txn_now(d->txn) - d->chat.rated_at < COMMENT_MS;
    if (d->reading.unsolved || quotes(d->in))
        return DIALOG_JOIN;
    if (judged && strlen(text) <= COMMENT_BYTES_MOST) {
        d->reading.act = CHAT_RATING;
        d->reading.rating = 0;
        d->reason = "ulasan";
        return DIALOG_RECORD;
    }
    if (thanks(text)) {
        d->reading.act = CHAT_THANKS;
        d->reason = "ucapan terima kasih";
        return DIALOG_RECORD;
    }
    return speaks_of(&d->c, text) ? DIALOG_JOIN : DIALOG_OPEN;
}

/* ---- the way ---- */

static enum dialog_way way_of_command(struct dialog *d, bool open)
{
    static const char *const reasons[] = {[CHAT_GREETING] = "sapaan",
        [CHAT_THANKS] = "ucapan terima kasih",
        [CHAT_NOISE] = "tanpa kata",
        [CHAT_ANSWER] = "data diri sebelum ada aduan",
        [CHAT_ANONYM] = "ingin tanpa nama, sebelum ada aduan",
        [CHAT_SKIP] = "tidak menjawab",
        [CHAT_DONE] = "perintah selesai",
        [CHAT_CANCEL] = "perintah batal",
        [CHAT_STATUS] = "menanyakan keadaan",
        [CHAT_PERSON] = "minta bicara dengan petugas",
        [CHAT_NEW] = "perintah aduan baru",
        [CHAT_RATING] = "penilaian",
        [CHAT_HELP] = "minta petunjuk"};
    enum chat_act act = d->reading.act;
    d->reason = reasons[act];
    bool alone = act == CHAT_STATUS || act == CHAT_RATING || act == CHAT_HELP || act == CHAT_NEW;
    return open && !alone ? DIALOG_ASIDE : DIALOG_RECORD;
}

static enum dialog_way way_of(struct dialog *d)
{
    bool open = d->c.id && state_open(d->c.state);
    if (d->reading.act == CHAT_NEW && d->text && d->reading.rest < strlen(d->text))
        return DIALOG_OPEN;
    if (d->reading.act != CHAT_CONTENT)
        return way_of_command(d, open);
    if (d->chat.anew)
        return DIALOG_OPEN;
    if (open)
        return DIALOG_JOIN;
    return d->c.id ? way_when_over(d) : DIALOG_OPEN;
}

enum outcome dialog_hear(struct dialog *d, struct book_txn *txn, const struct office *office,
    const char *channel_id, const struct inbound *in, int64_t citizen_id, const struct join *join,
    enum dialog_way *ret_way, struct arena *arena, struct fault *fault)
{
    *d = (struct dialog){.txn = txn,
        .office = office,
        .in = in,
        .arena = arena,
        .fault = fault,
        .text = typed(in),
        .citizen_id = citizen_id};
    enum outcome outcome = chat_get(txn, channel_id, in->reply_to, &d->chat, arena, fault);
    if (!outcome && join->complaint_id)
        outcome = complaint_get(txn, join->complaint_id, &d->c, arena, fault);
    if (outcome)
        return outcome;
    read_line(d);
    *ret_way = way_of(d);
    return OUTCOME_DONE;
}

/* ---- after it was written ---- */

/* A complaint that this line opened, or one that is still being completed: asks on after a quiet moment. */
static void go_on(struct dialog *d, bool opened)
{
    int64_t now = txn_now(d->txn);
    if (opened) {
        d->chat.complaint_id = d->c.id;
        d->chat.finished = false;
        d->chat.asked = NULL;
        d->chat.asked_times = 0;
        d->chat.skipped = 0;
        d->chat.anew = false;
        d->chat.rating_id = 0;
    }
    if (!d->chat.finished && d->chat.complaint_id == d->c.id && !d->in->stale)
        d->chat.wake_at = now + d->office->chat.quiet_ms;
}

/* "got", "mampet", "di belakang pasar": lists shall show more than the first word. */
static enum outcome lengthen_subject(struct dialog *d)
{
    const char *subject = d->c.subject ? d->c.subject : "";
    if (!d->text || d->chat.finished || d->chat.complaint_id != d->c.id || strlen(subject) > SUBJECT_SHORT ||
        strlen(d->text) > SUBJECT_SHORT * 2)
        return OUTCOME_DONE;
    d->c.subject = arena_printf(d->arena, "%s %s", subject, d->text);
    return complaint_update(d->txn, &d->c, d->fault);
}

/* Greetings come in several lines: one answer after a moment, unless a complaint has begun meanwhile. */
static enum outcome greet(struct dialog *d)
{
    bool welcomed = !d->chat.asked && d->chat.asked_at && txn_now(d->txn) - d->chat.asked_at < GREETED_MS;
    if (d->chat.finished && !d->in->stale && !welcomed) {
        d->chat.asked = DIALOG_ASKED_GREETING;
        d->chat.wake_at = txn_now(d->txn) + GREETING_PAUSE_MS;
    }
    return OUTCOME_DONE;
}

enum outcome dialog_follow(struct dialog *d, enum dialog_way way, int64_t complaint_id, int64_t citizen_id)
{
    bool open = way != DIALOG_RECORD || (d->c.id && state_open(d->c.state));
    enum outcome outcome = OUTCOME_DONE;
    d->citizen_id = citizen_id ? citizen_id : d->citizen_id;
    if (complaint_id)
        outcome = complaint_get(d->txn, complaint_id, &d->c, d->arena, d->fault);
    d->chat.citizen_id = d->citizen_id;
    d->chat.heard_at = txn_now(d->txn);
    bool matter = way == DIALOG_OPEN || way == DIALOG_JOIN;
    if (matter)
        go_on(d, way == DIALOG_OPEN);
    if (!outcome && way == DIALOG_JOIN)
        outcome = lengthen_subject(d);
    if (!outcome)
        outcome = dialog_learn(d);
    if (!outcome && matter && d->reading.person)
        outcome = dialog_call_person(d);
    if (!outcome && !matter) {
        bool lonely = d->reading.act == CHAT_GREETING || d->reading.act == CHAT_ANSWER ||
                      d->reading.act == CHAT_ANONYM || d->reading.act == CHAT_NOISE;
        outcome = !open && lonely ? greet(d) : dialog_act(d);
    }
    return outcome ? outcome : chat_put(d->txn, &d->chat, d->fault);
}
