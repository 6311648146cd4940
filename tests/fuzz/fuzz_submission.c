/* A complaint posted by the office's own website. Input: the content type on the first line, then the body; a body
 * that begins with "{" needs no such line. */
#include "fuzz.h"
#include "channels/website/submission.h"
#include "rules/signature.h"

static const char *same_name(void *context, const char *ours)
{
    (void)context;
    (void)ours;
    return NULL;
}

static bool one_of(const char *word, const char *const *words)
{
    for (; word && *words; words++)
        if (!strcmp(word, *words))
            return true;
    return !word;
}

static void check_inbound(const struct inbound *in, const uint8_t *data, size_t size)
{
    static const char *const kinds[] = {"pengaduan", "aspirasi", "informasi", NULL};
    static const char *const confidentialities[] = {"biasa", "anonim", "rahasia", NULL};
    const char *const texts[] = {in->nama, in->pekerjaan, in->alamat, in->email, in->text, in->service,
        in->place, in->occurred, in->external, in->reply_to};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        require(fuzz_is_utf8_text(texts[i]));
    require(arena_ok(in->arena) && in->kind == INBOUND_MESSAGE && in->external && *in->external && in->text);
    require(*in->text || in->must_read);
    require(in->raw_size == size && !memcmp(in->raw, data, size));
    require(one_of(in->kind_word, kinds) && one_of(in->confidentiality, confidentialities));
    require(!in->phone || (in->phone[0] == '+' && !in->phone[1 + strspn(in->phone + 1, "0123456789")]));
    require(!in->reply_to || !strncmp(in->reply_to, "email:", 6) || !strncmp(in->reply_to, "wa:+", 4));
    require(!fuzz_has_control(in->reply_to));
    for (const struct inbound_file *f = in->files; f; f = f->next) {
        require(
            f->filename && *f->filename && !strpbrk(f->filename, "/\\") && !fuzz_has_control(f->filename));
        require(f->media_type && f->data && f->size);
    }
}

/* Nobody who does not know the secret is believed, whatever the headers say. */
static void check_signature(const char *line, const uint8_t *data, size_t size)
{
    char time[32], *rest = strchr(line, ' ');
    snprintf(time, sizeof time, "%.*s", rest ? (int)(rest - line) : 0, line);
    enum signature judged = signature_check(
        "rahasia-0123456789abcdef", time, rest ? rest + 1 : NULL, data, size, INT64_C(1795314600000), 300);
    require(judged != SIGNATURE_GOOD && judged != SIGNATURE_OLD);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *type = size && *data == '{' ? fuzz_text("application/json", 16) : fuzz_line(&data, &size);
    char *body = malloc(size ? size : 1);
    require(body != NULL);
    if (size)
        memcpy(body, data, size);
    struct submission_source source = {.content_type = type,
        .body = body,
        .length = size,
        .timestamp = "1795314600",
        .their_name = same_name};
    struct inbound *in = NULL;
    struct fault fault = {0};
    enum outcome outcome = submission_read(&source, &in, &fault);
    check_signature(type, data, size);
    free(body); /* nothing of the request may be needed any more */
    free(type);
    require(outcome == OUTCOME_DONE || (outcome == OUTCOME_NEVER && *fault.public_text));
    if (outcome == OUTCOME_DONE) {
        check_inbound(in, data, size);
        arena_free(in->arena);
    }
    return 0;
}
