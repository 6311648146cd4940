#include "present.h"
#include "daemon/book/timetable.h"
#include "daemon/desk/correspond.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/overview.h"
#include "daemon/desk/route.h"
#include "daemon/desk/sight.h"
#include "letter_paper.h"
#include "rules/words_date.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

const struct office *present_office(const struct page *page)
{
    return desk_office(page->desk);
}

const char *present_channel_icon(const char *channel_id)
{
    static const struct {
        const char *prefix, *icon;
    } icons[] = {{"email", "surat"}, {"gateway:", "pesan"}, {"situs", "web"}, {"web:", "web"},
        {"open311:", "web"}, {"telepon", "telepon"}, {"kotak", "kotak"}, {"surat", "surat"},
        {"faks", "surat"}, {"lapor", "kirim"}};
    for (size_t i = 0; i < sizeof icons / sizeof *icons; i++)
        if (!strncmp(channel_id, icons[i].prefix, strlen(icons[i].prefix)))
            return icons[i].icon;
    return "orang";
}

const char *present_event_label(const char *kind)
{
    static const struct {
        const char *kind, *label;
    } labels[] = {{"masuk", "Masuk"}, {"mendesak", "Mendesak, mungkin ada bahaya"},
        {"tambahan", "Pengadu menambah keterangan"}, {"catatan", "Catatan ditulis"},
        {"verifikasi", "Diverifikasi"}, {"tanya", "Pengadu ditanya"}, {"lengkap", "Dilengkapi"},
        {"teruskan", "Diteruskan ke Sekcam"}, {"disposisi", "Didisposisikan"},
        {"mulai", "Mulai dikerjakan seksi"}, {"lapor", "Dilaporkan seksi"},
        {"lapor_bantuan", "Dilaporkan seksi pembantu"}, {"kembalikan", "Dikembalikan ke seksi"},
        {"setujui", "Disetujui"}, {"jawab", "Dijawab"}, {"tutup", "Ditutup"},
        {"buka_kembali", "Dibuka kembali"}, {"rujuk", "Dirujuk"}, {"tenggat", "Tenggat dihitung ulang"},
        {"pengingat", "Pengingat"}, {"terlambat", "Terlambat"}, {"kalender", "Kalender kerja diubah"},
        {"gabung", "Digabungkan"}, {"arsipkan", "Diarsipkan"},
        {"lihat_identitas", "Identitas rahasia dibuka"},
        {"lihat_kontak", "Nomor atau alamat e-mail ditampilkan"},
        {"lengkapi_identitas", "Identitas dilengkapi"}, {"obrolan", "Pesan dalam percakapan"},
        {"petugas_bicara", "Petugas sudah bicara dengan pengadu"}, {"anonim", "Pengadu memilih tanpa nama"},
        {"nilai", "Jawaban dinilai pengadu"}, {"minta_petugas", "Pengadu minta bicara dengan petugas"},
        {"minta_batal", "Pengadu minta aduan dibatalkan"},
        {"kiriman_gagal", "Surat kepada pengadu tidak sampai"},
        {"tanda_terima_ditahan", "Tanda terima otomatis tidak dikirim"},
        {"pesan_dipindah", "Pesan dipindahkan"}, {"pesan_diterima", "Menerima pesan pindahan"},
        {"pesan_dipisah", "Pesan dijadikan aduan sendiri"},
        {"dibagi", "Dibagi, hal kedua menjadi aduan sendiri"}, {"menerima_gabungan", "Menerima gabungan"},
        {"kabar_sementara", "Kabar sementara dikirim"}, {"kirim_ulang", "Surat dikirim ulang"},
        {"kiriman_diurus", "Surat yang tidak sampai diurus dengan cara lain"},
        {"balasan_otomatis", "Balasan otomatis diterima"}, {"puas", "Pengadu menyatakan puas"},
        {"teks_surat", "Teks surat diubah"}, {"teks_halaman", "Teks halaman depan diubah"},
        {"aturan_diubah", "Aturan penggolongan diubah"}, {"ppid", "Dijadikan permohonan resmi (PPID)"},
        {"perpanjang", "Batas permohonan diperpanjang"}, {"lembar_harian", "Lembar harian disusun"},
        {"lembar_mingguan", "Lembar mingguan disusun"}, {"saran_dipelajari", "Saran seksi dipelajari"},
        {"saran_diatur", "Pemakaian saran seksi diatur"}, {"kode_diminta", "Pengadu meminta kode lacaknya"},
        {"skm_diisi", "Kuesioner SKM diisi"}, {"berkas_diambil", "Berkas diambil dari gerbang"},
        {"berkas_diminta", "Berkas diminta lagi"}, {"dibatalkan", "Dibatalkan"},
        {"berkas_disisihkan", "Berkas bervirus disisihkan"},
        {"jawaban_langsung", "Dijawab langsung dari telepon kantor"},
        {"pesan_diubah", "Pengadu mengubah pesannya"}, {"pesan_ditarik", "Pengadu menarik pesannya"},
        {"jalur_diganti", "Jawaban dialihkan ke jalur lain"},
        {"jalur_tertutup", "Jawaban tidak dapat dikirim; hubungi pengadu"},
        {"kiriman_tertutup", "Jawaban tidak dapat dikirim; hubungi pengadu"},
        {"dijawab_bersama", "Dijawab bersama aduan induk"},
        {"dikabari_bersama", "Dikabari bersama aduan induk"},
        {"sampaikan_langsung", "Tidak dapat dikirimi pesan; sampaikan langsung"},
        {"bukan_sama", "Dipastikan bukan aduan yang sama"},
        {"orang_sama", "Pengadu digabungkan dengan pengadu lain"},
        {"orang_berbeda", "Dipastikan bukan orang yang sama"},
        {"pengadu_digabung", "Pengadunya digabungkan dengan pengadu lain"},
        {"publikasi", "Hasil dipublikasikan"}, {"publikasi_diubah", "Publikasi diubah"},
        {"publikasi_ditarik", "Publikasi ditarik"}, {"hak_diminta", "Permintaan hak atas data pribadi"},
        {"hak_segera", "Permintaan data pribadi hampir lewat waktunya"},
        {"hak_dipenuhi", "Permintaan data pribadi dipenuhi"},
        {"hak_ditolak", "Permintaan data pribadi ditolak"},
        {"hak_dilaporkan", "Permintaan hapus data dilaporkan kepada Camat"},
        {"hak_disetujui", "Penghapusan data disetujui Camat"},
        {"hapus_diusulkan", "Penghapusan data pribadi diusulkan"},
        {"hapus_disetujui", "Usulan penghapusan data disetujui"},
        {"hapus_ditolak", "Usulan penghapusan data ditolak"}, {"lupakan", "Data pribadi dihapus"},
        {"kompensasi", "Kompensasi dicatat"}, {"retensi_diatur", "Masa simpan diatur"},
        {"buku_dibuka", "Buku dibuka"}, {"petugas_ditambah", "Petugas ditambahkan"},
        {"petugas_diubah", "Petugas diubah"}, {"petugas_ditutup", "Akun dikunci"},
        {"petugas_dibuka", "Akun dibuka kembali"}, {"kata_sandi_diganti", "Kata sandi diganti"},
        {"dua_langkah_dipasang", "Kode dua langkah dipasang"},
        {"dua_langkah_dilepas", "Kode dua langkah dilepas"},
        {"dua_langkah_diwajibkan", "Kewajiban kode dua langkah diubah"},
        {"kode_cadangan_dipakai", "Kode cadangan dipakai untuk masuk"}, {"seksi_diatur", "Seksi diatur"},
        {"layanan_diatur", "Layanan diatur"}, {"kop_diatur", "Kop atau logo diatur"},
        {"saluran_diuji", "Saluran diuji"}, {"saluran_terganggu", "Saluran terganggu"},
        {"saluran_pulih", "Saluran pulih"}, {"token_dibuat", "Token API dibuat"},
        {"token_dicabut", "Token API dicabut"}, {"kotak_dibuka", "Kotak saran dibuka"},
        {"kotak_selesai", "Isi kotak saran selesai dicatat"},
        {"lapor_diimpor", "Laporan SP4N-LAPOR! diimpor"}, {"webhook_diatur", "Webhook diatur"},
        {"webhook_dijeda", "Webhook dijeda karena lama gagal"}};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (!strcmp(kind, labels[i].kind))
            return labels[i].label;
    return kind;
}

