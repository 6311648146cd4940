/* Whole mails: the contract of `pengaduand parse-mail`, and the service that gives it. */
#include "channels/confine/confine.h"
#include "channels/parser/parser_answer.h"
#include "channels/parser/parser_protocol.h"
#include "channels/parser/program/mail.h"
#include "channels/parser/program/serve.h"
#include "daemon/base/frame.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

static struct mail parse(const char *text, size_t n)
{
    char *raw = g_malloc(n + 1);
    memcpy(raw, text, n);
    struct mail mail;
    assert_true(mail_parse(raw, n, &mail));
    g_free(raw);
    return mail;
}

static void check_text(const char *mail_text, size_t n, const char *key, const char *expected)
{
    struct mail mail = parse(mail_text, n);
    assert_string_equal(json_string_value(json_object_get(mail.json, key)), expected);
    mail_release(&mail);
}

static bool has_defect(const struct mail *mail, const char *name)
{
    size_t i;
    json_t *defect;
    json_array_foreach(json_object_get(mail->json, "defects"), i, defect)
    {
        if (!strcmp(json_string_value(defect), name))
            return true;
    }
    return false;
}

static const char *const members[] = {"message_id", "in_reply_to", "references", "date", "from", "reply_to",
    "to", "cc", "subject", "text", "reply", "html", "attachments", "automatic", "bounce", "report",
    "defects"};

static void check_complete(const struct mail *mail)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        assert_non_null(json_object_get(mail->json, members[i]));
    assert_int_equal(json_object_size(mail->json), sizeof members / sizeof *members);
    assert_int_equal(json_array_size(json_object_get(mail->json, "attachments")), mail->bytes->len);
}

static const char full[] =
    "Message-ID: <m1@x.example>\r\nIn-Reply-To: <m0@x.example>\r\nReferences: <a@x.example> "
    "<m0@x.example>\r\n"
    "Date: Sun, 22 Nov 2026 10:00:00 +0700\r\nFrom: Budi <b@x.example>\r\nReply-To: c@x.example\r\n"
    "To: office@kec.example\r\nCc: d@x.example, e@x.example\r\nSubject: Re: Jalan\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n"
    "Content-Type: multipart/alternative; boundary=r\r\n\r\n--r\r\nContent-Type: text/plain; "
    "charset=utf-8\r\n\r\n"
    "Rusak.\r\n\r\nPada Sel, 17 Nov 2026 pukul 16.00 K <k@x.example> menulis:\r\n> lama\r\n"
    "--r\r\nContent-Type: text/html\r\n\r\n<p>Rusak.</p>\r\n--r--\r\n"
    "--q\r\nContent-Type: image/jpeg; name=foto.jpg\r\nContent-Disposition: attachment\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nYWI=\r\nY2Q=\r\n--q\r\nContent-Type: image/png\r\n"
    "Content-ID: <logo>\r\n\r\nx\r\n--q--\r\n";

