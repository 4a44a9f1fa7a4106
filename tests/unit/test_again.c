/* test_again.c - when what came back is tried again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "mirror/again.h"

static void who_was_not_seen_is_not_tried(void **state UNUSED)
{
	struct again *again = again_new();

	again_wait(again, 7, 1000);
	assert_false(again_is_waiting(again));
	assert_int_equal(again_next(again, INT64_MAX), 0);
	again_free(again);
}

static void it_takes_twice_as_long_each_time(void **state UNUSED)
{
	struct again *again = again_new();
	int64_t now = 1000, wait = AGAIN_FIRST_MS;

	again_begin(again, 7);
	assert_true(again_has(again, 7));
	for (int step = 0; step < AGAIN_STEPS; step++, wait *= 2) {
		again_wait(again, 7, now);
		again_wait(again, 7, now + 1); /* another message */
		assert_int_equal(again_next(again, now + wait - 1), 0);
		now += wait;
		assert_int_equal(again_next(again, now), 7);
		assert_int_equal(again_next(again, now), 0);
	}
	again_wait(again, 7, now);
	assert_false(again_is_waiting(again));
	again_begin(again, 7); /* seen anew */
	again_wait(again, 7, now);
	assert_int_equal(again_next(again, now + AGAIN_FIRST_MS), 7);
	again_free(again);
}

static void the_newest_are_kept(void **state UNUSED)
{
	struct again *again = again_new();

	for (uint32_t person = 1; person <= AGAIN_MOST + 1; person++)
		again_begin(again, person);
	assert_false(again_has(again, 1));
	assert_true(again_has(again, 2));
	assert_true(again_has(again, AGAIN_MOST + 1));
	again_free(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_was_not_seen_is_not_tried),
		cmocka_unit_test(it_takes_twice_as_long_each_time),
		cmocka_unit_test(the_newest_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
