#include "site_form.h"
#include "rules/phone.h"
#include <jansson.h>
#include <string.h>

/* NULL when absent or empty. */
static const char *text_of(const json_t *form, const char *name, struct arena *arena)
{
    const char *text = json_string_value(json_object_get(form, name));
    return text && *text ? arena_strdup(arena, text) : NULL;
}

static const char *place_of(const json_t *form, struct arena *arena)
{
    static const char *const parts[] = {"tempat", "kelurahan", "titik"};
    const char *all = NULL;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *part = text_of(form, parts[i], arena);
        if (part)
            all = all ? arena_printf(arena, "%s, %s", all, part) : part;
    }
    return all;
}

static const char *phone_of(const json_t *form, struct arena *arena)
{
    char phone[PHONE_MAX];
    return phone_from_human(text_of(form, "wa", arena), phone) ? arena_strdup(arena, phone) : NULL;
}

static void read_person(const json_t *form, struct inbound *in, struct arena *arena)
{
    const char *way = text_of(form, "jawab", arena);
    in->nama = text_of(form, "nama", arena);
    in->pekerjaan = text_of(form, "pekerjaan", arena);
    in->alamat = text_of(form, "alamat", arena);
    in->email = text_of(form, "surel", arena);
    in->phone = phone_of(form, arena);
    if (way && !strcmp(way, "surel") && in->email)
        in->reply_to = arena_printf(arena, "email:%s", in->email);
    else if (way && !strcmp(way, "wa") && in->phone)
        in->reply_to = arena_printf(arena, "wa:%s", in->phone);
}

enum outcome site_form_read(
    const void *raw, size_t size, struct inbound *ret, struct arena *arena, struct fault *fault)
{
    json_t *form = json_loadb(raw, size, 0, NULL);
    const char *text = form ? text_of(form, "isi", arena) : NULL,
               *kind = form ? text_of(form, "jenis", arena) : NULL;
    if (!text && arena_ok(arena)) {
        json_decref(form);
        return fault_set(fault, OUTCOME_NEVER, "Formulir itu tidak dapat dibaca.", "no form of our site");
    }
    ret->text = text;
    ret->kind_word = kind && !strcmp(kind, "saran") ? "aspirasi" : kind;
    ret->service = text_of(form, "layanan", arena);
    ret->place = place_of(form, arena);
    ret->occurred = text_of(form, "tanggal", arena);
    ret->confidentiality = text_of(form, "sifat", arena);
    if (!ret->confidentiality || strcmp(ret->confidentiality, "anonim"))
        read_person(form, ret, arena);
    json_decref(form);
    return arena_ok(arena) ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a form");
}
