/* queue.h - a bounded queue of pointers: several producers, one consumer.
 *
 * Any thread may put, one thread takes. What is in the queue belongs to the
 * queue; whoever takes an item owns it. */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"

struct queue;

/* A queue for at most capacity items (at least one). */
struct queue *queue_new(size_t capacity) MUST_CHECK;
/* A descriptor that is readable while the queue holds something or is closed,
 * for poll(). Ask for it before the threads start; -1 when there is none left.
 * It belongs to the queue: do not read or close it. */
int queue_descriptor(struct queue *queue);

/* Puts an item at the end. False when the queue is full or closed: the item
 * stays the caller's. */
bool queue_put(struct queue *queue, void *item) MUST_CHECK;
/* Puts an item at the end, and when the queue is full takes the oldest out to
 * make room: *oldest is that item or NULL, and now the caller's. False when the
 * queue is closed: the item stays the caller's. */
bool queue_push(struct queue *queue, void *item, void **oldest) MUST_CHECK;

/* The next item; waits for one. NULL when the queue is closed and empty. */
void *queue_take(struct queue *queue) MUST_CHECK;
/* The next item, or NULL when there is none now. */
void *queue_take_now(struct queue *queue) MUST_CHECK;
size_t queue_count(struct queue *queue);

/* From now on nothing can be put; what is inside can still be taken. */
void queue_close(struct queue *queue);
/* Frees the queue and, with free_item, what is left in it. NULL is fine. No
 * thread may use it any more. */
void queue_free(struct queue *queue, void (*free_item)(void *item));

#endif