static const struct {
    const char *kind, *label;
} kinds[] = {{"pengaduan", "Pengaduan"}, {"pengaduan_pengawasan", "Pengaduan berkadar pengawasan"},
    {"aspirasi", "Aspirasi atau saran"}, {"informasi", "Permintaan informasi"},
    {"whistleblowing", "Pelaporan pelanggaran"}};

const char *present_kind_at(size_t index)
{
    return index < sizeof kinds / sizeof *kinds ? kinds[index].kind : NULL;
}

const char *present_kind(const char *key)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(key, kinds[i].kind))
            return kinds[i].label;
    return key;
}

const char *present_sureness(int percent)
{
    return percent >= 90   ? "hampir selalu benar"
           : percent >= 75 ? "biasanya benar"
           : percent >= 50 ? "lebih sering benar daripada keliru"
                           : "sering keliru";
}

const char *present_confidentiality(const char *key)
{
    return !strcmp(key, "rahasia") ? "Rahasia" : !strcmp(key, "anonim") ? "Anonim" : "Biasa";
}

json_t *present_excerpt(const char *text, size_t most)
{
    size_t n = strlen(text);
    if (n <= most)
        return json_string(text);
    for (n = most; n > most / 2 && !isspace((unsigned char)text[n]);)
        n--;
    while (
        n && ((unsigned char)text[n] & 0xC0) == 0x80) /* a word without end: at least not within a letter */
        n--;
    return json_sprintf("%.*s …", (int)n, text);
}

