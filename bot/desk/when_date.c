/* when_date.c - 7 march, the 7th, tomorrow, next week: days by themselves. */
#include "desk/when_calendar.h"
#include "desk/when_pattern.h"

#include "base/attributes.h"

/* A day that does not exist in its month is read, and no wish. */
static bool set_day_of_month(const struct match *match, struct piece *made,
	const struct piece *day, const struct piece *month,
	const struct piece *year)
{
	if ((year && !is_year(match, year)) || day->digits > 2)
		return false;
	made->kind = WORD;
	made->is_date = true;
	made->is_missing = !set_date(match->reader, made, day->value,
		month->value, year ? year->value : 0);
	return !made->is_missing || (day->value >= 1 && day->value <= 31);
}

/* "at 9 march 14th": the month belongs to what is after it. */
static bool takes_month(const struct match *match)
{
	return match->after->kind == ORDINAL ||
	       (match->after->kind == NUMBER && match->before->kind == AT &&
		       match->after->value <= 31);
}

/* 7 march, the 7th of march, 2020 */
static bool make_day_month(const struct match *match, struct piece *made)
{
	if (match->items[1]->is_tight && match->before->kind & (COLON | DOT))
		return false;
	if (takes_month(match))
		return false;
	return set_day_of_month(
		match, made, match->items[1], match->items[3], match->items[5]);
}

/* 2019-sep-1 */
static bool make_year_month_day(const struct match *match, struct piece *made)
{
	return match->items[0]->digits == 4 &&
	       set_day_of_month(match, made, match->items[4], match->items[2],
		       match->items[0]);
}

/* march 7, march the 7th, 2020 */
static bool make_month_day(const struct match *match, struct piece *made)
{
	const struct piece *day = match->items[2], *after = match->after;

	/* april 4-5pm, april 5ish */
	if (day->kind == NUMBER &&
		(after->kind == ISH ||
			(after->kind == DASH && after->is_tight &&
				piece_after(match, 1)->kind == CLOCK)))
		return false;
	return set_day_of_month(
		match, made, day, match->items[0], match->items[4]);
}

static bool set_day_range(const struct match *match, struct piece *made,
	const struct piece *from, const struct piece *to,
	const struct piece *month)
{
	struct piece last = {0};

	if (from->value > to->value || from->digits > 2 || to->digits > 2 ||
		!set_date(match->reader, &last, to->value, month->value, 0) ||
		!set_date(match->reader, made, from->value, month->value, 0))
		return false;
	made->last_day = last.last_day;
	made->is_date = true;
	if (made->first_day > made->last_day) /* it has begun already */
		made->first_day = match->reader->now.day;
	return true;
}

/* 3-5 march, between the 3rd and the 5th of march */
static bool make_days_month(const struct match *match, struct piece *made)
{
	bool is_and = match->items[3]->kind == AND;

	if (match->before->kind & (AT | COLON) || takes_month(match) ||
		(match->items[3]->kind == TO && is_moved_from(match)) ||
		(is_and && !match->items[0]) || match->items[2]->is_tight)
		return false;
	return set_day_range(
		match, made, match->items[2], match->items[5], match->items[7]);
}

/* march 3-5, march 3rd to 5th */
static bool make_month_days(const struct match *match, struct piece *made)
{
	return !(match->after->kind & (COLON | AM_PM | PART)) &&
	       set_day_range(match, made, match->items[2], match->items[5],
		       match->items[0]);
}

/* march 2020, next march, march: what is left of it */
static bool make_month(const struct match *match, struct piece *made)
{
	const struct piece *month = match->items[1], *year = match->items[2];

	if (match->items[0] && match->items[0]->value == LAST)
		return false;
	if (year && !is_year(match, year))
		return false;
	if (!set_date(match->reader, made, 1, month->value,
		    year ? year->value : 0))
		return false;
	if (!year && civil_date(match->reader->now.day).month == month->value)
		set_month(made, match->reader->now.day);
	else
		set_month(made, made->first_day);
	return true;
}

/* "the first" and "the second" are rarely days: they need "on" or the like
 * before them and an end after them. */
