/* The e-mail channel between a desk and a mailbox child, both played by this program: as "mailbox" and
 * "parser" it is started by the channel itself, as the desk it settles what arrives, now or later. The server
 * is a listening socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "channels/email/email.h"
#include "channels/email/mailbox_protocol.h"
#include "channels/parser/parser.h"
#include "channels/parser/parser_protocol.h"
#include "config/config.h"
#include "daemon/base/frame.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAILS_MOST = 400, HOLD_LOOKS_MOST = 20000, LONG = 9000 };

/* ---- memory: the n-th block for a long mail is refused (linked with --wrap=malloc) ---- */

static int refused_block;

void *__real_malloc(size_t n);
void *__wrap_malloc(size_t n);

void *__wrap_malloc(size_t n)
{
    bool is_block = n >= LONG && n < LONG + 200;
    return is_block && refused_block && !--refused_block ? NULL : __real_malloc(n);
}

/* ---- the mailbox child ---- */

static void mailbox_say(uint32_t type, uint32_t id, const char *text)
{
    if (!frame_write(MAILBOX_FRAME_FD, type, id, text, strlen(text)))
        _exit(0);
}

static bool once(const char *folder, const char *name)
{
    char path[100];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
    return fd >= 0 && write(fd, ".", 1) == 1 && !close(fd);
}

static void mark(const char *folder, const char *name)
{
    char path[100];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_CREAT | O_APPEND | O_WRONLY, 0600);
    if (fd < 0 || write(fd, ".", 1) != 1 || close(fd))
        _exit(9);
}

/* Waits for SETTLED up to the highest UID (UINT32_MAX = for ever) and notes the flags. */
static void mailbox_listen(const char *folder, uint32_t highest)
{
    static uint32_t settled;
    struct frame head;
    char *body, path[100], line[20];
    snprintf(path, sizeof path, "%s/flags", folder);
    while (settled < highest && frame_read(MAILBOX_FRAME_FD, &head, &body)) {
        if (getenv("FAKE_DIE_AT_SETTLED") && once(folder, "died"))
            raise(SIGKILL);
        int fd = open(path, O_CREAT | O_APPEND | O_WRONLY, 0600);
        for (uint32_t i = 0; i < head.length / 4; i++) {
            uint32_t uid;
            memcpy(&uid, body + 4 * i, 4);
            int n = snprintf(line, sizeof line, "%u\n", uid);
            if (write(fd, line, (size_t)n) != n)
                _exit(9);
        }
        close(fd);
        free(body);
        settled = head.id;
        mailbox_say(MAILBOX_FLAGGED, head.length / 4, "");
    }
    if (settled < highest)
        _exit(0);
}

static void mailbox_hand_up(const char *folder, uint32_t uid)
{
    char text[100], long_text[LONG + 1];
    const char *unreadable = getenv("FAKE_UNREADABLE"), *gone = getenv("FAKE_GONE"),
               *large = getenv("FAKE_LARGE"), *very_long = getenv("FAKE_LONG");
    if (unreadable && (uint32_t)atol(unreadable) == uid) {
        mailbox_say(MAILBOX_MAIL, uid, "From: siti@warga.example\n\nmati");
    } else if (gone && (uint32_t)atol(gone) == uid) {
        mailbox_say(MAILBOX_GONE, uid, "");
    } else if (large && (uint32_t)atol(large) == uid) {
        mailbox_say(MAILBOX_LARGE, uid, "{\"size\":40000000}\nmail besar");
    } else if (very_long && (uint32_t)atol(very_long) == uid) {
        memset(long_text, 'a', LONG);
        long_text[LONG] = 0;
        mailbox_say(MAILBOX_MAIL, uid, long_text);
    } else {
        snprintf(text, sizeof text, "mail %u", uid);
        mailbox_say(MAILBOX_MAIL, uid, text);
    }
    const char *die = getenv("FAKE_DIE");
    if (die && (uint32_t)atol(die) == uid && once(folder, "died"))
        raise(SIGKILL);
}

