/* test_expand.c - recurrence rules, most of them the examples of RFC 5545. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "calendar/expand.h"

static int32_t day_of(const char *text)
{
	int32_t day;

	assert_true(civil_read_date(text, &day));
	return day;
}

/* The days of an expansion as "1997-09-02 09-04 10-02": the year and the month
 * only where they change. */
static void print_days(const struct expansion *expansion, struct strbuf *text)
{
	struct civil_date last = {.year = 0};

	for (size_t i = 0; i < expansion->count; i++) {
		struct civil_date date =
			civil_date(expansion->windows[i].from.day);

		strbuf_add(text, i ? " " : "");
		if (date.year != last.year)
			strbuf_addf(text, "%d-", date.year);
		if (date.year != last.year || date.month != last.month)
			strbuf_addf(text, "%02d-", date.month);
		strbuf_addf(text, "%02d", date.day);
		last = date;
	}
}

static void rules_of_the_rfc(void **state)
{
	static const struct {
		const char *rrule, *anchor, *exdates, *through, *days;
	} cases[] = {
		/* clang-format off */
		{"FREQ=DAILY;COUNT=10", "1997-09-02", NULL, "1998-12-31",
			"1997-09-02 03 04 05 06 07 08 09 10 11"},
		{"FREQ=DAILY;INTERVAL=2", "1997-09-02", NULL, "1997-10-04",
			"1997-09-02 04 06 08 10 12 14 16 18 20 22 24 26 28 30 "
			"10-02 04"},
		{"FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02", NULL,
			"1998-12-31", "1997-09-02 12 22 10-02 12"},
		{"FREQ=WEEKLY;COUNT=10", "1997-09-02", NULL, "1998-12-31",
			"1997-09-02 09 16 23 30 10-07 14 21 28 11-04"},
		{"FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997-09-02", NULL,
			"1998-01-20", "1997-09-02 16 30 10-14 28 11-11 25 "
			"12-09 23 1998-01-06 20"},
		{"FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
			"1997-09-02", NULL, "1998-12-31",
			"1997-09-02 04 09 11 16 18 23 25 30 10-02"},
		{"FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997-09-02",
			NULL, "1998-12-31",
			"1997-09-02 04 09 11 16 18 23 25 30 10-02"},
		{"FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;"
			"BYDAY=MO,WE,FR", "1997-09-01", NULL, "1998-12-31",
			"1997-09-01 03 05 15 17 19 29 10-01 03 13 15 17 27 29 "
			"31 11-10 12 14 24 26 28 12-08 10 12 22"},
		{"FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
			"1997-09-02", NULL, "1998-12-31",
			"1997-09-02 04 16 18 30 10-02 14 16"},
		{"FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09-05", NULL,
			"1999-12-31", "1997-09-05 10-03 11-07 12-05 "
			"1998-01-02 02-06 03-06 04-03 05-01 06-05"},
		{"FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
			"1997-09-07", NULL, "1999-12-31",
			"1997-09-07 28 11-02 30 1998-01-04 25 03-01 29 05-03 "
			"31"},
		{"FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22", NULL,
			"1999-12-31", "1997-09-22 10-20 11-17 12-22 "
			"1998-01-19 02-16"},
		{"FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", NULL,
			"1998-02-28", "1997-09-28 10-29 11-28 12-29 "
			"1998-01-29 02-26"},
		{"FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997-09-30", NULL,
			"1999-12-31", "1997-09-30 10-01 31 11-01 30 12-01 31 "
			"1998-01-01 31 02-01"},
		{"FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997-09-02",
			"19970902T090000", "2000-12-31",
			"1998-02-13 03-13 11-13 1999-08-13 2000-10-13"},
		{"FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
			"1997-09-04", NULL, "1999-12-31",
			"1997-09-04 10-07 11-06"},
		{"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29",
			NULL, "1998-03-31", "1997-09-29 10-30 11-27 12-30 "
			"1998-01-29 02-26 03-30"},
		{"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
			"1997-08-05", NULL, "1998-12-31",
			"1997-08-05 10 19 24"},
		{"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
			"1997-08-05", NULL, "1998-12-31",
			"1997-08-05 17 19 31"},
		{"FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007-01-15", NULL,
			"2008-12-31", "2007-01-15 30 02-15 03-15 30"},
		{"FREQ=YEARLY;COUNT=4;BYMONTH=6,7", "1997-06-10", NULL,
			"2000-12-31", "1997-06-10 07-10 1998-06-10 07-10"},
		{"FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", "1997-09-05",
			NULL, "1998-12-31", "1997-09-05 10-03 11-07 12-05"},
		{"FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", "1997-09-02", NULL,
			"1998-12-31", "1997-09-02 15 10-02 15 11-02 15 12-02 "
			"15 1998-01-02 15"},
		{"FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,"
			"15", "1997-09-10", NULL, "2000-12-31",
			"1997-09-10 11 12 13 14 15 1999-03-10 11 12 13"},
		{"FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "1997-09-02", NULL,
			"1998-04-30", "1997-09-02 09 16 23 30 11-04 11 18 25 "
			"1998-01-06 13 20 27 03-03 10 17 24 31"},
		{"FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "1997-06-10", NULL,
			"2005-12-31", "1997-06-10 07-10 1998-06-10 07-10 "
			"1999-06-10 07-10 2000-06-10 07-10 2001-06-10 07-10"},
		{"FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", "1997-03-10",
			NULL, "2005-12-31", "1997-03-10 1999-01-10 02-10 03-10 "
			"2001-01-10 02-10 03-10 2003-01-10 02-10 03-10"},
		{"FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
			"1997-01-01", NULL, "2009-12-31",
			"1997-01-01 04-10 07-19 2000-01-01 04-09 07-18 "
			"2003-01-01 04-10 07-19 2006-01-01"},
		{"FREQ=YEARLY;BYDAY=20MO", "1997-05-19", NULL, "1999-12-31",
			"1997-05-19 1998-05-18 1999-05-17"},
		{"FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", NULL,
			"1999-12-31", "1997-05-12 1998-05-11 1999-05-17"},
		{"FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997-03-13", NULL,
			"1999-12-31", "1997-03-13 20 27 1998-03-05 12 19 26 "
			"1999-03-04 11 18 25"},
		{"FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "1997-06-05", NULL,
			"1999-12-31", "1997-06-05 12 19 26 07-03 10 17 24 31 "
			"08-07 14 21 28 1998-06-04 11 18 25 07-02 09 16 23 30 "
			"08-06 13 20 27 1999-06-03 10 17 24 07-01 08 15 22 29 "
			"08-05 12 19 26"},
		{"FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
			"1997-09-13", NULL, "1998-06-30",
			"1997-09-13 10-11 11-08 12-13 1998-01-10 02-07 03-07 "
			"04-11 05-09 06-13"},
		{"FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,"
			"5,6,7,8", "1996-11-05", NULL, "2004-12-31",
			"2000-11-07 2004-11-02"},
		/* our own: an UNTIL without a time is a whole day */
		{"FREQ=DAILY;UNTIL=19970904", "1997-09-02", NULL, "1998-12-31",
			"1997-09-02 03 04"},
		{"FREQ=DAILY;UNTIL=19970904", "1997-09-02",
			"19970902,19970903", "1998-12-31", "1997-09-04"},
		{"FREQ=DAILY", "1997-09-02", NULL, "1997-09-01", ""},
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct expand_rule rule = {
			.rrule = cases[i].rrule,
			.starts = "09:00",
			.ends = "10:00",
			.exdates = cases[i].exdates,
		};
		struct expansion found AUTO(expansion_release) = EXPANSION_INIT;
		struct strbuf days AUTO(strbuf_release) = STRBUF_INIT;
		struct error error;

		if (!expand_rules(&rule, 1, day_of(cases[i].anchor),
			    day_of("1997-01-01"), day_of(cases[i].through),
			    &found, &error))
			fail_msg("%s: %s", cases[i].rrule, error.message);
		print_days(&found, &days);
		if (strcmp(days.text, cases[i].days) != 0)
			fail_msg("%s\n  is       %s\n  and not  %s",
				cases[i].rrule, days.text, cases[i].days);
	}
}

