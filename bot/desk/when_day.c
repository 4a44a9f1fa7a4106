/* when_day.c - 7 march, the 7th, next week, a week from monday, mon-fri. */
#include "desk/when_pattern.h"

#include "base/attributes.h"

#define OPEN_END 13 /* days after the first when only a beginning is said */

static void set_days(struct piece *made, int32_t first, int32_t last)
{
	made->kind = DAYS;
	made->first_day = first;
	made->last_day = last;
}

static int32_t monday_of(int32_t day)
{
	return day - (int32_t)civil_weekday(day);
}

static bool is_one_day(const struct piece *days)
{
	return days->first_day == days->last_day;
}

/* The first such weekday that is not before day. */
static int32_t weekday_from(int32_t day, int weekday)
{
	return day + (weekday - (int)civil_weekday(day) + 7) % 7;
}

/* The same day so many months later, or the last one of a shorter month. */
static int32_t add_months(int32_t day, int months)
{
	struct civil_date date = civil_date(day);
	int month = date.month - 1 + months;
	int year = date.year + (month >= 0 ? month : month - 11) / 12;

	month = (month % 12 + 12) % 12 + 1;

	int length = civil_days_in_month(year, month);

	return civil_day(year, month, date.day < length ? date.day : length);
}

static void set_month(struct piece *made, int32_t day)
{
	struct civil_date date = civil_date(day);
	int32_t first = civil_day(date.year, date.month, 1);

	set_days(made, first,
		first + civil_days_in_month(date.year, date.month) - 1);
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

static int32_t feast(int year, int32_t value)
{
	if (value < EASTER - 366)
		return civil_day(year, value / 100, value % 100);
	if (value < THANKSGIVING - 366)
		return easter(year) + value - EASTER;
	return weekday_from(civil_day(year, 11, 1), THURSDAY) + 21;
}

static void set_feast(
	const struct reader *reader, struct piece *made, int32_t value)
{
	int year = civil_date(reader->now.day).year;
	int32_t day = feast(year, value);

	if (day < reader->now.day)
		day = feast(year + 1, value);
	set_days(made, day, day);
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
static bool set_as_days(const struct match *match, const struct piece *piece,
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

/* Dates: pieces that say a day or some days by themselves. */

static bool is_year(const struct match *match, const struct piece *number)
{
	int year = civil_date(match->reader->now.day).year;

	return number->digits == 4 && number->value >= year - 120 &&
	       number->value <= year + 10;
}

static bool set_day_of_month(const struct match *match, struct piece *made,
	const struct piece *day, const struct piece *month,
	const struct piece *year)
{
	if ((year && !is_year(match, year)) || day->digits > 2)
		return false;
	made->kind = WORD; /* "30 february" is nothing */
	made->is_date = true;
	return set_date(match->reader, made, day->value, month->value,
		       year ? year->value : 0) ||
	       day->value <= 31;
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

static void set_weekend(struct piece *made, int32_t monday)
{
	set_days(made, monday + 5, monday + 6);
}

static int32_t next_workday(int32_t day)
{
	do
		day++;
	while (civil_weekday(day) >= SATURDAY);
	return day;
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
	switch ((enum when_unit)unit->value) {
	case UNIT_DAY:
		set_days(made, today + n, today + n);
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

/* within the next week */
static bool make_within(const struct match *match, struct piece *made)
{
	return match->items[0]->value == IN_WITHIN &&
	       !is_one_day(match->last) &&
	       set_as_days(match, match->last, made) &&
	       (made->first_day = match->reader->now.day) <= made->last_day;
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

/* 3 days, a week, an hour and a half, half an hour */
static bool set_duration(struct piece *made, int32_t value, int32_t unit)
{
	made->kind = DURATION;
	made->value = value;
	made->unit = (uint8_t)unit;
	return value > 0 && unit != UNIT_WEEKEND;
}

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

/* The day so many units after day. */
static int32_t add_units(int32_t day, int32_t count, enum when_unit unit)
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

static bool is_clock_unit(const struct piece *duration)
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

/* three days from now, two weeks later, a week ago */
static bool make_hence(const struct match *match, struct piece *made)
{
	const struct piece *word = match->items[1];

	if (word->kind == EDGE && word->value != REST)
		return false;
	set_hence(match, made, match->items[0]);
	made->is_gone = word->kind == HENCE && word->value < 0;
	return true;
}

/* The table of dates. */

/* clang-format off */
#define DAY_NUMBER NUMBER | ORDINAL
#define RANGE_WORD DASH | TO | UNTIL | AND
static const struct rule date[] = {
	{{NUMBER, AND, A, FRACTION, UNIT}, make_mixed_hours},
	{{NUMBER | A, UNIT, AND, A, FRACTION}, make_hours_mixed},
	{{NUMBER, TIGHT | DOT, TIGHT | NUMBER, UNIT}, make_decimal_hours},
	{{OPTIONAL | A, FRACTION, OPTIONAL | OF, OPTIONAL | A, UNIT},
		make_part_hour},
	{{NUMBER | A, UNIT}, make_duration},
	{{NUMBER, TIGHT | OCLOCK}, make_mark_duration},
	{{NUMBER, WHICH, UNIT}, make_upcoming},
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

const struct rules date_rules = {date, COUNT_OF(date)};

/* Days: dates put together. */

static bool is_week(const struct piece *days)
{
	return days->last_day - days->first_day <= 6 &&
	       civil_weekday(days->last_day) == SUNDAY && !days->has_hours;
}

/* Whether days are a whole month, or what is left of one. */
static bool is_month(const struct piece *days)
{
	struct civil_date last = civil_date(days->last_day);

	return days->kind == DAYS && days->last_day > days->first_day &&
	       last.day == civil_days_in_month(last.year, last.month) &&
	       days->last_day - days->first_day < 31;
}

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

	if (edge == EARLY)
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

/* The table of days. */

/* clang-format off */
#define DAY WEEKDAY | MONTHDAY | DAYS
static const struct rule day[] = {
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

const struct rules day_rules = {day, COUNT_OF(day)};

/* Days reached from other days. */

/* clang-format off */
static const struct rule shift[] = {
	{{OPTIONAL | THE, UNIT, OF | FROM, OPTIONAL | ON, OPTIONAL | THE, DAY},
		make_week_of},
	{{OPTIONAL | THE, UNIT, AFTER | BEFORE, OPTIONAL | THE, DAY},
		make_day_after},
	{{THE, UNIT, AFTER}, make_the_next},
	{{DURATION, FROM | AFTER | BEFORE, OPTIONAL | THE, DAY}, make_from},
	{{DURATION, HENCE | EDGE}, make_hence},
	{{OPTIONAL | IN, DURATION, OPTIONAL | ON, DAY}, make_weeks_on},
	{{WEEKDAY, IN, DURATION}, make_on_in_weeks},
	{{IN, NUMBER, DASH | TO | OR, DURATION}, make_in_range},
	{{IN | AFTER, OPTIONAL | THE, OPTIONAL | WHICH, OPTIONAL | ABOUT,
		DURATION, OPTIONAL | HENCE}, make_in},
	{{WHICH, DURATION}, make_next_units},
	{{DAY, UNIT}, make_day_week},
	{{EDGE, OPTIONAL | DASH | OF | IN, OPTIONAL | THE | ABOUT,
		DAYS | UNIT}, make_edge},
	{{EDGE, OPTIONAL | ON | IN, DAY, PART}, make_edge_day_part},
	{{EDGE, OPTIONAL | ON | IN, DAY}, make_edge_hours},
	{{IN, OPTIONAL | THE, DAYS}, make_within},
};
/* clang-format on */

const struct rules shift_rules = {shift, COUNT_OF(shift)};

/* Ranges of days. */

/* The day that ends a range begun by from: "friday" is the one after it. */
static bool set_end(const struct match *match, const struct piece *from,
	const struct piece *to, struct piece *end)
{
	if (!make_days(match->reader, to, end))
		return false;
	if (to->kind == WEEKDAY)
		end->first_day = end->last_day =
			weekday_from(from->first_day, to->value);
	while (to->kind == MONTHDAY && end->first_day < from->first_day)
		end->first_day = end->last_day = add_months(end->first_day, 1);
	return end->last_day >= from->last_day && !end->is_gone;
}

/* monday to friday, between the 3rd and the 5th; not in "move it from monday
 * to friday" */
static bool make_range(const struct match *match, struct piece *made)
{
	const struct piece *from = match->items[0], *word = match->items[3];
	struct piece end = {0};

	if (word->kind == TO && is_moved_from(match))
		return false;
	if (word->kind == UNTIL && word->value != TILL)
		return false;
	if (word->kind == AND && !(from && from->kind == BETWEEN))
		return false;
	if (!set_as_days(match, match->items[2], made) || made->has_hours ||
		made->is_gone || !set_end(match, made, match->last, &end))
		return false;
	made->last_day = end.last_day;
	made->is_ambiguous = false;
	return made->last_day >= made->first_day;
}

/* monday or tuesday: both when they follow each other, else the first */
static bool make_either(const struct match *match, struct piece *made)
{
	struct piece end = {0};

	if (match->items[1]->kind == SLASH && match->items[0]->kind != WEEKDAY)
		return false;
	if (!set_as_days(match, match->items[0], made) || made->is_gone ||
		made->has_hours || !set_end(match, made, match->last, &end) ||
		end.has_hours)
		return false;
	if (end.first_day == made->last_day + 1)
		made->last_day = end.last_day;
	return true;
}

/* monday, tuesday or wednesday: the same with a comma */
static bool make_list(const struct match *match, struct piece *made)
{
	return (piece_after(match, 0)->kind & OR) && make_either(match, made);
}

/* by friday, before friday, after friday */
static bool make_open_range(const struct match *match, struct piece *made)
{
	const struct piece *word = match->items[0];
	int32_t today = match->reader->now.day;

	if (!set_as_days(match, match->last, made) || made->has_hours ||
		made->is_gone)
		return false;
	made->is_ambiguous = false;
	if (word->kind == AFTER) {
		made->first_day = made->last_day + 1;
		made->last_day = made->first_day + OPEN_END;
		return true;
	}
	if (word->kind == BEFORE)
		made->last_day = made->first_day - 1;
	made->first_day = today;
	made->is_until = true;
	made->value = word->kind == UNTIL ? word->value : 0;
	return made->last_day >= today;
}

/* from friday onwards, friday or later */
static bool make_onwards(const struct match *match, struct piece *made)
{
	const struct piece *tail = match->last;

	if (!set_as_days(match, match->items[1], made) || made->is_gone ||
		made->has_hours || made->last_day < match->reader->now.day)
		return false;
	if (tail->value < 0)
		made->first_day = match->reader->now.day;
	else
		made->last_day = made->first_day + OPEN_END;
	return true;
}

/* What nothing else was said of. */
static bool make_plain_day(const struct match *match, struct piece *made)
{
	return set_as_days(match, match->items[0], made);
}

/* clang-format off */
static const struct rule range[] = {
	{{OPTIONAL | FROM | BETWEEN, OPTIONAL | THE, DAY, RANGE_WORD,
		OPTIONAL | THE, DAY}, make_range},
	{{DAY, OR | AND | SLASH, OPTIONAL | ON, OPTIONAL | THE, DAY}, make_either},
	{{DAY, COMMA, DAY}, make_list},
	{{OPTIONAL | FROM, DAY, TAIL}, make_onwards},
	{{AFTER | BEFORE | UNTIL, OPTIONAL | ON, OPTIONAL | THE, DAY},
		make_open_range},
	{{WEEKDAY | MONTHDAY}, make_plain_day},
};
/* clang-format on */

const struct rules range_rules = {range, COUNT_OF(range)};
