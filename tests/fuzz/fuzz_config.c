/* The configuration file: every problem on a line of its own with its place, and what is taken can be asked for. */
#include "fuzz.h"
#include "config/config.h"
#include <sys/mman.h>
#include <unistd.h>

static int fd = -1;
static char path[64];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fd = memfd_create("pengaduand.conf", 0);
    require(fd >= 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return 0;
}

/* "path:line: words", one a line. */
static void check_problems(const struct str *problems, bool only_warnings)
{
    const char *line = problems->data;
    require(str_ok(problems) && strlen(line) == problems->len);
    for (const char *end; *line; line = end + 1) {
        size_t n = strlen(path);
        end = strchr(line, '\n');
        require(end && !strncmp(line, path, n) && line[n] == ':');
        size_t digits = strspn(line + n + 1, "0123456789");
        require(digits && !strncmp(line + n + 1 + digits, ": ", 2));
        require(!only_warnings || strstr(line, "peringatan: ") < end);
        for (const char *p = line; p < end; p++)
            require((unsigned char)*p >= 0x20 && *p != 0x7f);
    }
}

static void use(const struct config *config)
{
    static const char *const named[] = {"mailbox", "gateway", "website"};
    require(*config_text(config, "office", NULL, "name"));
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        for (size_t k = 0; k < config_count(config, named[i]); k++)
            require(*config_instance(config, named[i], k));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config *config = NULL;
    struct str problems;
    struct fault fault = {0};
    /* "file:/dev/..." and the like would make the outcome depend on the machine. */
    if (memmem(data, size, "file:", 5))
        return 0;
    require(!ftruncate(fd, 0) && pwrite(fd, data, size, 0) == (ssize_t)size);
    str_init(&problems, 1 << 20);
    enum outcome outcome = config_load(&config, path, &problems, &fault);
    require(outcome == OUTCOME_DONE || outcome == OUTCOME_NEVER);
    require((outcome == OUTCOME_NEVER) <= (problems.len > 0));
    check_problems(&problems, outcome == OUTCOME_DONE);
    if (outcome == OUTCOME_DONE) {
        use(config);
        config_free(config);
    }
    str_release(&problems);
    return 0;
}
