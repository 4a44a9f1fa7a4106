/* calls.c - inside the mirror: the calls under way, in memory. */
#include "mirror/calls.h"

#include <pthread.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/strbuf.h"

#define BUCKETS 4096
#define PAIR_MOST 16
#define RINGS_MS (2 * 60 * 1000)
#define LASTS_MS ((int64_t)12 * 60 * 60 * 1000)
#define LINGERS_MS 60000

struct calls {
	pthread_mutex_t lock;
	size_t count;
	struct call *buckets[BUCKETS]; /* the calls of a pair are in one */
};

uint32_t call_person(const struct call *call, enum call_side side)
{
	return (side == CALLER) == call->is_doctors ? call->doctor
						    : call->patient;
}

struct calls *calls_new(void)
{
	struct calls *calls = xcalloc(1, sizeof(*calls));

	pthread_mutex_init(&calls->lock, NULL);
	return calls;
}

static void free_call(struct call *call)
{
	free(call->sid);
	free(call->proposal);
	free(call->sides[CALLER].device);
	free(call->sides[CALLEE].device);
	free(call);
}

static void remove_at(struct calls *calls, struct call **place)
{
	struct call *call = *place;

	*place = call->next;
	calls->count--;
	free_call(call);
}

void calls_free(struct calls *calls)
{
	if (!calls)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (calls->buckets[i])
			remove_at(calls, &calls->buckets[i]);
	pthread_mutex_destroy(&calls->lock);
	free(calls);
}

static struct call **bucket_of(
	struct calls *calls, uint32_t doctor, uint32_t patient)
{
	uint32_t pair[2] = {doctor, patient};

	return &calls->buckets[keyed_hash((const char *)pair, sizeof(pair)) %
			       BUCKETS];
}

static bool is_of(const struct call *call, uint32_t doctor, uint32_t patient)
{
	return call->doctor == doctor && call->patient == patient;
}

static struct call **find(
	struct calls *calls, uint32_t doctor, uint32_t patient, const char *sid)
{
	struct call **place = bucket_of(calls, doctor, patient);

	while (*place && !(is_of(*place, doctor, patient) &&
				 strcmp((*place)->sid, sid) == 0))
		place = &(*place)->next;
	return place;
}

/* The newest stand first. */
static void make_room(struct calls *calls, uint32_t doctor, uint32_t patient)
{
	struct call **oldest = NULL;
	size_t count = 0;

	for (struct call **place = bucket_of(calls, doctor, patient); *place;
		place = &(*place)->next)
		if (is_of(*place, doctor, patient)) {
			oldest = place;
			count++;
		}
	if (count >= PAIR_MOST)
		remove_at(calls, oldest);
}

static void fill(char **text)
{
	if (!*text)
		*text = xstrdup("");
}

void calls_begin(struct calls *calls, const struct call *call)
{
	struct call **place, *copy = xcalloc(1, sizeof(*copy));

	*copy = *call;
	fill(&copy->sid);
	fill(&copy->proposal);
	fill(&copy->sides[CALLER].device);
	fill(&copy->sides[CALLEE].device);
	pthread_mutex_lock(&calls->lock);
	place = find(calls, copy->doctor, copy->patient, copy->sid);
	if (*place && !(*place)->ended_ms) {
		free_call(copy);
		goto out;
	}
	if (*place)
		remove_at(calls, place);
	make_room(calls, copy->doctor, copy->patient);
	place = bucket_of(calls, copy->doctor, copy->patient);
	copy->next = *place;
	*place = copy;
	calls->count++;
out:
	pthread_mutex_unlock(&calls->lock);
}

static void set_device(
	struct call *call, enum call_side side, const char *device)
{
	if (!device || strcmp(call->sides[side].device, device) == 0)
		return;
	free(call->sides[side].device);
	memset(&call->sides[side], 0, sizeof(call->sides[side]));
	call->sides[side].device = xstrdup(device);
}

/* What may still be said of a call that has ended. */
static bool is_last_word(enum call_event event)
{
	return event == CALL_ENDS || event == CALL_GIVES_UP ||
	       event == CALL_REFUSES;
}

static bool is_theirs(enum call_event event, enum call_side side)
{
	switch (event) {
	case CALL_RINGS:
	case CALL_IS_ANSWERED:
	case CALL_REFUSES:
		return side == CALLEE;
	case CALL_BEGINS_SESSION:
	case CALL_GIVES_UP:
		return side == CALLER;
	case CALL_GOES_ON:
	case CALL_ENDS:
		break;
	}
	return true;
}

static enum call_answer hear(struct call *call, const struct call_word *word,
	enum call_side side, int64_t now_ms)
{
	if (word->device && strcmp(call->sides[side].device, word->device) == 0)
		call->sides[side].gone_ms = 0;
	if (side == CALLEE)
		call->is_heard = true;
	switch (word->event) {
	case CALL_RINGS:
		return call->has_rung ? CALL_IS_SAID : CALL_PASSES;
	case CALL_IS_ANSWERED:
		/* Of several who answer, the caller chooses. */
		if (!call->is_answered)
			set_device(call, CALLEE, word->device);
		call->is_answered = true;
		break;
	case CALL_BEGINS_SESSION:
		call->has_session = true;
		set_device(call, CALLER, word->device);
		set_device(call, CALLEE, word->other_device);
		break;
	case CALL_GIVES_UP:
	case CALL_REFUSES:
	case CALL_ENDS:
		if (!call->ended_ms)
			call->ended_ms = now_ms;
		break;
	case CALL_GOES_ON:
		break;
	}
	return CALL_PASSES;
}

enum call_answer calls_hear(
	struct calls *calls, const struct call_word *word, int64_t now_ms)
{
	enum call_answer answer = CALL_IS_UNKNOWN;
	struct call *call;

	pthread_mutex_lock(&calls->lock);
	call = *find(calls, word->doctor, word->patient, word->sid);
	if (call && (!call->ended_ms || is_last_word(word->event))) {
		enum call_side side =
			call->is_doctors == word->by_doctor ? CALLER : CALLEE;

		answer = is_theirs(word->event, side)
				 ? hear(call, word, side, now_ms)
				 : CALL_IS_SAID;
	}
	pthread_mutex_unlock(&calls->lock);
	return answer;
}

bool calls_hear_of(struct calls *calls, uint32_t by, uint32_t to,
	const char *id, bool is_over, int64_t now_ms, char **sid)
{
	bool is_found = false;

	pthread_mutex_lock(&calls->lock);
	for (int turn = 0; turn < 2 && !is_found && calls->count; turn++) {
		uint32_t doctor = turn ? to : by, patient = turn ? by : to;
		struct call *call = *bucket_of(calls, doctor, patient);

		while (call && !(is_of(call, doctor, patient) &&
				       call->is_doctors == (doctor == to) &&
				       !call->ended_ms &&
				       strcmp(call->proposal, id) == 0))
			call = call->next;
		if (!call)
			continue;
		is_found = call->is_heard = true;
		if (is_over)
			call->ended_ms = now_ms;
		*sid = xstrdup(call->sid);
	}
	pthread_mutex_unlock(&calls->lock);
	return is_found;
}

void calls_leave(
	struct calls *calls, uint32_t who, uint32_t other, const char *resource)
{
	pthread_mutex_lock(&calls->lock);
	for (int turn = 0; turn < 2 && calls->count; turn++) {
		uint32_t doctor = turn ? other : who;
		uint32_t patient = turn ? who : other;

		for (struct call *call = *bucket_of(calls, doctor, patient);
			call; call = call->next) {
			enum call_side side = call->is_doctors == (turn == 0)
						      ? CALLER
						      : CALLEE;

			if (is_of(call, doctor, patient) &&
				(!resource || strcmp(call->sides[side].device,
						      resource) == 0))
				call->sides[side].is_left = true;
		}
	}
	pthread_mutex_unlock(&calls->lock);
}

void calls_visit(struct calls *calls, calls_visitor *visit, void *context)
{
	pthread_mutex_lock(&calls->lock);
	for (size_t i = 0; i < BUCKETS && calls->count; i++)
		for (struct call *call = calls->buckets[i]; call;
			call = call->next)
			if (!call->ended_ms)
				visit(context, call);
	pthread_mutex_unlock(&calls->lock);
}

void calls_sweep(struct calls *calls, int64_t now_ms)
{
	pthread_mutex_lock(&calls->lock);
	for (size_t i = 0; i < BUCKETS && calls->count; i++)
		for (struct call **place = &calls->buckets[i]; *place;) {
			struct call *call = *place;

			if (!call->ended_ms &&
				now_ms - call->begun_ms >=
					(call->is_answered ? LASTS_MS
							   : RINGS_MS))
				call->ended_ms = now_ms;
			if (call->ended_ms &&
				now_ms - call->ended_ms >= LINGERS_MS)
				remove_at(calls, place);
			else
				place = &call->next;
		}
	pthread_mutex_unlock(&calls->lock);
}

size_t calls_count(struct calls *calls)
{
	size_t count;

	pthread_mutex_lock(&calls->lock);
	count = calls->count;
	pthread_mutex_unlock(&calls->lock);
	return count;
}