static bool is_doubtful_ordinal(const struct match *match)
{
	const uint64_t before = ON | FOR | UNTIL | BETWEEN | FROM | AND | TO |
				WEEKDAY | BEFORE | AFTER | STOP | OR;
	const uint64_t after = STOP | DOT | COMMA | AT | AND | OR | UNTIL |
			       CLOCK | BETWEEN | AFTER | BEFORE | WHICH | PART |
			       AM_PM | DASH | BUT;
	const struct piece *ordinal = match->items[1];
	size_t the = piece_after(match, 1)->kind == THE;

	if (ordinal->digits || ordinal->value > 10)
		return false;
	if (!match->items[0] || !(match->before->kind & before))
		return true;
	return !(match->after->kind & after) &&
	       !(match->after->kind == IN &&
		       piece_after(match, 1 + the)->kind == PART);
}

/* the 7th, on the first */
static bool make_monthday(const struct match *match, struct piece *made)
{
	const struct piece *ordinal = match->items[1];

	if (ordinal->value < 1 || ordinal->value > 31 ||
		(match->after->kind & (WEEKDAY | UNIT | MONTH)) ||
		is_doubtful_ordinal(match))
		return false;
	if (!ordinal->digits && match->after->kind == FRACTION &&
		!(piece_after(match, 1)->kind & (PAST | TO | NUMBER)))
		return false; /* the third quarter */
	made->kind = MONTHDAY;
	made->value = ordinal->value;
	return true;
}

/* the 24; the 7 when a day is asked for */
static bool make_bare_monthday(const struct match *match, struct piece *made)
{
	const struct piece *the = match->items[0], *number = match->items[1];
	bool is_answer = match->reader->context->is_answer;
	bool has_end =
		match->after->kind & (STOP | DOT | COMMA | ASK | AT | AND | OR |
					     TO | PART | CLOCK | BETWEEN);

	if (number->value < 1 || number->value > 31 || !number->digits ||
		number->is_tight || !has_end ||
		(match->after->kind == DOT && !match->after->value))
		return false;
	if (the && number->value < 13 && !is_answer &&
		!(match->before->kind & (ON | FOR | UNTIL)))
		return false;
	if (!the && match->before->kind != ON &&
		(!is_answer || number->value <= 24 ||
			!(match->before->kind & (STOP | FOR))))
		return false;
	made->kind = MONTHDAY;
	made->value = number->value;
	return true;
}

/* today, tomorrow, tonight, yesterday */
static bool make_relative(const struct match *match, struct piece *made)
{
	int32_t value = match->items[0]->value;
	int32_t today = match->reader->now.day;

	if (value == TONIGHT) {
		set_days(made, today, today);
		made->value = PART_EVENING;
		made->has_hours = true;
		part_hours(
			PART_EVENING, &made->first_minute, &made->last_minute);
		return true;
	}
	set_days(made, today + value, today + value);
	made->is_gone = value < 0;
	return true;
}

/* The next such feast that is not over. */
static void set_feast(
	const struct reader *reader, struct piece *made, int32_t value)
{
	int year = civil_date(reader->now.day).year;
	int32_t day = feast(year, value);

	if (day < reader->now.day)
		day = feast(year + 1, value);
	set_days(made, day, day);
}

static bool make_feast(const struct match *match, struct piece *made)
{
	set_feast(match->reader, made, match->items[0]->value);
	return true;
}

/* christmas 2020 */
static bool make_feast_year(const struct match *match, struct piece *made)
{
	int32_t day;

	if (!is_year(match, match->last))
		return false;
	day = feast(match->last->value, match->items[0]->value);
	set_days(made, day, day);
	return true;
}

