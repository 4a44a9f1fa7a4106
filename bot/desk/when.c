/* when.c - what a sentence says of a day, a time, or both.
 *
 * The sentence is cut into pieces (when_words.c), tables of rules make bigger
 * pieces of them, from numbers to hours (when_pattern.h), and what remains is
 * weighed into one wish (when_wish.c). */
#include "desk/when.h"

#include <stdio.h>
#include <string.h>

#include "base/attributes.h"
#include "desk/when_calendar.h"
#include "desk/when_pattern.h"

static void find_move(struct reader *reader)
{
	reader->has_move = false;
	for (size_t i = 0; i < reader->count; i++)
		if (reader->pieces[i].kind == MOVE)
			reader->has_move = true;
}

bool when_read(const struct when_context *context, const char *sentence,
	struct when *when)
{
	static const struct rules *const tables[] = {&number_rules,
		&doubt_rules, &digit_rules, &clock_rules, &duration_rules,
		&date_rules, &day_rules, &shift_rules, &hence_rules,
		&range_rules, &time_rules, &hours_rules};
	char text[WHEN_BYTES + 1];
	struct reader reader;

	memset(when, 0, sizeof(*when));
	if (!sentence)
		return false;

	size_t length = strnlen(sentence, WHEN_BYTES);

	memcpy(text, sentence, length);
	text[length] = '\0';
	reader.context = context;
	reader.now = context->now;
	reader.language = when_language_find(context->language);
	reader.count = when_cut(reader.language, text, reader.pieces);
	find_move(&reader);
	drop_long_numbers(&reader);
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		apply_rules(&reader, tables[i]);
	return read_wish(&reader, when);
}

bool when_is_shift(const struct when_shift *shift)
{
	return shift->months || shift->days || shift->minutes;
}

struct civil_moment when_shift_from(
	const struct when_shift *shift, struct civil_moment from)
{
	int minute = from.minute + shift->minutes;

	from.day = add_months(from.day, shift->months) + shift->days;
	for (; minute < 0; minute += MINUTES_PER_DAY)
		from.day--;
	from.day += minute / MINUTES_PER_DAY;
	from.minute = minute % MINUTES_PER_DAY;
	return from;
}

const char *when_print_day(const struct when *when, char text[WHEN_TEXT_SIZE])
{
	char first[CIVIL_TEXT_SIZE], last[CIVIL_TEXT_SIZE];
	bool is_range = when->last_day > when->first_day;

	if (!when->has_day)
		return memcpy(text, "-", 2);
	(void)snprintf(text, WHEN_TEXT_SIZE, "%s%s%s",
		civil_print_date(when->first_day, first), is_range ? ".." : "",
		is_range ? civil_print_date(when->last_day, last) : "");
	return text;
}

const char *when_print_time(const struct when *when, char text[WHEN_TEXT_SIZE])
{
	char first[CIVIL_TEXT_SIZE], last[CIVIL_TEXT_SIZE];
	bool is_range = when->last_minute > when->first_minute;

	if (!when->has_time)
		return memcpy(text, "-", 2);
	(void)snprintf(text, WHEN_TEXT_SIZE, "%s%s%s",
		civil_print_minute(when->first_minute, first),
		is_range ? "-" : "",
		is_range ? civil_print_minute(when->last_minute, last) : "");
	return text;
}
