/* What the desk must know of the office, from the configuration. */
#ifndef DAEMON_OFFICE_MAKE_H
#define DAEMON_OFFICE_MAKE_H

#include "config/config.h"
#include "daemon/base/arena.h"
#include "daemon/desk/office.h"

/* Everything in the arena or borrowed from the configuration; both outlive the office. */
enum outcome office_make(
    const struct config *config, struct office *ret, struct arena *arena, struct fault *fault);

#endif
