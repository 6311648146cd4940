/* Number plates (Perpol 7/2021): area letters, one to four digits, up to three letters. */
#include "identity_private.h"
#include <string.h>

static const char *const areas[] = {"a", "b", "d", "e", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t",
    "w", "z", "aa", "ab", "ad", "ae", "ag", "ba", "bb", "bd", "be", "bg", "bh", "bk", "bl", "bm", "bn", "bp",
    "da", "db", "dc", "dd", "de", "dg", "dh", "dk", "dl", "dm", "dn", "dp", "dr", "ds", "dt", "dw", "ea",
    "eb", "ed", "kb", "kh", "kt", "ku", "pa", "pb", NULL};
static const char *const plate_cues[] = {"nopol", "plat", "polisi", "pol", "bernopol", "plt", "tnkb", NULL};
static const char *const vehicles[] = {"mobil", "motor", "truk", "truck", "pickup", "up", "elf", "bus",
    "angkot", "sepeda", "avanza", "beat", NULL};
static const char *const no_plate[] = {"blok", "gang", "gg", "no", "nomor", "rt", "rw", "antrean", "antrian",
    "loket", "kelas", "lantai", "gedung", "tipe", "type", "ruang", "kamar", NULL};

static size_t skip_dash(const struct identity_text *t, size_t i)
{
    return i + (identity_token_is(t, i, "-") || identity_token_is(t, i, "."));
}

struct plate {
    const struct identity_token *area, *digits, *letters;
};

/* Three tokens, dashes or dots between them: N 8123 UQ, N-2290-TW. */
static bool read_plate(const struct identity_text *t, size_t i, struct plate *plate)
{
    size_t n = skip_dash(t, i + 1), s = skip_dash(t, n + 1);
    if (s >= t->count || !identity_token_in(t, i, areas))
        return false;
    *plate = (struct plate){&t->tokens[i], &t->tokens[n], &t->tokens[s]};
    bool apart = !i || !plate->area->glued || t->tokens[i - 1].kind == TOKEN_MARK;
    return apart && plate->area->kind == TOKEN_WORD && plate->digits->kind == TOKEN_NUMBER &&
           plate->letters->kind == TOKEN_WORD && plate->digits->end - plate->digits->at <= 4 &&
           plate->letters->end - plate->letters->at <= 3;
}

/* Without "nopol" or a vehicle before it, only capitals and two digits tell it from "A 4 kelas". */
static bool is_plate(const struct identity_text *t, size_t i, const struct plate *plate)
{
    size_t digits = plate->digits->end - plate->digits->at,
           letters = plate->letters->end - plate->letters->at;
    if (identity_before(t, i, 3, plate_cues))
        return true;
    if (i && identity_token_in(t, i - 1, no_plate))
        return false;
    if (digits == 4 && letters == 2 && identity_before(t, i, 3, vehicles))
        return true;
    return digits >= 2 && plate->area->capital &&
           (plate->letters->upper || (letters == 1 && plate->letters->capital));
}

void identity_find_plates(struct identity_text *t)
{
    struct plate plate;
    for (size_t i = 0; i + 2 < t->count; i++)
        if (read_plate(t, i, &plate) && is_plate(t, i, &plate))
            identity_take(t, IDENTITY_PLATE, plate.area->at, plate.letters->end);
}
