/* worker.c - the threads that answer. */
#include "worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/recent.h"
#include "base/turns.h"
#include "settings.h"
#include "store/store.h"
#include "switchboard.h"
#include "xmpp/jid.h"
#include "xmpp/stream.h"

/* One person may take a quarter of a worker's queue. */
#define PERSONS_SHARE 4
/* At the end nobody is kept waiting for a database that took so long. */
#define SLOW_MS 1000
/* A message that comes again within this time is answered once; so many are
 * remembered. */
#define REPEAT_MS (5 * 60 * 1000)
#define HEARD 1024

struct worker {
	pthread_t thread;
	struct turns *incoming;
	struct room room;
	atomic_bool is_ending; /* what waits is finished, if that is quick */
	atomic_bool has_ended;
	bool is_joined;
};

struct workers {
	struct stream *stream;
	bool are_started;
	size_t count;
	struct worker each[];
};

static void refuse(struct stream *stream, const stanza *incoming)
{
	stream_send(stream,
		stanza_error(incoming, "wait", "resource-constraint",
			"the desk is very busy, please try again in a minute"));
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	bool is_slow = false; /* the database did not answer in time */
	stanza *incoming;

	while ((incoming = turns_take(worker->incoming))) {
		int64_t began_at = clock_monotonic_ms();

		if (worker->is_ending && is_slow)
			refuse(worker->room.stream, incoming);
		else
			switchboard_connect(&worker->room, incoming);
		stanza_free(incoming);
		is_slow = clock_monotonic_ms() - began_at > SLOW_MS;
	}
	worker->has_ended = true;
	return NULL;
}

static void furnish(struct worker *worker, const struct room *room)
{
	const struct settings *settings = room->settings;

	worker->incoming = turns_new((size_t)settings->bot_queue,
		(size_t)settings->bot_queue / PERSONS_SHARE);
	worker->room = *room;
	worker->room.store = store_new(&(struct store_settings){
		.url = settings->database_url.text,
		.application = "carelay",
		.patience_ms = settings->database_patience_s * 1000,
	});
	worker->room.heard = recent_new(HEARD, REPEAT_MS);
}

struct workers *workers_new(const struct room *room)
{
	size_t count = (size_t)room->settings->bot_workers;
	struct workers *workers =
		xcalloc(1, sizeof(*workers) + count * sizeof(struct worker));

	workers->stream = room->stream;
	workers->count = count;
	for (size_t i = 0; i < count; i++)
		furnish(&workers->each[i], room);
	return workers;
}

void workers_start(struct workers *workers)
{
	workers->are_started = true;
	for (size_t i = 0; i < workers->count; i++) {
		struct worker *worker = &workers->each[i];

		if (pthread_create(&worker->thread, NULL, work, worker) == 0)
			continue;
		log_error("bot stops reason=\"cannot start a thread\"");
		exit(1);
	}
}

void workers_give(struct workers *workers, stanza *incoming)
{
	const char *from = stanza_get(incoming, "from");
	struct jid_parts parts;

	if (!jid_split(from, &parts)) {
		log_warning("stanza ignored reason=\"no sender\"");
		stanza_free(incoming);
		return;
	}
	uint32_t hash = jid_hash(from);
	struct worker *worker = &workers->each[hash % workers->count];
	if (turns_put(worker->incoming, hash, incoming))
		return;
	refuse(workers->stream, incoming);
	stanza_free(incoming);
}

static void refuse_all(struct worker *worker)
{
	stanza *incoming;

	while ((incoming = turns_take(worker->incoming))) {
		refuse(worker->room.stream, incoming);
		stanza_free(incoming);
	}
}

/* A join with a time limit that the thread sanitizer understands, too. */
static bool join(struct worker *worker, int64_t deadline)
{
	while (!worker->has_ended && clock_monotonic_ms() < deadline)
		usleep(1000);
	if (worker->has_ended && !worker->is_joined) {
		pthread_join(worker->thread, NULL);
		worker->is_joined = true;
	}
	return worker->is_joined;
}

bool workers_stop(struct workers *workers, int within_ms)
{
	int64_t deadline = clock_monotonic_ms() + within_ms;
	bool is_ended = true;

	for (size_t i = 0; i < workers->count; i++) {
		workers->each[i].is_ending = true;
		turns_close(workers->each[i].incoming);
		if (!workers->are_started)
			refuse_all(&workers->each[i]);
	}
	if (!workers->are_started)
		return true;
	for (size_t i = 0; i < workers->count; i++)
		is_ended = join(&workers->each[i], deadline) && is_ended;
	return is_ended;
}

static void free_stanza(void *item)
{
	stanza_free(item);
}

void workers_free(struct workers *workers)
{
	if (!workers)
		return;
	for (size_t i = 0; i < workers->count; i++) {
		struct worker *worker = &workers->each[i];

		turns_free(worker->incoming, free_stanza);
		recent_free(worker->room.heard);
		store_free(worker->room.store);
	}
	free(workers);
}
