/* The order in which a line is asked what it is: commands are whole lines of few words, so that "laporan saya jangan
 * dibatalkan" is none; then answers; then greetings; what is left is about the matter. */
#include "chat_private.h"
#include <string.h>

enum {
    COMMAND_WORDS_MOST = 8,
    LOOKED_AT_WORDS = 60, /* longer lines are about the matter, whatever they begin with */
    RATING_WORDS_MOST = 14,
};

/* Sets of words. */
enum {
    FILLERS = 1u << CHAT_SET_ADDRESS | 1u << CHAT_SET_PARTICLE | 1u << CHAT_SET_SELF | 1u << CHAT_SET_WISH |
              1u << CHAT_SET_GREETING,
    ASKING = 1u << CHAT_SET_STATUS | 1u << CHAT_SET_HOW, /* how a complaint goes that is named by its code */
    BESIDE_STATUS = FILLERS | ASKING | 1u << CHAT_SET_YES | 1u << CHAT_SET_BESIDE_STATUS,
};

static bool is_word(const struct chat_line *line, size_t i, const char *word)
{
    return i < line->count && !strcmp(line->words[i].text, word);
}

static bool has_any(const struct chat_line *line, const char *const *list)
{
    for (size_t i = 0; i < line->count; i++)
        if (chat_one_of(line->words[i].text, list))
            return true;
    return false;
}

static bool short_and_only(const struct chat_line *line, size_t most, unsigned sets)
{
    return line->count <= most && chat_all_in(line, 0, sets);
}

/* ---- commands ---- */

static bool reads_cancel(const struct chat_line *line)
{
    static const char *const about[] = {
        "laporan", "aduan", "pengaduan", "lapor", "laporannya", "aduannya", NULL};
    bool cancel = false;
    if (line->count > COMMAND_WORDS_MOST)
        return false;
    for (size_t i = 0; i < line->count; i++) {
        const struct chat_word *at = &line->words[i];
        const char *word = at->text;
        bool negated = i && chat_in(CHAT_SET_NOT, &line->words[i - 1]);
        bool pulls = strstr(word, "cabut") || strstr(word, "tarik");
        bool misdirected = !strcmp(word, "salah");
        if (misdirected && (is_word(line, i + 1, "kirim") || is_word(line, i + 1, "sambung") ||
                               is_word(line, i + 1, "nomor") || is_word(line, i + 1, "orang"))) {
            cancel = true;
            i++;
        } else if (chat_in(CHAT_SET_CANCEL, at) && !misdirected && !negated &&
                   (!pulls || has_any(line, about)))
            cancel = true;
        else if (!strcmp(word, "jadi") && negated)
            cancel = true;
        else if (!chat_in_any(FILLERS | 1u << CHAT_SET_YES, at) && strcmp(word, "laporannya") &&
                 strcmp(word, "aduannya") && !(is_word(line, i + 1, "jadi") && chat_in(CHAT_SET_NOT, at)))
            return false;
    }
    return cancel;
}

static bool reads_done(const struct chat_line *line)
{
    static const char *const that_is_all[] = {"itu", "segitu", "sekian", "mek", "gitu", NULL};
    static const char *const only[] = {"saja", "aja", "ae", "wae", "dulu", "tok", "sekian", NULL};
    const unsigned sets = 1u << CHAT_SET_DONE | 1u << CHAT_SET_PARTICLE | 1u << CHAT_SET_ADDRESS |
                          1u << CHAT_SET_YES | 1u << CHAT_SET_THANKS;
    static const char *const enough[] = {"sekian", "segitu", NULL};
    if (line->count > COMMAND_WORDS_MOST)
        return false;
    for (size_t i = 0; i < line->count; i++)
        if (!chat_in_any(sets, &line->words[i]) && strcmp(line->words[i].text, "segitu") &&
            strcmp(line->words[i].text, "sekian"))
            return false;
    return chat_some_in(line, CHAT_SET_DONE) || has_any(line, enough) ||
           (has_any(line, that_is_all) && has_any(line, only));
}

