/* The chunked coding of a request's body (RFC 9112 7.1), byte by byte: sizes, data, extensions and trailers (both read
 * over and forgotten), with every line end where it has to be. Pure; any thread. */
#ifndef LOOP_HTTP_CHUNK_H
#define LOOP_HTTP_CHUNK_H

#include <stdbool.h>
#include <stddef.h>

enum http_chunk_state {
    HTTP_CHUNK_SIZE,
    HTTP_CHUNK_EXTENSION,
    HTTP_CHUNK_SIZE_LF,
    HTTP_CHUNK_DATA, /* `left` bytes of body are next: the caller takes them, then http_chunks_took() */
    HTTP_CHUNK_DATA_CR,
    HTTP_CHUNK_DATA_LF,
    HTTP_CHUNK_TRAILER, /* at the beginning of a trailer line */
    HTTP_CHUNK_TRAILER_LINE,
    HTTP_CHUNK_TRAILER_LF,
    HTTP_CHUNK_END_LF,
    HTTP_CHUNK_END, /* the body is whole */
    HTTP_CHUNK_BAD,
};

struct http_chunks {
    enum http_chunk_state state; /* begin with all zero */
    int digits;
    size_t left;   /* of the chunk; SIZE_MAX/2 and more = beyond every limit */
    size_t beside; /* bytes of extensions and trailers so far: the caller's limit */
};

/* Eats bytes that are not data; stops at DATA, END, BAD. Returns how many were eaten. */
size_t http_chunks_eat(struct http_chunks *chunks, const char *bytes, size_t n);
void http_chunks_took(struct http_chunks *chunks, size_t n); /* n <= left bytes of data were taken */

#endif
