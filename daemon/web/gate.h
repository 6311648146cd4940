/* The gate in front of the public form, which is open as long as nobody storms it. A form's page carries a ticket that tells
 * when it was made; forms are counted by address, by network and in all. Beyond the rates the sender is asked for work: a
 * browser with JavaScript computes some ten thousand hashes, one without waits half a minute. Nobody is turned away, and
 * whoever sends from this machine itself (a kiosk, a bench) is not counted. Thread-safe. */
#ifndef WEB_GATE_H
#define WEB_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GATE_TICKET_SIZE = 64, /* bytes with the NUL */
    GATE_BITS = 14,        /* zero bits that the proof's hash begins with */
    GATE_WAIT_MS = 30 * 1000,
};

struct gate;

struct gate *gate_new(void); /* NULL without memory */
void gate_free(struct gate *gate);

/* A ticket for the form with that key (report_form.h kiriman). asked: with the request for work, which it is then proof
 * against. */
void gate_ticket(
    const struct gate *gate, const char *key, bool asked, int64_t now_ms, char out[GATE_TICKET_SIZE]);

/* Milliseconds since the ticket was made; -1 when it is none of ours for that key, or older than a day. */
int64_t gate_age(const struct gate *gate, const char *ticket, const char *key, int64_t now_ms);

/* Counts one form. False = more work is wanted first: ticket is not of an asked one, or neither waited nor worked for.
 * proof: a number in decimal, such that SHA-256 of "<ticket>:<number>" begins with GATE_BITS zero bits; "" = none. */
bool gate_lets(struct gate *gate, const char *peer, const char *ticket, const char *key, const char *proof,
    int64_t now_ms);

#endif
