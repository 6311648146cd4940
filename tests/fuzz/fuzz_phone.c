/* Telephone numbers as people type them and identifiers as gateways send them. */
#include "fuzz.h"
#include "rules/phone.h"

static void check_e164(const char *number)
{
    size_t n = strlen(number);
    require(number[0] == '+' && number[1] != '0' && n >= 8 && n < PHONE_MAX);
    require(number[1 + strspn(number + 1, "0123456789")] == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    char number[PHONE_MAX], again[PHONE_MAX];
    memset(number, 'x', sizeof number);
    if (phone_from_human(text, number)) {
        check_e164(number);
        require(phone_kind(number) != PHONE_INVALID);
        require(phone_from_human(number, again) && !strcmp(number, again));
        require(phone_from_wa_id(number, again) && !strcmp(number, again));
    } else {
        require(number[0] == 'x');
    }
    memset(number, 'x', sizeof number);
    if (phone_from_wa_id(text, number)) {
        check_e164(number);
        require(phone_id_kind(text) == PHONE_ID_PHONE);
        require(phone_from_wa_id(number, again) && !strcmp(number, again));
    } else {
        require(number[0] == 'x');
    }
    require(phone_id_kind(text) <= PHONE_ID_OTHER);
    require(phone_kind(text) <= PHONE_FOREIGN);
    free(text);
    return 0;
}
