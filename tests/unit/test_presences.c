/* test_presences.c - who is there, who has seen it, who vanished. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "mirror/presences.h"

#define MINUTE_MS 60000
#define PATIENT 7

static int set_up(void **state)
{
	*state = presences_new();
	return 0;
}

static int tear_down(void **state)
{
	presences_free(*state);
	return 0;
}

static unsigned show(struct presences *presences, const char *resource,
	uint32_t partner, int64_t now_ms)
{
	struct device device = {.priority = 1};

	(void)snprintf(
		device.resource, sizeof(device.resource), "%s", resource);
	return presences_put(
		presences, PATIENT, &device, "app#1", partner, now_ms);
}

static void a_device_is_seen_by_whom_it_was_shown_to(void **state)
{
	struct device devices[DEVICES_MOST];

	assert_int_equal(
		show(*state, "phone", 1, 1000), SHOWN_FIRST | SHOWN_ASK);
	assert_int_equal(show(*state, "phone", 1, 1000), 0);
	assert_int_equal(show(*state, "phone", 2, 1000), SHOWN_FIRST);
	assert_int_equal(
		show(*state, "laptop", 2, 1000), SHOWN_FIRST | SHOWN_ASK);
	assert_int_equal(
		presences_list_for(*state, PATIENT, 1, devices, DEVICES_MOST),
		1);
	assert_string_equal(devices[0].resource, "phone");
	assert_int_equal(
		presences_list_for(*state, PATIENT, 3, devices, DEVICES_MOST),
		0);
	assert_int_equal(
		presences_hide(*state, PATIENT, 2, devices, DEVICES_MOST), 2);
	assert_int_equal(
		presences_hide(*state, PATIENT, 2, devices, DEVICES_MOST), 0);
	assert_int_equal(
		presences_list_for(*state, PATIENT, 1, devices, DEVICES_MOST),
		1);
	assert_int_equal(
		presences_list(*state, PATIENT, devices, DEVICES_MOST), 2);
}

/* The next device that vanished; "" when there is none. */
static const char *lost(struct presences *presences, int64_t now_ms)
{
	static struct device device;
	uint32_t viewers[4];
	size_t count = 0;

	if (!presences_take_lost(presences, PATIENT, now_ms, &device, viewers,
		    COUNT_OF(viewers), &count))
		return "";
	assert_int_equal(count, 1);
	assert_int_equal(viewers[0], 1);
	return device.resource;
}

static void who_vanished_is_found_by_asking_again(void **state)
{
	int64_t now = MINUTE_MS;

	(void)show(*state, "phone", 1, now);
	(void)show(*state, "laptop", 1, now);
	assert_false(presences_is_due(*state, PATIENT, now + MINUTE_MS));
	now += 11 * MINUTE_MS;
	assert_true(presences_is_due(*state, PATIENT, now));
	/* Who has seen nothing proves nothing. */
	presences_asked(*state, PATIENT, 2, now);
	assert_true(presences_is_due(*state, PATIENT, now));
	presences_asked(*state, PATIENT, 1, now);
	assert_false(presences_is_due(*state, PATIENT, now));
	/* No answer at all proves nothing. */
	assert_string_equal(lost(*state, now + MINUTE_MS), "");
	(void)show(*state, "phone", 1, now + 100);
	assert_string_equal(lost(*state, now + 200), "");
	assert_string_equal(lost(*state, now + MINUTE_MS), "laptop");
	assert_string_equal(lost(*state, now + MINUTE_MS), "");
}

static void what_others_hear_proves_nothing(void **state)
{
	(void)show(*state, "phone", 1, 1000);
	(void)show(*state, "laptop", 1, 1000);
	presences_asked(*state, PATIENT, 1, MINUTE_MS);
	presences_asked(*state, PATIENT, 1, MINUTE_MS + 500);
	(void)show(*state, "tablet", 2, MINUTE_MS + 100);
	assert_string_equal(lost(*state, 2 * MINUTE_MS), "");
	(void)show(*state, "laptop", 1, MINUTE_MS + 200);
	assert_string_equal(lost(*state, 2 * MINUTE_MS), "phone");
	assert_string_equal(lost(*state, 2 * MINUTE_MS), "");
}

static void what_nobody_sees_goes(void **state)
{
	struct device devices[DEVICES_MOST];

	(void)show(*state, "phone", 1, 1000);
	(void)show(*state, "laptop", 2, 1000);
	(void)presences_hide(*state, PATIENT, 2, devices, DEVICES_MOST);
	presences_remove(*state, PATIENT, NULL);
	assert_int_equal(
		presences_list(*state, PATIENT, devices, DEVICES_MOST), 1);
	assert_string_equal(devices[0].resource, "phone");
}

static void that_one_device_went_says_nothing_of_others(void **state)
{
	presences_remove(*state, PATIENT, "tablet");
	assert_false(presences_is_known(*state, PATIENT));
	assert_int_equal(
		show(*state, "phone", 1, 1000), SHOWN_FIRST | SHOWN_ASK);
	presences_remove(*state, PATIENT, "phone");
	assert_true(presences_is_known(*state, PATIENT));
}

static void that_nobody_is_there_is_known(void **state)
{
	presences_remove(*state, PATIENT, NULL);
	assert_true(presences_is_known(*state, PATIENT));
}

static void everybody_is_listed_once(void **state)
{
	static bool is_listed[40001];
	uint32_t people[1000];
	size_t place = 0, count, all = 0;

	for (uint32_t person = 1; person <= 40000; person++) {
		struct device device = {.resource = "phone"};

		(void)presences_put(*state, person, &device, "", 1, 1);
	}
	while ((count = presences_people(
			*state, &place, people, COUNT_OF(people))))
		for (size_t i = 0; i < count; i++, all++) {
			assert_false(is_listed[people[i]]);
			is_listed[people[i]] = true;
		}
	assert_int_equal(all, 40000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_device_is_seen_by_whom_it_was_shown_to, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			who_vanished_is_found_by_asking_again, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			what_others_hear_proves_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_nobody_sees_goes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			that_one_device_went_says_nothing_of_others, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			that_nobody_is_there_is_known, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			everybody_is_listed_once, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
