/* A row of the journal, as somebody with the file may have written it: its seals are well-formed or it is refused, and what
 * is read before the end of a cut row is what is read of the whole one. */
#include "fuzz.h"
#include "daemon/book/journal.h"

struct seen {
    size_t count;
    unsigned char sum; /* of everything that was told */
};

static enum outcome see(void *arg, const char *table, const struct seal *seal, struct fault *fault)
{
    struct seen *seen = arg;
    (void)fault;
    require(*table && strlen(table) < SEALED_NAME_SIZE);
    require(seal->key_size == 8 || seal->key_size == SEAL_SIZE);
    for (int i = 0; i < SEAL_SIZE; i++)
        require(!seal->gone || !seal->digest[i]);
    for (int i = 0; i < seal->key_size; i++)
        seen->sum = (unsigned char)(seen->sum * 31 + seal->key[i]);
    seen->count++;
    return OUTCOME_DONE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen whole = {0}, cut = {0};
    struct fault fault = {0};
    char *copy = fuzz_text(data, size), *half = fuzz_text(data, size / 2);
    enum outcome outcome = journal_read(copy, size, see, &whole, &fault);
    require(outcome == OUTCOME_DONE || (outcome == OUTCOME_NEVER && *fault.internal));
    journal_read(half, size / 2, see, &cut, &fault);
    require(cut.count <= whole.count);
    free(half);
    free(copy);
    return 0;
}
