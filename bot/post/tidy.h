/* tidy.h - forgets what nobody asks for any more, an hour at a time.
 *
 * What that is says api.tidy. A call forgets little and is one transaction, so
 * that it holds up nobody; it runs in the post room's thread between deliveries,
 * like horizon.h. */
#ifndef POST_TIDY_H
#define POST_TIDY_H

#include <stdbool.h>

#include "base/attributes.h"
#include "base/error.h"

struct store;

/* Forgets some of it. audit_days: how long the audit is kept. *is_more: it is to
 * be called again. */
bool tidy_some(struct store *store, int audit_days, bool *is_more,
	struct error *error) MUST_CHECK;

#endif
