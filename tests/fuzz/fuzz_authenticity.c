/* Authentication-Results of a mail: three answers and no other, and a header of another server changes nothing. Input:
 * the beginning of a mail. */
#include "fuzz.h"
#include "channels/email/authenticity.h"

static bool is(const char *word, const char *other)
{
    return !strcmp(word, other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *mail = fuzz_text(data, size);
    const char *word = authenticity_of(mail, size, "mx.kantor.example", "siti@warga.example");
    require(is(word, "asli") || is(word, "tidak_pasti") || is(word, "palsu"));
    if (strlen(mail) == size &&
        (!strcasestr(mail, "authentication-results") || !strcasestr(mail, "mx.kantor.example")))
        require(is(word, "tidak_pasti"));
    free(mail);
    return 0;
}
