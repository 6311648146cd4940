/* Reads a rule file: config/rules.conf explains the language to the people who write it. */
#include "classify_private.h"
#include "text_match.h"
#include <stdlib.h>
#include <string.h>

enum { RULES_MEMORY = 16 << 20, POINTS_MOST = 99, PROBLEMS_MOST = 50 };

struct reader {
    struct classify_rules *rules;
    const char *name;
    struct str *problems;
    int line;
    int problem_count;
    enum { IN_NOTHING, IN_ABBREVIATIONS, IN_GROUP, IN_RULES } place;
    struct classify_group *group;
    struct classify_group **last_group;
    struct classify_term **last_term;
    struct classify_rule **last_rule;
};

/* Says what is wrong in this line and lets the reader go on, to find all mistakes at once. */
static void problem(struct reader *r, const char *what, struct span which)
{
    if (r->problem_count++ < PROBLEMS_MOST)
        str_addf(r->problems, "%s:%d: %s%s%.*s%s\n", r->name, r->line, what, which.len ? " \"" : "",
            (int)(which.len < 80 ? which.len : 80), which.at, which.len ? "\"" : "");
}

static struct span nothing(void)
{
    return (struct span){"", 0};
}

static char *keep(struct reader *r, struct span s)
{
    return arena_strndup(r->rules->arena, s.at, s.len);
}

/* Cuts the part before the separator off *rest; all of it when there is none. Both are trimmed. */
static struct span cut(struct span *rest, const char *separator)
{
    size_t n = strlen(separator);
    const char *at = rest->len >= n ? memmem(rest->at, rest->len, separator, n) : NULL;
    struct span head = {rest->at, at ? (size_t)(at - rest->at) : rest->len};
    size_t used = at ? head.len + n : head.len;
    rest->at += used;
    rest->len -= used;
    *rest = span_trim(*rest);
    return span_trim(head);
}

static const struct classify_group *group_by_name(
    const struct classify_rules *rules, struct span name, enum classify_group_kind kind)
{
    for (const struct classify_group *g = rules->groups; g; g = g->next)
        if (g->kind == kind && strlen(g->name) == name.len && !memcmp(g->name, name.at, name.len))
            return g;
    return NULL;
}

/* ---- terms ---- */

static void add_word(struct classify_element *e, const struct lexeme *word, struct arena *arena)
{
    const struct lexeme **words = arena_alloc(arena, (e->count + 1) * sizeof *words);
    if (!words)
        return;
    if (e->count)
        memcpy(words, e->words, e->count * sizeof *words);
    words[e->count++] = word;
    e->words = words;
}

/* "<uang>": every word of that class. */
static void add_class(struct reader *r, struct classify_element *e, struct span name)
{
    const struct classify_group *g = group_by_name(r->rules, name, GROUP_CLASS);
    if (!g)
        problem(r, "kelas ini belum ditulis di atas", name);
    for (const struct classify_term *t = g ? g->terms : NULL; t; t = t->next)
        for (size_t i = 0; i < t->elements->count; i++)
            add_word(e, t->elements->words[i], r->rules->arena);
}

static void add_alternative(struct reader *r, struct classify_element *e, struct span word)
{
    if (word.len > 2 && word.at[0] == '<' && word.at[word.len - 1] == '>') {
        add_class(r, e, (struct span){word.at + 1, word.len - 2});
        return;
    }
    const struct lexeme *l = lexicon_add(r->rules->lexicon, word.at, word.len);
    if (l)
        add_word(e, l, r->rules->arena);
    else
        problem(r, "ini bukan satu kata", word);
}

static const char *const denials[] = {"tidak", "bukan", "tanpa", "belum", "jangan", NULL};

static struct classify_term *read_term(struct reader *r, struct span text)
{
    struct classify_term *t = arena_alloc(r->rules->arena, sizeof *t);
    struct classify_element **last = t ? &t->elements : NULL;
    bool gap = false;
    size_t count = 0;
    for (struct span rest = text; t && rest.len;) {
        struct span piece = cut(&rest, " ");
        if (!piece.len)
            continue;
        if (span_equals(piece, "~")) {
            gap = true;
            continue;
        }
        struct classify_element *e = arena_alloc(r->rules->arena, sizeof *e);
        if (!e)
            return NULL;
        e->gap = gap;
        gap = false;
        t->denies |= span_equals_any(piece, denials);
        for (struct span words = piece; words.len;)
            add_alternative(r, e, cut(&words, "|"));
        if (count++ == CLASSIFY_TERM_WORDS) {
            problem(r, "istilah ini terlalu panjang:", text);
            break;
        }
        *last = e;
        last = &e->next;
    }
    return t;
}

