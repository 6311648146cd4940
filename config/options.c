/* The table itself and the questions asked of it. What is printed from it is in options_print.c. */
#include "options.h"

#include <string.h>
#include <strings.h>

enum { NAME_MAX_LENGTH = 49 }; /* inih's own limit for names */

static const struct option_section sections[] = {
    {"office", NULL, false, "Identitas kantor. Muncul di halaman, tanda terima, dan surat jawaban."},
    {"server", NULL, false, "Server web bawaan dan tempat penyimpanan buku."},
    {"log", NULL, false, "Catatan kejadian ke stderr (journald bila dijalankan systemd)."},
    {"chat", NULL, false,
        "Percakapan lewat WhatsApp dan sejenisnya: pengaduand menanyakan nama, pekerjaan, dan alamat yang "
        "belum disebut."},
    {"mailbox", "kantor", true,
        "Kotak surat yang dibaca lewat IMAP. Boleh lebih dari satu, masing-masing dengan nama sendiri."},
    {"smtp", NULL, true, "Server untuk mengirim e-mail jawaban."},
    {"oauth", "google", true,
        "Token untuk kotak surat yang tidak menerima kata sandi (Gmail, Exchange Online). Satu bagian cukup "
        "untuk\n"
        "IMAP dan SMTP."},
    {"gateway", "wa", true,
        "Gerbang WhatsApp atau media sosial. Alamat callback-nya: PUBLIC_URL/hook/gateway/NAMA.\n"
        "Boleh lebih dari satu, masing-masing dengan nama sendiri."},
    {"website", "lama", true,
        "Formulir di situs lain milik kantor yang mengirim ke PUBLIC_URL/hook/web/NAMA.\n"
        "Boleh lebih dari satu, masing-masing dengan nama sendiri."},
    {"open311", "aplikasi", true,
        "Aplikasi yang boleh menyampaikan aduan lewat PUBLIC_URL/open311/v2 (Open311 GeoReport v2).\n"
        "Boleh lebih dari satu, masing-masing dengan nama dan kunci sendiri."},
    {"mqtt", NULL, true, "Broker MQTT yang menerima kabar peristiwa (tanpa data pribadi)."},
    {"webhook", NULL, true,
        "Kabar peristiwa ke sistem lain lewat permintaan HTTPS bertanda tangan (tanpa data pribadi).\n"
        "Tujuannya diatur di /pengaturan/webhook."},
    {"backup", NULL, true,
        "Cadangan berkala. Simpan di cakram atau mesin lain: cadangan di cakram yang sama ikut hilang "
        "bersamanya."},
};

#define EXAMPLE_PIN "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define NUMBER(min, max, in) .type = OPTION_NUMBER, .least = (min), .most = (max), .unit = (in)

