/* turns.h - a bounded queue in which those who wait take turns.
 *
 * Everybody has a line of their own, named by a number. Whoever has something in
 * line gets one item taken, then it is the next one's turn, round and round; what
 * one puts is taken in the order in which it was put. So nobody waits for more
 * than one item of each other one, however much these have put.
 *
 * Any thread may put, one thread takes. What is inside belongs to the queue;
 * whoever takes an item owns it. */
#ifndef BASE_TURNS_H
#define BASE_TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

struct turns;

/* For at most capacity items, and at most share of each (at least one). */
struct turns *turns_new(size_t capacity, size_t share) MUST_CHECK;

/* Puts an item at the end of somebody's line. False when all is full, or as full
 * as one may make it, or closed: the item stays the caller's. */
bool turns_put(struct turns *turns, uint32_t who, void *item) MUST_CHECK;

/* The item whose turn it is; waits for one. NULL when the queue is closed and
 * empty. */
void *turns_take(struct turns *turns) MUST_CHECK;

/* From now on nothing can be put; what is inside can still be taken. */
void turns_close(struct turns *turns);
/* Frees the queue and, with free_item, what is left in it. NULL is fine. No
 * thread may use it any more. */
void turns_free(struct turns *turns, void (*free_item)(void *item));

#endif
