/* when_time.c - 5 in the evening, around 3, after 5, between 2 and 4. */
#include "desk/when_pattern.h"

#include "base/attributes.h"

#define NOON (12 * 60)

/* The hours of each part of the day, and the minutes [low, low + 12 hours) in
 * which an open clock is read beside it. */
static const struct {
	int16_t first, last, low;
} parts[] = {
	[PART_MORNING] = {6 * 60, 12 * 60, 0},
	[PART_AFTERNOON] = {12 * 60, 18 * 60, 12 * 60},
	[PART_EVENING] = {18 * 60, 24 * 60, 13 * 60},
	[PART_NIGHT] = {18 * 60, 24 * 60, 18 * 60},
	[PART_LUNCH] = {12 * 60, 14 * 60, 11 * 60},
	[PART_AFTER_LUNCH] = {13 * 60, 18 * 60, 12 * 60},
	[PART_BEFORE_WORK] = {6 * 60, 9 * 60, 0},
	[PART_AFTER_WORK] = {17 * 60, 21 * 60, 12 * 60},
	[PART_AFTER_SCHOOL] = {15 * 60, 18 * 60, 12 * 60},
	[PART_FIRST_THING] = {6 * 60, 10 * 60, 0},
	[PART_END_OF_DAY] = {16 * 60, 18 * 60, 12 * 60},
	[PART_OFFICE_HOURS] = {9 * 60, 17 * 60, 8 * 60},
	[PART_BREAKFAST] = {7 * 60, 10 * 60, 0},
	[PART_DINNER] = {18 * 60, 21 * 60, 12 * 60},
	[PART_MIDMORNING] = {9 * 60, 11 * 60, 0},
	[PART_MIDAFTERNOON] = {14 * 60, 16 * 60, 12 * 60},
};

void part_hours(int32_t part, int16_t *first, int16_t *last)
{
	*first = parts[part].first;
	*last = parts[part].last;
}

void edge_hours(int32_t edge, int32_t part, int16_t *first, int16_t *last)
{
	int length = (parts[part].last - parts[part].first) / 2;

	part_hours(part, first, last);
	if (edge == EARLY)
		*last = (int16_t)(*first + length);
	else if (edge == LATE)
		*first = (int16_t)(*last - length);
	else if (edge == MID) {
		*first = (int16_t)(*first + length / 2);
		*last = (int16_t)(*last - length / 2);
	}
}

int minute_in_part(int minute, int32_t part)
{
	int low = parts[part].low;

	return (low + (minute - low % NOON + NOON) % NOON) % (2 * NOON);
}

/* A time as it is read alone. */
static void set_time(struct piece *made, int minute)
{
	made->kind = CLOCK;
	made->first_minute = (int16_t)minute;
	made->is_open = false;
}

/* 1987, 2026: a time only after "at". */
static bool looks_like_year(const struct piece *number)
{
	return number->digits == 4 && number->value >= 1900 &&
	       number->value < 2100;
}

/* The clock of a CLOCK, or of a bare number. */
static bool as_clock(const struct piece *piece, struct piece *clock)
{
	if (piece->kind == NUMBER)
		return (piece->digits < 3 || piece->value >= 100) &&
		       piece->value > 0 && !looks_like_year(piece) &&
		       number_clock(piece, clock);
	*clock = *piece;
	return piece->kind == CLOCK;
}

/* 5 in the evening, 8 at night */
static bool make_clock_part(const struct match *match, struct piece *made)
{
	struct piece clock = {0};
	int32_t part = match->last->value;

	const struct piece *at = match->items[1];

	/* "book one at night" is no clock, "8 at night" is one */
	if (at && at->kind == AT && (part & ~DOUBT) != PART_NIGHT)
		return false;
	if (match->items[0]->kind == NUMBER &&
		(match->items[0]->is_tight || part & DOUBT))
		return false;
	if (!as_clock(match->items[0], &clock))
		return false;
	set_time(made, clock.is_open ? minute_in_part(clock.first_minute,
					       part & ~DOUBT)
				     : clock.first_minute);
	return true;
}