/* this week, next weekend, the week after next */
static bool make_which_unit(const struct match *match, struct piece *made)
{
	const struct piece *unit = match->items[1];
	int32_t today = match->reader->now.day, monday = monday_of(today);
	int which = match->items[2]   ? AFTER_NEXT
		    : match->items[0] ? match->items[0]->value
				      : THIS;
	int n = which == LAST ? -1 : which == AFTER_NEXT ? 2 : which != THIS;

	made->is_gone = which == LAST;
	if (which == LAST && (match->after->kind & (OF | IN)))
		return false; /* the last day of march */
	if (match->items[2] && match->items[2]->value != AFTER_NEXT)
		return false; /* a weekday next week */
	switch ((enum when_unit)unit->value) {
	case UNIT_DAY:
		set_days(made, today + n, today + n);
		made->shift = which == NEXT;
		made->unit = UNIT_DAY;
		break;
	case UNIT_WORKDAY:
		set_days(made, next_workday(today), next_workday(today));
		break;
	case UNIT_WEEK:
		set_days(made, monday + 7 * n, monday + 7 * n + 6);
		break;
	case UNIT_FORTNIGHT:
		set_days(made, today, today + 13);
		break;
	case UNIT_WEEKEND:
		set_weekend(made, monday + 7 * (which == COMING ? 0 : n));
		break;
	case UNIT_MONTH:
		set_month(made, add_months(today, n));
		break;
	case UNIT_HOUR:
		set_days(made, today, today);
		made->has_hours = true;
		made->value = -1;
		made->first_minute = (int16_t)match->reader->now.minute;
		made->last_minute = (int16_t)(made->first_minute + 60);
		return which == NEXT && made->last_minute <= MINUTES_PER_DAY;
	case UNIT_MINUTE:
	case UNIT_YEAR:
		return false;
	}
	return true;
}

/* the weekend */
static bool make_weekend(const struct match *match, struct piece *made)
{
	if (match->items[1]->value != UNIT_WEEKEND)
		return false;
	set_weekend(made, monday_of(match->reader->now.day));
	return true;
}

/* this afternoon */
static bool make_this_part(const struct match *match, struct piece *made)
{
	int32_t day = match->reader->now.day;

	if (match->items[0]->value == NEXT)
		day++;
	else if (match->items[0]->value != THIS)
		return false;
	set_days(made, day, day);
	made->value = match->items[1]->value & ~DOUBT;
	made->has_hours = true;
	part_hours(made->value, &made->first_minute, &made->last_minute);
	return true;
}

/* clang-format off */
#define DAY_NUMBER NUMBER | ORDINAL
static const struct rule dates[] = {
	{{OPTIONAL | FROM | BETWEEN, OPTIONAL | THE, DAY_NUMBER, RANGE_WORD,
		OPTIONAL | THE, DAY_NUMBER, OPTIONAL | OF, MONTH},
		make_days_month},
	{{MONTH, OPTIONAL | THE, DAY_NUMBER, RANGE_WORD, OPTIONAL | THE,
		DAY_NUMBER}, make_month_days},
	{{OPTIONAL | THE, DAY_NUMBER, OPTIONAL | OF | DASH | SLASH | DOT,
		MONTH, OPTIONAL | COMMA | DASH | SLASH, NUMBER},
		make_day_month},
	{{OPTIONAL | THE, DAY_NUMBER, OPTIONAL | OF | DASH | SLASH | DOT,
		MONTH}, make_day_month},
	{{NUMBER, DASH | SLASH, MONTH, DASH | SLASH, DAY_NUMBER},
		make_year_month_day},
	{{MONTH, OPTIONAL | THE, DAY_NUMBER, OPTIONAL | COMMA, NUMBER},
		make_month_day},
	{{MONTH, OPTIONAL | THE | DASH | SLASH, DAY_NUMBER}, make_month_day},
	{{OPTIONAL | WHICH, MONTH, NUMBER}, make_month},
	{{OPTIONAL | WHICH, MONTH}, make_month},
	{{OPTIONAL | THE, ORDINAL}, make_monthday},
	{{OPTIONAL | THE, NUMBER}, make_bare_monthday},
	{{RELATIVE}, make_relative},
	{{FEAST, NUMBER}, make_feast_year},
	{{FEAST}, make_feast},
	{{OPTIONAL | WHICH, UNIT, WHICH}, make_which_unit},
	{{WHICH, UNIT}, make_which_unit},
	{{OPTIONAL | THE | ON | AT, UNIT}, make_weekend},
	{{WHICH, PART}, make_this_part},
};
/* clang-format on */

const struct rules date_rules = {dates, COUNT_OF(dates)};
