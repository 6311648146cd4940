#include "classify_source.h"
#include "daemon/base/embedded.h"
#include "daemon/base/file.h"
#include <stdlib.h>
#include <string.h>

static const char shipped[] = "config/rules.conf";

enum { RULES_FILE_MOST = 1 << 20 };

static enum outcome read_shipped(char **ret_text, size_t *ret_size, struct fault *fault)
{
    const struct embedded_file *file = embedded_find(shipped);
    if (!file)
        return fault_set(fault, OUTCOME_STOP, NULL, "%s is not compiled in", shipped);
    *ret_text = strndup(file->data, file->size);
    *ret_size = file->size;
    return *ret_text ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "no memory for the rules");
}

enum outcome classify_source_read(struct classify_rules **ret_rules, char **ret_text, const char *path,
    struct str *problems, struct fault *fault)
{
    char *text = NULL;
    size_t size = 0;
    enum outcome outcome =
        path ? file_read(path, RULES_FILE_MOST, &text, &size, fault) : read_shipped(&text, &size, fault);
    if (outcome) {
        if (path)
            str_addf(problems, "%s:1: berkas ini tidak dapat dibaca atau terlalu besar\n", path);
        return outcome;
    }
    outcome = classify_rules_parse(ret_rules, path ? path : shipped, text, size, problems, fault);
    if (ret_text && !outcome)
        *ret_text = text;
    else
        free(text);
    return outcome;
}
