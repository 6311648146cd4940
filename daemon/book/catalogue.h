/* Sections (seksi) and services (layanan) of the office. What was ever used stays: it is switched off, never deleted. */
#ifndef BOOK_CATALOGUE_H
#define BOOK_CATALOGUE_H

#include "book.h"
#include "daemon/base/arena.h"

struct section {
    int64_t id;
    const char *key, *name;
    bool active;
    struct section *next;
};

struct service {
    int64_t id;
    const char *key, *name;
    int64_t section_id;
    const char *section;   /* name */
    int64_t promised_days; /* working days within which the office promises it; 0 = not told */
    bool active;
    struct service *next;
};

/* Those in use, in the order of their making; _all: with what was switched off, behind. */
enum outcome section_list(
    struct book_txn *txn, struct section **ret, struct arena *arena, struct fault *fault);
enum outcome section_list_all(
    struct book_txn *txn, struct section **ret, struct arena *arena, struct fault *fault);
enum outcome service_list(
    struct book_txn *txn, struct service **ret, struct arena *arena, struct fault *fault);
enum outcome service_list_all(
    struct book_txn *txn, struct service **ret, struct arena *arena, struct fault *fault);

/* NEVER when absent; switched off ones are found too. */
enum outcome section_by_key(
    struct book_txn *txn, const char *key, struct section *ret, struct arena *arena, struct fault *fault);
enum outcome section_by_id(
    struct book_txn *txn, int64_t id, struct section *ret, struct arena *arena, struct fault *fault);
enum outcome service_by_key(
    struct book_txn *txn, const char *key, struct service *ret, struct arena *arena, struct fault *fault);
enum outcome service_by_id(
    struct book_txn *txn, int64_t id, struct service *ret, struct arena *arena, struct fault *fault);

/* id 0 = a new one, whose id and key are filled in: the key is made of its first name and stays, because rules and
 * programs know it by that. NEVER with a public text: the name is taken; switched off while open complaints, officers or
 * services still need it. */
enum outcome section_save(
    struct book_txn *txn, struct section *section, struct arena *arena, struct fault *fault);
/* The same; NEVER also when its section is switched off. */
enum outcome service_save(
    struct book_txn *txn, struct service *service, struct arena *arena, struct fault *fault);

#endif
