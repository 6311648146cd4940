/* Options that are right by themselves and wrong together. */
#include "config_private.h"

#include "daemon/base/embedded.h"
#include "value.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char preset_folder[] = "config/gateways/";

/* NULL when it is not set, or was reported as wrong already. */
static const char *text_of(const struct config_section *section, const char *key)
{
    const struct config_value *value = config_find_value(section, key);
    return value != NULL && value->text[0] != '\0' ? value->text : NULL;
}

static int line_of(struct config_load *load, const struct config_section *section, const char *key)
{
    return config_line(load->config, section->kind->name, section->instance, key);
}

static bool is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 || strncmp(host, "127.", 4) == 0;
}

/* Files of citizens go there in clear. */
static void check_clamd(struct config_load *load, const struct config_section *server)
{
    const char *clamd = text_of(server, "clamd");
    if (clamd != NULL && strncmp(clamd, "unix:", 5) && strncmp(clamd, "127.", 4) &&
        strncmp(clamd, "[::1]:", 6))
        load_problem(load, line_of(load, server, "clamd"),
            "[server] clamd: harus di mesin ini; diharapkan unix:/jalur/soket atau 127.0.0.1:3310");
}

/* A password must not cross a network in clear. */
static void check_tls(struct config_load *load, const struct config_section *section)
{
    const char *tls = text_of(section, "tls"), *host = text_of(section, "host");
    if (tls != NULL && host != NULL && !value_flag(tls) && !is_loopback(host)) {
        load_problem(load, line_of(load, section, "tls"),
            "[%s%s%s] tls: no hanya boleh untuk server di mesin ini (localhost, 127.0.0.1, ::1); diharapkan "
            "yes",
            section->kind->name, section->instance[0] != '\0' ? " " : "", section->instance);
    }
}

/* A password or a token (which goes before it), never none where a name is told. */
static void check_oauth(struct config_load *load, const struct config_section *section)
{
    const char *oauth = text_of(section, "oauth");
    bool password = config_find_value(section, "password") != NULL;
    const char *gap = section->instance[0] != '\0' ? " " : "";
    if (oauth != NULL && config_find_section(load->config, "oauth", oauth) == NULL)
        load_problem(load, line_of(load, section, "oauth"), "[%s%s%s] oauth: bagian [oauth %s] tidak ada",
            section->kind->name, gap, section->instance, oauth);
    if (strcmp(section->kind->name, "mailbox") == 0 && oauth == NULL && !password)
        load_problem(
            load, section->line, "[mailbox %s] password: wajib diisi (atau oauth)", section->instance);
}

static void check_starttls(struct config_load *load, const struct config_section *smtp)
{
    const char *tls = text_of(smtp, "tls"), *starttls = text_of(smtp, "starttls");
    if (tls != NULL && starttls != NULL && value_flag(starttls) && !value_flag(tls))
        load_problem(load, line_of(load, smtp, "starttls"),
            "[smtp] starttls: yes bersama tls = no; diharapkan tls = yes, supaya sambungan pasti "
            "terenkripsi");
}

static void check_login(struct config_load *load, const struct config_section *section)
{
    bool user = config_find_value(section, "user") != NULL;
    bool password =
        config_find_value(section, "password") != NULL ||
        (options_find(section->kind->name, "oauth") != NULL && config_find_value(section, "oauth") != NULL);
    if (user != password && !options_find(section->kind->name, "user")->required) {
        load_problem(load, line_of(load, section, user ? "user" : "password"),
            "[%s] %s: diisi tanpa %s; diharapkan keduanya atau tidak satu pun", section->kind->name,
            user ? "user" : "password", user ? "password" : "user");
    }
}

/* "evolution, fonnte, ..." */
static void add_presets(struct str *out)
{
    size_t folder = strlen(preset_folder);
    for (const struct embedded_file *file = embedded_files; file->path != NULL; file++) {
        const char *end = strrchr(file->path, '.');
        if (strncmp(file->path, preset_folder, folder) == 0 && end != NULL) {
            str_adds(out, out->len > 0 ? ", " : "");
            str_add(out, file->path + folder, (size_t)(end - file->path) - folder);
        }
    }
}

/* Only that it is there; `check` and the channel read it. */
static void check_mapping(struct config_load *load, const struct config_section *section)
{
    const char *mapping = text_of(section, "mapping");
    char preset[128];
    struct str known;
    if (mapping == NULL)
        return;
    bool is_file = strchr(mapping, '/') != NULL;
    snprintf(preset, sizeof preset, "%s%.64s.json", preset_folder, mapping);
    str_init(&known, 512);
    add_presets(&known);
    if (is_file && access(mapping, R_OK) != 0)
        load_problem(load, line_of(load, section, "mapping"),
            "[gateway %s] mapping: berkas itu tidak ada atau tidak dapat dibaca; diharapkan berkas pemetaan "
            "JSON",
            section->instance);
    else if (!is_file && embedded_find(preset) == NULL)
        load_problem(load, line_of(load, section, "mapping"),
            "[gateway %s] mapping: pemetaan bawaan itu tidak ada; diharapkan salah satu dari: %s, atau jalur "
            "dengan "
            "garis miring",
            section->instance, known.data);
    str_release(&known);
}

static void check_server(struct config_load *load, const struct config_section *server)
{
    const char *listen = text_of(server, "listen");
    if (listen == NULL || strncmp(listen, "unix:", 5) != 0 || config_find_value(server, "public_url") != NULL)
        return;
    load_warning(load, line_of(load, server, "listen"),
        "[server] listen memakai soket, tetapi public_url kosong; tautan pelacakan tidak dapat ditulis di "
        "tanda terima");
}

void cross_check(struct config_load *load)
{
    const struct config *config = load->config;
    const struct config_section *first_mailbox = NULL;
    for (size_t i = 0; i < config->count; i++) {
        const struct config_section *section = &config->sections[i];
        if (options_find(section->kind->name, "tls") != NULL && section->line > 0) {
            check_tls(load, section);
            check_login(load, section);
            if (options_find(section->kind->name, "oauth") != NULL)
                check_oauth(load, section);
        }
        if (strcmp(section->kind->name, "gateway") == 0)
            check_mapping(load, section);
        if (strcmp(section->kind->name, "mailbox") == 0 && first_mailbox == NULL)
            first_mailbox = section;
    }
    if (config_has(config, "smtp"))
        check_starttls(load, config_find_section(config, "smtp", ""));
    check_server(load, config_find_section(config, "server", ""));
    check_clamd(load, config_find_section(config, "server", ""));
    if (first_mailbox != NULL && !config_has(config, "smtp")) {
        load_warning(load, first_mailbox->line,
            "[mailbox %s] tanpa [smtp]: e-mail dicatat, tetapi jawabannya tidak dapat dikirim",
            first_mailbox->instance);
    }
}