static void a_whole_mail_fills_the_contract(void **state)
{
    (void)state;
    struct mail mail = parse(full, sizeof full - 1);
    check_complete(&mail);
    json_t *expected = json_pack("{s:s, s:[s], s:[s,s], s:s, s:{s:s,s:s}, s:{s:s,s:s}, s:[{s:s,s:s}], "
                                 "s:[{s:s,s:s},{s:s,s:s}], s:s, s:s, s:s, s:b,"
                                 " s:[{s:s,s:s,s:i,s:s,s:b},{s:n,s:s,s:i,s:s,s:b}], s:n, s:n, s:n, s:[]}",
        "message_id", "m1@x.example", "in_reply_to", "m0@x.example", "references", "a@x.example",
        "m0@x.example", "date", "2026-11-22T03:00:00Z", "from", "name", "Budi", "address", "b@x.example",
        "reply_to", "name", "", "address", "c@x.example", "to", "name", "", "address", "office@kec.example",
        "cc", "name", "", "address", "d@x.example", "name", "", "address", "e@x.example", "subject",
        "Re: Jalan", "text", "Rusak.\n\nPada Sel, 17 Nov 2026 pukul 16.00 K <k@x.example> menulis:\n> lama",
        "reply", "Rusak.", "html", 1, "attachments", "filename", "foto.jpg", "content_type", "image/jpeg",
        "size", 4, "sha256", "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589", "inline", 0,
        "filename", "content_type", "image/png", "size", 1, "sha256",
        "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", "inline", 1, "automatic",
        "bounce", "report", "defects");
    assert_non_null(expected);
    char *got = json_dumps(mail.json, JSON_SORT_KEYS);
    char *want = json_dumps(expected, JSON_SORT_KEYS);
    assert_string_equal(got, want);
    const GByteArray *foto = g_ptr_array_index(mail.bytes, 0);
    assert_memory_equal(foto->data, "abcd", 4);
    free(got);
    free(want);
    json_decref(expected);
    mail_release(&mail);
}

/* Cut at every byte and with every byte spoilt, it stays an object with all members. */
static void torn_and_spoilt_mails_give_an_object(void **state)
{
    (void)state;
    for (size_t cut = 0; cut < sizeof full; cut++) {
        struct mail mail = parse(full, cut);
        check_complete(&mail);
        mail_release(&mail);
    }
    for (size_t at = 0; at < sizeof full - 1; at++) {
        char spoilt[sizeof full];
        memcpy(spoilt, full, sizeof full);
        spoilt[at] = (char)(spoilt[at] ^ 0x80);
        struct mail mail = parse(spoilt, sizeof full - 1);
        check_complete(&mail);
        json_t *text = json_object_get(mail.json, "text");
        assert_true(
            json_string_length(text) == 0 || json_string_length(json_object_get(mail.json, "reply")) > 0);
        mail_release(&mail);
    }
}

static void nul_bytes_do_not_end_the_text(void **state)
{
    (void)state;
    static const char mail[] = "Subject: x\n\na\0b\n";
    check_text(mail, sizeof mail - 1, "text", "ab\n");
}

static void several_padded_base64_blocks_are_one_body(void **state)
{
    (void)state;
    static const char mail[] = "Content-Transfer-Encoding: base64\n\nYWI=\nY2Q=\n";
    check_text(mail, sizeof mail - 1, "text", "abcd");
    static const char unpadded[] = "Content-Transfer-Encoding: base64\n\nYWJj\nZA\n";
    check_text(unpadded, sizeof unpadded - 1, "text", "abcd");
}

static void a_mail_forwarded_as_attachment_speaks(void **state)
{
    (void)state;
    static const char mail[] =
        "Content-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: message/rfc822\n\n"
        "From: RW 4 <rw@x.example>\nSubject: dalam\n\nJembatan lapuk.\n--q--\n";
    check_text(mail, sizeof mail - 1, "text",
        "-------- Pesan terlampir --------\nDari: RW 4 <rw@x.example>\nSubjek: dalam\n\nJembatan lapuk.");
    static const char encoded[] = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
                                  "U3ViamVjdDogeAoKSmVtYmF0YW4u\n";
    check_text(
        encoded, sizeof encoded - 1, "text", "-------- Pesan terlampir --------\nSubjek: x\n\nJembatan.");
}

static void a_multipart_without_parts_keeps_its_words(void **state)
{
    (void)state;
    static const char text[] =
        "Content-Type: multipart/mixed; boundary=salah\n\n--benar\n\nJalan rusak.\n--benar--\n";
    struct mail mail = parse(text, sizeof text - 1);
    assert_non_null(strstr(json_string_value(json_object_get(mail.json, "text")), "Jalan rusak."));
    assert_true(has_defect(&mail, "no-parts"));
    mail_release(&mail);
}

