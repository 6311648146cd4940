#include "classify_private.h"
#include "text_match.h"
#include <string.h>

enum {
    CONFIDENCE_LEAST = 30,
    CONFIDENCE_MOST = 98,
    CONFIDENCE_CHOSEN = 95,
    REASON_MOST = 400,
    SERVICE_NAMED = 2
};

struct decision {
    const struct classify_rules *rules;
    const struct classify_facts *facts;
    const struct classify_words *words;
    const struct classify_find *finds;
    struct classify_verdict *verdict;
    struct arena *arena;
    const struct classify_group *service; /* NULL = by rule or choice */
    int best, second;                     /* points of services */
    bool urgency_decided;
};

static void reason(struct decision *d, const char *text)
{
    struct classify_verdict *v = d->verdict;
    if (text && v->reason_count < CLASSIFY_REASONS_MOST)
        v->reasons[v->reason_count++] = text;
}

/* The citizen's words of one hit, without what stood between them: no name gets into a reason by accident. */
static void add_hit(const struct decision *d, const struct classify_hit *hit, struct str *out)
{
    for (size_t i = 0; i < hit->count; i++) {
        bool apart = i && hit->words[i] != hit->words[i - 1] + 1;
        const char *word = d->words->list[hit->words[i]].text;
        str_addf(out, "%s%s%s", i ? " " : "", apart ? "… " : "", word);
    }
}

/* "pkh", "bantuan" of what was found, for a reason. */
static void add_found(const struct decision *d, const struct classify_group *g, struct str *out)
{
    const struct classify_find *f = &d->finds[g->index];
    for (size_t i = 0; i < CLASSIFY_TOP && f->top[i].term; i++) {
        struct str one;
        str_init(&one, REASON_MOST);
        str_addc(&one, '"');
        add_hit(d, &f->top[i], &one);
        str_addc(&one, '"');
        if (str_ok(&one) && !memmem(out->data, out->len, one.data, one.len))
            str_addf(out, "%s%s", out->len ? ", " : "", one.data);
        str_release(&one);
    }
}

static const char *found_words(const struct decision *d, const struct classify_group *g)
{
    struct str out;
    str_init(&out, REASON_MOST);
    add_found(d, g, &out);
    const char *text = arena_strdup(d->arena, out.data);
    str_release(&out);
    return text ? text : "";
}

/* ---- service and place ---- */

static void choose_service(struct decision *d)
{
    for (const struct classify_group *g = d->rules->groups; g; g = g->next) {
        int points = d->finds[g->index].points;
        if (g->kind != GROUP_SERVICE || points <= 0)
            continue;
        if (points > d->best) {
            d->second = d->best;
            d->best = points;
            d->service = g;
        } else if (points > d->second) {
            d->second = points;
        }
    }
}

static void choose_place(struct decision *d)
{
    const struct classify_group *first = NULL;
    for (const struct classify_group *g = d->rules->groups; g; g = g->next)
        if (g->kind == GROUP_PLACE && d->finds[g->index].points > 0 &&
            (!first || d->finds[g->index].at < d->finds[first->index].at))
            first = g;
    if (!first)
        return;
    d->verdict->place = first->name;
    reason(d, arena_printf(d->arena, "tempat %s: %s", first->name, found_words(d, first)));
}

/* ---- rules ---- */

/* "email", "62812*", "*@kantor.example". */
static bool is_like(struct span pattern, struct span value)
{
    bool head = pattern.len && pattern.at[pattern.len - 1] == '*', tail = pattern.len && pattern.at[0] == '*';
    if (head || tail)
        pattern = (struct span){pattern.at + tail, pattern.len - 1};
    if (value.len < pattern.len || (!head && !tail && value.len != pattern.len))
        return false;
    return !memcmp(value.at + (tail ? value.len - pattern.len : 0), pattern.at, pattern.len);
}

