/* fill_book FOLDER TEXTS COUNT FIRST_DAY DAYS RECENT: fills the book of an office (made by `pengaduand init`, nothing serves
 * it, Desk.hire() has been there) with complaints through the real desk: taken in, verified, forwarded, disposed, answered,
 * closed; some referred, archived, published, rated. TEXTS holds a JSON object a line with "text" and "place". They come
 * evenly from FIRST_DAY (days from now, negative) on for so many DAYS. RECENT: how many of the last are left where they are
 * then, at every desk, some of them late. */
#include "tests/support/scratch_desk.h"

#include "daemon/book/catalogue.h"
#include "daemon/book/publication.h"
#include "daemon/desk/rating.h"
#include <sys/time.h>

enum { TEXTS_MOST = 4096, BATCH = 25, MINUTE = 60000, DAY = 86400000, SECTIONS_MOST = 32 };

static struct {
    const char *texts[TEXTS_MOST], *places[TEXTS_MOST];
    int text_count, count, done, recent;
    int64_t begins, ends;
    uint64_t seed;
    const struct officer *petugas, *sekcam;
    struct officer seksi;
    int64_t sections[SECTIONS_MOST];
    const char *services[SECTIONS_MOST];
    int section_count, service_count;
    struct arena *arena; /* of the whole run */
} fill;

