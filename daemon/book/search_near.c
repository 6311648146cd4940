#include "search_near.h"
#include "rules/near_word.h"
#include "stmt.h"
#include <ctype.h>
#include <string.h>

enum { WORDS_MOST = 4, ENOUGH = 50 };

/* How many messages have it, up to ENOUGH. word is of a-z: needs no quoting beyond quotes. */
static enum outcome written(struct book_txn *txn, const char *word, int64_t *ret_count, struct fault *fault)
{
    char query[NEAR_WORD_SIZE + 2];
    size_t n = strlen(word);
    query[0] = '"';
    memcpy(query + 1, word, n);
    memcpy(query + 1 + n, "\"", 2);
    struct stmt s = stmt_open(
        txn, "SELECT count(*) FROM (SELECT 1 FROM message_text WHERE message_text MATCH ?1 LIMIT 50)");
    stmt_text(&s, query);
    return stmt_value(&s, ret_count, fault);
}

static enum outcome mend(
    struct book_txn *txn, const char *word, char best[NEAR_WORD_SIZE], struct fault *fault)
{
    int64_t most = 0, count = 0;
    enum outcome outcome = written(txn, word, &count, fault);
    memcpy(best, word, strlen(word) + 1);
    if (outcome || count)
        return outcome;
    char tried[NEAR_WORD_SIZE];
    for (size_t i = 0; !outcome && most < ENOUGH && near_word(word, i, tried); i++) {
        outcome = written(txn, tried, &count, fault);
        if (!outcome && count > most) {
            most = count;
            memcpy(best, tried, sizeof tried);
        }
    }
    return outcome;
}

/* Letters in small; false when it is a word that is not guessed at. */
static bool take_word(const char **at, char word[NEAR_WORD_SIZE])
{
    size_t n = 0;
    *at += strspn(*at, " \t\r\n");
    while (**at && !strchr(" \t\r\n", **at) && n < NEAR_WORD_MOST)
        word[n++] = (char)tolower((unsigned char)*(*at)++);
    word[n] = '\0';
    return near_word_may(word) && (!**at || strchr(" \t\r\n", **at));
}

enum outcome search_near(
    struct book_txn *txn, const char *words, const char **ret, struct arena *arena, struct fault *fault)
{
    char word[NEAR_WORD_SIZE], best[NEAR_WORD_SIZE];
    const char *at = words, *mended = "";
    bool changed = false;
    *ret = NULL;
    enum outcome outcome = OUTCOME_DONE;
    for (int i = 0; i < WORDS_MOST && at[strspn(at, " \t\r\n")]; i++) {
        if (!take_word(&at, word))
            return OUTCOME_DONE;
        outcome = mend(txn, word, best, fault);
        if (outcome)
            return outcome;
        changed = changed || strcmp(word, best) != 0;
        mended = arena_printf(arena, "%s%s%s", mended, *mended ? " " : "", best);
        if (!mended)
            return stmt_arena(arena, fault);
    }
    if (changed && !at[strspn(at, " \t\r\n")])
        *ret = mended;
    return OUTCOME_DONE;
}
