/* weekly.h - weekly hours as people write them: "mon-fri 9-13, 15-18".
 *
 * Several groups may follow one another: "mon-thu 9-13 and 15-18, fri 9-14",
 * "every day 8 to 12", "tuesdays and thursdays 16:00-20:00", "weekdays 9-5"
 * (the end is after the beginning: 5 means 17). Windows of one day must not
 * overlap; a window to 24:00 is allowed, one over midnight is not. */
#ifndef DESK_WEEKLY_H
#define DESK_WEEKLY_H

#include <stdbool.h>

#include "base/civil.h"
#include "base/error.h"
#include "base/strbuf.h"

#define WEEKLY_WINDOWS 84 /* twelve a day */

struct weekly_window {
	enum weekday weekday;
	int from_minute, to_minute; /* [from, to) */
};

struct weekly {
	struct weekly_window
		windows[WEEKLY_WINDOWS]; /* by weekday, then time */
	int window_count;
};

/* Reads the whole text as weekly hours. The error says what to write instead. */
bool weekly_read(const char *text, struct weekly *weekly, struct error *error);
/* "mon-fri 09:00-13:00, 15:00-18:00; sat 10:00-12:00"; weekly_read reads it. */
void weekly_print(const struct weekly *weekly, struct strbuf *text);

#endif