/* Rows of one section stand together, in the order of the sample. */
static const struct option rows[] = {
    {"office", "name", .type = OPTION_TEXT, .required = true, .preset = "Kecamatan",
        .example = "Kecamatan Contoh", .comment = "Nama kantor seperti pada kop surat."},
    {"office", "region", .type = OPTION_TEXT, .example = "Kabupaten Contoh",
        .comment = "Kabupaten atau kota, baris pertama kop surat."},
    {"office", "address", .type = OPTION_TEXT, .example = "Jalan Merdeka 1, Contoh 61234",
        .comment = "Alamat kantor."},
    {"office", "phone", .type = OPTION_TEXT, .example = "(0343) 000000", .comment = "Telepon kantor."},
    {"office", "email", .type = OPTION_EMAIL, .example = "kecamatan@contoh.go.id",
        .comment = "E-mail kantor untuk umum."},
    {"office", "timezone", .type = OPTION_CHOICE, .preset = "WIB", .choices = "WIB WITA WIT",
        .comment = "Zona waktu kantor: WIB, WITA, atau WIT."},
    {"office", "number_format", .type = OPTION_NUMBER_FORMAT, .preset = "%03n/PGD/%R/%Y",
        .comment = "Bentuk nomor register: %n urutan dalam tahun (%03n = tiga angka), %m bulan dua angka,\n"
                   "%R bulan angka Romawi, %Y tahun."},
    {"office", "rules", .type = OPTION_PATH, .example = "rules.conf",
        .comment =
            "Aturan sendiri untuk mengusulkan jenis, layanan, dan seksi aduan. Tanpa ini: aturan bawaan,\n"
            "/usr/share/doc/pengaduand/rules.conf. Yang disimpan di /pengaturan/aturan didahulukan."},
    {"office", "emergency", .type = OPTION_TEXT,
        .preset = "Darurat 112, polisi 110, pemadam kebakaran 113, ambulans 119, pencegahan bunuh diri 119 "
                  "ekstensi 8",
        .comment =
            "Nomor yang ditampilkan kepada petugas bila aduan menyebut bahaya. Sumber: layanan nasional 112\n"
            "(Kominfo), 110 (Polri), 113 (pemadam), 119 dan 119 ekstensi 8 (Kemenkes); ganti dengan nomor\n"
            "setempat bila 112 belum ada di daerah ini."},
    {"office", "inspektorat", .type = OPTION_EMAIL, .example = "inspektorat@contoh.go.id",
        .comment =
            "Diberi tahu lewat e-mail, tanpa isi dan data pribadi, bila masuk aduan berkadar pengawasan."},
    {"office", "letter_seconds", NUMBER(0, 600, "detik"), .preset = "60",
        .comment = "Surat yang ditulis petugas menunggu selama ini sebelum berangkat, sehingga masih dapat "
                   "dibatalkan.\n"
                   "0: langsung. Tanda terima otomatis tidak menunggu."},

    {"server", "listen", .type = OPTION_LISTEN, .preset = "127.0.0.1:8080",
        .comment = "Alamat tempat server mendengarkan, atau unix:/jalur/soket. TLS urusan nginx atau Caddy "
                   "di depannya."},
    {"server", "public_url", .type = OPTION_URL, .example = "https://pengaduan.contoh.go.id",
        .comment = "Alamat yang dibuka warga; dipakai di tautan pelacakan dalam tanda terima. Tanpa ini: "
                   "alamat listen."},
    {"server", "frame_origins", .type = OPTION_ORIGINS, .example = "https://kecamatan.contoh.go.id",
        .comment =
            "Situs yang boleh memuat formulir dan halaman lacak di dalam halamannya (sematkan.js) dan "
            "membaca\n"
            "hasil (/hasil.json, .atom, /hasil/angka.csv) dengan skripnya; dipisahkan spasi. Tanpa ini "
            "tidak ada."},
    {"server", "data", .type = OPTION_PATH, .preset = "data",
        .comment = "Folder buku pengaduan dan lampirannya. Jalur tanpa garis miring di depan dihitung dari "
                   "folder berkas ini\n"
                   "(tanpa berkas konfigurasi: dari ./var)."},
    {"server", "connections", NUMBER(8, 65000, "sambungan"), .preset = "512",
        .comment =
            "Sambungan yang dilayani bersamaan. Bila penuh, yang paling lama diam diputus; dari satu alamat\n"
            "paling banyak seperempatnya, kecuali dari proxy di mesin ini."},
    {"server", "readers", NUMBER(1, 8, "utas"), .preset = "2",
        .comment = "Utas pembaca buku; sebanyak inti prosesor."},
    {"server", "idle_seconds", NUMBER(1, 3600, "detik"), .preset = "60",
        .comment = "Sambungan yang diam selama ini ditutup."},
    {"server", "request_seconds", NUMBER(1, 3600, "detik"), .preset = "60",
        .comment = "Satu permintaan harus selesai diterima dalam waktu ini."},
    {"server", "clamd", .type = OPTION_LISTEN, .example = "unix:/run/clamav/clamd.ctl",
        .comment =
            "Berkas diperiksa clamd (ClamAV) di mesin ini: unggahan yang bervirus ditolak, yang datang lewat "
            "surat dan\n"
            "obrolan disisihkan. Bila clamd mati, berkas tetap diterima, lalu diperiksa begitu clamd hidup."},
    {"server", "alarm_seconds", NUMBER(1, 86400, "detik"), .preset = "900",
        .comment = "Saluran yang terganggu selama ini diberitahukan kepada admin."},

    {"server", "verify", .type = OPTION_FLAG, .preset = "yes",
        .comment = "Memeriksa keutuhan seluruh buku setiap malam; yang salah tampak di meja dan status, dan "
                   "dikirim\n"
                   "ke e-mail admin."},
    {"server", "verify_hour", NUMBER(0, 23, "jam"), .preset = "2",
        .comment =
            "Jam mulai pemeriksaan, waktu kantor. Bila mesin mati pada jam itu, segera setelah hidup."},

    {"log", "level", .type = OPTION_CHOICE, .preset = "info", .choices = "error warn info debug",
        .comment = "Serinci apa catatan kejadian: error, warn, info, atau debug."},

    {"chat", "ask", .type = OPTION_FLAG, .preset = "yes",
        .comment =
            "Menanyakan data yang belum disebut, satu per satu. Bila no, hanya tanda terima yang dikirim."},
    {"chat", "quiet_seconds", NUMBER(1, 600, "detik"), .preset = "25",
        .comment = "Warga dibiarkan selesai menulis: pertanyaan baru dikirim sesudah diam selama ini."},
    {"chat", "give_up_hours", NUMBER(1, 720, "jam"), .preset = "24",
        .comment = "Pertanyaan yang tidak dijawab selama ini tidak ditunggu lagi."},

    {"mailbox", "host", .type = OPTION_HOST, .required = true, .example = "imap.gmail.com",
        .comment = "Server IMAP."},
    {"mailbox", "port", NUMBER(1, 65535, NULL), .preset = "993", .comment = "Port IMAP dengan TLS."},
    {"mailbox", "tls", .type = OPTION_FLAG, .preset = "yes",
        .comment = "Sambungan terenkripsi. Hanya boleh no bila servernya di mesin ini juga."},
    {"mailbox", "ca_file", .type = OPTION_PATH, .example = "/etc/ssl/certs/kantor.pem",
        .comment = "Sertifikat induk sendiri. Bila kosong, daftar milik sistem dipakai."},
    {"mailbox", "pin", .type = OPTION_PIN, .example = EXAMPLE_PIN,
        .comment =
            "Sidik jari SHA-256 kunci publik server. Bila diisi, hanya server berkunci itu yang dipercaya,\n"
            "apa pun CA-nya. Sidik jari server yang ditolak disebut di status."},
    {"mailbox", "user", .type = OPTION_TEXT, .required = true, .example = "kecamatan@contoh.go.id",
        .comment = "Nama pengguna kotak surat."},
    {"mailbox", "password", .type = OPTION_SECRET, .example = "$MAILBOX_PASSWORD",
        .comment = "Kata sandi (Gmail: sandi aplikasi)."},
    {"mailbox", "oauth", .type = OPTION_WORD, .example = "google",
        .comment = "Masuk dengan token (XOAUTH2) dari bagian [oauth NAMA]; password lalu tidak dipakai."},
    {"mailbox", "folder", .type = OPTION_TEXT, .preset = "INBOX",
        .comment = "Folder yang dibaca; boleh beberapa, dipisahkan koma: INBOX, Spam."},
    {"mailbox", "poll_seconds", NUMBER(10, 86400, "detik"), .preset = "300",
        .comment = "Jarak antarpemeriksaan, juga bila server memberi kabar sendiri."},
    {"mailbox", "idle", .type = OPTION_FLAG, .preset = "yes",
        .comment = "Minta server memberi kabar begitu surat datang (IMAP IDLE)."},
    {"mailbox", "seen", .type = OPTION_FLAG, .preset = "yes",
        .comment = "Tandai surat sebagai sudah dibaca setelah tercatat di buku."},
    {"mailbox", "keyword", .type = OPTION_WORD, .example = "Tercatat",
        .comment = "Tanda tambahan yang dipasang pada surat yang sudah tercatat."},
    {"mailbox", "move_to", .type = OPTION_TEXT, .example = "Tercatat",
        .comment =
            "Folder tujuan surat yang sudah tercatat; dibuat bila belum ada. Bila kosong, surat tetap di\n"
            "tempatnya."},
    {"mailbox", "timeout_seconds", NUMBER(3, 600, "detik"), .preset = "30",
        .comment = "Server yang selama ini tidak mengirim apa pun, atau terus kurang dari 1 KB sedetik, "
                   "ditinggalkan\n"
                   "lalu disambung lagi. Surat besar lewat jalur lambat tetap boleh lama."},
    {"mailbox", "authserv_id", .type = OPTION_HOST, .example = "mx.google.com",
        .comment =
            "Nama server penerima di kepala Authentication-Results. Bila diisi, keaslian pengirim menurut\n"
            "server itu ditampilkan; kepala dari nama lain tidak dipercaya."},
    {"mailbox", "max_bytes", NUMBER(65536, 50331648, "bita"), .preset = "37748736",
        .comment = "Surat yang lebih besar dicatat kepala dan awalnya saja; pengirim diberi tahu, suratnya "
                   "tetap di\n"
                   "kotak surat. Lampiran menjadi sepertiga lebih besar di perjalanan: 25 MB dari Gmail "
                   "menjadi 35 MB."},
    {"mailbox", "batch", NUMBER(1, 500, "surat"), .preset = "50",
        .comment = "Surat yang diambil sekali jalan."},

    {"smtp", "host", .type = OPTION_HOST, .required = true, .example = "smtp.gmail.com",
        .comment = "Server SMTP."},
    {"smtp", "port", NUMBER(1, 65535, NULL), .preset = "465",
        .comment = "Port SMTP dengan TLS; 587 bila memakai starttls, 25 untuk server di mesin ini."},
    {"smtp", "tls", .type = OPTION_FLAG, .preset = "yes",
        .comment = "Sambungan terenkripsi. Hanya boleh no bila servernya di mesin ini juga."},
    {"smtp", "starttls", .type = OPTION_FLAG, .preset = "no",
        .comment =
            "Sambungan dimulai tanpa TLS lalu wajib beralih ke TLS (STARTTLS) sebelum apa pun dikirim."},
    {"smtp", "ca_file", .type = OPTION_PATH, .example = "/etc/ssl/certs/kantor.pem",
        .comment = "Sertifikat induk sendiri. Bila kosong, daftar milik sistem dipakai."},
    {"smtp", "pin", .type = OPTION_PIN, .example = EXAMPLE_PIN,
        .comment = "Sidik jari SHA-256 kunci publik server, seperti pada [mailbox]."},
    {"smtp", "user", .type = OPTION_TEXT, .example = "kecamatan@contoh.go.id",
        .comment = "Nama pengguna; boleh dikosongkan bila server tidak memintanya."},
    {"smtp", "password", .type = OPTION_SECRET, .example = "$SMTP_PASSWORD", .comment = "Kata sandi."},
    {"smtp", "oauth", .type = OPTION_WORD, .example = "google",
        .comment = "Masuk dengan token (XOAUTH2) dari bagian [oauth NAMA]; password lalu tidak dipakai."},
    {"smtp", "from", .type = OPTION_EMAIL, .required = true, .example = "kecamatan@contoh.go.id",
        .comment = "Alamat pengirim surat jawaban."},
    {"smtp", "per_minute", NUMBER(1, 6000, "surat"), .preset = "30",
        .comment =
            "Surat yang dikirim dalam satu menit; selebihnya menunggu. 30 adalah batas Exchange Online."},
    {"smtp", "auto_per_address", NUMBER(1, 10000, "surat"), .preset = "10",
        .comment = "Surat otomatis (tanda terima) ke satu alamat dalam 24 jam, supaya dua mesin yang saling "
                   "menjawab\n"
                   "berhenti (RFC 3834 bagian 2)."},
    {"smtp", "auto_per_complaint", NUMBER(1, 10000, "surat"), .preset = "3",
        .comment = "Surat otomatis tentang satu aduan dalam 24 jam."},
    {"smtp", "auto_in_all", NUMBER(1, 100000, "surat"), .preset = "400",
        .comment = "Surat otomatis seluruhnya dalam 24 jam. Gmail mengizinkan 500 surat sehari; sisanya "
                   "untuk jawaban."},

    {"oauth", "token_url", .type = OPTION_ENDPOINT, .required = true,
        .example = "https://oauth2.googleapis.com/token",
        .comment =
            "Alamat penukaran token. Microsoft: https://login.microsoftonline.com/TENANT/oauth2/v2.0/token."},
    {"oauth", "client_id", .type = OPTION_TEXT, .required = true,
        .example = "1234.apps.googleusercontent.com",
        .comment = "Nama aplikasi yang didaftarkan pada penyedia."},
    {"oauth", "client_secret", .type = OPTION_SECRET, .example = "$OAUTH_CLIENT_SECRET",
        .comment = "Rahasia aplikasi; boleh dikosongkan bila penyedia tidak memberi."},
    {"oauth", "refresh_token", .type = OPTION_SECRET, .required = true, .example = "$OAUTH_REFRESH_TOKEN",
        .comment = "Token pertama dari persetujuan pemilik kotak surat. Token pengganti dari penyedia "
                   "disimpan sendiri\n"
                   "di folder data; ganti nilai ini bila persetujuan diulang."},
    {"oauth", "scope", .type = OPTION_TEXT, .example = "https://mail.google.com/",
        .comment = "Izin yang diminta; boleh dikosongkan bila penyedia tidak memintanya."},

    {"gateway", "mapping", .type = OPTION_MAPPING, .required = true, .example = "fonnte",
        .comment = "Nama pemetaan bawaan, atau jalur berkas pemetaan sendiri (mengandung garis miring)."},
    {"gateway", "private", .type = OPTION_FLAG, .preset = "no",
        .comment = "Gerbang berada di jaringan kantor sendiri: http:// dan alamat privat diperbolehkan."},
    {"gateway", "path_token", .type = OPTION_SECRET, .least = 22, .example = "$GATEWAY_TOKEN",
        .comment = "Penutup alamat callback, /hook/gateway/NAMA/TOKEN, untuk pemetaan yang "
                   "memintanya dengan\n"
                   "$PATH_TOKEN."},
    {"gateway", "stale_minutes", NUMBER(0, 10080, "menit"), .preset = "60",
        .comment = "Pesan yang lebih tua dicatat, tetapi tidak dijawab otomatis (0 = selalu dijawab). "
                   "Setelah gerbang\n"
                   "lama terputus, pesan lama datang sekaligus."},
    {"gateway", "auto_per_chat", NUMBER(0, 1000, "pesan"), .preset = "20",
        .comment = "Jawaban otomatis ke satu percakapan dalam satu jam, supaya dua mesin yang saling "
                   "menjawab berhenti\n"
                   "(0 = tanpa batas)."},
    {"gateway", "auto_in_all", NUMBER(0, 100000, "pesan"), .preset = "300",
        .comment = "Jawaban otomatis seluruhnya lewat gerbang ini dalam satu jam (0 = tanpa batas)."},
    {"gateway", "catch_up", .type = OPTION_FLAG, .preset = "yes",
        .comment = "Setelah dinyalakan, ambil pesan yang terlewat dari riwayat gerbang, bila pemetaannya "
                   "memuat caranya."},
    {"gateway", "media_seconds", NUMBER(1, 3600, "detik"), .preset = "120",
        .comment =
            "Paling lama untuk mengambil satu lampiran, semua pengalihan termasuk; lalu dicoba lagi. WAHA "
            "menghapusnya\n"
            "setelah 180 detik."},
    {"gateway", "set.", .free = "base", .type = OPTION_TEXT, .example = "http://127.0.0.1:3000",
        .comment = "Nilai yang diminta pemetaan; check menyebut yang belum diisi."},
    {"gateway", "secret.", .free = "FONNTE_TOKEN", .type = OPTION_SECRET,
        .comment = "Rahasia yang diminta pemetaan; check menyebut yang belum diisi."},

    {"website", "secret", .type = OPTION_SECRET, .required = true, .least = 16, .example = "$WEBSITE_SECRET",
        .comment = "Kunci tanda tangan (HMAC) yang juga dipasang di situs pengirim."},
    {"website", "max_age_seconds", NUMBER(10, 86400, "detik"), .preset = "300",
        .comment = "Kiriman yang lebih tua ditolak, supaya rekaman tidak dapat dikirim ulang."},
    {"website", "field.", .free = "nama", .type = OPTION_TEXT, .example = "your-name",
        .comment = "Nama isian pada formulir mereka untuk isian kita, misalnya field.nama = your-name."},

    {"open311", "api_key", .type = OPTION_SECRET, .required = true, .least = 16, .example = "$OPEN311_KEY",
        .comment = "Kunci yang dikirim aplikasi itu sebagai api_key."},

    {"mqtt", "host", .type = OPTION_HOST, .required = true, .example = "mqtt.contoh.go.id",
        .comment = "Broker MQTT."},
    {"mqtt", "port", NUMBER(1, 65535, NULL), .preset = "8883", .comment = "Port MQTT dengan TLS."},
    {"mqtt", "user", .type = OPTION_TEXT, .example = "kecamatan-contoh", .comment = "Nama pengguna."},
    {"mqtt", "password", .type = OPTION_SECRET, .example = "$MQTT_PASSWORD", .comment = "Kata sandi."},
    {"mqtt", "tls", .type = OPTION_FLAG, .preset = "yes",
        .comment = "Sambungan terenkripsi. Hanya boleh no bila brokernya di mesin ini juga."},
    {"mqtt", "ca_file", .type = OPTION_PATH, .example = "/etc/ssl/certs/kantor.pem",
        .comment = "Sertifikat induk sendiri. Bila kosong, daftar milik sistem dipakai."},
    {"mqtt", "office", .type = OPTION_WORD, .example = "kecamatan-contoh",
        .comment = "Nama kantor di dalam topik, pengaduan/NAMA/event/...; bila kosong, dibuat dari name di "
                   "[office]."},

    {"webhook", "private", .type = OPTION_FLAG, .preset = "no",
        .comment =
            "yes: tujuan boleh berada di jaringan kantor sendiri, juga tanpa TLS. Bila no, hanya https\n"
            "ke alamat umum."},
    {"webhook", "ca_file", .type = OPTION_PATH, .example = "/etc/ssl/certs/kantor.pem",
        .comment = "Sertifikat induk sendiri. Bila kosong, daftar milik sistem dipakai."},

    {"backup", "folder", .type = OPTION_PATH, .required = true, .example = "/srv/cadangan",
        .comment = "Folder tempat cadangan disimpan; harus sudah ada dan dapat ditulis oleh pengaduand."},
    {"backup", "every", NUMBER(1, 8760, "jam"), .preset = "24", .comment = "Jarak antarcadangan."},
    {"backup", "keep", NUMBER(1, 1000, "cadangan"), .preset = "14",
        .comment = "Sebanyak ini disimpan; yang paling lama dihapus."},
    {"backup", "key", .type = OPTION_SECRET, .least = 16, .example = "$BACKUP_KEY",
        .comment = "Bila diisi, cadangan menjadi satu berkas terkunci. Simpan kuncinya juga di tempat lain:\n"
                   "tanpa kunci, cadangan tidak dapat dipulihkan."},
};

