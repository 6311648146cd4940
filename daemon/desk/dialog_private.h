/* Shared by dialog.c (what a line is), dialog_act.c (what is done about it), dialog_ask.c (questions and time) and
 * dialog_say.c (what the citizen reads). */
#ifndef DESK_DIALOG_PRIVATE_H
#define DESK_DIALOG_PRIVATE_H

#include "daemon/book/citizen.h"
#include "dialog.h"

/* What "asked" holds beside the names of the fields. */
#define DIALOG_ASKED_MATTER "isi"
#define DIALOG_ASKED_GREETING                                                                                \
    "salam" /* a greeting that may be the first of several lines: answered after a moment */

/* "nama", "pekerjaan", "alamat" */
const char *dialog_field_key(enum chat_field field);
enum chat_field dialog_field(const char *asked); /* CHAT_NOTHING_ASKED for all others */

/* dialog_say.c: a line to the chat, as an outbox row; beside the complaint's messages when there is one. d->said false:
 * it is held back (held_back.h), or what he wrote is too old for an answer. */
enum outcome dialog_say(struct dialog *d, const char *text);
const char *dialog_greeting(const struct dialog *d);
const char *dialog_question(const struct dialog *d, const char *asked);
const char *dialog_status_text(const struct dialog *d, const struct complaint *c);

/* dialog_ask.c */
/* The next question, after `before` (NULL = nothing); or the end, when nothing is missing. */
enum outcome dialog_ask_next(struct dialog *d, const char *before);
void dialog_finish(struct dialog *d); /* nothing more is asked about this complaint */
unsigned dialog_missing(const struct dialog *d, const struct citizen *citizen);

/* dialog_act.c: the acts of a line that is neither about the matter nor a greeting; complaint d->c, id 0 = none. */
enum outcome dialog_act(struct dialog *d);
/* He wants a person: who is concerned is told, and he that they were. */
enum outcome dialog_call_person(struct dialog *d);
/* Takes over what the line told of himself. */
enum outcome dialog_learn(struct dialog *d);

#endif
