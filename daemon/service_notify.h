/* Tells systemd how we are (sd_notify(3)): one datagram to $NOTIFY_SOCKET, nothing without it. */
#ifndef DAEMON_SERVICE_NOTIFY_H
#define DAEMON_SERVICE_NOTIFY_H

#include <stdbool.h>

/* state: "READY=1", "STOPPING=1", "WATCHDOG=1" ... */
bool service_notify(const char *state); /* false: it could not be told, the log says why */

#endif
