#include "address.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* IANA IPv4 special-purpose registry (RFC 6890), multicast and the reserved last sixteenth */
static const struct {
    uint32_t network;
    int bits;
} special[] = {
    {0x00000000, 8},  /* this network */
    {0x0a000000, 8},  /* private */
    {0x64400000, 10}, /* carrier NAT */
    {0x7f000000, 8},  /* loopback */
    {0xa9fe0000, 16}, /* link local: cloud metadata lives here */
    {0xac100000, 12}, /* private */
    {0xc0000000, 24}, /* IETF */
    {0xc0000200, 24}, /* documentation */
    {0xc0586300, 24}, /* 6to4 relay */
    {0xc0a80000, 16}, /* private */
    {0xc6120000, 15}, /* benchmarks */
    {0xc6336400, 24}, /* documentation */
    {0xcb007100, 24}, /* documentation */
    {0xe0000000, 3},  /* multicast and reserved */
};

static bool ipv4_is_public(uint32_t address)
{
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if ((address ^ special[i].network) >> (32 - special[i].bits) == 0)
            return false;
    return true;
}

static uint32_t ipv4_at(const unsigned char *bytes)
{
    uint32_t address;
    memcpy(&address, bytes, sizeof address);
    return ntohl(address);
}

static bool ipv6_is_public(const unsigned char *a)
{
    static const unsigned char mapped[12] = {[10] = 0xff, 0xff}, nat64[12] = {0, 0x64, 0xff, 0x9b};
    if (!memcmp(a, mapped, sizeof mapped) || !memcmp(a, nat64, sizeof nat64))
        return ipv4_is_public(ipv4_at(a + 12));
    if (a[0] == 0x20 && a[1] == 0x02)
        return ipv4_is_public(ipv4_at(a + 2)); /* 6to4 */
    if (a[0] == 0x20 && a[1] == 0x01 && (a[2] < 0x02 || (a[2] == 0x0d && a[3] == 0xb8)))
        return false;             /* 2001::/23 IETF with Teredo; 2001:db8::/32 documentation */
    return (a[0] & 0xe0) == 0x20; /* 2000::/3 is all that is routed as global unicast */
}

bool address_is_loopback(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
    }
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(&v6, address, sizeof v6);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

bool address_is_public(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        return ipv4_is_public(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(&v6, address, sizeof v6);
    return ipv6_is_public(v6.sin6_addr.s6_addr);
}

void address_key(const char *text, unsigned char key[16])
{
    struct in6_addr six = {0};
    struct in_addr four;
    if (inet_pton(AF_INET, text, &four) == 1) {
        six.s6_addr[10] = six.s6_addr[11] = 0xff;
        memcpy(six.s6_addr + 12, &four, 4);
    } else if (inet_pton(AF_INET6, text, &six) != 1) {
        six = (struct in6_addr){0};
    } else if (!IN6_IS_ADDR_V4MAPPED(&six)) {
        memset(six.s6_addr + 8, 0, 8);
    }
    memcpy(key, six.s6_addr, 16);
}

void address_text(const struct sockaddr *address, char *out, socklen_t size)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    *out = 0;
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        inet_ntop(AF_INET, &v4.sin_addr, out, size);
    } else if (address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
            inet_ntop(AF_INET, v6.sin6_addr.s6_addr + 12, out, size);
        else
            inet_ntop(AF_INET6, &v6.sin6_addr, out, size);
    }
}
