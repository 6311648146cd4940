/* Whose word about the sender is believed, and what it means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "channels/email/authenticity.h"
#include <stdlib.h>
#include <string.h>

#define AR "Authentication-Results: "

static const struct {
    const char *what, *headers, *from, *word;
} rows[] = {
    {"dmarc alone", AR "mx.a.example; dmarc=pass header.from=warga.example\r\n", "s@warga.example", "asli"},
    {"gmail's form",
        "Received: by x\r\n" AR
        "mx.a.example;\r\n       dkim=pass header.i=@warga.example header.s=s1 header.b=Ab+/=;\r\n"
        "       spf=pass (mx: domain of s@warga.example designates 1.2.3.4 as permitted sender) "
        "smtp.mailfrom=s@warga.example;\r\n       dmarc=pass (p=NONE sp=NONE dis=NONE) "
        "header.from=warga.example\r\n",
        "s@warga.example", "asli"},
    {"failed dmarc", AR "mx.a.example; spf=pass smtp.mailfrom=evil.example; dmarc=fail\r\n",
        "s@warga.example", "palsu"},
    {"aligned signature", AR "mx.a.example; dkim=pass header.d=warga.example\r\n", "s@mail.warga.example",
        "asli"},
    {"the second signature is the aligned one",
        AR "mx.a.example; dkim=pass header.d=list.example; dkim=pass header.d=warga.example\r\n",
        "s@warga.example", "asli"},
    {"somebody else's signature", AR "mx.a.example; dkim=pass header.d=evil.example\r\n", "s@warga.example",
        "tidak_pasti"},
    {"a name that only ends alike", AR "mx.a.example; dkim=pass header.d=arga.example\r\n", "s@warga.example",
        "tidak_pasti"},
    {"a whole top level", AR "mx.a.example; dkim=pass header.d=example\r\n", "s@warga.example",
        "tidak_pasti"},
    {"spf hard fail of its own domain", AR "mx.a.example; spf=fail smtp.mailfrom=s@warga.example\r\n",
        "s@warga.example", "palsu"},
    {"spf soft fail", AR "mx.a.example; spf=softfail smtp.mailfrom=s@warga.example\r\n", "s@warga.example",
        "tidak_pasti"},
    {"spf fail of a forwarder", AR "mx.a.example; spf=fail smtp.mailfrom=forward.example\r\n",
        "s@warga.example", "tidak_pasti"},
    {"nothing", "Subject: x\r\n", "s@warga.example", "tidak_pasti"},
    {"none", AR "mx.a.example; none\r\n", "s@warga.example", "tidak_pasti"},
    {"another server's word", AR "mx.evil.example; dmarc=pass\r\n", "s@warga.example", "tidak_pasti"},
    {"ours above a forged one",
        AR "mx.a.example; dmarc=fail\r\nReceived: x\r\n" AR "mx.a.example; dmarc=pass\r\n", "s@warga.example",
        "palsu"},
    {"a forged name in a comment", AR "(mx.a.example;) mx.evil.example; dmarc=pass\r\n", "s@warga.example",
        "tidak_pasti"},
    {"pass in a comment", AR "mx.a.example; dmarc=none (dmarc=pass; dmarc=pass)\r\n", "s@warga.example",
        "tidak_pasti"},
    {"pass in quotes", AR "mx.a.example; dmarc=none reason=\"; dmarc=pass\"\r\n", "s@warga.example",
        "tidak_pasti"},
    {"an unclosed comment", AR "mx.a.example; (dmarc=pass\r\n", "s@warga.example", "tidak_pasti"},
    {"versions and case", "AUTHENTICATION-RESULTS: MX.A.Example 1; DMARC/1=PASS\r\n", "s@warga.example",
        "asli"},
    {"lf alone", AR "mx.a.example;\n dmarc=pass\n", "s@warga.example", "asli"},
    {"in the body", "Subject: x\r\n\r\n" AR "mx.a.example; dmarc=pass\r\n", "s@warga.example", "tidak_pasti"},
    {"no sender", AR "mx.a.example; dkim=pass header.d=warga.example\r\n", NULL, "tidak_pasti"},
};

static void each_header_has_its_word(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t size = strlen(rows[i].headers);
        char *exact = malloc(size);
        memcpy(exact, rows[i].headers, size);
        const char *word = authenticity_of(exact, size, "mx.a.example", rows[i].from);
        if (strcmp(word, rows[i].word))
            fail_msg("%s: %s", rows[i].what, word);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_header_has_its_word)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