/* Three batches of one mail in one piece: the daemon has all of them before it can have settled one. */
static void mailbox_hand_up_hastily(void)
{
    static const struct frame frames[] = {{MAILBOX_MAIL, 1, 0}, {MAILBOX_BATCH, 1, 0}, {MAILBOX_MAIL, 2, 0},
        {MAILBOX_BATCH, 2, 0}, {MAILBOX_MAIL, 3, 0}};
    if (write(MAILBOX_FRAME_FD, frames, sizeof frames) != sizeof frames)
        _exit(9);
    mailbox_listen("/nowhere", UINT32_MAX);
}

static int act_mailbox(void)
{
    struct frame head;
    char *body;
    const char *folder = getenv("PENGADUAND_LIBEXEC");
    if (!frame_read(MAILBOX_FRAME_FD, &head, &body) || head.type != MAILBOX_OPEN)
        return 9;
    json_t *open_frame = json_loads(body, 0, NULL);
    uint32_t uidvalidity = (uint32_t)json_integer_value(json_object_get(open_frame, "uidvalidity"));
    uint32_t last = (uint32_t)json_integer_value(json_object_get(open_frame, "last_uid"));
    uint32_t batch = (uint32_t)json_integer_value(json_object_get(open_frame, "batch"));
    uint32_t mails = (uint32_t)atol(getenv("FAKE_MAILS"));
    if (getenv("FAKE_FAILED")) {
        mailbox_say(MAILBOX_FAILED, 0, getenv("FAKE_FAILED"));
        return 1;
    }
    mark(folder, "sessions");
    mailbox_say(MAILBOX_BUSY, 0, "");
    mailbox_say(MAILBOX_FOLDER, 0, "{\"uidvalidity\":7,\"uidnext\":1000,\"exists\":100}");
    if (getenv("FAKE_HASTY") && once(folder, "died"))
        mailbox_hand_up_hastily();
    uint32_t before = 0;
    for (uint32_t uid = uidvalidity == 7 ? last + 1 : 1; uid <= mails;) {
        mailbox_say(MAILBOX_BUSY, uid, "");
        for (uint32_t i = 0; i < batch && uid <= mails; i++, uid++)
            mailbox_hand_up(folder, uid);
        mailbox_say(MAILBOX_BATCH, uid - 1, "");
        if (before)
            mark(folder, "ahead"); /* two batches are on their way */
        mailbox_listen(folder, before);
        before = uid - 1;
    }
    mailbox_listen(folder, before);
    mailbox_say(MAILBOX_IDLE, 0, "");
    mailbox_listen(folder, UINT32_MAX);
    return 0;
}

static int act_parser(void)
{
    struct frame head;
    char *body, answer[LONG + 400];
    static const char facts[] = "{\"from\":{\"name\":\"\",\"address\":\"siti@warga.example\"},"
                                "\"attachments\":[{\"filename\":\"a.txt\"}]}";
    while (frame_read(3, &head, &body)) {
        if (head.type == PARSER_TYPE) {
            frame_write(3, PARSER_TYPE_IS, head.id, "image/png", 9);
        } else {
            if (strstr(body, "mati"))
                _exit(1);
            uint32_t part[] = {sizeof facts - 1, (uint32_t)strlen(body), 0, 4};
            const char *bytes[] = {facts, body, "", "\x89PNG"};
            char *at = answer;
            for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
                memcpy(at, &part[i], 4);
                memcpy(at + 4, bytes[i], part[i]);
                at += 4 + part[i];
            }
            frame_write(3, PARSER_MAIL_IS, head.id, answer, (size_t)(at - answer));
        }
        free(body);
    }
    return 0;
}

/* ---- the desk ---- */

struct town {
    struct loop *loop;
    struct parser *parser;
    struct config *config;
    struct channel *channel;
    struct channel_host host;
    struct loop_timer *answer;
    int listener;
    char folder[40];
    struct inbound *waiting[MAILS_MOST]; /* arrived, not settled */
    size_t waiting_count;
    int arrived[MAILS_MOST], settled[MAILS_MOST]; /* by UID */
    uint32_t later_uid;                           /* its first `later_times` arrivals are not settled */
    int later_times;
    const char *hold_until; /* the desk settles nothing before the child has made that mark */
    int held;
    uint32_t stop_at;       /* the loop ends when that UID arrives ... */
    char bookmark_then[40]; /* ... and the bookmark was this */
    uint32_t first_uid, highest;
    char bookmark[40];
    int must_read, other;
    bool good;
    char health[400];
    struct sent_result sent;
    char external[100];
};

