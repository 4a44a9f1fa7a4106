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
#define ASK_AGAIN_MS (10 * 60 * 1000)
#define ANSWER_MS 20000

/* A device, and who has seen it. */
struct shown {
	struct shown *next;
	char *resource;
	char show[8];
	int priority;
	uint64_t caps; /* the hash of what names its abilities; 0: nothing */
	uint32_t features;
	bool is_asked;
	int64_t seen_ms;
	uint32_t *partners;
	size_t partner_count;
};

/* Somebody of whom something was heard. */
struct somebody {
	struct somebody *next;
	uint32_t person;
	struct shown *devices;
	/* When the server was asked again, for whom, and told them something. */
	int64_t asked_ms, heard_ms;
	uint32_t asker;
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

void presences_free(struct presences *presences)
{
	if (!presences)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (presences->buckets[i]) {
			struct somebody *somebody = presences->buckets[i];

			presences->buckets[i] = somebody->next;
			free_devices(somebody);
			free(somebody);
		}
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

/* Its place among those who have seen it; their count: it has not. */
static size_t find_partner(const struct shown *shown, uint32_t partner)
{
	size_t at = 0;

	while (at < shown->partner_count && shown->partners[at] != partner)
		at++;
	return at;
}

static bool is_seen_by(const struct shown *shown, uint32_t partner)
{
	return find_partner(shown, partner) < shown->partner_count;
}

/* Whether the partner is a new one. */
static bool add_partner(struct shown *shown, uint32_t partner)
{
	if (is_seen_by(shown, partner))
		return false;
	shown->partners = xrealloc(shown->partners, shown->partner_count + 1,
		sizeof(*shown->partners));
	shown->partners[shown->partner_count++] = partner;
	return true;
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

unsigned presences_put(struct presences *presences, uint32_t person,
	struct device *device, const char *caps, uint32_t partner,
	int64_t now_ms)
{
	uint64_t key = caps_key(person, caps);
	struct somebody *somebody;
	struct shown *shown;
	unsigned news = 0;

	pthread_mutex_lock(&presences->lock);
	somebody = find_or_add(presences, person);
	if (!somebody->asked_ms)
		somebody->asked_ms = now_ms;
	if (partner == somebody->asker)
		somebody->heard_ms = now_ms;
	shown = *find_device(somebody, device->resource);
	if (!shown)
		shown = add_device(somebody, device->resource);
	memcpy(shown->show, device->show, sizeof(shown->show));
	shown->priority = device->priority;
	shown->seen_ms = now_ms;
	if (add_partner(shown, partner))
		news |= SHOWN_FIRST;
	if (key != shown->caps || !key) {
		shown->is_asked = false;
		shown->caps = key;
	}
	if (key && presences->cache[key % CACHE].caps == key) {
		shown->features = presences->cache[key % CACHE].features;
	} else if (key && !shown->is_asked) {
		shown->is_asked = true;
		news |= SHOWN_ASK;
	}
	device->features = shown->features;
	pthread_mutex_unlock(&presences->lock);
	return news;
}

static void remove_unseen(struct somebody *somebody)
{
	struct shown **place = &somebody->devices;

	while (*place)
		if ((*place)->partner_count)
			place = &(*place)->next;
		else
			remove_at(place);
}

void presences_remove(
	struct presences *presences, uint32_t person, const char *resource)
{
	struct somebody *somebody;
	struct shown **place;

	pthread_mutex_lock(&presences->lock);
	if (resource) {
		somebody = find(presences, person);
		place = somebody ? find_device(somebody, resource) : NULL;
		if (place && *place)
			remove_at(place);
	} else {
		remove_unseen(find_or_add(presences, person));
	}
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

size_t presences_hide(struct presences *presences, uint32_t person,
	uint32_t partner, struct device *devices, size_t most)
{
	struct somebody *somebody;
	size_t count = 0;

	pthread_mutex_lock(&presences->lock);
	somebody = find(presences, person);
	for (struct shown *shown = somebody ? somebody->devices : NULL; shown;
		shown = shown->next) {
		size_t at = find_partner(shown, partner);

		if (at == shown->partner_count)
			continue;
		shown->partners[at] = shown->partners[--shown->partner_count];
		if (count < most)
			copy_out(shown, &devices[count++]);
	}
	pthread_mutex_unlock(&presences->lock);
	return count;
}

size_t presences_partners(struct presences *presences, uint32_t person,
	uint32_t *partners, size_t most)
{
	struct somebody *somebody;
	size_t count = 0;

	pthread_mutex_lock(&presences->lock);
	somebody = find(presences, person);
	for (const struct shown *shown = somebody ? somebody->devices : NULL;
		shown; shown = shown->next)
		for (size_t i = 0; i < shown->partner_count && count < most;
			i++) {
			size_t at = 0;

			while (at < count && partners[at] != shown->partners[i])
				at++;
			if (at == count)
				partners[count++] = shown->partners[i];
		}
	pthread_mutex_unlock(&presences->lock);
	return count;
}

size_t presences_people(struct presences *presences, size_t *place,
	uint32_t *people, size_t most)
{
	size_t count = 0;

	pthread_mutex_lock(&presences->lock);
	/* A bucket at a time, so that none is seen by half. */
	for (; *place < BUCKETS && !count; ++*place)
		for (const struct somebody *somebody =
				presences->buckets[*place];
			somebody && count < most; somebody = somebody->next)
			if (somebody->devices)
				people[count++] = somebody->person;
	pthread_mutex_unlock(&presences->lock);
	return count;
}

bool presences_is_due(
	struct presences *presences, uint32_t person, int64_t now_ms)
{
	struct somebody *somebody;
	bool is_due;

	pthread_mutex_lock(&presences->lock);
	somebody = find(presences, person);
	is_due = somebody && somebody->devices &&
		 now_ms - somebody->asked_ms >= ASK_AGAIN_MS;
	pthread_mutex_unlock(&presences->lock);
	return is_due;
}

void presences_asked(struct presences *presences, uint32_t person,
	uint32_t partner, int64_t now_ms)
{
	struct somebody *somebody;
	const struct shown *shown;

	pthread_mutex_lock(&presences->lock);
	somebody = find(presences, person);
	shown = somebody ? somebody->devices : NULL;
	while (shown && !is_seen_by(shown, partner))
		shown = shown->next;
	/* Others who ask in the same moment change nothing. */
	if (shown && now_ms - somebody->asked_ms >= ANSWER_MS) {
		somebody->asked_ms = now_ms;
		somebody->asker = partner;
	}
	pthread_mutex_unlock(&presences->lock);
}

static bool is_lost(const struct somebody *somebody, const struct shown *shown,
	int64_t now_ms)
{
	return somebody->heard_ms > somebody->asked_ms &&
	       now_ms - somebody->asked_ms >= ANSWER_MS &&
	       shown->seen_ms < somebody->asked_ms &&
	       is_seen_by(shown, somebody->asker);
}

bool presences_take_lost(struct presences *presences, uint32_t person,
	int64_t now_ms, struct device *device, uint32_t *partners, size_t most,
	size_t *count)
{
	struct somebody *somebody;
	struct shown **place = NULL;
	bool is_found;

	pthread_mutex_lock(&presences->lock);
	somebody = find(presences, person);
	if (somebody)
		place = &somebody->devices;
	while (place && *place && !is_lost(somebody, *place, now_ms))
		place = &(*place)->next;
	is_found = place && *place;
	if (is_found) {
		copy_out(*place, device);
		*count = (*place)->partner_count < most
				 ? (*place)->partner_count
				 : most;
		if (*count)
			memcpy(partners, (*place)->partners,
				*count * sizeof(*partners));
		remove_at(place);
	}
	pthread_mutex_unlock(&presences->lock);
	return is_found;
}

size_t presences_list_for(struct presences *presences, uint32_t person,
	uint32_t partner, struct device *devices, size_t most)
{
	struct somebody *somebody;
	size_t count = 0;

	pthread_mutex_lock(&presences->lock);
	somebody = find(presences, person);
	for (const struct shown *shown = somebody ? somebody->devices : NULL;
		shown && count < most; shown = shown->next)
		if (is_seen_by(shown, partner))
			copy_out(shown, &devices[count++]);
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
