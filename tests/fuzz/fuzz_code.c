/* Tracking codes and register numbers as people type them; formats as technicians write them. */
#include "fuzz.h"
#include "rules/register.h"
#include "channels/email/inbound_mail.h"

static void check_code(const char *text)
{
    char code[REGISTER_CODE_SIZE], again[REGISTER_CODE_SIZE], shown[REGISTER_SHOWN_SIZE];
    bool good = register_code_parse(code, text);
    require(good == (strlen(code) == REGISTER_CODE_SIZE - 1) && (good || !*code));
    register_code_show(shown, code);
    require(good == (strlen(shown) == REGISTER_SHOWN_SIZE - 1));
    require(!good || (register_code_parse(again, shown) && !strcmp(code, again)));
    require(!strpbrk(code, "ILOU"));
    register_code_show(shown, text);
    require(strlen(shown) < sizeof shown);
}

/* Whatever random bytes are drawn, the code comes back from what the citizen is shown. */
static void check_drawn(const uint8_t *data, size_t size)
{
    unsigned char random[REGISTER_CODE_RANDOM] = {0};
    char code[REGISTER_CODE_SIZE], again[REGISTER_CODE_SIZE], shown[REGISTER_SHOWN_SIZE];
    if (size)
        memcpy(random, data, size < sizeof random ? size : sizeof random);
    register_code(code, random);
    register_code_show(shown, code);
    require(register_code_parse(again, shown) && !strcmp(code, again));
}

static void check_format(const char *format)
{
    char a[REGISTER_NUMBER_SIZE], b[REGISTER_NUMBER_SIZE];
    bool usable = !register_format_fault(format);
    bool made = register_number(a, format, 14, 2026, 11);
    require(made || !usable);
    require(made == (*a != 0) && strlen(a) < sizeof a);
    if (!usable)
        return;
    if (register_number(b, format, 15, 2026, 11))
        require(strcmp(a, b) != 0);
    if (register_number(b, format, 14, 2027, 11))
        require(strcmp(a, b) != 0);
}

static void check_number(const char *text)
{
    struct arena *arena = arena_new(4096);
    require(arena != NULL);
    const char *number = inbound_mail_number(arena, text);
    require(arena_ok(arena));
    if (number)
        require(*number && strlen(number) < REGISTER_NUMBER_SIZE && strstr(text, number) &&
                strpbrk(number, "0123456789"));
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    check_code(text);
    check_drawn(data, size);
    check_format(text);
    check_number(text);
    free(text);
    return 0;
}
