/* test_hours.c - hours as people write them: patterns, and rules as they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "desk/hours.h"

#define TODAY 20787 /* Monday 30 November 2026 */

struct hours_case {
	const char *text;
	const char *printed; /* NULL: refused */
	const char *days;    /* from today to 15 February 2027; NULL: any */
};

/* clang-format off */
static const struct hours_case cases[] = {
	{"mon-fri 9-13, 15-18", "mon-fri 09:00-13:00, 15:00-18:00", NULL},
	{"every other friday 9-12",
		"every other fri 09:00-12:00 from 2026-12-04",
		"12-04 12-18 01-01 01-15 01-29 02-12"},
	{"every second friday 9-12",
		"every other fri 09:00-12:00 from 2026-12-04", NULL},
	{"every 2 weeks on friday 9-12",
		"every other fri 09:00-12:00 from 2026-12-04", NULL},
	{"alternate fridays from 9 to 12",
		"every other fri 09:00-12:00 from 2026-12-04", NULL},
	{"fridays every other week 9-12",
		"every other fri 09:00-12:00 from 2026-12-04", NULL},
	{"fortnightly on Friday, 9am - noon",
		"every other fri 09:00-12:00 from 2026-12-04", NULL},
	{"every other friday 9-12 from 11 december",
		"every other fri 09:00-12:00 from 2026-12-11",
		"12-11 12-25 01-08 01-22 02-05"},
	{"every other friday starting next week friday 9-12",
		"every other fri 09:00-12:00 from 2026-12-11", NULL},
	{"every other friday from 2026-12-09 9-12, 15-18",
		"every other fri 09:00-12:00, 15:00-18:00 from 2026-12-11",
		NULL},
	{"every other week mon-fri 9-13",
		"every other mon, tue, wed, thu, fri 09:00-13:00 from "
		"2026-11-30", NULL},
	{"every other monday and wednesday 9-13",
		"every other mon, wed 09:00-13:00 from 2026-11-30",
		"11-30 12-02 12-14 12-16 12-28 12-30 01-11 01-13 01-25 01-27 "
		"02-08 02-10"},
	{"every 3 weeks on tuesday 16-20",
		"every 3 weeks on tue 16:00-20:00 from 2026-12-01",
		"12-01 12-22 01-12 02-02"},
	{"every third tuesday 16-20",
		"every 3 weeks on tue 16:00-20:00 from 2026-12-01", NULL},
	{"every other day 9-10", "every other day 09:00-10:00 from 2026-11-30",
		NULL},
	{"every 10 days 9-10", "every 10 days 09:00-10:00 from 2026-11-30",
		"11-30 12-10 12-20 12-30 01-09 01-19 01-29 02-08"},
	{"first monday of the month 14-18",
		"first mon of the month 14:00-18:00", "12-07 01-04 02-01"},
	{"every first monday of the month 2pm-6pm",
		"first mon of the month 14:00-18:00", NULL},
	{"first monday 14-18", "first mon of the month 14:00-18:00", NULL},
	{"monthly on the first monday 14-18",
		"first mon of the month 14:00-18:00", NULL},
	{"the 1st and 3rd tuesday of every month 9-12, 16-18",
		"first and third tue of the month 09:00-12:00, 16:00-18:00",
		"12-01 12-01 12-15 12-15 01-05 01-05 01-19 01-19 02-02 02-02"},
	{"every third tuesday of the month 9-12",
		"third tue of the month 09:00-12:00", NULL},
	{"last friday of the month 9-12",
		"last fri of the month 09:00-12:00", "12-25 01-29"},
	{"second to last friday of the month 9-12",
		"second to last fri of the month 09:00-12:00", "12-18 01-22"},
	{"last working day of the month 9-12",
		"last workday of the month 09:00-12:00", "11-30 12-31 01-29"},
	{"first workday of the month 9-12",
		"first workday of the month 09:00-12:00", "12-01 01-01 02-01"},
	{"1st and 15th of the month 9-12",
		"1st and 15th of the month 09:00-12:00",
		"12-01 12-15 01-01 01-15 02-01 02-15"},
	{"the last day of each month 9-12",
		"last day of the month 09:00-12:00", "11-30 12-31 01-31"},
	{"first monday of every other month 9-12",
		"first mon of every other month 09:00-12:00 from 2026-12-07",
		"12-07 02-01"},
	{"every other month on the first monday 9-12",
		"first mon of every other month 09:00-12:00 from 2026-12-07",
		NULL},
	{"every 3 months on the 15th 9-12",
		"15th of every 3 months 09:00-12:00 from 2026-12-15", NULL},
	{"first monday of january and february 9-12",
		"first mon of january, february 09:00-12:00", "01-04 02-01"},
	{"RRULE:FREQ=MONTHLY;BYDAY=1MO 14-18",
		"first mon of the month 14:00-18:00", NULL},
	{"rrule:interval=2;freq=weekly;byday=fr 9-12",
		"every other fri 09:00-12:00 from 2026-12-04",
		"12-04 12-18 01-01 01-15 01-29 02-12"},
	{"RRULE:FREQ=WEEKLY;BYDAY=MO,TU 9-12",
		"mon-tue 09:00-12:00", NULL},
	{"RRULE:FREQ=DAILY 9-12", "mon-sun 09:00-12:00", NULL},
	{"RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13 9-12",
		"RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13 09:00-12:00 from "
		"2026-11-30", ""},
	{"RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=TH 9-12 from 2026-12-10",
		"RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=TH 09:00-12:00 from "
		"2026-12-10", "12-10 12-17 12-24"},
	{"FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=6 10-14, 16-18",
		"RRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=6 10:00-14:00, "
		"16:00-18:00 from 2026-11-30", "01-06 01-06"},
	{"mon-thu 9-13, every other friday 9-12",
		"mon-thu 09:00-13:00; every other fri 09:00-12:00 from "
		"2026-12-04", NULL},
	{"every other friday 9-12 and monday 10-12",
		"mon 10:00-12:00; every other fri 09:00-12:00 from 2026-12-04",
		NULL},
	{"mon 9-13; first tuesday of the month 14-18; last friday of the "
		"month 9-10",
		"mon 09:00-13:00; first tue of the month 14:00-18:00; last "
		"fri of the month 09:00-10:00", NULL},
	{"RRULE:FREQ=MONTHLY;BYMONTHDAY=-2 9-12, mon 9-10",
		"mon 09:00-10:00; 2nd to last day of the month 09:00-12:00",
		NULL},
	{"every other friday", NULL, NULL},
	{"first monday of the month", NULL, NULL},
	{"first monday of the month 18-14", NULL, NULL},
	{"sixth monday of the month 9-12", NULL, NULL},
	{"every other blue moon 9-12", NULL, NULL},
	{"RRULE:FREQ=HOURLY 9-12", NULL, NULL},
	{"RRULE:FREQ=WEEKLY;BYDAY=XX 9-12", NULL, NULL},
	{"RRULE:FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2 9-12", NULL, NULL},
	{"RRULE:FREQ=WEEKLY;BYDAY=MO", NULL, NULL},
	{"RRULE: 9-12", NULL, NULL},
	{"RRULE:FREQ=DAILY;UNTIL=20200101 9-12", NULL, NULL},
	{"never", NULL, NULL},
	{"", NULL, NULL},
};
/* clang-format on */