static uint32_t uid_of(const struct inbound *in)
{
    assert_int_equal(strncmp(in->external, "7/", 2), 0);
    return (uint32_t)strtoul(in->external + 2, NULL, 10);
}

static void desk_arrived(void *desk, struct channel *channel, struct inbound *in)
{
    struct town *town = desk;
    uint32_t uid = uid_of(in);
    (void)channel;
    assert_true(arena_ok(in->arena));
    town->arrived[uid]++;
    town->must_read += in->must_read != NULL;
    town->other += in->kind == INBOUND_OTHER;
    if (!town->first_uid)
        town->first_uid = uid;
    if (town->arrived[uid] == 1) {
        assert_true(uid > town->highest);
        town->highest = uid;
    }
    if (in->bookmark)
        for (uint32_t before = town->first_uid; before < uid; before++)
            assert_int_equal(town->settled[before], 1); /* a bookmark says what IS in the book */
    if (in->kind == INBOUND_MESSAGE && !in->must_read) {
        assert_string_equal(in->files->media_type, "image/png");
        assert_string_equal(in->text, in->raw);
    }
    if (town->stop_at == uid) {
        memcpy(town->bookmark_then, town->bookmark, sizeof town->bookmark);
        loop_stop(town->loop);
    }
    town->waiting[town->waiting_count++] = in;
    loop_timer_set(town->answer, 0);
}

static int marks(const struct town *town, const char *name)
{
    char path[100];
    struct stat about;
    snprintf(path, sizeof path, "%s/%s", town->folder, name);
    return stat(path, &about) ? 0 : (int)about.st_size;
}

/* Settles everything, newest first: the order of answers is nobody's promise. */
static void desk_answer(void *arg)
{
    struct town *town = arg;
    if (town->hold_until && !marks(town, town->hold_until)) {
        assert_true(town->held++ < HOLD_LOOKS_MOST);
        loop_timer_set(town->answer, 1);
        return;
    }
    while (town->waiting_count) {
        struct inbound *in = town->waiting[--town->waiting_count];
        uint32_t uid = uid_of(in);
        bool later = uid == town->later_uid && town->later_times-- > 0;
        if (!later) {
            town->settled[uid]++;
            if (in->bookmark)
                snprintf(town->bookmark, sizeof town->bookmark, "%s", in->bookmark);
        }
        town->channel->ops->settled(town->channel, in, later ? OUTCOME_LATER : OUTCOME_DONE, NULL);
    }
}

static void desk_health(void *desk, struct channel *channel, enum channel_health health, const char *text)
{
    struct town *town = desk;
    (void)channel;
    town->good = health == CHANNEL_GOOD;
    snprintf(town->health, sizeof town->health, "%s", text);
    loop_stop(town->loop);
}

static void desk_sent(
    void *desk, struct channel *channel, struct outbound *out, const struct sent_result *result)
{
    struct town *town = desk;
    (void)channel;
    (void)out;
    town->sent = *result;
    snprintf(town->external, sizeof town->external, "%s", result->external ? result->external : "");
    loop_stop(town->loop);
}

/* ---- the town ---- */

static int listen_somewhere(int *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&address, length) || listen(fd, 20) ||
        getsockname(fd, (struct sockaddr *)&address, &length))
        return -1;
    *ret_port = ntohs(address.sin_port);
    return fd;
}

/* port 0 = an office without a mailbox */
static bool town_config(struct town *town, int port)
{
    char path[100];
    struct str problems;
    struct fault fault;
    snprintf(path, sizeof path, "%s/pengaduand.conf", town->folder);
    FILE *file = fopen(path, "w");
    if (!port)
        fprintf(file, "[office]\nname = Kecamatan Contoh\n");
    else
        fprintf(file,
            "[office]\nname = Kecamatan Contoh\n[mailbox kantor]\nhost = 127.0.0.1\nport = %d\ntls = no\n"
            "user = kantor\npassword = $MAILBOX_PASSWORD\nbatch = 50\n",
            port);
    fclose(file);
    setenv("MAILBOX_PASSWORD", "rahasia", 1);
    str_init(&problems, 10000);
    bool ok = config_load(&town->config, path, &problems, &fault) == OUTCOME_DONE;
    if (!ok)
        print_error("%s", problems.data);
    str_release(&problems);
    return ok;
}

