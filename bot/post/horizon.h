/* horizon.h - keeps the doctors' openings reaching as far as can be booked.
 *
 * Time goes by and the horizon moves: the days that came into it get their
 * openings from the doctors' rules. It runs in the post room's thread, a few
 * doctors at a time between deliveries: both wait for the same clock and need a
 * database connection and nothing else, so one straight loop serves both. A doctor
 * is claimed for a minute first, so that no two bots expand one at once, and rules
 * that change meanwhile void what was made of the old ones. */
#ifndef POST_HORIZON_H
#define POST_HORIZON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/error.h"

struct store;

/* Brings at most doctor_count doctors up to the horizon. *is_more: others
 * may remain. A doctor whose rules cannot be expanded is logged and passed over. */
bool horizon_keep(struct store *store, size_t doctor_count, bool *is_more,
	struct error *error) MUST_CHECK;

#endif