/* How many words say something: "kayaknya gak perlu deh pak" has two. */
static size_t bare_words(const struct chat_line *line)
{
    static const char *const perhaps[] = {
        "kayaknya", "kyknya", "sepertinya", "rasanya", "kayake", "mungkin", NULL};
    const unsigned around = 1u << CHAT_SET_PARTICLE | 1u << CHAT_SET_ADDRESS | 1u << CHAT_SET_YES;
    size_t n = 0;
    for (size_t i = 0; i < line->count; i++)
        n += !chat_in_any(around, &line->words[i]) && !chat_one_of(line->words[i].text, perhaps);
    return n;
}

static bool reads_skip(const struct chat_line *line, const struct chat_context *context)
{
    static const char *const needless[] = {
        "usah", "perlu", "mau", "ada", "punya", "tau", "tahu", "gausah", NULL};
    const unsigned sets =
        1u << CHAT_SET_SKIP | 1u << CHAT_SET_PARTICLE | 1u << CHAT_SET_ADDRESS | 1u << CHAT_SET_YES;
    if (context->asked == CHAT_NOTHING_ASKED)
        return false;
    if (line->count <= 5 && chat_some_in(line, CHAT_SET_SKIP) && chat_all_in(line, 0, sets))
        return true;
    return bare_words(line) <= 3 && line->count <= COMMAND_WORDS_MOST && chat_some_in(line, CHAT_SET_NOT) &&
           (has_any(line, needless) || chat_some_in(line, CHAT_SET_AFRAID));
}

/* Whether the words before i are about the matter: "got mampet. bisa bicara dengan petugas?" */
static bool matter_before(const struct chat_line *line, size_t i)
{
    const unsigned wishing = FILLERS | 1u << CHAT_SET_NOT | 1u << CHAT_SET_PROTEST | 1u << CHAT_SET_TALK;
    for (size_t k = 0; k < i; k++)
        if (chat_in(CHAT_SET_MATTER, &line->words[k]) && !chat_in_any(wishing, &line->words[k]))
            return true;
    return false;
}

/* "saya ditelpon saja" */
static bool wants_to_be_called(const struct chat_line *line, size_t i)
{
    if (!i || line->count > COMMAND_WORDS_MOST || strncmp(line->words[i].text, "di", 2) != 0)
        return false;
    return chat_in(CHAT_SET_SELF, &line->words[i - 1]) && chat_all_in(line, i + 1, FILLERS);
}

/* Where he asks for a person to talk to; line->count = nowhere. */
static size_t request_for_person(const struct chat_line *line)
{
    static const char *const wants[] = {"butuh", "minta", "mau", NULL};
    static const char *const at_once[] = {
        "langsung", "pelayanan", "umum", "sekarang", "aja", "ae", "bukan", "mesin", "robot", "bot", NULL};
    if (line->count > 14 || chat_some_in(line, CHAT_SET_PAST))
        return line->count;
    for (size_t i = 0; i < line->count; i++) {
        bool weak = chat_one_of(line->words[i].text, wants);
        if (!chat_in(CHAT_SET_TALK, &line->words[i]))
            continue;
        if (wants_to_be_called(line, i))
            return i;
        for (size_t k = i + 1; k <= i + (weak ? 1 : 4) && k < line->count; k++) {
            bool me = !weak && chat_in(CHAT_SET_SELF, &line->words[k]) && line->count <= 6;
            bool theirs = chat_in(CHAT_SET_PERSON, &line->words[k]);
            size_t rest = k + 1;
            bool tag = chat_in(CHAT_SET_NOT, &line->words[line->count - 1]); /* "... aja ga?" */
            while (
                rest + tag < line->count && (chat_in_any(FILLERS | 1u << CHAT_SET_YES, &line->words[rest]) ||
                                                chat_one_of(line->words[rest].text, at_once)))
                rest++;
            if (me || (theirs && rest + tag == line->count))
                return i;
        }
    }
    return line->count;
}

static bool asks_for_person(const struct chat_line *line)
{
    return request_for_person(line) < line->count;
}

