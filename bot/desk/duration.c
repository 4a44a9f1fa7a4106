/* duration.c - how long something takes, as people write it. */
#include "desk/duration.h"

#include <string.h>

#include "desk/when_pattern.h"

#define EXAMPLE "write for example \"30 min\" or \"1h30\""

/* 1h30, 1:30, 2h: a clock that shows a length; made before the others see it */
static bool make_length(const struct match *match, struct piece *made)
{
	const struct piece *minutes = match->items[2];

	if (match->items[1]->kind == OCLOCK &&
		match->items[1]->value != HOUR_MARK)
		return false;
	if (minutes && (minutes->value > 59 || minutes->digits != 2))
		return false;
	made->kind = DURATION;
	made->unit = UNIT_MINUTE;
	made->value =
		match->items[0]->value * 60 + (minutes ? minutes->value : 0);
	return true;
}

/* 1 hour 30 minutes, 1 hour and 30 minutes */
static bool make_sum(const struct match *match, struct piece *made)
{
	const struct piece *a = match->items[0], *b = match->items[2];

	if (a->unit != UNIT_HOUR || b->unit != UNIT_MINUTE)
		return false;
	made->kind = DURATION;
	made->unit = UNIT_MINUTE;
	made->value = a->value * 60 + b->value;
	return true;
}

/* 45 */
static bool make_minutes(const struct match *match, struct piece *made)
{
	made->kind = DURATION;
	made->unit = UNIT_MINUTE;
	made->value = match->items[0]->value;
	return true;
}

/* clang-format off */
static const struct rule length_rows[] = {
	{{NUMBER, TIGHT | OCLOCK | COLON, TIGHT | NUMBER}, make_length},
	{{NUMBER, TIGHT | OCLOCK}, make_length},
};
static const struct rule sum_rows[] = {
	{{DURATION, OPTIONAL | AND, DURATION}, make_sum},
	{{NUMBER}, make_minutes},
};
/* clang-format on */

bool duration_read(const char *text, const char *language, int *minutes,
	struct error *error)
{
	static const struct rules lengths = {length_rows, 2};
	static const struct rules sums = {sum_rows, 2};
	const struct when_context context = {0};
	char start[WHEN_BYTES + 1];
	struct reader reader = {
		.language = when_language_find(language), .context = &context};
	const struct piece *found = NULL;
	size_t length = strnlen(text, WHEN_BYTES);

	memcpy(start, text, length);
	start[length] = '\0';
	reader.count = when_cut(reader.language, start, reader.pieces);
	apply_rules(&reader, &number_rules);
	apply_rules(&reader, &lengths);
	apply_rules(&reader, &duration_rules);
	apply_rules(&reader, &sums);
	for (size_t i = 0; i < reader.count; i++) {
		const struct piece *piece = &reader.pieces[i];

		if (piece->kind != DURATION)
			continue;
		if (found || piece->unit > UNIT_HOUR)
			found = NULL;
		else
			found = piece;
		if (!found)
			break;
	}
	if (!found)
		return failed(error, ERROR_USAGE,
			"\"%.60s\" is not a length of time that I can "
			"read; " EXAMPLE,
			text);

	int value = found->value * (found->unit == UNIT_HOUR ? 60 : 1);

	if (value < 1 || value > DURATION_MOST)
		return failed(error, ERROR_USAGE,
			"a length of \"%.60s\" is not between a minute and a "
			"day; " EXAMPLE,
			text);
	*minutes = value;
	return true;
}