static int setup(void **state)
{
    static const char *const fakes[] = {"FAKE_UNREADABLE", "FAKE_GONE", "FAKE_LARGE", "FAKE_DIE",
        "FAKE_FAILED", "FAKE_HASTY", "FAKE_DIE_AT_SETTLED", "FAKE_LONG"};
    struct town *town = calloc(1, sizeof *town);
    char path[60], self[400] = {0};
    struct fault fault;
    int port;
    for (size_t i = 0; i < sizeof fakes / sizeof *fakes; i++)
        unsetenv(fakes[i]);
    strcpy(town->folder, "/tmp/pengaduand-test-XXXXXX");
    if (!mkdtemp(town->folder) || readlink("/proc/self/exe", self, sizeof self - 1) < 0)
        return -1;
    snprintf(path, sizeof path, "%s/parser", town->folder);
    if (symlink(self, path))
        return -1;
    snprintf(path, sizeof path, "%s/mailbox", town->folder);
    if (symlink(self, path))
        return -1;
    setenv("PENGADUAND_LIBEXEC", town->folder, 1);
    town->listener = listen_somewhere(&port);
    if (town->listener < 0 || !town_config(town, port) || loop_new(&town->loop, &fault) ||
        parser_open(&town->parser, town->loop, &fault))
        return -1;
    town->answer = loop_timer_new(town->loop, desk_answer, town);
    town->host = (struct channel_host){
        .desk = town, .arrived = desk_arrived, .sent = desk_sent, .health = desk_health};
    *state = town;
    return 0;
}

static void town_open(struct town *town, const char *name, int mails, const char *bookmark)
{
    char number[20];
    struct fault fault;
    struct channel_context context = {.name = name,
        .config = town->config,
        .loop = town->loop,
        .parser = town->parser,
        .host = &town->host};
    snprintf(number, sizeof number, "%d", mails);
    setenv("FAKE_MAILS", number, 1);
    assert_int_equal(email_channel.open(&town->channel, &context, &fault), OUTCOME_DONE);
    email_channel.start(town->channel, bookmark);
}

/* Until the mailbox is fetched empty. */
static void town_run(struct town *town)
{
    while (!town->good)
        loop_run(town->loop);
}

static int teardown(void **state)
{
    static const char *const files[] = {
        "parser", "mailbox", "pengaduand.conf", "died", "flags", "sessions", "ahead"};
    struct town *town = *state;
    char path[100];
    email_channel.stop(town->channel);
    email_channel.free(town->channel);
    parser_free(town->parser);
    loop_timer_free(town->answer);
    loop_free(town->loop);
    config_free(town->config);
    close(town->listener);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", town->folder, files[i]);
        unlink(path);
    }
    rmdir(town->folder);
    free(town);
    return 0;
}

static void assert_all_settled_once(const struct town *town, uint32_t from, uint32_t to)
{
    for (uint32_t uid = from; uid <= to; uid++)
        assert_int_equal(town->settled[uid], 1);
}

static int flagged(const struct town *town)
{
    char path[100], line[20];
    bool seen[MAILS_MOST] = {false};
    int count = 0;
    snprintf(path, sizeof path, "%s/flags", town->folder);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        long uid = strtol(line, NULL, 10);
        count += !seen[uid];
        seen[uid] = true;
    }
    if (file)
        fclose(file);
    return count;
}

/* ---- the tests ---- */

static void all_mails_reach_the_desk_once_and_are_flagged(void **state)
{
    struct town *town = *state;
    town_open(town, "kantor", 120, NULL);
    town_run(town);
    assert_all_settled_once(town, 1, 120);
    assert_string_equal(town->bookmark, "7/120");
    assert_int_equal(flagged(town), 120);
    assert_string_equal(town->channel->id, "email:kantor");
}

static void fetching_goes_on_behind_the_bookmark(void **state)
{
    struct town *town = *state;
    town_open(town, "kantor", 70, "7/60");
    town_run(town);
    assert_int_equal(town->first_uid, 61);
    assert_all_settled_once(town, 61, 70);
    /* and the batches before, whose flags a kill may have swallowed: here all that there were */
    assert_int_equal(flagged(town), 70);
}

