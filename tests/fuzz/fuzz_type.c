/* What a file is, by its bytes: libmagic looks at whatever strangers attach. */
#include "fuzz.h"
#include "channels/parser/program/type.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    require(type_open());
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size ? size : 1);
    require(bytes != NULL);
    if (size)
        memcpy(bytes, data, size);
    const char *type = type_of(bytes, size), *slash = strchr(type, '/');
    require(slash && slash > type && slash[1] && !strchr(slash + 1, '/') && strlen(type) < 128);
    for (const char *p = type; *p; p++)
        require(*p > ' ' && *p < 0x7f && *p != ';');
    free(bytes);
    return 0;
}
