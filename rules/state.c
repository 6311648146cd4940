/* The flow in one look:
 *
 *   masuk → diverifikasi → diteruskan → didisposisikan → ditindaklanjuti → menunggu_persetujuan
 *         → disetujui → dijawab → ditutup
 *
 * A row is one arrow (or several arrows to the same place). state_find_move() takes the first row that fits;
 * the table test holds that no two rows fit at once. */
#include "state.h"
#include <string.h>

#define IN(state) (1u << STATE_##state)
#define BY(role) (1u << ROLE_##role)
#define BY_PENGADU (1u << ACTOR_PENGADU)
#define BY_SISTEM (1u << ACTOR_SISTEM)

enum {
    /* Not yet on a section's desk: may still turn out to be somebody else's, a double, or nothing. */
    EARLY = IN(MASUK) | IN(PERLU_DILENGKAPI) | IN(DIVERIFIKASI) | IN(DITERUSKAN) | IN(DIBUKA_KEMBALI),
    ON_SECTION = IN(DIDISPOSISIKAN) | IN(DITINDAKLANJUTI),
    OVER = IN(DIJAWAB) | IN(DITUTUP) | IN(BUKAN_KEWENANGAN) | IN(DUPLIKAT) | IN(DIARSIPKAN),
    DESK = BY(PETUGAS) | BY(KASI) | BY(SEKCAM),
    HEAD = BY(SEKCAM) | BY(CAMAT),
    SECTION = BY(SEKSI) | BY(KASI), /* the Kasi Pelayanan heads a section too */
};

static const struct state_move moves[] = {
    {ACTION_VERIFIKASI, IN(MASUK), STATE_DIVERIFIKASI, DESK, false},
    {ACTION_TANYA, IN(MASUK) | IN(DIVERIFIKASI) | IN(DIBUKA_KEMBALI), STATE_PERLU_DILENGKAPI, DESK, true},
    /* What the citizen answers has to be judged again; an officer who says "complete" has judged. */
    {ACTION_LENGKAP, IN(PERLU_DILENGKAPI), STATE_MASUK, BY_PENGADU | BY_SISTEM, false},
    {ACTION_LENGKAP, IN(PERLU_DILENGKAPI), STATE_DIVERIFIKASI, DESK, false},
    {ACTION_TERUSKAN, IN(DIVERIFIKASI) | IN(DIBUKA_KEMBALI), STATE_DITERUSKAN, DESK, false},
    /* A complaint about the office itself goes to the Sekcam at once, past everybody's desk. */
    {ACTION_TERUSKAN, IN(MASUK), STATE_DITERUSKAN, BY(SEKCAM) | BY_SISTEM, false},
    {ACTION_DISPOSISI, IN(DIVERIFIKASI) | IN(DITERUSKAN) | ON_SECTION | IN(DIBUKA_KEMBALI),
        STATE_DIDISPOSISIKAN, HEAD, true},
    {ACTION_MULAI, IN(DIDISPOSISIKAN), STATE_DITINDAKLANJUTI, SECTION, false},
    {ACTION_LAPOR, ON_SECTION, STATE_MENUNGGU_PERSETUJUAN, SECTION, true},
    {ACTION_KEMBALIKAN, ON_SECTION, STATE_DITERUSKAN, SECTION, true}, /* not our task: back to the Sekcam */
    {ACTION_KEMBALIKAN, IN(MENUNGGU_PERSETUJUAN) | IN(DISETUJUI), STATE_DITINDAKLANJUTI, HEAD, true},
    /* From diteruskan: the Sekcam knows the answer himself and needs no section. */
    {ACTION_SETUJUI, IN(MENUNGGU_PERSETUJUAN) | IN(DITERUSKAN), STATE_DISETUJUI, HEAD, false},
    {ACTION_JAWAB, IN(DISETUJUI), STATE_DIJAWAB, DESK, true},
    {ACTION_TUTUP, IN(DIJAWAB), STATE_DITUTUP, DESK | BY_PENGADU | BY_SISTEM, false},
    {ACTION_BUKA_KEMBALI, OVER, STATE_DIBUKA_KEMBALI, DESK | BY_PENGADU | BY_SISTEM, true},
    {ACTION_RUJUK, EARLY, STATE_BUKAN_KEWENANGAN, DESK, true},
    {ACTION_GABUNG, EARLY, STATE_DUPLIKAT, DESK, false},
    {ACTION_ARSIPKAN, EARLY, STATE_DIARSIPKAN, DESK, true},
    {ACTION_ARSIPKAN, IN(PERLU_DILENGKAPI), STATE_DIARSIPKAN, BY_SISTEM,
        true},                                                    /* the question was never answered */
    {ACTION_ARSIPKAN, EARLY, STATE_DIARSIPKAN, BY_PENGADU, true}, /* he takes it back */
};