json_t *present_moment(const struct page *page, int64_t ms)
{
    char words[64];
    words_date_moment(words, sizeof words, ms, present_office(page)->utc_offset_minutes);
    return json_string(words);
}

json_t *present_date(const struct page *page, int64_t ms)
{
    char words[96];
    words_date_long(words, sizeof words, ms, present_office(page)->utc_offset_minutes);
    return json_string(words);
}

json_t *present_size(size_t bytes)
{
    char words[32];
    if (bytes < 1000 * 1000)
        snprintf(words, sizeof words, "%zu KB", bytes / 1000 + (bytes % 1000 != 0));
    else
        snprintf(words, sizeof words, "%zu,%zu MB", bytes / 1000000, bytes % 1000000 / 100000);
    return json_string(words);
}

static json_t *mask_phone(const char *digits, size_t n)
{
    char local[24], words[48];
    snprintf(local, sizeof local, "0%.*s", (int)(n > 20 ? 20 : n), digits);
    size_t length = strlen(local);
    snprintf(words, sizeof words, "%.4s-••••-%s", local, length > 8 ? local + length - 4 : "");
    return json_string(words);
}

json_t *present_masked(const char *contact)
{
    char words[160];
    const char *at = strchr(contact, '@');
    const char *digits = contact + (*contact == '+');
    size_t n = strspn(digits, "0123456789");
    if (n >= 9 && (!digits[n] || digits[n] == '@'))
        return strncmp(digits, "62", 2) ? mask_phone(digits, n) : mask_phone(digits + 2, n - 2);
    if (!at || at == contact)
        return json_string(contact);
    snprintf(words, sizeof words, "%.1s•••%.140s", contact, at);
    return json_string(words);
}

