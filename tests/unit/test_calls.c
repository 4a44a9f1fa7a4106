/* test_calls.c - which calls are under way, and what may be said of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "mirror/call_asked.h"
#include "mirror/call_read.h"
#include "mirror/calls.h"
#include "mirror/rewrite.h"

enum { DOCTOR = 7, PATIENT = 9 };
#define MINUTE ((int64_t)60000)
#define HOUR (60 * MINUTE)

/* The patient calls at 1000 ms. */
static void begin(struct calls *calls, const char *sid)
{
	calls_begin(calls, &(struct call){
				   .doctor = DOCTOR,
				   .patient = PATIENT,
				   .sid = xstrdup(sid),
				   .proposal = xstrdup("p-1"),
				   .sides[CALLER].device = xstrdup("phone"),
				   .begun_ms = 1000,
			   });
}

static enum call_answer say(struct calls *calls, bool by_doctor,
	const char *sid, enum call_event event, int64_t now_ms)
{
	return calls_hear(calls,
		&(struct call_word){
			.doctor = DOCTOR,
			.patient = PATIENT,
			.by_doctor = by_doctor,
			.sid = sid,
			.event = event,
			.device = by_doctor ? "laptop" : "phone",
			.other_device = by_doctor ? "phone" : "laptop",
		},
		now_ms);
}

static void only_what_is_under_way_goes_on(void **state)
{
	struct calls *calls = calls_new();

	(void)state;
	assert_int_equal(
		say(calls, false, "S", CALL_GOES_ON, 0), CALL_IS_UNKNOWN);
	begin(calls, "S");
	assert_int_equal(say(calls, false, "S", CALL_GOES_ON, 0), CALL_PASSES);
	assert_int_equal(
		say(calls, false, "T", CALL_GOES_ON, 0), CALL_IS_UNKNOWN);
	assert_int_equal(say(calls, true, "S", CALL_ENDS, 2000), CALL_PASSES);
	assert_int_equal(
		say(calls, false, "S", CALL_GOES_ON, 2000), CALL_IS_UNKNOWN);
	assert_int_equal(say(calls, false, "S", CALL_ENDS, 2000), CALL_PASSES);
	calls_sweep(calls, 2000 + MINUTE);
	assert_int_equal(say(calls, false, "S", CALL_ENDS, 0), CALL_IS_UNKNOWN);
	assert_int_equal(calls_count(calls), 0);
	calls_free(calls);
}