static const struct {
    const char *key, *label, *public;
} states[STATE_COUNT] = {
    [STATE_MASUK] = {"masuk", "Masuk", "Aduan diterima"},
    [STATE_PERLU_DILENGKAPI] = {"perlu_dilengkapi", "Perlu dilengkapi", "Menunggu jawaban Anda"},
    [STATE_DIVERIFIKASI] = {"diverifikasi", "Diverifikasi", "Petugas memeriksa"},
    [STATE_DITERUSKAN] = {"diteruskan", "Diteruskan", "Diteruskan kepada Sekretaris Kecamatan"},
    [STATE_DIDISPOSISIKAN] = {"didisposisikan", "Didisposisikan", "Diserahkan kepada seksi"},
    [STATE_DITINDAKLANJUTI] = {"ditindaklanjuti", "Ditindaklanjuti", "Sedang dikerjakan"},
    [STATE_MENUNGGU_PERSETUJUAN] = {"menunggu_persetujuan", "Menunggu persetujuan",
        "Hasilnya sedang diperiksa"},
    [STATE_DISETUJUI] = {"disetujui", "Siap dijawab", "Jawaban sedang disiapkan"},
    [STATE_DIJAWAB] = {"dijawab", "Dijawab", "Dijawab"},
    [STATE_DITUTUP] = {"ditutup", "Ditutup", "Selesai"},
    [STATE_DIBUKA_KEMBALI] = {"dibuka_kembali", "Dibuka kembali", "Dibuka kembali"},
    [STATE_BUKAN_KEWENANGAN] = {"bukan_kewenangan", "Bukan kewenangan", "Dirujuk ke instansi yang berwenang"},
    [STATE_DUPLIKAT] = {"duplikat", "Duplikat", "Digabungkan dengan aduan lain"},
    [STATE_DIARSIPKAN] = {"diarsipkan", "Diarsipkan", "Diarsipkan"},
};

static const struct {
    const char *key, *label;
} roles[ROLE_COUNT] = {
    [ROLE_PETUGAS] = {"petugas", "Petugas pengaduan"},
    [ROLE_KASI] = {"kasi", "Kepala Seksi Pelayanan"},
    [ROLE_SEKCAM] = {"sekcam", "Sekretaris Kecamatan"},
    [ROLE_SEKSI] = {"seksi", "Seksi"},
    [ROLE_CAMAT] = {"camat", "Camat"},
    [ROLE_ADMIN] = {"admin", "Admin"},
};

static const struct {
    const char *key, *label;
} actions[ACTION_COUNT] = {
    [ACTION_VERIFIKASI] = {"verifikasi", "Verifikasi"},
    [ACTION_TANYA] = {"tanya", "Tanyakan kepada pengadu"},
    [ACTION_LENGKAP] = {"lengkap", "Tandai lengkap"},
    [ACTION_TERUSKAN] = {"teruskan", "Teruskan kepada Sekcam"},
    [ACTION_DISPOSISI] = {"disposisi", "Disposisikan"},
    [ACTION_MULAI] = {"mulai", "Mulai tindak lanjut"},
    [ACTION_LAPOR] = {"lapor", "Laporkan hasil"},
    [ACTION_KEMBALIKAN] = {"kembalikan", "Kembalikan"},
    [ACTION_SETUJUI] = {"setujui", "Setujui"},
    [ACTION_JAWAB] = {"jawab", "Kirim jawaban"},
    [ACTION_TUTUP] = {"tutup", "Tutup aduan"},
    [ACTION_BUKA_KEMBALI] = {"buka_kembali", "Buka kembali"},
    [ACTION_RUJUK] = {"rujuk", "Rujuk ke instansi lain"},
    [ACTION_GABUNG] = {"gabung", "Gabungkan"},
    [ACTION_ARSIPKAN] = {"arsipkan", "Arsipkan"},
};

const struct state_move *state_find_move(enum state from, enum action action, int actor)
{
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].action == action && moves[i].from & 1u << from && moves[i].by & 1u << actor)
            return &moves[i];
    return NULL;
}

const struct state_move *state_moves(size_t *ret_count)
{
    *ret_count = sizeof moves / sizeof *moves;
    return moves;
}

const char *state_key(enum state state)
{
    return states[state].key;
}

const char *state_label(enum state state)
{
    return states[state].label;
}

const char *state_public(enum state state)
{
    return states[state].public;
}

bool state_from_key(const char *key, enum state *ret_state)
{
    for (int i = 0; key && i < STATE_COUNT; i++)
        if (!strcmp(states[i].key, key)) {
            *ret_state = (enum state)i;
            return true;
        }
    return false;
}

bool state_open(enum state state)
{
    return !(OVER & 1u << state);
}

const char *role_key(enum role role)
{
    return roles[role].key;
}

const char *role_label(enum role role)
{
    return roles[role].label;
}

bool role_from_key(const char *key, enum role *ret_role)
{
    for (int i = 0; key && i < ROLE_COUNT; i++)
        if (!strcmp(roles[i].key, key)) {
            *ret_role = (enum role)i;
            return true;
        }
    return false;
}

const char *action_key(enum action action)
{
    return actions[action].key;
}

const char *action_label(enum action action)
{
    return actions[action].label;
}

bool action_from_key(const char *key, enum action *ret_action)
{
    for (int i = 0; key && i < ACTION_COUNT; i++)
        if (!strcmp(actions[i].key, key)) {
            *ret_action = (enum action)i;
            return true;
        }
    return false;
}