/* "3: satu, dua tiga" or "satu, dua tiga". */
static void read_terms(struct reader *r, struct span line)
{
    int points = 1;
    const char *colon = memchr(line.at, ':', line.len);
    if (colon) {
        char *end;
        struct span head = cut(&line, ":");
        long number = strtol(head.at, &end, 10);
        if (end == head.at || end != head.at + head.len || number < -POINTS_MOST || number > POINTS_MOST ||
            !number) {
            problem(r, "di depan titik dua diharapkan nilai, misalnya 3:, bukan", head);
            return;
        }
        points = (int)number;
    }
    while (line.len) {
        struct span text = cut(&line, ",");
        struct classify_term *t = text.len ? read_term(r, text) : NULL;
        if (!t || !t->elements)
            continue;
        if (r->group->kind == GROUP_CLASS && t->elements->next)
            problem(r, "di dalam kelas hanya boleh satu kata, bukan", text);
        t->points = points;
        *r->last_term = t;
        r->last_term = &t->next;
    }
}

static void read_abbreviation(struct reader *r, struct span line)
{
    struct span longer = cut(&line, "=");
    if (!longer.len || !line.len)
        problem(r, "diharapkan kata = singkatan, singkatan", nothing());
    while (longer.len && line.len) {
        struct span shorter = cut(&line, ",");
        if (shorter.len &&
            !lexicon_abbreviate(r->rules->lexicon, shorter.at, shorter.len, longer.at, longer.len))
            problem(r, "singkatan dan kepanjangannya masing-masing satu kata:", shorter);
    }
}

/* ---- rules ---- */

static const struct {
    const char *name;
    bool decided; /* may stand behind "maka" */
} fields[FIELD_COUNT] = {
    [FIELD_KIND] = {"jenis", true},
    [FIELD_SERVICE] = {"layanan", true},
    [FIELD_SECTION] = {"seksi", true},
    [FIELD_URGENT] = {"mendesak", true},
    [FIELD_PRIORITY] = {"prioritas", true},
    [FIELD_CONFIDENTIALITY] = {"kerahasiaan", true},
    [FIELD_TAG] = {"tanda", true},
    [FIELD_AVOID] = {"hindari", true},
    [FIELD_CHANNEL] = {"saluran", false},
    [FIELD_SENDER] = {"pengirim", false},
    [FIELD_PLACE] = {"tempat", false},
    [FIELD_LENGTH] = {"panjang", false},
    [FIELD_GROUP] = {"", false},
};

static enum classify_field field_of(struct span name)
{
    for (int f = 0; f < FIELD_GROUP; f++)
        if (strlen(fields[f].name) == name.len && !memcmp(fields[f].name, name.at, name.len))
            return (enum classify_field)f;
    return FIELD_GROUP;
}

static const struct classify_group *known_group(struct reader *r, struct span name)
{
    const struct classify_group *g = group_by_name(r->rules, name, GROUP_WORDS);
    if (!g)
        problem(r, "tidak ada kelompok kata bernama", name);
    return g;
}

/* "suap", "tanya>=2", "tanya>masalah": points of a group. */
static void read_points(struct reader *r, struct classify_condition *c, struct span text)
{
    struct span name = cut(&text, ">");
    c->group = known_group(r, name);
    c->least = 1;
    if (text.len && text.at[0] != '=') {
        c->other = known_group(r, text);
    } else if (text.len) {
        char *end = NULL;
        cut(&text, "=");
        c->least = text.len ? (int)strtol(text.at, &end, 10) : 0;
        if (!text.len || end != text.at + text.len || c->least < 1)
            problem(r, "di belakang >= diharapkan angka, bukan", text);
    }
}

