/* test_duration.c - lengths of time as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "desk/duration.h"

static const struct {
	const char *text;
	int minutes; /* 0: refused */
} cases[] = {
	{"30 min", 30},
	{"30min", 30},
	{"30 minutes", 30},
	{"thirty minutes", 30},
	{"half an hour", 30},
	{"a half hour", 30},
	{"a quarter of an hour", 15},
	{"1h30", 90},
	{"1:30", 90},
	{"2h", 120},
	{"1 h", 60},
	{"1 hour 30 minutes", 90},
	{"1 hour and 15 min", 75},
	{"an hour", 60},
	{"an hour and a half", 90},
	{"one and a half hours", 90},
	{"1.5 hours", 90},
	{"45", 45},
	{"about 20 mins please", 20},
	{"forty-five", 45},
	{"24 hours", 1440},
	{"25 hours", 0},
	{"0", 0},
	{"two days", 0},
	{"long", 0},
	{"", 0},
	{"9999", 0},
};

static void lengths_are_read(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int minutes = 0;
		struct error error;
		bool is_read =
			duration_read(cases[i].text, NULL, &minutes, &error);

		if (is_read != (cases[i].minutes != 0) ||
			minutes != cases[i].minutes)
			fail_msg("\"%s\": %d %s", cases[i].text, minutes,
				is_read ? "" : error.message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
