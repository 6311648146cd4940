/* What config.c (questions), load.c (the file), complete.c (required and default values) and
 * cross.c (options that must fit each other) share. */
#ifndef CONFIG_CONFIG_PRIVATE_H
#define CONFIG_CONFIG_PRIVATE_H

#include "config.h"
#include "options.h"

enum {
    INSTANCE_MAX = 32,        /* characters of a name, and instances of one kind */
    SECTION_VALUES_MAX = 200, /* keys of one section */
    SECTIONS_MAX = 128,       /* more than all kinds with INSTANCE_MAX instances */
};

struct config_value {
    const struct option *option;
    char *key;  /* owned; as written: "set.base" */
    char *text; /* owned; resolved and checked; wiped when freed */
    int line;   /* 0 = default */
};

struct config_section {
    const struct option_section *kind;
    char instance[INSTANCE_MAX + 1]; /* "" for sections that stand once */
    int line;                        /* 0 = not in the file */
    struct config_value *values;
    size_t count;
};

struct config {
    char *path; /* NULL = defaults */
    struct config_section sections[SECTIONS_MAX];
    size_t count;
};

/* One run of config_load. */
struct config_load {
    struct config *config;
    const char *path;
    struct str *problems;
    int problem_count;
    bool out_of_memory;
    bool unreadable; /* the file is there and may be read, but could not be */
};

/* Adds `file:line: text`. */
void load_problem(struct config_load *load, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void load_warning(struct config_load *load, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct config_section *load_add_section(
    struct config *config, const struct option_section *kind, const char *instance, int line);
/* Takes text, which may be NULL (no memory). */
void load_add_value(struct config_load *load, struct config_section *section, const struct option *option,
    const char *key, char *text, int line);
void load_label(const struct config_section *section, struct str *out); /* adds "[mailbox kantor]" */

/* instance "" for sections that stand once; NULL when absent. */
const struct config_section *config_find_section(
    const struct config *config, const char *section, const char *instance);
const struct config_value *config_find_value(const struct config_section *section, const char *key);

/* Required keys of the sections that were given, and of [office]. */
void complete_required(struct config_load *load);

/* Sections that stand once always exist, so that their defaults can be asked for; then defaults, then what is
 * made of other values. */
void complete_defaults(struct config_load *load, const char *folder);

/* Options that are right by themselves and wrong together. After defaults are in. */
void cross_check(struct config_load *load);

#endif
