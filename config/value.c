#include "value.h"

#include "daemon/base/file.h"
#include "rules/register.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    WORD_MAX = 64,
    HOST_MAX = 253,  /* RFC 1035 2.3.4, as text */
    EMAIL_MAX = 254, /* RFC 5321 4.5.3.1.3 without the brackets */
    PORT_MAX = 65535,
};

static const char digits[] = "0123456789";
static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
static const char alnum[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

static bool only(const char *text, const char *allowed, const char *also)
{
    for (; *text != '\0'; text++)
        if (strchr(allowed, *text) == NULL && strchr(also, *text) == NULL)
            return false;
    return true;
}

/* UTF-8 and no control bytes: the value will stand in pages, mails and log lines. */
static bool is_plain_text(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return false;
    json_t *valid = json_string(text); /* jansson refuses what is not UTF-8 */
    json_decref(valid);
    return valid != NULL;
}

static bool is_number(const char *text, long least, long most)
{
    size_t n = strlen(text);
    if (n == 0 || n > 10 || !only(text, digits, ""))
        return false;
    long value = strtol(text, NULL, 10);
    return value >= least && value <= most;
}

static bool is_flag(const char *text)
{
    return strcasecmp(text, "yes") == 0 || strcasecmp(text, "no") == 0 || strcasecmp(text, "ya") == 0 ||
           strcasecmp(text, "tidak") == 0;
}

bool value_flag(const char *text)
{
    return strcasecmp(text, "yes") == 0 || strcasecmp(text, "ya") == 0;
}

static bool is_address(const char *host, size_t n, int family)
{
    char copy[INET6_ADDRSTRLEN];
    unsigned char address[sizeof(struct in6_addr)];
    if (n >= sizeof(copy))
        return false;
    memcpy(copy, host, n);
    copy[n] = '\0';
    return inet_pton(family, copy, address) == 1;
}

static bool is_listen(const char *text)
{
    enum { UNIX_PATH_MAX = 107 }; /* sockaddr_un.sun_path without its NUL */
    if (strncmp(text, "unix:", 5) == 0)
        return text[5] == '/' && strlen(text + 5) <= UNIX_PATH_MAX;
    const char *colon = strrchr(text, ':');
    if (colon == NULL || !is_number(colon + 1, 0, PORT_MAX))
        return false;
    size_t n = (size_t)(colon - text);
    if (n > 2 && text[0] == '[' && text[n - 1] == ']')
        return is_address(text + 1, n - 2, AF_INET6);
    return is_address(text, n, AF_INET);
}

static bool is_host(const char *text)
{
    size_t n = strlen(text);
    if (strchr(text, ':') != NULL)
        return is_address(text, n, AF_INET6);
    return n <= HOST_MAX && only(text, alnum, ".-_") && text[0] != '.' && text[0] != '-';
}

/* What an SMTP envelope can safely carry (no space, no control, no brackets), not all that RFC 5322
 * allows. */
static bool is_email(const char *text)
{
    const char *at = strchr(text, '@');
    size_t n = strlen(text);
    if (at == NULL || at == text || n > EMAIL_MAX || strchr(at + 1, '@') != NULL)
        return false;
    return only(text, alnum, "@.!#$%&'*+/=?^_`{|}~-") && is_host(at + 1) && strchr(at, '.') != NULL &&
           text[n - 1] != '.';
}

static bool is_url(const char *text)
{
    size_t scheme = strncmp(text, "https://", 8) == 0 ? 8 : strncmp(text, "http://", 7) == 0 ? 7 : 0;
    const char *host = text + scheme;
    size_t n = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    if (scheme == 0 || n == 0 || n > strlen(host) || n > HOST_MAX)
        return false;
    if (host[n] != '\0' && (host[n] != ':' || !is_number(host + n + 1, 1, PORT_MAX)))
        return false;
    if (host[0] == '[')
        return is_address(host + 1, n - 2, AF_INET6);
    for (size_t i = 0; i < n; i++)
        if (strchr(alnum, host[i]) == NULL && strchr(".-", host[i]) == NULL)
            return false;
    return host[0] != '.' && host[0] != '-';
}

static bool is_origins(const char *text)
{
    enum { ORIGIN_MAX = HOST_MAX + 24, ORIGINS_MAX = 2000 };
    char one[ORIGIN_MAX];
    if (strlen(text) > ORIGINS_MAX)
        return false;
    for (const char *p = text; *p; p += *p == ' ') {
        size_t n = strcspn(p, " ");
        if (n >= sizeof one)
            return false;
        memcpy(one, p, n);
        one[n] = 0;
        if (n && !is_url(one))
            return false;
        p += n;
    }
    return text[strspn(text, " ")] != 0;
}

/* Printable ASCII without blanks: it goes to libcurl as it is. */
static bool is_endpoint(const char *text)
{
    char host[HOST_MAX + 24];
    size_t scheme = strncmp(text, "https://", 8) == 0 ? 8 : strncmp(text, "http://", 7) == 0 ? 7 : 0;
    size_t n = scheme + strcspn(text + scheme, "/?#");
    if (scheme == 0 || n >= sizeof(host))
        return false;
    for (const char *c = text; *c != '\0'; c++)
        if (*c <= 0x20 || *c > 0x7e)
            return false;
    memcpy(host, text, n);
    host[n] = '\0';
    bool here = strncmp(host + scheme, "127.", 4) == 0 || strncmp(host + scheme, "localhost", 9) == 0;
    return is_url(host) && (scheme == 8 || here);
}

static bool is_pin(const char *text)
{
    enum { PIN_DIGITS = 64 };
    size_t n = 0;
    for (; *text != '\0'; text++) {
        if (*text == ':')
            continue;
        if (strchr("0123456789abcdefABCDEF", *text) == NULL)
            return false;
        n++;
    }
    return n == PIN_DIGITS;
}

static bool is_choice(const char *choices, const char *text)
{
    size_t n = strlen(text);
    while (*choices != '\0') {
        size_t length = strcspn(choices, " ");
        if (n == length && strncmp(choices, text, n) == 0)
            return true;
        choices += length + (choices[length] == ' ');
    }
    return false;
}

static bool is_mapping(const char *text)
{
    return strchr(text, '/') != NULL || only(text, lower, "0123456789-_");
}

static bool fits(const struct option *option, const char *text)
{
    switch (option->type) {
    case OPTION_TEXT:
    case OPTION_PATH:
        return true;
    case OPTION_WORD:
        return strlen(text) <= WORD_MAX && only(text, alnum, "._-$");
    case OPTION_NUMBER:
        return is_number(text, option->least, option->most);
    case OPTION_FLAG:
        return is_flag(text);
    case OPTION_LISTEN:
        return is_listen(text);
    case OPTION_HOST:
        return is_host(text);
    case OPTION_EMAIL:
        return is_email(text);
    case OPTION_URL:
        return is_url(text);
    case OPTION_ORIGINS:
        return is_origins(text);
    case OPTION_ENDPOINT:
        return is_endpoint(text);
    case OPTION_PIN:
        return is_pin(text);
    case OPTION_MAPPING:
        return is_mapping(text);
    case OPTION_CHOICE:
        return is_choice(option->choices, text);
    case OPTION_NUMBER_FORMAT:
        return register_format_fault(text) == NULL;
    case OPTION_SECRET:
        return (long)strlen(text) >= option->least;
    }
    return false;
}

bool value_check(const struct option *option, const char *text, struct str *why)
{
    if (text[0] == '\0') {
        str_adds(why, "kosong; isi nilainya atau hapus barisnya");
        return false;
    }
    if (!is_plain_text(text)) {
        str_adds(why, "bukan teks UTF-8 biasa");
        return false;
    }
    if (!fits(option, text)) {
        str_adds(why, "tidak cocok; diharapkan ");
        options_expected(option, why);
        return false;
    }
    return true;
}

static bool is_variable(const char *text)
{
    return text[0] != '\0' && strchr(digits, text[0]) == NULL &&
           only(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789_");
}

bool value_is_reference(const char *text)
{
    return (text[0] == '$' && is_variable(text + 1)) || strncmp(text, "file:", 5) == 0;
}

char *value_path(const char *path, const char *folder)
{
    struct str joined;
    str_init(&joined, 2 * VALUE_MAX);
    if (path[0] != '/') {
        str_addf(&joined, "%s/", folder);
        path += strncmp(path, "./", 2) == 0 ? 2 : 0;
    }
    str_adds(&joined, path);
    char *result = str_detach(&joined, NULL);
    str_release(&joined);
    return result;
}

/* The whole file without one newline at its end. */
static char *read_secret(const char *path, struct str *why)
{
    char *data;
    size_t n;
    struct fault fault;
    if (file_read(path, VALUE_MAX, &data, &n, &fault) != OUTCOME_DONE) {
        str_addf(why, "berkas rahasia %s tidak dapat dibaca", path);
        return NULL;
    }
    if (n > 0 && data[n - 1] == '\n')
        data[--n] = '\0';
    if (n > 0 && strlen(data) == n)
        return data;
    str_addf(why, "berkas rahasia %s %s", path, n == 0 ? "kosong" : "bukan berkas teks");
    explicit_bzero(data, n);
    free(data);
    return NULL;
}

static char *find_variable(const char *name, struct str *why)
{
    const char *found = getenv(name);
    const char *credentials = getenv("CREDENTIALS_DIRECTORY"); /* systemd.exec(5), LoadCredential= */
    if (found != NULL && found[0] != '\0') {
        char *copy = strdup(found);
        if (copy == NULL)
            str_adds(why, "memori tidak cukup");
        return copy;
    }
    char *path = credentials != NULL ? value_path(name, credentials) : NULL;
    struct str ignored;
    str_init(&ignored, 2 * VALUE_MAX);
    char *secret = path != NULL ? read_secret(path, &ignored) : NULL;
    if (secret == NULL) {
        str_addf(
            why, "rahasia $%s tidak ada; isi variabel lingkungan itu atau kredensial systemd %s", name, name);
    }
    str_release(&ignored);
    free(path);
    return secret;
}

char *value_resolve(const char *reference, const char *folder, struct str *why)
{
    if (reference[0] == '$')
        return find_variable(reference + 1, why);
    char *path = value_path(reference + 5, folder);
    if (path == NULL) {
        str_adds(why, "memori tidak cukup");
        return NULL;
    }
    char *secret = read_secret(path, why);
    free(path);
    return secret;
}
