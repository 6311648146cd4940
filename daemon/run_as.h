/* Who may work in the data folder. pengaduand parses what strangers send and needs no right of root, and files that
 * root leaves in another user's folder stop the service that belongs there. */
#ifndef DAEMON_RUN_AS_H
#define DAEMON_RUN_AS_H

#include "daemon/base/fault.h"
#include <stdbool.h>

/* STOP with a public text when root works in a folder (or will make it in one) that belongs to somebody else.
 * Root's own folder, which `init` made for root and said so, is root telling us. */
enum outcome run_as_check(const char *folder, struct fault *fault);

bool run_as_root(void);

#endif