/* That, and nothing about the matter. */
static bool reads_person(const struct chat_line *line)
{
    static const char *const plain[] = {"petugas", "operator", "cs", "manusia", "orang", "petugasnya", NULL};
    const unsigned around = 1u << CHAT_SET_PERSON | 1u << CHAT_SET_ADDRESS | 1u << CHAT_SET_PARTICLE;
    if (line->count <= 3 && has_any(line, plain) && chat_all_in(line, 0, around | 1u << CHAT_SET_HOW))
        return true;
    size_t at = request_for_person(line);
    return at < line->count && !matter_before(line, at);
}

/* "lapor lagi", "aduan baru": where what follows begins, or 0. */
static size_t reads_new(const struct chat_line *line)
{
    static const char *const matters[] = {
        "aduan", "laporan", "lapor", "pengaduan", "melapor", "masalah", "keluhan", "hal", NULL};
    static const char *const another[] = {
        "baru", "lain", "lainnya", "lagi", "kedua", "berbeda", "beda", NULL};
    for (size_t i = 0; i + 1 < line->count && i < COMMAND_WORDS_MOST; i++) {
        size_t next = i + 1 + (is_word(line, i + 1, "yang") || is_word(line, i + 1, "yg"));
        for (const char *const *m = matters; *m; m++)
            for (const char *const *a = another; *a && is_word(line, i, *m); a++)
                if (is_word(line, next, *a))
                    return next + 1;
        if (!chat_in_any(FILLERS, &line->words[i]))
            return 0;
    }
    return 0;
}

/* ---- status ---- */

/* A code over one to three words; a word alone needs a digit, because "masyarakat" has ten letters too. */
static bool code_at(const struct chat_line *line, size_t i, size_t words, char code[REGISTER_CODE_SIZE])
{
    char piece[CHAT_VALUE_SIZE];
    /* Apart, as the code is shown: 4, 4 and 2. "Jl Mastrip 5" has ten characters as well. */
    static const size_t lengths[] = {4, 4, 2};
    for (size_t k = 0; words == 3 && k < words && i + words <= line->count; k++)
        if (line->words[i + k].to - line->words[i + k].from != lengths[k])
            return false;
    return words != 2 && i + words <= line->count && chat_copy(line, i, i + words, piece) &&
           strlen(piece) <= 16 && piece[strcspn(piece, "0123456789")] && register_code_parse(code, piece);
}

