/* The configuration: one INI file, read once at start and again at SIGHUP; immutable between, so every thread
 * may read it. What exists is the option table in options.c; parser, sample file, man page and `check` come
 * from it.
 *
 * A value "$NAME" is taken from the environment or from the systemd credential NAME; "file:/path" from that
 * file (one trailing newline removed). Such values are secrets: never printed. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "daemon/base/fault.h"
#include "daemon/base/str.h"
#include <stdbool.h>
#include <stddef.h>

struct config;

/* NEVER when anything is wrong: every problem is added to problems as one line `file:line: what is wrong,
 * what is expected` (Indonesian). DONE may leave lines there too: `file:line: peringatan: ...`, to be shown
 * and lived with. path NULL = defaults only. Relative paths of the file begin at its folder and are given out
 * already joined to it. Not thread-safe (inih's settings are global): main thread at start, loop thread at
 * SIGHUP. */
enum outcome config_load(
    struct config **ret_config, const char *path, struct str *problems, struct fault *fault);
void config_free(struct config *config); /* wipes secrets */

/* Instances of a repeated section ("mailbox", "gateway", "website") in order of the file. */
size_t config_count(const struct config *config, const char *section);
const char *config_instance(const struct config *config, const char *section, size_t index);

/* section "server" or "mailbox"; instance NULL for sections that stand once. Asking for an option that is not
 * in the table is a programming error and aborts. Text is NULL when it is not set and has no default. */
const char *config_text(
    const struct config *config, const char *section, const char *instance, const char *key);
long config_number(const struct config *config, const char *section, const char *instance, const char *key);
bool config_flag(const struct config *config, const char *section, const char *instance, const char *key);
bool config_has(const struct config *config, const char *section); /* a section that stands once was given */

/* Free keys under a prefix: "set.base" and "secret.GOWA_SECRET" of [gateway wa] are ("set.", "base") and
 * ("secret.", "GOWA_SECRET"); NULL when absent. */
const char *config_free_text(const struct config *config, const char *section, const char *instance,
    const char *prefix, const char *key);

/* Where a problem with a value is told: line of the key, or of the section when the key was not written; 0 = neither
 * is in the file. */
int config_line(const struct config *config, const char *section, const char *instance, const char *key);

const char *config_path(const struct config *config); /* of the file; NULL = defaults */

/* The sample file with every option, its default and its comment: what `init` writes and the package
 * ships. */
void config_sample(struct str *out);

#endif
