/* A citizen's and an officer's words in the texts that leave the house: filled in as they stand, whatever braces they
 * hold. Input: name of the citizen and subject on the first two lines, then the officer's text. */
#include "fuzz.h"
#include "daemon/desk/compose.h"

static const struct office office = {.name = "Kecamatan Contoh",
    .region = "Kabupaten Contoh",
    .address = "Jl. Contoh 1",
    .phone = "021 765",
    .email = "a@kec.example",
    .public_url = "https://aduan.example",
    .mail_domain = "aduan.example",
    .zone = "WIB",
    .utc_offset_minutes = 420,
    .email_out = true};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const purposes[] = {"tanda_terima", "pertanyaan", "jawaban", "pemberitahuan"};
    char *name = fuzz_line(&data, &size), *subject = fuzz_line(&data, &size), *text = fuzz_text(data, size);
    struct citizen citizen = {.nama = name};
    struct complaint complaint = {.id = 7,
        .number = "014/PGD/XI/2026",
        .code = "7KQMX2R94T",
        .subject = subject,
        .channel = "email:kantor",
        .due_at = INT64_C(1795314600000)};
    for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++) {
        struct letter letter = {
            .complaint = &complaint, .citizen = &citizen, .purpose = purposes[i], .text = text};
        struct arena *arena = arena_new(16 << 20);
        const char *out = compose_text(&office, &letter, arena);
        require(out && arena_ok(arena) && out[strlen(out) - 1] == '\n');
        bool said = !strcmp(purposes[i], "pertanyaan") || !strcmp(purposes[i], "jawaban");
        require(!said || strstr(out, text));
        require(!strcmp(purposes[i], "pemberitahuan") || strstr(out, name));
        require(!fuzz_is_utf8_text(text) || !fuzz_is_utf8_text(name) || fuzz_is_utf8_text(out));
        arena_free(arena);
    }
    free(text);
    free(subject);
    free(name);
    return 0;
}