static void days_before_the_first_wanted_change_nothing(void **state)
{
	static const char *const rules[] = {
		"FREQ=DAILY",
		"FREQ=DAILY;INTERVAL=5",
		"FREQ=DAILY;COUNT=800",
		"FREQ=WEEKLY",
		"FREQ=WEEKLY;BYDAY=MO,TH,SU",
		"FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO,WE",
		"FREQ=WEEKLY;INTERVAL=3;WKST=SU;BYDAY=SU,MO,SA",
		"FREQ=WEEKLY;INTERVAL=2;COUNT=70",
		"FREQ=MONTHLY",
		"FREQ=MONTHLY;INTERVAL=5;BYDAY=2WE,-1FR",
		"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1",
		"FREQ=MONTHLY;BYMONTHDAY=29,30,31",
		"FREQ=YEARLY;INTERVAL=2;BYMONTH=12,2;BYDAY=TU",
		"FREQ=YEARLY;BYWEEKNO=1,27,52;BYDAY=MO",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		struct expand_rule rule = {rules[i], "09:00", "10:00", NULL, 0};
		struct expansion all AUTO(expansion_release) = EXPANSION_INIT;
		int32_t through = day_of("2026-12-31");

		assert_true(expand_rules(&rule, 1, EXPAND_ANCHOR_DAY,
			EXPAND_ANCHOR_DAY, through, &all, NULL));
		for (int32_t from = day_of("2026-02-25");
			from < day_of("2026-03-25"); from++) {
			struct expansion late AUTO(expansion_release) =
				EXPANSION_INIT;
			size_t skipped = 0;

			assert_true(expand_rules(&rule, 1, EXPAND_ANCHOR_DAY,
				from, through, &late, NULL));
			while (skipped < all.count &&
				all.windows[skipped].from.day < from)
				skipped++;
			assert_int_equal(late.count, all.count - skipped);
			if (late.count)
				assert_memory_equal(late.windows,
					all.windows + skipped,
					late.count * sizeof(*late.windows));
		}
	}
}

