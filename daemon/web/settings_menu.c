#include "settings_menu.h"
#include "routes.h"
#include <string.h>

/* In this order. What has no page yet, or is not this officer's, is left out. */
static const struct {
    const char *pattern, *label, *what;
} sections[] = {
    {"/pengaturan/petugas", "Petugas", "Akun, peran, seksi, kata sandi sekali pakai, dan penguncian."},
    {"/pengaturan/seksi", "Seksi", "Bagian kantor yang menerima disposisi."},
    {"/pengaturan/layanan", "Layanan", "Layanan yang diadukan, seksi penanggung jawab, dan janji waktunya."},
    {"/pengaturan/saluran", "Saluran", "Keadaan e-mail, WhatsApp, dan lainnya, dengan tombol uji."},
    {"/pengaturan/balasan", "Teks surat", "Surat yang dikirim kepada pengadu dan pejabat."},
    {"/pengaturan/beranda", "Beranda", "Tulisan pada halaman depan untuk warga."},
    {"/pengaturan/kalender", "Hari kerja", "Jam kantor, hari libur, dan cuti bersama."},
    {"/pengaturan/waktu", "Tenggat", "Batas waktu tiap tahap penanganan."},
    {"/pengaturan/retensi", "Masa simpan",
        "Berapa lama data pengadu disimpan, menurut jadwal retensi arsip."},
    {"/pengaturan/aturan", "Aturan", "Kata dan aturan yang mengusulkan jenis, layanan, dan seksi."},
    {"/pengaturan/saran", "Saran", "Seksi yang disarankan dari disposisi terdahulu, dan seberapa tepat."},
    {"/pengaturan/kantor", "Kop dan logo", "Nama, alamat, camat, dan lambang pada surat dan tanda terima."},
    {"/pengaturan/token", "Token API", "Izin bagi program lain untuk membaca dan menulis lewat /api/v1."},
    {"/pengaturan/webhook", "Webhook", "Kabar peristiwa yang dikirim ke sistem lain."},
    {"/pengaturan/audit", "Audit", "Siapa membaca identitas rahasia, dan siapa mengubah pengaturan."},
};

json_t *settings_menu(const struct page *page)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < sizeof sections / sizeof *sections; i++) {
        const char *pattern = sections[i].pattern;
        const struct page_route *route = routes_find(pattern);
        size_t n = strlen(pattern);
        if (!route || !page->officer || !(route->roles & 1u << page->officer->role))
            continue;
        bool current = !strncmp(page->path, pattern, n) && (!page->path[n] || page->path[n] == '/');
        json_t *row = json_pack("{s:s, s:s, s:s, s:b}", "url", pattern, "label", sections[i].label, "what",
            sections[i].what, "current", current);
        if (json_array_append_new(list, row)) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}
