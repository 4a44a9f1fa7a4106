/* test_book.c - the address book: who is who, who may write, and its size. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/memory.h"
#include "mirror/book.h"

static const struct book_person ruiz = {
	.id = 1,
	.jid = "ruiz@hosp.example",
	.local = "dr.ana.ruiz",
	.name = "Ana Ruiz",
	.language = "en",
	.is_doctor = true,
	.keeps_messages = true,
};
static const struct book_person jane = {
	.id = 2,
	.jid = "pat@home.example",
	.local = "jane.k7f3",
	.name = "Jane Doe",
	.language = "es",
	.keeps_messages = true,
};

static int set_up(void **state)
{
	struct book *book = book_new();

	book_put(book, &ruiz);
	book_put(book, &jane);
	book_set_clock(book, 1000000000, 20000, 2000000000);
	*state = book;
	return 0;
}

static int tear_down(void **state)
{
	book_free(*state);
	return 0;
}

static void people_are_found_by_each_address(void **state)
{
	struct card card;

	assert_true(book_by_jid(*state, "pat@home.example", &card));
	assert_int_equal(card.id, 2);
	assert_string_equal(card.local, "jane.k7f3");
	assert_string_equal(card.name, "Jane Doe");
	assert_string_equal(card.language, "es");
	assert_false(card.is_doctor);
	assert_true(book_by_local(*state, "dr.ana.ruiz@x", 11, &card));
	assert_string_equal(card.jid, "ruiz@hosp.example");
	assert_string_equal(card.language, "en");
	assert_true(card.is_doctor);
	assert_true(book_by_id(*state, 1, &card));
	assert_string_equal(card.local, "dr.ana.ruiz");
	assert_false(book_by_jid(*state, "jane.k7f3", &card));
	assert_false(book_by_local(*state, "jane.k7f", 8, &card));
	assert_false(book_by_id(*state, 3, &card));
}

static void remove_person(struct book *book, uint32_t id)
{
	book_renew(book, id, (struct book_person[1]){0}, 0, NULL, 0);
}

static void a_former_address_leads_to_the_present_one(void **state)
{
	struct book_person former = ruiz;
	struct card card;

	former.local = "ana.x4x4";
	former.is_former = true;
	book_put(*state, &former);
	assert_true(book_by_local(*state, "ana.x4x4", 8, &card));
	assert_string_equal(card.local, "dr.ana.ruiz");
	assert_int_equal(book_people_count(*state), 2);
	remove_person(*state, 1);
	assert_false(book_by_local(*state, "ana.x4x4", 8, &card));
	assert_false(book_by_local(*state, "dr.ana.ruiz", 11, &card));
	assert_int_equal(book_people_count(*state), 1);
}

static void a_pair_is_found_from_both_sides(void **state)
{
	struct pair pair;

	assert_false(book_pair(*state, 1, 2, &pair));
	book_put_pair(*state, &(struct pair){.doctor = 1,
				      .patient = 2,
				      .until_s = 5,
				      .visit_s = 6,
				      .visit_day = 20000,
				      .visit_minute = 920,
				      .is_muted = true});
	assert_true(book_pair(*state, 2, 1, &pair));
	assert_int_equal(pair.doctor, 1);
	assert_int_equal(pair.patient, 2);
	assert_int_equal(pair.until_s, 5);
	assert_int_equal(pair.visit_day, 20000);
	assert_int_equal(pair.visit_minute, 920);
	assert_true(pair.is_muted);
	assert_false(pair.is_blocked);
	assert_true(book_pair(*state, 1, 2, &pair));
	assert_int_equal(pair.patient, 2);
	book_extend(*state, 1, 2, 9);
	book_extend(*state, 1, 2, 8);
	assert_true(book_pair(*state, 1, 2, &pair));
	assert_int_equal(pair.until_s, 9);
	book_renew(*state, 2, NULL, 0, NULL, 0);
	assert_false(book_pair(*state, 1, 2, &pair));
	assert_int_equal(book_pair_count(*state), 0);
}

static void marks_are_set_once_and_some_for_a_day(void **state)
{
	struct pair pair;

	book_put_pair(*state, &(struct pair){.doctor = 1, .patient = 2});
	assert_true(book_mark(*state, 1, 2, MARK_INTRODUCED));
	assert_false(book_mark(*state, 1, 2, MARK_INTRODUCED));
	assert_true(book_mark(*state, 1, 2, MARK_ASKED_DOCTOR));
	assert_false(book_mark(*state, 1, 2, MARK_ASKED_DOCTOR));
	assert_true(book_mark(*state, 1, 2, MARK_ANSWERED));
	assert_true(book_pair(*state, 1, 2, &pair));
	assert_true(pair.is_introduced && pair.is_answered &&
		    pair.has_asked_doctor && !pair.has_asked_patient);
	book_set_clock(*state, 1000000000, 20001, 2000000000);
	assert_true(book_pair(*state, 1, 2, &pair));
	assert_true(!pair.is_introduced && !pair.is_answered &&
		    pair.has_asked_doctor);
	/* After midnight it is another day, before the keeper has asked. */
	assert_true(book_mark(*state, 1, 2, MARK_INTRODUCED));
	book_set_clock(*state, 2000000000, 20001, 2000000000);
	assert_true(book_mark(*state, 1, 2, MARK_INTRODUCED));
	/* Each of the two is told for themselves. */
	assert_true(book_mark(*state, 1, 2, MARK_KEYLESS_DOCTOR));
	assert_false(book_mark(*state, 1, 2, MARK_KEYLESS_DOCTOR));
	assert_true(book_pair(*state, 1, 2, &pair));
	assert_true(pair.is_doctor_keyless && !pair.is_patient_keyless);
	assert_true(book_mark(*state, 1, 2, MARK_KEYLESS_PATIENT));
	book_set_clock(*state, 3000000000, 20003, 4000000000);
	assert_true(book_pair(*state, 1, 2, &pair));
	assert_true(!pair.is_doctor_keyless && !pair.is_patient_keyless);
	assert_true(book_mark(*state, 1, 2, MARK_KEYLESS_DOCTOR));
	assert_true(book_pair(*state, 1, 2, &pair));
	assert_true(pair.is_doctor_keyless && !pair.is_patient_keyless);
	assert_true(book_mark(*state, 1, 2, MARK_AGREED_DOCTOR));
	book_unmark(*state, 1, 2, MARK_ASKED_DOCTOR);
	assert_true(book_mark(*state, 1, 2, MARK_ASKED_DOCTOR));
	assert_true(book_mark(*state, 1, 2, MARK_AGREED_DOCTOR));
	assert_false(book_mark(*state, 2, 1, MARK_INTRODUCED));
}

