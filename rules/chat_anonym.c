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

static bool is_anonym(const char *word, const char *before)
{
    static const char *const words[] = {"anonim", "anonym", "anonymous", "anonin", NULL};
    bool servant = !strcmp(word, "allah") && !strcmp(before, "hamba");
    return (chat_one_of(word, words) || servant) && !chat_in(CHAT_SET_NOT, before);
}

static void read_word(const char *word, const char *before, struct signs *s)
{
    static const char *const afraid[] = {"takut", "wedi", "khawatir", "takok", "tako", NULL};
    static const char *const hide[] = {"rahasia", "rahasiakan", "dirahasiakan", "rahasiain", "dirahasiain",
        "sembunyikan", "disembunyikan", "samarkan", "disamarkan", NULL};
    static const char *const mention[] = {"sebut", "disebut", "sebutkan", "disebutkan", "nyebut", "menyebut",
        "sebutin", "usah", "usa", "nyebbut", "pakai", "pake", "kasih", "tulis", "ditulis", "mau", "perlu",
        "ketahuan", "diketahui", "tersebar", "muncul", "bocor", "publikasi", "dipublikasikan", "ditampilkan",
        NULL};
    static const char *const identity[] = {"nama", "namanya", "namaku", "identitas", "identitasku", "pelapor",
        "pengadu", "jeneng", "jenengku", "nyama", NULL};
    static const char *const own[] = {"namaku", "jenengku", "identitas", "identitasku", "pelapor", NULL};
    bool negates = chat_in(CHAT_SET_NOT, word) && strcmp(word, "belum") && strcmp(word, "bukan");
    s->anonym |= is_anonym(word, before);
    s->own |= chat_in(CHAT_SET_SELF, word) || chat_one_of(word, own);
    s->named |= chat_one_of(word, identity);
    s->hidden |= chat_one_of(word, hide);
    s->refuses |= negates || chat_one_of(word, afraid);
    s->mentions |= chat_one_of(word, mention);
    s->without |= chat_in(CHAT_SET_NOT, before) && chat_one_of(word, identity);
}

bool chat_wants_no_name(const struct chat_line *line, const struct chat_context *context)
{
    struct signs s = {0};
    for (size_t i = 0; i < line->count; i++)
        read_word(line->words[i].text, i ? line->words[i - 1].text : "", &s);
    bool answer =
        context->asked == CHAT_NAMA && line->count <= ANSWER_WORDS && !chat_some_in(line, CHAT_SET_PROTEST);
    bool declines = s.refuses && s.mentions;
    if (s.anonym || (answer && (s.hidden || s.without || declines)))
        return true;
    return s.named && s.own && (s.hidden || (declines && line->count <= LINE_WORDS));
}
