/* presences.c - inside the mirror: who is there with which device, in memory. */
#include "mirror/presences.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/strbuf.h"

#define BUCKETS 16384
#define CACHE 16384

/* A device, and who has seen it. */
struct shown {
	struct shown *next;
	char *resource;
	char show[8];
	int priority;
	uint64_t caps; /* the hash of what names its abilities; 0: nothing */
	uint32_t features;
	bool is_asked;
	uint32_t *partners;
	size_t partner_count;
};

/* Somebody of whom something was heard. */
struct somebody {
	struct somebody *next;
	uint32_t person;
	struct shown *devices;
};

struct presences {
	pthread_mutex_t lock;
	struct somebody *buckets[BUCKETS];
	/* What each person's devices have answered lately; a lie would only be
	 * about oneself. */
	struct {
		uint64_t caps;
		uint32_t features;
	} cache[CACHE];
};

struct presences *presences_new(void)
{
	struct presences *presences = xcalloc(1, sizeof(*presences));

	pthread_mutex_init(&presences->lock, NULL);
	return presences;
}

static void free_shown(struct shown *shown)
{
	free(shown->resource);
	free(shown->partners);
	free(shown);
}

static void free_devices(struct somebody *somebody)
{
	while (somebody->devices) {
		struct shown *shown = somebody->devices;

		somebody->devices = shown->next;
		free_shown(shown);
	}
}

void presences_forget(struct presences *presences)
{
	pthread_mutex_lock(&presences->lock);
	for (size_t i = 0; i < BUCKETS; i++)
		while (presences->buckets[i]) {
			struct somebody *somebody = presences->buckets[i];

			presences->buckets[i] = somebody->next;
			free_devices(somebody);
			free(somebody);
		}
	pthread_mutex_unlock(&presences->lock);
}

void presences_free(struct presences *presences)
{
	if (!presences)
		return;
	presences_forget(presences);
	pthread_mutex_destroy(&presences->lock);
	free(presences);
}

static struct somebody *find(struct presences *presences, uint32_t person)
{
	struct somebody *somebody = presences->buckets[person % BUCKETS];

	while (somebody && somebody->person != person)
		somebody = somebody->next;
	return somebody;
}

static struct somebody *find_or_add(
	struct presences *presences, uint32_t person)
{
	struct somebody *somebody = find(presences, person);

	if (somebody)
		return somebody;
	somebody = xcalloc(1, sizeof(*somebody));
	somebody->person = person;
	somebody->next = presences->buckets[person % BUCKETS];
	presences->buckets[person % BUCKETS] = somebody;
	return somebody;
}

static struct shown **find_device(
	struct somebody *somebody, const char *resource)
{
	struct shown **place = &somebody->devices;

	while (*place && strcmp((*place)->resource, resource) != 0)
		place = &(*place)->next;
	return place;
}

static void remove_at(struct shown **place)
{
	struct shown *shown = *place;

	*place = shown->next;
	free_shown(shown);
}

static struct shown *add_device(struct somebody *somebody, const char *resource)
{
	struct shown *shown = xcalloc(1, sizeof(*shown));
	struct shown **last = &somebody->devices;
	size_t count = 1;

	for (; *last; count++) {
		/* More than anybody has: the oldest goes. */
		if (count == DEVICES_MOST) {
			remove_at(last);
			break;
		}
		last = &(*last)->next;
	}
	shown->resource = xstrdup(resource);
	shown->next = somebody->devices;
	somebody->devices = shown;
	return shown;
}

static void add_partner(struct shown *shown, uint32_t partner)
{
	for (size_t i = 0; i < shown->partner_count; i++)
		if (shown->partners[i] == partner)
			return;
	shown->partners = xrealloc(shown->partners, shown->partner_count + 1,
		sizeof(*shown->partners));
	shown->partners[shown->partner_count++] = partner;
}

