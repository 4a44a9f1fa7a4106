/* weekly.c - weekly hours as people write them. */
#include "desk/weekly.h"

#include <string.h>

#include "base/attributes.h"
#include "desk/when_pattern.h"

#define EXAMPLE "write for example \"mon-fri 9-13, 15-18\""

static const char *const day_names[] = {
	"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/* The text while it is read: days are collected, then hours are given to them. */
struct weekly_reader {
	const char *text;
	const struct piece *piece, *end;
	struct weekly weekly;
	struct error *error;
	bool has_days[7];
	bool has_hours; /* the collected days have got some */
};

static bool refuse(struct weekly_reader *reader)
{
	return failed(reader->error, ERROR_USAGE,
		"\"%.60s\" are no weekly hours that I can read; " EXAMPLE,
		reader->text);
}

static bool is_kind(const struct weekly_reader *reader, size_t n, uint64_t kind)
{
	return reader->piece + n < reader->end &&
	       (reader->piece[n].kind & kind);
}

/* The days that one piece names, first to last; false: it names none. */
static bool name_days(const struct piece *piece, int *first, int *last)
{
	if (piece->kind == WEEKDAY) {
		*first = *last = piece->value & ~DOUBT;
		return true;
	}
	*first = MONDAY;
	*last = SUNDAY;
	if (piece->kind == ANY)
		return piece->value == ANY_TIME;
	if (piece->kind != UNIT)
		return false;
	if (piece->value == UNIT_WEEKEND)
		*first = SATURDAY;
	else if (piece->value == UNIT_WORKDAY)
		*last = FRIDAY;
	else
		return piece->value == UNIT_DAY;
	return true;
}

/* mon, mon-fri, weekends, fri-mon */
static bool read_days(struct weekly_reader *reader)
{
	int first, last, to_first, to_last;

	if (!name_days(reader->piece, &first, &last))
		return false;
	if (reader->has_hours) {
		memset(reader->has_days, 0, sizeof(reader->has_days));
		reader->has_hours = false;
	}
	reader->piece++;
	if (is_kind(reader, 0, DASH | TO | UNTIL) &&
		is_kind(reader, 1, WEEKDAY) &&
		name_days(reader->piece + 1, &to_first, &to_last)) {
		last = to_last;
		reader->piece += 2;
	}
	for (int day = first;; day = (day + 1) % 7) {
		reader->has_days[day] = true;
		if (day == last)
			return true;
	}
}

/* The minute of a clock or a bare number; *is_open: may be 12 hours later. */
static bool clock_of(const struct piece *piece, int *minute, bool *is_open)
{
	struct piece clock = *piece;

	if (piece->kind == NUMBER && !number_clock(piece, &clock))
		return false;
	*minute = clock.first_minute;
	*is_open = clock.is_open;
	return (clock.kind & CLOCK) != 0;
}

static bool add_window(struct weekly_reader *reader, int day, int from, int to)
{
	struct weekly *weekly = &reader->weekly;
	int at = weekly->window_count;

	for (int i = 0; i < weekly->window_count; i++) {
		const struct weekly_window *other = &weekly->windows[i];

		if ((int)other->weekday == day && from < other->to_minute &&
			other->from_minute < to)
			return failed(reader->error, ERROR_USAGE,
				"two of the hours on %s overlap in \"%.60s\"",
				day_names[day], reader->text);
	}
	if (at == WEEKLY_WINDOWS)
		return failed(reader->error, ERROR_USAGE,
			"there are more than %d stretches of hours in a week",
			WEEKLY_WINDOWS);
	while (at > 0 &&
		((int)weekly->windows[at - 1].weekday > day ||
			((int)weekly->windows[at - 1].weekday == day &&
				weekly->windows[at - 1].from_minute > from))) {
		weekly->windows[at] = weekly->windows[at - 1];
		at--;
	}
	weekly->windows[at] =
		(struct weekly_window){.weekday = (enum weekday)day,
			.from_minute = from,
			.to_minute = to};
	weekly->window_count++;
	return true;
}

/* 7 to 11 begin a day as they are, 1 to 6 are in the afternoon; the end is the
 * next such time after the beginning. */
static void settle(int *from, bool is_from_open, int *to, bool is_to_open)
{
	const int half = MINUTES_PER_DAY / 2;

	if (is_from_open && !is_to_open && *to)
		*from += *from + half < *to && *from < 7 * 60 ? half : 0;
	else if (is_from_open && *from < 7 * 60)
		*from += half;
	if (is_to_open && *to <= *from)
		*to += half;
	if (*to == 0)
		*to = MINUTES_PER_DAY;
}

/* 9-13, from 9:00 to 13:00, 9 until 1 */
static bool read_hours(struct weekly_reader *reader)
{
	bool has_day = false, is_from_open, is_to_open;
	int from, to;

	if (is_kind(reader, 0, FROM | BETWEEN | AT))
		reader->piece++;
	if (!is_kind(reader, 0, NUMBER | CLOCK) ||
		!is_kind(reader, 1, DASH | TO | UNTIL | AND) ||
		!is_kind(reader, 2, NUMBER | CLOCK) ||
		!clock_of(reader->piece, &from, &is_from_open) ||
		!clock_of(reader->piece + 2, &to, &is_to_open))
		return refuse(reader);
	reader->piece += 3;
	settle(&from, is_from_open, &to, is_to_open);
	if (to <= from)
		return failed(reader->error, ERROR_USAGE,
			"hours end after they begin and not after midnight, "
			"unlike some in \"%.60s\"; " EXAMPLE,
			reader->text);
	for (int day = MONDAY; day <= SUNDAY; day++) {
		if (!reader->has_days[day])
			continue;
		if (!add_window(reader, day, from, to))
			return false;
		has_day = true;
	}
	reader->has_hours = true;
	if (!has_day)
		return failed(reader->error, ERROR_USAGE,
			"\"%.60s\" does not say on which days; " EXAMPLE,
			reader->text);
	return true;
}

static bool read_groups(struct weekly_reader *reader)
{
	const uint64_t filler =
		COMMA | AND | STOP | DOT | COLON | SLASH | ON | THE | FOR | IN;
	int first, last;

	while (reader->piece < reader->end) {
		const struct piece *piece = reader->piece;
		bool is_any_day = piece->kind == ANY &&
				  is_kind(reader, 1, WEEKDAY | UNIT);

		if (is_any_day || (piece->kind & filler))
			reader->piece++;
		else if (name_days(piece, &first, &last)) {
			if (!read_days(reader))
				return refuse(reader);
		} else if (!read_hours(reader)) {
			return false;
		}
	}
	return reader->weekly.window_count && reader->has_hours
		       ? true
		       : refuse(reader);
}

bool weekly_read(const char *text, struct weekly *weekly, struct error *error)
{
	const struct when_context context = {0};
	char start[WHEN_BYTES + 1];
	struct reader pieces = {
		.language = when_language_find(NULL), .context = &context};
	size_t length = strnlen(text, WHEN_BYTES);

	memcpy(start, text, length);
	start[length] = '\0';
	pieces.count = when_cut(pieces.language, start, pieces.pieces);
	apply_rules(&pieces, &number_rules);
	apply_rules(&pieces, &clock_rules);

	struct weekly_reader reader = {.text = text,
		.piece = pieces.pieces,
		.end = pieces.pieces + pieces.count,
		.error = error};

	if (!read_groups(&reader))
		return false;
	*weekly = reader.weekly;
	return true;
}

static bool has_same_hours(const struct weekly *weekly, int a, int b)
{
	int i = 0, j = 0;

	for (;; i++, j++) {
		const struct weekly_window *windows = weekly->windows;
		int count = weekly->window_count;

		while (i < count && (int)windows[i].weekday != a)
			i++;
		while (j < count && (int)windows[j].weekday != b)
			j++;
		if (i == count || j == count)
			return i == count && j == count;
		if (windows[i].from_minute != windows[j].from_minute ||
			windows[i].to_minute != windows[j].to_minute)
			return false;
	}
}

static void print_hours(
	const struct weekly *weekly, int day, struct strbuf *text)
{
	const char *mark = " ";
	char from[CIVIL_TEXT_SIZE], to[CIVIL_TEXT_SIZE];

	for (int i = 0; i < weekly->window_count; i++) {
		const struct weekly_window *window = &weekly->windows[i];

		if ((int)window->weekday != day)
			continue;
		strbuf_addf(text, "%s%s-%s", mark,
			civil_print_minute(window->from_minute, from),
			civil_print_minute(window->to_minute, to));
		mark = ", ";
	}
}

static bool has_hours(const struct weekly *weekly, int day)
{
	for (int i = 0; i < weekly->window_count; i++)
		if ((int)weekly->windows[i].weekday == day)
			return true;
	return false;
}

void weekly_print(const struct weekly *weekly, struct strbuf *text)
{
	const char *mark = "";

	for (int day = MONDAY; day <= SUNDAY; day++) {
		int last = day;

		if (!has_hours(weekly, day))
			continue;
		while (last < SUNDAY && has_same_hours(weekly, day, last + 1))
			last++;
		strbuf_addf(text, "%s%s", mark, day_names[day]);
		if (last > day)
			strbuf_addf(text, "-%s", day_names[last]);
		print_hours(weekly, day, text);
		mark = "; ";
		day = last;
	}
}
