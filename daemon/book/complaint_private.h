/* Shared by complaint.c (one) and complaint_list.c (many). */
#ifndef BOOK_COMPLAINT_PRIVATE_H
#define BOOK_COMPLAINT_PRIVATE_H

#include "complaint.h"
#include "stmt.h"

#define COMPLAINT_COLUMNS                                                                                    \
    "c.id, c.number, c.code, c.kind, c.confidentiality, c.state, c.state_since, c.version, c.channel, "      \
    "c.reply_to,"                                                                                            \
    " c.citizen_id, c.service_id, c.section_id, v.name, x.name, c.instruction, c.subject, c.place, "         \
    "c.occurred,"                                                                                            \
    " c.received_at, c.due_at, c.answered_at, c.closed_at, c.referred_to, c.referred_number, c.main_id, "    \
    "p.nama, c.related_id "
#define COMPLAINT_NAMES                                                                                      \
    "LEFT JOIN service v ON v.id = c.service_id LEFT JOIN section x ON x.id = c.section_id"                  \
    " LEFT JOIN citizen p ON p.id = c.citizen_id "
#define COMPLAINT_SELECT "SELECT " COMPLAINT_COLUMNS "FROM complaint c " COMPLAINT_NAMES

/* The row s stands on, columns as above; texts in the arena. */
void complaint_read(const struct stmt *s, struct complaint *c, struct arena *arena);

#endif
