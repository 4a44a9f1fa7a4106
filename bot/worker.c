/* worker.c - the threads that answer. */
#include "worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/queue.h"
#include "settings.h"
#include "store/store.h"
#include "switchboard.h"
#include "xmpp/jid.h"
#include "xmpp/stream.h"

/* One person may take a quarter of a worker's queue; people are told apart by
 * as many slots of their hash. */
#define PERSONS_SHARE 4
#define SLOTS 256
/* At the end nobody is kept waiting for a database that took so long. */
#define SLOW_MS 1000

struct worker {
	pthread_t thread;
	struct queue *incoming;
	atomic_int waiting[SLOTS]; /* stanzas of a slot's people in the queue */
	struct room room;
	atomic_bool is_ending; /* what waits is finished, if that is quick */
	atomic_bool has_ended;
	bool is_joined;
};

struct workers {
	struct stream *stream;
	size_t count;
	struct worker each[];
};

static atomic_int *slot_of(struct worker *worker, const stanza *incoming)
{
	uint32_t hash = jid_hash(stanza_get(incoming, "from"));

	/* Not the bits that picked the worker. */
	return &worker->waiting[(hash >> 16) % SLOTS];
}

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

	while ((incoming = queue_take(worker->incoming))) {
		int64_t began_at = clock_monotonic_ms();

		atomic_fetch_sub(slot_of(worker, incoming), 1);
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

static void start(struct worker *worker, const struct room *room)
{
	const struct settings *settings = room->settings;

	worker->incoming = queue_new((size_t)settings->bot_queue);
	worker->room = *room;
	worker->room.store = store_new(&(struct store_settings){
		.url = settings->database_url.text,
		.application = "carelay",
		.patience_ms = settings->database_patience_s * 1000,
	});
	if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
		log_error("bot stops reason=\"cannot start a thread\"");
		exit(1);
	}
}

struct workers *workers_new(const struct room *room)
{
	size_t count = (size_t)room->settings->bot_workers;
	struct workers *workers =
		xcalloc(1, sizeof(*workers) + count * sizeof(struct worker));

	workers->stream = room->stream;
	workers->count = count;
	for (size_t i = 0; i < count; i++)
		start(&workers->each[i], room);
	return workers;
}

/* False: the queue is full, or as full as one person may make it. */
static bool put(struct worker *worker, stanza *incoming)
{
	const struct settings *settings = worker->room.settings;
	int share = (settings->bot_queue + PERSONS_SHARE - 1) / PERSONS_SHARE;
	atomic_int *slot = slot_of(worker, incoming);

	/* Counted first: once it is in, the worker may take it at any time. */
	if (atomic_fetch_add(slot, 1) < share &&
		queue_put(worker->incoming, incoming))
		return true;
	atomic_fetch_sub(slot, 1);
	return false;
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
	struct worker *worker = &workers->each[jid_hash(from) % workers->count];
	if (put(worker, incoming))
		return;
	refuse(workers->stream, incoming);
	stanza_free(incoming);
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
		queue_close(workers->each[i].incoming);
	}
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
		queue_free(workers->each[i].incoming, free_stanza);
		store_free(workers->each[i].room.store);
	}
	free(workers);
}
