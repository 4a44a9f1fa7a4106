/* civil.c - days and minutes of the proleptic Gregorian calendar. */
#include "base/civil.h"

#include <stdio.h>

#define DAYS_PER_ERA 146097 /* 400 years */

int32_t civil_day(int year, int month, int day)
{
	/* March begins the year, so that the leap day ends it. */
	int32_t y = month <= 2 ? year - 1 : year;
	int32_t era = (y >= 0 ? y : y - 399) / 400;
	int32_t year_of_era = y - era * 400;
	int32_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
	int32_t day_of_era = year_of_era * 365 + year_of_era / 4 -
			     year_of_era / 100 + day_of_year;

	return era * DAYS_PER_ERA + day_of_era - 719468;
}

struct civil_date civil_date(int32_t day)
{
	int32_t z = day + 719468;
	int32_t era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
	int32_t day_of_era = z - era * DAYS_PER_ERA;
	int32_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			day_of_era / 146096) /
		365;
	int32_t day_of_year =
		day_of_era -
		(365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int32_t from_march = (5 * day_of_year + 2) / 153;
	struct civil_date date = {
		.year = year_of_era + era * 400 + (from_march >= 10),
		.month = from_march < 10 ? from_march + 3 : from_march - 9,
		.day = day_of_year - (153 * from_march + 2) / 5 + 1,
	};

	return date;
}

enum weekday civil_weekday(int32_t day)
{
	int32_t from_monday = (day + 3) % 7; /* 1970-01-01 was a Thursday */

	return (enum weekday)(from_monday < 0 ? from_monday + 7 : from_monday);
}

int civil_days_in_month(int year, int month)
{
	static const int days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && is_leap);
}

bool civil_exists(int year, int month, int day)
{
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 &&
	       day >= 1 && day <= civil_days_in_month(year, month);
}

bool civil_read_date(const char *text, int32_t *day)
{
	int y, m, d, used = 0;

	if (!text || sscanf(text, "%4d-%2d-%2d%n", &y, &m, &d, &used) != 3 ||
		text[used] || !civil_exists(y, m, d))
		return false;
	*day = civil_day(y, m, d);
	return true;
}

bool civil_read_moment(const char *text, struct civil_moment *moment)
{
	int y, m, d, hour, minute, used = 0;

	if (!text ||
		sscanf(text, "%4d-%2d-%2d%*1[ T]%2d:%2d%n", &y, &m, &d, &hour,
			&minute, &used) != 5 ||
		(text[used] && text[used] != ':'))
		return false;
	if (!civil_exists(y, m, d) || hour < 0 || hour > 23 || minute < 0 ||
		minute > 59)
		return false;
	moment->day = civil_day(y, m, d);
	moment->minute = hour * 60 + minute;
	return true;
}

const char *civil_print_date(int32_t day, char text[CIVIL_TEXT_SIZE])
{
	struct civil_date date = civil_date(day);

	(void)snprintf(text, CIVIL_TEXT_SIZE, "%04d-%02d-%02d",
		date.year % 10000, date.month, date.day);
	return text;
}

const char *civil_print_minute(int minute, char text[CIVIL_TEXT_SIZE])
{
	(void)snprintf(
		text, CIVIL_TEXT_SIZE, "%02d:%02d", minute / 60, minute % 60);
	return text;
}

const char *civil_print_moment(
	struct civil_moment moment, char text[CIVIL_TEXT_SIZE])
{
	struct civil_date date = civil_date(moment.day);

	(void)snprintf(text, CIVIL_TEXT_SIZE, "%04d-%02d-%02d %02d:%02d",
		date.year % 10000, date.month, date.day,
		moment.minute / 60 % 100, moment.minute % 60);
	return text;
}
