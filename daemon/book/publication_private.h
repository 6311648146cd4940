/* What everybody may see, shared by publication.c and service_request.c. */
#ifndef BOOK_PUBLICATION_PRIVATE_H
#define BOOK_PUBLICATION_PRIVATE_H

/* Of a publication p and its complaint c (publication.h says why). The plus sign keeps SQLite from beginning with all that
 * are in such a state. */
#define PUBLICATION_SHOWN                                                                                    \
    "(p.withdrawn_at IS NULL AND +c.state IN ('dijawab', 'ditutup') AND c.confidentiality <> 'rahasia'"      \
    " AND c.kind IN ('pengaduan', 'aspirasi', 'informasi'))"

#endif
