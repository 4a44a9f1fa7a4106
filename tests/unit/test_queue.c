/* test_queue.c - the bounded queue, alone and between threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <sched.h>

#include "base/memory.h"
#include "base/queue.h"

#define PRODUCERS 4
#define ITEMS 20000 /* of each producer */

static void *number(uintptr_t value)
{
	return (void *)value;
}

static bool is_readable(struct queue *queue)
{
	struct pollfd polled = {
		.fd = queue_descriptor(queue),
		.events = POLLIN,
	};

	return poll(&polled, 1, 0) == 1;
}

static void items_come_out_in_order(void **state UNUSED)
{
	struct queue *queue = queue_new(3);

	for (uintptr_t i = 1; i <= 10; i++) {
		assert_true(queue_put(queue, number(i)));
		assert_true(queue_put(queue, number(100 + i)));
		assert_ptr_equal(queue_take(queue), number(i));
		assert_ptr_equal(queue_take_now(queue), number(100 + i));
	}
	assert_null(queue_take_now(queue));
	queue_free(queue, NULL);
}

static void a_full_queue_refuses(void **state UNUSED)
{
	struct queue *queue = queue_new(2);

	assert_true(queue_put(queue, number(1)));
	assert_true(queue_put(queue, number(2)));
	assert_false(queue_put(queue, number(3)));
	assert_int_equal(queue_count(queue), 2);
	assert_ptr_equal(queue_take(queue), number(1));
	assert_true(queue_put(queue, number(4)));
	queue_free(queue, NULL);
}

static void a_push_into_a_full_queue_takes_the_oldest_out(void **state UNUSED)
{
	struct queue *queue = queue_new(2);
	void *oldest = number(99);

	assert_true(queue_push(queue, number(1), &oldest));
	assert_null(oldest);
	assert_true(queue_push(queue, number(2), &oldest));
	assert_true(queue_push(queue, number(3), &oldest));
	assert_ptr_equal(oldest, number(1));
	assert_ptr_equal(queue_take(queue), number(2));
	assert_ptr_equal(queue_take(queue), number(3));
	queue_free(queue, NULL);
}

static void a_closed_queue_can_be_emptied(void **state UNUSED)
{
	struct queue *queue = queue_new(5);
	void *oldest = NULL;

	assert_true(queue_put(queue, number(1)));
	assert_true(queue_put(queue, number(2)));
	queue_close(queue);
	assert_false(queue_put(queue, number(3)));
	assert_false(queue_push(queue, number(3), &oldest));
	assert_ptr_equal(queue_take(queue), number(1));
	assert_ptr_equal(queue_take(queue), number(2));
	assert_null(queue_take(queue));
	queue_free(queue, NULL);
}

static void its_descriptor_is_readable_while_something_is_in(
	void **state UNUSED)
{
	struct queue *queue = queue_new(5);

	assert_true(queue_put(queue, number(1)));
	assert_true(is_readable(queue)); /* what came before the descriptor */
	assert_ptr_equal(queue_take(queue), number(1));
	assert_false(is_readable(queue));
	assert_true(queue_put(queue, number(2)));
	assert_true(queue_put(queue, number(3)));
	assert_ptr_equal(queue_take_now(queue), number(2));
	assert_true(is_readable(queue));
	assert_ptr_equal(queue_take_now(queue), number(3));
	assert_false(is_readable(queue));
	queue_close(queue);
	assert_true(is_readable(queue));
	queue_free(queue, NULL);
}

static void what_is_left_is_freed(void **state UNUSED)
{
	struct queue *queue = queue_new(5);

	assert_true(queue_put(queue, xstrdup("left")));
	assert_true(queue_put(queue, xstrdup("over")));
	queue_free(queue, free); /* the leak sanitizer looks */
	queue_free(NULL, free);
}

struct producer {
	struct queue *queue;
	uintptr_t first;
};

static void *produce(void *argument)
{
	struct producer *producer = argument;

	for (uintptr_t i = 0; i < ITEMS; i++)
		while (!queue_put(producer->queue, number(producer->first + i)))
			sched_yield();
	return NULL;
}

static void producers_lose_nothing_and_keep_their_order(void **state UNUSED)
{
	struct queue *queue = queue_new(16);
	struct producer producers[PRODUCERS];
	pthread_t threads[PRODUCERS];
	uintptr_t next[PRODUCERS] = {0};

	for (uintptr_t i = 0; i < PRODUCERS; i++) {
		producers[i] = (struct producer){queue, 1 + i * ITEMS};
		assert_int_equal(pthread_create(&threads[i], NULL, produce,
					 &producers[i]),
			0);
	}
	for (size_t i = 0; i < (size_t)PRODUCERS * ITEMS; i++) {
		uintptr_t item = (uintptr_t)queue_take(queue) - 1;

		assert_int_equal(item % ITEMS, next[item / ITEMS]);
		next[item / ITEMS]++;
	}
	assert_null(queue_take_now(queue));
	for (size_t i = 0; i < PRODUCERS; i++)
		pthread_join(threads[i], NULL);
	queue_free(queue, NULL);
}

static void *take_until_closed(void *argument)
{
	size_t count = 0;

	while (queue_take(argument))
		count++;
	return number(count);
}

static void closing_wakes_who_waits(void **state UNUSED)
{
	struct queue *queue = queue_new(4);
	pthread_t thread;
	void *count;

	assert_int_equal(
		pthread_create(&thread, NULL, take_until_closed, queue), 0);
	assert_true(queue_put(queue, number(1)));
	queue_close(queue);
	pthread_join(thread, &count);
	assert_ptr_equal(count, number(1));
	queue_free(queue, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_come_out_in_order),
		cmocka_unit_test(a_full_queue_refuses),
		cmocka_unit_test(a_push_into_a_full_queue_takes_the_oldest_out),
		cmocka_unit_test(a_closed_queue_can_be_emptied),
		cmocka_unit_test(
			its_descriptor_is_readable_while_something_is_in),
		cmocka_unit_test(what_is_left_is_freed),
		cmocka_unit_test(producers_lose_nothing_and_keep_their_order),
		cmocka_unit_test(closing_wakes_who_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
