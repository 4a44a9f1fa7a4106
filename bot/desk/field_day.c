/* field_day.c - fields about today: a visit to note something of, a patient. */
#include "desk/fields.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "desk/text.h"
#include "desk/wording.h"

#define NAME_WORDS 4

bool take_patient_name(
	struct reading *reading, bool is_code_too, struct strbuf *name)
{
	size_t count = 0;

	for (size_t i = 0; i < reading->word_count && count < NAME_WORDS; i++) {
		struct word *word = &reading->words[i];
		size_t length = strcspn(word->folded, "'");

		if (word->is_used || length < 2 ||
			reading_is_when(reading, i) ||
			reading_is_filler(word->folded) ||
			(!is_code_too &&
				isdigit((unsigned char)word->folded[0])))
			continue;
		word->is_used = true;
		strbuf_addf(name, "%s%.*s", count++ ? " " : "", (int)length,
			word->folded);
	}
	return count > 0;
}

static bool is_code(const char *word)
{
	return strlen(word) == 5 &&
	       strspn(word, "0123456789abcdefghijklmnopqrstuvwxyz") == 5 &&
	       strcspn(word, "0123456789") < 5 &&
	       strspn(word, "0123456789") < 5;
}

static enum found find_day_visit(struct filling *filling,
	struct reading *reading, bool is_asked UNUSED,
	struct error *error UNUSED)
{
	struct strbuf name AUTO(strbuf_release) = STRBUF_INIT;

	for (size_t i = 0; i < reading->word_count; i++) {
		struct word *word = &reading->words[i];
		char code[8] = "";

		if (word->is_used || !is_code(word->folded))
			continue;
		for (size_t c = 0; c < 5; c++)
			code[c] = (char)toupper((unsigned char)word->folded[c]);
		word->is_used = true;
		form_fill(filling->form, filling->index, code, NULL);
		return FOUND_VALUE;
	}
	if (!take_patient_name(reading, false, &name))
		return FOUND_NOTHING;
	form_narrow(filling->form, filling->index, name.text);
	return FOUND_HINT;
}

/* How well a word that was typed is a word of the name: 3 is it, 2 begins it, 1
 * all but is it, 0 not. */
static int word_fit(const char *name, const char *word, size_t length)
{
	char typed[48], known[48];
	int best = 0;

	(void)snprintf(typed, sizeof(typed), "%.*s", (int)length, word);
	for (size_t size; *name; name += size + (name[size] == ' ')) {
		int fit = 0;

		size = strcspn(name, " ");
		(void)snprintf(known, sizeof(known), "%.*s", (int)size, name);
		if (strcmp(known, typed) == 0)
			fit = 3;
		else if (strncmp(known, typed, strlen(typed)) == 0)
			fit = 2;
		else if (length >= 4 && text_distance(typed, known, 1) <= 1)
			fit = 1;
		best = fit > best ? fit : best;
	}
	return best;
}

static int name_fit(const char *name, const char *words)
{
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;
	int sum = 0;

	text_fold(name, &folded);
	for (size_t length; *words; words += length + (words[length] == ' ')) {
		length = strcspn(words, " ");
		sum += word_fit(folded.text, words, length);
	}
	return sum;
}

/* How likely the command is meant for a visit that stands so: 0 hardly. */
static int likelihood(const char *mark, const struct rows *rows, size_t row)
{
	const char *state = rows_text(rows, row, "state");
	bool is_booked = strcmp(state, "booked") == 0;
	bool is_started = rows_bool(rows, row, "is_started");
	bool is_waiting = strcmp(state, "arrived") == 0 && !is_started;
	bool has_begun = rows_bool(rows, row, "has_begun");

	if (strcmp(mark, "arrived") == 0)
		return is_booked ? 2 : strcmp(state, "noshow") == 0;
	if (strcmp(mark, "noshow") == 0)
		return is_booked && has_begun;
	if (strcmp(mark, "done") == 0 && is_started)
		return strcmp(state, "arrived") == 0 ? 4 : 0;
	if (is_waiting)
		return 3;
	if (is_booked && has_begun)
		return 2;
	return is_booked && strcmp(mark, "start") == 0;
}

