/* Where the classification rules come from: the shipped config/rules.conf (compiled in) or the office's own file. */
#ifndef DESK_CLASSIFY_SOURCE_H
#define DESK_CLASSIFY_SOURCE_H

#include "daemon/base/fault.h"
#include "daemon/base/str.h"
#include "rules/classify.h"

/* path NULL = the shipped ones. ret_text (malloc'd, the caller frees) may be NULL. NEVER: the file cannot be read or each of its mistakes is a line in problems. The caller
 * frees with classify_rules_free(). */
enum outcome classify_source_read(struct classify_rules **ret_rules, char **ret_text, const char *path,
    struct str *problems, struct fault *fault);

#endif
