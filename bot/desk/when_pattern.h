/* when_pattern.h - patterns of pieces, and what becomes of them.
 *
 * A rule is a short row of sets of kinds and a function. Where the row fits the
 * pieces, the function looks at them and makes one piece of all, or declines.
 * The rules are tables by subject (numbers, clocks, days, times); each table is
 * one walk from left to right, in which the first rule that fits wins and is
 * tried again on what it made. Private to when.c. */
#ifndef DESK_WHEN_PATTERN_H
#define DESK_WHEN_PATTERN_H

#include "desk/when.h"
#include "desk/when_words.h"

#define PATTERN_PLACES 8

/* Added to a set: the place may be empty; nothing, not even a blank, stands
 * between this piece and the one before. */
#define OPTIONAL BIT(63)
#define TIGHT BIT(62)

struct reader {
	const struct when_language *language;
	const struct when_context *context;
	struct civil_moment now;
	bool has_move; /* the sentence speaks of moving something */
	struct piece pieces[WHEN_PIECES];
	size_t count;
};

/* Where a rule fits. */
struct match {
	const struct reader *reader;
	const struct piece
		*items[PATTERN_PLACES]; /* NULL: the place is empty */
	/* The pieces before and after; never NULL: an empty STOP at the ends. */
	const struct piece *before, *after;
	const struct piece *first, *last;
};

/* The piece n places after the one after the match (0: match->after). */
const struct piece *piece_after(const struct match *match, size_t n);
const struct piece *piece_before(const struct match *match, size_t n);

struct rule {
	uint64_t places[PATTERN_PLACES]; /* ended by 0 */
	/* Fills what is made of the pieces; the bytes are filled already.
	 * False: declined. */
	bool (*make)(const struct match *match, struct piece *made);
};

struct rules {
	const struct rule *rules;
	size_t count;
};

/* Applies a table of rules to the pieces. */
void apply_rules(struct reader *reader, const struct rules *rules);

/* The tables in the order in which they are applied. */
extern const struct rules number_rules;   /* when_number.c: twenty-one, 7th */
extern const struct rules doubt_rules;    /* when_number.c: may, sat */
extern const struct rules digit_rules;    /* when_digits.c: 7/3/2019 */
extern const struct rules clock_rules;    /* when_clock.c: half past 3 */
extern const struct rules duration_rules; /* when_duration.c: 3 days */
extern const struct rules date_rules;     /* when_date.c: 7 march, next week */
extern const struct rules day_rules;      /* when_day.c: monday next week */
extern const struct rules shift_rules;    /* when_shift.c: a week from monday */
extern const struct rules hence_rules;    /* when_duration.c: in 3 days */
extern const struct rules range_rules;    /* when_range.c: monday to friday */
extern const struct rules time_rules;     /* when_time.c: 5 in the evening */
extern const struct rules hours_rules;    /* when_time.c: from 9 to 5 */
/* Takes phone numbers and the like out of the way; before all tables. */
void drop_long_numbers(struct reader *reader);

/* The pieces that remain, as one wish (when_wish.c). */
bool read_wish(struct reader *reader, struct when *when);

/* Shared by the tables. */

/* A clock of twelve hours read in the usual way: 8 to 11 in the morning, 12 to
 * 7 in the afternoon. */
int usual_minute(const struct piece *clock);
/* Whether the piece is "to" before a day or time, not before a verb. */
bool is_goal(const struct reader *reader, size_t at);
/* Whether "monday to friday" is not a range here but where something is moved
 * from and to. */
bool is_moved_from(const struct match *match);
/* Whether a number before this piece counts it: 3 people, 2 weeks. */
bool is_counted(const struct piece *after);
/* The clock that a bare number shows: 9, 930, 1630. False: none. */
bool number_clock(const struct piece *number, struct piece *made);
/* The hours of a part of the day. */
void part_hours(int32_t part, int16_t *first, int16_t *last);
/* The early, middle or late ones of them. */
void edge_hours(int32_t edge, int32_t part, int16_t *first, int16_t *last);
/* The reading of an open clock that lies in a part of the day. */
int minute_in_part(int minute, int32_t part);

#endif
