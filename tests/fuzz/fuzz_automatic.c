/* Was it written by a program, and whom did a bounce not reach? Input: header lines, an empty line, the text; the
 * text is read as a delivery report too. */
#include "fuzz.h"
#include "rules/text_automatic.h"
#include "rules/text_bounce.h"

enum { HEADERS_MOST = 50 };

static const char *value_of(const struct text_header *headers, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(headers[i].name, name))
            return headers[i].value;
    return NULL;
}

static void check_bounce(const struct text_mail_signs *signs, const char *text, bool report)
{
    struct text_bounce bounce;
    struct text_bounce_signs about = {.status = report ? text : NULL,
        .failed_recipients = value_of(signs->headers, signs->header_count, "X-Failed-Recipients"),
        .subject = signs->subject,
        .text = text,
        .own_address = value_of(signs->headers, signs->header_count, "To"),
        .from_address = signs->from_address,
        .returned_to = value_of(signs->headers, signs->header_count, "Returned-To")};
    memset(&bounce, 'x', sizeof bounce);
    text_bounce(&about, &bounce);
    require(bounce.count <= TEXT_BOUNCE_FAILURES && (bounce.count > 0) == !bounce.arrived);
    for (size_t i = 0; i < bounce.count; i++) {
        const struct text_failure *failure = &bounce.failures[i];
        require(memchr(failure->recipient, 0, sizeof failure->recipient) &&
                memchr(failure->status, 0, sizeof failure->status));
        require(!fuzz_has_control(failure->recipient) && !strchr(failure->recipient, ' '));
        require(failure->status[strspn(failure->status, "0123456789.")] == 0);
        require(i == 0 || failure->permanent <= bounce.failures[0].permanent);
    }
    char id[64];
    require(!text_bounce_returned_id(text, id, sizeof id) ||
            (memchr(id, 0, sizeof id) && *id && !strchr(id, '>')));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text_header headers[HEADERS_MOST];
    char *lines[HEADERS_MOST];
    size_t count = 0;
    while (count < HEADERS_MOST && size) {
        char *line = lines[count] = fuzz_line(&data, &size), *colon = strchr(line, ':');
        if (!colon) {
            free(line);
            break;
        }
        *colon = 0;
        headers[count++] = (struct text_header){line, colon + 1 + strspn(colon + 1, " ")};
    }
    char *text = fuzz_text(data, size);
    struct text_mail_signs signs = {.headers = headers,
        .header_count = count,
        .from_address = value_of(headers, count, "From"),
        .from_name = value_of(headers, count, "Name"),
        .subject = value_of(headers, count, "Subject"),
        .reply = text,
        .text = text,
        .report_type = value_of(headers, count, "Report-Type"),
        .report = value_of(headers, count, "Report-Type") != NULL,
        .delivery_status = value_of(headers, count, "Status") != NULL,
        .calendar = value_of(headers, count, "Calendar") != NULL};
    enum text_automatic kind = text_automatic(&signs);
    require(kind <= TEXT_BULK && (kind == TEXT_BY_HAND) == !text_automatic_name(kind));
    check_bounce(&signs, text, false);
    check_bounce(&signs, text, true);
    free(text);
    while (count)
        free(lines[--count]);
    return 0;
}
