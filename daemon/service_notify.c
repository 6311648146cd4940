#include "service_notify.h"
#include "daemon/base/log.h"
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool not_told(const char *state)
{
    log_event(LOG_WARN, NULL, "serve.manager_not_told", "state=%.40s reason=\"%s\"", state, strerror(errno));
    return false;
}

bool service_notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t length = path ? strlen(path) : 0;
    if (!length || length >= sizeof to.sun_path)
        return true;
    memcpy(to.sun_path, path, length);
    if (to.sun_path[0] == '@') /* abstract */
        to.sun_path[0] = 0;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return not_told(state);
    /* Ten datagrams wait for a manager that does not read; the loop never waits for it. */
    bool told = sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&to,
                    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) >= 0 ||
                not_told(state);
    close(fd);
    return told;
}
