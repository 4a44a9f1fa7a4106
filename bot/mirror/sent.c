/* sent.c - messages that were passed on lately, should they come back. */
#include "mirror/sent.h"

#include <pthread.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/strbuf.h"

#define PLACES 8192
#define KEEP_MS (10 * 60 * 1000)
#define SWEEP_MS 60000
#define BYTES_MOST ((size_t)32 * 1024 * 1024)

struct place {
	uint64_t key;
	int64_t until_ms;
	char *xml; /* NULL: free */
};

struct sent {
	pthread_mutex_t lock;
	size_t bytes;
	int64_t sweep_at;
	struct place places[PLACES];
};

struct sent *sent_new(void)
{
	struct sent *sent = xcalloc(1, sizeof(*sent));

	pthread_mutex_init(&sent->lock, NULL);
	return sent;
}

void sent_free(struct sent *sent)
{
	if (!sent)
		return;
	for (size_t i = 0; i < PLACES; i++)
		free(sent->places[i].xml);
	pthread_mutex_destroy(&sent->lock);
	free(sent);
}

static uint64_t key_of(uint32_t sender, uint32_t recipient, const char *id)
{
	AUTO(strbuf_release) struct strbuf all = STRBUF_INIT;

	strbuf_addf(&all, "%u %u ", sender, recipient);
	strbuf_add(&all, id);
	return keyed_hash(all.text, all.length);
}

static char *take(struct sent *sent, struct place *place)
{
	char *xml = place->xml;

	if (xml)
		sent->bytes -= strlen(xml);
	place->xml = NULL;
	return xml;
}

static void sweep(struct sent *sent, int64_t now_ms)
{
	if (now_ms < sent->sweep_at)
		return;
	sent->sweep_at = now_ms + SWEEP_MS;
	for (size_t i = 0; i < PLACES; i++)
		if (sent->places[i].until_ms < now_ms)
			free(take(sent, &sent->places[i]));
}

void sent_add(struct sent *sent, uint32_t sender, uint32_t recipient,
	const char *id, char *xml, int64_t now_ms)
{
	uint64_t key = id ? key_of(sender, recipient, id) : 0;
	struct place *place = &sent->places[key % PLACES];
	size_t length = xml ? strlen(xml) : 0;

	if (!xml || !id) {
		free(xml);
		return;
	}
	pthread_mutex_lock(&sent->lock);
	sweep(sent, now_ms);
	free(take(sent, place));
	if (sent->bytes + length <= BYTES_MOST) {
		*place = (struct place){key, now_ms + KEEP_MS, xml};
		sent->bytes += length;
		xml = NULL;
	}
	pthread_mutex_unlock(&sent->lock);
	free(xml);
}

char *sent_take(
	struct sent *sent, uint32_t sender, uint32_t recipient, const char *id)
{
	uint64_t key = key_of(sender, recipient, id);
	struct place *place = &sent->places[key % PLACES];
	char *xml = NULL;

	pthread_mutex_lock(&sent->lock);
	if (place->key == key)
		xml = take(sent, place);
	pthread_mutex_unlock(&sent->lock);
	return xml;
}
