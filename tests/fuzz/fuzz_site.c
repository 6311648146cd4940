/* The public form as strangers may send it: its kept fields, a point on the map, a ticket, and what is thought of its words. */
#include "fuzz.h"
#include "daemon/desk/site_form.h"
#include "daemon/web/gate.h"
#include "rules/point.h"
#include "rules/unwanted.h"

static void check_form(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1 << 20);
    require(arena != NULL);
    struct inbound in = {.arena = arena};
    struct fault fault;
    enum outcome outcome = site_form_read(data, size, &in, arena, &fault);
    require(outcome != OUTCOME_STOP);
    if (outcome == OUTCOME_DONE) {
        bool anonymous = in.confidentiality && !strcmp(in.confidentiality, "anonim");
        require(in.text && *in.text);
        require(!anonymous || (!in.nama && !in.email && !in.phone && !in.alamat && !in.reply_to));
        require(!in.reply_to || in.email || in.phone);
    }
    arena_free(arena);
}

static void check_point(const char *text)
{
    struct point point, again;
    char written[POINT_SIZE];
    if (!point_parse(text, &point))
        return;
    require(point.latitude >= -90000000 && point.latitude <= 90000000);
    require(point.longitude >= -180000000 && point.longitude <= 180000000);
    point_write(written, point);
    require(point_parse(written, &again) && again.latitude == point.latitude &&
            again.longitude == point.longitude);
}

static void check_words(const char *text)
{
    char why[UNWANTED_WHY];
    const struct unwanted_facts facts = {.text = text, .seconds = 60};
    int points = unwanted_points(&facts, why);
    require(points >= 0 && (points > 0) == (*why != 0) && strlen(why) < sizeof why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gate *gate;
    char *text = fuzz_text(data, size);
    if (!gate)
        gate = gate_new();
    require(gate_age(gate, text, "0123456789abcdef0123456789abcdef", 1795314600000) == -1);
    check_form(data, size);
    check_point(text);
    check_words(text);
    free(text);
    return 0;
}
