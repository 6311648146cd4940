/* Lines of a chat: what they mean, in every state of a conversation. */
#include "fuzz.h"
#include "rules/chat.h"

/* A value is a piece of the line, but for white space. */
static void check_value(const char *value, const char *text)
{
    size_t n = strlen(value);
    require(n < CHAT_VALUE_SIZE);
    if (n && !strpbrk(value, " "))
        require(strstr(text, value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    char *text = fuzz_text(data + 1, size - 1);
    struct chat_context context = {.asked = (enum chat_field)(data[0] % (CHAT_FIELDS + 1)),
        .missing = data[0] >> 2 & 7u,
        .said = {data[0] & 32 ? "Rohim" : NULL, NULL, NULL},
        .rating_asked = data[0] >> 7};
    struct chat_reading first, second;
    chat_read(text, &context, &first);
    require(first.act <= CHAT_HELP && first.rating >= 0 && first.rating <= 4 && first.rest <= strlen(text));
    for (int field = 0; field < CHAT_FIELDS; field++)
        check_value(first.value[field], text);
    if (first.act == CHAT_ANSWER)
        require(*first.value[CHAT_NAMA] || *first.value[CHAT_PEKERJAAN] || *first.value[CHAT_ALAMAT]);
    chat_read(text, &context, &second);
    require(!memcmp(&first, &second, sizeof first));
    free(text);
    return 0;
}
