/* when_pattern.c - finds where rules fit and replaces the pieces. */
#include "desk/when_pattern.h"

#include <string.h>

#define TRIES 6  /* rules in a row at one place */
#define RULES 32 /* of one table */

static const struct piece nothing = {.kind = STOP};

static bool fits(uint64_t place, const struct piece *piece)
{
	return (place & piece->kind) && (!(place & TIGHT) || piece->is_tight);
}

/* Fits the places from place on to the pieces from at on; returns the piece
 * after the last, or 0. Of an optional place the full one is tried first. */
static size_t fit(const struct reader *reader, const struct rule *rule,
	size_t place, size_t at, const struct piece **items)
{
	if (place == PATTERN_PLACES || !rule->places[place])
		return at;

	uint64_t set = rule->places[place];

	if (at < reader->count && fits(set, &reader->pieces[at])) {
		size_t end = fit(reader, rule, place + 1, at + 1, items);

		if (end) {
			items[place] = &reader->pieces[at];
			return end;
		}
	}
	if (!(set & OPTIONAL))
		return 0;
	items[place] = NULL;
	return fit(reader, rule, place + 1, at, items);
}

/* Puts one piece in the place of those in [at, end). */
static void replace(
	struct reader *reader, size_t at, size_t end, const struct piece *made)
{
	reader->pieces[at] = *made;
	if (end == at + 1)
		return;
	memmove(&reader->pieces[at + 1], &reader->pieces[end],
		(reader->count - end) * sizeof(reader->pieces[0]));
	reader->count -= end - at - 1;
}

const struct piece *piece_after(const struct match *match, size_t n)
{
	const struct reader *reader = match->reader;
	size_t at = (size_t)(match->last - reader->pieces) + 1 + n;

	return at < reader->count ? &reader->pieces[at] : &nothing;
}

const struct piece *piece_before(const struct match *match, size_t n)
{
	size_t at = (size_t)(match->first - match->reader->pieces);

	return at > n ? &match->reader->pieces[at - 1 - n] : &nothing;
}

bool is_goal(const struct reader *reader, size_t at)
{
	const uint64_t verbs = WORD | MOVE | ASK | SAY | PRONOUN | NOT | BUT;

	return reader->pieces[at].kind == TO && at + 1 < reader->count &&
	       !(reader->pieces[at + 1].kind & verbs);
}

bool is_moved_from(const struct match *match)
{
	const struct reader *reader = match->reader;
	size_t first = (size_t)(match->first - reader->pieces);

	for (size_t i = 0; i < first; i++)
		if (is_goal(reader, i))
			return false; /* it is where it is moved to */
	return reader->has_move;
}

static bool apply_rule(
	struct reader *reader, const struct rule *rule, size_t at)
{
	struct match match;

	match.reader = reader;
	memset(match.items, 0, sizeof(match.items));

	size_t end = fit(reader, rule, 0, at, match.items);

	if (end <= at)
		return false;
	match.first = &reader->pieces[at];
	match.last = &reader->pieces[end - 1];
	match.before = piece_before(&match, 0);
	match.after = piece_after(&match, 0);

	struct piece made = {.from = match.first->from,
		.to = match.last->to,
		.is_tight = match.first->is_tight};

	if (!rule->make(&match, &made))
		return false;
	replace(reader, at, end, &made);
	return true;
}

/* The kinds with which a rule can begin. */
static uint64_t rule_begin(const struct rule *rule)
{
	uint64_t kinds = 0;

	for (size_t i = 0; i < PATTERN_PLACES; i++) {
		kinds |= rule->places[i];
		if (!(rule->places[i] & OPTIONAL))
			break;
	}
	return kinds;
}

/* Applies the first rule that fits at a place; false: there is none. */
static bool apply_one(struct reader *reader, const struct rules *rules,
	const uint64_t begins[RULES], size_t at)
{
	for (size_t i = 0; i < rules->count; i++)
		if ((begins[i] & reader->pieces[at].kind) &&
			apply_rule(reader, &rules->rules[i], at))
			return true;
	return false;
}

void apply_rules(struct reader *reader, const struct rules *rules)
{
	uint64_t begins[RULES], any = 0;

	for (size_t i = 0; i < rules->count; i++)
		any |= begins[i] = rule_begin(&rules->rules[i]);
	for (size_t at = 0; at < reader->count; at++)
		for (int tries = 0; tries < TRIES; tries++)
			if (!(reader->pieces[at].kind & any) ||
				!apply_one(reader, rules, begins, at))
				break;
}
