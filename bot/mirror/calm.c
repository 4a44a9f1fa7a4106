/* calm.c - presences that change often are passed on at most every two seconds. */
#include "mirror/calm.h"

#include <pthread.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "xmpp/stream.h"

#define PLACES 8192
#define PAUSE_MS 2000

/* A pair of addresses has one place; another pair that comes to the same place
 * pushes it out, which only means that it is less calm. */
struct place {
	uint64_t key;
	int64_t next_ms; /* not before */
	stanza *waiting;
};

struct calm {
	struct stream *stream;
	pthread_mutex_t lock;
	size_t waiting_count;
	struct place places[PLACES];
};

struct calm *calm_new(struct stream *stream)
{
	struct calm *calm = xcalloc(1, sizeof(*calm));

	calm->stream = stream;
	pthread_mutex_init(&calm->lock, NULL);
	return calm;
}

void calm_free(struct calm *calm)
{
	if (!calm)
		return;
	for (size_t i = 0; i < PLACES; i++)
		stanza_free(calm->places[i].waiting);
	pthread_mutex_destroy(&calm->lock);
	free(calm);
}

static uint64_t key_of(const stanza *presence)
{
	AUTO(strbuf_release) struct strbuf both = STRBUF_INIT;

	strbuf_add(&both, stanza_get(presence, "from"));
	strbuf_add_char(&both, ' ');
	strbuf_add(&both, stanza_get(presence, "to"));
	return keyed_hash(both.text, both.length);
}

/* Takes what waits there. */
static stanza *take(struct calm *calm, struct place *place)
{
	stanza *waiting = place->waiting;

	calm->waiting_count -= waiting != NULL;
	place->waiting = NULL;
	return waiting;
}

bool calm_send(struct calm *calm, stanza *presence, int64_t now_ms)
{
	uint64_t key = presence ? key_of(presence) : 0;
	struct place *place = &calm->places[key % PLACES];
	stanza *old;
	bool is_waiting;

	if (!presence)
		return false;
	pthread_mutex_lock(&calm->lock);
	old = take(calm, place);
	if (place->key == key) {
		stanza_free(old); /* it is not so any more */
		old = NULL;
	} else {
		*place = (struct place){.key = key};
	}
	is_waiting = now_ms < place->next_ms;
	if (is_waiting) {
		place->waiting = presence;
		calm->waiting_count++;
	} else {
		place->next_ms = now_ms + PAUSE_MS;
	}
	/* Inside the lock, so that a later one cannot overtake. */
	stream_send(calm->stream, old);
	if (!is_waiting)
		stream_send(calm->stream, presence);
	pthread_mutex_unlock(&calm->lock);
	return is_waiting;
}

void calm_send_due(struct calm *calm, int64_t now_ms)
{
	pthread_mutex_lock(&calm->lock);
	for (size_t i = 0; i < PLACES && calm->waiting_count; i++) {
		struct place *place = &calm->places[i];

		if (!place->waiting || now_ms < place->next_ms)
			continue;
		stream_send(calm->stream, take(calm, place));
		place->next_ms = now_ms + PAUSE_MS;
	}
	pthread_mutex_unlock(&calm->lock);
}

bool calm_is_waiting(struct calm *calm)
{
	bool is_waiting;

	pthread_mutex_lock(&calm->lock);
	is_waiting = calm->waiting_count > 0;
	pthread_mutex_unlock(&calm->lock);
	return is_waiting;
}
