/* What in a text tells who somebody is: names, telephone numbers, NIK, e-mail, home addresses, account numbers, number
 * plates. For the preview before an answer is published, where a person looks at what was found (UU 27/2022).
 *
 * Not taken: posts without a name (Pak Camat), offices with their addresses and telephones, places of a nuisance, register
 * numbers, dates, money, asset numbers.
 *
 * Pure. */
#ifndef RULES_IDENTITY_H
#define RULES_IDENTITY_H

#include "daemon/base/arena.h"
#include <stdbool.h>
#include <stddef.h>

enum identity_type {
    IDENTITY_NAME,
    IDENTITY_PHONE,
    IDENTITY_NIK, /* also the number of a Kartu Keluarga */
    IDENTITY_EMAIL,
    IDENTITY_HOME,
    IDENTITY_ACCOUNT,
    IDENTITY_PLATE,
};

struct identity_span {
    enum identity_type type;
    size_t start, end; /* code points; end is the first one behind it */
    size_t byte_start, byte_end;
};

struct identity_found {
    struct identity_span *spans; /* in order, none overlapping; in the arena */
    size_t count;
};

/* Key as `find-identity` prints it: "nama", "telepon", "nik", "email", "alamat_rumah", "rekening", "plat_nomor". */
const char *identity_type_key(enum identity_type type);

/* text is UTF-8 of `size` bytes. False without memory: then nothing is known and nothing may be published. */
bool identity_find(const char *text, size_t size, struct identity_found *ret_found, struct arena *arena);

#endif
