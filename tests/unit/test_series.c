/* test_series.c - visits that come again, from words to days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "desk/series.h"

/* Monday, 30 November 2026, 8 o'clock. */
#define TODAY (civil_day(2026, 11, 30))

static struct request asked(void)
{
	return (struct request){.now = {.day = TODAY, .minute = 8 * 60},
		.language = "en-GB",
		.roles = ROLE_PATIENT};
}

/* "every mon at 10:00: 12-07 12-14", or what is missing. */
static void say_days(const struct series *series, struct strbuf *text)
{
	struct expansion days AUTO(expansion_release) = EXPANSION_INIT;
	char day[CIVIL_TEXT_SIZE];
	struct error error;

	if (series_lacks_day(series))
		strbuf_add(text, "no day, ");
	if (series->end == SERIES_OPEN)
		strbuf_add(text, "no end, ");
	series_say(series, "en", text);
	if (series_lacks_day(series) || series->end == SERIES_OPEN ||
		series->minute < 0)
		return;
	assert_true(series_days(series, TODAY, &days, &error));
	strbuf_add(text, ":");
	for (size_t i = 0; i < days.count; i++)
		strbuf_addf(text, " %s",
			civil_print_date(days.windows[i].from.day, day) + 5);
}

static void words_become_days(void **state)
{
	static const struct {
		const char *sentence, *days, *rest;
	} cases[] = {
		/* clang-format off */
		{"every monday at 10 for 6 weeks", "every mon at 10:00: 12-07 "
			"12-14 12-21 12-28 01-04 01-11", ""},
		{"with dr ruiz every monday at 10 for 6 weeks, please",
			"every mon at 10:00: 12-07 12-14 12-21 12-28 01-04 "
			"01-11", "with dr ruiz please"},
		{"every other tuesday 9:20 until 9 january",
			"every other tue at 09:20: 12-01 12-15 12-29", ""},
		{"every other tuesday 9:20 until january",
			"every other tue at 09:20: 12-01 12-15 12-29", ""},
		{"every other tuesday until january at 9:20",
			"every other tue at 09:20: 12-01 12-15 12-29", ""},
		{"every tuesday 9:20 until the end of january", "every tue at "
			"09:20: 12-01 12-08 12-15 12-22 12-29 01-05 01-12 "
			"01-19 01-26", ""},
		{"mondays at 10 for 3 weeks", "every mon at 10:00: 12-07 "
			"12-14 12-21", ""},
		{"mondays and thursdays 10:00, 4 times", "every mon, thu at "
			"10:00: 12-03 12-07 12-10 12-14", ""},
		{"every mon and wed at 9:00 for two weeks", "every mon, wed "
			"at 09:00: 12-02 12-07 12-09 12-14", ""},
		{"every week on tuesday at 9:00 for 3 weeks", "every tue at "
			"09:00: 12-01 12-08 12-15", ""},
		{"tuesday 9:20 every week for 3 weeks", "every tue at 09:20: "
			"12-01 12-08 12-15", ""},
		{"tuesday 9:20 weekly, three times", "every tue at 09:20: "
			"12-01 12-08 12-15", ""},
		{"every two weeks on friday at 11 until february", "every "
			"other fri at 11:00: 12-04 12-18 01-01 01-15 01-29",
			""},
		{"every 3 weeks on friday at 11, 3 times", "every 3 weeks on "
			"fri at 11:00: 12-04 12-25 01-15", ""},
		{"fortnightly on wednesday 10:00 for 4 visits", "every other "
			"wed at 10:00: 12-02 12-16 12-30 01-13", ""},
		{"every day at 9:00 for 4 days", "every day at 09:00: 12-01 "
			"12-02 12-03 12-04", ""},
		{"every weekday at 9:00 for 5 times", "every mon, tue, wed, "
			"thu, fri at 09:00: 12-01 12-02 12-03 12-04 12-07",
			""},
		{"every first monday of the month at 10 for 3 months", "first "
			"mon of the month at 10:00: 12-07 01-04 02-01", ""},
		{"on the first monday of every month at 10 for 3 months",
			"first mon of the month at 10:00: 12-07 01-04 02-01",
			""},
		{"the last friday of the month at 11 for 2 months", "last fri "
			"of the month at 11:00: 12-25 01-29", ""},
		{"the first monday of the month at 10", NULL,
			"the first monday of the month at 10"},
		{"every month at 10 for 3 months", "no day,   of the month at "
			"10:00", ""},
		{"every month on tuesday 8 december at 10 for 3 months",
			"second tue of the month at 10:00: 12-08 01-12 02-09",
			""},
		{"every monday at 10 starting 14 december, 3 times", "every "
			"mon at 10:00: 12-14 12-21 12-28", ""},
		{"every monday at 10 for the next month", "every mon at 10:00: "
			"12-07 12-14 12-21 12-28 01-04", ""},
		{"every monday at 10 until 1 december", "every mon at 10:00:",
			""},
		{"every monday at 10", "no end, every mon at 10:00", ""},
		{"every monday", "no end, every mon", ""},
		{"every monday morning for 6 weeks", "every mon", ""},
		{"weekly at 10 for 3 weeks", "no day, every  at 10:00", ""},
		{"monday at 10", NULL, "monday at 10"},
		{"mondays at 10", NULL, "mondays at 10"},
		{"for 6 weeks", NULL, "for 6 weeks"},
		{"in 6 weeks", NULL, "in 6 weeks"},
		{"my back hurts every time I sit", NULL,
			"my back hurts every time I sit"},
		/* clang-format on */
	};
	struct request request = asked();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
		struct strbuf rest AUTO(strbuf_release) = STRBUF_INIT;
		struct series series;
		struct reading reading;
		bool is_read;

		reading_init(&reading, &request, cases[i].sentence, false);
		is_read = series_read(&series, &reading, &request, false);
		for (size_t w = 0; w < reading.word_count; w++)
			if (!reading.words[w].is_used)
				strbuf_addf(&rest, "%s%.*s",
					rest.length ? " " : "",
					(int)(reading.words[w].to -
						reading.words[w].from),
					reading.sentence +
						reading.words[w].from);
		if (is_read)
			say_days(&series, &text);
		if (is_read != (cases[i].days != NULL))
			fail_msg("\"%s\" is %s", cases[i].sentence,
				is_read ? text.text : "none");
		if (is_read)
			assert_string_equal(text.text, cases[i].days);
		assert_string_equal(rest.text, cases[i].rest);
		reading_release(&reading);
	}
}