/* "panjang<=8": words. */
static void read_length(struct reader *r, struct classify_condition *c, struct span text)
{
    char *end = NULL;
    cut(&text, "<=");
    c->field = FIELD_LENGTH;
    c->least = text.len ? (int)strtol(text.at, &end, 10) : 0;
    if (!text.len || end != text.at + text.len || c->least < 1)
        problem(r, "diharapkan panjang<=ANGKA, bukan", text);
}

/* "saluran=email|website", "tempat", "bukan suap". */
static struct classify_condition *read_condition(struct reader *r, struct span text)
{
    struct classify_condition *c = arena_alloc(r->rules->arena, sizeof *c);
    if (!c)
        return NULL;
    if (span_starts(text, "bukan ")) {
        c->negated = true;
        cut(&text, " ");
    }
    if (span_starts(text, "panjang")) {
        read_length(r, c, text);
        return c;
    }
    struct span name = text, value = {0};
    const char *equals = memchr(text.at, '=', text.len);
    if (equals && equals > text.at && equals[-1] != '>') {
        value = text;
        name = cut(&value, "=");
        c->values = keep(r, value);
    }
    c->field = field_of(name);
    if (c->field == FIELD_GROUP) {
        if (value.len)
            problem(r, "keterangan ini tidak dikenal:", name);
        else
            read_points(r, c, text);
    }
    return c;
}

static void check_action(struct reader *r, enum classify_field field, struct span name, struct span value)
{
    if (field == FIELD_GROUP || !fields[field].decided)
        problem(r, "ini tidak dapat diputuskan oleh aturan:", name);
    else if (!value.len)
        problem(r, "nilainya belum ditulis:", name);
    else if (field == FIELD_URGENT && !span_equals(value, "ya") && !span_equals(value, "tidak"))
        problem(r, "mendesak hanya boleh ya atau tidak, bukan", value);
    else if (field == FIELD_SERVICE && !group_by_name(r->rules, value, GROUP_SERVICE))
        problem(r, "tidak ada layanan bernama", value);
}

static struct classify_action *read_action(struct reader *r, struct span text)
{
    struct classify_action *a = arena_alloc(r->rules->arena, sizeof *a);
    struct span name = cut(&text, "=");
    if (!a)
        return NULL;
    a->field = field_of(name);
    a->value = keep(r, text);
    check_action(r, a->field, name, text);
    return a;
}

/* jika A dan bukan B maka jenis=x, seksi=y karena ... */
static void read_rule(struct reader *r, struct span line)
{
    struct classify_rule *rule = arena_alloc(r->rules->arena, sizeof *rule);
    struct span actions = line, because;
    struct span conditions = cut(&actions, " maka ");
    if (!rule)
        return;
    if (!span_starts(conditions, "jika ") || !actions.len) {
        problem(r, "diharapkan: jika ... maka ...", nothing());
        return;
    }
    cut(&conditions, " ");
    because = actions;
    actions = cut(&because, " karena ");
    rule->line = r->line;
    rule->because = because.len ? keep(r, because) : NULL;
    struct classify_condition **last = &rule->conditions;
    while (conditions.len) {
        struct span one = cut(&conditions, " dan ");
        struct classify_condition *c = span_equals(one, "selalu") ? NULL : read_condition(r, one);
        if (c) {
            *last = c;
            last = &c->next;
        }
    }
    struct classify_action **end = &rule->actions;
    while (actions.len) {
        struct classify_action *a = read_action(r, cut(&actions, ","));
        if (!a)
            return;
        *end = a;
        end = &a->next;
    }
    *r->last_rule = rule;
    r->last_rule = &rule->next;
}

/* ---- headings ---- */

static void begin_group(struct reader *r, enum classify_group_kind kind, struct span name)
{
    struct classify_group *g = arena_alloc(r->rules->arena, sizeof *g);
    if (!g)
        return;
    g->kind = kind;
    if (kind == GROUP_WORDS) {
        struct span rest = name;
        name = cut(&rest, ",");
        g->undenied = span_equals(rest, "tanpa sangkalan");
        if (rest.len && !g->undenied)
            problem(r, "di belakang koma hanya dikenal: tanpa sangkalan, bukan", rest);
    }
    if (kind == GROUP_SERVICE) {
        struct span section = name;
        name = cut(&section, " di ");
        if (!section.len)
            problem(r, "diharapkan [layanan KUNCI di SEKSI]", nothing());
        g->section = keep(r, section);
    }
    if (!name.len)
        problem(r, "namanya belum ditulis", nothing());
    if (group_by_name(r->rules, name, kind))
        problem(r, "nama ini sudah dipakai:", name);
    g->name = keep(r, name);
    g->index = r->rules->group_count++;
    *r->last_group = g;
    r->last_group = &g->next;
    r->last_term = &g->terms;
    r->group = g;
    r->place = IN_GROUP;
}

