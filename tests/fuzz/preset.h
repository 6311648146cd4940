/* The gateway presets with made-up settings, for the harnesses of channels/gateway. */
#ifndef TESTS_FUZZ_PRESET_H
#define TESTS_FUZZ_PRESET_H

#include "fuzz.h"
#include "channels/gateway/mapping.h"
#include "daemon/base/embedded.h"

enum { PRESETS_MOST = 20, PRESET_ARENA = 32 << 20 };

#define PRESET_SECRET "rahasia-0123456789abcdef0123456789"

/* Small letters are settings, capitals secrets. */
static inline const char *preset_find(void *context, const char *name)
{
    (void)context;
    if (strstr(name, "url") || !strcmp(name, "base"))
        return "https://gerbang.example";
    return *name >= 'A' && *name <= 'Z' ? PRESET_SECRET : "kantor";
}

static struct gateway_mapping *presets[PRESETS_MOST];
static size_t preset_count;

static inline void presets_load(void)
{
    const struct gateway_lookup lookup = {preset_find, NULL};
    for (const struct embedded_file *f = embedded_files; f->path; f++) {
        struct fault fault = {0};
        if (strncmp(f->path, "config/gateways/", 16))
            continue;
        require(preset_count < PRESETS_MOST);
        require(mapping_load(f->path, f->data, f->size, &lookup, MAPPING_FOR_ALL, &presets[preset_count++],
                    &fault) == OUTCOME_DONE);
    }
    require(preset_count > 0);
}

#endif
