/* "jangan sebut nama saya": the many ways of not wanting to be named. */
#include "chat_private.h"
#include <string.h>

enum { ANSWER_WORDS = 7, LINE_WORDS = 40 };

/* What the words of a line have of it. */
struct signs {
    bool anonym;   /* the word itself */
    bool own;      /* saya, namaku, pelapor */
    bool named;    /* nama, identitas */
    bool hidden;   /* rahasiakan */
    bool refuses;  /* tidak, jangan, takut */
    bool mentions; /* disebut, usah, mau */
    bool without;  /* tanpa nama */
};

static bool is_hidden_servant(const struct chat_word *word, const struct chat_word *before)
{
    return before && !strcmp(word->text, "allah") && !strcmp(before->text, "hamba");
}

/* before: NULL at the beginning. */
static void read_word(const struct chat_word *word, const struct chat_word *before, struct signs *s)
{
    bool negates = chat_in(CHAT_SET_NOT, word) && strcmp(word->text, "belum") && strcmp(word->text, "bukan");
    bool negated = before && chat_in(CHAT_SET_NOT, before);
    s->anonym |= (chat_in(CHAT_SET_ANONYM, word) || is_hidden_servant(word, before)) && !negated;
    s->own |= chat_in_any(1u << CHAT_SET_SELF | 1u << CHAT_SET_OWN, word);
    s->named |= chat_in(CHAT_SET_IDENTITY, word);
    s->hidden |= chat_in(CHAT_SET_HIDE, word);
    s->refuses |= negates || chat_in(CHAT_SET_AFRAID, word);
    s->mentions |= chat_in(CHAT_SET_MENTION, word);
    s->without |= negated && chat_in(CHAT_SET_IDENTITY, word);
}

bool chat_wants_no_name(const struct chat_line *line, const struct chat_context *context)
{
    struct signs s = {0};
    for (size_t i = 0; i < line->count; i++)
        read_word(&line->words[i], i ? &line->words[i - 1] : NULL, &s);
    bool answer =
        context->asked == CHAT_NAMA && line->count <= ANSWER_WORDS && !chat_some_in(line, CHAT_SET_PROTEST);
    bool declines = s.refuses && (s.mentions || (answer && s.named));
    if (s.anonym || (answer && (s.hidden || s.without || declines)))
        return true;
    return s.named && s.own && (s.hidden || (declines && line->count <= LINE_WORDS));
}
