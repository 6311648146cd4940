/* Identity in any text: spans lie in it, in order, apart, and count its code points. */
#include "fuzz.h"
#include "rules/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct arena *arena = arena_new(64 << 20);
    struct identity_found found;
    require(arena && identity_find(text, size, &found, arena));
    size_t byte = 0, point = 0;
    bool sound = fuzz_is_utf8(text, size);
    for (size_t i = 0; i < found.count; i++) {
        const struct identity_span *s = &found.spans[i];
        require(s->byte_start >= byte && s->byte_end > s->byte_start && s->byte_end <= size);
        require(s->start >= point && s->end > s->start);
        require(identity_type_key(s->type) != NULL);
        if (sound)
            require(fuzz_is_utf8(text + s->byte_start, s->byte_end - s->byte_start));
        for (; byte < s->byte_end; byte++) {
            if (byte == s->byte_start)
                require(point == s->start);
            point += ((unsigned char)text[byte] & 0xc0) != 0x80;
        }
        require(point == s->end);
    }
    arena_free(arena);
    free(text);
    return 0;
}
