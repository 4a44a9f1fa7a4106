/* proof.c - whether a stream is up, and what the server has surely taken. */
#include "xmpp/proof.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"

struct proof {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* under the lock */
	bool is_up, has_failed; /* has_failed: at least once, and why last */
	struct error why;
	uint64_t pings_sent, pings_answered;
	uint64_t losses; /* grows whenever something sent may have been lost */
};

/* What this thread has sent since its last proof: where to, and what had been
 * lost there before. A loss after that may have been one of its own stanzas. */
static _Thread_local struct {
	const struct proof *proof; /* NULL: nothing yet */
	uint64_t losses;
} batch;

struct proof *proof_new(void)
{
	struct proof *proof = xcalloc(1, sizeof(*proof));
	pthread_condattr_t monotonic;

	pthread_mutex_init(&proof->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&proof->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return proof;
}

void proof_free(struct proof *proof)
{
	if (!proof)
		return;
	pthread_cond_destroy(&proof->changed);
	pthread_mutex_destroy(&proof->lock);
	free(proof);
}

static void lock(struct proof *proof)
{
	pthread_mutex_lock(&proof->lock);
}

static void unlock(struct proof *proof)
{
	pthread_mutex_unlock(&proof->lock);
}

static void unlock_changed(struct proof *proof)
{
	pthread_cond_broadcast(&proof->changed);
	unlock(proof);
}

void proof_came_up(struct proof *proof)
{
	lock(proof);
	proof->is_up = true;
	unlock_changed(proof);
}

void proof_went_down(struct proof *proof, const struct error *why)
{
	lock(proof);
	proof->losses += proof->is_up;
	proof->is_up = false;
	proof->has_failed = true;
	proof->why = *why;
	unlock_changed(proof);
}

bool proof_is_up(struct proof *proof)
{
	lock(proof);
	bool is_up = proof->is_up;
	unlock(proof);
	return is_up;
}

static struct timespec after(int timeout_ms)
{
	int64_t deadline = clock_monotonic_ms() + timeout_ms;

	return (struct timespec){
		.tv_sec = deadline / 1000,
		.tv_nsec = deadline % 1000 * 1000000,
	};
}

bool proof_await_up(struct proof *proof, int timeout_ms, struct error *error)
{
	struct timespec until = after(timeout_ms);
	int outcome = 0;

	lock(proof);
	while (!outcome && !proof->is_up && !proof->has_failed)
		outcome = pthread_cond_timedwait(
			&proof->changed, &proof->lock, &until);
	bool is_up = proof->is_up;
	if (!is_up && proof->has_failed && error)
		*error = proof->why;
	else if (!is_up)
		failed(error, ERROR_UNAVAILABLE,
			"the XMPP server does not answer");
	unlock(proof);
	return is_up;
}

uint64_t proof_next_ping(struct proof *proof)
{
	lock(proof);
	uint64_t number = ++proof->pings_sent;
	unlock(proof);
	return number;
}

void proof_answered(struct proof *proof, uint64_t ping)
{
	lock(proof);
	if (ping > proof->pings_answered && ping <= proof->pings_sent)
		proof->pings_answered = ping;
	unlock_changed(proof);
}

bool proof_is_answered(struct proof *proof, uint64_t ping)
{
	lock(proof);
	bool is_answered = proof->pings_answered >= ping;
	unlock(proof);
	return is_answered;
}

void proof_lose(struct proof *proof)
{
	lock(proof);
	proof->losses++;
	unlock_changed(proof);
}

void proof_begin(struct proof *proof)
{
	if (batch.proof == proof)
		return;
	lock(proof);
	batch.losses = proof->losses;
	unlock(proof);
	batch.proof = proof;
}

uint64_t proof_end(struct proof *proof)
{
	proof_begin(proof);
	batch.proof = NULL;
	return batch.losses;
}

bool proof_await(struct proof *proof, uint64_t ping, uint64_t losses,
	int timeout_ms, struct error *error)
{
	struct timespec until = after(timeout_ms);
	int outcome = 0;

	lock(proof);
	while (!outcome && proof->pings_answered < ping &&
		proof->losses == losses)
		outcome = pthread_cond_timedwait(
			&proof->changed, &proof->lock, &until);
	bool is_lost = proof->losses != losses;
	bool is_answered = proof->pings_answered >= ping;
	unlock(proof);
	if (is_lost)
		return failed(error, ERROR_UNAVAILABLE,
			"the XMPP server went away meanwhile");
	if (!is_answered)
		return failed(error, ERROR_UNAVAILABLE,
			"the XMPP server did not answer in time");
	return true;
}
