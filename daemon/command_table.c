/* All commands, in the order of `pengaduand --help`. */
#include "command.h"

#define WITH_CONFIG (1u << ARG_CONFIG)
#define WITH_USER                                                                                            \
    (WITH_CONFIG | 1u << ARG_ROLE | 1u << ARG_SECTION | 1u << ARG_NAME | 1u << ARG_MAIL |                    \
        1u << ARG_PASSWORD_STDIN)

static const struct command_row rows[] = {
    {.name = "serve",
        .help = "menjalankan pengaduand di latar depan",
        .usage = "[--as-root] [-c BERKAS]",
        .details = "SIGHUP membaca ulang konfigurasi, SIGTERM menyelesaikan pekerjaan lalu berhenti.\n"
                   "Root ditolak bila folder data milik pengguna lain, kecuali dengan --as-root.",
        .options = WITH_CONFIG | 1u << ARG_AS_ROOT,
        .config = true,
        .run = serve_command},
    {.name = "init",
        .help = "menyiapkan folder data, buku, dan admin pertama",
        .usage = "[-c BERKAS]",
        .details = "Bila BERKAS belum ada, contoh konfigurasi ditulis ke sana (mode 0600). Kata sandi admin "
                   "ditampilkan\n"
                   "satu kali. Yang sudah ada tidak diubah.",
        .options = WITH_CONFIG,
        .run = command_init},
    {.name = "check",
        .help = "memeriksa konfigurasi dan pemetaan gerbang",
        .usage = "[-c BERKAS]",
        .details = "Setiap kesalahan disebut sebagai BERKAS:BARIS: keterangan; kode keluar 78 bila ada.",
        .options = WITH_CONFIG,
        .run = command_check},
    {.name = "status",
        .help = "menunjukkan keadaan saluran, antrean, dan aduan yang mendesak",
        .usage = "[-c BERKAS]",
        .details = "Kode keluar 1 bila ada yang perlu ditangani orang.",
        .options = WITH_CONFIG,
        .config = true,
        .body = command_status,
        .live = true},
    {.name = "user add",
        .help = "menambah petugas",
        .usage = "LOGIN --role PERAN [--section SEKSI] [--name NAMA] [--email ALAMAT] [--password-stdin] [-c "
                 "BERKAS]",
        .details =
            "PERAN: petugas, kasi, sekcam, seksi, camat, atau admin. SEKSI adalah kunci seksi, wajib untuk\n"
            "peran seksi. Tanpa --password-stdin, kata sandi sekali pakai dibuat dan ditampilkan satu kali.",
        .options = WITH_USER,
        .least = 1,
        .most = 1,
        .config = true,
        .body = command_user_add,
        .password = true,
        .writes = true},
    {.name = "user list",
        .help = "menampilkan semua petugas",
        .usage = "[-c BERKAS]",
        .options = WITH_CONFIG,
        .config = true,
        .body = command_user_list},
    {.name = "user passwd",
        .help = "mengganti kata sandi petugas",
        .usage = "LOGIN [--password-stdin] [-c BERKAS]",
        .details = "Tanpa --password-stdin, kata sandi sekali pakai dibuat dan ditampilkan satu kali.",
        .options = WITH_CONFIG | 1u << ARG_PASSWORD_STDIN,
        .least = 1,
        .most = 1,
        .config = true,
        .body = command_user_passwd,
        .password = true,
        .writes = true},
    {.name = "user disable",
        .help = "menutup akun petugas; ia langsung keluar",
        .usage = "LOGIN [-c BERKAS]",
        .options = WITH_CONFIG,
        .least = 1,
        .most = 1,
        .config = true,
        .body = command_user_disable,
        .writes = true},
    {.name = "user enable",
        .help = "membuka kembali akun petugas",
        .usage = "LOGIN [-c BERKAS]",
        .options = WITH_CONFIG,
        .least = 1,
        .most = 1,
        .config = true,
        .body = command_user_enable,
        .writes = true},
    {.name = "holidays import",
        .help = "memasukkan hari libur dari kalender ICS atau JSON",
        .usage = "BERKAS [-c BERKAS]",
        .details = "Hari yang sudah ada tidak diubah. Tenggat aduan yang terbuka dihitung ulang.\n"
                   "Bila ada yang tidak terbaca, tidak ada yang dimasukkan; kode keluar 65.",
        .options = WITH_CONFIG,
        .least = 1,
        .most = 1,
        .config = true,
        .body = command_holidays_import,
        .file = true,
        .writes = true},
    {.name = "verify",
        .help = "memeriksa keutuhan riwayat, lampiran, dan buku",
        .usage = "[--head SIDIK] [-c BERKAS]",
        .details = "Kode keluar 1 dengan kesalahan pertama yang ditemukan. Di akhir ditampilkan sidik buku: "
                   "simpan di\n"
                   "tempat lain, lalu periksa kelak dengan --head bahwa yang tertulis sampai saat itu tidak "
                   "diganti.",
        .options = WITH_CONFIG | 1u << ARG_HEAD,
        .config = true,
        .body = command_verify,
        .aside = true,
        .alone = command_verify_alone,
        .looks_for_damage = true},
    {.name = "reindex",
        .help = "menyusun ulang indeks pencarian dari isi pesan",
        .usage = "[-c BERKAS]",
        .details = "Dipakai bila verify menyebut indeks pencarian; isi buku tidak diubah. Layanan harus "
                   "berhenti dahulu.",
        .options = WITH_CONFIG,
        .config = true,
        .body = command_reindex,
        .writes = true,
        .stopped = true},
    {.name = "backup",
        .help = "membuat cadangan buku dan lampiran, juga selagi berjalan",
        .usage = "FOLDER [-c BERKAS]",
        .details =
            "Menjadi FOLDER/buku-TANGGAL, atau satu berkas terkunci .sandi bila key pada bagian [backup] "
            "diisi.\n"
            "FOLDER harus sudah ada dan dapat ditulis oleh pengaduand yang sedang berjalan.",
        .options = WITH_CONFIG,
        .least = 1,
        .most = 1,
        .config = true,
        .body = command_backup,
        .aside = true,
        .path = true},
    {.name = "restore",
        .help = "memulihkan cadangan ke folder data yang kosong",
        .usage = "CADANGAN [-c BERKAS]",
        .details =
            "CADANGAN adalah folder buku-TANGGAL atau berkas .sandi. Semuanya diperiksa sebelum dipasang; "
            "bila ada\n"
            "yang salah, folder data tetap kosong.",
        .options = WITH_CONFIG,
        .least = 1,
        .most = 1,
        .config = true,
        .run = command_restore},
    {.name = "export",
        .help = "mengeluarkan Buku Pengaduan sebagai CSV, JSON, XLSX, atau PDF",
        .usage = "[--format csv|json|xlsx|pdf] [--from TANGGAL] [--to TANGGAL] [-c BERKAS]",
        .details =
            "TANGGAL ditulis seperti 2026-11-30, keduanya ikut dihitung. Tanpa --format: csv. json: satu "
            "objek tiap baris.\n"
            "Identitas pengadu anonim dan rahasia tidak ikut. Paling banyak 100.000 catatan dalam XLSX, "
            "5.000 "
            "dalam PDF.",
        .options = WITH_CONFIG | 1u << ARG_FORMAT | 1u << ARG_FROM | 1u << ARG_TO,
        .config = true,
        .body = command_export,
        .parts = true,
        .prints = true},
    {.name = "report monthly",
        .help = "menghitung evaluasi satu bulan: per saluran, layanan, dan seksi",
        .usage = "BULAN [--format html|json|xlsx|pdf] [-c BERKAS]",
        .details = "BULAN ditulis seperti 2026-11. Tanpa --format: json. html adalah satu berkas utuh yang "
                   "dapat dicetak.",
        .options = WITH_CONFIG | 1u << ARG_FORMAT,
        .least = 1,
        .most = 1,
        .config = true,
        .body = command_report_monthly,
        .prints = true},
    {.name = "report yearly",
        .help = "menghitung evaluasi satu tahun",
        .usage = "TAHUN [--format html|json|xlsx|pdf] [-c BERKAS]",
        .details = "TAHUN ditulis seperti 2026.",
        .options = WITH_CONFIG | 1u << ARG_FORMAT,
        .least = 1,
        .most = 1,
        .config = true,
        .body = command_report_yearly,
        .prints = true},
    {.name = "rehearse",
        .help = "memainkan percakapan WhatsApp dari berkas pada buku sekali pakai",
        .usage = "BERKAS.json [-c BERKAS]",
        .details = "Menampilkan yang dikatakan kantor, lalu keadaan akhirnya sebagai satu baris JSON.",
        .options = WITH_CONFIG,
        .least = 1,
        .most = 1,
        .config = true,
        .run = command_rehearse},
    {.name = "parse-mail",
        .help = "mengurai satu surat mentah menjadi satu baris JSON",
        .usage = "[BERKAS_SURAT]",
        .details = "Tanpa BERKAS_SURAT, surat dibaca dari masukan standar. Tidak memerlukan buku.",
        .most = 1,
        .run = command_parse_mail},
    {.name = "parse-gateway",
        .help = "mencoba rekaman callback pada sebuah pemetaan",
        .usage = "NAMA BERKAS_ISI [BERKAS_KEPALA] [-c BERKAS]",
        .details = "NAMA adalah bagian [gateway NAMA] di konfigurasi, nama pemetaan bawaan, atau jalur "
                   "berkas pemetaan.\n"
                   "Isi formulir memakai akhiran .form. Tanpa BERKAS_KEPALA, keaslian tidak dinilai.",
        .options = WITH_CONFIG,
        .least = 2,
        .most = 3,
        .config = true,
        .run = command_parse_gateway},
    {.name = "classify",
        .help = "menilai jenis, layanan, dan seksi dari teks aduan",
        .usage = "[BERKAS] [-c BERKAS]",
        .details =
            "BERKAS berisi satu objek JSON tiap baris, {\"channel\", \"text\"}; tanpa BERKAS, masukan "
            "standar.\n"
            "Dengan aturan yang disimpan di buku, atau bila tidak ada, berkas rules pada bagian [office] "
            "atau\naturan bawaan; yang mana disebut di keluaran galat.",
        .options = WITH_CONFIG,
        .most = 1,
        .config = true,
        .run = command_classify},
    {.name = "rules",
        .help = "menampilkan aturan penggolongan yang berlaku",
        .usage = "[-c BERKAS]",
        .details = "Yang disimpan lewat /pengaturan/aturan, dengan versinya di baris pertama; atau aturan "
                   "dari konfigurasi.",
        .options = WITH_CONFIG,
        .config = true,
        .body = command_rules},
    {.name = "learn",
        .help = "mempelajari putusan disposisi untuk saran seksi",
        .usage = "[-c BERKAS]",
        .details = "Yang dipelajari disimpan di buku dan menjadi saran di halaman aduan; dikerjakan sendiri "
                   "setiap malam.\n"
                   "Menampilkan ketepatannya, diukur dengan validasi silang.",
        .options = WITH_CONFIG,
        .config = true,
        .body = command_learn,
        .aside = true,
        .after = command_learn_keep},
    {.name = "learn-measure",
        .help = "mengukur seberapa tepat seksi dapat dipelajari dari sebuah berkas",
        .usage = "[BERKAS]",
        .details = "BERKAS berisi satu objek JSON tiap baris, {\"text\", \"section\"}; tanpa BERKAS, masukan "
                   "standar.\n"
                   "Hasilnya satu objek JSON. Tidak memerlukan buku.",
        .most = 1,
        .run = command_learn_measure},
    {.name = "find-identity",
        .help = "menandai nama, nomor, dan alamat orang di dalam teks",
        .usage = "[BERKAS]",
        .details = "BERKAS berisi satu objek JSON tiap baris, {\"text\"}; tanpa BERKAS, masukan standar. "
                   "start dan end\n"
                   "dihitung dalam kode titik Unicode. Tidak memerlukan buku.",
        .most = 1,
        .run = command_find_identity},
};

const struct command_row *command_rows(size_t *ret_count)
{
    *ret_count = sizeof rows / sizeof rows[0];
    return rows;
}