static void each_side_says_what_is_theirs(void **state)
{
	/* clang-format off */
	static const struct {
		enum call_event event;
		enum call_answer of_caller, of_callee;
	} cases[] = {
		{CALL_RINGS, CALL_IS_SAID, CALL_PASSES},
		{CALL_IS_ANSWERED, CALL_IS_SAID, CALL_PASSES},
		{CALL_BEGINS_SESSION, CALL_PASSES, CALL_IS_SAID},
		{CALL_GOES_ON, CALL_PASSES, CALL_PASSES},
		{CALL_GIVES_UP, CALL_PASSES, CALL_IS_SAID},
		{CALL_REFUSES, CALL_IS_SAID, CALL_PASSES},
		{CALL_ENDS, CALL_PASSES, CALL_PASSES},
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		for (int by_doctor = 0; by_doctor < 2; by_doctor++) {
			struct calls *calls = calls_new();

			begin(calls, "S");
			assert_int_equal(say(calls, by_doctor, "S",
						 cases[i].event, 2000),
				by_doctor ? cases[i].of_callee
					  : cases[i].of_caller);
			calls_free(calls);
		}
}

static void nothing_rings_or_lasts_for_ever(void **state)
{
	struct calls *calls = calls_new();

	(void)state;
	begin(calls, "rings");
	begin(calls, "talks");
	assert_int_equal(
		say(calls, true, "talks", CALL_IS_ANSWERED, 2000), CALL_PASSES);
	calls_sweep(calls, 999 + 2 * MINUTE);
	assert_int_equal(say(calls, true, "rings", CALL_RINGS, 0), CALL_PASSES);
	calls_sweep(calls, 1000 + 2 * MINUTE);
	assert_int_equal(
		say(calls, true, "rings", CALL_RINGS, 0), CALL_IS_UNKNOWN);
	calls_sweep(calls, 999 + 12 * HOUR);
	assert_int_equal(
		say(calls, true, "talks", CALL_GOES_ON, 0), CALL_PASSES);
	calls_sweep(calls, 1000 + 12 * HOUR);
	assert_int_equal(
		say(calls, true, "talks", CALL_GOES_ON, 0), CALL_IS_UNKNOWN);
	calls_free(calls);
}

static void two_people_have_no_more_calls_than_anybody_has(void **state)
{
	struct calls *calls = calls_new();
	char sid[20];

	(void)state;
	for (int i = 0; i < 100; i++) {
		(void)snprintf(sid, sizeof(sid), "S%d", i);
		begin(calls, sid);
		begin(calls, sid);
	}
	assert_int_equal(calls_count(calls), 16);
	assert_int_equal(
		say(calls, false, "S84", CALL_GOES_ON, 0), CALL_PASSES);
	assert_int_equal(
		say(calls, false, "S83", CALL_GOES_ON, 0), CALL_IS_UNKNOWN);
	calls_free(calls);
}

static void a_proposal_is_answered_by_the_callee_alone(void **state)
{
	struct calls *calls = calls_new();
	AUTO(free_text) char *sid = NULL;

	(void)state;
	begin(calls, "S");
	assert_false(
		calls_hear_of(calls, PATIENT, DOCTOR, "p-1", true, 1, &sid));
	assert_false(
		calls_hear_of(calls, DOCTOR, PATIENT, "p-2", true, 1, &sid));
	assert_null(sid);
	assert_true(
		calls_hear_of(calls, DOCTOR, PATIENT, "p-1", true, 1, &sid));
	assert_string_equal(sid, "S");
	assert_int_equal(say(calls, true, "S", CALL_RINGS, 0), CALL_IS_UNKNOWN);
	calls_free(calls);
}

/* A device is left alone when another contact was told that it went. */
static void see_if_left(void *context, struct call *call)
{
	bool *is_left = context;

	is_left[CALLER] = call->sides[CALLER].is_left;
	is_left[CALLEE] = call->sides[CALLEE].is_left;
}

static void who_leaves_leaves_one_call(void **state)
{
	struct calls *calls = calls_new();
	bool is_left[2];

	(void)state;
	begin(calls, "S");
	(void)!say(calls, true, "S", CALL_IS_ANSWERED, 2000);
	calls_leave(calls, DOCTOR, PATIENT + 1, "laptop");
	calls_leave(calls, DOCTOR, PATIENT, "tablet");
	calls_visit(calls, see_if_left, is_left);
	assert_false(is_left[CALLER] || is_left[CALLEE]);
	calls_leave(calls, DOCTOR, PATIENT, "laptop");
	calls_visit(calls, see_if_left, is_left);
	assert_true(is_left[CALLEE] && !is_left[CALLER]);
	calls_leave(calls, PATIENT, DOCTOR, NULL);
	calls_visit(calls, see_if_left, is_left);
	assert_true(is_left[CALLER]);
	calls_free(calls);
}

/* ---- what was asked ---- */

static const struct passage there = {
	.sender = {.id = PATIENT},
	.receiver = {.id = DOCTOR},
	.sender_resource = "phone",
	.receiver_resource = "laptop",
};
static const struct passage back = {
	.sender = {.id = DOCTOR},
	.receiver = {.id = PATIENT},
	.sender_resource = "laptop",
	.receiver_resource = "phone",
};

static void ask(struct call_asked *asked, const char *id, int64_t due_ms)
{
	AUTO(stanza_release) stanza *iq = stanza_new("iq", NULL);

	stanza_set(iq, "type", "set");
	stanza_set(iq, "id", id);
	stanza_set(iq, "from", "jane@home.example/phone");
	stanza_set(iq, "to", "dr.ruiz@clinic.example/x");
	call_asked_add(asked, &there, iq, due_ms);
}

static void who_asked_hears_something(void **state)
{
	struct call_asked *asked = call_asked_new();

	(void)state;
	ask(asked, "a", 100);
	ask(asked, "b", 200);
	assert_int_equal(call_asked_count(asked), 2);
	assert_true(call_asked_take(asked, &back, "b"));
	assert_true(call_asked_take(asked, &back, "never"));
	assert_true(call_asked_take(asked, &there, "a")); /* another's */
	assert_null(call_asked_due(asked, 99));
	AUTO(stanza_release) stanza *error = call_asked_due(asked, 100);
	assert_non_null(error);
	assert_string_equal(stanza_get(error, "id"), "a");
	assert_string_equal(
		stanza_get(error, "from"), "dr.ruiz@clinic.example/x");
	assert_non_null(stanza_find(stanza_find(error, "error", NULL),
		"remote-server-timeout", NS_STANZAS));
	assert_null(call_asked_due(asked, 1000));
	assert_int_equal(call_asked_count(asked), 0);
	assert_false(call_asked_take(asked, &back, "a")); /* too late */
	call_asked_free(asked);
}

static void what_was_asked_has_a_ceiling(void **state)
{
	struct call_asked *asked = call_asked_new();
	char id[20];
	size_t count = 0;

	(void)state;
	for (int i = 0; i < 50000; i++) {
		(void)snprintf(id, sizeof(id), "i%d", i);
		ask(asked, id, i);
	}
	count = call_asked_count(asked);
	assert_in_range(count, 1000, 8192);
	call_asked_free(asked);
}

/* ---- when it was sent ---- */

static void when_a_message_was_sent_is_read(void **state)
{
	/* clang-format off */
	static const struct { const char *stamp; int64_t second; } cases[] = {
		{"1970-01-02T00:00:01Z", 86401},
		{"2026-11-30T07:50:30Z", 1796025030},
		{"2026-11-30T07:50:30.123Z", 1796025030},
		{"2026-11-30T08:50:30+01:00", 1796025030},
		{"2026-11-30T02:20:30-05:30", 1796025030},
		{"2026-11-30T07:50:30", 1796025030},
		{"2026-13-30T07:50:30Z", 0},
		{"20261130T07:50:30", 0},
		{"2026-11-30T07:50", 0},
		{"2026-11-30T07:50:", 0},
		{"", 0},
		{NULL, 0},
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(stanza_release)
		stanza *message = stanza_new("message", NULL);

		stanza_set(stanza_add(message, "delay", "urn:xmpp:delay"),
			"stamp", cases[i].stamp);
		assert_int_equal(call_sent_s(message), cases[i].second);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_under_way_goes_on),
		cmocka_unit_test(each_side_says_what_is_theirs),
		cmocka_unit_test(nothing_rings_or_lasts_for_ever),
		cmocka_unit_test(
			two_people_have_no_more_calls_than_anybody_has),
		cmocka_unit_test(a_proposal_is_answered_by_the_callee_alone),
		cmocka_unit_test(who_leaves_leaves_one_call),
		cmocka_unit_test(who_asked_hears_something),
		cmocka_unit_test(what_was_asked_has_a_ceiling),
		cmocka_unit_test(when_a_message_was_sent_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