static void expect_windows(const struct expand_rule *rules, size_t count,
	const char *from, const char *through, const char *expected)
{
	struct expansion found AUTO(expansion_release) = EXPANSION_INIT;
	struct strbuf json AUTO(strbuf_release) = STRBUF_INIT;

	assert_true(expand_rules(rules, count, EXPAND_ANCHOR_DAY, day_of(from),
		day_of(through), &found, NULL));
	expansion_print(&found, &json);
	assert_string_equal(json.text, expected);
}

/* Those of the RFC's examples that name very many days. */
static void long_rules_of_the_rfc(void **state)
{
	static const struct {
		const char *rrule, *anchor;
		size_t count;
		const char *last;
	} cases[] = {
		{"FREQ=DAILY;UNTIL=19971224T000000Z", "1997-09-02", 113,
			"1997-12-23"},
		{"FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,"
		 "WE,TH,FR,SA",
			"1998-01-01", 93, "2000-01-31"},
		{"FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", "1998-01-01",
			93, "2000-01-31"},
		{"FREQ=WEEKLY;UNTIL=19971224T000000Z", "1997-09-02", 17,
			"1997-12-23"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct expand_rule rule = {.rrule = cases[i].rrule,
			.starts = "09:00",
			.ends = "10:00",
			.first_day = day_of(cases[i].anchor)};
		struct expansion found AUTO(expansion_release) = EXPANSION_INIT;
		struct error error;

		assert_true(expand_rules(&rule, 1, EXPAND_ANCHOR_DAY,
			day_of("1997-01-01"), day_of("2001-12-31"), &found,
			&error));
		assert_int_equal(found.count, cases[i].count);
		assert_int_equal(found.windows[found.count - 1].from.day,
			day_of(cases[i].last));
	}
}

/* Those that repeat within a day: a window of hours says that better. */
static void rules_within_a_day_are_refused(void **state)
{
	static const char *const rules[] = {
		"FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z",
		"FREQ=MINUTELY;INTERVAL=15;COUNT=6",
		"FREQ=MINUTELY;INTERVAL=90;COUNT=4",
		"FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40",
		"FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		struct expand_rule rule = {
			.rrule = rules[i], .starts = "09:00", .ends = "10:00"};
		struct expansion found = EXPANSION_INIT;
		struct error error;

		assert_false(expand_rules(
			&rule, 1, EXPAND_ANCHOR_DAY, 0, 20000, &found, &error));
		assert_non_null(strstr(error.message, "within a day"));
	}
}

