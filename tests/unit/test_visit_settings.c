/* test_visit_settings.c - what is said of a type of visit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/memory.h"
#include "desk/visit_settings.h"

static const struct {
	const char *text;
	const char *name; /* NULL: none */
	const char *json; /* NULL: refused */
} cases[] = {
	{"ECG, 40 min, 60 EUR", "ECG",
		"{\"minutes\":40,\"fee\":60,\"currency\":\"EUR\"}"},
	{"60 EUR, 40 min, ECG", "ECG",
		"{\"minutes\":40,\"fee\":60,\"currency\":\"EUR\"}"},
	{"ECG 40 min 60 EUR", "ECG",
		"{\"minutes\":40,\"fee\":60,\"currency\":\"EUR\"}"},
	{"First visit, 1h30, 12,50 EUR", "First visit",
		"{\"minutes\":90,\"fee\":12.5,\"currency\":\"EUR\"}"},
	{"Follow-up, 10 minutes long, free", "Follow-up",
		"{\"minutes\":10,\"fee\":0,\"currency\":\"EUR\"}"},
	{"Video visit, 15 min", "Video visit",
		"{\"minutes\":15,\"video\":true}"},
	{"Video call, 15 min", "Video call", "{\"minutes\":15,\"video\":true}"},
	{"Talk, video call", "Talk", "{\"video\":true}"},
	{"video call, Talk", "Talk", "{\"video\":true}"},
	{"video, 15 min", NULL, "{\"minutes\":15,\"video\":true}"},
	{"Talk, half", NULL, NULL},
	{"Talk, 20 min, by video", "Talk", "{\"minutes\":20,\"video\":true}"},
	{"Talk, in person", "Talk", "{\"video\":false}"},
	{"ECG, 40 min, 60 EUR, video, 5 min before, 10 min after, notice 2 "
	 "hours, at most 60 days ahead, at most 4 a day, cancel until 24 "
	 "hours before, move until 12 hours before, room ECG",
		"ECG",
		"{\"minutes\":40,\"before\":5,\"after\":10,\"notice\":120,"
		"\"ahead\":60,\"most\":4,\"cancel\":1440,\"move\":720,"
		"\"fee\":60,\"currency\":\"EUR\",\"video\":true,"
		"\"needs\":\"ECG\"}"},
	{"2 days notice, 8 weeks ahead, 4 per day, cancel 2 days before", NULL,
		"{\"notice\":2880,\"ahead\":56,\"most\":4,\"cancel\":2880}"},
	{"no notice, any time ahead, any number a day, cancel any time", NULL,
		"{\"notice\":0,\"ahead\":null,\"most\":null,\"cancel\":0}"},
	{"5 min before and after, no room", NULL,
		"{\"before\":5,\"after\":5,\"needs\":\"\"}"},
	{"room ECG and couch, room lamp", NULL,
		"{\"needs\":\"ECG, couch, lamp\"}"},
	{"at most 730 days ahead", NULL, "{\"ahead\":730}"},
	{"0 min before, no time after", NULL, "{\"before\":0,\"after\":0}"},
	{"notice one day", NULL, "{\"notice\":1440}"},
	{"cancel until 24 before", NULL, "{\"cancel\":1440}"},
	{"Day 2 check, 20 min", "Day 2 check", "{\"minutes\":20}"},
	{"Check after surgery, 20 min", "Check after surgery",
		"{\"minutes\":20}"},
	{"Caf\xc3\xa9, \xe2\x82\xac"
	 "50",
		"Caf\xc3\xa9", "{\"fee\":50,\"currency\":\"EUR\"}"},
	{"$50", NULL, "{\"fee\":50,\"currency\":\"USD\"}"},
	{"free", NULL, "{\"fee\":0,\"currency\":\"EUR\"}"},
	{"Check, something else", NULL, NULL},
	{"", NULL, "{}"},
	{" , ,", NULL, "{}"},
	{"room", "room", "{}"},
	{"99999999999999999999 min", NULL, "{\"minutes\":1000000}"},
};

static void the_parts_are_read_in_any_order(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct visit_settings read, again;
		struct error error;
		bool is_read = visit_settings_read(
			&read, cases[i].text, "EUR", &error);
		char *json AUTO(free_text) = visit_settings_print(&read);

		if (is_read != (cases[i].json != NULL))
			fail_msg("\"%s\": %s", cases[i].text,
				is_read ? json : error.message);
		visit_settings_init(&again);
		if (is_read) {
			char *twice AUTO(free_text) = NULL;

			if (cases[i].name)
				assert_string_equal(read.name, cases[i].name);
			else if (read.name)
				fail_msg("\"%s\" is a name", read.name);
			assert_string_equal(json, cases[i].json);
			assert_true(visit_settings_load(&again, json));
			twice = visit_settings_print(&again);
			assert_string_equal(twice, json);
		}
		visit_settings_release(&read);
		visit_settings_release(&again);
	}
}

/* What is said back can be written. */
static void what_is_said_can_be_read(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct strbuf said AUTO(strbuf_release) = STRBUF_INIT;
		struct visit_settings read, again;
		struct error error;
		char *json AUTO(free_text) = NULL,
			   *twice AUTO(free_text) = NULL;

		if (!visit_settings_read(&read, cases[i].text, "EUR", &error)) {
			visit_settings_release(&read);
			continue;
		}
		say_visit_kind(&said, NULL, &read);
		say_visit_rules(&said, NULL, &read);
		json = visit_settings_print(&read);
		if (!visit_settings_read(&again, said.text, "EUR", &error))
			fail_msg("\"%s\": %s", said.text, error.message);
		twice = visit_settings_print(&again);
		assert_string_equal(twice, json);
		visit_settings_release(&read);
		visit_settings_release(&again);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_parts_are_read_in_any_order),
		cmocka_unit_test(what_is_said_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
