/* What the office wrote, as a letter on paper: /cetak/surat/MESSAGE. */
#ifndef WEB_LETTER_PAPER_H
#define WEB_LETTER_PAPER_H

#include "daemon/book/message.h"
#include <stdbool.h>

/* Answers, questions and word on the way that were not taken back. */
bool letter_paper_for(const struct message *m);

#endif