/* morning 10:30, evening at 5, afternoon around 3 */
static bool make_part_clock(const struct match *match, struct piece *made)
{
	struct piece clock = {0};
	const struct piece *number = match->last;
	int32_t part = match->items[0]->value & ~DOUBT;

	if (number->kind == NUMBER &&
		(number->value > 24 ||
			match->after->kind & (THING | UNIT | COLON)))
		return false;
	if (match->after->kind & (DASH | TO | OR | AND | AM_PM))
		return false;
	if (!as_clock(number, &clock))
		return false;
	made->is_approximate = match->items[2] != NULL;
	set_time(made, clock.is_open ? minute_in_part(clock.first_minute, part)
				     : clock.first_minute);
	return true;
}

/* After one of these a number is a time, whatever follows. */
#define CLOCK_BEFORE (AT | SAY)
/* What may follow a number that stands for a time. */
#define CLOCK_END                                                            \
	(STOP | DOT | COMMA | ON | AT | IN | FOR | OR | AND | TO | DASH |    \
		UNTIL | BUT | THE | DAYS | PART | TAIL | ISH | CLOCK | NOT | \
		PRONOUN | SOON | FROM | BEFORE | AFTER | ABOUT | OTHERWISE | \
		BETWEEN | WHICH | ANY | ASK | THING)

/* The whole sentence is this number. */
static bool is_alone(const struct match *match)
{
	return match->before->kind == STOP &&
	       (match->after->kind & (STOP | DOT)) &&
	       piece_after(match, 1)->kind == STOP;
}

/* "1630" alone is a time; "2019" may be many things. */
static bool is_plain_time(const struct piece *number)
{
	return number->digits == 4 && number->value % 5 == 0 &&
	       number->value >= 600 && number->value < 2400 &&
	       number->value / 100 != 19 && number->value / 100 != 20;
}

/* A day follows, perhaps after "on". */
static bool is_before_day(const struct match *match)
{
	const struct piece *after = match->after;

	if (after->kind == ON)
		after = piece_after(match, 1);
	return (after->kind & (DAYS | PART)) != 0;
}

/* Whether a bare number is meant as a clock where it stands. */
static bool is_clock_place(const struct match *match)
{
	const uint64_t begin = STOP | DOT | COMMA | BUT | FOR | DASH | OR | AND;
	const struct piece *number = match->items[0];
	const struct piece *before = match->before;
	bool has_end = (match->after->kind & CLOCK_END) != 0;

	if (match->reader->context->is_answer &&
		(before->kind & (STOP | COMMA)) && has_end)
		return true;
	if (is_alone(match))
		return is_plain_time(number);
	if (before->kind == BUT)
		return has_end && number->value <= 12;
	if (before->kind & CLOCK_BEFORE)
		return match->after->kind != OF;
	if (before->kind & (AFTER | BEFORE | UNTIL | ABOUT))
		return number->value <= 12 || has_end;
	if (before->kind == BETWEEN)
		return (match->after->kind & (AND | TO | DASH)) != 0;
	if (before->kind == COMMA &&
		(piece_before(match, 1)->kind & (DAYS | PART | SAY)))
		return has_end;
	if (before->kind & (FROM | DAYS | PART | NOT))
		return has_end;
	return (match->before->kind & begin) && is_before_day(match);
}

/* at 3, friday 10, by 5 */
static bool make_number_clock(const struct match *match, struct piece *made)
{
	const struct piece *number = match->items[0], *after = match->after;

	if ((number->is_tight && match->before->kind & (COLON | DOT | SLASH)) ||
		is_counted(after) || (after->kind == DOT && !after->value) ||
		!is_clock_place(match))
		return false;
	/* "for 2 tomorrow" may speak of two people */
	made->is_weak = match->before->kind == FOR;
	if (match->before->kind == AT && looks_like_year(number))
		return number_clock(number, made);
	return as_clock(number, made);
}

