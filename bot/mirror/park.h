/* park.h - messages that came back wait until their recipient is seen.
 *
 * For the keeper's thread. False: the database said no, or nothing. */
#ifndef MIRROR_PARK_H
#define MIRROR_PARK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/error.h"
#include "mirror/mirror.h"
#include "store/store.h"

/* Keeps a message, and tells the sender once that the recipient cannot be
 * reached. */
bool park_put(struct mirror *mirror, struct store *store, uint32_t sender,
	uint32_t recipient, const char *id, const char *xml,
	struct error *error) MUST_CHECK;
/* Sends what waits for somebody, and waits until the server has it. */
bool park_take(struct mirror *mirror, struct store *store, uint32_t recipient,
	struct error *error) MUST_CHECK;

#endif
