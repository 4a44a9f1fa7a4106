/* presences.h - inside the mirror: who is there with which device, in memory.
 *
 * Only what the mirror was shown since it started: after a start everybody is
 * probed (keeper.h), so it is soon whole. Of each device it is known to whom its
 * server showed it, which is who may see it. Any thread; what is returned is a
 * copy; now_ms is monotonic. */
#ifndef MIRROR_PRESENCES_H
#define MIRROR_PRESENCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "mirror/seal.h"

#define DEVICES_MOST 12

struct presences;

struct device {
	char resource[SEAL_PLAIN + 1];
	char show[8]; /* "" or "away", "xa", "dnd", "chat" */
	int priority;
	uint32_t features; /* caps.h */
};

struct presences *presences_new(void) MUST_CHECK;
void presences_free(struct presences *presences); /* NULL is fine */

/* What the caller should do with a device that was shown. */
enum shown_news {
	SHOWN_FIRST = 1, /* the partner has not seen it before */
	SHOWN_ASK = 2,   /* what it can do is not known: ask it */
};

/* A device was shown to a partner. caps: what names its abilities ("node#ver", or
 * ""). Fills in its features; returns what is new (enum shown_news). */
unsigned presences_put(struct presences *presences, uint32_t person,
	struct device *device, const char *caps, uint32_t partner,
	int64_t now_ms);
/* It is gone, which says nothing of others that were not heard of yet; resource
 * NULL: those that nobody has seen, or sees any more. */
void presences_remove(
	struct presences *presences, uint32_t person, const char *resource);
/* What a device answered; how many partners have seen it, which are to be told,
 * most at most. 0 when nothing has changed. */
size_t presences_learn(struct presences *presences, uint32_t person,
	const char *resource, uint32_t features, uint32_t *partners,
	size_t most);

/* The devices that a partner has seen, how many; they have not seen them any more. */
size_t presences_hide(struct presences *presences, uint32_t person,
	uint32_t partner, struct device *devices, size_t most);
/* Those who have seen a device of somebody, how many. */
size_t presences_partners(struct presences *presences, uint32_t person,
	uint32_t *partners, size_t most);
/* People with devices, from a place on; returns how many and moves the place. 0:
 * that was all. */
size_t presences_people(struct presences *presences, size_t *place,
	uint32_t *people, size_t most);
/* Whether it is time to ask somebody's server whether they are still there. */
bool presences_is_due(
	struct presences *presences, uint32_t person, int64_t now_ms);
/* It is asked for a partner. */
void presences_asked(struct presences *presences, uint32_t person,
	uint32_t partner, int64_t now_ms);
/* A device of which the server said nothing when it was asked again for a partner who
 * has seen it and had time to answer, though it spoke of another: it is gone without a
 * word, and removed. False: there is none. partners: who has seen it, count of them. */
bool presences_take_lost(struct presences *presences, uint32_t person,
	int64_t now_ms, struct device *device, uint32_t *partners, size_t most,
	size_t *count) MUST_CHECK;

/* The devices of somebody that a partner has seen; how many. */
size_t presences_list_for(struct presences *presences, uint32_t person,
	uint32_t partner, struct device *devices, size_t most);
/* The devices of somebody; how many. */
size_t presences_list(struct presences *presences, uint32_t person,
	struct device *devices, size_t most);
/* False: there is no such device (device may be NULL). */
bool presences_find(struct presences *presences, uint32_t person,
	const char *resource, struct device *device);
/* Whether anything was heard of somebody since the start. */
bool presences_is_known(struct presences *presences, uint32_t person);

#endif
