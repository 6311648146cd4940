/* Something about the book itself that a person must hear: by e-mail to every admin who has an address. What stands at the
 * desk and in `status` is read from where it was recorded (book/inspection.h). */
#ifndef DESK_ALARM_H
#define DESK_ALARM_H

#include "daemon/book/book.h"
#include "office.h"

/* Inside a write transaction. sentence: Indonesian, no personal data. */
enum outcome alarm_admins(struct book_txn *txn, const struct office *office, const char *subject,
    const char *sentence, struct fault *fault);

#endif