json_t *present_due(const struct page *page, const struct complaint *c)
{
    const struct office *office = present_office(page);
    const struct timetable *t;
    char words[64], date[96];
    if (!state_open(c->state) || !c->due_at || timetable_get(page->txn, &t, page->fault))
        return NULL;
    words_date_long(date, sizeof date, c->due_at, office->utc_offset_minutes);
    if (c->state == STATE_PERLU_DILENGKAPI)
        return json_pack(
            "{s:s, s:s, s:s, s:s}", "class", "pause", "icon", "jeda", "words", "Jeda", "date", date);
    int32_t today = workday_of_ms(txn_now(page->txn), office->utc_offset_minutes);
    int left = workday_between(today, workday_of_ms(c->due_at, office->utc_offset_minutes), &t->calendar);
    bool late = c->due_at < txn_now(page->txn), soon = left <= OVERVIEW_SOON_WORKDAYS;
    if (late)
        snprintf(words, sizeof words, "Terlambat %d hari", left < 0 ? -left : 1);
    else if (left <= 0)
        snprintf(words, sizeof words, "Segera, hari ini");
    else if (left == 1)
        snprintf(words, sizeof words, "Segera, besok");
    else
        snprintf(words, sizeof words, soon ? "Segera, %d hari lagi" : "Aman, %d hari lagi", left);
    return json_pack("{s:s, s:s, s:s, s:s}", "class",
        late   ? "late"
        : soon ? "soon"
               : "ok",
        "icon",
        late   ? "terlambat"
        : soon ? "segera"
               : "jam",
        "words", words, "date", date);
}

json_t *present_days(int days)
{
    return days > 0 ? json_integer(days) : NULL;
}

int64_t present_soon_until(const struct page *page)
{
    const struct office *office = present_office(page);
    const struct timetable *t;
    if (timetable_get(page->txn, &t, page->fault))
        return 0; /* what is counted with it meets the same fault */
    return overview_soon_until(txn_now(page->txn), &t->calendar, office->utc_offset_minutes);
}

static const char *shown_name(const struct page *page, const struct complaint *c)
{
    if (!strcmp(c->confidentiality, "rahasia"))
        return "Rahasia";
    if (!c->nama || !strcmp(c->confidentiality, "anonim") || !sight_identity(page->officer, c))
        return "Anonim";
    return c->nama;
}

json_t *present_complaint(const struct page *page, const struct complaint *c)
{
    char url[40], age[48];
    words_date_age(
        age, sizeof age, c->received_at, txn_now(page->txn), present_office(page)->utc_offset_minutes);
    snprintf(url, sizeof url, "/aduan/%lld", (long long)c->id);
    json_t *json = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s?}", "case_id",
        (json_int_t)c->id, "number", c->number, "url", url, "state", state_label(c->state), "channel",
        route_channel_label(c->channel), "icon", present_channel_icon(c->channel), "name",
        shown_name(page, c), "subject", c->subject, "age", age, "rahasia",
        !strcmp(c->confidentiality, "rahasia"), "section", c->section);
    json_t *due = present_due(page, c);
    if (due)
        json_object_set_new(json, "due", due);
    return json;
}

/* Millionths of a degree as map programs read them: "-7.556100, 112.682900". */
static json_t *present_place(int32_t latitude, int32_t longitude)
{
    return json_sprintf("%s%d.%06d, %s%d.%06d", latitude < 0 ? "-" : "", abs(latitude / 1000000),
        abs(latitude % 1000000), longitude < 0 ? "-" : "", abs(longitude / 1000000),
        abs(longitude % 1000000));
}

static json_t *present_files(const struct message *m)
{
    json_t *files = json_array();
    for (const struct attachment *a = m->attachments; a; a = a->next) {
        char url[40];
        bool image = !strcmp(a->media_type, "image/jpeg") || !strcmp(a->media_type, "image/png") ||
                     !strcmp(a->media_type, "image/gif") || !strcmp(a->media_type, "image/webp");
        snprintf(url, sizeof url, "/lampiran/%lld", (long long)a->id);
        json_t *file = json_pack(
            "{s:s, s:s, s:b, s:s}", "name", a->filename, "url", url, "image", image, "type", a->media_type);
        json_object_set_new(file, "size", present_size(a->size));
        if (a->found)
            json_object_set_new(
                file, "set_aside", json_pack("{s:s, s:s}", "file", a->filename, "found", a->found));
        json_object_set_new(file, "audio", json_boolean(!strncmp(a->media_type, "audio/", 6)));
        json_object_set_new(file, "pdf", json_boolean(!strcmp(a->media_type, "application/pdf")));
        if (a->has_place)
            json_object_set_new(file, "place", present_place(a->latitude, a->longitude));
        json_array_append_new(files, file);
    }
    return files;
}

