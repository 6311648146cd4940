/* Error pages in plain words: what happened, what is safe, what now. */
#include "daemon/base/log.h"
#include "page_common.h"
#include "routes.h"
#include "web_private.h"
#include <stdio.h>
#include <string.h>

struct wording {
    int status;
    const char *title, *text;
};

static const struct wording wordings[] = {
    {400, "Permintaan tidak dapat dibaca",
        "Peramban mengirim sesuatu yang tidak kami mengerti. Muat ulang halaman, lalu coba lagi."},
    {403, "Tidak boleh dibuka",
        "Halaman ini bukan untuk akun Anda, atau halaman sebelumnya sudah kedaluwarsa. Kembali, muat ulang "
        "halaman, lalu coba lagi."},
    {404, "Tidak ditemukan", "Halaman ini tidak ada. Periksa lagi alamatnya, atau mulai dari halaman depan."},
    {405, "Tidak dapat dibuka begitu",
        "Halaman ini hanya dapat dibuka lewat tombol pada halaman sebelumnya."},
    {408, "Permintaan terlalu lama sampai",
        "Sambungan Anda sedang lambat atau terputus. Belum ada yang tersimpan; coba lagi."},
    {413, "Kiriman terlalu besar",
        "Belum ada yang tersimpan. Kembali, kurangi berkas atau perkecil fotonya, lalu kirim lagi."},
    {414, "Alamat terlalu panjang", "Alamat halaman ini terlalu panjang. Mulai lagi dari halaman depan."},
    {422, "Belum dapat disimpan",
        "Ada isian yang tidak dapat kami terima. Kembali, periksa isian Anda, lalu kirim lagi."},
    {429, "Terlalu sering mencoba", "Tunggu beberapa menit, lalu coba lagi."},
    {431, "Permintaan tidak dapat dibaca",
        "Peramban mengirim terlalu banyak keterangan. Hapus kuki untuk situs ini, lalu coba lagi."},
    {500, "Terjadi gangguan pada sistem",
        "Kiriman Anda belum tersimpan. Coba lagi beberapa menit lagi, atau hubungi kantor kami."},
    {501, "Permintaan tidak dikenal", "Layanan ini hanya dibuka dengan peramban biasa."},
    {503, "Sedang tidak dapat melayani",
        "Kiriman Anda belum tersimpan. Tunggu sebentar, lalu coba lagi; isian Anda masih ada di halaman "
        "sebelumnya."},
    {505, "Permintaan tidak dikenal", "Layanan ini hanya dibuka dengan peramban biasa."},
};

static const struct wording *find_wording(int status)
{
    const struct wording *usual = &wordings[0];
    for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++) {
        if (wordings[i].status == status)
            return &wordings[i];
        if (status >= 500 && wordings[i].status == 500)
            usual = &wordings[i];
    }
    return usual;
}

#define POLICY_OF_PAGES                                                                                      \
    "default-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors "

const char *framed_policy(const struct web *web, const struct page_route *route, char room[WEB_POLICY_MAX])
{
    if (!route || !(route->roles & PAGE_FRAMED) || !web->house.frame_origins)
        return NULL;
    int n = snprintf(room, WEB_POLICY_MAX, POLICY_OF_PAGES "'self' %s", web->house.frame_origins);
    return n > 0 && n < WEB_POLICY_MAX ? room : NULL;
}

size_t headers_fill(
    struct http_header headers[WEB_HEADERS_MAX], const char *content_type, bool secret, const char *framed)
{
    bool page = !content_type || !strcmp(content_type, PAGE_HTML);
    size_t n = 0;
    /* Bytes that strangers sent get an empty, sandboxed origin: nothing in them runs or loads. */
    headers[n++] = (struct http_header){"Content-Security-Policy",
        page && framed ? framed
        : page         ? POLICY_OF_PAGES "'none'"
               : "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"};
    headers[n++] = (struct http_header){"X-Content-Type-Options", "nosniff"};
    if (!page || !framed)
        headers[n++] =
            (struct http_header){"X-Frame-Options", "DENY"}; /* for browsers older than frame-ancestors */
    headers[n++] = (struct http_header){"Cross-Origin-Resource-Policy", "same-origin"};
    headers[n++] = (struct http_header){"Referrer-Policy", "same-origin"};
    headers[n++] = (struct http_header){"Cache-Control", secret ? "no-store" : "private, no-cache"};
    headers[n] = (struct http_header){NULL, NULL};
    return n;
}

static json_t *error_data(const struct web *web, int status, const char *text, bool officer)
{
    const struct wording *w = find_wording(status);
    return json_pack("{s:s, s:s, s:O, s:s, s:b, s:{}}", "title", w->title, "text",
        text && *text ? text : w->text, "office", web->house.fields, "style_url", web->house.style_url,
        "desk", officer, "at");
}

void error_reply(struct web *web, struct http_request *request, int status, const char *text, bool officer)
{
    struct http_header headers[WEB_HEADERS_MAX];
    char policy[WEB_POLICY_MAX];
    const char *framed = framed_policy(web, routes_find(http_request_path(request)), policy);
    size_t n = headers_fill(headers, PAGE_HTML, true, framed);
    if (status == 503 || status == 429) {
        headers[n++] = (struct http_header){"Retry-After", status == 503 ? "5" : "60"};
        headers[n] = (struct http_header){NULL, NULL};
    }
    struct str body;
    str_init(&body, 256 * 1024);
    json_t *data = error_data(web, status, text, officer);
    if (data)
        view_render(&body, "error", data);
    json_decref(data);
    bool whole = data && str_ok(&body);
    http_reply(request, &(struct http_response){
                            .status = status,
                            .content_type = whole ? PAGE_HTML : "text/plain; charset=utf-8",
                            .headers = headers,
                            .body = whole ? body.data : "Terjadi gangguan pada sistem.\n",
                            .length = whole ? body.len : strlen("Terjadi gangguan pada sistem.\n"),
                        });
    str_release(&body);
}