/* values is "a|b|c"; NULL = anything that is there. */
static bool is_among(const char *values, const char *value)
{
    if (!value || !values)
        return value != NULL;
    for (const char *at = values; at;) {
        const char *end = strchr(at, '|');
        if (is_like((struct span){at, end ? (size_t)(end - at) : strlen(at)}, span_of(value)))
            return true;
        at = end ? end + 1 : NULL;
    }
    return false;
}

static const char *current_service(const struct decision *d)
{
    return d->verdict->service ? d->verdict->service : d->service ? d->service->name : d->rules->fallback;
}

static bool holds(const struct decision *d, const struct classify_condition *c)
{
    const struct classify_verdict *v = d->verdict;
    switch (c->field) {
    case FIELD_GROUP:
        return d->finds[c->group->index].points >=
               (c->other ? d->finds[c->other->index].points + 1 : c->least);
    case FIELD_KIND:
        return is_among(c->values, v->kind);
    case FIELD_SERVICE:
        return c->values ? is_among(c->values, current_service(d)) : v->service || d->best >= SERVICE_NAMED;
    case FIELD_SECTION:
        return is_among(c->values, v->section);
    case FIELD_URGENT:
        return is_among(c->values, v->urgent ? "ya" : "tidak");
    case FIELD_PRIORITY:
        return is_among(c->values, v->priority);
    case FIELD_CONFIDENTIALITY:
        return is_among(c->values, v->confidentiality);
    case FIELD_AVOID:
        return is_among(c->values, v->avoid);
    case FIELD_CHANNEL:
        return is_among(c->values, d->facts->channel);
    case FIELD_SENDER:
        return is_among(c->values, d->facts->sender);
    case FIELD_PLACE:
        return is_among(c->values, v->place);
    case FIELD_TAG:
        for (size_t i = 0; i < v->tag_count; i++)
            if (is_among(c->values, v->tags[i]))
                return true;
        return false;
    case FIELD_LENGTH:
        return d->words->count <= (size_t)c->least;
    case FIELD_COUNT:
        break;
    }
    return false;
}

static bool fits(const struct decision *d, const struct classify_rule *rule)
{
    for (const struct classify_condition *c = rule->conditions; c; c = c->next)
        if (holds(d, c) == c->negated)
            return false;
    return true;
}

static void add_because(const struct decision *d, const struct classify_rule *rule, struct str *out)
{
    struct str words;
    str_init(&words, REASON_MOST);
    for (const struct classify_condition *c = rule->conditions; c; c = c->next)
        if (c->field == FIELD_GROUP && !c->negated)
            add_found(d, c->group, &words);
    if (rule->because)
        str_addf(out, ": %s", rule->because);
    if (words.len)
        str_addf(out, rule->because ? " (%s)" : ": %s", words.data);
    str_release(&words);
}

static const char **text_field(struct classify_verdict *v, enum classify_field field)
{
    switch (field) {
    case FIELD_KIND:
        return &v->kind;
    case FIELD_SERVICE:
        return &v->service;
    case FIELD_SECTION:
        return &v->section;
    case FIELD_PRIORITY:
        return &v->priority;
    case FIELD_CONFIDENTIALITY:
        return &v->confidentiality;
    case FIELD_AVOID:
        return &v->avoid;
    default:
        return NULL;
    }
}

/* False when that was decided by an earlier rule. */
static bool take(struct decision *d, const struct classify_action *a)
{
    struct classify_verdict *v = d->verdict;
    const char **text = text_field(v, a->field);
    if (a->field == FIELD_TAG) {
        for (size_t i = 0; i < v->tag_count; i++)
            if (!strcmp(v->tags[i], a->value))
                return false;
        if (v->tag_count == CLASSIFY_TAGS_MOST)
            return false;
        v->tags[v->tag_count++] = a->value;
        return true;
    }
    if (a->field == FIELD_URGENT) {
        bool first = !d->urgency_decided;
        if (first)
            v->urgent = !strcmp(a->value, "ya");
        d->urgency_decided = true;
        return first && v->urgent;
    }
    if (!text || *text)
        return false;
    *text = a->value;
    return true;
}

