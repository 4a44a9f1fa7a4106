/* presences.h - inside the mirror: who is there with which device, in memory.
 *
 * Only what the mirror was shown since it started: after a start everybody is
 * probed (keeper.h), so it is soon whole. Any thread; what is returned is a copy. */
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

/* A device was shown to a partner. caps: what names its abilities ("node#ver", or
 * ""). Fills in its features; true: they are not known, and the caller should
 * ask the device. */
bool presences_put(struct presences *presences, uint32_t person,
	struct device *device, const char *caps, uint32_t partner);
/* It is gone; resource NULL: all of them. */
void presences_remove(
	struct presences *presences, uint32_t person, const char *resource);
/* What a device answered; how many partners have seen it, which are to be told,
 * most at most. 0 when nothing has changed. */
size_t presences_learn(struct presences *presences, uint32_t person,
	const char *resource, uint32_t features, uint32_t *partners,
	size_t most);

/* Nothing is known of anybody any more. */
void presences_forget(struct presences *presences);

/* The devices of somebody; how many. */
size_t presences_list(struct presences *presences, uint32_t person,
	struct device *devices, size_t most);
/* False: there is no such device (device may be NULL). */
bool presences_find(struct presences *presences, uint32_t person,
	const char *resource, struct device *device);
/* Whether anything was heard of somebody since the start. */
bool presences_is_known(struct presences *presences, uint32_t person);

#endif
