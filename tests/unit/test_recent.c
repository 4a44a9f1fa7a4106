/* test_recent.c - what was done lately. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/recent.h"

static void it_is_remembered_for_its_time(void **state UNUSED)
{
	struct recent *recent = recent_new(4, 100);

	assert_false(recent_find(recent, 7, 1000));
	assert_false(recent_find(recent, 0, 1000));
	recent_add(recent, 7, 1000);
	assert_true(recent_find(recent, 7, 1000));
	assert_true(recent_find(recent, 7, 1099));
	assert_false(recent_find(recent, 7, 1100));
	assert_false(recent_find(recent, 8, 1000));
	recent_free(recent);
	recent_free(NULL);
}

static void the_latest_are_remembered(void **state UNUSED)
{
	struct recent *recent = recent_new(3, 100);

	for (uint64_t what = 1; what <= 8; what++)
		recent_add(recent, what, 1000);
	for (uint64_t what = 1; what <= 8; what++)
		assert_int_equal(recent_find(recent, what, 1000), what > 5);
	recent_free(recent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_remembered_for_its_time),
		cmocka_unit_test(the_latest_are_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
