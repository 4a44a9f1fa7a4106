/* when_duration.c - half an hour, 3 days; in 3 days, two weeks from now. */
#include "desk/when_calendar.h"
#include "desk/when_pattern.h"

#include "base/attributes.h"

static bool set_duration(struct piece *made, int32_t value, int32_t unit)
{
	made->kind = DURATION;
	made->value = value;
	made->unit = (uint8_t)unit;
	return value > 0 && unit != UNIT_WEEKEND;
}

/* 3 days, a week */
static bool make_duration(const struct match *match, struct piece *made)
{
	const struct piece *count = match->items[0];

	return !count->is_tight && count->digits < 4 &&
	       set_duration(made, count->kind == A ? 1 : count->value,
		       match->items[1]->value);
}

static bool make_half_hours(
	struct piece *made, int32_t hours, const struct piece *fraction)
{
	return set_duration(made, hours * 60 + fraction->value, UNIT_MINUTE);
}

/* 2h, after "in" and "for" */
static bool make_mark_duration(const struct match *match, struct piece *made)
{
	return match->items[1]->value == HOUR_MARK &&
	       set_duration(made, match->items[0]->value, UNIT_HOUR);
}

/* half an hour, a half hour, quarter of an hour */
static bool make_part_hour(const struct match *match, struct piece *made)
{
	return match->last->value == UNIT_HOUR &&
	       make_half_hours(made, 0, match->items[1]);
}

/* two and a half hours */
static bool make_mixed_hours(const struct match *match, struct piece *made)
{
	return match->last->value == UNIT_HOUR &&
	       make_half_hours(made, match->items[0]->value, match->items[3]);
}

/* two hours and a half */
static bool make_hours_mixed(const struct match *match, struct piece *made)
{
	const struct piece *count = match->items[0];

	return match->items[1]->value == UNIT_HOUR &&
	       make_half_hours(made, count->kind == A ? 1 : count->value,
		       match->items[4]);
}

/* 1.5 hours */
static bool make_decimal_hours(const struct match *match, struct piece *made)
{
	const struct piece *tenths = match->items[2];

	return match->items[3]->value == UNIT_HOUR && tenths->digits == 1 &&
	       set_duration(made,
		       match->items[0]->value * 60 + tenths->value * 6,
		       UNIT_MINUTE);
}

bool is_clock_unit(const struct piece *duration)
{
	return duration->unit == UNIT_MINUTE || duration->unit == UNIT_HOUR;
}

/* From now: days as days, hours and minutes to the minute. */
static void set_hence(const struct match *match, struct piece *made,
	const struct piece *after)
{
	struct civil_moment now = match->reader->now;
	int32_t minutes = after->value * (after->unit == UNIT_HOUR ? 60 : 1);

	if (!is_clock_unit(after)) {
		int32_t day = add_units(
			now.day, after->value, (enum when_unit)after->unit);

		set_days(made, day, day);
		return;
	}
	minutes += now.minute;
	set_days(made, now.day + minutes / MINUTES_PER_DAY,
		now.day + minutes / MINUTES_PER_DAY);
	made->has_hours = true;
	made->value = -1;
	made->first_minute = made->last_minute =
		(int16_t)(minutes % MINUTES_PER_DAY);
}

/* What lasts from now on; hours end at midnight. */
static void begin_now(const struct match *match, struct piece *made,
	const struct piece *duration)
{
	struct civil_moment now = match->reader->now;

	if (is_clock_unit(duration)) {
		made->last_minute = made->last_day > now.day
					    ? MINUTES_PER_DAY
					    : made->first_minute;
		made->first_minute = (int16_t)now.minute;
		made->last_day = now.day;
	}
	made->first_day = now.day;
}

/* two upcoming weeks */
static bool make_upcoming(const struct match *match, struct piece *made)
{
	struct piece duration = {0};

	if (match->items[1]->value != COMING ||
		match->items[2]->value <= UNIT_HOUR ||
		!set_duration(&duration, match->items[0]->value,
			match->items[2]->value))
		return false;
	set_hence(match, made, &duration);
	made->first_day = match->reader->now.day;
	return true;
}

