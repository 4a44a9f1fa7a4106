/* when.h - what a sentence says of a day, a time, or both.
 *
 * English to start with; the words stand in one table per language. Everything
 * is read against the person's own wall clock (base/civil.h): no zones here.
 * A past time means the next such time; a year is never guessed backwards.
 *
 * What is chosen where people differ: a weekday alone is never today, "this
 * friday" may be; "next friday" is the one of next week, weeks begin on Monday;
 * from 1 to 7 without am or pm is the afternoon, from 8 to 11 the morning; "by
 * friday" begins today; after "after friday" come two weeks. */
#ifndef DESK_WHEN_H
#define DESK_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/civil.h"

#define WHEN_SPANS 12

/* Bytes [from, to) of the sentence. */
struct when_span {
	size_t from, to;
};

/* "an hour later", "a week earlier", "the day after": so far from the time that
 * is spoken of, if there is one. All 0: nothing of it was said. */
struct when_shift {
	int months, days, minutes;
};

/* What is not wanted: "not on mondays or fridays" as bits, Monday is the first;
 * "not tomorrow" as days, "not in the morning" as hours [from, to): none when they
 * end before they begin. Of several stretches of days the last one counts. */
struct when_denied {
	unsigned weekdays;
	int32_t first_day, last_day;
	int from, to;
};

struct when {
	bool has_day;
	int32_t first_day, last_day; /* equal: one day; both included */
	bool is_plain;               /* a weekday, of which week was not said */
	/* "7/3" can be read in two ways: first_day is the reading of the
	 * person's language, other_day the other one. */
	bool is_ambiguous;
	int32_t other_day;

	bool has_time;
	/* Minutes of the day. Equal: that very time. Else the range
	 * [first_minute, last_minute), last_minute up to 1440. */
	int first_minute, last_minute;

	/* When it is later, has_day and has_time are what it is from now. */
	struct when_shift shift;
	bool has_denied;
	struct when_denied denied;

	bool is_missing; /* a day was named that there is not: 31 november */
	bool is_soonest; /* "as soon as possible", "first available" */
	bool is_approximate; /* "around 5" */

	/* The pieces of the sentence that were read, in order, so that nobody
	 * else reads them again. */
	struct when_span spans[WHEN_SPANS];
	size_t span_count;
};

struct when_context {
	struct civil_moment now;
	const char *language; /* BCP 47; NULL or unknown: English */
	/* Whether a bare number ("9", "the 7", "at 4") can be a time or a day
	 * here because a day or time was asked for. */
	bool is_answer;
};

/* Reads a sentence (UTF-8, any length; beyond 4,096 bytes, or 600 words and
 * marks, nothing is read). Allocates nothing; any thread may call it.
 * True when it wishes for a day or a time; what is denied alone is no wish. */
bool when_read(const struct when_context *context, const char *sentence,
	struct when *when);

/* The moment that "an hour later" is after from. */
struct civil_moment when_shift_from(
	const struct when_shift *shift, struct civil_moment from);
bool when_is_shift(const struct when_shift *shift);

#define WHEN_TEXT_SIZE 48
/* "2019-03-07", "2019-03-04..2019-03-10" or "-"; "16:00", "12:00-18:00" or
 * "-" into text; returns text. For programs: people are answered otherwise. */
const char *when_print_day(const struct when *when, char text[WHEN_TEXT_SIZE]);
const char *when_print_time(const struct when *when, char text[WHEN_TEXT_SIZE]);

#endif