static void a_renumbered_mailbox_is_fetched_from_its_beginning(void **state)
{
    struct town *town = *state;
    town_open(town, "kantor", 70, "6/60");
    town_run(town);
    assert_int_equal(town->first_uid, 1);
    assert_all_settled_once(town, 1, 70);
    assert_string_equal(town->bookmark, "7/70");
    assert_int_equal(flagged(town), 70);
}

static void a_mail_that_could_not_be_written_is_offered_again_and_holds_the_bookmark(void **state)
{
    struct town *town = *state;
    town->later_uid = 3;
    town->later_times = 2;
    town_open(town, "kantor", 60, NULL);
    town_run(town);
    assert_int_equal(town->arrived[3], 3);
    assert_all_settled_once(town, 1, 60);
}

static void a_killed_child_loses_nothing_and_doubles_nothing(void **state)
{
    struct town *town = *state;
    setenv("FAKE_DIE", "77", 1);
    town_open(town, "kantor", 120, NULL);
    town_run(town);
    assert_all_settled_once(town, 1, 120);
    assert_int_equal(town->arrived[77], 1);
    assert_int_equal(flagged(town), 120);
}

static void the_next_batch_is_taken_while_the_first_is_written(void **state)
{
    struct town *town = *state;
    town->hold_until = "ahead";
    town_open(town, "kantor", 170, NULL);
    town_run(town);
    assert_all_settled_once(town, 1, 170);
    assert_string_equal(town->bookmark, "7/170");
    assert_int_equal(flagged(town), 170);
    assert_int_equal(marks(town, "sessions"), 1);
}

static void a_mail_that_must_wait_holds_the_bookmark_of_a_batch_that_is_taken_already(void **state)
{
    struct town *town = *state;
    town->hold_until = "ahead";
    town->later_uid = 30;
    town->later_times = 1;
    town->stop_at = 51;
    town_open(town, "kantor", 120, NULL);
    loop_run(town->loop);
    assert_int_equal(town->arrived[30], 2);
    assert_string_equal(town->bookmark_then, "7/50"); /* the second batch's first mail comes behind it */
    town_run(town);
    assert_all_settled_once(town, 1, 120);
    assert_string_equal(town->bookmark, "7/120");
}

static void a_child_killed_while_two_batches_are_on_their_way_loses_nothing(void **state)
{
    struct town *town = *state;
    setenv("FAKE_DIE", "77", 1);
    town->hold_until = "died";
    town_open(town, "kantor", 120, NULL);
    town_run(town);
    assert_all_settled_once(town, 1, 120);
    for (uint32_t uid = 1; uid <= 120; uid++)
        assert_int_equal(town->arrived[uid], 1);
    assert_int_equal(flagged(town), 120);
    assert_int_equal(marks(town, "sessions"), 2);
}

static void a_child_killed_before_it_flagged_is_told_the_flags_again(void **state)
{
    struct town *town = *state;
    setenv("FAKE_DIE_AT_SETTLED", "1", 1);
    town_open(town, "kantor", 120, NULL);
    town_run(town);
    assert_all_settled_once(town, 1, 120);
    assert_int_equal(flagged(town), 120);
    assert_int_equal(marks(town, "sessions"), 2);
}

static void a_child_that_hands_up_a_third_batch_is_killed_and_nothing_is_lost(void **state)
{
    struct town *town = *state;
    setenv("FAKE_HASTY", "1", 1);
    town_open(town, "kantor", 3, NULL);
    town_run(town);
    assert_all_settled_once(town, 1, 3);
    assert_int_equal(flagged(town), 3);
    assert_int_equal(marks(town, "sessions"), 2);
}

static void an_unreadable_mail_arrives_with_its_bytes(void **state)
{
    struct town *town = *state;
    setenv("FAKE_UNREADABLE", "2", 1);
    town_open(town, "kantor", 3, NULL);
    town_run(town);
    assert_all_settled_once(town, 1, 3);
    assert_int_equal(town->must_read, 1);
}