/* an hour after noon, 15 minutes before 4 */
static bool make_clock_from(const struct match *match, struct piece *made)
{
	const struct piece *duration = match->items[0];
	int minutes = duration->value * (duration->unit == UNIT_HOUR ? 60 : 1);

	if (duration->unit > UNIT_HOUR || duration->value > MINUTES_PER_DAY)
		return false;
	if (match->items[1]->kind == BEFORE)
		minutes = -minutes;
	minutes += usual_minute(match->last);
	set_time(made, minutes);
	return minutes >= 0 && minutes < MINUTES_PER_DAY;
}

/* 5ish, 5 or so, 5 sharp */
static bool make_ish(const struct match *match, struct piece *made)
{
	if (!as_clock(match->items[0], made) || match->items[0]->is_tight)
		return false;
	made->is_approximate = true;
	return true;
}

/* friday pm, tomorrow am */
static bool make_half_day(const struct match *match, struct piece *made)
{
	made->kind = PART;
	made->value = match->items[0]->value ? PART_AFTERNOON : PART_MORNING;
	return match->before->kind == DAYS &&
	       !(match->after->kind & (PRONOUN | WORD));
}

/* clang-format off */
static const struct rule times[] = {
	{{CLOCK | NUMBER, OPTIONAL | IN | AT, OPTIONAL | THE, PART},
		make_clock_part},
	{{PART, OPTIONAL | COMMA, OPTIONAL | AT | ABOUT, CLOCK | NUMBER},
		make_part_clock},
	{{CLOCK | NUMBER, OPTIONAL | DASH, ISH}, make_ish},
	{{DURATION, AFTER | FROM | BEFORE, CLOCK}, make_clock_from},
	{{NUMBER}, make_number_clock},
	{{AM_PM}, make_half_day},
};
/* clang-format on */

const struct rules time_rules = {times, COUNT_OF(times)};

/* Hours: from one time to another. */

/* The reading of an open clock that is after minute, or -1. */
static int reading_after(const struct piece *clock, int minute)
{
	int first = clock->first_minute;

	if (first > minute)
		return first;
	if (clock->is_open && first + NOON > minute)
		return first + NOON;
	return first == 0 && !clock->is_open ? 2 * NOON : -1;
}

/* Reads the two ends so that the second is after the first. */
static bool set_hours(
	struct piece *made, const struct piece *from, const struct piece *to)
{
	int first = usual_minute(from), last = reading_after(to, first);

	if (from->is_open && !to->is_open && to->first_minute) {
		/* 2-4pm, 10-2pm: as near before the end as can be */
		last = to->first_minute;
		first = from->first_minute;
		if (first + NOON < last)
			first += NOON;
	} else if (from->is_open && last < 0) {
		first = from->first_minute;
		last = reading_after(to, first);
	}
	made->kind = HOURS;
	made->is_open = from->is_open && to->is_open;
	made->first_minute = (int16_t)first;
	made->last_minute = (int16_t)last;
	return last > first;
}

/* Whether two bare numbers with a dash between are hours where they stand. */
static bool is_hours_place(const struct match *match)
{
	const uint64_t near = DAYS | PART | AM_PM;

	return match->items[0] || is_before_day(match) ||
	       (match->before->kind & near) || (match->after->kind & near) ||
	       match->before->kind == AT ||
	       (match->before->kind == COMMA &&
		       match->first[-1].kind == COMMA) ||
	       (match->before->kind == STOP && match->after->kind == STOP &&
		       match->reader->context->is_answer);
}

/* between 2 and 4, from 9 to 5, 10-12; not in "move it from 9 to 10" */
static bool make_hours(const struct match *match, struct piece *made)
{
	const struct piece *word = match->items[2];
	const struct piece *a = match->items[1], *b = match->items[4];
	struct piece from = {0}, to = {0};

	if (word->kind == AND && !match->items[0])
		return false;
	if ((word->kind == TO && is_moved_from(match)) ||
		(word->kind == UNTIL && word->value != TILL))
		return false;
	if (a->kind == NUMBER && b->kind == NUMBER && !is_hours_place(match))
		return false;
	if (is_counted(match->after) ||
		(a->is_tight && match->first == a &&
			match->before->kind & (DASH | DOT | SLASH)))
		return false;
	return as_clock(a, &from) && as_clock(b, &to) &&
	       set_hours(made, &from, &to);
}

