/* A chat line cut into words; shared by the chat_*.c files. */
#ifndef RULES_CHAT_PRIVATE_H
#define RULES_CHAT_PRIVATE_H

#include "chat.h"

enum {
    CHAT_WORDS_MOST = 200, /* of a longer text only the beginning is looked at; it is content anyway */
    CHAT_WORD_SIZE = 40,   /* bytes of a word as compared; longer ones are cut */
};

struct chat_word {
    char text[CHAT_WORD_SIZE]; /* lower case, "haloooo" as "halo" */
    const char *means;         /* the listed word of which it is a form ("alamat" of "alamatku"); else text */
    bool mine, theirs;         /* that form says whose: "namaku", "namanya" */
    unsigned sets;             /* the lists that have it, bits 1u << enum chat_set */
    size_t from, to;           /* where it stands in the line, [from, to) */
    char after; /* the strongest mark up to the next word: \n ? ! . ; , : / or a blank; \n at the end */
};

struct chat_line {
    const char *text;
    struct chat_word words[CHAT_WORDS_MOST];
    size_t count;
    bool whole;   /* all of the text was cut */
    bool starred; /* "*Yuli", "Yuli*": how people mark the word that should have stood there */
};

/* Which words have been understood as telling who he is; the rest is about something else. */
struct chat_used {
    bool word[CHAT_WORDS_MOST];
};

void chat_cut(struct chat_line *line, const char *text);

/* The words [from, to) as they stand in the text, without marks at the end. False when that is longer than a value. */
bool chat_copy(const struct chat_line *line, size_t from, size_t to, char out[CHAT_VALUE_SIZE]);

enum chat_set {
    CHAT_SET_GREETING,   /* halo, assalamualaikum, permisi */
    CHAT_SET_ADDRESS,    /* pak, bu, min, kak */
    CHAT_SET_WISH,       /* mau, lapor, tanya, bisa: an intention without a matter */
    CHAT_SET_THANKS,     /* terima, kasih, suwun */
    CHAT_SET_YES,        /* ok, baik, siap */
    CHAT_SET_PARTICLE,   /* ya, dong, aja, lho */
    CHAT_SET_SELF,       /* saya, aku, kulo, kaule */
    CHAT_SET_NOT,        /* tidak, gak, ora, jangan */
    CHAT_SET_OCCUPATION, /* a word that occurs in occupations */
    CHAT_SET_PLACE,      /* rt, rw, jalan, gang, dusun: a word that occurs in addresses */
    CHAT_SET_MATTER,     /* cannot be part of a name: verbs, things, connecting words */
    CHAT_SET_PROTEST,    /* ngapain, kenapa, urus, dulu */
    CHAT_SET_CANCEL,
    CHAT_SET_DONE,
    CHAT_SET_SKIP,
    CHAT_SET_UNSOLVED,
    CHAT_SET_PERSON, /* petugas, admin, orang */
    CHAT_SET_TALK,   /* bicara, ngomong, hubungi */
    CHAT_SET_PAST,   /* sudah, tadi, kemarin */
    CHAT_SET_ANONYM,
    CHAT_SET_OWN,      /* namaku, pelapor: his own identity */
    CHAT_SET_IDENTITY, /* nama, identitas */
    CHAT_SET_HIDE,     /* rahasiakan */
    CHAT_SET_AFRAID,
    CHAT_SET_MENTION,       /* disebut, ketahuan, usah */
    CHAT_SET_STATUS,        /* status, cek, lacak, kabarnya */
    CHAT_SET_HOW,           /* mana, gimana, kapan */
    CHAT_SET_BESIDE_STATUS, /* kode, tiket */
    CHAT_SET_LABEL,         /* nama, pekerjaan: what begins a label of chat_identity.c */
    CHAT_SET_CORRECTS,      /* ralat, salah, maksudnya: an earlier answer was wrong */
    CHAT_SET_CORRECTING,    /* yang, benar, tulis: stands beside such a word */
    CHAT_SETS
};

bool chat_one_of(const char *word, const char *const *list); /* which ends with NULL */
bool chat_in(enum chat_set set, const struct chat_word *word);
bool chat_in_any(unsigned sets, const struct chat_word *word); /* bits 1u << enum chat_set */

/* Words [from, count) all lie in the sets. True also for none. */
bool chat_all_in(const struct chat_line *line, size_t from, unsigned sets);
bool chat_some_in(const struct chat_line *line, enum chat_set set);

/* chat_identity.c: "nama saya Budi, alamat Kedopok RT 2" wherever it stands; marks what it used. True = something. */
bool chat_labelled(const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret,
    struct chat_used *used);
/* The first word of the n-th label; NULL behind the last. */
const char *chat_label_word(size_t n);
/* chat_anonym.c: whether he does not want to be named. */
bool chat_wants_no_name(const struct chat_line *line, const struct chat_context *context);
bool chat_place_like(const struct chat_line *line, size_t from, size_t to);
bool chat_speaks_of_matter(const struct chat_line *line, size_t from, size_t to);
/* Something of these words is about the matter, not part of an address. */
bool chat_tells_matter(const struct chat_line *line, size_t from, size_t to);
bool chat_degree_at(const struct chat_line *line, size_t i);
bool chat_name_like(const struct chat_line *line, size_t from, size_t to);
bool chat_occupation_like(const struct chat_line *line, size_t from, size_t to);

/* chat_answer.c: the line as an answer to what was asked. */
/* Several answers in one line, with marks between them. */
bool chat_listed(const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret);
bool chat_answered(
    const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret);
/* "maaf tadi emosi pak. saya Wawan": the name behind something else. */
void chat_names_at_end(
    const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret);
bool chat_corrected(
    const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret);

#endif
