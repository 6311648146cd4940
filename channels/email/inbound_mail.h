/* What the parser child says of a mail, as the desk's struct inbound. Pure: no I/O, no clock; everything that
 * is kept is copied into in->arena. The caller has set arena, external, raw and raw_size. */
#ifndef INBOUND_MAIL_H
#define INBOUND_MAIL_H

#include "channels/channel.h"
#include "channels/parser/parser.h"

/* A parsed mail. Media types of the files are "application/octet-stream": they come from the content, by
 * another question to the parser (parser_file_type). */
void inbound_mail_fill(struct inbound *in, const struct parser_mail *mail);

/* A mail that killed its reader: sender and text as well as they can be had without understanding it, so that
 * an officer finds it and reads the raw file. */
void inbound_mail_fill_unreadable(struct inbound *in);

/* Afterwards, for a mail of which raw is only the beginning: a person must look, its files are cut ones, and its
 * sender is told. */
void inbound_mail_mark_large(struct inbound *in, size_t size, size_t limit);

/* The sender by Authentication-Results of that server; NULL = nobody judges. */
void inbound_mail_judge(struct inbound *in, const char *authserv_id);

/* A UID that was announced and is gone: a line in the ledger. */
void inbound_mail_fill_gone(struct inbound *in);

/* A UID that the server refuses to hand out (words: its own): an entry, because a citizen may wait behind
 * it. */
void inbound_mail_fill_refused(struct inbound *in, uint32_t uid, const char *words);

/* The first thing in the text that looks like a register number (014/PGD/XI/2026, whatever its configured
 * form); NULL = none. The desk finds out whether it is one. */
const char *inbound_mail_number(struct arena *arena, const char *text);

/* The keyed tag behind a number in a subject (rules/thread_tag.h); NULL = none. */
const char *inbound_mail_tag(struct arena *arena, const char *text);

#endif
