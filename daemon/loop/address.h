/* What kind of place an address is. Pure. For the RESOLVED address, so that no name can talk its way around. */
#ifndef LOOP_ADDRESS_H
#define LOOP_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

bool address_is_loopback(const struct sockaddr *address);

/* true for an address of the public internet; false for private, link-local, loopback, reserved and multicast ones,
 * also inside IPv4-mapped, NAT64 and 6to4 addresses, and for families other than IPv4 and IPv6. */
bool address_is_public(const struct sockaddr *address);

#endif
