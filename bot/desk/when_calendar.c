/* when_calendar.c - days of the calendar as pieces: months, weeks, feasts. */
#include "desk/when_calendar.h"

void set_days(struct piece *made, int32_t first, int32_t last)
{
	made->kind = DAYS;
	made->first_day = first;
	made->last_day = last;
}

bool is_one_day(const struct piece *days)
{
	return days->first_day == days->last_day;
}

int32_t monday_of(int32_t day)
{
	return day - (int32_t)civil_weekday(day);
}

/* The first such weekday that is not before day. */
int32_t weekday_from(int32_t day, int weekday)
{
	return day + (weekday - (int)civil_weekday(day) + 7) % 7;
}

int32_t next_workday(int32_t day)
{
	do
		day++;
	while (civil_weekday(day) >= SATURDAY);
	return day;
}

/* The same day so many months later, or the last one of a shorter month. */
int32_t add_months(int32_t day, int months)
{
	struct civil_date date = civil_date(day);
	int month = date.month - 1 + months;
	int year = date.year + (month >= 0 ? month : month - 11) / 12;

	month = (month % 12 + 12) % 12 + 1;

	int length = civil_days_in_month(year, month);

	return civil_day(year, month, date.day < length ? date.day : length);
}

/* The day so many units after day. */
int32_t add_units(int32_t day, int32_t count, enum when_unit unit)
{
	switch (unit) {
	case UNIT_WORKDAY:
		for (; count > 0 && count < 400; count--)
			day = next_workday(day);
		return day;
	case UNIT_WEEK:
		return day + 7 * count;
	case UNIT_FORTNIGHT:
		return day + 14 * count;
	case UNIT_MONTH:
		return add_months(day, count);
	case UNIT_YEAR:
		return add_months(day, 12 * count);
	case UNIT_DAY:
	case UNIT_MINUTE:
	case UNIT_HOUR:
	case UNIT_WEEKEND:
		break;
	}
	return day + count;
}

void set_month(struct piece *made, int32_t day)
{
	struct civil_date date = civil_date(day);
	int32_t first = civil_day(date.year, date.month, 1);

	set_days(made, first,
		first + civil_days_in_month(date.year, date.month) - 1);
}

/* Whether days are a whole month, or what is left of one. */
bool is_month(const struct piece *days)
{
	struct civil_date last = civil_date(days->last_day);

	return days->kind == DAYS && days->last_day > days->first_day &&
	       last.day == civil_days_in_month(last.year, last.month) &&
	       days->last_day - days->first_day < 31;
}

bool is_week(const struct piece *days)
{
	return days->last_day - days->first_day <= 6 &&
	       civil_weekday(days->last_day) == SUNDAY && !days->has_hours;
}

void set_weekend(struct piece *made, int32_t monday)
{
	set_days(made, monday + 5, monday + 6);
}

bool is_year(const struct match *match, const struct piece *number)
{
	int year = civil_date(match->reader->now.day).year;

	return number->digits == 4 && number->value >= year - 120 &&
	       number->value <= year + 10;
}

bool set_date(const struct reader *reader, struct piece *made, int day,
	int month, int year)
{
	int this_year = civil_date(reader->now.day).year;

	if (year && !civil_exists(year, month, day))
		return false;
	for (int y = year ? year : this_year; y < this_year + 9 || year; y++) {
		if (!civil_exists(y, month, day))
			continue;
		int32_t found = civil_day(y, month, day);

		if (year || found >= reader->now.day) {
			set_days(made, found, found);
			return true;
		}
	}
	return false;
}

/* Sundays of the Gregorian Easter (Meeus, Jones, Butcher). */
static int32_t easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int g = (8 * b + 13) / 25, h = (19 * a + b - b / 4 - g + 15) % 30;
	int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	int m = (a + 11 * h + 22 * l) / 451;
	int n = h + l - 7 * m + 114;

	return civil_day(year, n / 31, n % 31 + 1);
}

int32_t feast(int year, int32_t value)
{
	if (value < EASTER - 366)
		return civil_day(year, value / 100, value % 100);
	if (value < THANKSGIVING - 366)
		return easter(year) + value - EASTER;
	return weekday_from(civil_day(year, 11, 1), THURSDAY) + 21;
}

/* The next month in which there is such a day that is not over. */
static void set_monthday(
	const struct reader *reader, struct piece *made, int32_t value)
{
	for (int months = 0; months < 4; months++) {
		struct piece month = {0};

		set_month(&month, add_months(reader->now.day, months));

		int32_t day = month.first_day + value - 1;

		if (day < reader->now.day || day > month.last_day)
			continue;
		set_days(made, day, day);
		return;
	}
}

bool make_days(const struct reader *reader, const struct piece *piece,
	struct piece *days)
{
	int32_t today = reader->now.day;

	switch (piece->kind) {
	case DAYS:
		*days = *piece;
		return true;
	case WEEKDAY: /* who means today says so */
		set_days(days, weekday_from(today + 1, piece->value), 0);
		days->last_day = days->first_day;
		return true;
	case MONTHDAY:
		set_monthday(reader, days, piece->value);
		return true;
	default:
		return false;
	}
}

/* Fills the day fields of made, whose bytes are set. */
bool set_as_days(const struct match *match, const struct piece *piece,
	struct piece *made)
{
	struct piece days = {0};

	if (!make_days(match->reader, piece, &days))
		return false;
	days.from = made->from;
	days.to = made->to;
	days.is_tight = made->is_tight;
	*made = days;
	return true;
}