static void add_visit(struct filling *filling, const struct rows *rows,
	size_t row, bool is_everybody, struct choices *choices)
{
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;

	say_moment(&label, filling->request->language,
		moment_of(rows, row, "starts"), filling->request->now,
		SAY_TIME);
	strbuf_addf(&label, "  %s", rows_text(rows, row, "patient_name"));
	if (is_everybody)
		strbuf_addf(
			&label, ", %s", rows_text(rows, row, "doctor_name"));
	(void)choices_add(choices, rows_text(rows, row, "code"), label.text);
}

/* The visits that the words fit best, and of these the likeliest. */
static void choose_best(struct filling *filling, const struct rows *rows,
	bool is_everybody, struct choices *choices)
{
	const char *words = filling->form->values[filling->index].hint;
	const char *mark = filling->form->command->name;
	int best_fit = 0, best = 0;

	for (size_t row = 0; words && row < rows_count(rows); row++) {
		int fit = name_fit(rows_text(rows, row, "patient_name"), words);

		best_fit = fit > best_fit ? fit : best_fit;
	}
	if (words && !best_fit)
		return;
	for (int is_adding = 0; is_adding < 2; is_adding++) {
		for (size_t row = 0; row < rows_count(rows); row++) {
			int likely = likelihood(mark, rows, row);

			if (words &&
				name_fit(rows_text(rows, row, "patient_name"),
					words) < best_fit)
				continue;
			if (!is_adding)
				best = likely > best ? likely : best;
			else if (likely == best && (words || likely))
				add_visit(filling, rows, row, is_everybody,
					choices);
		}
	}
	/* Who is next in, or in now, goes without saying. */
	if (choices->count && !words &&
		(strcmp(mark, "start") == 0 || strcmp(mark, "done") == 0))
		choices->picked = best == 2 ? (int)choices->count - 1 : 0;
}

static bool choose_day_visit(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const char *words = filling->form->values[filling->index].hint;
	/* The reception notes for all doctors. */
	bool is_everybody = (filling->form->command->roles &
				    filling->request->roles & ROLE_ADMIN) != 0;
	struct rows *rows AUTO(rows_release) =
		store_call(filling->request->store, error, "day",
			filling->request->jid, is_everybody ? "true" : "false",
			is_everybody ? words : NULL, STORE_END);

	if (!rows)
		return false;
	choose_best(filling, rows, is_everybody, choices);
	if (!choices->count && words)
		return failed(error, ERROR_MISSING,
			"I find no visit of \"%s\" today%s", words,
			is_everybody ? ""
				     : ", write \"today\" to see them all");
	if (!choices->count)
		return failed(
			error, ERROR_MISSING, "there is no such visit today");
	if (choices->count == 1 && words)
		choices->picked = 0;
	return true;
}

const struct field_type field_day_visit = {
	.name = "visit of today",
	.form_type = "text-single",
	.find = find_day_visit,
	.choose = choose_day_visit,
	.how = "a number, a name, a code, or \"stop\"",
};

static enum found find_patient(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	struct strbuf name AUTO(strbuf_release) = STRBUF_INIT;

	if (filling->request->has_dependants) {
		enum found found =
			field_child.find(filling, reading, is_asked, error);

		if (found != FOUND_NOTHING)
			return found;
	}
	if (!(filling->request->roles & ROLE_DOCTOR) ||
		!take_patient_name(reading, true, &name))
		return FOUND_NOTHING;
	form_narrow(filling->form, filling->index, name.text);
	return FOUND_HINT;
}

static bool choose_patient(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const char *words = filling->form->values[filling->index].hint;
	struct rows *rows AUTO(rows_release) = NULL;

	if (!(filling->request->roles & ROLE_DOCTOR))
		return field_child.choose(filling, choices, error);
	rows = store_call(filling->request->store, error, "patients",
		filling->request->jid, words, STORE_END);
	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++)
		add_patient_choice(filling, rows, row, "missed", choices);
	if (!choices->count)
		return words ? failed(error, ERROR_MISSING,
				       "you have no patient called \"%s\"",
				       words)
			     : failed(error, ERROR_MISSING,
				       "you have no patients yet");
	if (choices->count == 1)
		choices->picked = 0;
	return true;
}

const struct field_type field_patient = {
	.name = "patient",
	.form_type = "text-single",
	.find = find_patient,
	.choose = choose_patient,
	.how = "a number, a name, or \"stop\"",
};