const struct option_section *options_sections(size_t *ret_count)
{
    *ret_count = sizeof(sections) / sizeof(sections[0]);
    return sections;
}

const struct option *options_rows(size_t *ret_count)
{
    *ret_count = sizeof(rows) / sizeof(rows[0]);
    return rows;
}

const struct option_section *options_find_section(const char *name)
{
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
        if (strcmp(sections[i].name, name) == 0)
            return &sections[i];
    return NULL;
}

static bool row_covers(const struct option *row, const char *key)
{
    if (row->free != NULL) {
        size_t prefix = strlen(row->key);
        return strncmp(row->key, key, prefix) == 0 && key[prefix] != '\0';
    }
    return strcmp(row->key, key) == 0;
}

const struct option *options_find(const char *section, const char *key)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].section, section) == 0 && row_covers(&rows[i], key))
            return &rows[i];
    return NULL;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Letters to add, drop or change to get from a to b, whatever their case (Levenshtein, one row at a time).
 * NAME_MAX_LENGTH + 1 for names that are too long to be ours. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_MAX_LENGTH + 1];
    size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > NAME_MAX_LENGTH || b_length > NAME_MAX_LENGTH)
        return NAME_MAX_LENGTH + 1;
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            size_t change = diagonal + (strncasecmp(&a[i - 1], &b[j - 1], 1) == 0 ? 0 : 1);
            row[j] = smallest(above + 1, row[j - 1] + 1, change);
            diagonal = above;
        }
    }
    return row[b_length];
}

