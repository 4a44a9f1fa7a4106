/* test_meeting.c - who writes to whom, and what is known when somebody may not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "mirror/book.h"
#include "mirror/meeting.h"

static const struct book_person ruiz = {
	.id = 1,
	.jid = "ruiz@hosp.example",
	.local = "dr.ana.ruiz",
	.name = "Ana Ruiz",
	.language = "en",
	.is_doctor = true,
};

/* The meeting lies where another one lay before. */
static enum verdict open_over(struct mirror *mirror, const char *from,
	const char *to, struct meeting *meeting)
{
	AUTO(stanza_release) stanza *incoming = stanza_new("iq", NULL);

	memset(meeting, 0x5a, sizeof(*meeting));
	stanza_set(incoming, "from", from);
	stanza_set(incoming, "to", to);
	return meeting_open(mirror, incoming, meeting);
}

static void of_who_is_not_known_nothing_is_left_from_before(void **state)
{
	struct mirror mirror = {.book = book_new(), .domain = "clinic.example"};
	struct meeting meeting;

	(void)state;
	book_put(mirror.book, &ruiz);
	assert_int_equal(open_over(&mirror, "who@home.example/x",
				 "dr.ana.ruiz@clinic.example", &meeting),
		IS_STRANGER);
	assert_string_equal(meeting.receiver.name, "Ana Ruiz");
	assert_false(meeting.has_pair);
	assert_false(meeting.is_forged);
	assert_null(meeting.passage.receiver_resource);
	assert_null(meeting.passage.sender.real);
	assert_int_equal(open_over(&mirror, "who@home.example/x",
				 "nobody@clinic.example", &meeting),
		IS_NOBODY);
	assert_false(meeting.has_pair);
	book_free(mirror.book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			of_who_is_not_known_nothing_is_left_from_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
