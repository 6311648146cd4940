/* Tokens that strangers offer: nobody without the key makes one that is believed. */
#include "fuzz.h"
#include "channels/gateway/jwt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct arena *arena = arena_new(1 << 20);
    require(arena != NULL);
    require(!jwt_verify(text, "kunci-yang-tidak-dikenal-siapa-pun", 1795314600000, arena));
    require(!jwt_verify(text, "", 0, arena));
    arena_free(arena);
    free(text);
    return 0;
}
