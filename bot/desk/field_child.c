/* field_child.c - fields about the people for whom a patient acts. */
#include "desk/fields.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/text.h"
#include "desk/wording.h"

/* How somebody speaks of a child or relative without the name. */
static const char *const relations[] = {"my son", "my daughter", "my child",
	"my kid", "my baby", "my boy", "my girl", "my mother", "my mom",
	"my mum", "my father", "my dad", "my wife", "my husband", "my partner",
	"my grandmother", "my grandfather", "my brother", "my sister",
	"my little one", "my son's", "my daughter's", "my child's"};

/* In the hint: one of the dependants, any of them. */
#define SOMEBODY "?"
/* Who asks and somebody else at once. */
#define BOTH "&"

void add_given_name(struct strbuf *out, const char *name)
{
	strbuf_add_bytes(out, name, strcspn(name, " "));
}

bool is_own_id(const struct request *request, const char *id)
{
	return !id || strtoll(id, NULL, 10) == request->person;
}

static struct rows *children_of(struct request *request, struct error *error)
{
	return store_call(
		request->store, error, "children", request->jid, STORE_END);
}

static bool is_one_of(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

/* Whether a word that may be a name is one here: not a doctor's ("dr ana", "ana
 * ruiz"), and an ordinary word ("5 may", "will") only where a name is expected. */
static bool is_meant(const struct reading *reading, size_t at)
{
	static const char *const titles[] = {"dr", "doctor", "dra", "doctora"};
	static const char *const leads[] = {"for", "child", "son", "daughter",
		"kid", "book", "history", "of", "cancel", "move"};
	const char *before = at ? reading->words[at - 1].folded : "";

	if (is_one_of(before, titles, COUNT_OF(titles)))
		return false;
	for (size_t i = 0; i < reading->mention_count; i++) {
		const struct mention *mention = &reading->mentions[i];

		if (mention->kind == MENTION_DOCTOR && mention->is_exact &&
			mention->is_word[at] && at + 1 < reading->word_count &&
			mention->is_word[at + 1] &&
			!reading->words[at].ends_part)
			return false;
	}
	if (!reading_is_when(reading, at) &&
		!reading_is_filler(reading->words[at].folded))
		return true;
	return reading->word_count == 1 ||
	       is_one_of(before, leads, COUNT_OF(leads));
}

/* The place of the given name in the sentence, or the end. */
static size_t find_given_name(const struct reading *reading, const char *name)
{
	struct strbuf given AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;
	size_t at = 0;

	add_given_name(&given, name);
	text_fold(given.text, &folded);
	for (; at < reading->word_count; at++) {
		const struct word *word = &reading->words[at];
		size_t length = strlen(folded.text);

		if (!word->is_used &&
			strncmp(word->folded, folded.text, length) == 0 &&
			(!word->folded[length] ||
				strcmp(word->folded + length, "'s") == 0) &&
			is_meant(reading, at))
			break;
	}
	return at;
}

/* How many words from a place on are words of the name, one after another. */
static size_t words_of_name(
	const struct reading *reading, size_t from, const char *name)
{
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;
	const char *rest;
	size_t at = from + 1;

	text_fold(name, &folded);
	rest = strchr(folded.text, ' ');
	for (; rest && at < reading->word_count; at++) {
		size_t length = strcspn(++rest, " ");

		if (strlen(reading->words[at].folded) != length ||
			strncmp(reading->words[at].folded, rest, length) != 0)
			break;
		rest = strchr(rest, ' ');
	}
	return at - from;
}

/* The children whose given name is said; of these those of whom most is said.
 * Their words are used; *row is the last of them. Returns how many. */
static size_t find_named(struct reading *reading, const struct request *request,
	const struct rows *rows, size_t *row)
{
	size_t best = 0, count = 0, from = 0;

	for (size_t i = 0; i < rows_count(rows); i++) {
		const char *name = rows_text(rows, i, "name");
		size_t at = find_given_name(reading, name);
		size_t said = at < reading->word_count
				      ? words_of_name(reading, at, name)
				      : 0;

		if (!said || said < best)
			continue;
		count = said > best ? 1 : count + 1;
		best = said;
		from = at;
		*row = i;
	}
	reading_take(reading, request, from, best);
	return count;
}

bool take_child_name(struct reading *reading, struct request *request,
	struct strbuf *name, struct error *error)
{
	struct rows *rows AUTO(rows_release) = NULL;
	struct strbuf given AUTO(strbuf_release) = STRBUF_INIT;
	size_t row = 0;

	if (!request->has_dependants)
		return true;
	rows = children_of(request, error);
	if (!rows)
		return false;
	if (!find_named(reading, request, rows, &row))
		return true;
	add_given_name(&given, rows_text(rows, row, "name"));
	text_fold(given.text, name);
	return true;
}

static bool take_phrase(struct reading *reading, const char *const *phrases,
	size_t count, const char **found)
{
	for (size_t i = 0; i < count; i++) {
		int place = reading_find_phrase(reading, phrases[i]);

		if (place < 0)
			continue;
		reading_use_phrase(reading, place, phrases[i]);
		*found = phrases[i];
		return true;
	}
	return false;
}

static enum found fill_child(
	struct filling *filling, const struct rows *rows, size_t row)
{
	form_fill(filling->form, filling->index, rows_text(rows, row, "id"),
		rows_text(rows, row, "name"));
	return FOUND_VALUE;
}

static enum found find_child(struct filling *filling, struct reading *reading,
	bool is_asked UNUSED, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		children_of(filling->request, error);
	size_t row = 0, count;
	const char *relation;

	if (!rows || !reading_look_up(reading, filling->request, error))
		return FOUND_WRONG;
	count = find_named(reading, filling->request, rows, &row);
	if (count == 1) {
		(void)take_phrase(
			reading, relations, COUNT_OF(relations), &relation);
		return fill_child(filling, rows, row);
	}
	if (count)
		form_narrow(filling->form, filling->index, SOMEBODY);
	return count ? FOUND_HINT : FOUND_NOTHING;
}

static void add_children(struct filling *filling, const struct rows *rows,
	struct choices *choices)
{
	for (size_t row = 0; row < rows_count(rows); row++) {
		struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
		const char *name = rows_text(rows, row, "name");

		say(&label, filling->request->language, "{name}, born {date}",
			"name", name, "date",
			rows_text(rows, row, "birth_date"), NULL);
		choice_set(choices_add(choices, rows_text(rows, row, "id"),
				   label.text),
			name, NULL, NULL);
	}
}

static bool choose_child(
	struct filling *filling, struct choices *choices, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		children_of(filling->request, error);

	if (!rows)
		return false;
	add_children(filling, rows, choices);
	return choices->count ||
	       failed(error, ERROR_MISSING, "there is nobody on your list");
}

const struct field_type field_child = {
	.name = "child or relative",
	.form_type = "text-single",
	.find = find_child,
	.choose = choose_child,
	.how = "a number, a name, or \"stop\"",
};

/* An ordinary word with a capital is a name: "May". */
static bool has_capital(const struct reading *reading)
{
	for (size_t i = 0; i < reading->word_count; i++)
		if (!reading->words[i].is_used &&
			isupper((unsigned char)reading
					->sentence[reading->words[i].from]))
			return true;
	return false;
}

/* "Leo, born on", "called Leo": these words are no part of the name; what a name
 * ends in ("Max Born,") is. */
static enum found find_child_name(struct filling *filling,
	struct reading *reading, bool is_asked, struct error *error)
{
	static const char *const words[] = {"who was born on", "was born on",
		"born on the", "born on", "who was born", "was born", "born in",
		"born", "date of birth", "birthday", "is called", "called",
		"named", "his name is", "her name is"};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		int place = reading_find_phrase(reading, words[i]);

		if (place >= 0 && !reading->words[place].ends_part)
			reading_use_phrase(reading, place, words[i]);
	}
	if (!is_asked && !reading_has_rest(reading) && !has_capital(reading))
		return FOUND_NOTHING;
	return field_name.find(filling, reading, is_asked, error);
}