/* Two slips of the finger, and never more than half of what was written. */
static bool is_near(size_t d, const char *name)
{
    return d <= 2 && d * 2 <= strlen(name);
}

const char *options_nearest_section(const char *name)
{
    const char *best = NULL;
    size_t best_distance = NAME_MAX_LENGTH + 2;
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        size_t d = distance(name, sections[i].name);
        if (d < best_distance) {
            best_distance = d;
            best = sections[i].name;
        }
    }
    return is_near(best_distance, name) ? best : NULL;
}

const char *options_nearest_key(const char *section, const char *key)
{
    const char *best = NULL;
    size_t best_distance = NAME_MAX_LENGTH + 2;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t d = distance(key, rows[i].key);
        if (strcmp(rows[i].section, section) == 0 && rows[i].free == NULL && d < best_distance) {
            best_distance = d;
            best = rows[i].key;
        }
    }
    return is_near(best_distance, key) ? best : NULL;
}

static void expected_number(const struct option *option, struct str *out)
{
    str_addf(out, "angka %ld sampai %ld", option->least, option->most);
    if (option->unit != NULL)
        str_addf(out, " (%s)", option->unit);
}

static void expected_choice(const struct option *option, struct str *out)
{
    str_adds(out, "salah satu dari: ");
    for (const char *c = option->choices; *c != '\0'; c++)
        str_adds(out, *c == ' ' ? ", " : (char[2]){*c, '\0'});
}