static void read_heading(struct reader *r, struct span line)
{
    static const struct {
        const char *word;
        enum classify_group_kind kind;
    } kinds[] = {
        {"kata", GROUP_WORDS}, {"layanan", GROUP_SERVICE}, {"tempat", GROUP_PLACE}, {"kelas", GROUP_CLASS}};
    struct span name = span_trim((struct span){line.at + 1, line.len - 2});
    r->place = IN_NOTHING;
    if (span_equals(name, "singkatan"))
        r->place = IN_ABBREVIATIONS;
    else if (span_equals(name, "aturan"))
        r->place = IN_RULES;
    struct span word = cut(&name, " ");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && r->place == IN_NOTHING; i++)
        if (span_equals(word, kinds[i].word))
            begin_group(r, kinds[i].kind, name);
    if (r->place == IN_NOTHING)
        problem(r, "bagian ini tidak dikenal:", line);
}

static void read_line(struct reader *r, struct span line)
{
    line = span_trim(line);
    if (!line.len || line.at[0] == '#')
        return;
    if (line.at[0] == '[' && line.at[line.len - 1] == ']')
        read_heading(r, line);
    else if (r->place == IN_ABBREVIATIONS)
        read_abbreviation(r, line);
    else if (r->place == IN_GROUP)
        read_terms(r, line);
    else if (r->place == IN_RULES)
        read_rule(r, line);
    else
        problem(r, "baris ini tidak berada di bagian mana pun", nothing());
}

/* The service written last is taken when no other has a word in the text. */
static void choose_fallback(struct reader *r)
{
    for (const struct classify_group *g = r->rules->groups; g; g = g->next)
        if (g->kind == GROUP_SERVICE) {
            r->rules->fallback = g->name;
            r->rules->fallback_section = g->section;
        }
    if (!r->rules->fallback)
        problem(r, "tidak ada satu pun [layanan KUNCI di SEKSI]", nothing());
}

static struct classify_rules *rules_new(void)
{
    struct arena *arena = arena_new(RULES_MEMORY);
    struct classify_rules *rules = arena ? arena_alloc(arena, sizeof *rules) : NULL;
    if (!rules) {
        arena_free(arena);
        return NULL;
    }
    rules->arena = arena;
    rules->lexicon = lexicon_new(arena);
    return rules;
}

static enum outcome finish(struct reader *r, struct classify_rules **ret_rules, struct fault *fault)
{
    bool made =
        arena_ok(r->rules->arena) && lexicon_close(r->rules->lexicon) && classify_index_make(r->rules);
    if (made && !r->problem_count) {
        *ret_rules = r->rules;
        return OUTCOME_DONE;
    }
    classify_rules_free(r->rules);
    return made ? fault_set(fault, OUTCOME_NEVER, "Berkas aturan salah.", "%s: %d mistakes", r->name,
                      r->problem_count)
                : fault_set(fault, OUTCOME_LATER, NULL, "no memory for the rules of %s", r->name);
}

enum outcome classify_rules_parse(struct classify_rules **ret_rules, const char *name, const char *text,
    size_t size, struct str *problems, struct fault *fault)
{
    struct classify_rules *rules = rules_new();
    if (!rules || !rules->lexicon) {
        classify_rules_free(rules);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the rules of %s", name);
    }
    struct reader r = {.rules = rules,
        .name = name,
        .problems = problems,
        .last_group = &rules->groups,
        .last_rule = &rules->rules};
    for (struct span rest = {text, size}; rest.len;) {
        r.line++;
        read_line(&r, span_next_line(&rest));
    }
    choose_fallback(&r);
    return finish(&r, ret_rules, fault);
}

void classify_rules_free(struct classify_rules *rules)
{
    if (rules)
        arena_free(rules->arena);
}
