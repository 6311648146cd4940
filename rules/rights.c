#include "rights.h"
#include <string.h>

enum { HOURS = 3 * 24 };

#define BIT(x) (1u << (x))
#define CLERKS (BIT(ROLE_PETUGAS) | BIT(ROLE_KASI))
#define HEADS (BIT(ROLE_KASI) | BIT(ROLE_SEKCAM))

static const struct {
    const char *key, *label, *means;
    unsigned fulfil, refuse; /* roles */
} rights[RIGHT_COUNT] = {
    [RIGHT_AKSES] = {"akses", "Minta salinan data", "Anda menerima salinan semua data Anda di buku kami.",
        CLERKS, CLERKS},
    [RIGHT_KOREKSI] = {"koreksi", "Perbaiki data",
        "Nama, pekerjaan, alamat, atau nomor telepon yang keliru diperbaiki.", CLERKS, CLERKS},
    [RIGHT_HENTI] = {"henti", "Hentikan pemakaian data",
        "Data Anda hanya dipakai untuk menyelesaikan aduan ini dan tidak dipublikasikan.", HEADS, HEADS},
    [RIGHT_HAPUS] = {"hapus", "Hapus data pribadi",
        "Sesudah aduan selesai dan Camat menyetujui, semua yang menunjukkan siapa Anda dihapus. Nomor aduan "
        "dan "
        "cara penanganannya tetap tercatat.",
        CLERKS, HEADS | BIT(ROLE_CAMAT)},
};

static const struct {
    const char *key, *label;
} states[RIGHT_STATES] = {
    [RIGHT_DIAJUKAN] = {"diajukan", "Menunggu keputusan"},
    [RIGHT_DI_CAMAT] = {"di_camat", "Dilaporkan kepada Camat"},
    [RIGHT_DISETUJUI] = {"disetujui", "Disetujui, sedang dilaksanakan"},
    [RIGHT_DIPENUHI] = {"dipenuhi", "Dipenuhi"},
    [RIGHT_DITOLAK] = {"ditolak", "Ditolak"},
};

static const struct {
    const char *key, *words;
    unsigned of; /* rights */
} reasons[REASON_COUNT] = {
    [REASON_BUKAN_PEMILIK] = {"bukan_pemilik",
        "Belum terbukti bahwa data itu milik Anda. Datanglah dengan KTP, atau minta dari nomor atau alamat "
        "yang Anda "
        "pakai ketika mengadu.",
        BIT(RIGHT_AKSES) | BIT(RIGHT_KOREKSI) | BIT(RIGHT_HENTI) | BIT(RIGHT_HAPUS)},
    [REASON_ORANG_LAIN] = {"orang_lain", "Data itu memuat data pribadi orang lain (UU 27/2022 pasal 33).",
        BIT(RIGHT_AKSES)},
    [REASON_SUDAH_BENAR] = {"sudah_benar", "Data di buku kami sudah sesuai dengan dokumen yang kami lihat.",
        BIT(RIGHT_KOREKSI)},
    [REASON_WAJIB] = {"wajib", "Undang-undang mewajibkan kami memproses data itu.",
        BIT(RIGHT_HENTI) | BIT(RIGHT_HAPUS)},
    [REASON_MASIH_TERBUKA] = {"masih_terbuka",
        "Aduannya belum selesai. Ajukan lagi sesudah aduan ditutup, atau tarik dahulu aduan Anda.",
        BIT(RIGHT_HAPUS)},
    [REASON_MASA_SIMPAN] = {"masa_simpan", "Masa simpan wajib menurut jadwal retensi arsip belum lewat.",
        BIT(RIGHT_HAPUS)},
    [REASON_SENGKETA] = {"sengketa", "Data itu diperlukan dalam pemeriksaan atau sengketa yang berjalan.",
        BIT(RIGHT_HENTI) | BIT(RIGHT_HAPUS)},
};

const char *right_key(enum right right)
{
    return rights[right].key;
}

const char *right_label(enum right right)
{
    return rights[right].label;
}

const char *right_means(enum right right)
{
    return rights[right].means;
}

bool right_from_key(const char *key, enum right *ret)
{
    for (int i = 0; i < RIGHT_COUNT; i++)
        if (!strcmp(key, rights[i].key)) {
            *ret = (enum right)i;
            return true;
        }
    return false;
}

const char *right_state_key(enum right_state state)
{
    return states[state].key;
}

const char *right_state_label(enum right_state state)
{
    return states[state].label;
}

bool right_state_from_key(const char *key, enum right_state *ret)
{
    for (int i = 0; i < RIGHT_STATES; i++)
        if (!strcmp(key, states[i].key)) {
            *ret = (enum right_state)i;
            return true;
        }
    return false;
}

bool right_state_open(enum right_state state)
{
    return state == RIGHT_DIAJUKAN || state == RIGHT_DI_CAMAT || state == RIGHT_DISETUJUI;
}

const char *right_reason_key(enum right_reason reason)
{
    return reasons[reason].key;
}

const char *right_reason_words(enum right_reason reason)
{
    return reasons[reason].words;
}

bool right_reason_from_key(const char *key, enum right_reason *ret)
{
    for (int i = 0; i < REASON_COUNT; i++)
        if (!strcmp(key, reasons[i].key)) {
            *ret = (enum right_reason)i;
            return true;
        }
    return false;
}

bool right_reason_fits(enum right_reason reason, enum right right)
{
    return reasons[reason].of & BIT(right);
}

int64_t right_due(int64_t asked_at)
{
    return asked_at + (int64_t)HOURS * 60 * 60 * 1000;
}

bool right_may(enum right right, enum right_state state, enum right_act act, enum role role)
{
    switch (act) {
    case RIGHT_RECORD:
        return (CLERKS | BIT(ROLE_SEKCAM)) & BIT(role);
    case RIGHT_FULFIL:
        return state == RIGHT_DIAJUKAN && rights[right].fulfil & BIT(role);
    case RIGHT_REFUSE:
        /* What lies before the Camat is his to refuse. */
        return state == RIGHT_DIAJUKAN ? (rights[right].refuse & BIT(role)) != 0
                                       : state == RIGHT_DI_CAMAT && role == ROLE_CAMAT;
    case RIGHT_CONFIRM:
        return right == RIGHT_HAPUS && state == RIGHT_DI_CAMAT && role == ROLE_CAMAT;
    }
    return false;
}
