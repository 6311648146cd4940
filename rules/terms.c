#include "terms.h"
#include <string.h>

static const char working[] = "hari kerja", calendar[] = "hari kalender", hour[] = "jam";

/* REGULATIONS: numbers marked as certain there stand without a warning here. */
static const struct term_setting settings[TERM_COUNT] = {
    [TERM_VERIFIKASI] = {"verifikasi", "Verifikasi", working, 3, 0, 60,
        "Permenpan RB 62/2018: verifikasi dan penerusan 3 hari kerja."},
    [TERM_VERIFIKASI_KALENDER] = {"verifikasi_kalender", "Verifikasi, batas undang-undang", calendar, 14, 0,
        365,
        "UU 25/2009 pasal 44: paling lambat 14 hari pengadu diberi tahu apakah aduannya lengkap. Nomor pasal "
        "perlu diperiksa Bagian Organisasi."},
    [TERM_TANGGAPAN] = {"tanggapan", "Tanggapan pertama (janji kantor)", working, 0, 0, 60,
        "Standar kantor sendiri; Kecamatan Porong menjanjikan 1 hari kerja. 0 = tidak dijanjikan."},
    [TERM_INFORMASI] = {"informasi", "Permintaan informasi", working, 5, 1, 366,
        "Permenpan RB 62/2018: 5 hari kerja. Permohonan resmi (PPID) punya batas sendiri."},
    [TERM_INFORMASI_KALENDER] = {"informasi_kalender", "Permintaan informasi, batas undang-undang", calendar,
        0, 0, 366, "Tidak ada angka tersendiri. 0 = tidak dihitung."},
    [TERM_PENGADUAN] = {"pengaduan", "Pengaduan biasa", working, 14, 1, 366,
        "Permenpan RB 62/2018: pengaduan tidak berkadar pengawasan 14 hari kerja."},
    [TERM_PENGADUAN_KALENDER] = {"pengaduan_kalender", "Pengaduan biasa, batas undang-undang", calendar, 60,
        0, 366, "UU 25/2009 dan Perpres 76/2013: 60 hari sejak berkas lengkap."},
    [TERM_PENGAWASAN] = {"pengawasan", "Pengaduan berkadar pengawasan", working, 60, 1, 366,
        "Permenpan RB 62/2018: 60 hari kerja."},
    [TERM_PENGAWASAN_KALENDER] = {"pengawasan_kalender", "Berkadar pengawasan, batas undang-undang", calendar,
        60, 0, 366, "UU 25/2009 dan Perpres 76/2013: 60 hari sejak berkas lengkap."},
    [TERM_ASPIRASI] = {"aspirasi", "Aspirasi atau saran", working, 14, 1, 366,
        "Tidak ada angka dalam peraturan; disamakan dengan pengaduan biasa."},
    [TERM_ASPIRASI_KALENDER] = {"aspirasi_kalender", "Aspirasi atau saran, batas undang-undang", calendar, 0,
        0, 366, "Tidak ada angka dalam peraturan. 0 = tidak dihitung."},
    [TERM_DILENGKAPI] = {"dilengkapi", "Pengadu melengkapi, lalu diarsipkan", working, 10, 0, 366,
        "Kebiasaan SP4N-LAPOR!: 10 hari kerja. Perlu diperiksa Bagian Organisasi."},
    [TERM_DILENGKAPI_KALENDER] = {"dilengkapi_kalender", "Pengadu melengkapi, batas undang-undang", calendar,
        30, 0, 366,
        "UU 25/2009 pasal 44: 30 hari, sesudah itu dianggap dicabut. Jeda tidak dihitung lebih lama dari "
        "ini."},
    [TERM_PENUTUPAN] = {"penutupan", "Ditutup sesudah jawaban tanpa tanggapan", working, 10, 0, 366,
        "SP4N-LAPOR!: 10 hari kerja tanpa tanggapan. 0 = tidak ditutup sendiri."},
    [TERM_SEKCAM] = {"sekcam", "Terlambat: Sekcam diberi tahu sesudah", working, 3, 1, 60,
        "Anjuran; sesuaikan dengan keputusan Camat."},
    [TERM_PPID] = {"ppid", "Permohonan informasi resmi (PPID)", working, 10, 1, 366,
        "UU 14/2008 pasal 22: 10 hari kerja sejak permohonan diterima."},
    [TERM_PPID_TAMBAHAN] = {"ppid_tambahan", "Permohonan resmi, perpanjangan", working, 7, 0, 366,
        "UU 14/2008 pasal 22: paling lama 7 hari kerja, dengan alasan tertulis kepada pemohon. 0 = tidak "
        "dapat diperpanjang."},
    [TERM_LEMBAR_HARIAN] = {"lembar_harian", "Lembar harian untuk Kasi, pukul", hour, 8, 0, 23,
        "Pengawasan harian oleh Kasi Pelayanan: standar pelayanan Kedopok. Digeser ke dalam jam kerja hari "
        "itu."},
    [TERM_LEMBAR_MINGGUAN] = {"lembar_mingguan", "Lembar mingguan untuk Sekcam, pukul", hour, 8, 0, 23,
        "Pengawasan mingguan oleh Sekcam: standar pelayanan Kedopok. Pada hari kerja pertama pekan itu."},
    [TERM_CAMAT] = {"camat", "Terlambat: Camat diberi tahu sesudah", working, 7, 1, 60,
        "Anjuran; sesuaikan dengan keputusan Camat."},
};

const struct term_setting *term_setting(enum term term)
{
    return &settings[term];
}

bool term_from_key(const char *key, enum term *ret_term)
{
    for (int i = 0; key && i < TERM_COUNT; i++)
        if (!strcmp(settings[i].key, key)) {
            *ret_term = (enum term)i;
            return true;
        }
    return false;
}

struct deadline_terms terms_of_kind(const int values[TERM_COUNT], const char *kind)
{
    static const struct {
        const char *kind;
        enum term working, calendar;
    } kinds[] = {{"informasi", TERM_INFORMASI, TERM_INFORMASI_KALENDER},
        {"aspirasi", TERM_ASPIRASI, TERM_ASPIRASI_KALENDER},
        {"pengaduan_pengawasan", TERM_PENGAWASAN, TERM_PENGAWASAN_KALENDER},
        {"whistleblowing", TERM_PENGAWASAN, TERM_PENGAWASAN_KALENDER}};
    enum term w = TERM_PENGADUAN, c = TERM_PENGADUAN_KALENDER;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i].kind, kind)) {
            w = kinds[i].working;
            c = kinds[i].calendar;
        }
    return (struct deadline_terms){values[w], values[c]};
}
