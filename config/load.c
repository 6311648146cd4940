/* Reads the file: inih splits `key = value`; this file feeds it line by line (so that every problem has its
 * line number, which Debian's inih does not give to handlers), knows the sections, and collects all
 * problems. */
#include "config_private.h"

#include "daemon/base/file.h"
#include "daemon/base/shortage.h"
#include "value.h"

#include <ctype.h>
#include <ini.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

enum {
    FILE_MAX_BYTES = 64 * 1024,
    LINE_MAX_BYTES = 1000,
    KEY_MAX_LENGTH = 48, /* inih cuts names at 49 bytes, silently */
    PROBLEMS_MAX = 50,
};

struct reader {
    struct config_load *load;
    const char *folder;             /* of the file: relative paths begin there */
    bool private_file;              /* nobody but the owner can read it */
    const char *rest;               /* of the file's text */
    int line;                       /* the one inih has now */
    bool pair_expected;             /* it should reach take_pair() */
    bool in_section;                /* a header came; false: keys stand alone */
    struct config_section *section; /* NULL: header was wrong, its keys are skipped */
};

static void add_line(struct config_load *load, int line, const char *mark, const char *format, va_list ap)
{
    load->problem_count++;
    if (load->problem_count > PROBLEMS_MAX)
        return;
    str_addf(load->problems, "%s:%d: %s", load->path, line, mark);
    str_vaddf(load->problems, format, ap);
    str_addc(load->problems, '\n');
    if (load->problem_count == PROBLEMS_MAX) {
        str_addf(load->problems, "%s:%d: terlalu banyak kesalahan, selebihnya tidak ditampilkan\n",
            load->path, line);
    }
}

void load_problem(struct config_load *load, int line, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    add_line(load, line, "", format, ap);
    va_end(ap);
}

void load_warning(struct config_load *load, int line, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    add_line(load, line, "peringatan: ", format, ap);
    va_end(ap);
    load->problem_count--;
}

/* ---- sections ---- */

static bool good_instance(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return n > 0 && name[n] == '\0' && n <= INSTANCE_MAX;
}

static void unknown_section(struct reader *reader, const char *name)
{
    const char *near = options_nearest_section(name);
    if (near != NULL) {
        load_problem(reader->load, reader->line, "bagian [%s] tidak dikenal; maksud Anda [%s]?", name, near);
        return;
    }
    struct str known;
    size_t count;
    const struct option_section *sections = options_sections(&count);
    str_init(&known, 256);
    for (size_t i = 0; i < count; i++)
        str_addf(&known, "%s%s", i > 0 ? ", " : "", sections[i].name);
    load_problem(reader->load, reader->line, "bagian [%s] tidak dikenal; yang ada: %s", name, known.data);
    str_release(&known);
}

static bool name_fits(struct reader *reader, const struct option_section *kind, const char *instance)
{
    if (kind->example == NULL && instance[0] != '\0') {
        load_problem(reader->load, reader->line, "bagian [%s] tidak memakai nama; tulis [%s] saja",
            kind->name, kind->name);
        return false;
    }
    if (kind->example != NULL && instance[0] == '\0') {
        load_problem(reader->load, reader->line, "bagian [%s] perlu nama, contoh [%s %s]", kind->name,
            kind->name, kind->example);
        return false;
    }
    if (instance[0] != '\0' && !good_instance(instance)) {
        load_problem(reader->load, reader->line,
            "nama di [%s ...] hanya boleh huruf kecil, angka, dan tanda hubung, paling panjang %d",
            kind->name, INSTANCE_MAX);
        return false;
    }
    return true;
}

