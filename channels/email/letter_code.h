/* Encodings of a letter: header words (RFC 2047), display names (RFC 5322 3.4), body (RFC 2045). Every line
 * they write ends with CRLF and is at most 78 bytes long, as far as the text has a place to break it. Pure.
 * Values are UTF-8 without CR and LF (the caller refuses those); other control bytes become spaces. */
#ifndef EMAIL_LETTER_CODE_H
#define EMAIL_LETTER_CODE_H

#include "daemon/base/str.h"

void letter_code_header(struct str *out, const char *name, const char *value); /* "Subject: ..." */
void letter_code_mailbox(struct str *out, const char *name, const char *display, const char *address);

/* Content-Transfer-Encoding, the empty line and the body. Line ends of any kind become CRLF. */
void letter_code_body(struct str *out, const char *text, size_t length);

/* A parameter of a MIME header on a line of its own: ";\r\n filename=..." (RFC 2045 5.1), coded and in pieces where it
 * is not plain (RFC 2231 3, 4). */
void letter_code_parameter(struct str *out, const char *name, const char *value);

/* Bytes as base64 lines. */
void letter_code_bytes(struct str *out, const void *data, size_t size);

#endif
