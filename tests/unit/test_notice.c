/* test_notice.c - what people read when something was booked, moved, ... */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "post/notice.h"

#define VISIT_ON(when, now)                                               \
	.code = "A7K3F", .doctor_name = "Dr. Ana Ruiz",                   \
	.patient_name = "Jane Doe", .starts = (when), .now_local = (now), \
	.zone = "Europe/Madrid", .is_clinic_zone = true
#define VISIT VISIT_ON("2026-12-03 15:20", "2026-12-01 09:00")

static void every_kind_has_its_words(void **state)
{
	static const struct {
		struct notice notice;
		const char *text;
	} cases[] = {
		/* clang-format off */
		{{VISIT, .kind = "booked", .is_doctor = true},
			"Jane Doe booked Thu 3 Dec, 15:20 (A7K3F)."},
		{{VISIT, .kind = "booked"},
			"The clinic booked a visit for you: Dr. Ana Ruiz, Thu "
			"3 Dec, 15:20 (A7K3F). Write \"move\" or \"cancel\" if "
			"that does not suit you."},
		{{VISIT, .kind = "moved", .is_doctor = true,
			.was_starts = "2026-12-02 10:00"},
			"Moved: Jane Doe, from Wed 2 Dec, 10:00 to Thu 3 Dec, "
			"15:20 (A7K3F)."},
		{{VISIT, .kind = "moved", .was_starts = "2026-12-02 10:00"},
			"Your visit to Dr. Ana Ruiz on Wed 2 Dec, 10:00 has "
			"moved to Thu 3 Dec, 15:20 (A7K3F). Write \"move\" or "
			"\"cancel\" if that does not suit you."},
		{{VISIT, .kind = "cancelled", .is_doctor = true,
			.reason = "the flu"},
			"Cancelled: Jane Doe, Thu 3 Dec, 15:20 (A7K3F). "
			"Reason: the flu."},
		{{VISIT, .kind = "cancelled", .is_doctor = true,
			.reason = ""},
			"Cancelled: Jane Doe, Thu 3 Dec, 15:20 (A7K3F)."},
		{{VISIT, .kind = "cancelled"},
			"Your visit to Dr. Ana Ruiz on Thu 3 Dec, 15:20 is "
			"cancelled (A7K3F). Write \"book\" to find another "
			"time."},
		{{VISIT_ON("2026-12-03 15:20", "2026-12-02 15:20"),
			.kind = "reminder"},
			"Reminder: Dr. Ana Ruiz tomorrow, Thu 3 Dec, 15:20 "
			"(A7K3F). Write \"move\" or \"cancel\" if you cannot "
			"come."},
		{{VISIT_ON("2026-12-03 15:20", "2026-12-03 14:20"),
			.kind = "reminder"},
			"Reminder: Dr. Ana Ruiz today, Thu 3 Dec, 15:20 "
			"(A7K3F). Write \"move\" or \"cancel\" if you cannot "
			"come."},
		{{VISIT, .kind = "call_now", .local = "dr.ana.ruiz",
			.domain = "clinic.example",
			.link = "https://meet.example/1f"},
			"Your video visit (A7K3F) begins now: call Dr. Ana Ruiz "
			"at xmpp:dr.ana.ruiz@clinic.example now. If your app "
			"cannot call, meet at https://meet.example/1f instead."},
		{{VISIT, .kind = "call_now", .is_doctor = true,
			.local = "jane.k7f3", .domain = "clinic.example"},
			"The video visit with Jane Doe (A7K3F) begins now: call "
			"xmpp:jane.k7f3@clinic.example now."},
		{{VISIT, .kind = "missed_call", .is_doctor = true,
			.local = "jane.k7f3", .domain = "clinic.example"},
			"You missed a call from Jane Doe, Thu 3 Dec, 15:20. You "
			"can call back at xmpp:jane.k7f3@clinic.example any "
			"time."},
		{{VISIT, .kind = "visit_over", .child_name = "Leo",
			.local = "dr.ana.ruiz", .domain = "clinic.example"},
			"Leo's video visit with Dr. Ana Ruiz (A7K3F) is over. "
			"How was it? Write a number from 1 (bad) to 5 (good) to "
			"xmpp:dr.ana.ruiz@clinic.example, and what could be "
			"better."},
		{{VISIT, .kind = "reminder"},
			"Reminder: Dr. Ana Ruiz on Thu 3 Dec, 15:20 (A7K3F). "
			"Write \"move\" or \"cancel\" if you cannot come."},
		{{VISIT, .kind = "late", .was_starts = "2026-12-03 15:00"},
			"Dr. Ana Ruiz is running late: your visit of 15:00 "
			"today (A7K3F) will begin at about 15:20."},
		{{VISIT, .kind = "on_time", .was_starts = "2026-12-03 15:20"},
			"Dr. Ana Ruiz is on time again: your visit today "
			"(A7K3F) begins at 15:20."},
		{{VISIT, .kind = "booked", .child_name = "Leo"},
			"The clinic booked a visit for Leo: Dr. Ana Ruiz, Thu "
			"3 Dec, 15:20 (A7K3F). Write \"move\" or \"cancel\" if "
			"that does not suit you."},
		{{VISIT, .kind = "moved", .child_name = "Leo",
			.was_starts = "2026-12-02 10:00"},
			"Leo's visit to Dr. Ana Ruiz on Wed 2 Dec, 10:00 has "
			"moved to Thu 3 Dec, 15:20 (A7K3F). Write \"move\" or "
			"\"cancel\" if that does not suit you."},
		{{VISIT, .kind = "cancelled", .child_name = "Leo",
			.reason = "the flu"},
			"Leo's visit to Dr. Ana Ruiz on Thu 3 Dec, 15:20 is "
			"cancelled (A7K3F). Reason: the flu. Write \"book\" to "
			"find another time."},
		{{VISIT, .kind = "reminder", .child_name = "Leo"},
			"Reminder: Leo, Dr. Ana Ruiz on Thu 3 Dec, 15:20 "
			"(A7K3F). Write \"move\" or \"cancel\" if Leo cannot "
			"come."},
		{{VISIT, .kind = "late", .child_name = "Leo",
			.was_starts = "2026-12-03 15:00"},
			"Dr. Ana Ruiz is running late: Leo's visit of 15:00 "
			"today (A7K3F) will begin at about 15:20."},
		{{VISIT, .kind = "on_time", .child_name = "Leo",
			.was_starts = "2026-12-03 15:20"},
			"Dr. Ana Ruiz is on time again: Leo's visit today "
			"(A7K3F) begins at 15:20."},
		{{VISIT, .kind = "offer", .until = "2026-12-01 08:30"},
			"A time is free with Dr. Ana Ruiz: Thu 3 Dec, 15:20 "
			"(A7K3F). I hold it for you until Tue 1 Dec, 08:30. "
			"Shall I book it? (yes / no)"},
		{{.kind = "wait_over", .note = "Dr. Ana Ruiz"},
			"Nothing came free in time with Dr. Ana Ruiz, so you "
			"wait no more. Write \"book\" to see which times there "
			"are, or \"waitlist\" and a doctor to wait again."},
		{{VISIT, .kind = "requested", .is_doctor = true,
			 .until = "2026-12-01 08:00"},
			"Jane Doe asks for Thu 3 Dec, 15:20 (A7K3F). Please "
			"answer by Tue 1 Dec, 08:00: write \"yes\" or "
			"\"no\", or \"decline A7K3F because ...\"."},
		{{VISIT, .kind = "declined", .reason = "a congress"},
			"Dr. Ana Ruiz cannot see you on Thu 3 Dec, 15:20 "
			"(A7K3F). Reason: a congress. Write \"book\" to find "
			"another time."},
		{{.kind = "dead_letter", .note = "reminder for Jane Doe",
			.reason = "recipient-unavailable"},
			"A message could not be delivered, and I have given "
			"it up: reminder for Jane Doe. The last answer was: "
			"recipient-unavailable. Please reach that person in "
			"another way."},
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
		struct error error = {.message = ""};

		if (!notice_print(&cases[i].notice, &text, &error))
			fail_msg("%s", error.message);
		assert_string_equal(text.text, cases[i].text);
	}
}

