#include "front.h"
#include "daemon/book/reply_text.h"
#include "rules/phone.h"
#include <string.h>

static const struct front_text texts[] = {
    {"judul", "Kalimat pertama", "Berdiri paling atas di halaman depan.",
        "Ada keluhan tentang pelayanan atau lingkungan? Sampaikan kepada kami.", FRONT_LINE, 200},
    {"pembuka", "Penjelasan", "Satu atau dua kalimat di bawahnya.",
        "Setiap aduan dicatat, diberi nomor, dan dijawab lewat jalan yang sama dengan saat Anda menghubungi "
        "kami. Gratis, dan nama Anda boleh dirahasiakan.",
        FRONT_LINES, 1000},
    {"pengumuman", "Pengumuman", "Misalnya loket pindah sementara. Bila kosong, tidak ditampilkan.", "",
        FRONT_LINES, 1000},
    {"loket", "Keterangan loket", "Misalnya ruang atau nomor loket.", "", FRONT_LINE, 200},
    {"whatsapp", "Nomor WhatsApp", "Nomor yang boleh dihubungi warga, contoh 0812-3456-7890.", "",
        FRONT_PHONE, 40},
    {"saluran", "Cara lain", "Satu baris untuk satu cara, misalnya: Kotak saran di ruang tunggu.", "",
        FRONT_LINES, 1000},
    {"wbs_nama", "Pelaporan pelanggaran pegawai", "Nama sistemnya.", "e-WBS Inspektorat", FRONT_LINE, 100},
    {"wbs_tautan", "Alamat pelaporan pelanggaran", "Dimulai dengan https://. Bila kosong, hanya namanya.", "",
        FRONT_LINK, 300},
    {"wilayah", "Kelurahan atau desa",
        "Satu baris untuk satu nama; menjadi pilihan di formulir. Bila kosong, warga menulisnya sendiri.", "",
        FRONT_LINES, 4000},
};

const struct front_text *front_texts(size_t *ret_count)
{
    *ret_count = sizeof texts / sizeof *texts;
    return texts;
}

static const char *key_of(const struct page *page, const struct front_text *text)
{
    return arena_printf(page->arena, "halaman.%s", text->name);
}

enum outcome front_get(struct page *page, const char *name, const char **ret)
{
    const struct front_text *text = texts, *end = texts + sizeof texts / sizeof *texts;
    while (text < end && strcmp(text->name, name))
        text++;
    if (text == end)
        return fault_set(page->fault, OUTCOME_STOP, NULL, "no text %s on public pages", name);
    const char *key = key_of(page, text), *own = NULL;
    if (!key)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a text");
    enum outcome o = reply_text_get(page->txn, key, &own, page->arena, page->fault);
    if (o == OUTCOME_DONE)
        *ret = own ? own : text->preset;
    return o;
}

static const char *what_is_wrong(const struct front_text *text, const char *typed)
{
    char phone[PHONE_MAX];
    if (strlen(typed) > text->most)
        return "terlalu panjang, mohon diringkas.";
    if (text->form != FRONT_LINES && strchr(typed, '\n'))
        return "hanya satu baris.";
    if (text->form == FRONT_PHONE && *typed && !phone_from_human(typed, phone))
        return "belum benar, contoh 0812-3456-7890.";
    if (text->form == FRONT_LINK && *typed &&
        (strncmp(typed, "https://", 8) || strlen(typed) < 12 || strpbrk(typed, " \t\"'<>")))
        return "harus dimulai dengan https:// dan tanpa spasi.";
    return NULL;
}

enum outcome front_check(const struct front_text *text, const char *typed, struct fault *fault)
{
    const char *wrong = what_is_wrong(text, typed);
    return wrong ? fault_set(fault, OUTCOME_NEVER, wrong, "text %s refused", text->name) : OUTCOME_DONE;
}

enum outcome front_put(struct page *page, const struct front_text *text, const char *typed)
{
    const char *key = key_of(page, text);
    if (!key)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a text");
    return reply_text_set(
        page->txn, key, strcmp(typed, text->preset) ? typed : NULL, page->officer->id, page->fault);
}

json_t *front_lines(const char *text)
{
    json_t *list = json_array();
    while (list && *text) {
        size_t n = strcspn(text, "\n"), begin = strspn(text, " \t\r"), end = n;
        while (end > begin && strchr(" \t\r", text[end - 1]))
            end--;
        if (end > begin && json_array_append_new(list, json_stringn(text + begin, end - begin))) {
            json_decref(list);
            return NULL;
        }
        text += n + (text[n] == '\n');
    }
    return list;
}
