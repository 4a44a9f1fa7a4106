/* test_turns.c - the queue in which people take turns, alone and between
 * threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <sched.h>

#include "base/memory.h"
#include "base/turns.h"

#define PRODUCERS 4
#define ITEMS 20000 /* of each producer */

static void *number(uintptr_t value)
{
	return (void *)value;
}

static void put(struct turns *turns, uint32_t who, uintptr_t first, int count)
{
	for (int i = 0; i < count; i++)
		assert_true(
			turns_put(turns, who, number(first + (uintptr_t)i)));
}

static void expect(struct turns *turns, const uintptr_t *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal((uintptr_t)turns_take(turns), items[i]);
}

static void nobody_waits_for_more_than_one_of_each_other(void **state UNUSED)
{
	struct turns *turns = turns_new(100, 50);

	put(turns, 1, 10, 4);
	put(turns, 2, 20, 1);
	put(turns, 3, 30, 2);
	expect(turns, (uintptr_t[]){10, 20, 30, 11}, 4);
	put(turns, 2, 21, 1); /* who comes again goes to the end */
	put(turns, 1, 14, 1);
	expect(turns, (uintptr_t[]){31, 12, 21, 13, 14}, 5);
	turns_close(turns);
	assert_null(turns_take(turns));
	turns_free(turns, NULL);
}

static void numbers_that_meet_in_a_bucket_are_told_apart(void **state UNUSED)
{
	struct turns *turns = turns_new(8, 2);

	put(turns, 8, 80, 2);
	put(turns, 16, 160, 2);
	put(turns, 24, 240, 2);
	assert_false(turns_put(turns, 16, number(162)));
	expect(turns, (uintptr_t[]){80, 160, 240, 81}, 4);
	put(turns, 8, 82, 1);
	expect(turns, (uintptr_t[]){161, 241, 82}, 3);
	turns_free(turns, NULL);
}

static void one_gets_no_more_than_a_share(void **state UNUSED)
{
	struct turns *turns = turns_new(5, 3);

	put(turns, 1, 10, 3);
	assert_false(turns_put(turns, 1, number(13)));
	put(turns, 2, 20, 2);
	assert_false(turns_put(turns, 3, number(30))); /* all is full */
	expect(turns, (uintptr_t[]){10}, 1);
	put(turns, 1, 13, 1);
	expect(turns, (uintptr_t[]){20, 11, 21, 12, 13}, 5);
	turns_free(turns, NULL);
}

static void a_closed_one_can_be_emptied(void **state UNUSED)
{
	struct turns *turns = turns_new(5, 5);

	put(turns, 1, 10, 2);
	turns_close(turns);
	assert_false(turns_put(turns, 2, number(20)));
	expect(turns, (uintptr_t[]){10, 11}, 2);
	assert_null(turns_take(turns));
	turns_free(turns, NULL);
}

static void what_is_left_is_freed(void **state UNUSED)
{
	struct turns *turns = turns_new(5, 5);

	assert_true(turns_put(turns, 1, xstrdup("left")));
	assert_true(turns_put(turns, 2, xstrdup("over")));
	turns_free(turns, free); /* the leak sanitizer looks */
	turns_free(NULL, free);
}

struct producer {
	struct turns *turns;
	uint32_t who;
};

static void *produce(void *argument)
{
	struct producer *producer = argument;

	for (uintptr_t i = 0; i < ITEMS; i++)
		while (!turns_put(producer->turns, producer->who,
			number(1 + producer->who * (uintptr_t)ITEMS + i)))
			sched_yield();
	return NULL;
}

static void producers_lose_nothing_and_keep_their_order(void **state UNUSED)
{
	struct turns *turns = turns_new(16, 6);
	struct producer producers[PRODUCERS];
	pthread_t threads[PRODUCERS];
	uintptr_t next[PRODUCERS] = {0};

	for (uint32_t i = 0; i < PRODUCERS; i++) {
		producers[i] = (struct producer){turns, i};
		assert_int_equal(pthread_create(&threads[i], NULL, produce,
					 &producers[i]),
			0);
	}
	for (size_t i = 0; i < (size_t)PRODUCERS * ITEMS; i++) {
		uintptr_t item = (uintptr_t)turns_take(turns) - 1;

		assert_int_equal(item % ITEMS, next[item / ITEMS]);
		next[item / ITEMS]++;
	}
	for (size_t i = 0; i < PRODUCERS; i++)
		pthread_join(threads[i], NULL);
	turns_close(turns);
	assert_null(turns_take(turns));
	turns_free(turns, NULL);
}

static void *take_until_closed(void *argument)
{
	size_t count = 0;

	while (turns_take(argument))
		count++;
	return number(count);
}

static void closing_wakes_who_waits(void **state UNUSED)
{
	struct turns *turns = turns_new(4, 4);
	pthread_t thread;
	void *count;

	assert_int_equal(
		pthread_create(&thread, NULL, take_until_closed, turns), 0);
	put(turns, 1, 1, 1);
	turns_close(turns);
	pthread_join(thread, &count);
	assert_ptr_equal(count, number(1));
	turns_free(turns, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_waits_for_more_than_one_of_each_other),
		cmocka_unit_test(numbers_that_meet_in_a_bucket_are_told_apart),
		cmocka_unit_test(one_gets_no_more_than_a_share),
		cmocka_unit_test(a_closed_one_can_be_emptied),
		cmocka_unit_test(what_is_left_is_freed),
		cmocka_unit_test(producers_lose_nothing_and_keep_their_order),
		cmocka_unit_test(closing_wakes_who_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