static void apply(struct decision *d, const struct classify_rule *rule)
{
    static const char *const names[] = {[FIELD_KIND] = "jenis",
        [FIELD_SERVICE] = "layanan",
        [FIELD_SECTION] = "seksi",
        [FIELD_URGENT] = "mendesak",
        [FIELD_PRIORITY] = "prioritas",
        [FIELD_CONFIDENTIALITY] = "kerahasiaan",
        [FIELD_TAG] = "tanda",
        [FIELD_AVOID] = "hindari"};
    struct str text;
    str_init(&text, REASON_MOST);
    for (const struct classify_action *a = rule->actions; a; a = a->next)
        if (take(d, a))
            str_addf(&text, "%s%s %s", text.len ? ", " : "", names[a->field], a->value);
    if (text.len) {
        add_because(d, rule, &text);
        reason(d, arena_strdup(d->arena, text.data));
    }
    str_release(&text);
}

/* ---- the end ---- */

static void settle_service(struct decision *d)
{
    struct classify_verdict *v = d->verdict;
    if (!v->service)
        v->service = current_service(d);
    if (d->service && !strcmp(v->service, d->service->name))
        reason(d, arena_printf(d->arena, "layanan %s: %s", v->service, found_words(d, d->service)));
    for (const struct classify_group *g = d->rules->groups; g && !v->home; g = g->next)
        if (g->kind == GROUP_SERVICE && !strcmp(g->name, v->service))
            v->home = g->section;
    if (!v->section && v->home) {
        v->section = v->home;
        reason(d, arena_printf(d->arena, "seksi %s: menangani layanan %s", v->section, v->service));
    }
    if (!v->section)
        v->section = d->rules->fallback_section;
}

/* "Lainnya" is what people choose who do not know: no choice. */
static const char *chosen_service(const struct classify_rules *rules, const char *service)
{
    for (const struct classify_group *g = rules->groups; service && g; g = g->next)
        if (g->kind == GROUP_SERVICE && !strcmp(g->name, service) && strcmp(service, rules->fallback) != 0)
            return g->name;
    return NULL;
}

/* How far the best service is ahead of the second, as per cent. */
static int confidence(const struct decision *d)
{
    if (chosen_service(d->rules, d->facts->service))
        return CONFIDENCE_CHOSEN;
    int percent = d->best ? 100 * (2 * d->best + 1) / (2 * (d->best + d->second) + 3) : CONFIDENCE_LEAST;
    return percent < CONFIDENCE_LEAST  ? CONFIDENCE_LEAST
           : percent > CONFIDENCE_MOST ? CONFIDENCE_MOST
                                       : percent;
}

enum outcome classify(const struct classify_rules *rules, const struct classify_facts *facts,
    struct classify_verdict *ret_verdict, struct arena *arena, struct fault *fault)
{
    struct classify_words words;
    struct classify_find *finds = arena_alloc(arena, (rules->group_count + 1) * sizeof *finds);
    *ret_verdict =
        (struct classify_verdict){.kind = facts->kind, .service = chosen_service(rules, facts->service)};
    if (!finds || !classify_words_split(facts->text, facts->size, &words, arena) ||
        !classify_match(rules, &words, finds, arena))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to classify %zu bytes", facts->size);
    struct decision d = {.rules = rules,
        .facts = facts,
        .words = &words,
        .finds = finds,
        .verdict = ret_verdict,
        .arena = arena};
    choose_place(&d);
    choose_service(&d);
    for (const struct classify_rule *rule = rules->rules; rule; rule = rule->next)
        if (fits(&d, rule))
            apply(&d, rule);
    if (!ret_verdict->kind)
        ret_verdict->kind = "pengaduan";
    settle_service(&d);
    ret_verdict->confidence = confidence(&d);
    return arena_ok(arena) ? OUTCOME_DONE
                           : fault_set(fault, OUTCOME_LATER, NULL, "no memory for the reasons of a class");
}
