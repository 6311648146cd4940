/* bare_mail PORT USER PASSWORD BOOK: every mail of INBOX by libetpan in batches of 50, parsed by GMime in the
 * same thread, written with the inserts of bare_book.h, one COMMIT with fsync a batch. No walls, no children,
 * no flags. Prints {"mails":n,"seconds":s}; the clock runs from the start of main() to the last commit. */
#include "bare_book.h"
#include <gmime/gmime.h>
#include <libetpan/libetpan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 50 };

static long mails;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static _Noreturn void fail(const char *what, int code)
{
    fprintf(stderr, "bare_mail: %s: %d\n", what, code);
    exit(1);
}

/* The first plain text, else the first text of any kind; decoded attachments are thrown away, but decoded. */
struct found {
    char *plain, *other;
};

static void look(GMimeObject *parent, GMimeObject *part, gpointer context)
{
    struct found *found = context;
    (void)parent;
    if (GMIME_IS_TEXT_PART(part)) {
        char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
        char **place = g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", "plain")
                           ? &found->plain
                           : &found->other;
        if (text && !*place)
            *place = text;
        else
            g_free(text);
    } else if (GMIME_IS_PART(part) && g_mime_part_get_content(GMIME_PART(part))) {
        GMimeStream *sink = g_mime_stream_mem_new();
        g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), sink);
        g_object_unref(sink);
    }
}

static void write_message(GMimeMessage *message, const char *bytes, size_t size)
{
    struct found found = {0};
    InternetAddress *from = internet_address_list_get_address(g_mime_message_get_from(message), 0);
    const char *subject = g_mime_message_get_subject(message), *id = g_mime_message_get_message_id(message);
    g_mime_message_foreach(message, look, &found);
    const struct bare_item item = {.channel = "email:kantor",
        .external = id ? id : "",
        .sender = from && INTERNET_ADDRESS_IS_MAILBOX(from) ? INTERNET_ADDRESS_MAILBOX(from)->addr : "",
        .name = from && from->name ? from->name : "",
        .subject = subject ? subject : "",
        .text = found.plain   ? found.plain
                : found.other ? found.other
                              : "",
        .raw = bytes,
        .raw_size = size,
        .at = (int64_t)time(NULL) * 1000};
    bare_book_add(&item);
    mails++;
    g_free(found.plain);
    g_free(found.other);
}

static void take_mail(const char *bytes, size_t size)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, size);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (message) {
        write_message(message, bytes, size);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
}

static void take_answer(const struct mailimap_msg_att *answer)
{
    for (clistiter *i = clist_begin(answer->att_list); i; i = clist_next(i)) {
        const struct mailimap_msg_att_item *item = clist_content(i);
        if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC ||
            item->att_data.att_static->att_type != MAILIMAP_MSG_ATT_BODY_SECTION)
            continue;
        const struct mailimap_msg_att_body_section *body =
            item->att_data.att_static->att_data.att_body_section;
        take_mail(body->sec_body_part, body->sec_length);
    }
}

static void take_batch(mailimap *imap, struct mailimap_fetch_type *what, uint32_t first, uint32_t last)
{
    struct mailimap_set *set = mailimap_set_new_interval(first, last);
    clist *answers = NULL;
    int code = mailimap_uid_fetch(imap, set, what, &answers);
    if (code)
        fail("fetch", code);
    bare_book_begin();
    for (clistiter *i = clist_begin(answers); i; i = clist_next(i))
        take_answer(clist_content(i));
    bare_book_commit();
    mailimap_fetch_list_free(answers);
    mailimap_set_free(set);
}

int main(int argc, char **argv)
{
    double began = now();
    if (argc != 5)
        return 64;
    g_mime_init();
    bare_book_open(argv[4]);
    mailimap *imap = mailimap_new(0, NULL);
    int code = mailimap_ssl_connect(imap, "127.0.0.1", (uint16_t)strtoul(argv[1], NULL, 10));
    if (code != MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
        fail("connect", code);
    if ((code = mailimap_login(imap, argv[2], argv[3])) || (code = mailimap_select(imap, "INBOX")))
        fail("login", code);
    struct mailimap_fetch_type *what = mailimap_fetch_type_new_fetch_att_list_empty();
    mailimap_fetch_type_new_fetch_att_list_add(what, mailimap_fetch_att_new_uid());
    mailimap_fetch_type_new_fetch_att_list_add(
        what, mailimap_fetch_att_new_body_peek_section(mailimap_section_new(NULL)));
    uint32_t next = imap->imap_selection_info->sel_uidnext;
    for (uint32_t uid = 1; uid < next; uid += BATCH)
        take_batch(imap, what, uid, uid + BATCH - 1 < next ? uid + BATCH - 1 : next - 1);
    printf("{\"mails\":%ld,\"seconds\":%.4f}\n", mails, now() - began);
    mailimap_fetch_type_free(what);
    mailimap_logout(imap);
    mailimap_free(imap);
    bare_book_close();
    return 0;
}