static void a_million_parts_are_not_built(void **state)
{
    (void)state;
    GString *text = g_string_new("Content-Type: multipart/mixed; boundary=q\n\nkata\n");
    for (int i = 0; i < 200000; i++)
        g_string_append(text, "--q\n\n");
    struct mail mail = parse(text->str, text->len);
    assert_true(has_defect(&mail, "too-many-parts"));
    mail_release(&mail);
    g_string_free(text, TRUE);
}

static void long_text_is_cut_and_says_so(void **state)
{
    (void)state;
    GString *text = g_string_new("Subject: x\n\n");
    for (int i = 0; i < 200000; i++)
        g_string_append(text, "jalan rusak\n");
    struct mail mail = parse(text->str, text->len);
    assert_true(has_defect(&mail, "text-cut"));
    assert_true(json_string_length(json_object_get(mail.json, "text")) <= 1 << 20);
    mail_release(&mail);
    g_string_free(text, TRUE);
}

/* A serving process like the daemon's, in its cage. Returns the daemon's end. */
static int start_service(pid_t *ret_pid)
{
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct fault fault;
        close(pair[0]);
        _exit(confine_parser(pair[1], &fault) == OUTCOME_DONE ? serve(pair[1]) : EX_OSERR);
    }
    close(pair[1]);
    *ret_pid = pid;
    return pair[0];
}

static int end_of(pid_t pid)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void service_answers_in_order_and_leaves_with_the_daemon(void **state)
{
    (void)state;
    pid_t pid;
    int fd = start_service(&pid);
    struct frame head;
    char *body;
    assert_true(frame_write(fd, PARSER_MAIL, 7, full, sizeof full - 1));
    assert_true(frame_write(fd, PARSER_TYPE, 8, "%PDF-1.4\n", 9));
    assert_true(frame_read(fd, &head, &body));
    assert_int_equal(head.type, PARSER_MAIL_IS);
    assert_int_equal(head.id, 7);
    struct parser_attachment *files;
    size_t count;
    json_t *json = parser_answer_split(body, head.length, &files, &count);
    assert_string_equal(json_string_value(json_object_get(json, "reply")), "Rusak.");
    json_decref(json);
    assert_int_equal(count, 2);
    assert_int_equal(files[0].size, 4);
    assert_memory_equal(files[0].data, "abcd", 4);
    assert_int_equal(files[1].size, 1);
    free(files);
    free(body);
    assert_true(frame_read(fd, &head, &body));
    assert_int_equal(head.type, PARSER_TYPE_IS);
    assert_int_equal(head.id, 8);
    assert_string_equal(body, "application/pdf");
    free(body);
    close(fd);
    assert_int_equal(end_of(pid), 0);
}

static void service_ends_on_nonsense(void **state)
{
    (void)state;
    pid_t pid;
    int fd = start_service(&pid);
    struct frame head;
    char *body;
    assert_true(frame_write(fd, 99, 1, "x", 1));
    assert_false(frame_read(fd, &head, &body));
    close(fd);
    assert_int_equal(end_of(pid), EX_PROTOCOL);
}

static int start(void **state)
{
    (void)state;
    return serve_prepare();
}

static int end(void **state)
{
    (void)state;
    serve_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_whole_mail_fills_the_contract),
        cmocka_unit_test(torn_and_spoilt_mails_give_an_object),
        cmocka_unit_test(nul_bytes_do_not_end_the_text),
        cmocka_unit_test(several_padded_base64_blocks_are_one_body),
        cmocka_unit_test(a_mail_forwarded_as_attachment_speaks),
        cmocka_unit_test(a_multipart_without_parts_keeps_its_words),
        cmocka_unit_test(a_million_parts_are_not_built), cmocka_unit_test(long_text_is_cut_and_says_so),
        cmocka_unit_test(service_answers_in_order_and_leaves_with_the_daemon),
        cmocka_unit_test(service_ends_on_nonsense)};
    return cmocka_run_group_tests(tests, start, end);
}