static void partners_are_listed(void **state)
{
	uint32_t partners[4];

	assert_int_equal(book_partners(*state, 1, partners, 4), 0);
	book_put_pair(*state, &(struct pair){.doctor = 1, .patient = 2});
	assert_int_equal(book_partners(*state, 1, partners, 4), 1);
	assert_int_equal(partners[0], 2);
	assert_int_equal(book_partners(*state, 2, partners, 4), 1);
	assert_int_equal(partners[0], 1);
}

/* A person of many, whose texts are like real ones. */
static void put_number(struct book *book, uint32_t id)
{
	char jid[60], local[40], name[40];

	(void)snprintf(
		jid, sizeof(jid), "user%u@server%u.example", id, id % 50);
	(void)snprintf(local, sizeof(local), "jane.%06x", id);
	(void)snprintf(name, sizeof(name), "Jane Doe %u", id);
	book_put(book, &(struct book_person){.id = id,
			       .jid = jid,
			       .local = local,
			       .name = name,
			       .language = "en"});
}

static void people_come_and_go(void **state)
{
	struct card card;

	for (uint32_t id = 10; id < 3000; id++)
		put_number(*state, id);
	for (uint32_t id = 10; id < 3000; id += 2)
		remove_person(*state, id);
	for (uint32_t id = 10; id < 3000; id++)
		assert_int_equal(book_by_id(*state, id, &card), id % 2);
	for (uint32_t id = 10; id < 3000; id += 2)
		put_number(*state, id);
	assert_int_equal(book_people_count(*state), 2992);
	assert_true(book_by_jid(*state, "user2998@server48.example", &card));
	assert_int_equal(card.id, 2998);
	for (int round = 0; round < 60; round++)
		for (uint32_t id = 10; id < 1000; id++) {
			remove_person(*state, id);
			put_number(*state, id);
		}
	assert_true(book_bytes(*state) < 4 * 1024 * 1024);
	assert_true(book_by_jid(*state, "user2998@server48.example", &card));
}

static void a_hundred_thousand_people_are_some_mib(void **state UNUSED)
{
	struct book *book = book_new(), *fresh = book_new();
	struct card card;
	struct pair pair;
	int64_t began;

	for (uint32_t id = 1; id <= 100000; id++)
		put_number(fresh, id);
	for (uint32_t id = 101; id <= 100000; id++)
		book_put_pair(fresh,
			&(struct pair){.doctor = id % 100 + 1, .patient = id});
	book_take(book, fresh);
	book_free(fresh);
	assert_int_equal(book_people_count(book), 100000);
	print_message("100,000 people and %zu pairs: %.1f MiB\n",
		book_pair_count(book), (double)book_bytes(book) / 1024 / 1024);
	assert_true(book_bytes(book) < (size_t)16 * 1024 * 1024);
	began = clock_monotonic_ms();
	for (uint32_t id = 101; id <= 100000; id++) {
		assert_true(book_by_id(book, id, &card));
		assert_true(book_by_jid(book, card.jid, &card));
		assert_true(book_by_local(
			book, card.local, strlen(card.local), &card));
		assert_int_equal(card.id, id);
		assert_true(book_pair(book, id, id % 100 + 1, &pair));
	}
	print_message("asked four times in %.2f us\n",
		(double)(clock_monotonic_ms() - began) * 1000 / 99900);
	book_free(book);
}