static void what_is_missing_is_added(void **state)
{
	static const struct {
		const char *first, *then, *days;
	} cases[] = {
		/* clang-format off */
		{"every monday", "at 10, for 3 weeks",
			"every mon at 10:00: 12-07 12-14 12-21"},
		{"every monday at 10", "3",
			"every mon at 10:00: 12-07 12-14 12-21"},
		{"every monday at 10", "2 weeks",
			"every mon at 10:00: 12-07 12-14"},
		{"every monday at 10", "3 times",
			"every mon at 10:00: 12-07 12-14 12-21"},
		{"every monday at 10", "until 15 december",
			"every mon at 10:00: 12-07 12-14"},
		{"every monday for 2 weeks", "9:20",
			"every mon at 09:20: 12-07 12-14"},
		{"weekly at 10, twice", "tuesdays", "no end, every tue at "
			"10:00"},
		{"monthly for 2 months", "first monday 10:00", "first mon of "
			"the month at 10:00: 12-07 01-04"},
		{"every monday at 10 for 2 weeks", "11:00",
			"every mon at 11:00: 12-07 12-14"},
		{"every monday at 10 for 2 weeks", "tuesday",
			"every tue at 10:00: 12-01 12-08"},
		{"every monday at 10 for 2 weeks", "every other friday",
			"every other fri at 10:00: 12-04"},
		{"every monday at 10 for 2 weeks", "for 3 weeks",
			"every mon at 10:00: 12-07 12-14 12-21"},
		/* clang-format on */
	};
	struct request request = asked();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct strbuf kept AUTO(strbuf_release) = STRBUF_INIT;
		struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
		struct series series;
		struct reading reading;

		reading_init(&reading, &request, cases[i].first, false);
		assert_true(series_read(&series, &reading, &request, false));
		reading_release(&reading);
		series_print(&series, &kept);
		assert_true(series_of(kept.text, &series));
		reading_init(&reading, &request, cases[i].then, true);
		assert_true(series_read(&series, &reading, &request, true));
		reading_release(&reading);
		say_days(&series, &text);
		assert_string_equal(text.text, cases[i].days);
	}
}

static void there_is_an_end(void **state)
{
	struct expansion days AUTO(expansion_release) = EXPANSION_INIT;
	struct request request = asked();
	struct series series;
	struct reading reading;
	struct error error;

	(void)state;
	reading_init(
		&reading, &request, "every day at 9:00 for 60 weeks", false);
	assert_true(series_read(&series, &reading, &request, false));
	reading_release(&reading);
	assert_true(series_days(&series, TODAY, &days, &error));
	assert_int_equal(days.count, SERIES_MOST + 1);
	assert_false(series_of("nonsense", &series));
	assert_false(series_of("FREQ=HOURLY 600 0 1 2", &series));
	assert_false(series_of(NULL, &series));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_become_days),
		cmocka_unit_test(what_is_missing_is_added),
		cmocka_unit_test(there_is_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
