/* From argv to a row and its arguments. Options and words may stand in any order behind the command's name;
 * "--" ends the options. Used for the command line and for what comes through the control socket. */
#include "command.h"

#include <string.h>

static const struct {
    const char *name, *short_name;
    bool value;
} options[ARG_COUNT] = {
    [ARG_CONFIG] = {"--config", "-c", true},
    [ARG_ROLE] = {"--role", NULL, true},
    [ARG_SECTION] = {"--section", NULL, true},
    [ARG_NAME] = {"--name", NULL, true},
    [ARG_MAIL] = {"--email", NULL, true},
    [ARG_PASSWORD_STDIN] = {"--password-stdin", NULL, false},
    [ARG_AS_ROOT] = {"--as-root", NULL, false},
    [ARG_HEAD] = {"--head", NULL, true},
    [ARG_FORMAT] = {"--format", NULL, true},
    [ARG_FROM] = {"--from", NULL, true},
    [ARG_TO] = {"--to", NULL, true},
};

/* Words of the row's name that argv begins with, when it is this row; else 0. */
static int row_matches(const struct command_row *row, int argc, const char *const *argv)
{
    const char *space = strchr(row->name, ' ');
    size_t first = space != NULL ? (size_t)(space - row->name) : strlen(row->name);
    if (argc < 1 || strlen(argv[0]) != first || strncmp(argv[0], row->name, first) != 0)
        return 0;
    if (space == NULL)
        return 1;
    return argc > 1 && strcmp(argv[1], space + 1) == 0 ? 2 : 0;
}

static const struct command_row *find_row(int argc, const char *const *argv, int *ret_words)
{
    size_t count;
    const struct command_row *rows = command_rows(&count);
    for (size_t i = 0; i < count; i++) {
        *ret_words = row_matches(&rows[i], argc, argv);
        if (*ret_words > 0)
            return &rows[i];
    }
    return NULL;
}

static void unknown_command(int argc, const char *const *argv, struct str *problem)
{
    size_t count, n = argc > 0 ? strlen(argv[0]) : 0;
    const struct command_row *rows = command_rows(&count);
    struct str family;
    str_init(&family, 256);
    for (size_t i = 0; i < count; i++)
        if (n > 0 && strncmp(rows[i].name, argv[0], n) == 0 && rows[i].name[n] == ' ')
            str_addf(&family, "%s%s", family.len > 0 ? ", " : "", rows[i].name + n + 1);
    if (family.len > 0)
        str_addf(problem, "%s perlu salah satu dari: %s", argv[0], family.data);
    else if (argc > 0)
        str_addf(problem, "perintah %s tidak dikenal", argv[0]);
    else
        str_adds(problem, "perintah belum disebut");
    str_release(&family);
}

/* The option that text names, its value after '=' in *ret_value (NULL = none). ARG_COUNT = unknown here. */
static enum command_arg find_option(const struct command_row *row, const char *text, const char **ret_value)
{
    const char *equals = strchr(text, '=');
    size_t n = equals != NULL ? (size_t)(equals - text) : strlen(text);
    for (int i = 0; i < ARG_COUNT; i++) {
        bool short_one = options[i].short_name != NULL && strcmp(text, options[i].short_name) == 0;
        bool long_one = strlen(options[i].name) == n && strncmp(text, options[i].name, n) == 0;
        if ((short_one || long_one) && (row->options & 1u << i) != 0) {
            *ret_value = equals != NULL ? equals + 1 : NULL;
            return (enum command_arg)i;
        }
    }
    return ARG_COUNT;
}

/* Takes the option at *at, and its value behind it. */
static bool take_option(const struct command_row *row, int argc, const char *const *argv, int *at,
    struct command_args *args, struct str *problem)
{
    const char *value;
    const char *text = argv[*at];
    enum command_arg option = find_option(row, text, &value);
    if (option == ARG_COUNT) {
        str_addf(problem, "pilihan %.*s tidak dikenal oleh %s", (int)strcspn(text, "="), text, row->name);
        return false;
    }
    if (args->options[option] != NULL) {
        str_addf(problem, "pilihan %s disebut dua kali", options[option].name);
        return false;
    }
    if (!options[option].value && value != NULL) {
        str_addf(problem, "pilihan %s tidak memakai nilai", options[option].name);
        return false;
    }
    if (options[option].value && value == NULL && *at + 1 < argc)
        value = argv[++*at];
    if (options[option].value && (value == NULL || value[0] == '\0')) {
        str_addf(problem, "pilihan %s perlu nilai", options[option].name);
        return false;
    }
    args->options[option] = options[option].value ? value : "";
    return true;
}

const struct command_row *command_parse(int argc, const char *const *argv, struct command_args *args,
    const struct command_row **ret_meant, struct str *problem)
{
    int at = 0;
    bool only_words = false;
    const struct command_row *row = find_row(argc, argv, &at);
    *args = (struct command_args){0};
    if (ret_meant != NULL)
        *ret_meant = row;
    if (row == NULL) {
        unknown_command(argc, argv, problem);
        return NULL;
    }
    for (; at < argc; at++) {
        if (!only_words && strcmp(argv[at], "--") == 0) {
            only_words = true;
        } else if (!only_words && argv[at][0] == '-' && argv[at][1] != '\0') {
            if (!take_option(row, argc, argv, &at, args, problem))
                return NULL;
        } else if (args->word_count == row->most) {
            str_addf(problem, "%s: \"%.100s\" berlebih", row->name, argv[at]);
            return NULL;
        } else {
            args->words[args->word_count++] = argv[at];
        }
    }
    if (args->word_count < row->least) {
        str_addf(problem, "%s: kurang lengkap", row->name);
        return NULL;
    }
    return row;
}