static void windows_that_overlap_become_one(void **state)
{
	static const struct expand_rule rules[] = {
		{"FREQ=WEEKLY;BYDAY=TU", "15:00", "18:00", NULL, 0},
		{"FREQ=DAILY", "09:00", "12:00", NULL, 0},
		{"FREQ=WEEKLY;BYDAY=TU", "10:00", "11:00", NULL, 0},
		{"FREQ=WEEKLY;BYDAY=WE", "11:00", "13:00", NULL, 0},
		{"FREQ=WEEKLY;BYDAY=WE", "09:00", "12:00", NULL, 0},
	};

	(void)state;
	expect_windows(rules, COUNT_OF(rules), "2026-12-01", "2026-12-02",
		"[[\"2026-12-01 09:00\",\"2026-12-01 12:00\"],"
		"[\"2026-12-01 15:00\",\"2026-12-01 18:00\"],"
		"[\"2026-12-02 09:00\",\"2026-12-02 13:00\"]]");
}

static void windows_that_touch_stay_two(void **state)
{
	static const struct expand_rule rules[] = {
		{"FREQ=DAILY", "13:00", "24:00", NULL, 0},
		{"FREQ=DAILY", "00:00", "13:00", NULL, 0},
	};

	(void)state;
	expect_windows(rules, COUNT_OF(rules), "2026-12-01", "2026-12-01",
		"[[\"2026-12-01 00:00\",\"2026-12-01 13:00\"],"
		"[\"2026-12-01 13:00\",\"2026-12-01 24:00\"]]");
}

static void no_rules_make_no_windows(void **state)
{
	(void)state;
	expect_windows(NULL, 0, "2026-12-01", "2026-12-31", "[]");
}

