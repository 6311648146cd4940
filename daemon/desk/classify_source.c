#include "classify_source.h"
#include "daemon/base/embedded.h"
#include "daemon/base/file.h"
#include <stdlib.h>

static const char shipped[] = "config/rules.conf";

enum { RULES_FILE_MOST = 1 << 20 };

enum outcome classify_source_read(
    struct classify_rules **ret_rules, const char *path, struct str *problems, struct fault *fault)
{
    if (!path) {
        const struct embedded_file *file = embedded_find(shipped);
        if (!file)
            return fault_set(fault, OUTCOME_STOP, NULL, "%s is not compiled in", shipped);
        return classify_rules_parse(ret_rules, shipped, file->data, file->size, problems, fault);
    }
    char *text;
    size_t size;
    enum outcome outcome = file_read(path, RULES_FILE_MOST, &text, &size, fault);
    if (outcome) {
        str_addf(problems, "%s:1: berkas ini tidak dapat dibaca atau terlalu besar\n", path);
        return outcome;
    }
    outcome = classify_rules_parse(ret_rules, path, text, size, problems, fault);
    free(text);
    return outcome;
}
