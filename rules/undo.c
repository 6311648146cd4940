#include "undo.h"

static const int64_t MOST_MS = 10 * 60 * 1000;

int64_t undo_most_ms(const struct undo_facts *facts)
{
    return facts->on_page && facts->wait_ms < MOST_MS ? facts->wait_ms : MOST_MS;
}

enum undo_verdict undo_judge(const struct undo_facts *facts)
{
    if (!facts->himself)
        return UNDO_NOT_HIS;
    if (!facts->unchanged)
        return UNDO_CHANGED;
    if (facts->gone)
        return UNDO_GONE;
    return facts->age_ms >= 0 && facts->age_ms < undo_most_ms(facts) ? UNDO_MAY : UNDO_LATE;
}

const char *undo_words(enum undo_verdict verdict)
{
    static const char *const words[UNDO_VERDICTS] = {
        [UNDO_MAY] = "Tindakan ini masih dapat dibatalkan.",
        [UNDO_NOT_HIS] = "Hanya yang melakukan tindakan itu yang dapat membatalkannya.",
        [UNDO_CHANGED] = "Sesudah tindakan itu aduan ini sudah berubah lagi, jadi tidak dapat dibatalkan.",
        [UNDO_GONE] = "Suratnya sudah dikirim, jadi tidak dapat dibatalkan.",
        [UNDO_LATE] = "Waktu untuk membatalkan sudah lewat.",
    };
    return words[verdict];
}
