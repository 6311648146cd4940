/* Frames (base/frame.h) between the daemon and libexec/parser. One request, one answer with the same id, in order.
 *
 * The program is started with the socket as fd 3 (`parser 3`), or `parser --once` reads one mail from stdin and
 * prints the JSON line of `pengaduand parse-mail` (no sandbox arguments needed: it still confines itself). */
#ifndef PARSER_PROTOCOL_H
#define PARSER_PROTOCOL_H

enum parser_request {
    PARSER_MAIL = 1, /* body: one raw message, any bytes, at most PARSER_MAIL_MOST */
    PARSER_TYPE = 2, /* body: the first bytes of a file (at most PARSER_FILE_MOST): what is it? */
};

enum parser_answer {
    /* body: uint32_t n and n bytes of JSON (parse-mail of pengaduand(1), attachments in order), its PARSER_TEXTS empty; in
     * the same way each of these texts, in UTF-8, because as JSON they would cost more than everything else; and the
     * decoded bytes of each attachment */
    PARSER_MAIL_IS = 101,
    /* body: media type by content, "image/jpeg"; of a photograph that says where it was taken also "\n" and millionths
     * of a degree, "-7556100 112682900" */
    PARSER_TYPE_IS = 102,
};

/* Members of the JSON that travel outside of it. */
#define PARSER_TEXTS "text", "reply"

/* Time for one request, the last three, in milliseconds: what every request has, and more for each whole MiB of it. The program takes it as
 * processor time, the daemon, whose machine may be busy with other things, as time on the wall with four times the second
 * part: 35 MB of photographs take 0.6 s of a processor of 2020, and an office's PC may be ten times slower. */
enum {
    PARSER_MAIL_MOST = 48 << 20, /* bytes */
    PARSER_FILE_MOST = 1 << 20,  /* bytes */
    PARSER_REQUEST_MS = 2000,
    PARSER_MIB_MS = 250,
    PARSER_MIB_WALL_MS = 4 * PARSER_MIB_MS,
};

#endif
