/* A citizen's and an officer's words in the texts that leave the house: filled in as they stand, whatever braces they
 * hold; and any text as a template: what is let through can be filled. Input: name of the citizen and subject on the
 * first two lines, then the officer's text. */
#include "fuzz.h"
#include "daemon/desk/reply.h"

static bool blank(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text > ' ')
            return false;
    return true;
}

static void check_shipped(const struct reply_kind *kind, const struct reply_word *words, const char *text)
{
    struct arena *arena = arena_new(16 << 20);
    struct fault fault;
    require(reply_check(kind, reply_shipped(kind), &fault) == OUTCOME_DONE);
    const char *out = reply_fill(reply_shipped(kind), words, arena);
    require(out && out[strlen(out) - 1] == '\n');
    require(!strstr(kind->needs, "isi") || blank(text) || strstr(out, text));
    require(!strstr(out, "{nomor}") || strstr(text, "{nomor}") || strstr(words[0].value, "{nomor}") ||
            strstr(words[2].value, "{nomor}"));
    arena_free(arena);
}

static void check_own(const struct reply_kind *kind, const struct reply_word *words, const char *template)
{
    struct arena *arena = arena_new(64 << 20);
    struct fault fault = {0};
    enum outcome outcome = reply_check(kind, template, &fault);
    require(outcome == OUTCOME_DONE || (outcome == OUTCOME_NEVER && *fault.public_text));
    const char *out = reply_fill(template, words, arena);
    require(
        outcome != OUTCOME_DONE || (out && strstr(out, "014/PGD/XI/2026")) || !strstr(kind->needs, "nomor"));
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *name = fuzz_line(&data, &size), *subject = fuzz_line(&data, &size), *text = fuzz_text(data, size);
    const struct reply_word words[] = {{"sapaan", name}, {"isi", text}, {"catatan", subject},
        {"nomor", "014/PGD/XI/2026"}, {"kode", "7KQM-X2R9-4T"}, {"batas", ""}, {"jalur", "e-mail"},
        {"kantor", "Kecamatan Contoh"}, {"alamat_kantor", ""}, {"telepon", NULL},
        {"tautan", "https://a.example/lacak"}, {"tautan_meja", "https://a.example/aduan/1"},
        {"instansi", subject}, {"nomor_instansi", NULL}, {"kaki", "Kecamatan Contoh\n"}, {NULL, NULL}};
    size_t count;
    const struct reply_kind *kinds = reply_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        check_shipped(&kinds[i], words, text);
        check_own(&kinds[i], words, text);
    }
    free(text);
    free(subject);
    free(name);
    return 0;
}
