/* sight.c - who may no longer see whether somebody is there. */
#include "mirror/sight.h"

#include "base/clock.h"
#include "base/memory.h"
#include "mirror/book_load.h"
#include "mirror/calm.h"
#include "mirror/keeper.h"
#include "mirror/meeting.h"
#include "mirror/presence.h"
#include "mirror/presences.h"
#include "xmpp/stanza.h"

#define PEOPLE_MOST 1000 /* whose numbers begin alike: presences.c */
#define ASKED_MOST 300   /* each minute */
#define CIRCLE_MOST 500

/* A patient's doctors, and whether the two may see each other. */
struct circle {
	size_t count;
	uint32_t doctors[CIRCLE_MOST];
	bool are_seen[CIRCLE_MOST];
};

static void tell_gone(struct mirror *mirror, uint32_t person, uint32_t viewer,
	const struct device *device)
{
	struct meeting meeting;
	char from[JID_SIZE];
	stanza *presence;

	/* Also to who has nothing to do with them any more. */
	(void)!meeting_arrange(
		mirror, person, viewer, device->resource, &meeting);
	if (!meeting.passage.seal || !meeting_sender_address(&meeting, from))
		return;
	presence = stanza_new("presence", NULL);
	stanza_set(presence, "from", from);
	stanza_set(presence, "to", meeting.receiver.jid);
	stanza_set(presence, "type", "unavailable");
	if (calm_send(mirror->calm, presence, clock_monotonic_ms()))
		keeper_wake(mirror->keeper);
}

void sight_end(struct mirror *mirror, uint32_t person, uint32_t viewer)
{
	struct device *devices = xcalloc(DEVICES_MOST, sizeof(*devices));
	size_t count = presences_hide(
		mirror->presences, person, viewer, devices, DEVICES_MOST);

	for (size_t i = 0; i < count; i++)
		tell_gone(mirror, person, viewer, &devices[i]);
	free(devices);
}

static bool may_see(struct mirror *mirror, uint32_t one, uint32_t other)
{
	struct meeting meeting;

	return meeting_arrange(mirror, one, other, NULL, &meeting) !=
		       IS_NOBODY &&
	       meeting_is_seen(mirror, &meeting);
}

static void note(struct mirror *mirror, uint32_t patient, struct circle *circle)
{
	circle->count = book_partners(
		mirror->book, patient, circle->doctors, CIRCLE_MOST);
	for (size_t i = 0; i < circle->count; i++)
		circle->are_seen[i] =
			may_see(mirror, patient, circle->doctors[i]);
}

static bool was_seen(const struct circle *circle, uint32_t doctor)
{
	for (size_t i = 0; i < circle->count; i++)
		if (circle->doctors[i] == doctor)
			return circle->are_seen[i];
	return false;
}

static void review(struct mirror *mirror, uint32_t patient,
	const struct circle *before, const struct circle *now)
{
	for (size_t i = 0; i < before->count; i++)
		if (before->are_seen[i] && !was_seen(now, before->doctors[i])) {
			sight_end(mirror, patient, before->doctors[i]);
			sight_end(mirror, before->doctors[i], patient);
		}
	for (size_t i = 0; i < now->count; i++)
		if (now->are_seen[i] && !was_seen(before, now->doctors[i])) {
			(void)presence_probe_pair(
				mirror, patient, now->doctors[i]);
			(void)presence_probe_pair(
				mirror, now->doctors[i], patient);
		}
}

bool sight_reload(struct mirror *mirror, struct store *store, uint32_t person,
	bool are_pairs_alone, struct error *error)
{
	struct circle *circles = xcalloc(2, sizeof(*circles));
	bool is_read;

	note(mirror, person, &circles[0]);
	is_read =
		are_pairs_alone
			? book_load_pairs(store, mirror->book, person, error)
			: book_load_person(store, mirror->book, person, error);
	if (is_read) {
		note(mirror, person, &circles[1]);
		review(mirror, person, &circles[0], &circles[1]);
	}
	free(circles);
	return is_read;
}

/* A server that went away, or that lost a session, says nothing of it. */
static void take_lost(struct mirror *mirror, uint32_t person)
{
	struct device *device = xcalloc(1, sizeof(*device));
	uint32_t viewers[CIRCLE_MOST];
	size_t count;

	while (presences_take_lost(mirror->presences, person,
		clock_monotonic_ms(), device, viewers, CIRCLE_MOST, &count))
		for (size_t i = 0; i < count; i++)
			tell_gone(mirror, person, viewers[i], device);
	free(device);
}

/* Returns whether the server was asked. */
static bool keep_person(struct mirror *mirror, uint32_t person, bool may_ask)
{
	uint32_t viewers[CIRCLE_MOST];
	size_t count;

	take_lost(mirror, person);
	count = presences_partners(
		mirror->presences, person, viewers, CIRCLE_MOST);
	for (size_t i = 0; i < count; i++)
		if (!may_see(mirror, person, viewers[i])) {
			sight_end(mirror, person, viewers[i]);
			viewers[i--] = viewers[--count];
		}
	if (!may_ask || !presences_is_due(mirror->presences, person,
				clock_monotonic_ms()))
		return false;
	for (size_t i = 0; i < count; i++)
		if (presence_probe_pair(mirror, viewers[i], person))
			return true;
	return false;
}

void sight_keep(struct mirror *mirror)
{
	uint32_t people[PEOPLE_MOST];
	size_t place = 0, count, asked = 0;

	while ((count = presences_people(
			mirror->presences, &place, people, PEOPLE_MOST)))
		for (size_t i = 0; i < count; i++)
			asked += keep_person(
				mirror, people[i], asked < ASKED_MOST);
}
