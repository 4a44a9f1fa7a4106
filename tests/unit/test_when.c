/* test_when.c - what sentences say of days and times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "desk/when.h"
#include "when_cases.h"

/* Friday, 2019-03-01, 08:00 */
static struct when_context friday(const char *language)
{
	return (struct when_context){
		.now = {.day = civil_day(2019, 3, 1), .minute = 480},
		.language = language};
}

static void sentences_are_read_as_a_receptionist_would(void **state UNUSED)
{
	FILE *table = fopen(WHEN_CASES, "r");
	struct when_case c;
	int wrong = 0, count = 0;

	assert_non_null(table);
	while (when_case_next(table, &c)) {
		struct when when;
		char day[WHEN_TEXT_SIZE], time[WHEN_TEXT_SIZE];

		(void)when_read(&c.context, c.sentence, &when);
		when_print_day(&when, day);
		when_print_time(&when, time);
		count++;
		if ((strcmp(c.day, "*") == 0 || strcmp(c.day, day) == 0) &&
			(strcmp(c.time, "*") == 0 || strcmp(c.time, time) == 0))
			continue;
		print_error("\"%s\": %s %s, not %s %s\n", c.sentence, c.day,
			c.time, day, time);
		wrong++;
	}
	(void)fclose(table);
	assert_int_equal(wrong, 0);
	assert_true(count > 800);
}

/* The sentence without the pieces that were read. */
static void left_over(const char *sentence, struct strbuf *rest)
{
	const struct when_context context = friday("en");
	struct when when;
	size_t at = 0;

	(void)when_read(&context, sentence, &when);
	for (size_t i = 0; i < when.span_count; i++) {
		assert_true(when.spans[i].from >= at);
		assert_true(when.spans[i].to > when.spans[i].from);
		strbuf_add_bytes(rest, sentence + at, when.spans[i].from - at);
		strbuf_add(rest, "_");
		at = when.spans[i].to;
	}
	strbuf_add(rest, sentence + at);
}

