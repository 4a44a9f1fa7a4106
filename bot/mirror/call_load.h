/* call_load.h - the calls under way are read from the database, at a start. */
#ifndef MIRROR_CALL_LOAD_H
#define MIRROR_CALL_LOAD_H

#include <stdbool.h>

#include "base/attributes.h"
#include "base/error.h"
#include "mirror/mirror.h"
#include "store/store.h"

bool call_load(struct mirror *mirror, struct store *store,
	struct error *error) MUST_CHECK;

#endif
