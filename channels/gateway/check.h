/* Reading a configuration file in JSON so that every mistake is named by its place: "name: /auth/0/alg: ...".
 *
 * The first mistake wins; after it all check_* calls are harmless and return empty values, so a loader reads
 * on without testing each and the caller looks at `failed` once. Not thread-safe (one check per load). */
#ifndef GATEWAY_CHECK_H
#define GATEWAY_CHECK_H

#include "field.h"
#include "mapping.h"
#include "template.h"

enum { CHECK_SETTINGS_MAX = 64 };

struct check {
    const char *name;
    struct arena *arena;
    const struct gateway_lookup *lookup;
    const json_t *defaults; /* of settings the office need not set; NULL = none */
    struct fault *fault;
    bool failed;
    bool needed; /* settings of the part being read must exist */
    struct template_name settings[CHECK_SETTINGS_MAX];
    size_t setting_count;
};

/* Where we are; places live on the stack of the loaders. */
struct place {
    const struct place *parent; /* NULL = the file itself */
    const char *key;            /* NULL = array element */
    size_t index;
};

/* message: Indonesian, printf format: what is wrong, what is expected. */
void check_fail(struct check *c, const struct place *at, const char *message, ...)
    __attribute__((format(printf, 3, 4)));

/* Every key of the object is one of `allowed` (ends with NULL); false also when it is no object. */
bool check_keys(struct check *c, const struct place *at, const json_t *object, const char *const *allowed);

/* Members. NULL, fallback or an empty list when absent and not required, or after a mistake. */
const char *check_text(
    struct check *c, const struct place *at, const json_t *object, const char *key, bool required);
long check_integer(struct check *c, const struct place *at, const json_t *object, const char *key, long min,
    long max, long fallback);
bool check_bool(struct check *c, const struct place *at, const json_t *object, const char *key);
/* Index of the text in words (ends with NULL), fallback when absent; fallback -1 = required. */
int check_word(struct check *c, const struct place *at, const json_t *object, const char *key,
    const char *const *words, int fallback);
const char *const *check_texts(
    struct check *c, const struct place *at, const json_t *object, const char *key, size_t *ret_count);
struct pointer check_pointer(
    struct check *c, const struct place *at, const json_t *object, const char *key, bool wildcards);
/* A pointer or a list of pointers; none when absent. */
const struct pointer *check_pointers(struct check *c, const struct place *at, const json_t *object,
    const char *key, bool wildcards, size_t *ret_count);
struct field check_field(
    struct check *c, const struct place *at, const json_t *object, const char *key, bool required);

/* A secret: written as "$NAME" and nothing else, set, and at least `least` characters long. */
const char *check_secret(
    struct check *c, const struct place *at, const json_t *object, const char *key, size_t least);

/* What the office set for {name}; NULL = nothing. */
const char *check_setting(struct check *c, const char *name);

/* A text that may hold {name} and $NAME. given: names filled later, per message (ends with NULL). optional:
 * the name of the "key?name" it stands under, which need not be set; NULL = none. All other names are looked
 * up and remembered. */
void check_template(struct check *c, const struct place *at, const char *text, const char *const *given,
    const char *optional);
const char *check_url(struct check *c, const struct place *at, const json_t *object, const char *key,
    const char *const *given, bool required);
/* A JSON template; flat = an object of texts only (forms, headers). */
void check_json(
    struct check *c, const struct place *at, const json_t *template, const char *const *given, bool flat);
/* One of the names (NULL behind the last) stands as {name} in the template, which check_json() has seen. */
bool check_mentions(const json_t *template, const char *const *names);

#endif
