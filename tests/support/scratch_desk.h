/* An office with officers in a scratch book: what tests of the desk stand on. Header only. */
#ifndef SUPPORT_SCRATCH_DESK_H
#define SUPPORT_SCRATCH_DESK_H

#include "tests/support/scratch_book.h"

#include "channels/channel.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/officer.h"
#include "daemon/book/outbox.h"
#include "daemon/desk/act.h"
#include "daemon/desk/intake.h"

static const struct office scratch_office = {.name = "Kecamatan Kedopok",
    .region = "Kota Probolinggo",
    .address = "Jalan Mastrip 100",
    .phone = "(0335) 555-014",
    .email = "pengaduan@kedopok.example",
    .emergency = "Darurat 112",
    .public_url = "https://aduan.kedopok.example",
    .mail_domain = "kedopok.example",
    .zone = "WIB",
    .utc_offset_minutes = 420,
    .mail_most = {.to_recipient = 10, .about_complaint = 3, .in_all = 400},
    .email_out = true,
    .wa_channel = "gateway:wa"};

static inline int64_t scratch_section(struct book_txn *txn, const char *key)
{
    struct section section;
    DONE(section_by_key(txn, key, &section, scratch_arena, NULL));
    return section.id;
}

static inline const struct officer *scratch_officer(struct book_txn *txn, const char *login, enum role role)
{
    struct officer o = {.login = login,
        .name = login,
        .role = role,
        .email = role == ROLE_SEKCAM ? "sekcam@kedopok.example" : NULL};
    struct officer *found = arena_alloc(scratch_arena, sizeof *found);
    if (role == ROLE_SEKSI)
        o.section_id = scratch_section(txn, "seksi_trantib");
    DONE(officer_add(txn, &o, "$argon2id$", NULL)); /* nobody logs in here */
    DONE(officer_by_login(txn, login, found, scratch_arena, NULL));
    return found;
}

static inline struct inbound scratch_mail(const char *external, const char *from)
{
    return (struct inbound){.kind = INBOUND_MESSAGE,
        .external = external,
        .raw = "From: x\r\n\r\nisi",
        .raw_size = 14,
        .identity_scheme = "email",
        .identity_value = from,
        .nama = "Siti Rohmah",
        .email = from,
        .reply_to = from,
        .subject = "Lampu jalan mati",
        .text = "Lampu jalan di Gang Melati mati.",
        .reference_scheme = "mail"};
}

static inline struct intake_result scratch_take(
    struct book_txn *txn, const char *channel, const struct inbound *in)
{
    struct intake_result result;
    struct fault fault = {0};
    enum outcome outcome =
        intake_record(txn, &scratch_office, channel, in, NULL, &result, scratch_arena, &fault);
    if (outcome)
        fail_msg("intake: %s", fault.internal);
    return result;
}

/* The newest outbox row of that purpose for the complaint; fails the test when there is none. */
static inline const struct outbox_row *scratch_row(
    struct book_txn *txn, int64_t complaint_id, const char *purpose)
{
    struct outbox_row *rows;
    size_t count;
    DONE(outbox_list(txn, complaint_id, &rows, &count, scratch_arena, NULL));
    while (count--)
        if (!strcmp(rows[count].purpose, purpose))
            return &rows[count];
    fail_msg("no %s in the outbox", purpose);
    return NULL;
}

#endif
