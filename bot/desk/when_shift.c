/* when_shift.c - a week from monday, early next week: days reached from others. */
#include "desk/when_calendar.h"
#include "desk/when_pattern.h"

#include "base/attributes.h"

/* the week of the 11th */
static bool make_week_of(const struct match *match, struct piece *made)
{
	if (match->items[1]->value != UNIT_WEEK ||
		!set_as_days(match, match->last, made) || !is_one_day(made))
		return false;
	set_days(made, monday_of(made->first_day),
		monday_of(made->first_day) + 6);
	return true;
}

/* early, mid or late in the days from first to last */
static void set_edge(
	struct piece *made, int32_t edge, int32_t first, int32_t last)
{
	bool is_short = last - first < 7;
	int32_t head = is_short ? 1 : 9, tail = is_short ? 3 : last - first - 6;

	if (edge == FIRST_HALF)
		set_days(made, first, first + (is_short ? 2 : 14));
	else if (edge == SECOND_HALF)
		set_days(made, first + (is_short ? 3 : 15), last);
	else if (edge == EARLY)
		set_days(made, first, first + head);
	else if (edge == MID)
		set_days(made, first + head + (is_short ? 0 : 1),
			is_short ? first + 3 : first + 19);
	else if (edge == LATE)
		set_days(made, first + tail, is_short ? first + 4 : last);
	else
		set_days(made, first, last);
}

/* early next week, mid-march, end of the month, later this week */
static bool make_edge(const struct match *match, struct piece *made)
{
	const struct piece *of = match->last;
	int32_t edge = match->items[0]->value;
	int32_t today = match->reader->now.day;
	struct piece all = {0};

	if (edge == REST && of->kind == UNIT && of->value == UNIT_DAY) {
		set_days(made, today, today);
		made->has_hours = true;
		made->value = -1;
		made->first_minute = (int16_t)match->reader->now.minute;
		made->last_minute = MINUTES_PER_DAY;
		return true;
	}
	if (of->kind == UNIT ? of->value != UNIT_MONTH && of->value != UNIT_WEEK
			     : is_one_day(of))
		return false;
	if (of->kind == UNIT ? of->value == UNIT_MONTH : !is_week(of))
		set_month(&all, of->kind == UNIT ? today : of->last_day);
	else
		set_days(&all,
			monday_of(of->kind == UNIT ? today : of->last_day),
			monday_of(of->kind == UNIT ? today : of->last_day) + 6);
	set_edge(made, edge, all.first_day, all.last_day);
	if (edge == LATE && is_week(&all) && made->last_day <= today)
		made->last_day = all.last_day;
	return true;
}

/* early tuesday morning */
static bool make_edge_day_part(const struct match *match, struct piece *made)
{
	int32_t part = match->last->value & ~DOUBT;

	if (match->items[0]->value == REST ||
		!set_as_days(match, match->items[2], made) || made->has_hours)
		return false;
	made->has_hours = true;
	made->value = part;
	edge_hours(match->items[0]->value, part, &made->first_minute,
		&made->last_minute);
	return true;
}

/* late tonight, early this afternoon; early tomorrow */
static bool make_edge_hours(const struct match *match, struct piece *made)
{
	int32_t edge = match->items[0]->value;
	int32_t part = edge == EARLY ? PART_FIRST_THING : PART_END_OF_DAY;

	if (!is_one_day(match->last) || (edge != EARLY && edge != LATE) ||
		!set_as_days(match, match->last, made))
		return false;
	if (made->has_hours && made->value >= 0) {
		edge_hours(edge, made->value, &made->first_minute,
			&made->last_minute);
		return true;
	}
	made->has_hours = true;
	made->value = part;
	part_hours(part, &made->first_minute, &made->last_minute);
	return true;
}

/* within the next week */
static bool make_within(const struct match *match, struct piece *made)
{
	return match->items[0]->value == IN_WITHIN &&
	       !is_one_day(match->last) &&
	       set_as_days(match, match->last, made) &&
	       (made->first_day = match->reader->now.day) <= made->last_day;
}

/* a week from monday, two days after the 5th, the day before the 5th */
static bool make_from(const struct match *match, struct piece *made)
{
	const struct piece *duration = match->items[0];
	int32_t sign = match->items[1]->kind == BEFORE ? -1 : 1;

	if (is_clock_unit(duration) || match->before->kind == FOR ||
		!set_as_days(match, match->last, made) || !is_one_day(made))
		return false;
	made->first_day = made->last_day = add_units(made->first_day,
		sign * duration->value, (enum when_unit)duration->unit);
	return true;
}

