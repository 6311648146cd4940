/* Questions asked of a loaded configuration. */
#include "config_private.h"

#include "daemon/base/log.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>

const struct config_section *config_find_section(
    const struct config *config, const char *section, const char *instance)
{
    for (size_t i = 0; i < config->count; i++) {
        const struct config_section *s = &config->sections[i];
        if (strcmp(s->kind->name, section) == 0 && strcmp(s->instance, instance) == 0)
            return s;
    }
    return NULL;
}

const struct config_value *config_find_value(const struct config_section *section, const char *key)
{
    for (size_t i = 0; i < section->count; i++)
        if (strcmp(section->values[i].key, key) == 0)
            return &section->values[i];
    return NULL;
}

/* The code asks for something that is not in the table: no run of the program can go on. */
static _Noreturn void broken(const char *section, const char *instance, const char *key)
{
    log_event(LOG_ERROR, NULL, "config.asked_for_unknown", "section=%s instance=%s key=%s", section,
        instance != NULL ? instance : "-", key);
    abort();
}

static const struct config_value *ask(
    const struct config *config, const char *section, const char *instance, const char *key)
{
    const struct config_section *s = config_find_section(config, section, instance != NULL ? instance : "");
    if (s == NULL || options_find(section, key) == NULL)
        broken(section, instance, key);
    return config_find_value(s, key);
}

size_t config_count(const struct config *config, const char *section)
{
    size_t count = 0;
    for (size_t i = 0; i < config->count; i++)
        if (strcmp(config->sections[i].kind->name, section) == 0 && config->sections[i].line > 0)
            count++;
    return count;
}

const char *config_instance(const struct config *config, const char *section, size_t index)
{
    for (size_t i = 0; i < config->count; i++) {
        const struct config_section *s = &config->sections[i];
        if (strcmp(s->kind->name, section) == 0 && s->line > 0 && index-- == 0)
            return s->instance;
    }
    broken(section, NULL, "-");
}

const char *config_text(
    const struct config *config, const char *section, const char *instance, const char *key)
{
    const struct config_value *value = ask(config, section, instance, key);
    return value != NULL ? value->text : NULL;
}

long config_number(const struct config *config, const char *section, const char *instance, const char *key)
{
    const struct config_value *value = ask(config, section, instance, key);
    if (value == NULL || value->option->type != OPTION_NUMBER)
        broken(section, instance, key);
    return strtol(value->text, NULL, 10);
}

bool config_flag(const struct config *config, const char *section, const char *instance, const char *key)
{
    const struct config_value *value = ask(config, section, instance, key);
    if (value == NULL || value->option->type != OPTION_FLAG)
        broken(section, instance, key);
    return value_flag(value->text);
}

bool config_has(const struct config *config, const char *section)
{
    return config_count(config, section) > 0;
}

const char *config_free_text(const struct config *config, const char *section, const char *instance,
    const char *prefix, const char *key)
{
    const struct config_section *s = config_find_section(config, section, instance != NULL ? instance : "");
    size_t n = strlen(prefix);
    for (size_t i = 0; s != NULL && i < s->count; i++) {
        const struct config_value *value = &s->values[i];
        if (value->option->free != NULL && strncmp(value->key, prefix, n) == 0 &&
            strcmp(value->key + n, key) == 0)
            return value->text;
    }
    return NULL;
}

int config_line(const struct config *config, const char *section, const char *instance, const char *key)
{
    const struct config_section *s = config_find_section(config, section, instance != NULL ? instance : "");
    const struct config_value *value = s != NULL ? config_find_value(s, key) : NULL;
    if (value != NULL && value->line > 0)
        return value->line;
    return s != NULL ? s->line : 0;
}

const char *config_path(const struct config *config)
{
    return config->path;
}

void config_sample(struct str *out)
{
    options_sample(out);
}

void config_free(struct config *config)
{
    if (config == NULL)
        return;
    for (size_t i = 0; i < config->count; i++) {
        struct config_section *s = &config->sections[i];
        for (size_t v = 0; v < s->count; v++) {
            explicit_bzero(s->values[v].text, strlen(s->values[v].text));
            free(s->values[v].text);
            free(s->values[v].key);
        }
        free(s->values);
    }
    free(config->path);
    free(config);
}