static void want_of_memory_makes_no_mail_unreadable(void **state)
{
    struct town *town = *state;
    setenv("FAKE_LONG", "2", 1);
    refused_block = 4; /* as received, its bytes kept, what the parser says, and of that its text */
    town_open(town, "kantor", 3, NULL);
    town_run(town);
    assert_int_equal(refused_block, 0);
    assert_all_settled_once(town, 1, 3);
    assert_int_equal(town->must_read, 0);
}

static void a_vanished_mail_is_a_line_in_the_ledger_and_a_large_one_for_a_person(void **state)
{
    struct town *town = *state;
    setenv("FAKE_GONE", "2", 1);
    setenv("FAKE_LARGE", "3", 1);
    town_open(town, "kantor", 4, NULL);
    town_run(town);
    assert_all_settled_once(town, 1, 4);
    assert_int_equal(town->other, 1);
    assert_int_equal(town->must_read, 1);
    assert_int_equal(flagged(town), 2); /* the large one stays unread: somebody has to read it there */
}

static void a_refused_login_is_told_to_people(void **state)
{
    struct town *town = *state;
    setenv(
        "FAKE_FAILED", "{\"outcome\":\"stop\",\"public\":\"Kata sandi ditolak.\",\"internal\":\"login\"}", 1);
    town_open(town, "kantor", 4, NULL);
    loop_run(town->loop);
    assert_false(town->good);
    assert_non_null(strstr(town->health, "belum terambil"));
    assert_non_null(strstr(town->health, "Kata sandi ditolak."));
}

static void stop_in_the_middle_leaves_what_the_desk_has(void **state)
{
    struct town *town = *state;
    town->stop_at = 60;
    town_open(town, "kantor", 120, NULL);
    loop_run(town->loop);
    email_channel.stop(town->channel);
    desk_answer(town); /* on its way when the channel was stopped */
    assert_int_equal(town->arrived[120], 0);
    assert_string_equal(town->bookmark, "7/50");
}

static void without_relay_and_mailbox_sending_stops_with_a_reason(void **state)
{
    struct town *town = *state;
    config_free(town->config);
    assert_true(town_config(town, 0));
    town_open(town, "", 0, NULL);
    struct outbound out = {.id = 1,
        .purpose = "jawaban",
        .attempts = 1,
        .payload = json_pack("{s:s, s:s, s:s}", "to", "a@b.example", "text", "x", "message_id", "1@x")};
    town->sent.sent = SENT_DELIVERED;
    email_channel.send(town->channel, &out);
    assert_int_equal(town->sent.sent, SENT_DELIVERED); /* never from inside */
    while (town->sent.sent == SENT_DELIVERED)
        loop_run(town->loop);
    assert_int_equal(town->sent.sent, SENT_STOPPED);
    assert_string_equal(town->channel->id, "email");
    json_decref(out.payload);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    if (argc > 0 && !strcmp(argv[0], "parser"))
        _exit(act_parser());
    if (argc > 0 && !strcmp(argv[0], "mailbox"))
        _exit(act_mailbox());
    const struct CMUnitTest tests[] = {
        CASE(all_mails_reach_the_desk_once_and_are_flagged),
        CASE(fetching_goes_on_behind_the_bookmark),
        CASE(a_renumbered_mailbox_is_fetched_from_its_beginning),
        CASE(a_mail_that_could_not_be_written_is_offered_again_and_holds_the_bookmark),
        CASE(a_killed_child_loses_nothing_and_doubles_nothing),
        CASE(the_next_batch_is_taken_while_the_first_is_written),
        CASE(a_mail_that_must_wait_holds_the_bookmark_of_a_batch_that_is_taken_already),
        CASE(a_child_killed_while_two_batches_are_on_their_way_loses_nothing),
        CASE(a_child_killed_before_it_flagged_is_told_the_flags_again),
        CASE(a_child_that_hands_up_a_third_batch_is_killed_and_nothing_is_lost),
        CASE(an_unreadable_mail_arrives_with_its_bytes),
        CASE(want_of_memory_makes_no_mail_unreadable),
        CASE(a_vanished_mail_is_a_line_in_the_ledger_and_a_large_one_for_a_person),
        CASE(a_refused_login_is_told_to_people),
        CASE(stop_in_the_middle_leaves_what_the_desk_has),
        CASE(without_relay_and_mailbox_sending_stops_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
