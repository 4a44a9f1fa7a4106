/* period.c - a stretch of time as people write it. */
#include "desk/period.h"

#include <string.h>

#include "base/attributes.h"
#include "desk/when_words.h"

#define EXAMPLE \
	"write for example \"24 dec - 2 jan\" or \"tomorrow 14:00-18:00\""

static struct civil_moment moment(int32_t day, int minute)
{
	return (struct civil_moment){.day = day + minute / MINUTES_PER_DAY,
		.minute = minute % MINUTES_PER_DAY};
}

static bool is_before(struct civil_moment a, struct civil_moment b)
{
	return a.day < b.day || (a.day == b.day && a.minute < b.minute);
}

static struct civil_moment begin_of(const struct when *when)
{
	return moment(when->first_day, when->has_time ? when->first_minute : 0);
}

/* "to friday" is to its end, "to friday 14:00" to that time. */
static struct civil_moment end_of(const struct when *when)
{
	return moment(when->last_day,
		when->has_time ? when->last_minute : MINUTES_PER_DAY);
}

/* The two sides of text where it may be divided: "friday 14:00 - monday". */
struct sides {
	char first[WHEN_BYTES + 1];
	const char *second;
};

/* Divides text at the word or mark that begins at text[at], if there is one. */
static bool divide(const char *text, size_t at, struct sides *sides)
{
	static const char *const words[] = {" to ", " until ", " till ",
		" through ", " - ", " \xe2\x80\x93 ", "\xe2\x80\x93"};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		size_t length = strlen(words[i]);

		if (strncasecmp(text + at, words[i], length) != 0)
			continue;
		memcpy(sides->first, text, at);
		sides->first[at] = '\0';
		sides->second = text + at + length;
		return true;
	}
	return false;
}

/* Reads both sides; each has a day and at least one a time. */
static bool read_sides(const struct when_context *context,
	const struct sides *sides, struct period *period)
{
	struct when_context later = *context;
	struct when from, to;

	if (!when_read(context, sides->first, &from) || !from.has_day ||
		!when_read(context, sides->second, &to) || !to.has_day ||
		(!from.has_time && !to.has_time))
		return false;
	period->from = begin_of(&from);
	period->to = end_of(&to);
	if (is_before(period->from, period->to))
		return true;
	/* "from monday 14:00 to friday": the friday after that monday */
	later.now = period->from;
	if (!when_read(&later, sides->second, &to) || !to.has_day)
		return false;
	period->to = end_of(&to);
	return is_before(period->from, period->to);
}

static bool read_divided(const struct when_context *context, const char *text,
	struct period *period)
{
	struct sides sides;
	size_t length = strnlen(text, WHEN_BYTES);

	for (size_t at = 1; at < length; at++)
		if (divide(text, at, &sides) &&
			read_sides(context, &sides, period))
			return true;
	return false;
}

/* "2 jan - 24 dec" in autumn: the second side comes first, and is all that was
 * read. */
static bool is_reversed(const struct when_context *context, const char *text,
	const struct when *whole)
{
	struct sides sides;
	size_t length = strnlen(text, WHEN_BYTES);

	for (size_t at = 1; at < length; at++) {
		struct when from, to;

		if (divide(text, at, &sides) &&
			when_read(context, sides.first, &from) &&
			from.has_day && when_read(context, sides.second, &to) &&
			to.has_day && to.last_day < from.first_day &&
			to.last_day == whole->last_day)
			return true;
	}
	return false;
}

static bool read_whole(const struct when_context *context, const char *text,
	struct period *period, struct error *error)
{
	struct when when;

	if (!when_read(context, text, &when) || !when.has_day)
		return failed(error, ERROR_USAGE,
			"\"%.60s\" does not say which days; " EXAMPLE, text);
	if (when.has_time && when.first_minute == when.last_minute)
		return failed(error, ERROR_USAGE,
			"\"%.60s\" does not say until when; " EXAMPLE, text);
	if (is_reversed(context, text, &when))
		return failed(error, ERROR_USAGE,
			"\"%.60s\" ends before it begins; " EXAMPLE, text);
	period->from = begin_of(&when);
	period->to = end_of(&when);
	return true;
}

bool period_read(const struct when_context *context, const char *text,
	struct period *period, struct error *error)
{
	struct when_context answer = *context;
	struct period found;

	answer.is_answer = true;
	if (!read_divided(&answer, text, &found) &&
		!read_whole(&answer, text, &found, error))
		return false;
	if (!is_before(context->now, found.to))
		return failed(
			error, ERROR_USAGE, "\"%.60s\" is over already", text);
	*period = found;
	return true;
}
