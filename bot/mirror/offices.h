/* offices.h - when doctors read what patients write, in memory.
 *
 * A doctor who has said no office hours is always there, but for time off and
 * holidays of a day or more. Any thread. */
#ifndef MIRROR_OFFICES_H
#define MIRROR_OFFICES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/civil.h"
#include "base/error.h"
#include "store/store.h"

struct offices;

struct offices *offices_new(void) MUST_CHECK;
void offices_free(struct offices *offices); /* NULL is fine */
/* Reads all of them, for the next two days. For the keeper's thread. */
bool offices_load(struct offices *offices, struct store *store,
	struct error *error) MUST_CHECK;
/* Why a doctor does not read now. */
struct office_closed {
	bool is_away;             /* a day or more, whatever her office hours */
	struct civil_moment back; /* then she is there again, on her wall */
	char *answer; /* what she lets patients be told, or NULL; to be freed */
};
/* Whether a doctor is there at a Unix time; when not, *closed says why. */
bool offices_is_open(struct offices *offices, uint32_t doctor, int64_t now_s,
	struct office_closed *closed);

#endif
