/* visit_settings.h - what is said of a type of visit: "ECG, 40 min, 60 EUR, video,
 * 5 min before, 10 min after, notice 2 hours, at most 60 days ahead, at most 4 a
 * day, cancel until 24 hours before, move until 12 hours before, room ECG". */
#ifndef DESK_VISIT_SETTINGS_H
#define DESK_VISIT_SETTINGS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "desk/money.h"

enum visit_number {
	VISIT_MINUTES, /* how long */
	VISIT_BEFORE,  /* minutes kept free before it */
	VISIT_AFTER,   /* and after it */
	VISIT_NOTICE,  /* booked at least so many minutes before */
	VISIT_AHEAD,   /* booked at most so many days before */
	VISIT_MOST,    /* of a doctor on one day */
	VISIT_CANCEL,  /* cancelled until so many minutes before */
	VISIT_MOVE,    /* moved until so many minutes before */
	VISIT_NUMBERS,
};

#define VISIT_UNSAID -1
#define VISIT_ANY -2 /* said to have no limit: days ahead, most a day */

struct visit_settings {
	char *name;           /* NULL: not said; so with the others */
	char *needs;          /* kinds of rooms, comma separated; "": none */
	char fee[MONEY_SIZE]; /* "60 EUR"; "": not said */
	long numbers[VISIT_NUMBERS];
	int video; /* VISIT_UNSAID, false or true */
};

/* Reads such a list, in any order; what is none of its parts is the name, and a
 * name with "video" in it is of a video visit, as is one called "Video call". currency is for a fee without one.
 * The caller releases the settings whatever the result. */
bool visit_settings_read(struct visit_settings *settings, const char *text,
	const char *currency, struct error *error) MUST_CHECK;
void visit_settings_init(struct visit_settings *settings);
void visit_settings_release(struct visit_settings *settings);

/* visit_saying.c: all but the name as a JSON object, as api.visit_type_set takes it; and read
 * again. The caller frees the text. */
char *visit_settings_print(const struct visit_settings *settings) MUST_CHECK;
bool visit_settings_load(
	struct visit_settings *settings, const char *json) MUST_CHECK;

/* Says the length, the fee and whether it is by video: "40 min, 60 EUR, video". */
void say_visit_kind(struct strbuf *out, const char *language,
	const struct visit_settings *settings);
/* Says the rest, as it can be written: ", 5 min before, room ECG". */
void say_visit_rules(struct strbuf *out, const char *language,
	const struct visit_settings *settings);

#endif
