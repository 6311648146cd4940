/* The option table: the one place where a section or key exists. The parser, the sample file, the man page
 * and `check` read it; adding an option is adding a row. Static data; pure functions. */
#ifndef CONFIG_OPTIONS_H
#define CONFIG_OPTIONS_H

#include "daemon/base/str.h"
#include <stdbool.h>
#include <stddef.h>

enum option_type {
    OPTION_TEXT,          /* any line of text */
    OPTION_WORD,          /* letters, digits, '.', '_', '-', '$', 1..64 */
    OPTION_NUMBER,        /* digits only, least..most */
    OPTION_FLAG,          /* yes/no, ya/tidak */
    OPTION_LISTEN,        /* numeric address and port, or unix:/absolute/path */
    OPTION_HOST,          /* name or address of a server, without scheme and port */
    OPTION_EMAIL,         /* one bare address */
    OPTION_URL,           /* http(s)://host[:port], nothing behind it */
    OPTION_ORIGINS,       /* several of them, separated by blanks */
    OPTION_ENDPOINT,      /* https://host/path; http only for this machine */
    OPTION_PIN,           /* SHA-256 as hex digits, colons between them allowed */
    OPTION_PATH,          /* relative ones are taken from the folder of the configuration file */
    OPTION_MAPPING,       /* name of a shipped preset, or a path when it has a '/' */
    OPTION_CHOICE,        /* one of `choices` */
    OPTION_NUMBER_FORMAT, /* of register numbers: %n, %R, %Y ... */
    OPTION_SECRET,        /* at least `least` characters; never printed */
};

struct option_section {
    const char *name;
    const char *example; /* repeated sections: name of the instance in the sample; NULL = stands once */
    bool optional;       /* commented out in the sample; required keys count only when the section is given */
    const char *comment; /* Indonesian */
};

struct option {
    const char *section;
    const char *key;
    const char *free; /* not NULL: key is a prefix ("set."); these are names that may stand behind it,
                         separated by single spaces, for the sample */
    enum option_type type;
    bool required;
    const char *preset; /* default, as it would be written in the file; NULL = none */
    const char
        *example;     /* shown in the sample where there is no default; secrets of free names: NULL = $NAME */
    long least, most; /* OPTION_NUMBER; OPTION_SECRET: least characters */
    const char *unit; /* Indonesian: "detik"; NULL = none */
    const char *choices; /* OPTION_CHOICE: separated by single spaces */
    const char *comment; /* Indonesian, one line or several separated by \n */
};

const struct option_section *options_sections(size_t *ret_count);
const struct option *options_rows(size_t *ret_count);

const struct option_section *options_find_section(const char *name); /* NULL when there is none */

/* The row of a key as written in the file ("port", "set.base"); NULL when there is none. */
const struct option *options_find(const char *section, const char *key);

/* The known name nearest to what was written, when near enough to be meant; NULL otherwise. */
const char *options_nearest_section(const char *name);
const char *options_nearest_key(const char *section, const char *key);

/* What a value of this option looks like, Indonesian, for problems and the man page: "angka 1 sampai 8". */
void options_expected(const struct option *option, struct str *out);

void options_sample(struct str *out); /* pengaduand.conf.sample */
void options_man(struct str *out);    /* pengaduand.conf(5), man(7) macros */

#endif
