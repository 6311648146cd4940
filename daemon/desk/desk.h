/* The desk: joins channels and book. Takes arrivals to the writer thread, carries the outbox to the channels, keeps
 * each channel's health. Knows channels only by their contract. Loop thread. */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include "channels/channel.h"
#include "daemon/book/book.h"
#include "daemon/base/str.h"
#include "office.h"

struct desk;

enum outcome desk_new(struct desk **ret_desk, struct loop *loop, struct book *book,
    const struct office *office, struct fault *fault);
const struct office *desk_office(const struct desk *desk);

/* From now on files are scanned (scan_run.h); before desk_start(). scanner outlives the desk. */
struct scanner;
enum outcome desk_scan_by(struct desk *desk, struct scanner *scanner, struct fault *fault);

/* The host that channels are opened with, and the channel once it is open (the desk does not own it). */
const struct channel_host *desk_host(struct desk *desk);
enum outcome desk_add(struct desk *desk, struct channel *channel, struct fault *fault);

/* Recovers the outbox rows a crash left in `mengirim`, reads the bookmarks, then starts every channel; started()
 * runs when all of that is committed. */
void desk_start(struct desk *desk,
    void (*started)(void *arg, enum outcome outcome, const struct fault *fault), void *arg);

/* Stops the channels and claims nothing more; stopped() runs when nothing is in flight, after 4 s at the latest
 * (rows still in flight become tidak_pasti at the next start). */
void desk_stop(struct desk *desk, loop_fn *stopped, void *arg);
void desk_free(struct desk *desk);

/* One channel as it is now. */
struct desk_seen {
    char id[200];
    enum channel_health health;
    char text[400];      /* of the channel, for people */
    int64_t good_at;     /* ms; last change to good, 0 = never */
    int64_t bad_at;      /* ms; disturbed since, 0 = it is not */
    int64_t held_since;  /* ms; since then what is sent has to be tried again; 0 = it goes */
    char held_text[240]; /* why */
};
/* Any thread: copies of the first `most`, how many there are. */
size_t desk_look(struct desk *desk, struct desk_seen *ret, size_t most);

/* Lines for `status`: one a channel, with its health and its last good moment. */
void desk_status(const struct desk *desk, struct str *out);

#endif