static void a_foreign_zone_is_named(void **state)
{
	struct notice notice = {VISIT, .kind = "booked", .is_doctor = true};
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	(void)state;
	notice.zone = "America/Bogota";
	notice.is_clinic_zone = false;
	assert_true(notice_print(&notice, &text, NULL));
	assert_string_equal(text.text, "Jane Doe booked Thu 3 Dec, 15:20 "
				       "America/Bogota time (A7K3F).");
}

static void another_year_is_named(void **state)
{
	struct notice notice = {VISIT, .kind = "booked", .is_doctor = true};
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	(void)state;
	notice.starts = "2027-01-04 09:00";
	assert_true(notice_print(&notice, &text, NULL));
	assert_string_equal(
		text.text, "Jane Doe booked Mon 4 Jan 2027, 09:00 (A7K3F).");
}

static void a_doctor_learns_what_to_do_next(void **state)
{
	struct notice notice = {.kind = "welcome_doctor"};
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	(void)state;
	assert_true(notice_print(&notice, &text, NULL));
	assert_non_null(strstr(text.text, "hours mon-fri 9-13"));
}

static void names_are_not_read_as_placeholders(void **state)
{
	struct notice notice = {VISIT, .kind = "booked", .is_doctor = true};
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	(void)state;
	notice.patient_name = "{code} %s";
	assert_true(notice_print(&notice, &text, NULL));
	assert_string_equal(
		text.text, "{code} %s booked Thu 3 Dec, 15:20 (A7K3F).");
}

