/* civil.h - days and minutes of the proleptic Gregorian calendar, without zones.
 *
 * A day is its distance from 1970-01-01; a minute is counted from midnight.
 * Every conversion between a zone and UTC is made by PostgreSQL, which also
 * tells a conversation what its local "now" is: two zone tables would disagree
 * one day, and then a visit would be an hour off. */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#define MINUTES_PER_DAY 1440

enum weekday { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

struct civil_date {
	int year;
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
};

/* A moment on somebody's wall: a day and a minute of it. */
struct civil_moment {
	int32_t day;
	int minute;
};

int32_t civil_day(int year, int month, int day);
struct civil_date civil_date(int32_t day);
enum weekday civil_weekday(int32_t day);
int civil_days_in_month(int year, int month);
/* Whether year-month-day exists (years 1 to 9999). */
bool civil_exists(int year, int month, int day);

/* "2026-12-03" and "2026-12-03 15:20" (a T in the middle and seconds after are
 * accepted); false when text is neither. */
bool civil_read_date(const char *text, int32_t *day);
bool civil_read_moment(const char *text, struct civil_moment *moment);

#define CIVIL_TEXT_SIZE 24
/* "2026-12-03", "15:20", "2026-12-03 15:20" into text; returns text. Minute
 * 1440 is written "24:00". */
const char *civil_print_date(int32_t day, char text[CIVIL_TEXT_SIZE]);
const char *civil_print_minute(int minute, char text[CIVIL_TEXT_SIZE]);
const char *civil_print_moment(
	struct civil_moment moment, char text[CIVIL_TEXT_SIZE]);

#endif
