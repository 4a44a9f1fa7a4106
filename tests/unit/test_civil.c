/* test_civil.c - days and minutes of the calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "base/civil.h"

static void days_count_from_1970(void **state UNUSED)
{
	assert_int_equal(civil_day(1970, 1, 1), 0);
	assert_int_equal(civil_day(1969, 12, 31), -1);
	assert_int_equal(civil_day(2000, 3, 1), 11017);
	assert_int_equal(civil_day(2026, 11, 20), 20777);
}

static void every_day_of_600_years_comes_back(void **state UNUSED)
{
	int32_t day = civil_day(1700, 1, 1);

	for (int year = 1700; year < 2300; year++)
		for (int month = 1; month <= 12; month++)
			for (int d = 1; d <= civil_days_in_month(year, month);
				d++, day++) {
				struct civil_date date = civil_date(day);

				assert_int_equal(
					civil_day(year, month, d), day);
				assert_int_equal(date.year, year);
				assert_int_equal(date.month, month);
				assert_int_equal(date.day, d);
			}
}

static void weekdays_follow_each_other(void **state UNUSED)
{
	assert_int_equal(civil_weekday(0), THURSDAY);
	assert_int_equal(civil_weekday(-1), WEDNESDAY);
	assert_int_equal(civil_weekday(civil_day(2019, 3, 1)), FRIDAY);
	assert_int_equal(civil_weekday(civil_day(1899, 12, 31)), SUNDAY);
}

static void only_days_that_exist_exist(void **state UNUSED)
{
	assert_true(civil_exists(2000, 2, 29));
	assert_false(civil_exists(1900, 2, 29));
	assert_false(civil_exists(2019, 2, 29));
	assert_false(civil_exists(2019, 4, 31));
	assert_false(civil_exists(2019, 0, 1));
	assert_false(civil_exists(2019, 13, 1));
	assert_false(civil_exists(2019, 1, 0));
	assert_false(civil_exists(0, 1, 1));
}

static void dates_and_moments_are_read_and_printed(void **state UNUSED)
{
	struct civil_moment moment;
	int32_t day;
	char text[CIVIL_TEXT_SIZE];

	assert_true(civil_read_date("2026-12-03", &day));
	assert_string_equal(civil_print_date(day, text), "2026-12-03");
	assert_true(civil_read_moment("2026-12-03T15:20", &moment));
	assert_string_equal(
		civil_print_moment(moment, text), "2026-12-03 15:20");
	assert_true(civil_read_moment("2026-12-03 15:20:59", &moment));
	assert_int_equal(moment.minute, 15 * 60 + 20);
	assert_string_equal(civil_print_minute(1440, text), "24:00");

	assert_false(civil_read_date("2026-02-30", &day));
	assert_false(civil_read_date("2026-12-03 ", &day));
	assert_false(civil_read_date("tomorrow", &day));
	assert_false(civil_read_date(NULL, &day));
	assert_false(civil_read_moment("2026-12-03 24:00", &moment));
	assert_false(civil_read_moment("2026-12-03", &moment));
	assert_false(civil_read_moment("2026-12-03 15:20 or so", &moment));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_count_from_1970),
		cmocka_unit_test(every_day_of_600_years_comes_back),
		cmocka_unit_test(weekdays_follow_each_other),
		cmocka_unit_test(only_days_that_exist_exist),
		cmocka_unit_test(dates_and_moments_are_read_and_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