static void what_cannot_be_said_is_our_mistake(void **state)
{
	static const struct notice notices[] = {
		{VISIT, .kind = "lunch"},
		{VISIT_ON("soon", "2026-12-01 09:00"), .kind = "reminder"},
		{VISIT_ON("2026-12-03 15:20", NULL), .kind = "reminder"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(notices); i++) {
		struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
		struct error error;

		assert_false(notice_print(&notices[i], &text, &error));
		assert_int_equal(error.kind, ERROR_BUG);
	}
}

static void visits_of_a_day_are_one_reminder(void **state)
{
	struct notice visits[] = {
		{VISIT, .kind = "reminder"},
		{VISIT, .kind = "reminder"},
	};
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	(void)state;
	visits[1].starts = "2026-12-03 16:00";
	visits[1].doctor_name = "Dr. Wei {day} Chen";
	visits[1].code = "B2222";
	assert_true(notice_print_visits(visits, 2, &text, NULL));
	assert_string_equal(text.text,
		"Reminder: your visits on Thu 3 Dec:\n"
		"15:20  Dr. Ana Ruiz (A7K3F)\n"
		"16:00  Dr. Wei {day} Chen (B2222)\n"
		"Write \"move\" or \"cancel\" if you cannot come.");
	strbuf_reset(&text);
	visits[0].now_local = "2026-12-02 15:20";
	visits[0].is_clinic_zone = false;
	assert_true(notice_print_visits(visits, 2, &text, NULL));
	assert_non_null(strstr(text.text,
		"Reminder: your visits tomorrow, Thu 3 Dec (Europe/Madrid "
		"time):\n"));
	visits[1].starts = "soon";
	assert_false(notice_print_visits(visits, 2, &text, NULL));
}

static void what_was_done_together_is_one_notice(void **state)
{
	/* clang-format off */
	static const struct {
		const char *kind, *child_name, *reason;
		bool is_doctor;
		const char *text;
	} cases[] = {
		{"booked", NULL, NULL, true, "Jane Doe booked 2 visits:\n"
			"Thu 3 Dec, 15:20 (A7K3F)\nThu 10 Dec, 15:20 (B2222)"},
		{"booked", NULL, NULL, false, "The clinic booked 2 visits for "
			"you with Dr. Ana Ruiz:\nThu 3 Dec, 15:20 (A7K3F)\n"
			"Thu 10 Dec, 15:20 (B2222)\nWrite \"move\" or "
			"\"cancel\" if that does not suit you."},
		{"booked", "Leo", NULL, false, "The clinic booked 2 visits for "
			"Leo with Dr. Ana Ruiz:\nThu 3 Dec, 15:20 (A7K3F)\n"
			"Thu 10 Dec, 15:20 (B2222)\nWrite \"move\" or "
			"\"cancel\" if that does not suit you."},
		{"cancelled", NULL, "the flu", true, "Cancelled: 2 visits of "
			"Jane Doe:\nThu 3 Dec, 15:20 (A7K3F)\nThu 10 Dec, "
			"15:20 (B2222)\nReason: the flu."},
		{"cancelled", NULL, "", false, "2 of your visits to Dr. Ana "
			"Ruiz are cancelled:\nThu 3 Dec, 15:20 (A7K3F)\nThu "
			"10 Dec, 15:20 (B2222)\nWrite \"book\" to find other "
			"times."},
		{"cancelled", "Leo", NULL, false, "2 visits of Leo to Dr. Ana "
			"Ruiz are cancelled:\nThu 3 Dec, 15:20 (A7K3F)\nThu "
			"10 Dec, 15:20 (B2222)\nWrite \"book\" to find other "
			"times."},
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct notice visits[] = {{VISIT}, {VISIT}};
		struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

		for (size_t k = 0; k < 2; k++) {
			visits[k].kind = cases[i].kind;
			visits[k].child_name = cases[i].child_name;
			visits[k].reason = cases[i].reason;
			visits[k].is_doctor = cases[i].is_doctor;
		}
		visits[1].starts = "2026-12-10 15:20";
		visits[1].code = "B2222";
		assert_true(notice_print_visits(visits, 2, &text, NULL));
		assert_string_equal(text.text, cases[i].text);
		visits[1].starts = "soon";
		assert_false(notice_print_visits(visits, 2, &text, NULL));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_has_its_words),
		cmocka_unit_test(visits_of_a_day_are_one_reminder),
		cmocka_unit_test(what_was_done_together_is_one_notice),
		cmocka_unit_test(a_foreign_zone_is_named),
		cmocka_unit_test(another_year_is_named),
		cmocka_unit_test(a_doctor_learns_what_to_do_next),
		cmocka_unit_test(names_are_not_read_as_placeholders),
		cmocka_unit_test(what_cannot_be_said_is_our_mistake),
	};

	return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