static atomic_bool is_over;

static void *ask(void *context)
{
	struct card card;
	uintptr_t wrong = 0;

	while (!atomic_load(&is_over))
		if (book_by_local(context, "dr.ana.ruiz", 11, &card))
			wrong += strcmp(card.jid, "ruiz@hosp.example") != 0;
	return (void *)wrong;
}

static void readers_and_the_keeper_do_not_disturb_each_other(void **state)
{
	pthread_t reader;
	void *wrong;

	atomic_store(&is_over, false);
	pthread_create(&reader, NULL, ask, *state);
	for (int round = 0; round < 300; round++) {
		struct book *fresh = book_new();

		book_put(fresh, &ruiz);
		put_number(fresh, (uint32_t)round + 10);
		book_take(*state, fresh);
		book_free(fresh);
		remove_person(*state, 1);
		book_put(*state, &ruiz);
	}
	atomic_store(&is_over, true);
	pthread_join(reader, &wrong);
	assert_null(wrong);
}

static void *look_for_the_pair(void *context)
{
	struct renewed {
		struct book *book;
		atomic_bool is_over;
		size_t missed;
	} *renewed = context;
	struct card card;
	struct pair pair;

	while (!atomic_load(&renewed->is_over))
		renewed->missed += !book_by_id(renewed->book, 2, &card) ||
				   !book_pair(renewed->book, 1, 2, &pair);
	return NULL;
}

/* A message that comes meanwhile would be taken for a stranger's. */
static void nobody_is_met_by_half(void **state)
{
	struct {
		struct book *book;
		atomic_bool is_over;
		size_t missed;
	} renewed = {.book = *state};
	struct pair pair = {.doctor = 1, .patient = 2, .until_s = 7};
	pthread_t thread;

	book_put_pair(*state, &pair);
	assert_int_equal(
		pthread_create(&thread, NULL, look_for_the_pair, &renewed), 0);
	for (int i = 0; i < 20000; i++) {
		book_renew(*state, 2, &jane, 1, &pair, 1);
		book_renew(*state, 2, NULL, 0, &pair, 1);
	}
	atomic_store(&renewed.is_over, true);
	pthread_join(thread, NULL);
	assert_int_equal(renewed.missed, 0);
	assert_int_equal(book_pair_count(*state), 1);
	book_renew(*state, 2, NULL, 0, NULL, 0);
	assert_int_equal(book_pair_count(*state), 0);
	book_renew(*state, 2, &jane, 0, NULL, 0);
	assert_int_equal(book_people_count(*state), 1);
}

/* The database hears of a mark later: read before, it is not in there. */
static void marks_outlive_a_renewal(void **state)
{
	struct pair read = {.doctor = 1, .patient = 2};
	struct pair pair;

	book_put_pair(*state, &read);
	assert_true(book_mark(*state, 1, 2, MARK_ASKED_DOCTOR));
	assert_true(book_mark(*state, 1, 2, MARK_AGREED_DOCTOR));
	assert_true(book_mark(*state, 1, 2, MARK_INTRODUCED));
	assert_true(book_mark(*state, 1, 2, MARK_KEYLESS_PATIENT));
	book_renew(*state, 2, &jane, 1, &read, 1);
	assert_true(book_pair(*state, 1, 2, &pair));
	assert_true(pair.has_asked_doctor && pair.has_agreed_doctor &&
		    pair.is_introduced && pair.is_patient_keyless);
	assert_false(pair.has_asked_patient || pair.has_agreed_patient ||
		     pair.is_answered || pair.is_doctor_keyless);
	/* And what was taken back does not return. */
	book_unmark(*state, 1, 2, MARK_ASKED_DOCTOR);
	book_renew(*state, 2, NULL, 0, &pair, 1);
	assert_true(book_pair(*state, 1, 2, &pair));
	assert_false(pair.has_asked_doctor || pair.has_agreed_doctor);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(people_are_found_by_each_address),
		CASE(a_former_address_leads_to_the_present_one),
		CASE(a_pair_is_found_from_both_sides),
		CASE(marks_are_set_once_and_some_for_a_day),
		CASE(partners_are_listed),
		CASE(people_come_and_go),
		CASE(a_hundred_thousand_people_are_some_mib),
		CASE(readers_and_the_keeper_do_not_disturb_each_other),
		CASE(nobody_is_met_by_half),
		CASE(marks_outlive_a_renewal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
