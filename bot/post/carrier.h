/* carrier.h - how a delivery leaves: one function per way.
 *
 * A carrier hands a parcel over and returns; whether it was taken is proved
 * afterwards, for a whole batch. False when this parcel cannot be carried. */
#ifndef POST_CARRIER_H
#define POST_CARRIER_H

#include <stdbool.h>

#include "base/attributes.h"
#include "base/error.h"

struct post_settings;

struct parcel {
	const char *id; /* the same at every attempt, so that repeats show */
	const char *to; /* an address as this carrier understands it */
	const char *text;
};

struct carrier {
	const char *name;
	bool (*carry)(const struct post_settings *settings,
		const struct parcel *parcel, struct error *error);
};

/* A chat message from post_settings.from. */
bool carrier_xmpp(const struct post_settings *settings,
	const struct parcel *parcel, struct error *error) MUST_CHECK;

#endif
