/* The head of an HTTP/1 request (RFC 9112 2 to 6): where it ends, and what it says, read in the one way that no two
 * readers can understand differently. Lenient forms that the RFC lets a server accept (bare LF, folded lines, equal
 * repetitions) are refused: no client of ours needs them, and request smuggling lives in them. Pure; any thread. */
#ifndef LOOP_HTTP_HEAD_H
#define LOOP_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

enum { HTTP_HEAD_LINES_MAX = 100 };

struct http_line {
    const char *name, *value; /* value without the blanks around it */
};

struct http_head {
    const char *method, *target; /* NULL until understood; target holds path and query, cut apart */
    const char *path, *query; /* raw (percent-encoded); path NULL: none; query without '?', "" when absent */
    bool old;                 /* HTTP/1.0 */
    bool chunked, has_length;
    bool expects; /* 100-continue */
    bool close;   /* the client wants no further request on this connection */
    size_t length;
    size_t count;
    struct http_line lines[HTTP_HEAD_LINES_MAX];
};

enum http_scan { HTTP_SCAN_MORE, HTTP_SCAN_END, HTTP_SCAN_BAD };

/* Looks at bytes[*scanned..n) of a head; moves *scanned. END: *scanned is behind the empty line. BAD: a byte or a line
 * end that no request has. Begin with *scanned = 0. */
enum http_scan http_head_scan(const char *bytes, size_t n, size_t *scanned);

/* text: a whole head of n bytes as http_head_scan() found it; it is cut up in place and must outlive the head. Returns 0,
 * or the status that refuses it (400, 417, 431, 501, 505); what was understood before that is filled in. */
int http_head_parse(struct http_head *head, char *text, size_t n);

#endif
