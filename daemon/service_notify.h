/* Tells systemd how we are (sd_notify(3)): one datagram to $NOTIFY_SOCKET, nothing without it. */
#ifndef DAEMON_SERVICE_NOTIFY_H
#define DAEMON_SERVICE_NOTIFY_H

/* state: "READY=1", "STOPPING=1", "WATCHDOG=1" ... */
void service_notify(const char *state);

#endif
