/* when_range.c - monday to friday, by friday, monday or tuesday. */
#include "desk/when_calendar.h"
#include "desk/when_pattern.h"

#include "base/attributes.h"

#define OPEN_END 13 /* days after the first when only a beginning is said */

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
		made->first_day = made->last_day + (word->value != ON_OR_AFTER);
		made->last_day = made->first_day + OPEN_END;
		return true;
	}
	if (word->kind == BEFORE)
		made->last_day = made->first_day - 1;
	made->first_day = today;
	made->is_until = true;
	made->value = word->kind == UNTIL ? word->value : BEFORE_DAY;
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
	if (!set_as_days(match, match->items[0], made))
		return false;
	made->is_plain = match->items[0]->kind == WEEKDAY;
	return true;
}

/* clang-format off */
static const struct rule ranges[] = {
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

const struct rules range_rules = {ranges, COUNT_OF(ranges)};
