/* when_calendar.h - days of the calendar as pieces. Private to when.c.
 *
 * A set_ function fills the kind and the days of a piece and leaves its bytes
 * alone. */
#ifndef DESK_WHEN_CALENDAR_H
#define DESK_WHEN_CALENDAR_H

#include "desk/when_pattern.h"

int32_t monday_of(int32_t day);
/* The first such weekday that is not before day. */
int32_t weekday_from(int32_t day, int weekday);
int32_t next_workday(int32_t day);
/* The same day so many months later, or the last one of a shorter month. */
int32_t add_months(int32_t day, int months);
/* The day so many units after day; hours and minutes count as days. */
int32_t add_units(int32_t day, int32_t count, enum when_unit unit);
/* The day of a FEAST in a year. */
int32_t feast(int year, int32_t value);

bool is_one_day(const struct piece *days);
bool is_week(const struct piece *days);
/* Whether days are a whole month. */
bool is_month(const struct piece *days);
/* Whether a number is a year that somebody may speak of. */
bool is_year(const struct match *match, const struct piece *number);
bool is_clock_unit(const struct piece *duration);

void set_days(struct piece *made, int32_t first, int32_t last);
void set_weekend(struct piece *made, int32_t monday);
/* The month in which day lies. */
void set_month(struct piece *made, int32_t day);
/* One day; year 0: the next such day. False: it does not exist. */
bool set_date(const struct reader *reader, struct piece *made, int day,
	int month, int year);
/* A piece that is a day or can become one: WEEKDAY, MONTHDAY or DAYS; a weekday
 * is the next one after today. False: it cannot. */
bool make_days(const struct reader *reader, const struct piece *piece,
	struct piece *days);
/* The same into made, whose bytes are set. */
bool set_as_days(const struct match *match, const struct piece *piece,
	struct piece *made);

/* Sets of kinds in patterns: what can be a day, what joins two of them. */
#define DAY (WEEKDAY | MONTHDAY | DAYS)
#define RANGE_WORD (DASH | TO | UNTIL | AND)

#endif