/* 3 or 4 */
static bool make_either(const struct match *match, struct piece *made)
{
	struct piece from = {0}, to = {0};

	if (match->items[0]->kind == NUMBER && match->items[2]->kind == NUMBER)
		return false;
	return !is_counted(match->after) && as_clock(match->items[0], &from) &&
	       as_clock(match->items[2], &to) && set_hours(made, &from, &to);
}

/* after 5, before noon, by 4 */
static bool make_open_hours(const struct match *match, struct piece *made)
{
	const struct piece *clock = match->last;
	int minute = usual_minute(clock);

	made->kind = HOURS;
	made->is_open = clock->is_open;
	made->is_until = true;
	made->first_minute = 0;
	made->last_minute = 2 * NOON;
	if (match->items[0]->kind == AFTER)
		made->first_minute = (int16_t)minute;
	else
		made->last_minute = (int16_t)minute;
	return made->first_minute < made->last_minute;
}

/* before lunch, until the evening */
static bool make_open_part(const struct match *match, struct piece *made)
{
	int16_t first, last;

	part_hours(match->last->value & ~DOUBT, &first, &last);
	made->kind = HOURS;
	made->is_until = true;
	made->first_minute = 0;
	made->last_minute = match->items[0]->kind == BEFORE ? first : last;
	if (match->items[0]->kind == AFTER) {
		made->first_minute = last;
		made->last_minute = 2 * NOON;
	}
	return made->first_minute < made->last_minute;
}

/* 5 or later, from 5 onwards */
static bool make_tail(const struct match *match, struct piece *made)
{
	struct piece clock = {0};

	if (!as_clock(match->items[1], &clock) || match->items[1]->is_tight ||
		is_counted(match->after))
		return false;
	made->kind = HOURS;
	made->is_open = clock.is_open;
	made->first_minute = 0;
	made->last_minute = 2 * NOON;
	if (match->last->value > 0)
		made->first_minute = (int16_t)usual_minute(&clock);
	else
		made->last_minute = (int16_t)usual_minute(&clock);
	return true;
}

/* late afternoon, early in the morning */
static bool make_edge_part(const struct match *match, struct piece *made)
{
	made->kind = HOURS;
	made->value = match->last->value & ~DOUBT;
	edge_hours(match->items[0]->value, made->value, &made->first_minute,
		&made->last_minute);
	return match->items[0]->value != REST;
}

/* around 5 */
static bool make_about(const struct match *match, struct piece *made)
{
	*made = (struct piece){.from = made->from,
		.to = made->to,
		.is_tight = made->is_tight,
		.kind = CLOCK,
		.first_minute = match->last->first_minute,
		.is_open = match->last->is_open,
		.is_approximate = true};
	return true;
}

/* clang-format off */
static const struct rule hours[] = {
	{{OPTIONAL | FROM | BETWEEN, NUMBER | CLOCK, DASH | TO | UNTIL | AND,
		OPTIONAL | AT, NUMBER | CLOCK}, make_hours},
	{{NUMBER | CLOCK, OR, NUMBER | CLOCK}, make_either},
	{{OPTIONAL | FROM, NUMBER | CLOCK, TAIL}, make_tail},
	{{AFTER | BEFORE | UNTIL, OPTIONAL | ABOUT, CLOCK}, make_open_hours},
	{{AFTER | BEFORE | UNTIL, OPTIONAL | THE, PART}, make_open_part},
	{{EDGE, OPTIONAL | IN | DASH, OPTIONAL | THE, PART}, make_edge_part},
	{{ABOUT, CLOCK}, make_about},
};
/* clang-format on */

const struct rules hours_rules = {hours, COUNT_OF(hours)};
