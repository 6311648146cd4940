#include "retention.h"
#include "workday.h"
#include <string.h>

/* No law and no public source that was at hand names a time for a kecamatan: REGULATIONS.md 4 asks for the JRA of the
 * regency, "not a guess". So the shipped number is none, and nothing happens until the office has set one. */
#define ASK_JRA                                                                                              \
    "UU 27/2022: mengikuti jadwal retensi arsip (JRA) daerah. Tanyakan kepada lembaga kearsipan; sampai "    \
    "diisi, tidak ada yang diusulkan."

static const struct retention_setting settings[RETENTION_KINDS] = {
    [RETENTION_PENGADUAN] = {"pengaduan", "Pengaduan", 0, 50, ASK_JRA},
    [RETENTION_PENGAWASAN] = {"pengaduan_pengawasan", "Pengaduan berkadar pengawasan", 0, 50, ASK_JRA},
    [RETENTION_ASPIRASI] = {"aspirasi", "Aspirasi atau saran", 0, 50, ASK_JRA},
    [RETENTION_INFORMASI] = {"informasi", "Permintaan informasi", 0, 50, ASK_JRA},
    [RETENTION_WHISTLEBLOWING] = {"whistleblowing", "Pelaporan pelanggaran", 0, 50, ASK_JRA},
};

const struct retention_setting *retention_setting(enum retention_kind kind)
{
    return &settings[kind];
}

static int years_of(const char *kind, const int years[RETENTION_KINDS])
{
    for (int i = 0; i < RETENTION_KINDS; i++)
        if (!strcmp(kind, settings[i].kind))
            return years[i];
    return 0;
}

static int64_t kept_until(int64_t closed_at, int years, int utc_offset_minutes)
{
    int year, month, day;
    workday_to_date(workday_of_ms(closed_at, utc_offset_minutes), &year, &month, &day);
    year += years;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month == 2 && day == 29 && !leap)
        day = 28;
    return workday_end_ms(workday_from_date(year, month, day), utc_offset_minutes);
}

enum retention_verdict retention_ready(const struct retention_facts *f)
{
    /* An answer that is out may still be answered back: the clocks close it in time. */
    if (state_open(f->state) || f->state == STATE_DIJAWAB || !f->closed_at)
        return RETENTION_OPEN;
    if (f->forgotten_at && f->forgotten_at >= f->closed_at)
        return RETENTION_NAMELESS;
    return f->main_open || f->letters_under_way || f->asked_else ? RETENTION_HELD : RETENTION_DUE;
}

enum retention_verdict retention_judge(const struct retention_facts *f, const int years[RETENTION_KINDS],
    int64_t now, int utc_offset_minutes, int64_t *ret_until)
{
    int kept = years_of(f->kind, years);
    enum retention_verdict ready = retention_ready(f);
    if (ret_until)
        *ret_until = 0;
    if (ready == RETENTION_OPEN || ready == RETENTION_NAMELESS)
        return ready;
    if (kept <= 0)
        return RETENTION_UNSET;
    int64_t until = kept_until(f->closed_at, kept, utc_offset_minutes);
    if (ret_until)
        *ret_until = until;
    if (now <= until)
        return RETENTION_KEPT;
    return f->asked ? RETENTION_HELD : ready;
}

const char *retention_words(enum retention_verdict verdict)
{
    static const char *const words[RETENTION_VERDICTS] = {
        [RETENTION_KEPT] = "masa simpannya belum lewat",
        [RETENTION_DUE] = "masa simpannya lewat",
        [RETENTION_UNSET] = "masa simpannya belum ditetapkan",
        [RETENTION_OPEN] = "aduannya belum selesai",
        [RETENTION_HELD] = "masih ada surat, permintaan, atau aduan gabungan yang berjalan",
        [RETENTION_NAMELESS] = "data pribadinya sudah dihapus",
    };
    return words[verdict];
}
