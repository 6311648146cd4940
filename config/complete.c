/* What follows the last line: are the required keys there, what stands where nothing was written. */
#include "config_private.h"

#include "value.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct config_section *load_add_section(
    struct config *config, const struct option_section *kind, const char *instance, int line)
{
    if (config->count == SECTIONS_MAX)
        return NULL;
    struct config_section *section = &config->sections[config->count++];
    *section = (struct config_section){.kind = kind, .line = line};
    memcpy(section->instance, instance, strlen(instance) + 1);
    return section;
}

void load_add_value(struct config_load *load, struct config_section *section, const struct option *option,
    const char *key, char *text, int line)
{
    struct config_value *values = NULL;
    char *copy = strdup(key);
    if (text != NULL && copy != NULL)
        values = realloc(section->values, (section->count + 1) * sizeof(*values));
    if (values == NULL) {
        load->out_of_memory = true;
        free(copy);
        free(text);
        return;
    }
    section->values = values;
    struct config_value *value = &values[section->count++];
    value->option = option;
    value->key = copy;
    value->text = text;
    value->line = line;
}

void load_label(const struct config_section *section, struct str *out)
{
    str_addf(
        out, "[%s%s%s]", section->kind->name, section->instance[0] != '\0' ? " " : "", section->instance);
}

static void require(struct config_load *load, const struct option *option)
{
    const struct config *config = load->config;
    struct str expected;
    str_init(&expected, 512);
    options_expected(option, &expected);
    for (size_t i = 0; i < config->count; i++) {
        const struct config_section *section = &config->sections[i];
        if (strcmp(section->kind->name, option->section) == 0 &&
            config_find_value(section, option->key) == NULL) {
            struct str label;
            str_init(&label, 128);
            load_label(section, &label);
            load_problem(load, section->line > 0 ? section->line : 1,
                "%s %s: belum diisi; diharapkan %s, contoh %s", label.data, option->key, expected.data,
                option->example);
            str_release(&label);
        }
    }
    str_release(&expected);
}

static void add_default(
    struct config_load *load, struct config_section *section, const struct option *option, const char *folder)
{
    if (option->preset == NULL || config_find_value(section, option->key) != NULL)
        return;
    char *text = option->type == OPTION_PATH ? value_path(option->preset, folder) : strdup(option->preset);
    load_add_value(load, section, option, option->key, text, 0);
}

/* "Kecamatan Kedopok" → "kecamatan-kedopok" */
static char *topic_from_name(const char *name)
{
    struct str topic;
    str_init(&topic, 64);
    for (; *name != '\0' && topic.len < 60; name++)
        if (isalnum((unsigned char)*name))
            str_addc(&topic, (char)tolower((unsigned char)*name));
        else if (topic.len > 0 && topic.data[topic.len - 1] != '-')
            str_addc(&topic, '-');
    str_cut(&topic, topic.len > 0 && topic.data[topic.len - 1] == '-' ? topic.len - 1 : topic.len);
    str_adds(&topic, topic.len == 0 ? "kecamatan" : "");
    char *result = str_detach(&topic, NULL);
    str_release(&topic);
    return result;
}

/* Where the pages are when nobody said how citizens reach them: good enough to try it out on this machine. */
static char *url_from_listen(const char *listen)
{
    const char *port = strrchr(listen, ':');
    bool local = !strncmp(listen, "unix:", 5);
    bool anywhere = !strncmp(listen, "0.0.0.0:", 8) || !strncmp(listen, "[::]:", 5);
    struct str url;
    str_init(&url, 256);
    str_adds(&url, local || anywhere ? "http://localhost" : "http://");
    if (!local)
        str_adds(&url, anywhere ? port : listen);
    char *result = str_detach(&url, NULL);
    str_release(&url);
    return result;
}

static void derive(struct config_load *load, const char *section, const char *key, char *text)
{
    struct config_section *s = (struct config_section *)config_find_section(load->config, section, "");
    if (config_find_value(s, key) == NULL)
        load_add_value(load, s, options_find(section, key), key, text, 0);
    else
        free(text);
}

void complete_defaults(struct config_load *load, const char *folder)
{
    struct config *config = load->config;
    size_t section_count, row_count;
    const struct option_section *kinds = options_sections(&section_count);
    const struct option *rows = options_rows(&row_count);
    for (size_t k = 0; k < section_count; k++)
        if (kinds[k].example == NULL && config_find_section(config, kinds[k].name, "") == NULL)
            load_add_section(config, &kinds[k], "", 0);
    for (size_t r = 0; r < row_count; r++) {
        for (size_t i = 0; i < config->count; i++)
            if (strcmp(rows[r].section, config->sections[i].kind->name) == 0)
                add_default(load, &config->sections[i], &rows[r], folder);
    }
    if (load->out_of_memory)
        return;
    derive(load, "server", "public_url", url_from_listen(config_text(config, "server", NULL, "listen")));
    derive(load, "mqtt", "office", topic_from_name(config_text(config, "office", NULL, "name")));
}

void complete_required(struct config_load *load)
{
    size_t row_count;
    const struct option *rows = options_rows(&row_count);
    if (config_find_section(load->config, "office", "") == NULL)
        load_add_section(load->config, options_find_section("office"), "", 0);
    for (size_t r = 0; r < row_count; r++)
        if (rows[r].required)
            require(load, &rows[r]);
}
