/* when_day.c - monday next week, the 10th of this month: dates put together. */
#include "desk/when_calendar.h"
#include "desk/when_pattern.h"

#include "base/attributes.h"

/* next friday, this friday, last friday */
static bool make_which_weekday(const struct match *match, struct piece *made)
{
	int32_t today = match->reader->now.day;
	int32_t monday = monday_of(today);
	int weekday = match->items[1]->value, day = 0;

	switch (match->items[0]->value) {
	case THIS:
		day = weekday_from(today, weekday);
		break;
	case COMING:
		day = weekday_from(today + 1, weekday);
		break;
	case NEXT:
		day = monday + 7 + weekday;
		break;
	case LAST:
		day = weekday_from(today - 7, weekday);
		made->is_gone = true;
		break;
	default:
		return false;
	}
	set_days(made, day, day);
	return true;
}

/* friday after next */
static bool make_after_next(const struct match *match, struct piece *made)
{
	int32_t day =
		monday_of(match->reader->now.day) + 14 + match->items[0]->value;

	set_days(made, day, day);
	return match->items[1]->value == AFTER_NEXT;
}

/* The weekday that lies in some days; false when there is none. */
static bool set_weekday_within(const struct match *match, struct piece *made,
	int weekday, const struct piece *days)
{
	int32_t today = match->reader->now.day;
	int32_t day = weekday_from(days->first_day, weekday);

	if (is_one_day(days) || day > days->last_day ||
		days->last_day - days->first_day > 13)
		return false;
	if (day < today && days->last_day >= today)
		day += 7; /* "monday this week", said on a friday */
	set_days(made, day, day);
	made->is_gone = days->is_gone;
	return true;
}

/* "not on thursday, the 7th" speaks of two days. */
static bool is_denied(const struct match *match)
{
	return match->items[1] && ((match->before->kind & NOT) ||
					  (piece_before(match, 1)->kind & NOT));
}

/* monday next week, friday of next week */
static bool make_weekday_within(const struct match *match, struct piece *made)
{
	return !is_denied(match) &&
	       set_weekday_within(
		       match, made, match->items[0]->value, match->last);
}

/* next week on monday, next week's friday */
static bool make_within_weekday(const struct match *match, struct piece *made)
{
	return set_weekday_within(
		match, made, match->last->value, match->items[0]);
}

/* friday 7 march: the number counts; when the weekday is another one, the
 * desk may ask */
static bool merge_weekday(struct piece *made, int weekday)
{
	int32_t day = made->first_day;
	int off = (weekday - (int)civil_weekday(day) + 7) % 7;

	if (off && made->is_ambiguous &&
		(int)civil_weekday(made->other_day) == weekday) {
		made->first_day = made->last_day = made->other_day;
		off = 0;
	}
	made->is_ambiguous = off != 0;
	made->other_day = day + (off > 3 ? off - 7 : off);
	return true;
}

static bool make_weekday_day(const struct match *match, struct piece *made)
{
	return is_one_day(match->last) && !match->last->is_gone &&
	       !is_denied(match) && set_as_days(match, match->last, made) &&
	       merge_weekday(made, match->items[0]->value);
}

/* 7 march, a thursday; tomorrow, saturday: only when they agree */
static bool make_day_weekday(const struct match *match, struct piece *made)
{
	const struct piece *days = match->items[0];
	int32_t day = days->first_day;

	if (!is_one_day(days))
		return false;
	if (days->is_ambiguous &&
		(int)civil_weekday(days->other_day) == match->last->value)
		day = days->other_day;
	if (!set_as_days(match, days, made))
		return false;
	made->first_day = made->last_day = day;
	made->is_ambiguous = false;
	if ((int)civil_weekday(day) == match->last->value)
		return true;
	/* "jul 18, fri" contradicts itself; "tomorrow, friday" is two wishes */
	return days->is_date && match->items[1] && !match->items[2] &&
	       merge_weekday(made, match->last->value);
}

/* monday the 4th: the next day that is both */
static bool make_weekday_monthday(const struct match *match, struct piece *made)
{
	const struct piece *monthday = match->last;
	int32_t today = match->reader->now.day;

	if (monthday->value < 1 || monthday->value > 31 || is_denied(match))
		return false;
	if (!set_as_days(match,
		    &(struct piece){.kind = MONTHDAY, .value = monthday->value},
		    made))
		return false;

	int32_t nearest = made->first_day;

	for (int32_t day = today; day < today + 400; day++) {
		if (civil_date(day).day != monthday->value ||
			(int)civil_weekday(day) != match->items[0]->value)
			continue;
		set_days(made, day, day);
		/* So far away that the asker may have the wrong weekday. */
		made->is_ambiguous = day > today + 60;
		made->other_day = nearest;
		return true;
	}
	return false;
}

