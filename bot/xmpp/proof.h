/* proof.h - what a stream's own thread and the others both know of it: whether it
 * is up, and what the server has surely taken.
 *
 * The server sends a ping to our own address back on the same stream, so the
 * answer to a ping proves that it took all that was sent before. Pings are
 * numbered. Whenever something sent may have been lost, that is counted; and each
 * thread remembers what had been lost when it began to send. Any thread, unless
 * said otherwise. */
#ifndef XMPP_PROOF_H
#define XMPP_PROOF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/error.h"

struct proof;

struct proof *proof_new(void) MUST_CHECK;
void proof_free(struct proof *proof); /* NULL is fine */

/* The stream came up; or it went down, or was not to be had, and why. */
void proof_came_up(struct proof *proof);
void proof_went_down(struct proof *proof, const struct error *why);
bool proof_is_up(struct proof *proof);
/* Waits until it is up. False when the first attempt failed, with the reason, or
 * after timeout_ms (ERROR_UNAVAILABLE). */
bool proof_await_up(
	struct proof *proof, int timeout_ms, struct error *error) MUST_CHECK;

/* The number of the next ping. Taken before it is sent: so whatever was sent
 * before a ping with a lower number was taken too when this one is answered. */
uint64_t proof_next_ping(struct proof *proof);
/* The server answered this one. */
void proof_answered(struct proof *proof, uint64_t ping);
bool proof_is_answered(struct proof *proof, uint64_t ping);
/* Something sent was lost. */
void proof_lose(struct proof *proof);

/* This thread sends something: the first time since proof_end() it is remembered
 * what had been lost before. */
void proof_begin(struct proof *proof);
/* Forgets that; returns it, for proof_await(). */
uint64_t proof_end(struct proof *proof);
/* Waits until a ping is answered and nothing else was lost. */
bool proof_await(struct proof *proof, uint64_t ping, uint64_t losses,
	int timeout_ms, struct error *error) MUST_CHECK;

#endif