/* the day after the 5th */
static bool make_day_after(const struct match *match, struct piece *made)
{
	int32_t sign = match->items[2]->kind == BEFORE ? -1 : 1;

	if (match->items[1]->value != UNIT_DAY ||
		!set_as_days(match, match->last, made))
		return false;
	made->first_day = made->last_day =
		(sign > 0 ? made->last_day : made->first_day) + sign;
	return true;
}

/* The last day that was named before a match, or otherwise. */
static int32_t day_before(const struct match *match, int32_t otherwise)
{
	const struct piece *piece = match->first;

	while (piece-- > match->reader->pieces)
		if (piece->kind == DAYS)
			return piece->last_day;
	return otherwise;
}

/* tomorrow or the day after; alone it is the one after tomorrow, as the week
 * after is the one after next week */
static bool make_the_next(const struct match *match, struct piece *made)
{
	int32_t today = match->reader->now.day;
	int32_t unit = match->items[1]->value;

	if (match->items[2]->kind != AFTER)
		return false;
	if (unit == UNIT_DAY) {
		int32_t day = day_before(match, today + 1) + 1;

		set_days(made, day, day);
		made->shift = 1;
		made->unit = UNIT_DAY;
	} else if (unit == UNIT_WEEK) {
		int32_t monday = monday_of(day_before(match, today + 7)) + 7;

		set_days(made, monday, monday + 6);
	}
	return made->kind == DAYS;
}

/* a week on monday, a week today, in two weeks on friday */
static bool make_weeks_on(const struct match *match, struct piece *made)
{
	const struct piece *weeks = match->items[1], *day = match->items[3];
	int32_t count = weeks->value * (weeks->unit == UNIT_FORTNIGHT ? 2 : 1);

	if ((weeks->unit != UNIT_WEEK && weeks->unit != UNIT_FORTNIGHT) ||
		match->before->kind == FOR || !is_one_day(day))
		return false;
	if (match->items[0]) {
		int32_t monday = monday_of(match->reader->now.day);

		if (day->kind != WEEKDAY)
			return false;
		set_days(made, monday + 7 * count + day->value,
			monday + 7 * count + day->value);
		return true;
	}
	if (!set_as_days(match, day, made))
		return false;
	made->first_day = made->last_day = made->first_day + 7 * count;
	return true;
}

/* monday in two weeks */
static bool make_on_in_weeks(const struct match *match, struct piece *made)
{
	const struct piece *weeks = match->items[2];
	int32_t count = weeks->value * (weeks->unit == UNIT_FORTNIGHT ? 2 : 1);
	int32_t day = monday_of(match->reader->now.day) + 7 * count +
		      match->items[0]->value;

	set_days(made, day, day);
	return weeks->unit == UNIT_WEEK || weeks->unit == UNIT_FORTNIGHT;
}

/* tuesday week, tomorrow fortnight */
static bool make_day_week(const struct match *match, struct piece *made)
{
	int32_t unit = match->items[1]->value;

	if ((unit != UNIT_WEEK && unit != UNIT_FORTNIGHT) ||
		!set_as_days(match, match->items[0], made) || !is_one_day(made))
		return false;
	made->first_day = made->last_day =
		made->first_day + (unit == UNIT_WEEK ? 7 : 14);
	return true;
}

/* clang-format off */
static const struct rule shifts[] = {
	{{OPTIONAL | THE, UNIT, OF | FROM, OPTIONAL | ON, OPTIONAL | THE, DAY},
		make_week_of},
	{{OPTIONAL | THE, UNIT, AFTER | BEFORE, OPTIONAL | THE, DAY},
		make_day_after},
	{{THE, UNIT, AFTER}, make_the_next},
	{{DURATION, FROM | AFTER | BEFORE, OPTIONAL | THE, DAY}, make_from},
	{{OPTIONAL | IN, DURATION, OPTIONAL | ON, DAY}, make_weeks_on},
	{{WEEKDAY, IN, DURATION}, make_on_in_weeks},
	{{DAY, UNIT}, make_day_week},
	{{EDGE, OPTIONAL | DASH | OF | IN, OPTIONAL | THE | ABOUT,
		DAYS | UNIT}, make_edge},
	{{EDGE, OPTIONAL | ON | IN, DAY, PART}, make_edge_day_part},
	{{EDGE, OPTIONAL | ON | IN, DAY}, make_edge_hours},
	{{IN, OPTIONAL | THE, DAYS}, make_within},
};
/* clang-format on */

const struct rules shift_rules = {shifts, COUNT_OF(shifts)};