/* next monday the 4th */
static bool make_day_monthday(const struct match *match, struct piece *made)
{
	return is_one_day(match->items[0]) &&
	       civil_date(match->items[0]->first_day).day ==
		       match->last->value &&
	       set_as_days(match, match->items[0], made);
}

/* A number is a day of the month only with "of" after it: "20 of march". */
static bool is_day_of(const struct piece *number, const struct piece *of)
{
	return number->value >= 1 && number->value <= 31 &&
	       (number->kind == MONTHDAY ||
		       (of && of->kind == OF && number->digits &&
			       number->digits <= 2));
}

/* the 10th of this month, the 21st of next month */
static bool make_monthday_within(const struct match *match, struct piece *made)
{
	const struct piece *days = match->last;
	struct piece month = {0};

	if (!is_month(days) || !is_day_of(match->items[0], match->items[1]))
		return false;
	set_month(&month, days->last_day);

	int32_t day = month.first_day + match->items[0]->value - 1;

	set_days(made, day, day);
	return day <= month.last_day;
}

/* the 10th of the month */
static bool make_monthday_month(const struct match *match, struct piece *made)
{
	return match->last->value == UNIT_MONTH &&
	       is_day_of(match->items[0], match->items[1]) &&
	       set_as_days(match,
		       &(struct piece){.kind = MONTHDAY,
			       .value = match->items[0]->value},
		       made);
}

/* The nth such weekday of a month, or the last one. */
static bool set_nth(struct piece *made, int n, int weekday, int32_t in_month)
{
	struct piece month = {0};

	set_month(&month, in_month);

	int32_t day = n > 0 ? weekday_from(month.first_day, weekday) + 7 * n - 7
			    : weekday_from(month.last_day - 6, weekday);

	set_days(made, day, day);
	return n <= 5 && day <= month.last_day;
}

/* first monday of april, last friday of the month, last day of march */
static bool make_nth(const struct match *match, struct piece *made)
{
	const struct piece *which = match->items[1], *what = match->items[2];
	const struct piece *of = match->items[5];
	int32_t today = match->reader->now.day;
	int n = which->kind == ORDINAL ? which->value : 0;

	if (which->kind == WHICH && which->value != LAST)
		return false;
	if (of->kind == UNIT ? of->value != UNIT_MONTH : !is_month(of))
		return false;
	if (what->kind == UNIT && what->value != UNIT_DAY)
		return false;

	int32_t in = of->kind == UNIT ? today : of->last_day;

	for (int tries = 0; tries < 2; tries++, in = add_months(in, 1)) {
		if (what->kind == WEEKDAY) {
			if (!set_nth(made, n, what->value, in))
				return false;
		} else {
			set_month(made, in);
			made->first_day = made->last_day =
				n ? made->first_day + n - 1 : made->last_day;
		}
		if (made->first_day >= today || of->kind != UNIT)
			return true;
	}
	return true;
}

/* the first week of april */
static bool make_nth_week(const struct match *match, struct piece *made)
{
	const struct piece *which = match->items[1];
	struct piece month = {0};

	if (match->items[2]->value != UNIT_WEEK || !is_month(match->items[5]) ||
		(which->kind == WHICH && which->value != LAST) ||
		(which->kind == ORDINAL && which->value > 4))
		return false;
	set_month(&month, match->items[5]->last_day);

	int32_t first = which->kind == WHICH
				? month.last_day - 6
				: month.first_day + 7 * which->value - 7;

	set_days(made, first, first + 6);
	return true;
}

/* from the 4th to the 22nd of next month */
static bool make_days_within_month(
	const struct match *match, struct piece *made)
{
	const struct piece *from = match->items[2], *to = match->items[5];
	struct piece month = {0};

	if (!is_month(match->last) || from->value < 1 ||
		from->value > to->value || from->digits > 2 || to->digits > 2 ||
		(match->items[3]->kind == AND && !match->items[0]) ||
		(match->items[3]->kind == TO && is_moved_from(match)))
		return false;
	set_month(&month, match->last->last_day);
	set_days(made, month.first_day + from->value - 1,
		month.first_day + to->value - 1);
	return made->last_day <= month.last_day;
}

