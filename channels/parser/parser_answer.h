/* Takes apart what libexec/parser says of a mail (PARSER_MAIL_IS): in the daemon, and in the process of parse-mail that
 * outlives the worker. What a broken process says is not believed. Any thread. */
#ifndef CHANNELS_PARSER_ANSWER_H
#define CHANNELS_PARSER_ANSWER_H

#include <jansson.h>
#include <stddef.h>

struct parser_attachment {
    const void *data; /* in the answer */
    size_t size;
};

/* The whole JSON object (json_decref), and the attachments it names (*ret_files: free). NULL = no such answer, or no
 * memory. */
json_t *parser_answer_split(
    const char *body, size_t length, struct parser_attachment **ret_files, size_t *ret_count);

#endif
