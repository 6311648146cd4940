/* Build tool: prints a C file holding the named files as NUL-terminated byte arrays and one table of them,
 * `embedded_files` of base/embedded.h. Paths are the names the daemon asks for: as given, or what stands behind a "//"
 * for what was built first. */
#include <stdio.h>
#include <string.h>

static const char *name_of(const char *path)
{
    const char *mark = strstr(path, "//");
    return mark ? mark + 2 : path;
}

static int embed_bytes(const char *path, int number, long *ret_size)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        return -1;
    }
    printf("static const unsigned char file_%d[] = {", number);
    long n = 0;
    for (int c; (c = getc(f)) != EOF; n++)
        printf("%s%d,", n % 24 ? "" : "\n", c);
    printf("0};\n");
    *ret_size = n;
    return fclose(f);
}

int main(int argc, char **argv)
{
    long sizes[1024];
    printf("#include \"daemon/base/embedded.h\"\n#include <stddef.h>\n");
    for (int i = 1; i < argc && i < 1024; i++)
        if (embed_bytes(argv[i], i, &sizes[i]))
            return 1;
    printf("const struct embedded_file embedded_files[] = {\n");
    for (int i = 1; i < argc && i < 1024; i++)
        printf("{\"%s\", (const char *)file_%d, %ld},\n", name_of(argv[i]), i, sizes[i]);
    printf("{NULL, NULL, 0}};\n");
    return 0;
}
