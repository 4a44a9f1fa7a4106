/* test_file_address.c - links lead to the open Internet alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "mirror/file_address.h"

static bool is_public(const char *text)
{
	struct sockaddr_storage address = {0};
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
		memcpy(&address, &four, sizeof(four));
	} else {
		assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
		memcpy(&address, &six, sizeof(six));
	}
	return file_address_is_public((struct sockaddr *)&address);
}

static void what_everybody_can_reach_is_public(void **state)
{
	static const char *const open[] = {"1.1.1.1", "8.8.8.8",
		"9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
		"128.0.0.1", "169.253.1.1", "172.15.0.1", "172.32.0.1",
		"192.167.1.1", "223.255.255.255", "2a01:4f8::1",
		"2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
		"2002:0808:0808::1"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(open); i++)
		if (!is_public(open[i]))
			fail_msg("%s is public", open[i]);
}

static void what_is_inside_is_not(void **state)
{
	static const char *const closed[] = {"0.0.0.0", "0.1.2.3", "10.0.0.1",
		"100.64.0.1", "100.127.255.255", "127.0.0.1", "127.8.8.8",
		"169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
		"192.0.2.1", "192.168.0.1", "198.18.0.1", "198.19.255.255",
		"198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1",
		"240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
		"::ffff:10.1.1.1", "::127.0.0.1", "64:ff9b::127.0.0.1",
		"64:ff9b:1::1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1",
		"2001:db8::1", "2001::1", "2001:1::1", "2002:7f00:0001::1",
		"2002:c0a8:0101::1", "3fff::1", "fec0::1", "100::1"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(closed); i++)
		if (is_public(closed[i]))
			fail_msg("%s is not public", closed[i]);
}

static void other_families_are_not(void **state)
{
	struct sockaddr address = {.sa_family = AF_UNIX};

	(void)state;
	assert_false(file_address_is_public(&address));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_everybody_can_reach_is_public),
		cmocka_unit_test(what_is_inside_is_not),
		cmocka_unit_test(other_families_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