/* Paragraphs at blank lines, lines within them: the view needs no markup inside text. */
static json_t *paragraphs(const char *text)
{
    json_t *all = json_array(), *lines = NULL;
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, "\n"), shown = n;
        while (shown && isspace((unsigned char)p[shown - 1]))
            shown--;
        if (!shown)
            lines = NULL;
        else {
            if (!lines) {
                lines = json_array();
                json_array_append_new(all, json_pack("{s:o}", "lines", lines));
            }
            json_array_append_new(lines, json_stringn(p, shown));
        }
        p += n + (p[n] == '\n');
    }
    return all;
}

/* For what a person must read, and for letters, whose original is a document. {raw_url, raw_open}: may be fetched as it is, else by a form whose use the history has; sections never do
 * that. */
static json_t *present_raw(const struct page *page, const struct message *m, bool show_identity)
{
    bool wanted = m->must_read || !strncmp(m->channel, "email", 5);
    if (!m->has_raw || !wanted || (!show_identity && page->officer->role == ROLE_SEKSI))
        return NULL;
    char url[40];
    snprintf(url, sizeof url, "/mentah/%lld", (long long)m->id);
    return json_pack("{s:s, s:b}", "raw_url", url, "raw_open", show_identity);
}

/* In plain words: is the sender who he says he is? By icon and word, never by colour alone. */
static json_t *present_authenticity(const char *word)
{
    bool false_one = !strcmp(word, "palsu"), genuine = !strcmp(word, "asli");
    return json_pack("{s:s, s:s, s:b}", "words",
        genuine     ? "Pengirim asli"
        : false_one ? "Pengirim palsu"
                    : "Keaslian pengirim tidak dapat dipastikan",
        "icon",
        genuine     ? "beres"
        : false_one ? "terlambat"
                    : "segera",
        "late", false_one);
}

json_t *present_message(const struct page *page, const struct message *m, bool show_identity)
{
    const char *p = m->purpose;
    bool citizen = !strcmp(p, "aduan") || !strcmp(p, "tambahan");
    bool interim = !strcmp(p, "kabar");
    bool office = interim || !strcmp(p, "jawaban") || !strcmp(p, "pertanyaan") || !strcmp(p, "obrolan");
    const char *words = m->own_words ? m->own_words : m->text;
    json_t *json = json_pack("{s:b, s:b, s:b, s:s, s:s, s:s, s:s?, s:s?}", "citizen", citizen, "office",
        office, "note", !citizen && !office, "author", citizen && !show_identity ? "Pengadu" : m->author,
        "channel", route_channel_label(m->channel), "icon", present_channel_icon(m->channel), "subject",
        m->subject, "must_read", m->must_read);
    if (m->told_to && show_identity)
        json_object_set_new(json, "told_to", json_string(m->told_to));
    json_object_set_new(json, "report", json_boolean(!strcmp(p, "laporan")));
    json_object_set_new(json, "helper_report", json_boolean(!strcmp(p, "laporan_bantuan")));
    json_object_set_new(json, "question", json_boolean(!strcmp(p, "pertanyaan")));
    json_object_set_new(json, "answer", json_boolean(!strcmp(p, "jawaban")));
    json_object_set_new(json, "interim", json_boolean(interim));
    json_object_set_new(json, "withdrawn", json_boolean(m->withdrawn_at));
    if (letter_paper_for(m))
        json_object_set_new(json, "paper_url", json_sprintf("/cetak/surat/%lld", (long long)m->id));
    if (m->authenticity)
        json_object_set_new(json, "sender", present_authenticity(m->authenticity));
    if (!strcmp(p, "tambahan") && correspond_may(page->officer))
        json_object_set_new(json, "moving", json_pack("{s:I}", "message", (json_int_t)m->id));
    json_object_set_new(json, "at", present_moment(page, m->at));
    json_object_set_new(json, "paragraphs", paragraphs(words));
    if (m->own_words && strcmp(m->own_words, m->text))
        json_object_set_new(json, "whole", json_pack("{s:o}", "whole_paragraphs", paragraphs(m->text)));
    json_t *raw = present_raw(page, m, show_identity);
    if (raw)
        json_object_set_new(json, "raw", raw);
    if (m->attachments)
        json_object_set_new(json, "attached", json_pack("{s:o}", "files", present_files(m)));
    return json;
}
