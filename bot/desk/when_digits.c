/* when_digits.c - days in digits: 7/3, 07.03.2019, 2019-03-07. */
#include "desk/when_calendar.h"
#include "desk/when_pattern.h"

#include "base/attributes.h"

/* The day and month that a and b are, when that day exists in some year. */
static bool is_day_month(int day, int month)
{
	return civil_exists(2000, month, day);
}

/* Fills made with the readings of a/b; year 0: the next such day. */
static bool set_digit_day(const struct match *match, struct piece *made, int a,
	int b, int year, bool is_month_first)
{
	struct piece first = {0}, other = {0};
	const struct reader *reader = match->reader;
	bool has_month_first = (match->items[1]->kind != DOT || year) &&
			       is_day_month(b, a) &&
			       set_date(reader, &first, b, a, year);
	bool has_day_first =
		is_day_month(a, b) && set_date(reader, &other, a, b, year);

	if (!has_month_first && !has_day_first)
		return false;

	bool is_first =
		has_day_first ? has_month_first && is_month_first : true;
	int32_t day = is_first ? first.first_day : other.first_day;

	made->kind = DAYS;
	made->first_day = made->last_day = day;
	made->is_ambiguous = has_month_first && has_day_first && a != b &&
			     match->items[1]->kind != DOT;
	made->other_day = is_first ? other.first_day : first.first_day;
	return true;
}

/* Two digits are a year of these times: 19, but also 98. */
static int near_year(const struct match *match, int value)
{
	int year = civil_date(match->reader->now.day).year;

	return 2000 + value > year + 20 ? 1900 + value : 2000 + value;
}

/* 2019-03-07, 7/3/2019, 07.03.19 */
static bool make_digit_date(const struct match *match, struct piece *made)
{
	const struct piece *a = match->items[0], *b = match->items[2],
			   *c = match->items[4];
	bool is_month_first = match->reader->language->is_month_first &&
			      match->items[1]->kind != DOT;

	if (a->digits == 4)
		return c->digits <= 2 &&
		       (set_date(match->reader, made, c->value, b->value,
				a->value) ||
			       (made->is_missing = c->value >= 1 &&
						   c->value <= 31 &&
						   b->value >= 1 &&
						   b->value <= 12));
	if (a->digits > 2 || b->digits > 2 || c->digits < 2 || c->digits == 3)
		return false;
	if (!c->is_tight && c->digits != 4) /* 03.12. 15:20 */
		return false;
	return set_digit_day(match, made, a->value, b->value,
		c->digits == 4 ? c->value : near_year(match, c->value),
		is_month_first);
}

/* 7/3; never 24/7, 1/2 hour */
static bool make_slash_date(const struct match *match, struct piece *made)
{
	const struct piece *a = match->items[0], *b = match->items[2];

	if (!a->digits || a->digits > 2 || b->digits > 2 || a->is_tight ||
		(a->value == 24 && b->value == 7) ||
		(match->after->kind & (UNIT | THING | A | OF | SLASH)))
		return false;
	return set_digit_day(match, made, a->value, b->value, 0,
		match->reader->language->is_month_first);
}

/* on 4-22; 4-22 alone are hours */
static bool make_dash_date(const struct match *match, struct piece *made)
{
	const struct piece *a = match->items[0], *b = match->items[2];

	if (!a->digits || a->digits > 2 || b->digits > 2 ||
		match->before->kind != ON ||
		(match->after->kind & (MONTH | DASH | COLON | AM_PM | NUMBER)))
		return false;
	return set_digit_day(match, made, a->value, b->value, 0,
		match->reader->language->is_month_first);
}

/* 7.3., "on 7.3": the day comes first */
static bool make_dot_date(const struct match *match, struct piece *made)
{
	const struct piece *a = match->items[0], *b = match->items[2];
	bool has_dot = match->last->kind == DOT;
	bool is_date =
		(match->before->kind & (ON | WEEKDAY | FROM | UNTIL)) ||
		(match->before->kind == THE && has_dot) ||
		(has_dot && ((a->digits == 2 && a->value < 10) ||
				    match->before->kind == STOP ||
				    (match->after->kind & (AT | NUMBER))));

	if (!a->digits || a->digits > 2 || b->digits > 2 || a->is_tight ||
		match->before->kind == AT)
		return false;
	/* "9.10." ends a sentence with a time, "3.5." is any number. */
	if (!is_date || (has_dot && !match->last->value))
		return false;
	return set_digit_day(match, made, a->value, b->value, 0, false);
}

/* clang-format off */
#define TIGHT_NUMBER TIGHT | NUMBER
static const struct rule rules[] = {
	{{NUMBER, TIGHT | DASH, TIGHT_NUMBER, TIGHT | DASH, TIGHT_NUMBER},
		make_digit_date},
	{{NUMBER, TIGHT | SLASH, TIGHT_NUMBER, TIGHT | SLASH, TIGHT_NUMBER},
		make_digit_date},
	{{NUMBER, TIGHT | DOT, TIGHT_NUMBER, TIGHT | DOT, NUMBER},
		make_digit_date},
	{{NUMBER, TIGHT | SLASH, TIGHT_NUMBER}, make_slash_date},
	{{NUMBER, TIGHT | DASH, TIGHT_NUMBER}, make_dash_date},
	{{NUMBER, TIGHT | DOT, TIGHT_NUMBER, OPTIONAL | TIGHT | DOT},
		make_dot_date},
};
/* clang-format on */

const struct rules digit_rules = {rules, COUNT_OF(rules)};
