#include "letterhead.h"
#include "daemon/book/setting.h"

const char *letterhead_setting(enum letterhead_line line)
{
    static const char *const names[LETTERHEAD_LINES] = {
        [LETTERHEAD_GOVERNMENT] = "kop.pemerintah",
        [LETTERHEAD_OFFICE] = "kop.kantor",
        [LETTERHEAD_ADDRESS] = "kop.alamat",
        [LETTERHEAD_PHONE] = "kop.telepon",
        [LETTERHEAD_EMAIL] = "kop.surel",
        [LETTERHEAD_CAMAT] = "kop.camat",
        [LETTERHEAD_RANK] = "kop.pangkat",
        [LETTERHEAD_NIP] = "kop.nip",
    };
    return names[line];
}

enum outcome letterhead_get(struct book_txn *txn, const struct office *office, struct letterhead *ret,
    struct arena *arena, struct fault *fault)
{
    *ret = (struct letterhead){.lines = {[LETTERHEAD_GOVERNMENT] = office->region,
                                   [LETTERHEAD_OFFICE] = office->name,
                                   [LETTERHEAD_ADDRESS] = office->address,
                                   [LETTERHEAD_PHONE] = office->phone,
                                   [LETTERHEAD_EMAIL] = office->email,
                                   [LETTERHEAD_CAMAT] = "",
                                   [LETTERHEAD_RANK] = "",
                                   [LETTERHEAD_NIP] = ""}};
    enum outcome outcome = OUTCOME_DONE;
    for (int line = 0; !outcome && line < LETTERHEAD_LINES; line++) {
        const char *value = NULL;
        outcome = setting_get(txn, letterhead_setting((enum letterhead_line)line), &value, arena, fault);
        if (value)
            ret->lines[line] = value;
    }
    return outcome ? outcome : picture_known(txn, LETTERHEAD_LOGO, &ret->logo_at, fault);
}
