#include "gate.h"
#include "daemon/base/random.h"
#include "limit.h"
#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_BYTES = 32,
    MAC_CHARACTERS = 32,
    DAY_MS = 24 * 3600 * 1000,
    HOUR_MS = 3600 * 1000,
    PROOF_DIGITS = 12,
    NETWORK_V4 = 15, /* first byte of the key that does not count: 24 bits of an IPv4 address */
    NETWORK_V6 = 6,  /* 48 bits of an IPv6 one */
};

/* A mobile network has many citizens behind one address; nobody notices these rates but a machine. */
static const struct limit_rate by_address = {8, 60 * 1000}, by_network = {30, 15 * 1000},
                               in_all = {120, 3 * 1000}, by_waiting = {10, 30 * 1000};

struct gate {
    unsigned char key[KEY_BYTES];
    struct limit *address, *network, *all, *waiting;
};

struct gate *gate_new(void)
{
    struct gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        return NULL;
    random_bytes(gate->key, sizeof gate->key);
    gate->address = limit_new(by_address);
    gate->network = limit_new(by_network);
    gate->all = limit_new(in_all);
    gate->waiting = limit_new(by_waiting);
    if (gate->address && gate->network && gate->all && gate->waiting)
        return gate;
    gate_free(gate);
    return NULL;
}

void gate_free(struct gate *gate)
{
    if (!gate)
        return;
    limit_free(gate->address);
    limit_free(gate->network);
    limit_free(gate->all);
    limit_free(gate->waiting);
    free(gate);
}

/* ---- tickets: <12 hex digits of milliseconds><f or t><32 hex digits of the MAC> ---- */

enum { TIME_CHARACTERS = 12, TICKET_LENGTH = TIME_CHARACTERS + 1 + MAC_CHARACTERS };

static void sign(const struct gate *gate, const char *head, const char *key, char mac[MAC_CHARACTERS + 1])
{
    unsigned char sum[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, gate->key, sizeof gate->key);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head, TIME_CHARACTERS + 1);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)key, strlen(key));
    crypto_auth_hmacsha256_final(&state, sum);
    sodium_bin2hex(mac, MAC_CHARACTERS + 1, sum, MAC_CHARACTERS / 2);
}

void gate_ticket(
    const struct gate *gate, const char *key, bool asked, int64_t now_ms, char out[GATE_TICKET_SIZE])
{
    char mac[MAC_CHARACTERS + 1];
    snprintf(out, GATE_TICKET_SIZE, "%012llx%c", (unsigned long long)now_ms & 0xffffffffffffULL,
        asked ? 't' : 'f');
    sign(gate, out, key, mac);
    memcpy(out + TIME_CHARACTERS + 1, mac, sizeof mac);
}

int64_t gate_age(const struct gate *gate, const char *ticket, const char *key, int64_t now_ms)
{
    char mac[MAC_CHARACTERS + 1], time[TIME_CHARACTERS + 1];
    if (strlen(ticket) != TICKET_LENGTH)
        return -1;
    sign(gate, ticket, key, mac);
    if (sodium_memcmp(mac, ticket + TIME_CHARACTERS + 1, MAC_CHARACTERS))
        return -1;
    memcpy(time, ticket, TIME_CHARACTERS);
    time[TIME_CHARACTERS] = 0;
    int64_t age = now_ms - (int64_t)strtoull(time, NULL, 16);
    return age < 0 ? 0 : age > DAY_MS ? -1 : age;
}

/* ---- proofs ---- */

static bool proven(const char *ticket, const char *proof)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    char text[GATE_TICKET_SIZE + 1 + PROOF_DIGITS + 1];
    size_t digits = strlen(proof);
    if (!digits || digits > PROOF_DIGITS || strspn(proof, "0123456789") != digits)
        return false;
    int n = snprintf(text, sizeof text, "%s:%s", ticket, proof);
    crypto_hash_sha256(sum, (const unsigned char *)text, (size_t)n);
    return !sum[0] && !(sum[1] >> (16 - GATE_BITS));
}

/* Waiting is cheap for who asks for many tickets at once, so that is counted too. */
static bool worked(struct gate *gate, const char *network, const char *ticket, const char *key,
    const char *proof, int64_t now_ms)
{
    int64_t age = gate_age(gate, ticket, key, now_ms);
    if (age < 0 || age > HOUR_MS || ticket[TIME_CHARACTERS] != 't')
        return false;
    if (proven(ticket, proof))
        return true;
    if (age < GATE_WAIT_MS || !limit_allows(gate->waiting, network, now_ms))
        return false;
    limit_count(gate->waiting, network, now_ms);
    return true;
}

/* ---- rates ---- */

static bool from_this_machine(const char *peer)
{
    return !*peer || !strcmp(peer, "::1") || !strncmp(peer, "127.", 4);
}

static void network_of(const char *peer, char out[INET6_ADDRSTRLEN])
{
    struct in_addr four;
    struct in6_addr six;
    *out = 0;
    if (inet_pton(AF_INET, peer, &four) == 1) {
        four.s_addr &= htonl(0xffffff00u);
        inet_ntop(AF_INET, &four, out, INET6_ADDRSTRLEN);
    } else if (inet_pton(AF_INET6, peer, &six) == 1) {
        size_t from = IN6_IS_ADDR_V4MAPPED(&six) ? NETWORK_V4 : NETWORK_V6;
        memset(six.s6_addr + from, 0, sizeof six.s6_addr - from);
        inet_ntop(AF_INET6, &six, out, INET6_ADDRSTRLEN);
    }
}

bool gate_lets(struct gate *gate, const char *peer, const char *ticket, const char *key, const char *proof,
    int64_t now_ms)
{
    char network[INET6_ADDRSTRLEN];
    if (from_this_machine(peer))
        return true;
    network_of(peer, network);
    bool free = limit_allows(gate->address, peer, now_ms) && limit_allows(gate->network, network, now_ms) &&
                limit_allows(gate->all, "", now_ms);
    if (!free && !worked(gate, network, ticket, key, proof, now_ms))
        return false;
    if (free) { /* who works is no part of the storm */
        limit_count(gate->address, peer, now_ms);
        limit_count(gate->network, network, now_ms);
        limit_count(gate->all, "", now_ms);
    }
    return true;
}