/* header: what stands between the brackets. */
static void open_section(struct reader *reader, char *header)
{
    struct config *config = reader->load->config;
    char *rest = header;
    const char *name = strsep(&rest, " \t");
    const char *instance = rest != NULL ? rest + strspn(rest, " \t") : "";
    const struct option_section *kind = options_find_section(name);
    reader->in_section = true;
    reader->section = NULL;
    if (kind == NULL) {
        unknown_section(reader, name);
        return;
    }
    if (!name_fits(reader, kind, instance))
        return;
    const struct config_section *before = config_find_section(config, kind->name, instance);
    if (before != NULL) {
        load_problem(
            reader->load, reader->line, "bagian ini sudah ada di baris %d; gabungkan isinya", before->line);
        return;
    }
    if (config_count(config, kind->name) == INSTANCE_MAX) {
        load_problem(
            reader->load, reader->line, "bagian [%s ...] paling banyak %d", kind->name, INSTANCE_MAX);
        return;
    }
    reader->section = load_add_section(config, kind, instance, reader->line);
}

static bool is_printable(const char *text)
{
    for (; *text != '\0'; text++)
        if (!isprint((unsigned char)*text))
            return false;
    return true;
}

/* A line that begins with '['. inih sees it too but does not tell. */
static void take_header(struct reader *reader, const char *text, size_t n)
{
    char header[LINE_MAX_BYTES + 1];
    const char *end = memchr(text, ']', n);
    const char *after = end != NULL ? end + 1 : text;
    while (after < text + n && isspace((unsigned char)*after))
        after++;
    size_t length = end != NULL ? (size_t)(end - text) - 1 : 0;
    memcpy(header, text + 1, length);
    header[length] = '\0';
    while (length > 0 && isspace((unsigned char)header[length - 1]))
        header[--length] = '\0';
    if (end == NULL || after != text + n || length == 0 || length > KEY_MAX_LENGTH || !is_printable(header)) {
        load_problem(
            reader->load, reader->line, "judul bagian salah; diharapkan [nama] dan tidak ada yang lain");
        reader->in_section = true;
        reader->section = NULL;
        return;
    }
    open_section(reader, header);
}

/* ---- keys ---- */

static void key_problem(struct reader *reader, const char *key, const char *why)
{
    struct str label;
    str_init(&label, 128);
    load_label(reader->section, &label);
    load_problem(reader->load, reader->line, "%s %s: %s", label.data, key, why);
    str_release(&label);
}

static const char *home_of(const char *key)
{
    size_t count;
    const struct option_section *sections = options_sections(&count);
    for (size_t i = 0; i < count; i++)
        if (options_find(sections[i].name, key) != NULL)
            return sections[i].name;
    return NULL;
}

static void unknown_key(struct reader *reader, const char *key)
{
    const char *near = options_nearest_key(reader->section->kind->name, key);
    const char *home = home_of(key);
    struct str why;
    str_init(&why, 256);
    str_adds(&why, "kunci tidak dikenal");
    if (near != NULL)
        str_addf(&why, "; maksud Anda \"%s\"?", near);
    else if (home != NULL)
        str_addf(&why, "; tempatnya di bagian [%s]", home);
    else
        str_addf(&why, "; lihat man 5 pengaduand.conf");
    key_problem(reader, key, why.data);
    str_release(&why);
}

/* The value as it will be given out: malloc'd; NULL with the reason in why. */
static char *finished_text(
    struct reader *reader, const struct option *option, const char *text, struct str *why)
{
    char *result;
    if (value_is_reference(text)) {
        result = value_resolve(text, reader->folder, why);
    } else if (option->type == OPTION_SECRET && text[0] != '\0' && !reader->private_file) {
        str_adds(why,
            "rahasia ditulis langsung, padahal berkas ini dapat dibaca pengguna lain; jalankan chmod 600, "
            "atau pakai $NAMA atau file:/jalur");
        return NULL;
    } else {
        result = strdup(text);
        reader->load->out_of_memory |= result == NULL;
    }
    if (result == NULL || !value_check(option, result, why)) {
        if (result != NULL)
            explicit_bzero(result, strlen(result));
        free(result);
        return NULL;
    }
    if (option->type == OPTION_PATH || (option->type == OPTION_MAPPING && strchr(result, '/') != NULL)) {
        char *joined = value_path(result, reader->folder);
        reader->load->out_of_memory |= joined == NULL;
        free(result);
        return joined;
    }
    return result;
}

