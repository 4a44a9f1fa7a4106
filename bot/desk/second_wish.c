/* second_wish.c - two visits wished in one sentence. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/turn.h"

/* Whether somebody is named before the word at a place, and somebody else after. */
static bool parts_names(const struct reading *reading, size_t at)
{
	bool is_before = false, is_after = false;

	for (size_t i = 0; i < reading->mention_count; i++) {
		const struct mention *mention = &reading->mentions[i];
		bool has_before = false, has_after = false;

		for (size_t w = 0; w < reading->word_count; w++) {
			bool is_said = mention->is_word[w] && mention->is_exact;

			has_before = has_before || (is_said && w < at);
			has_after = has_after || (is_said && w > at);
		}
		if (has_before && has_after)
			return false;
		is_before = is_before || has_before;
		is_after = is_after || has_after;
	}
	return is_before && is_after;
}

/* The place of the word between the two wishes; 0: there is one wish. */
static size_t place_between(const struct reading *reading)
{
	static const char *const words[] = {"and", "then", "also", "plus", "&"};

	for (size_t at = 1; at + 1 < reading->word_count; at++)
		for (size_t i = 0; i < COUNT_OF(words); i++)
			if (strcmp(reading->words[at].folded, words[i]) == 0 &&
				parts_names(reading, at))
				return at;
	return 0;
}

/* The wish in words; where it names no day, it is that of the first one. */
static char *second_wish(
	const struct turn *turn, const struct when *first, const char *sentence)
{
	char day[WHEN_TEXT_SIZE];
	struct reading second;
	bool has_day;

	reading_init(&second, turn->request, sentence, false);
	has_day = second.has_when && second.when.has_day;
	reading_release(&second);
	return first->has_day && first->first_day == first->last_day && !has_day
		       ? xasprintf("book %s on %s", sentence,
				 when_print_day(first, day))
		       : xasprintf("book %s", sentence);
}

void take_second_wish(struct turn *turn, struct reading *reading)
{
	const struct when all = reading->when;
	size_t at;

	if (!reading_look_up(reading, turn->request, NULL))
		return;
	at = place_between(reading);
	if (!at)
		return;
	reading_cut(reading, turn->request, at);
	/* "A cardiologist and a dermatologist tomorrow" is both tomorrow. */
	if (!reading->has_when) {
		reading->when = all;
		reading->has_when = all.has_day || all.has_time;
	}
	free(turn->form.wish);
	turn->form.wish = second_wish(turn, &reading->when,
		reading->sentence + reading->words[at + 1].from);
	turn_speak(turn, "One after the other.");
	turn_begin_line(turn);
}
