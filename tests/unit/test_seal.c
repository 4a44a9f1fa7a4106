/* test_seal.c - sealed resources: the same every time, to be opened here alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/memory.h"
#include "mirror/seal.h"

static int set_up(void **state)
{
	*state = seal_new("the secret of the component", SEAL_DEVICES);
	return 0;
}

static int tear_down(void **state)
{
	seal_free(*state);
	return 0;
}

static void what_is_sealed_can_be_opened(void **state)
{
	static const char *const resources[] = {"x", "Conversations.aB1",
		"gajim.host-12", "dino 77/ä€", "Jane Doe's phone"};
	char sealed[SEAL_SIZE], again[SEAL_SIZE], resource[SEAL_SIZE];

	for (size_t i = 0; i < COUNT_OF(resources); i++) {
		assert_true(seal_close(*state, 7, resources[i], sealed));
		assert_true(seal_close(*state, 7, resources[i], again));
		assert_string_equal(sealed, again);
		assert_int_equal(
			strspn(sealed, "abcdefghijklmnopqrstuvwxyz234567"),
			strlen(sealed));
		assert_true(seal_open(*state, 7, sealed, resource));
		assert_string_equal(resource, resources[i]);
	}
}

static void it_is_bound_to_the_person_and_the_secret(void **state)
{
	char sealed[SEAL_SIZE], other[SEAL_SIZE], resource[SEAL_SIZE];
	struct seal *stranger = seal_new("another secret", SEAL_DEVICES);

	assert_true(seal_close(*state, 7, "phone", sealed));
	assert_true(seal_close(*state, 8, "phone", other));
	assert_string_not_equal(sealed, other);
	assert_false(seal_open(*state, 8, sealed, resource));
	assert_string_equal(resource, "");
	assert_false(seal_open(stranger, 7, sealed, resource));
	seal_free(stranger);
}

static void it_is_bound_to_the_purpose(void **state)
{
	char sealed[SEAL_SIZE], resource[SEAL_SIZE];
	struct seal *other =
		seal_new("the secret of the component", SEAL_QUESTIONS);

	assert_true(seal_close(*state, 7, "phone", sealed));
	assert_false(seal_open(other, 7, sealed, resource));
	seal_free(other);
}

static void many_devices_are_kept_apart(void **state)
{
	char sealed[SEAL_SIZE], resource[SEAL_SIZE];

	/* More than are remembered; each twice, so that some are. */
	for (uint32_t i = 0; i < 6000; i++) {
		AUTO(free_text) char *device = xasprintf("device %u", i / 2);

		assert_true(seal_close(*state, i / 2 % 3, device, sealed));
		assert_true(seal_open(*state, i / 2 % 3, sealed, resource));
		assert_string_equal(resource, device);
		assert_false(
			seal_open(*state, (i / 2 + 1) % 3, sealed, resource));
		assert_string_equal(resource, "");
	}
}

static void what_was_not_sealed_here_does_not_open(void **state)
{
	char sealed[SEAL_SIZE], resource[SEAL_SIZE];

	assert_true(seal_close(*state, 7, "phone", sealed));
	for (size_t i = 0; sealed[i]; i++) {
		char was = sealed[i];

		sealed[i] = was == 'a' ? 'b' : 'a';
		assert_false(seal_open(*state, 7, sealed, resource));
		sealed[i] = was;
	}
	assert_true(seal_open(*state, 7, sealed, resource));
	sealed[strlen(sealed) - 1] = '\0';
	assert_false(seal_open(*state, 7, sealed, resource));
	assert_false(seal_open(*state, 7, "", resource));
	assert_false(seal_open(*state, 7, "Conversations.aB1", resource));
	assert_false(
		seal_open(*state, 7, "aaaaaaaaaaaaaaaaaaaaaaaaaa", resource));
}

static void the_length_has_an_end(void **state)
{
	char longest[SEAL_PLAIN + 2], sealed[SEAL_SIZE], resource[SEAL_SIZE];
	char text[2 * SEAL_SIZE];

	memset(longest, 'x', sizeof(longest) - 1);
	longest[SEAL_PLAIN + 1] = '\0';
	assert_false(seal_close(*state, 7, longest, sealed));
	assert_string_equal(sealed, "");
	longest[SEAL_PLAIN] = '\0';
	assert_true(seal_close(*state, 7, longest, sealed));
	assert_true(strlen(sealed) < 1023);
	assert_true(seal_open(*state, 7, sealed, resource));
	assert_string_equal(resource, longest);
	assert_false(seal_close(*state, 7, "", sealed));
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_false(seal_open(*state, 7, text, resource));
}

static void sha1_is_as_known(void **state UNUSED)
{
	char text[CRYPTO_SHA1_TEXT];

	/* The example of XEP-0115 section 5.2. */
	static const char caps[] =
		"client/pc//Exodus 0.9.1<http://jabber.org/protocol/caps<"
		"http://jabber.org/protocol/disco#info<"
		"http://jabber.org/protocol/disco#items<"
		"http://jabber.org/protocol/muc<";
	assert_string_equal(crypto_sha1(caps, strlen(caps), text),
		"QgayPKawpkPSDYmwT/WM94uAlu0=");
}

static void its_cost(void **state)
{
	char sealed[SEAL_SIZE], resource[SEAL_SIZE];
	int64_t began = clock_monotonic_ms();
	const int count = 20000;

	for (int i = 0; i < count; i++) {
		assert_true(seal_close(*state, 7, "Conversations.aB1", sealed));
		assert_true(seal_open(*state, 7, sealed, resource));
	}
	print_message("sealed and opened in %.1f us\n",
		(double)(clock_monotonic_ms() - began) * 1000 / count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_sealed_can_be_opened, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			it_is_bound_to_the_person_and_the_secret, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			what_was_not_sealed_here_does_not_open, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			the_length_has_an_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			it_is_bound_to_the_purpose, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			many_devices_are_kept_apart, set_up, tear_down),
		cmocka_unit_test(sha1_is_as_known),
		cmocka_unit_test_setup_teardown(its_cost, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
