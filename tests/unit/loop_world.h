/* For tests of daemon/loop: a loop on a thread of its own, and blocking clients beside it. */
#ifndef TESTS_LOOP_WORLD_H
#define TESTS_LOOP_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "daemon/loop/loop.h"

enum { WORLD_PATIENCE = 20 }; /* seconds until a test that waits in vain fails */

struct world {
    struct loop *loop;
    pthread_t thread;
};

__attribute__((unused)) static void *world_thread(void *arg)
{
    loop_run(arg);
    return NULL;
}

__attribute__((unused)) static void world_run(struct world *w)
{
    assert_int_equal(pthread_create(&w->thread, NULL, world_thread, w->loop), 0);
}

struct world_call {
    struct loop_task task;
    loop_fn *run;
    void *arg;
    sem_t done;
};

__attribute__((unused)) static void world_called(void *arg)
{
    struct world_call *call = arg;
    call->run(call->arg);
    sem_post(&call->done);
}

__attribute__((unused)) static void world_wait(sem_t *sem)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WORLD_PATIENCE;
    assert_int_equal(sem_timedwait(sem, &until), 0);
}

/* Runs run(arg) on the loop thread and waits until it is done. */
__attribute__((unused)) static void world_call(struct world *w, loop_fn *run, void *arg)
{
    struct world_call call = {.run = run, .arg = arg};
    sem_init(&call.done, 0, 0);
    call.task = (struct loop_task){world_called, &call, NULL};
    loop_post(w->loop, &call.task);
    world_wait(&call.done);
    sem_destroy(&call.done);
}

__attribute__((unused)) static void world_stop_loop(void *arg)
{
    loop_stop(arg);
}

__attribute__((unused)) static void world_end(struct world *w)
{
    world_call(w, world_stop_loop, w->loop);
    pthread_join(w->thread, NULL);
}

__attribute__((unused)) static int world_patient(int fd)
{
    struct timeval tv = {.tv_sec = WORLD_PATIENCE};
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
    return fd;
}

__attribute__((unused)) static int world_dial(int port)
{
    int fd = world_patient(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

__attribute__((unused)) static int world_listen(int *ret_port)
{
    int fd = world_patient(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    *ret_port = ntohs(at.sin_port);
    return fd;
}

__attribute__((unused)) static int64_t world_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif
