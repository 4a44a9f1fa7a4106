/* call_watch.c - looks after the calls under way, in a thread of its own. */
#include "mirror/call_watch.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "mirror/book.h"
#include "mirror/call_asked.h"
#include "mirror/call_payload.h"
#include "mirror/call_say.h"
#include "mirror/calls.h"
#include "mirror/caps.h"
#include "mirror/presence.h"
#include "mirror/presences.h"
#include "settings.h"
#include "xmpp/stream.h"

#define EVERY_MS 250
#define RINGS_AFTER_MS 2000
#define RINGS_BEFORE_MS 5500 /* nobody waits any more */
/* How much longer a server may take to answer how somebody is. */
#define ASKED_TIMES 3

struct call_watch {
	struct mirror *mirror;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t is_woken;
	bool is_running, is_stopping;
	int64_t now_ms; /* of this round */
};

/* ---- what is said in somebody's name ---- */

static bool arrange(struct call_watch *watch, const struct call *call,
	enum call_side to, struct meeting *meeting)
{
	enum call_side from = to == CALLER ? CALLEE : CALLER;
	const char *device = call->sides[from].device;

	return meeting_arrange(watch->mirror, call_person(call, from),
		       call_person(call, to), *device ? device : CALL_NO_DEVICE,
		       meeting) != IS_NOBODY;
}

/* One side hears that the other has ended it. */
static void hang_up(struct call_watch *watch, const struct call *call,
	enum call_side to, const char *reason)
{
	const char *device = call->sides[to].device;
	struct meeting meeting;

	if (!arrange(watch, call, to, &meeting))
		return;
	if (!call->has_session && !call->is_answered && to == CALLEE)
		call_say(watch->mirror, &meeting, NULL, "retract", call->sid,
			reason);
	else if (!*device)
		return; /* nothing was heard of it since the start */
	else if (call->has_session)
		call_hang_up(
			watch->mirror, &meeting, device, call->sid, reason);
	else
		call_say(watch->mirror, &meeting, device,
			call->is_answered ? "finish" : "reject", call->sid,
			reason);
}

static void note(struct call_watch *watch, const struct call *call,
	enum call_side by, const char *kind, const char *what)
{
	call_note(watch->mirror, call->doctor, call->patient,
		call_person(call, by) == call->doctor, kind, call->sid, what);
}

static void end(struct call_watch *watch, struct call *call, enum call_side by,
	const char *reason)
{
	call->ended_ms = watch->now_ms;
	note(watch, call, by, "call_ended", reason);
}

/* ---- ringing ---- */

static bool may_ring(struct presences *presences, uint32_t person)
{
	struct device *devices = xcalloc(DEVICES_MOST, sizeof(*devices));
	size_t count = presences_list(presences, person, devices, DEVICES_MOST);
	bool may = !presences_is_known(presences, person);

	for (size_t i = 0; i < count; i++)
		may = may || devices[i].features == CAPS_UNKNOWN ||
		      caps_has(devices[i].features, NS_JMI);
	free(devices);
	return may;
}

static void ring(struct call_watch *watch, struct call *call)
{
	struct mirror *mirror = watch->mirror;
	int64_t age_ms = watch->now_ms - call->begun_ms;
	struct meeting meeting;

	if (call->is_answered || call->has_session || call->is_heard ||
		call->has_rung || age_ms < RINGS_AFTER_MS ||
		age_ms > RINGS_BEFORE_MS ||
		!may_ring(mirror->presences, call_person(call, CALLEE)) ||
		!arrange(watch, call, CALLER, &meeting))
		return;
	call->has_rung = true;
	call_say(mirror, &meeting, call->sides[CALLER].device, "ringing",
		call->sid, NULL);
	note(watch, call, CALLEE, "call_rang", NULL);
}

/* ---- who is there ---- */

/* Whether a side's device, that was there once, is not there. Of one that nobody was
 * told of its server is asked: another contact may have been told, who is no
 * contact any more, or it went while the bot or the stream was down. */
static bool is_gone(
	struct call_watch *watch, struct call *call, enum call_side side)
{
	struct mirror *mirror = watch->mirror;
	uint32_t person = call_person(call, side);
	uint32_t other = call_person(call, side == CALLER ? CALLEE : CALLER);
	const char *device = call->sides[side].device;

	if (!*device || !stream_is_up(mirror->stream))
		return false;
	if (presences_find(mirror->presences, person, device, NULL)) {
		call->sides[side].is_seen = true;
		call->sides[side].is_left = call->sides[side].is_asked = false;
		return false;
	}
	if (!call->sides[side].is_seen)
		return false;
	if (!call->sides[side].is_left && !call->sides[side].is_asked) {
		call->sides[side].is_asked = true;
		presence_probe_pair(mirror, other, person);
	}
	return presences_is_known(mirror->presences, person);
}

static void look_after(
	struct call_watch *watch, struct call *call, enum call_side side)
{
	int64_t limit_ms = 1000 * watch->mirror->settings->calls_lost_s;

	if (!is_gone(watch, call, side)) {
		call->sides[side].gone_ms = 0;
		return;
	}
	if (!call->sides[side].is_left)
		limit_ms *= ASKED_TIMES;
	if (!call->sides[side].gone_ms)
		call->sides[side].gone_ms = watch->now_ms;
	if (watch->now_ms - call->sides[side].gone_ms < limit_ms)
		return;
	hang_up(watch, call, side == CALLER ? CALLEE : CALLER,
		"connectivity-error");
	end(watch, call, side, "connectivity-error");
}

static const char *seal(const struct call_watch *watch, const struct call *call,
	enum call_side side, char sealed[SEAL_SIZE])
{
	return call->sides[side].is_seen &&
			       seal_close(watch->mirror->seal,
				       call_person(call, side),
				       call->sides[side].device, sealed)
		       ? sealed
		       : "-";
}

/* Between which devices it is, for a bot that comes after this one. */
static void note_devices(struct call_watch *watch, struct call *call)
{
	char caller[SEAL_SIZE], callee[SEAL_SIZE];
	bool is_new = false;

	for (int side = CALLER; side <= CALLEE; side++) {
		is_new = is_new || call->sides[side].is_noted !=
					   call->sides[side].is_seen;
		call->sides[side].is_noted = call->sides[side].is_seen;
	}
	if (!is_new)
		return;
	AUTO(free_text)
	char *both = xasprintf("%s %s", seal(watch, call, CALLER, caller),
		seal(watch, call, CALLEE, callee));
	note(watch, call, CALLER, "call_devices", both);
}

/* ---- a round ---- */

static bool is_blocked(const struct call_watch *watch, const struct call *call)
{
	struct pair pair;

	return book_pair(watch->mirror->book, call->doctor, call->patient,
		       &pair) &&
	       pair.is_blocked;
}

static void look_at(void *context, struct call *call)
{
	struct call_watch *watch = context;

	if (is_blocked(watch, call)) {
		hang_up(watch, call, CALLER, "success");
		hang_up(watch, call, CALLEE, "success");
		end(watch, call, call->is_doctors ? CALLEE : CALLER, "success");
		return;
	}
	ring(watch, call);
	look_after(watch, call, CALLER);
	if (call->is_answered && !call->ended_ms)
		look_after(watch, call, CALLEE);
	if (call->is_answered && !call->ended_ms)
		note_devices(watch, call);
}

static void go_round(struct call_watch *watch)
{
	struct mirror *mirror = watch->mirror;
	stanza *error;

	watch->now_ms = clock_monotonic_ms();
	calls_visit(mirror->calls, look_at, watch);
	calls_sweep(mirror->calls, watch->now_ms);
	while ((error = call_asked_due(mirror->asked, watch->now_ms)))
		stream_send(mirror->stream, error);
}

/* ---- the thread ---- */

/* Until the next round; while there is nothing to look after, until one wakes. */
static void await(struct call_watch *watch)
{
	struct mirror *mirror = watch->mirror;
	struct timespec until;

	if (!calls_count(mirror->calls) && !call_asked_count(mirror->asked)) {
		pthread_cond_wait(&watch->is_woken, &watch->lock);
		return;
	}
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += EVERY_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	while (!watch->is_stopping && pthread_cond_timedwait(&watch->is_woken,
					      &watch->lock, &until) == 0)
		;
}

static void *run(void *argument)
{
	struct call_watch *watch = argument;

	pthread_mutex_lock(&watch->lock);
	while (!watch->is_stopping) {
		await(watch);
		pthread_mutex_unlock(&watch->lock);
		go_round(watch);
		pthread_mutex_lock(&watch->lock);
	}
	pthread_mutex_unlock(&watch->lock);
	return NULL;
}

struct call_watch *call_watch_new(struct mirror *mirror)
{
	struct call_watch *watch = xcalloc(1, sizeof(*watch));
	pthread_condattr_t monotonic;

	watch->mirror = mirror;
	pthread_mutex_init(&watch->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&watch->is_woken, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return watch;
}

void call_watch_start(struct call_watch *watch)
{
	if (pthread_create(&watch->thread, NULL, run, watch) != 0) {
		log_error("bot stops reason=\"cannot start a thread\"");
		exit(1);
	}
	watch->is_running = true;
}

void call_watch_wake(struct call_watch *watch)
{
	pthread_mutex_lock(&watch->lock);
	pthread_cond_signal(&watch->is_woken);
	pthread_mutex_unlock(&watch->lock);
}

void call_watch_stop(struct call_watch *watch)
{
	if (!watch->is_running)
		return;
	pthread_mutex_lock(&watch->lock);
	watch->is_stopping = true;
	pthread_cond_signal(&watch->is_woken);
	pthread_mutex_unlock(&watch->lock);
	pthread_join(watch->thread, NULL);
	watch->is_running = false;
}

void call_watch_free(struct call_watch *watch)
{
	if (!watch)
		return;
	pthread_cond_destroy(&watch->is_woken);
	pthread_mutex_destroy(&watch->lock);
	free(watch);
}