/* splitmix64 */
static int below(int n)
{
    uint64_t z = (fill.seed += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (int)((z ^ (z >> 31)) % (unsigned)n);
}

static void read_texts(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[16384];
    while (file && fgets(line, sizeof line, file) && fill.text_count < TEXTS_MOST) {
        json_t *one = json_loads(line, 0, NULL);
        const char *text = json_string_value(json_object_get(one, "text")),
                   *place = json_string_value(json_object_get(one, "place"));
        if (text) {
            fill.places[fill.text_count] = place && *place ? arena_strdup(fill.arena, place) : NULL;
            fill.texts[fill.text_count++] = arena_strdup(fill.arena, text);
        }
        json_decref(one);
    }
    if (!fill.text_count)
        fail_msg("%s: no texts", path);
    fclose(file);
}

static enum outcome meet(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    struct officer *people = arena_alloc(fill.arena, 2 * sizeof *people);
    struct section *section;
    struct service *service;
    DONE(officer_by_login(txn, "rina", &people[0], fill.arena, fault));
    DONE(officer_by_login(txn, "endang", &people[1], fill.arena, fault));
    DONE(officer_by_login(txn, "joko", &fill.seksi, fill.arena, fault));
    DONE(section_list(txn, &section, fill.arena, fault));
    DONE(service_list(txn, &service, fill.arena, fault));
    fill.petugas = &people[0];
    fill.sekcam = &people[1];
    for (; section && fill.section_count < SECTIONS_MOST; section = section->next)
        fill.sections[fill.section_count++] = section->id;
    for (; service && fill.service_count < SECTIONS_MOST; service = service->next)
        fill.services[fill.service_count++] = service->key;
    return OUTCOME_DONE;
}

/* ---- one complaint ---- */

static int64_t complain(struct book_txn *txn)
{
    static const char *const kinds[] = {
        "pengaduan", "pengaduan", "pengaduan", "pengaduan", "informasi", "aspirasi"};
    static const char *const channels[] = {
        "email:kantor", "situs", "situs", "loket", "telepon", "gateway:wa"};
    char external[32], who[64], name[64];
    int n = below(fill.text_count), citizen = below(fill.count) + 1;
    const char *channel = channels[below(6)];
    bool mail = !strncmp(channel, "email", 5), chat = !strncmp(channel, "gateway", 7);
    snprintf(external, sizeof external, "isi/%lld/%d", (long long)fill.begins, fill.done);
    snprintf(who, sizeof who,
        mail   ? "warga%d@contoh.example"
        : chat ? "62812%07d@s.whatsapp.net"
               : "+62812%07d",
        citizen);
    snprintf(name, sizeof name, "Warga %s %d", citizen % 2 ? "Siti" : "Slamet", citizen);
    const char *text = arena_printf(
        scratch_arena, "%s %s Rumah nomor %d.", fill.texts[n], fill.texts[below(fill.text_count)], fill.done);
    struct inbound in = {.kind = INBOUND_MESSAGE,
        .external = external,
        .raw = text,
        .raw_size = strlen(text),
        .identity_scheme = mail   ? "email"
                           : chat ? "wa"
                                  : "phone",
        .identity_value = who,
        .nama = name,
        .pekerjaan = "Petani",
        .alamat = "Jrebeng Kulon RT 03 RW 11",
        .email = mail ? who : NULL,
        .phone = mail || chat ? NULL : who,
        .reply_to = mail || chat ? who : NULL,
        .subject = mail ? fill.texts[n] : NULL,
        .text = text,
        .kind_word = below(60) ? kinds[below(6)] : "pengaduan_pengawasan",
        .service = fill.services[below(fill.service_count)],
        .place = fill.places[n],
        .confidentiality = below(40)  ? "biasa"
                           : below(2) ? "anonim"
                                      : "rahasia"};
    return scratch_take(txn, channel, &in).complaint_id;
}

static void act(struct book_txn *txn, int64_t id, enum action action, const struct officer *officer)
{
    struct fault fault;
    bool queued;
    scratch_now += MINUTE;
    const struct act act = {.complaint_id = id,
        .action = action,
        .officer = officer,
        .by_system = !officer,
        .text = "Sudah diperiksa di lapangan dan dikerjakan bersama kelurahan.",
        .section_id = action == ACTION_DISPOSISI ? fill.sections[below(fill.section_count)] : 0,
        .due_at = scratch_now + (1 + below(14)) * (int64_t)DAY,
        .told_how = "lisan",
        .told_to = "Pengadu",
        .referred_to = "Dinas Perhubungan",
        .referred_number = "DP-1"};
    if (act_on(txn, &scratch_office, &act, &queued, scratch_arena, &fault))
        fail_msg("%s: %s", action_key(action), fault.public_text);
}

static void publish(struct book_txn *txn, int64_t id)
{
    const char *text = fill.texts[below(fill.text_count)], *place = fill.places[below(fill.text_count)];
    const struct publication p = {.complaint_id = id,
        .title = "Hasil pengaduan warga",
        .problem = text,
        .result = "Sudah dikerjakan bersama kelurahan.",
        .place = place,
        .working_days = below(9),
        .officer_id = fill.petugas->id};
    DONE(publication_put(txn, &p, NULL));
}

static enum action next_of(enum state state)
{
    static const enum action next[STATE_COUNT] = {[STATE_MASUK] = ACTION_VERIFIKASI,
        [STATE_DIVERIFIKASI] = ACTION_TERUSKAN,
        [STATE_DITERUSKAN] = ACTION_DISPOSISI,
        [STATE_DIDISPOSISIKAN] = ACTION_MULAI,
        [STATE_DITINDAKLANJUTI] = ACTION_LAPOR,
        [STATE_MENUNGGU_PERSETUJUAN] = ACTION_SETUJUI,
        [STATE_DISETUJUI] = ACTION_JAWAB,
        [STATE_DIJAWAB] = ACTION_TUTUP};
    return next[state];
}

static const struct officer *who_does(enum action action, const struct complaint *c)
{
    if (action == ACTION_DISPOSISI || action == ACTION_SETUJUI)
        return fill.sekcam;
    if (action == ACTION_MULAI || action == ACTION_LAPOR) {
        fill.seksi.section_id = c->section_id;
        return &fill.seksi;
    }
    return fill.petugas;
}

/* steps: how far it goes; 8 = closed. */
static void handle(struct book_txn *txn, int64_t id, int steps)
{
    struct complaint c;
    int odd = below(100);
    if (steps > 1 && odd < 6) {
        act(txn, id, odd < 3 ? ACTION_RUJUK : ACTION_ARSIPKAN, fill.petugas);
        return;
    }
    for (int i = 0; i < steps; i++) {
        DONE(complaint_get(txn, id, &c, scratch_arena, NULL));
        enum action action = next_of(c.state);
        bool kept = !strcmp(c.confidentiality, "rahasia") || !strcmp(c.kind, "pengaduan_pengawasan");
        if (c.state == STATE_DITERUSKAN && (kept || (steps == 8 && below(2))))
            action = ACTION_SETUJUI; /* no section sees it, or needs to */
        if (c.state == STATE_DITUTUP)
            return;
        act(txn, id, action, who_does(action, &c));
        if (action == ACTION_JAWAB && !below(3))
            DONE(rating_take(txn, id, c.number, 1 + below(4), NULL, "situs", scratch_arena, NULL));
        if (action == ACTION_JAWAB && !below(6) && strcmp(c.confidentiality, "rahasia"))
            publish(txn, id);
    }
}

static enum outcome one_batch(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    (void)fault;
    for (int i = 0; i < BATCH && fill.done < fill.count; i++, fill.done++) {
        scratch_now = fill.begins + (fill.ends - fill.begins) / fill.count * fill.done;
        int64_t id = complain(txn);
        handle(txn, id, fill.count - fill.done <= fill.recent ? below(8) : 8);
    }
    return OUTCOME_DONE;
}

int main(int argc, char **argv)
{
    struct timeval now;
    if (argc != 7)
        return 64;
    json_watch();
    gettimeofday(&now, NULL);
    snprintf(scratch_folder, sizeof scratch_folder, "%s", argv[1]);
    fill.arena = arena_new(64 << 20);
    fill.count = atoi(argv[3]);
    fill.begins = now.tv_sec * 1000ll + atoi(argv[4]) * (int64_t)DAY;
    fill.ends = fill.begins + atoi(argv[5]) * (int64_t)DAY;
    fill.recent = atoi(argv[6]);
    fill.seed = (uint64_t)fill.begins;
    read_texts(argv[2]);
    scratch_now = fill.begins;
    clock_replace(scratch_clock);
    scratch_open(NULL);
    scratch_arena = arena_new(64 << 20);
    DONE(scratch_read(meet, NULL));
    while (fill.done < fill.count) {
        arena_free(scratch_arena);
        scratch_arena = arena_new(256 << 20);
        DONE(scratch_write(one_batch, NULL));
    }
    scratch_close();
    arena_free(scratch_arena);
    arena_free(fill.arena);
    return 0;
}
