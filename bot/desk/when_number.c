/* when_number.c - numbers, and what looks like one but counts something else. */
#include "desk/when_pattern.h"

#include "base/attributes.h"

bool is_counted(const struct piece *after)
{
	const uint64_t counted = UNIT | COLON | SLASH | MONTH | NUMBER |
				 SUFFIX | FRACTION | DURATION;

	if (after->kind == THING)
		return after->value != ADJECTIVE &&
		       after->value != ORDINAL_ONLY;
	return (after->kind & counted) != 0;
}

/* twenty-one, twenty-first */
static bool make_tens(const struct match *match, struct piece *made)
{
	const struct piece *tens = match->items[0], *ones = match->items[2];

	if (tens->digits || ones->digits || tens->value < 20 ||
		tens->value % 10 || ones->value < 1 || ones->value > 9)
		return false;
	if (ones->kind == ORDINAL && match->before->kind == NUMBER)
		return false; /* ten thirty, first of may */
	made->kind = ones->kind;
	made->value = tens->value + ones->value;
	return true;
}

/* 7th */
static bool make_ordinal(const struct match *match, struct piece *made)
{
	made->kind = ORDINAL;
	made->value = match->items[0]->value;
	made->digits = match->items[0]->digits;
	return made->value >= 1;
}

/* $25, EUR 40 */
static bool make_money(const struct match *match, struct piece *made)
{
	made->kind = WORD;
	return match->items[0]->value == MONEY;
}

/* 2 people, 40 dollars, 3.5 miles */
static bool make_amount(const struct match *match, struct piece *made)
{
	made->kind = WORD;
	return match->last->value != ORDINAL_ONLY &&
	       match->last->value != ADJECTIVE && !match->first->is_tight;
}

/* 12 Main Street, 5 Old Church Road */
static bool make_address(const struct match *match, struct piece *made)
{
	made->kind = WORD;
	return match->last->value == STREET && !match->first->is_tight;
}

/* the 3rd floor, the first one, a second opinion; "the 12th available" may
 * well be a day, "the first available" is none */
static bool make_ranking(const struct match *match, struct piece *made)
{
	const struct piece *ordinal = match->items[0], *thing = match->items[1];

	made->kind = WORD;
	if (match->before->kind == MONTH)
		return false;
	if (thing->kind == NUMBER)
		return thing->value == 1 && !thing->digits;
	if (thing->kind == THING && thing->value == ADJECTIVE)
		return !ordinal->digits;
	return thing->kind != UNIT || thing->value == UNIT_YEAR;
}

/* 3 nights, two mornings */
static bool make_parts(const struct match *match, struct piece *made)
{
	made->kind = WORD;
	return (match->last->value & DOUBT) && !match->first->is_tight;
}

/* no mornings please */
static bool make_no_parts(const struct match *match, struct piece *made)
{
	made->kind = WORD;
	return match->items[0]->value == NO && (match->last->value & DOUBT);
}

/* Dr. May, Mr Friday */
static bool make_name(const struct match *match UNUSED, struct piece *made)
{
	made->kind = WORD;
	return true;
}

/* clang-format off */
static const struct rule rules[] = {
	{{NUMBER, OPTIONAL | DASH, NUMBER}, make_tens},
	{{NUMBER, OPTIONAL | DASH, ORDINAL}, make_tens},
	{{NUMBER, TIGHT | SUFFIX}, make_ordinal},
	{{THING, NUMBER, TIGHT | DOT, TIGHT | NUMBER}, make_money},
	{{THING, NUMBER}, make_money},
	{{NUMBER, THING}, make_amount},
	{{NUMBER, TIGHT | DOT, TIGHT | NUMBER, THING}, make_amount},
	{{NUMBER, PART}, make_parts},
	{{BUT, PART}, make_no_parts},
	{{NUMBER, WORD, THING}, make_address},
	{{NUMBER, WORD, WORD, THING}, make_address},
	{{ORDINAL, THING | NUMBER | HENCE | UNIT}, make_ranking},
	{{TITLE, MONTH | WEEKDAY | PART | FIXED | FEAST}, make_name},
};
/* clang-format on */

const struct rules number_rules = {rules, COUNT_OF(rules)};

/* Words with other meanings ("may", "march", "sat", "sun") need company. */

/* june or july */
static bool is_beside_month(const struct match *match)
{
	const uint64_t between = OR | AND | TO | UNTIL;

	return ((match->before->kind & between) &&
		       piece_before(match, 1)->kind == MONTH) ||
	       ((match->after->kind & between) &&
		       piece_after(match, 1)->kind == MONTH);
}

