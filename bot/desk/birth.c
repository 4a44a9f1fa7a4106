/* birth.c - a date of birth as people write it. */
#include "desk/birth.h"

#include <string.h>

#include "base/civil.h"
#include "desk/when_pattern.h"

#define EXAMPLE "write day, month and year, for example 1990-04-23"

/* What the text holds: up to three numbers, or two and a month. */
struct parts {
	struct piece numbers[3];
	int count;
	int month; /* 0: not named */
	bool has_dot;
};

static bool find_parts(const struct reader *reader, struct parts *parts)
{
	for (size_t i = 0; i < reader->count; i++) {
		const struct piece *piece = &reader->pieces[i];

		if (piece->kind == MONTH && !parts->month) {
			parts->month = piece->value & ~DOUBT;
		} else if (piece->kind & (NUMBER | ORDINAL)) {
			if (parts->count == 3)
				return false;
			parts->numbers[parts->count++] = *piece;
		} else if (piece->kind == DOT && parts->count == 1) {
			parts->has_dot = true;
		} else if (piece->kind == WORD && piece->digits) {
			return false; /* too many digits */
		}
	}
	return parts->count == (parts->month ? 2 : 3);
}

/* Two digits mean the latest such year in which the day is not in the future. */
static void set_year(
	struct civil_date *date, const struct piece *year, int32_t today)
{
	struct civil_date now = civil_date(today);
	int month_day = date->month * 100 + date->day;

	date->year = year->value;
	if (year->digits != 2)
		return;
	date->year += now.year - now.year % 100;
	if (date->year > now.year ||
		(date->year == now.year &&
			month_day > now.month * 100 + now.day))
		date->year -= 100;
}

/* Whether the day may be somebody's birthday; says why not. */
static bool is_birth(const struct civil_date *date, int32_t today,
	const char *text, struct error *error)
{
	if (!civil_exists(date->year, date->month, date->day))
		return failed(error, ERROR_USAGE,
			"there is no such day as \"%.60s\"; " EXAMPLE, text);

	int32_t day = civil_day(date->year, date->month, date->day);

	if (day > today)
		return failed(error, ERROR_USAGE,
			"\"%.60s\" is in the future; " EXAMPLE, text);
	if (date->year < civil_date(today).year - BIRTH_YEARS)
		return failed(error, ERROR_USAGE,
			"\"%.60s\" is more than %d years ago; " EXAMPLE, text,
			BIRTH_YEARS);
	return true;
}

static int32_t day_of(const struct civil_date *date)
{
	return civil_day(date->year, date->month, date->day);
}

/* Three numbers: 1990-04-23, 23.4.1990, 4/3/90. */
static bool read_numbers(const struct parts *parts, bool is_month_first,
	int32_t today, const char *text, struct birth *birth,
	struct error *error)
{
	const struct piece *n = parts->numbers;
	struct civil_date date = {
		.year = n[0].value, .month = n[1].value, .day = n[2].value};

	if (n[0].digits == 4) {
		if (!is_birth(&date, today, text, error))
			return false;
		*birth = (struct birth){.day = day_of(&date)};
		return true;
	}
	date.month = is_month_first ? n[0].value : n[1].value;
	date.day = is_month_first ? n[1].value : n[0].value;

	struct civil_date other = {.month = date.day, .day = date.month};

	set_year(&date, &n[2], today);
	set_year(&other, &n[2], today);

	bool has_other = is_birth(&other, today, text, NULL);
	struct error refused;

	if (is_birth(&date, today, text, &refused)) {
		*birth = (struct birth){.day = day_of(&date),
			.is_ambiguous = has_other && !parts->has_dot &&
					date.day != date.month,
			.other_day = has_other ? day_of(&other) : 0};
		return true;
	}
	if (!has_other)
		return failed(error, refused.kind, "%s", refused.message);
	*birth = (struct birth){.day = day_of(&other)};
	return true;
}

/* 23 april 1990, april 23 1990, 1990 april 23 */
static bool read_named(const struct parts *parts, int32_t today,
	const char *text, struct birth *birth, struct error *error)
{
	const struct piece *day = &parts->numbers[0];
	const struct piece *year = &parts->numbers[1];

	if (day->digits == 4) {
		day = &parts->numbers[1];
		year = &parts->numbers[0];
	}

	struct civil_date date = {.month = parts->month, .day = day->value};

	set_year(&date, year, today);
	if (!is_birth(&date, today, text, error))
		return false;
	*birth = (struct birth){.day = day_of(&date)};
	return true;
}

bool birth_read(const char *text, const char *language, int32_t today,
	struct birth *birth, struct error *error)
{
	char start[WHEN_BYTES + 1];
	struct reader reader = {.language = when_language_find(language)};
	struct parts parts = {0};
	size_t length = strnlen(text, WHEN_BYTES);

	memcpy(start, text, length);
	start[length] = '\0';
	reader.count = when_cut(reader.language, start, reader.pieces);
	apply_rules(&reader, &number_rules);
	if (!find_parts(&reader, &parts))
		return failed(error, ERROR_USAGE,
			"\"%.60s\" is not a date of birth that I can "
			"read; " EXAMPLE,
			text);
	if (parts.month)
		return read_named(&parts, today, text, birth, error);
	return read_numbers(&parts,
		reader.language->is_month_first && !parts.has_dot, today, text,
		birth, error);
}
