/* /cetak/surat/MESSAGE: what the office wrote to a citizen, as an official letter that the Camat signs, for those who want it
 * on paper. */
#include "daemon/book/citizen.h"
#include "daemon/book/message.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/print_job.h"
#include "daemon/desk/sight.h"
#include "letter_paper.h"
#include "present.h"
#include "routes.h"
#include <stdlib.h>
#include <string.h>

struct letter {
    struct complaint c;
    struct message m;
    struct citizen citizen;
};

static const struct {
    const char *purpose, *about;
} kinds[] = {{"jawaban", "Jawaban atas pengaduan"}, {"pertanyaan", "Permintaan keterangan atas pengaduan"},
    {"kabar", "Perkembangan penanganan pengaduan"}};

static const char *about(const char *purpose)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i].purpose, purpose))
            return kinds[i].about;
    return NULL;
}

bool letter_paper_for(const struct message *m)
{
    return about(m->purpose) && !m->withdrawn_at;
}

static enum outcome no_letter(struct page *page)
{
    return fault_set(page->fault, OUTCOME_NEVER, "Surat tidak ditemukan.", "no such letter: %s", page->path);
}

static enum outcome find(struct page *page, struct letter *letter)
{
    size_t digits = strspn(page->rest, "0123456789");
    if (!digits || digits > 18 || page->rest[digits])
        return no_letter(page);
    enum outcome outcome =
        message_get(page->txn, strtoll(page->rest, NULL, 10), &letter->m, page->arena, page->fault);
    if (outcome == OUTCOME_NEVER || (!outcome && !letter_paper_for(&letter->m)))
        return no_letter(page);
    if (!outcome)
        outcome = complaint_get(page->txn, letter->m.complaint_id, &letter->c, page->arena, page->fault);
    if (!outcome)
        outcome = classify_admit(page->txn, page->officer, &letter->c, "Surat tidak ditemukan.", page->fault);
    if (!outcome && letter->c.citizen_id && sight_identity(page->officer, &letter->c))
        outcome = citizen_get(page->txn, letter->c.citizen_id, &letter->citizen, page->arena, page->fault);
    return outcome;
}

static void add_head(const struct page *page, struct str *job, const struct letter *letter)
{
    const char *subject = about(letter->m.purpose), *confidentiality = letter->c.confidentiality;
    bool plain = !strcmp(confidentiality, "biasa");
    print_job_words(
        job, "text", print_job_place(present_office(page), letter->m.at, page->arena), NULL, "right");
    print_job_add(job, json_pack("{s:s, s:[[s, s, s], [s, s, s], [s, s, s], [s, s, s]]}", "block", "facts",
                           "rows", "Nomor", letter->c.number, "", "Sifat", plain ? "Biasa" : "Rahasia", "",
                           "Lampiran", "–", "", "Hal", subject, "bold"));
    const char *name = letter->citizen.nama, *address = letter->citizen.alamat;
    print_job_words(job, "text",
        arena_printf(page->arena, "Yth. %s\n%s", name ? name : "Pengadu", address ? address : "di tempat"),
        NULL, NULL);
    print_job_add(job, json_pack("{s:s, s:i}", "block", "space", "of", 6));
}

/* Paragraphs stand apart where the writer left a line empty. */
static void add_words(const struct page *page, struct str *job, const char *text)
{
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t n = end ? (size_t)(end - text) : strlen(text);
        const char *paragraph = arena_strndup(page->arena, text, n);
        if (n)
            print_job_words(
                job, "text", paragraph, NULL, paragraph && strchr(paragraph, '\n') ? NULL : "justify");
        text += n;
        text += strspn(text, "\n");
    }
}

static enum outcome add_signature(struct page *page, struct str *job)
{
    json_t *camat = NULL;
    const char *office = present_office(page)->name, lead[] = "Kecamatan ";
    bool named = !strncmp(office, lead, sizeof lead - 1);
    enum outcome outcome = print_job_camat(page->txn, present_office(page),
        arena_printf(page->arena, "Camat %s,", named ? office + sizeof lead - 1 : office), &camat,
        page->arena, page->fault);
    if (!outcome)
        print_job_add(job, json_pack("{s:s, s:[o]}", "block", "signature", "rows", camat));
    return outcome;
}

static enum outcome print(struct page *page)
{
    struct letter letter = {0};
    struct str *job = &page->body;
    enum outcome outcome = find(page, &letter);
    if (outcome)
        return outcome;
    const struct print_look look = {
        .title = arena_printf(page->arena, "%s %s", about(letter.m.purpose), letter.c.number),
        .footer = arena_printf(page->arena, "Nomor aduan %s", letter.c.number),
        .serif = true};
    outcome = print_job_begin(job, page->txn, present_office(page), &look, page->arena, page->fault);
    if (outcome)
        return outcome;
    add_head(page, job, &letter);
    add_words(page, job, letter.m.text);
    outcome = add_signature(page, job);
    if (outcome)
        return outcome;
    print_job_end(job);
    return page_print(page, PRINT_PDF, arena_printf(page->arena, "surat-%lld.pdf", (long long)letter.m.id));
}

#define OFFICERS                                                                                             \
    (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT)
const struct page_route letter_paper_routes[] = {
    {"/cetak/surat/*", print, NULL, OFFICERS, 0},
    {NULL, NULL, NULL, 0, 0},
};