static void expected_secret(const struct option *option, struct str *out)
{
    str_adds(out, "$NAMA, file:/jalur, atau nilainya langsung");
    if (option->least > 0)
        str_addf(out, ", paling sedikit %ld karakter", option->least);
}

void options_expected(const struct option *option, struct str *out)
{
    static const char *const texts[] = {
        [OPTION_TEXT] = "satu baris teks",
        [OPTION_WORD] =
            "satu kata dari huruf, angka, titik, garis bawah, dan tanda hubung, paling panjang 64",
        [OPTION_FLAG] = "yes atau no (ya atau tidak)",
        [OPTION_LISTEN] = "alamat IP dan port, contoh 127.0.0.1:8080, atau unix:/jalur/soket",
        [OPTION_HOST] = "nama atau alamat server saja, tanpa https:// dan tanpa port",
        [OPTION_EMAIL] = "satu alamat e-mail, contoh nama@contoh.id",
        [OPTION_PIN] = "64 angka heksadesimal, boleh dipisahkan titik dua",
        [OPTION_ENDPOINT] = "https:// dan alamat lengkapnya (http:// hanya untuk mesin ini)",
        [OPTION_URL] = "https://nama.situs tanpa apa pun di belakangnya",
        [OPTION_ORIGINS] = "satu atau beberapa https://nama.situs, dipisahkan spasi",
        [OPTION_PATH] = "jalur berkas atau folder",
        [OPTION_MAPPING] = "nama pemetaan (huruf kecil, angka, tanda hubung), atau jalur dengan garis miring",
        [OPTION_NUMBER_FORMAT] = "pola dengan %n dan %Y, boleh juga %m dan %R",
    };
    switch (option->type) {
    case OPTION_NUMBER:
        expected_number(option, out);
        break;
    case OPTION_CHOICE:
        expected_choice(option, out);
        break;
    case OPTION_SECRET:
        expected_secret(option, out);
        break;
    default:
        str_adds(out, texts[option->type]);
    }
}
