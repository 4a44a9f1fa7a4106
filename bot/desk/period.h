/* period.h - a stretch of time as people write it: "24 dec - 2 jan". */
#ifndef DESK_PERIOD_H
#define DESK_PERIOD_H

#include <stdbool.h>

#include "base/civil.h"
#include "base/error.h"
#include "desk/when.h"

/* [from, to) */
struct period {
	struct civil_moment from, to;
};

/* Reads "tomorrow afternoon", "from friday 14:00 to monday", "24 dec",
 * "next week", "tomorrow 10-12", "the whole of august". A day without a time is
 * the whole day: the period ends at 00:00 of the next. What is over already is
 * refused. The error says what to write instead. */
bool period_read(const struct when_context *context, const char *text,
	struct period *period, struct error *error) MUST_CHECK;

#endif