/* in three days; within three days; in the next two weeks; after 3 days */
static bool make_in(const struct match *match, struct piece *made)
{
	const struct piece *duration = match->items[4];

	set_hence(match, made, duration);
	if (match->items[2] || (match->items[0]->kind == IN &&
				       match->items[0]->value == IN_WITHIN))
		begin_now(match, made, duration);
	return true;
}

/* the next 3 days */
static bool make_next_units(const struct match *match, struct piece *made)
{
	const struct piece *duration = match->items[1];

	set_hence(match, made, duration);
	if (match->items[0]->value == LAST)
		made->is_gone = true;
	else
		begin_now(match, made, duration);
	return true;
}

/* in 2 to 3 weeks */
static bool make_in_range(const struct match *match, struct piece *made)
{
	struct piece least = *match->items[3];

	if (is_clock_unit(&least))
		return false;
	set_hence(match, made, &least);
	least.value = match->items[1]->value;
	made->first_day = add_units(match->reader->now.day, least.value,
		(enum when_unit)least.unit);
	return made->first_day <= made->last_day;
}

/* Also so far from what is spoken of. */
static void set_shift(struct piece *made, const struct piece *far, int sign)
{
	made->shift = (int16_t)(sign * far->value);
	made->unit = far->unit;
	made->is_gone = sign < 0;
}

/* three days from now, two weeks later, a week ago, an hour earlier */
static bool make_hence(const struct match *match, struct piece *made)
{
	const struct piece *word = match->items[1];

	if (word->kind == EDGE && word->value != REST)
		return false;
	set_hence(match, made, match->items[0]);
	made->is_gone = word->kind == HENCE && word->value < 0;
	if (word->kind == EDGE || word->value == EARLIER)
		set_shift(made, match->items[0], word->kind == EDGE ? 1 : -1);
	return true;
}

/* back an hour, forward by a week; not: back two weeks ago */
static bool make_push(const struct match *match, struct piece *made)
{
	const struct piece *word = match->items[0];

	if (!word->value || match->after->kind == HENCE)
		return false;
	set_hence(match, made, match->items[1]);
	set_shift(made, match->items[1], word->value);
	return true;
}

/* clang-format off */
static const struct rule durations[] = {
	{{NUMBER, AND, A, FRACTION, UNIT}, make_mixed_hours},
	{{NUMBER | A, UNIT, AND, A, FRACTION}, make_hours_mixed},
	{{NUMBER, TIGHT | DOT, TIGHT | NUMBER, UNIT}, make_decimal_hours},
	{{OPTIONAL | A, FRACTION, OPTIONAL | OF, OPTIONAL | A, UNIT},
		make_part_hour},
	{{NUMBER | A, UNIT}, make_duration},
	{{NUMBER, TIGHT | OCLOCK}, make_mark_duration},
	{{NUMBER, WHICH, UNIT}, make_upcoming},
};
/* clang-format on */

const struct rules duration_rules = {durations, COUNT_OF(durations)};

/* postpone it by 2 weeks, push it an hour; not: move it 2 weeks earlier */
static bool make_push_it(const struct match *match, struct piece *made)
{
	const struct piece *by = match->items[0];
	const uint64_t other = EDGE | HENCE | BEFORE | AFTER | FROM;

	if (!match->reader->has_move || (match->after->kind & other) ||
		(by->kind == UNTIL && by->value))
		return false;
	set_hence(match, made, match->last);
	set_shift(made, match->last,
		by->kind == MOVE && by->value ? by->value : 1);
	return true;
}

/* clang-format off */
static const struct rule hence[] = {
	{{DURATION, HENCE | EDGE}, make_hence},
	{{PUSH | MOVE, DURATION}, make_push},
	{{UNTIL, DURATION}, make_push_it},
	{{MOVE, OPTIONAL | PRONOUN, DURATION}, make_push_it},
	{{IN, NUMBER, DASH | TO | OR, DURATION}, make_in_range},
	{{IN | AFTER, OPTIONAL | THE, OPTIONAL | WHICH, OPTIONAL | ABOUT,
		DURATION, OPTIONAL | HENCE}, make_in},
	{{WHICH, DURATION}, make_next_units},
};
/* clang-format on */

const struct rules hence_rules = {hence, COUNT_OF(hence)};