const struct field_type field_child_name = {
	.name = "name of a child",
	.form_type = "text-single",
	.is_greedy = true,
	.find = find_child_name,
};

/* "for my son", "my son Leo needs a doctor" */
static bool speaks_for(const struct reading *reading, const char *relation)
{
	static const char *const patterns[] = {"for %s", "%s needs",
		"%s * needs", "%s wants", "%s * wants", "%s has", "%s * has",
		"%s is", "%s * is", "%s should", "%s * should"};

	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		const char *at = strstr(patterns[i], "%s");
		char *phrase AUTO(free_text) = xasprintf("%.*s%s%s",
			(int)(at - patterns[i]), patterns[i], relation, at + 2);

		if (reading_find_phrase(reading, phrase) >= 0)
			return true;
	}
	return false;
}

/* Whether the word at a place may be somebody to book for, not a doctor. */
static bool may_be_other(const struct reading *reading, size_t at)
{
	static const char *const titles[] = {"dr", "doctor", "dra", "doctora"};
	const char *word = reading->words[at].folded;

	if (strcmp(word, "my") == 0)
		return true;
	for (size_t i = 0; i < reading->mention_count; i++)
		if (reading->mentions[i].is_word[at] &&
			reading->mentions[i].is_exact)
			return false;
	return !is_one_of(word, titles, COUNT_OF(titles)) &&
	       !reading->words[at].is_used && !reading_is_when(reading, at) &&
	       !reading_is_filler(word) && !isdigit((unsigned char)word[0]);
}

