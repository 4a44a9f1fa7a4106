/* duration.h - how long something takes, as people write it: "half an hour". */
#ifndef DESK_DURATION_H
#define DESK_DURATION_H

#include <stdbool.h>

#include "base/error.h"

#define DURATION_MOST 1440 /* minutes */

/* Reads "30 min", "half an hour", "1h30", "1:30", "45" (minutes) as 1 to
 * DURATION_MOST minutes. The error says what to write instead. */
bool duration_read(const char *text, const char *language, int *minutes,
	struct error *error) MUST_CHECK;

#endif