static bool make_doubtful_month(const struct match *match, struct piece *made)
{
	const uint64_t before = ORDINAL | OF | IN | WHICH | EDGE | UNTIL |
				BETWEEN | FROM | BEFORE | AFTER | SLASH;
	const struct piece *after = match->after;
	const struct piece *month = match->items[0];

	if (!(month->value & DOUBT))
		return false;
	if (after->kind == THE)
		after = piece_after(match, 1);
	bool is_month =
		(match->before->kind & before) ||
		(match->before->kind == DASH && month->is_tight) ||
		(match->before->kind == NUMBER && match->before->value <= 31 &&
			piece_before(match, 1)->kind != COLON) ||
		(after->kind == ORDINAL && after->value <= 31) ||
		(after->kind == DASH && after->is_tight &&
			piece_after(match, 1)->kind == NUMBER) ||
		(after->kind == NUMBER &&
			(after->value <= 31 || after->digits == 4)) ||
		is_beside_month(match) ||
		(match->before->kind == STOP && after->kind == STOP);

	/* "this may help", "from Jan Rybar" */
	if (match->after->kind == WORD &&
		(match->before->kind == WHICH ||
			(match->after->is_capital &&
				(match->before->kind &
					(FROM | BEFORE | AFTER)))))
		is_month = false;
	made->kind = is_month ? MONTH : WORD;
	made->value = month->value & ~DOUBT;
	return true;
}

/* wed in the afternoon */
static bool is_before_part(const struct match *match)
{
	size_t the = piece_after(match, 1)->kind == THE;

	return match->after->kind == IN &&
	       piece_after(match, 1 + the)->kind == PART;
}

static bool make_doubtful_weekday(const struct match *match, struct piece *made)
{
	const uint64_t not_before = THE | A | PRONOUN | TITLE;
	const uint64_t before = ON | WHICH | UNTIL | FROM | BETWEEN | AND | OR |
				DASH | COMMA | BEFORE | AFTER | FOR | ANY |
				SLASH | SAY | EDGE | TO | NOT | STOP | WEEKDAY |
				BUT | RELATIVE | DOT | OCLOCK | AM_PM | PART |
				NUMBER | FIXED | ISH;
	const uint64_t after = NUMBER | ORDINAL | PART | DASH | AT | THE | OR |
			       MONTH | WHICH | STOP | SLASH | WEEKDAY | COMMA |
			       DOT | ABOUT | AFTER | BEFORE | BETWEEN | FIXED |
			       EDGE | FRACTION | UNTIL | FROM;
	const struct piece *day = match->items[0];

	if (!(day->value & DOUBT))
		return false;
	bool is_day =
		!(match->before->kind & not_before) &&
		((match->before->kind & before) ||
			(match->after->kind & after) || is_before_part(match));

	made->kind = is_day ? WEEKDAY : WORD;
	made->value = day->value & ~DOUBT;
	return true;
}

static const struct rule doubtful[] = {
	{{MONTH}, make_doubtful_month},
	{{WEEKDAY}, make_doubtful_weekday},
};

const struct rules doubt_rules = {doubtful, COUNT_OF(doubtful)};

/* Phone numbers: runs of digits with blanks, dots, hyphens and brackets. */

static bool is_date_shape(const struct piece *first)
{
	int a = first[0].digits, b = first[2].digits, c = first[4].digits;

	return first[1].kind & (DASH | DOT | SLASH) && first[1].is_tight &&
	       first[3].kind == first[1].kind && b >= 1 && b <= 2 &&
	       ((a == 4 && c <= 2) || (a <= 2 && (c == 4 || c == 2) && a >= 1));
}

/* 0900-1300 */
static bool is_hours_shape(const struct piece *first, size_t count)
{
	return count == 3 && first[1].kind == DASH && first[0].digits == 4 &&
	       first[2].digits == 4 && first[0].value <= 2400 &&
	       first[2].value <= 2400;
}

/* The end of the run of digits that begins at pieces[at]. */
static size_t run_end(const struct reader *reader, size_t at)
{
	const uint64_t marks = DASH | DOT | COMMA;
	size_t end = at + 1;

	for (;;) {
		size_t next = end;

		while (next < reader->count && next < end + 2 &&
			(reader->pieces[next].kind & marks))
			next++;
		if (next == reader->count || !reader->pieces[next].digits)
			return end;
		end = next + 1;
	}
}

static bool is_phone(const struct reader *reader, size_t at, size_t end)
{
	int total = 0, most = 0;

	for (size_t i = at; i < end; i++) {
		const struct piece *piece = &reader->pieces[i];

		total += piece->digits;
		if (piece->digits > most)
			most = piece->digits;
		if (i + 5 <= end && is_date_shape(piece))
			return false;
	}
	return total >= 7 && most >= 3 && end > at + 1 &&
	       !is_hours_shape(&reader->pieces[at], end - at);
}

void drop_long_numbers(struct reader *reader)
{
	struct piece *pieces = reader->pieces;

	for (size_t at = 0; at < reader->count; at++) {
		if (!pieces[at].digits)
			continue;
		if (at && (pieces[at - 1].kind & (MONTH | COLON)))
			continue;

		size_t end = run_end(reader, at);

		for (size_t i = at; is_phone(reader, at, end) && i < end; i++)
			pieces[i].kind = WORD;
		at = end - 1;
	}
}