static void print_days(const struct hours *hours, struct strbuf *text)
{
	struct expansion found AUTO(expansion_release) = EXPANSION_INIT;
	struct error error;
	char date[CIVIL_TEXT_SIZE];

	assert_true(hours_expand(hours, TODAY, TODAY + 77, &found, &error));
	for (size_t i = 0; i < found.count; i++)
		strbuf_addf(text, "%s%s", i ? " " : "",
			civil_print_date(found.windows[i].from.day, date) + 5);
}

static void hours_are_read_and_said_back(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct strbuf printed AUTO(strbuf_release) = STRBUF_INIT;
		struct strbuf days AUTO(strbuf_release) = STRBUF_INIT;
		struct error error = {.message = ""};
		struct hours hours;

		if (!hours_read(cases[i].text, TODAY, &hours, &error)) {
			if (cases[i].printed)
				fail_msg("\"%s\" is refused: %s", cases[i].text,
					error.message);
			continue;
		}
		hours_print(&hours, &printed);
		if (!cases[i].printed)
			fail_msg("\"%s\" is read as \"%s\"", cases[i].text,
				printed.text);
		assert_string_equal(printed.text, cases[i].printed);
		print_days(&hours, &days);
		if (cases[i].days)
			assert_string_equal(days.text, cases[i].days);
	}
}

/* What is said back can be typed again, also weeks later. */
static void what_is_said_back_means_the_same(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct strbuf once AUTO(strbuf_release) = STRBUF_INIT;
		struct strbuf twice AUTO(strbuf_release) = STRBUF_INIT;
		struct strbuf days AUTO(strbuf_release) = STRBUF_INIT;
		struct strbuf again AUTO(strbuf_release) = STRBUF_INIT;
		struct error error;
		struct hours hours, later;

		if (!cases[i].printed)
			continue;
		assert_true(hours_read(cases[i].text, TODAY, &hours, &error));
		hours_print(&hours, &once);
		if (!hours_read(once.text, TODAY + 31, &later, &error))
			fail_msg("\"%s\": %s", once.text, error.message);
		hours_print(&later, &twice);
		assert_string_equal(once.text, twice.text);
		print_days(&hours, &days);
		print_days(&later, &again);
		assert_string_equal(days.text, again.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hours_are_read_and_said_back),
		cmocka_unit_test(what_is_said_back_means_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
