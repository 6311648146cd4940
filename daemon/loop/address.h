/* What kind of place an address is. Pure. For the RESOLVED address, so that no name can talk its way around. */
#ifndef LOOP_ADDRESS_H
#define LOOP_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

bool address_is_loopback(const struct sockaddr *address);

/* true for an address of the public internet; false for private, link-local, loopback, reserved and multicast ones,
 * also inside IPv4-mapped, NAT64 and 6to4 addresses, and for families other than IPv4 and IPv6. */
bool address_is_public(const struct sockaddr *address);

/* The same 16 bytes for one stranger: an IPv4 address (as a mapped one, RFC 4291 2.5.5.2), or an IPv6 network of 64
 * bits, for whoever has one address of it has all. What is no address (a unix socket) gets all zeros. */
void address_key(const char *text, unsigned char key[16]);

/* Numeric text of a socket's address, a mapped IPv4 address as IPv4; "" when it is neither IPv4 nor IPv6. */
void address_text(const struct sockaddr *address, char *out, socklen_t size);

#endif
