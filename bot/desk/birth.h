/* birth.h - a date of birth as people write it: "23 april 1990". */
#ifndef DESK_BIRTH_H
#define DESK_BIRTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#define BIRTH_YEARS 130 /* nobody is older */

struct birth {
	int32_t day; /* base/civil.h */
	/* "4/3/1990" can be read in two ways: day is the reading of the
	 * person's language, other_day the other one. */
	bool is_ambiguous;
	int32_t other_day;
};

/* Reads a day that is not after today and not more than BIRTH_YEARS before it;
 * two digits of a year mean the latest such year that is not in the future.
 * language: BCP 47; NULL: English. The error says what to write instead. */
bool birth_read(const char *text, const char *language, int32_t today,
	struct birth *birth, struct error *error) MUST_CHECK;

#endif
