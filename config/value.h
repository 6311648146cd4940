/* One value of the file: is it what its option asks for, and where does it really stand when it is a
 * reference. No value ever enters a problem text: a password in the wrong line must not reach a screen or a
 * log. */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include "options.h"

enum { VALUE_MAX = 4096 }; /* bytes, also of a secret's file */

/* True when text is a value of this option; otherwise what is wrong and expected is added to why
 * (Indonesian). */
bool value_check(const struct option *option, const char *text, struct str *why);

bool value_flag(const char *text); /* of a checked OPTION_FLAG */

/* "$NAME" or "file:PATH" */
bool value_is_reference(const char *text);

/* What the reference stands for: malloc'd, the caller wipes and frees it. folder: where relative paths begin.
 * NULL with the reason in why, which names the reference. */
char *value_resolve(const char *reference, const char *folder, struct str *why);

/* malloc'd path: folder + "/" + path, or path alone when it is absolute or folder is NULL. NULL without
 * memory. */
char *value_path(const char *path, const char *folder);

#endif
