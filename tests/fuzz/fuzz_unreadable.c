/* A mail that killed its reader, read without understanding: sender and text as well as they can be had. */
#include "fuzz.h"
#include "channels/email/inbound_mail.h"
#include "daemon/loop/smtp_client.h"

static bool is_harmless(const char *text)
{
    for (; text && *text; text++)
        if ((*text < 0x20 && *text != '\n' && *text != '\t') || *text > 0x7e)
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(64 << 20);
    struct inbound *in = arena_alloc(arena, sizeof *in);
    char *raw = malloc(size ? size : 1);
    require(in && raw);
    if (size)
        memcpy(raw, data, size);
    *in = (struct inbound){.arena = arena, .external = "7/1", .raw = raw, .raw_size = size};
    inbound_mail_fill_unreadable(in);
    require(arena_ok(arena) && in->must_read && in->text && in->digest);
    require(is_harmless(in->text) && is_harmless(in->subject));
    require(!in->email || (smtp_address_ok(in->email) && smtp_address_ok(in->reply_to)));
    char *words = fuzz_text(data, size);
    inbound_mail_fill_refused(in, 7, words);
    require(arena_ok(arena) && is_harmless(in->text));
    free(words);
    free(raw);
    arena_free(arena);
    return 0;
}