static void every_second_week_keeps_its_weeks(void **state)
{
	static const struct expand_rule rule = {
		"FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "09:00", "10:00", NULL, 0};

	(void)state;
	/* 2024-01-04 and every second week from there. */
	expect_windows(&rule, 1, "2026-12-01", "2026-12-06",
		"[[\"2026-12-03 09:00\",\"2026-12-03 10:00\"]]");
	expect_windows(&rule, 1, "2026-12-04", "2026-12-16", "[]");
	expect_windows(&rule, 1, "2026-12-04", "2026-12-17",
		"[[\"2026-12-17 09:00\",\"2026-12-17 10:00\"]]");
}

static void wrong_rules_are_named(void **state)
{
	static const struct {
		struct expand_rule rule;
		const char *said;
	} cases[] = {
		{{"", "09:00", "10:00", NULL, 0}, "cannot be read"},
		{{"every day", "09:00", "10:00", NULL, 0}, "letters, digits"},
		{{"FREQ=DAILY;X=\xff", "09:00", "10:00", NULL, 0}, "letters"},
		{{"FREQ=OFTEN", "09:00", "10:00", NULL, 0}, "\"FREQ=OFTEN\""},
		{{"FREQ=WEEKLY;BYDAY=XX", "09:00", "10:00", NULL, 0}, "read"},
		{{"FREQ=WEEKLY;BYDAY=1MO", "09:00", "10:00", NULL, 0},
			"counts"},
		{{"FREQ=DAILY;INTERVAL=0", "09:00", "10:00", NULL, 0}, "read"},
		{{"FREQ=DAILY;COUNT=1;UNTIL=20260101", "09:00", "10:00", NULL,
			 0},
			"cannot be read"},
		{{"FREQ=HOURLY", "09:00", "10:00", NULL, 0}, "within a day"},
		{{"FREQ=DAILY;BYHOUR=9", "09:00", "10:00", NULL, 0}, "within"},
		{{"RSCALE=HEBREW;FREQ=DAILY", "09:00", "10:00", NULL, 0},
			"calendar"},
		{{"FREQ=DAILY", "09:00", "09:00", NULL, 0}, "window"},
		{{"FREQ=DAILY", "9", "10:00", NULL, 0}, "\"9\" to"},
		{{"FREQ=DAILY", "09:00", "24:01", NULL, 0}, "24:01"},
		{{"FREQ=DAILY", "09:00", "09:75", NULL, 0}, "09:75"},
		{{"FREQ=DAILY", "09:00", "10:00", "christmas", 0}, "christmas"},
		{{"FREQ=DAILY", "09:00", "10:00", "20260230", 0}, "20260230"},
		{{"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "09:00", "10:00", NULL,
			 0},
			"cannot be"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct expansion found = EXPANSION_INIT;
		struct error error = {.message = "nothing"};

		if (expand_rules(&cases[i].rule, 1, EXPAND_ANCHOR_DAY,
			    day_of("2026-12-01"), day_of("2026-12-31"), &found,
			    &error))
			fail_msg("\"%s\" was read", cases[i].rule.rrule);
		assert_int_equal(error.kind, ERROR_USAGE);
		if (!strstr(error.message, cases[i].said))
			fail_msg("\"%s\": %s", cases[i].rule.rrule,
				error.message);
	}
}

static void too_many_windows_and_too_long_rules_are_errors(void **state)
{
	struct expand_rule rule = {"FREQ=DAILY", "09:00", "10:00", NULL, 0};
	struct expansion found AUTO(expansion_release) = EXPANSION_INIT;
	struct strbuf longest AUTO(strbuf_release) = STRBUF_INIT;
	struct error error;

	(void)state;
	assert_true(expand_rules(&rule, 1, EXPAND_ANCHOR_DAY, EXPAND_ANCHOR_DAY,
		EXPAND_ANCHOR_DAY + EXPAND_WINDOWS - 1, &found, &error));
	assert_int_equal(found.count, EXPAND_WINDOWS);
	assert_false(
		expand_rules(&rule, 1, EXPAND_ANCHOR_DAY, EXPAND_ANCHOR_DAY,
			EXPAND_ANCHOR_DAY + EXPAND_WINDOWS, &found, &error));
	assert_non_null(strstr(error.message, "5000"));
	assert_int_equal(found.count, EXPAND_WINDOWS);

	strbuf_add(&longest, "FREQ=DAILY");
	while (longest.length <= EXPAND_RULE_SIZE)
		strbuf_add(&longest, ";");
	rule.rrule = longest.text;
	assert_false(expand_rules(&rule, 1, EXPAND_ANCHOR_DAY,
		EXPAND_ANCHOR_DAY, EXPAND_ANCHOR_DAY, &found, &error));
	assert_non_null(strstr(error.message, "too long"));
}

static void the_anchor_is_a_monday(void **state)
{
	(void)state;
	assert_int_equal(EXPAND_ANCHOR_DAY, civil_day(2024, 1, 1));
	assert_int_equal(civil_weekday(EXPAND_ANCHOR_DAY), MONDAY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_of_the_rfc),
		cmocka_unit_test(long_rules_of_the_rfc),
		cmocka_unit_test(rules_within_a_day_are_refused),
		cmocka_unit_test(days_before_the_first_wanted_change_nothing),
		cmocka_unit_test(windows_that_overlap_become_one),
		cmocka_unit_test(windows_that_touch_stay_two),
		cmocka_unit_test(no_rules_make_no_windows),
		cmocka_unit_test(every_second_week_keeps_its_weeks),
		cmocka_unit_test(wrong_rules_are_named),
		cmocka_unit_test(
			too_many_windows_and_too_long_rules_are_errors),
		cmocka_unit_test(the_anchor_is_a_monday),
	};

	return cmocka_run_group_tests_name("expand", tests, NULL, NULL);
}
