#include "http_chunk.h"
#include <stdint.h>

enum { DIGITS_MAX = 16 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_text(char c)
{
    return c == '\t' || ((unsigned char)c >= 0x20 && c != 0x7f);
}

static enum http_chunk_state after_size(struct http_chunks *chunks, char c)
{
    int digit = hex_digit(c);
    if (digit < 0 && !chunks->digits)
        return HTTP_CHUNK_BAD;
    if (c == '\r')
        return HTTP_CHUNK_SIZE_LF;
    if (c == ';' || c == ' ' || c == '\t') /* RFC 9112 7.1.1 allows blanks before an extension */
        return HTTP_CHUNK_EXTENSION;
    if (digit < 0 || ++chunks->digits > DIGITS_MAX)
        return HTTP_CHUNK_BAD;
    chunks->left = chunks->left > (SIZE_MAX >> 5) ? SIZE_MAX / 2 : chunks->left << 4 | (size_t)digit;
    return HTTP_CHUNK_SIZE;
}

/* A line that nobody reads: extension or trailer. */
static enum http_chunk_state after_text(
    struct http_chunks *chunks, char c, enum http_chunk_state same, enum http_chunk_state end)
{
    chunks->beside++;
    if (c == '\r')
        return end;
    return is_text(c) ? same : HTTP_CHUNK_BAD;
}

static enum http_chunk_state begin_data(struct http_chunks *chunks)
{
    chunks->digits = 0;
    return chunks->left ? HTTP_CHUNK_DATA : HTTP_CHUNK_TRAILER;
}

static enum http_chunk_state next_state(struct http_chunks *chunks, char c)
{
    switch (chunks->state) {
    case HTTP_CHUNK_SIZE:
        return after_size(chunks, c);
    case HTTP_CHUNK_EXTENSION:
        return after_text(chunks, c, HTTP_CHUNK_EXTENSION, HTTP_CHUNK_SIZE_LF);
    case HTTP_CHUNK_SIZE_LF:
        return c == '\n' ? begin_data(chunks) : HTTP_CHUNK_BAD;
    case HTTP_CHUNK_DATA_CR:
        return c == '\r' ? HTTP_CHUNK_DATA_LF : HTTP_CHUNK_BAD;
    case HTTP_CHUNK_DATA_LF:
        return c == '\n' ? HTTP_CHUNK_SIZE : HTTP_CHUNK_BAD;
    case HTTP_CHUNK_TRAILER:
        return c == '\r' ? HTTP_CHUNK_END_LF
                         : after_text(chunks, c, HTTP_CHUNK_TRAILER_LINE, HTTP_CHUNK_TRAILER_LF);
    case HTTP_CHUNK_TRAILER_LINE:
        return after_text(chunks, c, HTTP_CHUNK_TRAILER_LINE, HTTP_CHUNK_TRAILER_LF);
    case HTTP_CHUNK_TRAILER_LF:
        return c == '\n' ? HTTP_CHUNK_TRAILER : HTTP_CHUNK_BAD;
    case HTTP_CHUNK_END_LF:
        return c == '\n' ? HTTP_CHUNK_END : HTTP_CHUNK_BAD;
    case HTTP_CHUNK_DATA:
    case HTTP_CHUNK_END:
    case HTTP_CHUNK_BAD:
        break;
    }
    return chunks->state;
}

size_t http_chunks_eat(struct http_chunks *chunks, const char *bytes, size_t n)
{
    size_t eaten = 0;
    while (eaten < n && chunks->state != HTTP_CHUNK_DATA && chunks->state != HTTP_CHUNK_END &&
           chunks->state != HTTP_CHUNK_BAD)
        chunks->state = next_state(chunks, bytes[eaten++]);
    return eaten;
}

void http_chunks_took(struct http_chunks *chunks, size_t n)
{
    chunks->left -= n;
    if (!chunks->left)
        chunks->state = HTTP_CHUNK_DATA_CR;
}