static uint64_t caps_key(uint32_t person, const char *caps)
{
	AUTO(strbuf_release) struct strbuf both = STRBUF_INIT;

	if (!*caps)
		return 0;
	strbuf_addf(&both, "%u ", person);
	strbuf_add(&both, caps);
	return keyed_hash(both.text, both.length) | 1;
}

static void copy_out(const struct shown *shown, struct device *device)
{
	(void)snprintf(device->resource, sizeof(device->resource), "%s",
		shown->resource);
	memcpy(device->show, shown->show, sizeof(device->show));
	device->priority = shown->priority;
	device->features = shown->features;
}

bool presences_put(struct presences *presences, uint32_t person,
	struct device *device, const char *caps, uint32_t partner)
{
	uint64_t key = caps_key(person, caps);
	struct somebody *somebody;
	struct shown *shown;
	bool is_unknown = false;

	pthread_mutex_lock(&presences->lock);
	somebody = find_or_add(presences, person);
	shown = *find_device(somebody, device->resource);
	if (!shown)
		shown = add_device(somebody, device->resource);
	memcpy(shown->show, device->show, sizeof(shown->show));
	shown->priority = device->priority;
	add_partner(shown, partner);
	if (key != shown->caps || !key) {
		shown->is_asked = false;
		shown->caps = key;
	}
	if (key && presences->cache[key % CACHE].caps == key) {
		shown->features = presences->cache[key % CACHE].features;
	} else if (key && !shown->is_asked) {
		shown->is_asked = true;
		is_unknown = true;
	}
	device->features = shown->features;
	pthread_mutex_unlock(&presences->lock);
	return is_unknown;
}

void presences_remove(
	struct presences *presences, uint32_t person, const char *resource)
{
	struct somebody *somebody;
	struct shown **place;

	pthread_mutex_lock(&presences->lock);
	somebody = find_or_add(presences, person);
	place = resource ? find_device(somebody, resource) : NULL;
	if (!resource)
		free_devices(somebody);
	else if (*place)
		remove_at(place);
	pthread_mutex_unlock(&presences->lock);
}

size_t presences_learn(struct presences *presences, uint32_t person,
	const char *resource, uint32_t features, uint32_t *partners,
	size_t most)
{
	struct somebody *somebody;
	struct shown *shown = NULL;
	size_t count = 0;

	pthread_mutex_lock(&presences->lock);
	somebody = find(presences, person);
	if (somebody)
		shown = *find_device(somebody, resource);
	if (shown && shown->is_asked) {
		presences->cache[shown->caps % CACHE].caps = shown->caps;
		presences->cache[shown->caps % CACHE].features = features;
		shown->is_asked = false;
		if (shown->features != features) {
			shown->features = features;
			for (; count < most && count < shown->partner_count;
				count++)
				partners[count] = shown->partners[count];
		}
	}
	pthread_mutex_unlock(&presences->lock);
	return count;
}

size_t presences_list(struct presences *presences, uint32_t person,
	struct device *devices, size_t most)
{
	struct somebody *somebody;
	size_t count = 0;

	pthread_mutex_lock(&presences->lock);
	somebody = find(presences, person);
	for (const struct shown *shown = somebody ? somebody->devices : NULL;
		shown && count < most; shown = shown->next)
		copy_out(shown, &devices[count++]);
	pthread_mutex_unlock(&presences->lock);
	return count;
}

bool presences_find(struct presences *presences, uint32_t person,
	const char *resource, struct device *device)
{
	struct somebody *somebody;
	const struct shown *shown = NULL;

	pthread_mutex_lock(&presences->lock);
	somebody = find(presences, person);
	if (somebody)
		shown = *find_device(somebody, resource);
	if (shown && device)
		copy_out(shown, device);
	pthread_mutex_unlock(&presences->lock);
	return shown != NULL;
}

bool presences_is_known(struct presences *presences, uint32_t person)
{
	bool is_known;

	pthread_mutex_lock(&presences->lock);
	is_known = find(presences, person) != NULL;
	pthread_mutex_unlock(&presences->lock);
	return is_known;
}
