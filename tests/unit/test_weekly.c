/* test_weekly.c - weekly hours as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "desk/weekly.h"

struct weekly_case {
	const char *text;
	const char *printed; /* NULL: refused */
};

static const struct weekly_case cases[] = {
	{"mon-fri 9-13, 15-18", "mon-fri 09:00-13:00, 15:00-18:00"},
	{"mon-thu 9-13 and 15-18, fri 9-14",
		"mon-thu 09:00-13:00, 15:00-18:00; fri 09:00-14:00"},
	{"every day 8 to 12", "mon-sun 08:00-12:00"},
	{"tuesdays and thursdays 16:00-20:00",
		"tue 16:00-20:00; thu 16:00-20:00"},
	{"weekdays 9-5", "mon-fri 09:00-17:00"},
	{"monday to friday from 9 to 1 and 3 to 6",
		"mon-fri 09:00-13:00, 15:00-18:00"},
	{"mon,wed 9-13", "mon 09:00-13:00; wed 09:00-13:00"},
	{"weekends 10-14", "sat-sun 10:00-14:00"},
	{"daily 9 to 5", "mon-sun 09:00-17:00"},
	{"Mon\xe2\x80\x93"
	 "Fri 9\xe2\x80\x93"
	 "13",
		"mon-fri 09:00-13:00"},
	{"mon-fri 09:00-13:00, 15:00-18:00; sat 10:00-12:00",
		"mon-fri 09:00-13:00, 15:00-18:00; sat 10:00-12:00"},
	{"mo n", NULL},
	{"Mondays: 9am - 1pm, 3pm - 6.30pm. Fridays: 8am-noon",
		"mon 09:00-13:00, 15:00-18:30; fri 08:00-12:00"},
	{"fri-mon 9-10", "mon 09:00-10:00; fri-sun 09:00-10:00"},
	{"sat 8:30 until midnight", "sat 08:30-24:00"},
	{"sun 22-24", "sun 22:00-24:00"},
	{"any weekday between 9 and 12", "mon-fri 09:00-12:00"},
	{"tue/thu 9h30-13h", "tue 09:30-13:00; thu 09:30-13:00"},
	{"tuesday 8-8", "tue 08:00-20:00"},
	{"mon 9-13 and mon 12-14", NULL}, /* overlap */
	{"mon 22-2", NULL},               /* over midnight */
	{"9-13", NULL},
	{"mon-fri", NULL},
	{"mon 9-13 tue", NULL},
	{"never", NULL},
	{"", NULL},
	{"mon 9-", NULL},
	{"mon 9-99", NULL},
};

static void weekly_hours_are_read_and_said_back(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct weekly weekly;
		struct error error;
		AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;
		bool is_read = weekly_read(cases[i].text, &weekly, &error);

		if (is_read != (cases[i].printed != NULL))
			fail_msg("\"%s\": %s", cases[i].text,
				is_read ? "is read" : error.message);
		if (!is_read)
			continue;
		weekly_print(&weekly, &text);
		assert_string_equal(text.text, cases[i].printed);
	}
}

static void what_is_printed_reads_the_same(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct weekly weekly, again;
		AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;

		if (!weekly_read(cases[i].text, &weekly, NULL))
			continue;
		weekly_print(&weekly, &text);
		assert_true(weekly_read(text.text, &again, NULL));
		assert_int_equal(weekly.window_count, again.window_count);
		for (int n = 0; n < weekly.window_count; n++)
			assert_memory_equal(&weekly.windows[n],
				&again.windows[n], sizeof(weekly.windows[n]));
	}
}

static void a_refusal_says_what_to_write(void **state UNUSED)
{
	struct weekly weekly;
	struct error error;

	assert_false(weekly_read("mon 9-13, 12-14", &weekly, &error));
	assert_int_equal(error.kind, ERROR_USAGE);
	assert_string_equal(error.message, "two of the hours on mon overlap in "
					   "\"mon 9-13, 12-14\"");
	assert_false(weekly_read("whenever I like", &weekly, &error));
	assert_non_null(strstr(error.message, "mon-fri 9-13, 15-18"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weekly_hours_are_read_and_said_back),
		cmocka_unit_test(what_is_printed_reads_the_same),
		cmocka_unit_test(a_refusal_says_what_to_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
