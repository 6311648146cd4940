#include "page_common.h"
#include "daemon/base/clock.h"
#include "daemon/book/timetable.h"
#include "opening.h"
#include "routes.h"
#include "rules/words_date.h"
#include "settings_menu.h"
#include <sodium.h>
#include <string.h>

/* What ?catatan= may say. A key, not a text: nobody can put words into our mouth by a link. */
static const struct {
    const char *key, *sentence;
} notes[] = {
    {"keluar", "Anda sudah keluar."},
    {"sandi", "Kata sandi sudah diganti."},
    {"sesi", "Sesi itu sudah diakhiri."},
    {"terkirim", "Keterangan Anda sudah kami terima dan dicatat pada aduan ini."},
    {"dinilai", "Terima kasih, penilaian Anda sudah dicatat."},
    {"ditarik", "Aduan Anda sudah ditarik kembali."},
    {"tersimpan", "Sudah disimpan."},
    {"hak", "Permintaan Anda sudah kami catat. Jawabannya paling lambat 3 x 24 jam lagi."},
    {"tiada_usulan", "Tidak ada aduan yang masa simpannya lewat."},
    {"kalender", "Sudah disimpan. Tenggat aduan yang terbuka sedang dihitung ulang."},
    {"diuji", "Pesan uji sudah diserahkan kepada salurannya."},
    {"dilihat", "Sudah ditandai: surat ini sudah dilihat."},
    {"dibuka", "Surat sudah dicatat sebagai aduan."},
    {"pilih", "Pilih dahulu aduan dan tindakannya."},
    {"ditangani", "Sudah ditandai: permintaan bicara ini ditangani."},
};

/* The officers' navigation, in this order. A page that does not exist or is not theirs is left out. */
static const struct {
    const char *pattern, *label, *icon;
} navigation[] = {
    {"/meja", "Meja", "#i-meja"},
    {"/buku", "Buku", "#i-buku"},
    {"/loket", "Loket", "#i-loket"},
    {"/surat", "Surat", "#i-surat"},
    {"/laporan", "Laporan", "#i-laporan"},
    {"/hak", "Privasi", "#i-gembok"},
    {"/keadaan", "Keadaan", "#i-beres"},
    {"/pengaturan", "Pengaturan", "#i-atur"},
};

void page_csrf(const char *session_token, char out[65])
{
    static const unsigned char word[] = "pengaduand csrf";
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)session_token, strlen(session_token));
    crypto_auth_hmacsha256_update(&state, word, sizeof word - 1);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2hex(out, 65, mac, sizeof mac);
}

static const char *find_note(const char *key)
{
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        if (!strcmp(key, notes[i].key))
            return notes[i].sentence;
    return NULL;
}

static bool is_current(const char *path, const char *pattern)
{
    size_t n = strlen(pattern);
    return !strncmp(path, pattern, n) && (!path[n] || path[n] == '/');
}

static json_t *navigation_of(const struct page *page)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < sizeof navigation / sizeof *navigation; i++) {
        const struct page_route *route = routes_find(navigation[i].pattern);
        if (!route || !(route->roles & 1u << page->officer->role))
            continue;
        json_t *row =
            json_pack("{s:s, s:s, s:s, s:b}", "url", navigation[i].pattern, "label", navigation[i].label,
                "icon", navigation[i].icon, "current", is_current(page->path, navigation[i].pattern));
        if (json_array_append_new(list, row)) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *officer_of(const struct page *page)
{
    const struct officer *o = page->officer;
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", o->name, "login", o->login, "role",
        role_key(o->role), "role_label", role_label(o->role), "section", o->section ? o->section : "");
}

/* {"aduan": true} for /aduan/terkirim; {"home": true} for "/". */
static json_t *place_of(const char *path)
{
    json_t *place = json_object();
    size_t n = strspn(path + 1, "abcdefghijklmnopqrstuvwxyz");
    json_object_setn_new(place, n ? path + 1 : "home", n ? n : 4, json_true());
    return place;
}

/* For the foot of public pages; without the calendar they do without. */
static int add_opening(const struct page *page, json_t *data)
{
    const struct timetable *timetable;
    struct fault fault = {0};
    if (page->officer || timetable_get(page->txn, &timetable, &fault))
        return 0;
    const char *words = opening_words(&timetable->hours, page->arena);
    return words ? json_object_set_new(data, "opening", json_string(words)) : 0;
}

bool page_add_common(const struct page *page, json_t *data)
{
    const char *note = find_note(page_query(page, "catatan"));
    int failed = json_object_set(data, "office", page->house->fields);
    failed |= json_object_set_new(data, "style_url", json_string(page->house->style_url));
    failed |= json_object_set_new(data, "script_url", json_string(page->house->script_url));
    failed |= json_object_set_new(data, "at", place_of(page->path));
    if (page->house->frame_origins)
        failed |= json_object_set_new(data, "frames", json_string(page->house->frame_origins));
    char now[WORDS_DATE_SIZE];
    words_date_full(now, sizeof now, clock_now_ms(), page->house->office->utc_offset_minutes);
    failed |= json_object_set_new(data, "now_words", json_string(now));
    failed |= add_opening(page, data);
    if (note)
        failed |= json_object_set_new(data, "toast", json_string(note));
    if (page->csrf)
        failed |= json_object_set_new(data, "csrf", json_string(page->csrf));
    if (page->officer) {
        failed |= json_object_set_new(data, "officer", officer_of(page));
        failed |= json_object_set_new(data, "nav", navigation_of(page));
        const struct page_route *help = routes_find("/bantuan");
        if (help && help->roles & 1u << page->officer->role)
            failed |= json_object_set_new(data, "help_url", json_string(help->pattern));
        if (is_current(page->path, "/pengaturan"))
            failed |= json_object_set_new(data, "settings", settings_menu(page));
    }
    return !failed;
}