static void take_value(struct reader *reader, const struct option *option, const char *key, const char *text)
{
    struct str why;
    str_init(&why, 2 * VALUE_MAX);
    char *result = finished_text(reader, option, text, &why);
    if (result == NULL && !reader->load->out_of_memory) {
        key_problem(reader, key, why.data);
        result = strdup(""); /* so that it does not count as missing too; the load fails anyway */
    }
    load_add_value(reader->load, reader->section, option, key, result, reader->line);
    str_release(&why);
}

static void take_key(struct reader *reader, const char *key, const char *text)
{
    const struct option *option = options_find(reader->section->kind->name, key);
    const struct config_value *before = config_find_value(reader->section, key);
    if (strlen(key) > KEY_MAX_LENGTH || !is_printable(key)) {
        load_problem(reader->load, reader->line, "nama kunci terlalu panjang atau berisi karakter asing");
    } else if (option == NULL) {
        unknown_key(reader, key);
    } else if (before != NULL) {
        struct str why;
        str_init(&why, 128);
        str_addf(&why, "sudah diisi di baris %d; pakai satu saja", before->line);
        key_problem(reader, key, why.data);
        str_release(&why);
    } else if (reader->section->count == SECTION_VALUES_MAX) {
        load_problem(
            reader->load, reader->line, "satu bagian paling banyak berisi %d kunci", SECTION_VALUES_MAX);
        reader->section = NULL;
    } else {
        take_value(reader, option, key, text);
    }
}

/* inih's handler. */
static int take_pair(void *arg, const char *section, const char *key, const char *text)
{
    struct reader *reader = arg;
    (void)section; /* open_section() knows it, whole */
    reader->pair_expected = false;
    if (!reader->in_section) {
        load_problem(
            reader->load, reader->line, "kunci di luar bagian; diharapkan judul [bagian] di atasnya");
        reader->in_section = true; /* once is enough */
    } else if (reader->section != NULL) {
        take_key(reader, key, text);
    }
    return 1;
}

/* ---- lines ---- */

static void classify(struct reader *reader, const char *text, size_t n)
{
    while (n > 0 && isspace((unsigned char)*text)) {
        text++;
        n--;
    }
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        n--;
    if (n > 0 && *text == '[')
        take_header(reader, text, n);
    else
        reader->pair_expected = n > 0 && *text != '#' && *text != ';';
}

/* inih's reader, in the manner of fgets. */
static char *next_line(char *out, int room, void *arg)
{
    struct reader *reader = arg;
    if (reader->pair_expected) {
        load_problem(reader->load, reader->line, "baris ini bukan \"kunci = nilai\"");
        reader->pair_expected = false;
    }
    if (*reader->rest == '\0')
        return NULL;
    const char *text = reader->rest;
    size_t n = strcspn(text, "\n");
    reader->rest += n + (text[n] == '\n');
    reader->line++;
    if (n > LINE_MAX_BYTES || n >= (size_t)room) {
        load_problem(
            reader->load, reader->line, "baris terlalu panjang, paling banyak %d bita", LINE_MAX_BYTES);
        n = 0;
    }
    classify(reader, text, n);
    memcpy(out, text, n);
    out[n] = '\0';
    return out;
}

static void run_inih(struct reader *reader)
{
    ini_allow_no_value = false;
    ini_allow_inline_comments = false; /* passwords and folder names may contain ';' */
    ini_allow_multiline = false;
    ini_allow_bom = false; /* taken off by us: inih would hide it from classify() */
    ini_stop_on_first_error = false;
    ini_use_stack = false;
    ini_allow_realloc = false;
    ini_max_line = LINE_MAX_BYTES + 8;
    ini_initial_alloc = LINE_MAX_BYTES + 8;
    /* Its own error is the first line that is no pair and no header, and those have been reported. */
    if (ini_parse_stream(next_line, reader, take_pair, reader) < 0)
        reader->load->out_of_memory = true;
}