/* "zoe and me", "me and my wife", "both of us": two are meant. */
static bool means_both(const struct reading *reading)
{
	static const char *const phrases[] = {"both of us", "the two of us",
		"for us", "for us both", "for us two", "all of us"};
	static const char *const self[] = {"me", "myself", "i"};

	for (size_t i = 0; i < COUNT_OF(phrases); i++)
		if (reading_find_phrase(reading, phrases[i]) >= 0)
			return true;
	for (size_t i = 1; i + 1 < reading->word_count; i++) {
		const char *before = reading->words[i - 1].folded;
		const char *after = reading->words[i + 1].folded;

		if (strcmp(reading->words[i].folded, "and") != 0)
			continue;
		if ((is_one_of(after, self, COUNT_OF(self)) &&
			    may_be_other(reading, i - 1)) ||
			(is_one_of(before, self, 2) &&
				may_be_other(reading, i + 1)))
			return true;
	}
	return false;
}

/* Somebody of whom the clinic does not know yet: not booked for who asks. */
static enum found find_unknown(
	struct filling *filling, struct reading *reading, struct error *error)
{
	if ((filling->request->roles & ROLE_PATIENT) && means_both(reading)) {
		(void)failed(error, ERROR_MISSING,
			"I book for one person at a time, and for others when "
			"they are on your list: please write first for example "
			"\"add child Leo, 2019-05-02\"");
		return FOUND_WRONG;
	}
	for (size_t i = 0; i < COUNT_OF(relations); i++) {
		if (!(filling->request->roles & ROLE_PATIENT) ||
			!speaks_for(reading, relations[i]))
			continue;
		(void)failed(error, ERROR_MISSING,
			"I can book for others when they are on your list, "
			"please write first for example \"add child Leo, "
			"2019-05-02\"");
		return FOUND_WRONG;
	}
	return FOUND_NOTHING;
}

/* For whom: "for leo", "my son", "for me". */
enum found find_for_whom(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	static const char *const self[] = {"for me", "for myself", "myself",
		"book me", "see me", "for mine", "me with", "me in", "=me",
		"=i", "=it's me", "=it's for me", "=just me", "=only me"};
	const struct request *request = filling->request;
	const char *phrase;
	enum found found;
	char id[24];

	if (!reading_look_up(reading, filling->request, error))
		return FOUND_WRONG;
	if (!request->has_dependants)
		return find_unknown(filling, reading, error);
	if (!is_asked && means_both(reading)) {
		form_narrow(filling->form, filling->index, BOTH);
		return FOUND_HINT;
	}
	found = find_child(filling, reading, is_asked, error);
	if (found != FOUND_NOTHING)
		return found;
	if (take_phrase(reading, relations, COUNT_OF(relations), &phrase)) {
		form_narrow(filling->form, filling->index, SOMEBODY);
		return FOUND_HINT;
	}
	if (!take_phrase(reading, self, COUNT_OF(self), &phrase))
		return FOUND_NOTHING;
	(void)snprintf(id, sizeof(id), "%lld", request->person);
	form_fill(filling->form, filling->index, id,
		in_words(request->language, "You"));
	return FOUND_VALUE;
}

bool choose_for_whom(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const struct request *request = filling->request;
	const char *hint = filling->form->values[filling->index].hint;
	bool is_both = hint && strcmp(hint, BOTH) == 0;
	bool is_child = hint && !is_both;
	struct rows *rows AUTO(rows_release) =
		children_of(filling->request, error);
	char id[24];

	if (!rows)
		return false;
	(void)snprintf(id, sizeof(id), "%lld", request->person);
	if (!is_child || !rows_count(rows))
		(void)choices_add(
			choices, id, in_words(request->language, "You"));
	add_children(filling, rows, choices);
	if (choices->count == 1)
		choices->picked = 0;
	else
		say(&choices->intro, request->language,
			is_both ? "I book for one person at a time. Who comes "
				  "first? (Write \"book\" for the other one "
				  "after that.)"
			: is_child ? "Which of them?"
				   : "Who is the visit for?",
			NULL);
	return true;
}

const struct field_type field_for_whom = {
	.name = "for whom",
	.form_type = "text-single",
	.find = find_for_whom,
	.choose = choose_for_whom,
	.how = "a number, a name, or \"stop\"",
};
