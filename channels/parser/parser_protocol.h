/* Frames (base/frame.h) between the daemon and libexec/parser. One request, one answer with the same id, in order.
 *
 * The program is started with the socket as fd 3 (`parser 3`), or `parser --once` reads one mail from stdin and
 * prints the JSON line of `pengaduand parse-mail` (no sandbox arguments needed: it still confines itself). */
#ifndef PARSER_PROTOCOL_H
#define PARSER_PROTOCOL_H

enum parser_request {
    PARSER_MAIL = 1, /* body: one raw message, any bytes, at most 48 MiB */
    PARSER_TYPE = 2, /* body: the first bytes of a file (at most 1 MiB): what is it? */
};

enum parser_answer {
    PARSER_MAIL_IS =
        101, /* body: uint32_t n, n bytes of JSON (parse-mail of pengaduand(1); attachments in order),
                             then for each attachment a uint32_t size and its decoded bytes */
    /* body: media type by content, "image/jpeg"; of a photograph that says where it was taken also "\n" and millionths
     * of a degree, "-7556100 112682900" */
    PARSER_TYPE_IS = 102,
};

#endif