static bool set_weekdays_within(const struct match *match, struct piece *made,
	const struct piece *first, const struct piece *last,
	const struct piece *days)
{
	struct piece end = {0};

	if (!set_weekday_within(match, made, first->value, days) ||
		!set_weekday_within(match, &end, last->value, days) ||
		end.last_day < made->first_day)
		return false;
	made->last_day = end.last_day;
	return true;
}

/* next week from tuesday to thursday */
static bool make_week_weekdays(const struct match *match, struct piece *made)
{
	return set_weekdays_within(
		match, made, match->items[2], match->last, match->items[0]);
}

/* tuesday to thursday next week */
static bool make_weekdays_week(const struct match *match, struct piece *made)
{
	return !is_moved_from(match) &&
	       set_weekdays_within(match, made, match->items[1],
		       match->items[3], match->last);
}

/* 3 fridays from now */
static bool make_nth_from_now(const struct match *match, struct piece *made)
{
	int32_t n = match->items[0]->value;
	int32_t day = weekday_from(
		match->reader->now.day + 1, match->items[1]->value);

	set_days(made, day + 7 * n - 7, day + 7 * n - 7);
	made->is_gone = match->last->kind == HENCE && match->last->value < 0;
	return n >= 1 && n <= 52 &&
	       (match->last->kind == HENCE || match->last->value == REST);
}

/* 10 - 22 august, 2020 */
static bool make_days_year(const struct match *match, struct piece *made)
{
	const struct piece *days = match->items[0];
	struct civil_date first = civil_date(days->first_day);
	int years = match->last->value - first.year;

	if (!is_year(match, match->last) || !days->is_date || years < 0)
		return false;
	set_days(made, add_months(days->first_day, 12 * years),
		add_months(days->last_day, 12 * years));
	return true;
}

/* any monday, every day: as good as the next one */
static bool make_any(const struct match *match, struct piece *made)
{
	return set_as_days(match, match->last, made);
}

/* clang-format off */
static const struct rule days[] = {
	{{OPTIONAL | THE, ORDINAL | WHICH, WEEKDAY | UNIT, OF | IN,
		OPTIONAL | THE, DAYS | UNIT}, make_nth},
	{{OPTIONAL | THE, ORDINAL | WHICH, UNIT, OF | IN, OPTIONAL | THE,
		DAYS}, make_nth_week},
	{{WHICH, WEEKDAY}, make_which_weekday},
	{{WEEKDAY, WHICH}, make_after_next},
	{{NUMBER, WEEKDAY, HENCE | EDGE}, make_nth_from_now},
	{{OPTIONAL | FROM | BETWEEN, OPTIONAL | THE, MONTHDAY | NUMBER,
		RANGE_WORD, OPTIONAL | THE, MONTHDAY | NUMBER,
		OPTIONAL | OF | IN, DAYS}, make_days_within_month},
	{{DAYS, FROM | BETWEEN, WEEKDAY, RANGE_WORD, WEEKDAY},
		make_week_weekdays},
	{{OPTIONAL | FROM | BETWEEN, WEEKDAY, RANGE_WORD, WEEKDAY,
		OPTIONAL | OF, DAYS}, make_weekdays_week},
	{{WEEKDAY, OPTIONAL | COMMA, OPTIONAL | OF | IN | ON | FROM,
		OPTIONAL | THE, DAYS}, make_weekday_within},
	{{DAYS, OPTIONAL | COMMA, OPTIONAL | ON | FOR, WEEKDAY},
		make_within_weekday},
	{{WEEKDAY, OPTIONAL | COMMA | DASH, OPTIONAL | ON, OPTIONAL | THE,
		DAYS}, make_weekday_day},
	{{WEEKDAY, OPTIONAL | COMMA, OPTIONAL | ON, OPTIONAL | THE,
		MONTHDAY | ORDINAL}, make_weekday_monthday},
	{{DAYS, OPTIONAL | COMMA, OPTIONAL | ON, OPTIONAL | A, WEEKDAY},
		make_day_weekday},
	{{DAYS, OPTIONAL | COMMA, MONTHDAY}, make_day_monthday},
	{{MONTHDAY | NUMBER, OPTIONAL | OF | IN, OPTIONAL | THE, DAYS},
		make_monthday_within},
	{{MONTHDAY | NUMBER, OF, OPTIONAL | THE, UNIT}, make_monthday_month},
	{{DAYS, OPTIONAL | COMMA, NUMBER}, make_days_year},
	{{ANY, WEEKDAY | DAYS}, make_any},
};
/* clang-format on */

const struct rules day_rules = {days, COUNT_OF(days)};
