#include "mapping_source.h"

#include "daemon/base/embedded.h"
#include "daemon/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAPPING_MAX = 256 * 1024 };

static const char *find_instance(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config_count(config, "gateway"); i++) {
        const char *instance = config_instance(config, "gateway", i);
        if (strcmp(instance, name) == 0)
            return instance;
    }
    return NULL;
}

enum outcome mapping_source_read(
    struct mapping_source *ret, const struct config *config, const char *name, struct fault *fault)
{
    char path[128];
    const char *instance = find_instance(config, name);
    const char *mapping = instance != NULL ? config_text(config, "gateway", instance, "mapping") : name;
    struct mapping_source made = {.config = config, .instance = instance, .name = mapping};
    if (strchr(mapping, '/') != NULL) {
        enum outcome outcome = file_read(mapping, MAPPING_MAX, &made.owned, &made.size, fault);
        made.text = made.owned;
        if (outcome != OUTCOME_DONE)
            return fault_set(fault, OUTCOME_NEVER,
                "Berkas pemetaan tidak ada, tidak dapat dibaca, atau terlalu besar.", "mapping %s", mapping);
    } else {
        snprintf(path, sizeof path, "config/gateways/%.64s.json", mapping);
        const struct embedded_file *preset = embedded_find(path);
        if (preset == NULL)
            return fault_set(fault, OUTCOME_NEVER,
                "Tidak ada bagian [gateway] maupun pemetaan bawaan dengan nama itu.", "mapping %.64s",
                mapping);
        made.text = preset->data;
        made.size = preset->size;
    }
    *ret = made;
    return OUTCOME_DONE;
}

void mapping_source_release(struct mapping_source *mapping)
{
    free(mapping->owned);
}

static const char *look_up(void *context, const char *name)
{
    const struct mapping_source *mapping = context;
    if (mapping->instance == NULL)
        return NULL;
    if (strcasecmp(name, "path_token") == 0) /* the address of the callback is the channel's own option */
        return config_text(mapping->config, "gateway", mapping->instance, "path_token");
    const char *secret = config_free_text(mapping->config, "gateway", mapping->instance, "secret.", name);
    return secret != NULL ? secret
                          : config_free_text(mapping->config, "gateway", mapping->instance, "set.", name);
}

struct gateway_lookup mapping_source_lookup(struct mapping_source *mapping)
{
    return (struct gateway_lookup){.find = look_up, .context = mapping};
}