/* ---- the whole ---- */

static int line_at(const char *text, size_t offset)
{
    int line = 1;
    for (size_t i = 0; i < offset; i++)
        line += text[i] == '\n';
    return line;
}

static void read_text(struct config_load *load, const char *folder, const char *text, size_t n)
{
    struct stat st;
    const char *nul = memchr(text, '\0', n);
    struct reader reader = {.load = load, .folder = folder, .rest = text};
    if (nul != NULL) {
        load_problem(load, line_at(text, (size_t)(nul - text)), "ini bukan berkas teks");
        return;
    }
    reader.private_file = stat(load->path, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    reader.rest += strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    run_inih(&reader);
    complete_required(load);
}

static void read_file(struct config_load *load, const char *folder)
{
    char *text;
    size_t n;
    struct fault fault;
    enum outcome outcome = file_read(load->path, FILE_MAX_BYTES, &text, &n, &fault);
    if (outcome == OUTCOME_NEVER) {
        load_problem(load, 1, "berkas terlalu besar, paling banyak %d bita", FILE_MAX_BYTES);
    } else if (outcome != OUTCOME_DONE && access(load->path, R_OK) == 0) {
        load->unreadable = true; /* a disk or a want of something: nothing is wrong with the file */
    } else if (outcome != OUTCOME_DONE) {
        load_problem(load, 1, "berkas tidak ada atau tidak dapat dibaca");
    } else {
        read_text(load, folder, text, n);
        explicit_bzero(text, n);
        free(text);
    }
}

/* Where relative paths begin: malloc'd, NULL without memory. Absolute, so that what is found from it does not
 * depend on where the program was started; the control socket needs that. */
static char *folder_of(const char *path)
{
    /* a trial run from the source tree leaves everything in one ignored folder */
    char *copy = strdup(path != NULL ? path : "var/pengaduand.conf");
    char *folder = copy != NULL ? dirname(copy) : NULL;
    char *here = folder != NULL && folder[0] != '/' ? getcwd(NULL, 0) : NULL;
    char *result = NULL;
    if (here != NULL && strcmp(folder, ".") == 0)
        result = strdup(here);
    else if (here != NULL && asprintf(&result, "%s/%s", here, folder) < 0)
        result = NULL;
    else if (folder != NULL && folder[0] == '/')
        result = strdup(folder);
    free(here);
    free(copy);
    return result;
}

enum outcome config_load(
    struct config **ret_config, const char *path, struct str *problems, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    unsigned long shortages = shortage_count();
    char *folder = folder_of(path);
    struct config *config = calloc(1, sizeof(*config));
    struct config_load load = {.config = config, .path = path, .problems = problems};
    if (config == NULL || folder == NULL || (path != NULL && (config->path = strdup(path)) == NULL)) {
        load.out_of_memory = true;
        goto end;
    }
    if (path != NULL)
        read_file(&load, folder);
    if (load.unreadable)
        goto end;
    complete_defaults(&load, folder);
    if (!load.out_of_memory)
        cross_check(&load);
    if (load.problem_count > 0) {
        outcome = fault_set(fault, OUTCOME_NEVER, "Konfigurasi belum benar.", "configuration %s: %d problems",
            path, load.problem_count);
    }
end:
    free(folder);
    if (load.unreadable)
        outcome = fault_set(fault, OUTCOME_LATER, "Berkas pengaturan sedang tidak dapat dibaca. Coba lagi.",
            "cannot read %s", path);
    if (load.out_of_memory || shortage_count() != shortages) /* a text may have been called wrong for it */
        outcome = fault_set(
            fault, OUTCOME_LATER, "Memori tidak cukup. Coba lagi.", "no memory for the configuration");
    if (outcome == OUTCOME_DONE)
        *ret_config = config;
    else
        config_free(config);
    return outcome;
}