/* 120/PGD/XI/2026: digits, two words, a year, with slashes. */
static bool number_at(const struct chat_line *line, size_t i, char number[REGISTER_NUMBER_SIZE])
{
    if (i + 4 > line->count || line->words[i].after != '/' || line->words[i + 1].after != '/' ||
        line->words[i + 2].after != '/')
        return false;
    size_t from = line->words[i].from, n = line->words[i + 3].to - from;
    if (n >= REGISTER_NUMBER_SIZE || memchr(line->text + from, ' ', n))
        return false;
    for (size_t k = 0; k < n; k++) {
        char c = line->text[from + k];
        number[k] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    number[n] = 0;
    return true;
}

static bool names_complaint(const struct chat_line *line)
{
    static const char *const complaints[] = {"laporan", "aduan", "pengaduan", "laporanku", "aduanku",
        "laporannya", "aduannya", "laporane", "aduane", "laporanne", NULL};
    return has_any(line, complaints);
}

/* "laporan saya sampai mana": of a complaint, and where it has got to. */
static bool asks_how_far(const struct chat_line *line)
{
    return names_complaint(line) && chat_some_in(line, CHAT_SET_HOW);
}

/* "aduan saya sudah dikerjakan belum?": what such a question holds beside BESIDE_STATUS. */
static bool beside_doing(const struct chat_word *word)
{
    static const char *const words[] = {"dikerjakan", "dikerjain", "digarap", "ditangani", "ditindaklanjuti",
        "ditindak", "selesai", "beres", "rampung", "dijawab", "dibaca", "masuk", "diterima", "belum", "blm",
        "belom", "durung", "dereng", "apa", "opo", "ta", "yok", NULL};
    return chat_one_of(word->text, words);
}

static bool asks_whether_done(const struct chat_line *line)
{
    static const char *const already[] = {
        "sudah", "udah", "udh", "sdh", "wis", "wes", "pun", "sampun", "ampon", NULL};
    static const char *const whether[] = {
        "belum", "blm", "belom", "durung", "dereng", "apa", "opo", "ta", "gak", "apakah", NULL};
    bool asked = line->count && line->words[line->count - 1].after == '?';
    if (!names_complaint(line) || !has_any(line, already) || !(asked || has_any(line, whether)))
        return false;
    for (size_t i = 0; i < line->count; i++)
        if (!chat_in_any(BESIDE_STATUS, &line->words[i]) && !beside_doing(&line->words[i]))
            return false;
    return line->count <= 2 * COMMAND_WORDS_MOST;
}

static bool reads_status(const struct chat_line *line, struct chat_reading *ret)
{
    bool asks = false, others = false;
    for (size_t i = 0; i < line->count; i++) {
        size_t taken = 0;
        for (size_t words = 1; words <= 3 && !taken && !*ret->code; words++)
            taken = code_at(line, i, words, ret->code) ? words : 0;
        if (!taken && !*ret->number && number_at(line, i, ret->number))
            taken = 4;
        if (taken) {
            i += taken - 1;
            continue;
        }
        asks |= chat_in_any(ASKING, &line->words[i]);
        others |= !chat_in_any(BESIDE_STATUS, &line->words[i]);
    }
    bool named = *ret->code || *ret->number;
    bool status = named ? !others || (asks && line->count <= 2 * COMMAND_WORDS_MOST)
                        : asks && !others && line->count <= COMMAND_WORDS_MOST &&
                              (chat_some_in(line, CHAT_SET_STATUS) || asks_how_far(line));
    if (!status)
        *ret->code = *ret->number = 0;
    return status || asks_whether_done(line);
}

/* ---- rating ---- */

static int stars(const char *text)
{
    int n = 0;
    for (const char *p = text; (p = strstr(p, "\xe2\xad\x90")) && n <= 5; p += 3)
        n++;
    return n;
}

static int rating_word(const struct chat_line *line)
{
    static const char *const numbers[][6] = {{"satu", "siji", "setunggal", "settong", NULL},
        {"dua", "loro", "kalih", "dhuwa", "duwa", NULL}, {"tiga", "telu", "tello", "tello'", NULL},
        {"empat", "papat", "sekawan", "empa", "empak", NULL}};
    static const char *const leads[] = {
        "nilai", "nilainya", "bintang", "skor", "rating", "angka", "saya", "kasih", "beri", NULL};
    for (size_t i = 0; i < line->count && i < 4; i++) {
        const char *word = line->words[i].text;
        if (word[0] >= '1' && word[0] <= '4' && !word[1])
            return word[0] - '0';
        for (int n = 0; n < 4; n++)
            if (chat_one_of(word, numbers[n]))
                return n + 1;
        bool lead = chat_in_any(FILLERS | 1u << CHAT_SET_YES, &line->words[i]);
        if (!lead && !chat_one_of(word, leads))
            break;
    }
    return 0;
}

/* "sangat puas" 4, "puas" 3, "kurang puas" 2, "tidak puas" 1: the four answers as the question words them. */
static int rating_phrase(const struct chat_line *line)
{
    for (size_t i = 0; i < line->count && i < 5; i++) {
        const char *before = i ? line->words[i - 1].text : "";
        if (strncmp(line->words[i].text, "puas", 4) && strcmp(line->words[i].text, "memuaskan"))
            continue;
        if (!strcmp(before, "kurang"))
            return 2;
        if (i && chat_in(CHAT_SET_NOT, &line->words[i - 1]))
            return 1;
        return !strcmp(before, "sangat") || !strcmp(before, "sgt") || is_word(line, i + 1, "sekali") ||
                       is_word(line, i + 1, "banget") || is_word(line, i + 1, "bgt")
                   ? 4
                   : 3;
    }
    return 0;
}

static bool reads_rating(
    const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret)
{
    if (!context->rating_asked || line->count > RATING_WORDS_MOST)
        return false;
    ret->rating = rating_word(line);
    if (!ret->rating && !line->count)
        ret->rating = stars(line->text);
    if (!ret->rating)
        ret->rating = rating_phrase(line);
    if (ret->rating > 4)
        ret->rating = 4;
    /* "5", "10": meant as one, but it cannot be. */
    bool number = line->count == 1 && line->words[0].text[strspn(line->words[0].text, "0123456789")] == 0;
    return ret->rating > 0 || (number && !ret->rating);
}

/* ---- the whole ---- */

static bool reads_command(
    const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret)
{
    static const char *const help[] = {"help", "menu", "panduan", "cara", "caranya", NULL};
    size_t next;
    if (reads_rating(line, context, ret))
        ret->act = CHAT_RATING;
    else if (reads_status(line, ret))
        ret->act = CHAT_STATUS;
    else if (reads_cancel(line))
        ret->act = CHAT_CANCEL;
    else if (!ret->unsolved && (next = reads_new(line)) > 0) {
        ret->act = CHAT_NEW;
        ret->rest = next < line->count ? line->words[next].from : strlen(line->text);
    } else if (reads_person(line))
        ret->act = CHAT_PERSON;
    else if (reads_done(line))
        ret->act = CHAT_DONE;
    else if (line->count <= 4 && has_any(line, help) && (line->count == 1 || chat_all_in(line, 1, FILLERS)))
        ret->act = CHAT_HELP;
    else
        return false;
    return true;
}

static bool reads_courtesy(const struct chat_line *line, struct chat_reading *ret)
{
    static const char *const pleased[] = {"puas", "bagus", "lega", "senang", "seneng", "memuaskan",
        "membantu", "top", "kerja", "kerjanya", "pelayanan", "pelayanannya", "nya", "hebat", "keren", NULL};
    const unsigned courtesy = 1u << CHAT_SET_THANKS | 1u << CHAT_SET_YES | 1u << CHAT_SET_ADDRESS |
                              1u << CHAT_SET_PARTICLE | 1u << CHAT_SET_SELF | 1u << CHAT_SET_GREETING;
    bool kind = chat_some_in(line, CHAT_SET_THANKS) || chat_some_in(line, CHAT_SET_YES), happy = false,
         all = true;
    for (size_t i = 0; i < line->count && all; i++) {
        bool glad = chat_one_of(line->words[i].text, pleased);
        happy |= glad && strcmp(line->words[i].text, "pelayanan") && strcmp(line->words[i].text, "kerja");
        all = glad || chat_in_any(courtesy, &line->words[i]);
    }
    if (short_and_only(line, LOOKED_AT_WORDS, FILLERS) && !chat_some_in(line, CHAT_SET_THANKS) && !kind)
        ret->act = CHAT_GREETING;
    else if (all && (kind || happy))
        ret->act = CHAT_THANKS;
    else if (short_and_only(line, LOOKED_AT_WORDS, FILLERS | courtesy))
        ret->act = CHAT_GREETING;
    else
        return false;
    return true;
}

/* Whether what stands between two marks, taken by itself, is read so. */
static bool some_clause(const struct chat_line *line, bool (*reads)(const struct chat_line *))
{
    struct chat_line clause; /* large, and seldom needed: filled where it is */
    if (!chat_some_in(line, CHAT_SET_TALK))
        return false;
    clause.text = line->text;
    for (size_t from = 0, i = 0; i < line->count; i++) {
        if (i + 1 < line->count && !strchr(",.;!?\n", line->words[i].after))
            continue;
        clause.count = i + 1 - from;
        memcpy(clause.words, line->words + from, clause.count * sizeof *clause.words);
        if (clause.count > 1 && clause.count < line->count && reads(&clause))
            return true;
        from = i + 1;
    }
    return false;
}

static bool says_unsolved(const struct chat_line *line)
{
    for (size_t i = 0; i < line->count; i++) {
        if (chat_in(CHAT_SET_UNSOLVED, &line->words[i]))
            return true;
        bool again = i && is_word(line, i, "lagi") && chat_in(CHAT_SET_MATTER, &line->words[i - 1]) &&
                     !chat_in(CHAT_SET_WISH, &line->words[i - 1]);
        bool same = is_word(line, i, "sama") && (is_word(line, i + 1, "saja") || is_word(line, i + 1, "aja"));
        bool nothing = chat_in(CHAT_SET_NOT, &line->words[i]) &&
                       (is_word(line, i + 2, "perubahan") || is_word(line, i + 1, "berubah"));
        if (again || same || nothing)
            return true;
    }
    return false;
}

/* Only what tells who he is, with politeness and the words of a correction around it. */
static bool nothing_else(const struct chat_line *line, const struct chat_used *used)
{
    const unsigned around =
        FILLERS | 1u << CHAT_SET_YES | 1u << CHAT_SET_CORRECTS | 1u << CHAT_SET_CORRECTING;
    for (size_t i = 0; i < line->count; i++)
        if (!used->word[i] && !chat_in_any(around, &line->words[i]))
            return false;
    return true;
}

/* Of not being named, and nothing else: "lampu mati. Hamba Allah" is a complaint. */
static bool only_unnamed(const struct chat_line *line)
{
    const unsigned sets = FILLERS | 1u << CHAT_SET_YES | 1u << CHAT_SET_THANKS | 1u << CHAT_SET_ANONYM |
                          1u << CHAT_SET_OWN | 1u << CHAT_SET_IDENTITY | 1u << CHAT_SET_HIDE |
                          1u << CHAT_SET_AFRAID | 1u << CHAT_SET_MENTION | 1u << CHAT_SET_NOT |
                          1u << CHAT_SET_PERSON;
    for (size_t i = 0; i < line->count; i++)
        if (!chat_in_any(sets, &line->words[i]) && !is_word(line, i, "hamba") && !is_word(line, i, "allah") &&
            !is_word(line, i, "kalau") && !is_word(line, i, "sampai"))
            return false;
    return true;
}

static enum chat_act read_short(
    const struct chat_line *line, const struct chat_context *context, struct chat_reading *ret)
{
    struct chat_used used = {0};
    bool asked = context->asked != CHAT_NOTHING_ASKED;
    if (reads_command(line, context, ret))
        return ret->act;
    ret->anonym = chat_wants_no_name(line, context);
    if (ret->anonym && line->count <= COMMAND_WORDS_MOST && (asked || only_unnamed(line)))
        return CHAT_ANONYM;
    if (!ret->anonym) {
        if (reads_skip(line, context))
            return CHAT_SKIP;
        struct chat_reading labelled = *ret;
        if (chat_labelled(line, context, &labelled, &used) && nothing_else(line, &used))
            return *ret = labelled, CHAT_ANSWER;
        if (chat_listed(line, context, ret))
            return CHAT_ANSWER;
        *ret = labelled;
        bool told = *ret->value[CHAT_NAMA] || *ret->value[CHAT_PEKERJAAN] || *ret->value[CHAT_ALAMAT];
        if (!told && (chat_corrected(line, context, ret) || chat_answered(line, context, ret)))
            return CHAT_ANSWER;
    }
    if (reads_courtesy(line, ret))
        return ret->act;
    chat_names_at_end(line, context, ret);
    ret->person = asks_for_person(line) || some_clause(line, asks_for_person);
    return CHAT_CONTENT;
}

void chat_read(const char *text, const struct chat_context *context, struct chat_reading *ret)
{
    struct chat_line line;
    struct chat_used used = {0};
    *ret = (struct chat_reading){.act = CHAT_CONTENT};
    chat_cut(&line, text ? text : "");
    ret->unsolved = says_unsolved(&line);
    if (!line.count) {
        ret->act = reads_rating(&line, context, ret) ? CHAT_RATING : CHAT_NOISE;
        return;
    }
    if (line.whole && line.count <= LOOKED_AT_WORDS) {
        ret->act = read_short(&line, context, ret);
        return;
    }
    ret->anonym = chat_wants_no_name(&line, context);
    if (!ret->anonym)
        chat_labelled(&line, context, ret, &used);
}
