/* file_address.c - which addresses of the network a link may lead to. */
#include "mirror/file_address.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

struct range {
	uint32_t first;
	int bits;
};

#define IPV4(a, b, c, d)                                                  \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | \
		(uint32_t)(d))

/* The special-purpose addresses of IANA's registry (RFC 6890). */
static const struct range closed[] = {
	{IPV4(0, 0, 0, 0), 8},       /* this network */
	{IPV4(10, 0, 0, 0), 8},      /* private */
	{IPV4(100, 64, 0, 0), 10},   /* shared by a provider's customers */
	{IPV4(127, 0, 0, 0), 8},     /* loopback */
	{IPV4(169, 254, 0, 0), 16},  /* link-local; clouds' metadata */
	{IPV4(172, 16, 0, 0), 12},   /* private */
	{IPV4(192, 0, 0, 0), 24},    /* protocols */
	{IPV4(192, 0, 2, 0), 24},    /* documentation */
	{IPV4(192, 88, 99, 0), 24},  /* 6to4 relays */
	{IPV4(192, 168, 0, 0), 16},  /* private */
	{IPV4(198, 18, 0, 0), 15},   /* benchmarks */
	{IPV4(198, 51, 100, 0), 24}, /* documentation */
	{IPV4(203, 0, 113, 0), 24},  /* documentation */
	{IPV4(224, 0, 0, 0), 4},     /* multicast */
	{IPV4(240, 0, 0, 0), 4},     /* reserved, broadcast */
};

static bool is_public_4(uint32_t address)
{
	for (size_t i = 0; i < COUNT_OF(closed); i++) {
		uint32_t mask = UINT32_MAX << (32 - closed[i].bits);

		if ((address & mask) == closed[i].first)
			return false;
	}
	return true;
}

static uint32_t number_at(const uint8_t *bytes)
{
	return IPV4(bytes[0], bytes[1], bytes[2], bytes[3]);
}

static bool begins(const uint8_t *bytes, const char *prefix, size_t length)
{
	return memcmp(bytes, prefix, length) == 0;
}

static bool is_public_6(const uint8_t bytes[16])
{
	static const char mapped[] = "\0\0\0\0\0\0\0\0\0\0\xff\xff";
	static const char translated[] = "\0\x64\xff\x9b\0\0\0\0\0\0\0\0";

	/* An IPv4 address in other clothes: ::ffff:a.b.c.d and the prefix that
	 * translates (RFC 6052). */
	if (begins(bytes, mapped, 12) || begins(bytes, translated, 12))
		return is_public_4(number_at(bytes + 12));
	/* Only what is handed out globally, 2000::/3; in it, 6to4 carries an
	 * IPv4 address, and protocols (Teredo too) and documentation have
	 * ranges of their own. */
	if ((bytes[0] & 0xe0) != 0x20)
		return false;
	if (begins(bytes, "\x20\x02", 2))
		return is_public_4(number_at(bytes + 2));
	return !(begins(bytes, "\x20\x01", 2) && (bytes[2] & 0xfe) == 0) &&
	       !begins(bytes, "\x20\x01\x0d\xb8", 4) &&
	       !begins(bytes, "\x3f\xff", 2);
}

bool file_address_is_public(const struct sockaddr *address)
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (address->sa_family == AF_INET) {
		memcpy(&four, address, sizeof(four));
		return is_public_4(ntohl(four.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&six, address, sizeof(six));
		return is_public_6(six.sin6_addr.s6_addr);
	}
	return false;
}
