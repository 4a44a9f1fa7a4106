/* test_period.c - stretches of time as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "desk/period.h"

/* Read on Friday 2026-11-20 at 10:00. */
static const struct {
	const char *text;
	const char *from, *to; /* NULL: refused */
} cases[] = {
	{"24 dec - 2 jan", "2026-12-24 00:00", "2027-01-03 00:00"},
	{"tomorrow afternoon", "2026-11-21 12:00", "2026-11-21 18:00"},
	{"from friday 14:00 to monday", "2026-11-27 14:00", "2026-12-01 00:00"},
	{"today 14:00 - monday 12:00", "2026-11-20 14:00", "2026-11-23 12:00"},
	{"24 dec", "2026-12-24 00:00", "2026-12-25 00:00"},
	{"next week", "2026-11-23 00:00", "2026-11-30 00:00"},
	{"today", "2026-11-20 00:00", "2026-11-21 00:00"},
	{"tomorrow 10-12", "2026-11-21 10:00", "2026-11-21 12:00"},
	{"tomorrow from 10:00 to 12:30", "2026-11-21 10:00",
		"2026-11-21 12:30"},
	{"the whole of august", "2027-08-01 00:00", "2027-09-01 00:00"},
	{"2027-01-05 until 2027-01-09", "2027-01-05 00:00", "2027-01-10 00:00"},
	{"5 jan \xe2\x80\x93 9 jan", "2027-01-05 00:00", "2027-01-10 00:00"},
	{"24/12 - 2/1", "2026-12-24 00:00", "2027-01-03 00:00"},
	{"24 dec until 2 jan 12:00", "2026-12-24 00:00", "2027-01-02 12:00"},
	{"monday morning", "2026-11-23 06:00", "2026-11-23 12:00"},
	{"monday 14:00 to saturday", "2026-11-23 14:00", "2026-11-29 00:00"},
	{"this weekend", "2026-11-21 00:00", "2026-11-23 00:00"},
	{"tomorrow after 5", "2026-11-21 17:00", "2026-11-22 00:00"},
	{"2026-11-01 - 2026-11-03", NULL, NULL}, /* over */
	{"2 jan - 24 dec", NULL, NULL},          /* which comes first? */
	{"tomorrow at 10:00", NULL, NULL},       /* until when? */
	{"10-12", NULL, NULL},                   /* which day? */
	{"never", NULL, NULL},
	{"", NULL, NULL},
};

static void periods_are_read(void **state UNUSED)
{
	const struct when_context context = {
		.now = {.day = civil_day(2026, 11, 20), .minute = 600},
		.language = "en-GB"};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct period period;
		struct error error;
		char from[CIVIL_TEXT_SIZE], to[CIVIL_TEXT_SIZE];
		bool is_read =
			period_read(&context, cases[i].text, &period, &error);

		if (is_read != (cases[i].from != NULL))
			fail_msg("\"%s\": %s", cases[i].text,
				is_read ? "is read" : error.message);
		if (!is_read)
			continue;
		civil_print_moment(period.from, from);
		civil_print_moment(period.to, to);
		if (strcmp(from, cases[i].from) != 0 ||
			strcmp(to, cases[i].to) != 0)
			fail_msg("\"%s\": %s to %s", cases[i].text, from, to);
	}
}

static void a_refusal_says_what_is_missing(void **state UNUSED)
{
	const struct when_context context = {
		.now = {.day = civil_day(2026, 11, 20), .minute = 600}};
	struct period period;
	struct error error;

	assert_false(period_read(&context, "tomorrow 10:00", &period, &error));
	assert_string_equal(error.message,
		"\"tomorrow 10:00\" does not say until when; write for example "
		"\"24 dec - 2 jan\" or \"tomorrow 14:00-18:00\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(periods_are_read),
		cmocka_unit_test(a_refusal_says_what_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
