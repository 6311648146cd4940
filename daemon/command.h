/* The command line. A command is one row of the table in command_table.c: name, help, options, and either
 *
 *   run()   a program of its own (serve, init, check, parse-mail ...), or
 *   body()  a pure function over one transaction of the book (user, status, verify). Only one process may
 * open the book, so the same body runs in the daemon when one is running (control.h) and in this process
 * otherwise.
 *
 * Exit codes are those of sysexits.h; 1 = the question was answered, and the answer needs a person. */
#ifndef DAEMON_COMMAND_H
#define DAEMON_COMMAND_H

#include "config/config.h"
#include "daemon/book/book.h"
#include "daemon/book/password.h"
#include <stdio.h>
#include <sys/types.h>

enum {
    COMMAND_WORDS_MAX = 4,
    COMMAND_INPUT_MAX = 1024, /* bytes of a password on standard input */
    COMMAND_FILE_MAX = 256 * 1024,
    COMMAND_OUTPUT_MAX = 1 << 20,
    COMMAND_NEEDS_PERSON = 1, /* exit code */
};

enum command_arg {
    ARG_CONFIG, /* -c FILE */
    ARG_ROLE,
    ARG_SECTION,
    ARG_NAME,
    ARG_MAIL,
    ARG_PASSWORD_STDIN,
    ARG_AS_ROOT, /* serve: also in a data folder of somebody else */
    ARG_HEAD,
    ARG_FORMAT, /* of report and export */
    ARG_FROM,   /* export: days */
    ARG_TO,
    ARG_COUNT,
};

/* How far the output of a row with `parts` has come. */
struct command_part {
    int64_t next; /* the body's own word for where it goes on; 0 = at the beginning */
    bool more;    /* set by each run */
};

/* What was written behind the name of the command. Borrowed from argv. */
struct command_args {
    const char *words[COMMAND_WORDS_MAX];
    size_t word_count;
    const char *options[ARG_COUNT]; /* NULL = not given; "" for those without a value */
    const char *input;              /* the line of --password-stdin, or a file's content; NULL = none */
    const struct config *config;    /* of the process in which a body runs */
    FILE *progress;                 /* where a long body says how far it is; NULL = in the log */
    struct command_part *part;      /* for rows with `parts` */
    const struct command_password *password; /* for rows with `password` */
    struct command_left *left;               /* for rows with `after`; never NULL there */
};

struct command_row;

/* What an aside body leaves for the write job behind it. */
struct command_left {
    void *thing; /* NULL = nothing */
    void (*release)(void *thing);
};
void command_left_release(struct command_left *left); /* nothing is left */

struct command {
    const struct command_row *row;
    struct command_args args;
    struct config *config; /* loaded; NULL when the row does not ask for it */
    FILE *out, *err;
    struct command_part part; /* what args.part points to */
    FILE *job;                /* private: the printer of what it says; NULL = not begun */
    pid_t printer;
};

/* May run more than once (book.h): clears out and sets *ret_exit (0 before) itself. What is in out is shown
 * on standard output, or on standard error when the exit code is not 0 or 1. DONE commits, also with an exit
 * code. */
typedef enum outcome command_body(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault);

struct command_row {
    const char *name;    /* one or two words: "user add" */
    const char *help;    /* Indonesian, one line */
    const char *usage;   /* what may follow the name: "LOGIN --role PERAN ..." */
    const char *details; /* further lines for `help NAME`; NULL = none */
    unsigned options;    /* bit set of 1u << enum command_arg */
    size_t least, most;  /* words */
    bool config;         /* the configuration is loaded before run() or body() */
    int (*run)(struct command *cmd);
    command_body *body;
    bool password; /* the body sets one: command_password_take() runs before, on no writer */
    bool writes;   /* the body changes the book */
    bool aside;    /* the body takes minutes and begins its transactions by itself (book_aside) */
    bool path;     /* the first word is a path: made absolute, because another process may use it */
    bool file; /* the first word is a file, whose content becomes args.input: the daemon may not reach it */
    bool live; /* the running daemon adds its live state to the output */
    bool
        parts; /* the body runs again for further output while args.part->more, each time in a transaction of its own */
    bool prints;         /* with --format xlsx or pdf its output is a job for the printer */
    bool stopped;        /* refused while a daemon runs: it would hold up whoever writes */
    command_body *after; /* a write job behind an aside body whose exit code was 0; may be NULL */
    command_body *
        alone; /* a write job behind the body when no daemon runs and the body's exit code was 0; may be NULL */
    bool
        looks_for_damage; /* a book that cannot be opened because it is damaged is the answer, not a failure */
};

const struct command_row *command_rows(size_t *ret_count);

/* argv without the program's name. NULL with what is wrong in problem (Indonesian); the row that was meant,
 * if it can be told, in *ret_meant (may be NULL). Pointers in args are those of argv. */
const struct command_row *command_parse(int argc, const char *const *argv, struct command_args *args,
    const struct command_row **ret_meant, struct str *problem);

void command_help(FILE *out); /* all commands */
void command_help_row(const struct command_row *row, FILE *out);

int command_main(int argc, char **argv, FILE *in, FILE *out, FILE *err);

/* Exit code and text of a body that did not end with DONE. */
int command_exit(enum outcome outcome);
const char *command_reason(const struct fault *fault);

/* True when this user may work in the data folder (run_as.h); else it has been said on cmd->err. */
bool command_may_work(struct command *cmd, const char *folder);

/* The book as this configuration wants it; the strings are the configuration's. create is false. */
void command_book_options(const struct config *config, struct book_options *ret_options);

/* Runs the body where the book is: in the daemon, else here. */
int command_run_body(struct command *cmd, int argc, const char *const *argv);

/* Rows. `serve` is the daemon itself: serve.c. */
int serve_command(struct command *cmd);
int command_init(struct command *cmd);
int command_check(struct command *cmd);
int command_parse_mail(struct command *cmd);
int command_parse_gateway(struct command *cmd);
int command_classify(struct command *cmd);
int command_find_identity(struct command *cmd);
int command_learn_measure(struct command *cmd);
int command_restore(struct command *cmd);
int command_rehearse(struct command *cmd);
command_body command_user_add, command_user_list, command_user_passwd, command_user_disable,
    command_user_enable;
command_body command_holidays_import;
command_body command_export;
command_body command_report_monthly, command_report_yearly;
command_body command_learn, command_learn_keep, command_rules;
command_body command_status, command_verify, command_verify_alone, command_reindex, command_backup;

/* "22 menit" of a time span; the caller says "lalu" or "lagi". */
void command_add_span(struct str *out, int64_t ms);

/* The password that a body sets: the typed one (made is ""), else one made for one login. */
struct command_password {
    char made[PASSWORD_MADE_SIZE];
    char hash[PASSWORD_HASH_SIZE];
};
/* NEVER with a public text when the typed one is too short or too long. */
enum outcome command_password_take(
    const struct command_args *args, struct command_password *ret, struct fault *fault);

#endif
