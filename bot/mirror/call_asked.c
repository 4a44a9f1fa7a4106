/* call_asked.c - inside the mirror: what one app asked another in a call. */
#include "mirror/call_asked.h"

#include <pthread.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "mirror/rewrite.h"

#define PLACES 8192

/* With a key and no error, the asker was told that nobody answers. */
struct place {
	uint64_t key;
	int64_t due_ms;
	stanza *error; /* NULL: nothing waits here */
};

struct call_asked {
	pthread_mutex_t lock;
	size_t count;
	struct place places[PLACES];
};

struct call_asked *call_asked_new(void)
{
	struct call_asked *asked = xcalloc(1, sizeof(*asked));

	pthread_mutex_init(&asked->lock, NULL);
	return asked;
}

static stanza *take(struct call_asked *asked, struct place *place)
{
	stanza *error = place->error;

	asked->count -= error != NULL;
	place->error = NULL;
	return error;
}

void call_asked_free(struct call_asked *asked)
{
	if (!asked)
		return;
	for (size_t i = 0; i < PLACES; i++)
		stanza_free(take(asked, &asked->places[i]));
	pthread_mutex_destroy(&asked->lock);
	free(asked);
}

/* Ids are unique to a device. */
static uint64_t key_of(uint32_t asker, const char *asker_device,
	uint32_t answerer, const char *answerer_device, const char *id)
{
	AUTO(strbuf_release) struct strbuf all = STRBUF_INIT;

	strbuf_addf(&all, "%u %u ", asker, answerer);
	strbuf_add(&all, asker_device);
	strbuf_add_char(&all, '/');
	strbuf_add(&all, answerer_device);
	strbuf_add_char(&all, '/');
	strbuf_add(&all, id);
	return keyed_hash(all.text, all.length);
}

void call_asked_add(struct call_asked *asked, const struct passage *passage,
	const stanza *request, int64_t due_ms)
{
	const char *id = stanza_get(request, "id");
	stanza *error, *old;
	struct place *place;
	uint64_t key;

	if (!id || !passage->sender_resource || !passage->receiver_resource)
		return;
	key = key_of(passage->sender.id, passage->sender_resource,
		passage->receiver.id, passage->receiver_resource, id);
	error = stanza_error(request, "wait", "remote-server-timeout", NULL);
	place = &asked->places[key % PLACES];
	pthread_mutex_lock(&asked->lock);
	old = take(asked, place);
	*place = (struct place){key, due_ms, error};
	asked->count += error != NULL;
	pthread_mutex_unlock(&asked->lock);
	stanza_free(old);
}

bool call_asked_take(
	struct call_asked *asked, const struct passage *passage, const char *id)
{
	struct place *place;
	stanza *error = NULL;
	bool may_pass = true;
	uint64_t key;

	if (!passage->sender_resource || !passage->receiver_resource)
		return true;
	key = key_of(passage->receiver.id, passage->receiver_resource,
		passage->sender.id, passage->sender_resource, id);
	place = &asked->places[key % PLACES];
	pthread_mutex_lock(&asked->lock);
	if (place->key == key) {
		error = take(asked, place);
		may_pass = error != NULL;
		if (may_pass)
			place->key = 0;
	}
	pthread_mutex_unlock(&asked->lock);
	stanza_free(error);
	return may_pass;
}

stanza *call_asked_due(struct call_asked *asked, int64_t now_ms)
{
	stanza *error = NULL;

	pthread_mutex_lock(&asked->lock);
	for (size_t i = 0; i < PLACES && asked->count && !error; i++)
		if (asked->places[i].error && now_ms >= asked->places[i].due_ms)
			error = take(asked, &asked->places[i]);
	pthread_mutex_unlock(&asked->lock);
	return error;
}

size_t call_asked_count(struct call_asked *asked)
{
	size_t count;

	pthread_mutex_lock(&asked->lock);
	count = asked->count;
	pthread_mutex_unlock(&asked->lock);
	return count;
}
