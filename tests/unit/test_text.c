/* test_text.c - cleaning and comparing what people type; saying things. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk/text.h"
#include "desk/wording.h"

static void cleaned(const char *raw, const char *expected)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	assert_true(text_clean(raw, &text));
	assert_string_equal(text.text, expected);
}

static void what_hides_is_taken_out(void **state UNUSED)
{
	cleaned("  Jane \t\n Doe  ", "Jane Doe");
	cleaned("Jane\xe2\x80\xae"
		"eoD",
		"JaneeoD");                  /* right-to-left override */
	cleaned("Ja\xe2\x80\x8bne", "Jane"); /* zero-width space */
	cleaned("a\x01\x7f"
		"b",
		"ab");
	cleaned("Jose\xcc\x81", "Jos\xc3\xa9"); /* composed */
	cleaned("\xef\xbb\xbfhi", "hi");
	cleaned("", "");
}

static void what_is_no_text_is_refused(void **state UNUSED)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	assert_false(text_clean("\xff\xfe", &text));
	assert_false(text_clean("ok \xc3", &text));
	assert_false(text_clean("\xed\xa0\x80", &text)); /* a surrogate */
	assert_string_equal(text.text, "");
}

static void folding_takes_case_and_accents_off(void **state UNUSED)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	text_fold("Jos\xc3\xa9 N\xc3\xba\xc3\xb1"
		  "ez\xe2\x80\x99s \xe2\x80\x93",
		&text);
	assert_string_equal(text.text, "jose nunez's -");
}

static void names_get_their_capitals(void **state UNUSED)
{
	static const char *const cases[][2] = {
		{"jane doe", "Jane Doe"},
		{"JOS\xc3\x89 N\xc3\x9a\xc3\x91"
		 "EZ-O'NEILL",
			"Jos\xc3\xa9 N\xc3\xba\xc3\xb1"
			"ez-O'Neill"},
		{"Ludwig van der Berg", "Ludwig van der Berg"},
		{"McDonald", "McDonald"},
		{"", ""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *name = text_name(cases[i][0]);

		assert_string_equal(name, cases[i][1]);
		free(name);
	}
}

static void distance_counts_slips(void **state UNUSED)
{
	assert_int_equal(text_distance("book", "book", 2), 0);
	assert_int_equal(text_distance("boook", "book", 2), 1);
	assert_int_equal(text_distance("bokk", "book", 2), 1);
	assert_int_equal(text_distance("obok", "book", 2), 1);
	assert_int_equal(text_distance("rius", "ruiz", 3), 2);
	assert_int_equal(text_distance("cat", "doctor", 2), 3);
	assert_int_equal(text_distance("", "", 2), 0);
}

static void sentences_take_named_values(void **state UNUSED)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	say(&text, NULL, "{who} {did} {what}{nothing}. {", "what", "{who}",
		"who", "Jane", "did", "booked", "nothing", NULL, NULL);
	assert_string_equal(text.text, "Jane booked {who}. {");
}

static void moments_are_said_as_people_say_them(void **state UNUSED)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
	struct civil_moment now = {.day = civil_day(2026, 11, 30), .minute = 0};
	struct civil_moment then = {
		.day = civil_day(2026, 12, 1), .minute = 15 * 60 + 20};
	struct civil_moment end = then;

	say_moment(&text, NULL, then, now, SAY_DAY | SAY_TIME);
	assert_string_equal(text.text, "Tue 1 Dec, 15:20");
	strbuf_reset(&text);
	say_moment(&text, NULL, then, now, SAY_DAY | SAY_RELATIVE);
	assert_string_equal(text.text, "tomorrow, Tue 1 Dec");
	strbuf_reset(&text);
	then.day = civil_day(2027, 1, 2);
	say_moment(&text, NULL, then, now, SAY_DAY);
	assert_string_equal(text.text, "Sat 2 Jan 2027");
	strbuf_reset(&text);
	end.minute += 20;
	then.day = end.day;
	say_stretch(&text, NULL, then, end, now, SAY_YEAR | SAY_TIME);
	assert_string_equal(text.text, "Tue 1 Dec 2026, 15:20 to 15:40");
	strbuf_reset(&text);
	then.minute = 0;
	end = (struct civil_moment){.day = then.day + 2, .minute = 0};
	say_stretch(&text, NULL, then, end, now, SAY_DAY | SAY_TIME);
	assert_string_equal(text.text, "Tue 1 Dec to Wed 2 Dec");
}

static void durations_take_the_largest_unit(void **state UNUSED)
{
	static const struct {
		long long minutes;
		const char *said;
	} cases[] = {{60, "an hour"}, {1440, "a day"}, {90, "90 minutes"},
		{120, "2 hours"}, {10080, "a week"}, {1, "a minute"},
		{0, "0 minutes"}};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

		say_duration(&text, NULL, cases[i].minutes);
		assert_string_equal(text.text, cases[i].said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_hides_is_taken_out),
		cmocka_unit_test(what_is_no_text_is_refused),
		cmocka_unit_test(folding_takes_case_and_accents_off),
		cmocka_unit_test(names_get_their_capitals),
		cmocka_unit_test(distance_counts_slips),
		cmocka_unit_test(sentences_take_named_values),
		cmocka_unit_test(moments_are_said_as_people_say_them),
		cmocka_unit_test(durations_take_the_largest_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