static void what_was_read_is_marked(void **state UNUSED)
{
	static const struct {
		const char *sentence, *rest;
	} cases[] = {
		{"book dr chen friday 10:00, yes", "book dr chen _, yes"},
		{"book dr ruiz tuesday 9:40", "book dr ruiz _"},
		{"dr ruiz on the 7th of march at half past 3 please",
			"dr ruiz _ please"},
		{"tomorrow at twenty to ten with dr okafor",
			"_ with dr okafor"},
		{"move the chen one to friday 10:20", "move the chen one _"},
		{"cancel A7K3F", "cancel A7K3F"},
		{"see dr may on wed. or thurs. after 5pm", "see dr may _"},
		{"next week in the morning for my son", "_ for my son"},
		{"not monday but the 5th", "not _ but _"},
		{"call 612-555-0123 tomorrow", "call 612-555-0123 _"},
		{"at 3pm, on monday", "_, _"},
		{"a skin check in two weeks", "a skin check _"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(strbuf_release) struct strbuf rest = STRBUF_INIT;

		left_over(cases[i].sentence, &rest);
		assert_string_equal(rest.text, cases[i].rest);
	}
}

static void two_readings_of_a_date_are_told(void **state UNUSED)
{
	static const struct {
		const char *sentence, *language;
		const char *day, *other; /* other NULL: one reading */
	} cases[] = {
		{"7/3", "en", "2019-07-03", "2019-03-07"},
		{"7/3", "en-US", "2019-07-03", "2019-03-07"},
		{"7/3", "en-GB", "2019-03-07", "2019-07-03"},
		{"7/3", NULL, "2019-07-03", "2019-03-07"},
		{"7/3", "es", "2019-03-07", "2019-07-03"},
		{"4/3/2019", "en-GB", "2019-03-04", "2019-04-03"},
		{"13/3", "en", "2019-03-13", NULL},
		{"3/13", "en-GB", "2019-03-13", NULL},
		{"5/5", "en", "2019-05-05", NULL},
		{"on 7.3.", "en", "2019-03-07", NULL},
		{"thursday 7/3", "en", "2019-03-07", NULL},
		{"wednesday 7/3", "en-GB", "2019-07-03", NULL},
		{"friday march 7", "en", "2019-03-07", "2019-03-08"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct when_context context = friday(cases[i].language);
		struct when when;
		char day[CIVIL_TEXT_SIZE];

		assert_true(when_read(&context, cases[i].sentence, &when));
		assert_string_equal(
			civil_print_date(when.first_day, day), cases[i].day);
		assert_int_equal(when.is_ambiguous, cases[i].other != NULL);
		if (cases[i].other)
			assert_string_equal(
				civil_print_date(when.other_day, day),
				cases[i].other);
	}
}

static void a_bare_number_answers_a_question(void **state UNUSED)
{
	static const struct {
		const char *sentence, *day, *time;
	} cases[] = {
		{"9", "-", "09:00"},
		{"4", "-", "16:00"},
		{"12", "-", "12:00"},
		{"16", "-", "16:00"},
		{"9.40", "-", "09:40"},
		{"nine", "-", "09:00"},
		{"4?", "-", "16:00"},
		{"9-11", "-", "09:00-11:00"},
		{"25", "2019-03-25", "-"},
		{"31", "2019-03-31", "-"},
		{"the 7", "2019-03-07", "-"},
		{"the 7 please", "2019-03-07", "-"},
		{"the 7, at 9", "2019-03-07", "09:00"},
		{"40", "-", "-"},
		{"0", "-", "-"},
		{"600 123 456", "-", "-"},
	};
	struct when_context context = friday("en");

	context.is_answer = true;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct when when;
		char day[WHEN_TEXT_SIZE], time[WHEN_TEXT_SIZE];

		(void)when_read(&context, cases[i].sentence, &when);
		when_print_day(&when, day);
		when_print_time(&when, time);
		if (strcmp(day, cases[i].day) != 0 ||
			strcmp(time, cases[i].time) != 0)
			fail_msg("\"%s\": %s %s", cases[i].sentence, day, time);
	}
}

static void soonest_and_about_are_told(void **state UNUSED)
{
	const struct when_context context = friday("en");
	struct when when;

	assert_true(when_read(&context, "as soon as possible", &when));
	assert_true(when.is_soonest && !when.has_day && !when.has_time);
	assert_true(when_read(&context, "asap, but not before noon", &when));
	assert_true(when.is_soonest && when.has_time);
	assert_true(when_read(&context, "around 5", &when));
	assert_true(when.is_approximate);
	assert_true(when_read(&context, "5ish", &when));
	assert_true(when.is_approximate);
	assert_true(when_read(&context, "at 5", &when));
	assert_false(when.is_approximate);
	assert_false(when_read(&context, "not monday", &when));
	assert_int_equal(when.span_count, 1);
}

static void the_clock_of_today_moves_on(void **state UNUSED)
{
	struct when_context context = friday("en");
	struct when when;

	context.now.minute = 14 * 60;
	assert_true(when_read(&context, "today at 8", &when));
	assert_int_equal(when.first_minute, 20 * 60);
	assert_true(when_read(&context, "today at 4", &when));
	assert_int_equal(when.first_minute, 16 * 60);
	assert_true(when_read(&context, "tomorrow at 8", &when));
	assert_int_equal(when.first_minute, 8 * 60);
}

static void no_date_lies_in_the_past(void **state UNUSED)
{
	static const char *const sentences[] = {"monday", "the 7th", "friday",
		"march 1", "december 31st", "29 february", "the 31st", "7/3",
		"this week", "in march", "next friday", "christmas", "easter",
		"end of the month", "this weekend", "last friday of the month",
		"first monday of the month", "by friday", "monday this week"};

	for (int32_t day = civil_day(2019, 1, 1); day < civil_day(2021, 1, 1);
		day++)
		for (size_t i = 0; i < COUNT_OF(sentences); i++) {
			const struct when_context context = {
				.now = {.day = day, .minute = 600}};
			struct when when;

			assert_true(when_read(&context, sentences[i], &when));
			assert_true(when.has_day);
			if (when.first_day < day ||
				when.last_day < when.first_day)
				fail_msg("\"%s\" on day %d", sentences[i], day);
		}
}

static void nonsense_is_survived(void **state UNUSED)
{
	static const char *const pieces[] = {"9", ":", ".", "-", "/", "half ",
		"monday ", "to ", "\xff", "\xe2\x80", "march ", "7th ", "\n",
		"at ", "next ", "in ", "an hour ", "99999999999", "0", "not "};
	const struct when_context context = friday("en");
	struct when when;
	uint32_t seed = 1;

	assert_false(when_read(&context, "", &when));
	assert_false(when_read(&context, NULL, &when));
	for (int round = 0; round < 3000; round++) {
		AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;

		for (int i = 0; i < 40; i++) {
			seed = seed * 1103515245U + 12345U;
			strbuf_add(
				&text, pieces[(seed >> 16) % COUNT_OF(pieces)]);
		}
		(void)when_read(&context, text.text, &when);
		assert_true(when.span_count <= WHEN_SPANS);
	}
}

static void nothing_is_read_beyond_the_limit(void **state UNUSED)
{
	const struct when_context context = friday("en");
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;
	struct when when;

	while (text.length < 4096)
		strbuf_add_char(&text, 'x');
	strbuf_add(&text, " monday");
	assert_false(when_read(&context, text.text, &when));
	strbuf_reset(&text);
	while (text.length < 200000)
		strbuf_add(&text, "monday ");
	assert_true(when_read(&context, text.text, &when));
	assert_true(when.spans[when.span_count - 1].to <= 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_are_read_as_a_receptionist_would),
		cmocka_unit_test(what_was_read_is_marked),
		cmocka_unit_test(two_readings_of_a_date_are_told),
		cmocka_unit_test(a_bare_number_answers_a_question),
		cmocka_unit_test(soonest_and_about_are_told),
		cmocka_unit_test(the_clock_of_today_moves_on),
		cmocka_unit_test(no_date_lies_in_the_past),
		cmocka_unit_test(nonsense_is_survived),
		cmocka_unit_test(nothing_is_read_beyond_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
