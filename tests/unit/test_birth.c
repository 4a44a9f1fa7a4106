/* test_birth.c - a date of birth as people write it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "base/civil.h"
#include "desk/birth.h"

struct birth_case {
	const char *text, *language;
	const char *day;   /* NULL: refused */
	const char *other; /* NULL: not ambiguous */
};

static const struct birth_case cases[] = {
	{"23 april 1990", NULL, "1990-04-23", NULL},
	{"1990-04-23", NULL, "1990-04-23", NULL},
	{"23/4/90", NULL, "1990-04-23", NULL},
	{"23/4/90", "en-GB", "1990-04-23", NULL},
	{"april 23rd, 1990", NULL, "1990-04-23", NULL},
	{"Apr. 23, 1990", NULL, "1990-04-23", NULL},
	{"23.04.1990", NULL, "1990-04-23", NULL},
	{"born on the 23rd of april 1990", NULL, "1990-04-23", NULL},
	{"I was born the twenty-third of may, 1990!", NULL, "1990-05-23", NULL},
	{"1990 april 23", NULL, "1990-04-23", NULL},
	{"1990/04/23", NULL, "1990-04-23", NULL},
	{"23 04 1990", NULL, "1990-04-23", NULL},
	{"4/3/1990", NULL, "1990-04-03", "1990-03-04"},
	{"4/3/1990", "en-US", "1990-04-03", "1990-03-04"},
	{"4/3/1990", "en-GB", "1990-03-04", "1990-04-03"},
	{"4.3.1990", "en-US", "1990-03-04", NULL},
	{"4/4/1990", NULL, "1990-04-04", NULL},
	{"29 february 2000", NULL, "2000-02-29", NULL},
	{"3-7-19", "en-GB", "2019-07-03", "2019-03-07"},
	{"1 dec 26", NULL, "1926-12-01", NULL}, /* 2026 is not over */
	{"1 dec 2026", NULL, NULL, NULL},
	{"19 nov 2026", NULL, "2026-11-19", NULL},
	{"20 nov 1896", NULL, "1896-11-20", NULL},
	{"20 nov 1895", NULL, NULL, NULL},
	{"30 february 1990", NULL, NULL, NULL},
	{"29 february 1990", NULL, NULL, NULL},
	{"31/31/1990", NULL, NULL, NULL},
	{"april 1990", NULL, NULL, NULL},
	{"23 april", NULL, NULL, NULL},
	{"1990", NULL, NULL, NULL},
	{"yesterday", NULL, NULL, NULL},
	{"", NULL, NULL, NULL},
	{"1 2 3 4 5", NULL, NULL, NULL},
	{"600 123 456", NULL, NULL, NULL},
};

static void dates_of_birth_are_read(void **state UNUSED)
{
	int32_t today = civil_day(2026, 11, 20);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct birth_case *c = &cases[i];
		struct birth birth;
		struct error error;
		char day[CIVIL_TEXT_SIZE];
		bool is_read =
			birth_read(c->text, c->language, today, &birth, &error);

		if (is_read != (c->day != NULL))
			fail_msg("\"%s\": %s", c->text,
				is_read ? "is read" : error.message);
		if (!is_read)
			continue;
		assert_string_equal(civil_print_date(birth.day, day), c->day);
		assert_int_equal(birth.is_ambiguous, c->other != NULL);
		if (c->other)
			assert_string_equal(
				civil_print_date(birth.other_day, day),
				c->other);
	}
}

static void a_refusal_says_why(void **state UNUSED)
{
	int32_t today = civil_day(2026, 11, 20);
	struct birth birth;
	struct error error;

	assert_false(birth_read("3 may 2027", NULL, today, &birth, &error));
	assert_string_equal(error.message,
		"\"3 may 2027\" is in the future; write day, month and year, "
		"for example 1990-04-23");
	assert_false(birth_read("30 feb 1990", NULL, today, &birth, &error));
	assert_string_equal(error.message,
		"there is no such day as \"30 feb 1990\"; write day, month and "
		"year, for example 1990-04-23");
	assert_false(birth_read("hello", NULL, today, &birth, &error));
	assert_int_equal(error.kind, ERROR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_of_birth_are_read),
		cmocka_unit_test(a_refusal_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
