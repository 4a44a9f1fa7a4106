/* field_patient.c - for whom a visit is booked: staff name a patient, guardians
 * themselves or a dependant (field_child.c).
 *
 * The value is the person's id, as api.book and others take it (of_patient);
 * nothing is for who asks. */
#include "desk/fields.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "desk/text.h"
#include "desk/wording.h"

#define NAME_WORDS 4
#define LIST_MOST "60" /* patients looked through */
#define SHOWN 20       /* more are no list to choose from */

static bool is_staff(const struct request *request)
{
	return (request->roles & (ROLE_DOCTOR | ROLE_ADMIN)) != 0;
}

/* The patients that who asks may act for, by words of their name. */
static struct rows *patients_called(
	struct request *request, const char *words, struct error *error)
{
	if (request->roles & ROLE_ADMIN)
		return store_call(request->store, error, "people", request->jid,
			words, LIST_MOST, "0", STORE_END);
	return store_call(request->store, error, "patients", request->jid,
		words, STORE_END);
}

static bool begins_a_word(const char *name, const char *word, size_t length)
{
	for (; *name; name += strcspn(name, " -")) {
		name += strspn(name, " -");
		if (strncmp(name, word, length) == 0)
			return true;
	}
	return false;
}

/* Whether each of the words begins one of the name's; the register is searched by
 * address and number too. */
static bool is_called(const struct request *request, const struct rows *rows,
	size_t row, const char *words)
{
	struct strbuf name AUTO(strbuf_release) = STRBUF_INIT;
	const char *full = rows_text(rows, row, "name");

	if (!full || ((request->roles & ROLE_ADMIN) &&
			     !strstr(rows_text(rows, row, "roles"), "patient")))
		return false;
	text_fold(full, &name);
	for (size_t length; words && *words;
		words += length + (words[length] == ' ')) {
		length = strcspn(words, " ");
		if (!begins_a_word(name.text, words, length))
			return false;
	}
	return true;
}

/* Some words of the sentence, one after another, as " tom baker". */
struct run {
	size_t first, count;
};

static void run_text(
	const struct reading *reading, struct run run, struct strbuf *words)
{
	for (size_t i = run.first; i < run.first + run.count; i++) {
		const char *word = reading->words[i].folded;

		strbuf_addf(words, "%s%.*s", words->length ? " " : "",
			(int)strcspn(word, "'"), word);
	}
}

static bool may_be_name(const struct reading *reading, size_t at)
{
	const struct word *word = &reading->words[at];

	return !word->is_used && !reading_is_when(reading, at) &&
	       !reading_is_filler(word->folded) && strlen(word->folded) >= 2 &&
	       !isdigit((unsigned char)word->folded[0]);
}

static bool means_somebody_else(const struct reading *reading, size_t at)
{
	for (size_t i = 0; i < reading->mention_count; i++)
		if (reading->mentions[i].is_word[at] &&
			reading->mentions[i].is_exact)
			return true;
	return false;
}

/* The first run of words that may be a name: after "for", or where nobody else is
 * meant by them. is_said: it was after "for". */
static struct run find_run(
	const struct reading *reading, bool is_asked, bool *is_said)
{
	struct run run = {0};

	for (size_t i = 0; i + 1 < reading->word_count && !*is_said; i++) {
		if (strcmp(reading->words[i].folded, "for") ||
			reading->words[i].is_used ||
			!may_be_name(reading, i + 1) ||
			means_somebody_else(reading, i + 1))
			continue;
		*is_said = true;
		run.first = i + 1;
	}
	while (!*is_said && run.first < reading->word_count &&
		(!may_be_name(reading, run.first) ||
			(!is_asked && means_somebody_else(reading, run.first))))
		run.first++;
	while (run.count < NAME_WORDS &&
		run.first + run.count < reading->word_count &&
		may_be_name(reading, run.first + run.count) &&
		(!run.count || is_asked || *is_said ||
			!means_somebody_else(reading, run.first + run.count))) {
		run.count++;
		if (reading->words[run.first + run.count - 1].ends_part)
			break;
	}
	return run;
}

/* Fills the field with the one patient of that name, or narrows it to several;
 * FOUND_NOTHING when there is none. */
static enum found take_run(struct filling *filling, struct reading *reading,
	struct run run, struct error *error)
{
	struct strbuf words AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = NULL;
	size_t count = 0, last = 0;

	run_text(reading, run, &words);
	rows = patients_called(filling->request, words.text, error);
	if (!rows)
		return FOUND_WRONG;
	for (size_t row = 0; row < rows_count(rows); row++) {
		if (!is_called(filling->request, rows, row, words.text))
			continue;
		last = row;
		count++;
	}
	if (!count)
		return FOUND_NOTHING;
	for (size_t i = 0; i < run.count; i++)
		reading->words[run.first + i].is_used = true;
	if (count == 1)
		form_fill(filling->form, filling->index,
			rows_text(rows, last, "person"),
			rows_text(rows, last, "name"));
	else
		form_narrow(filling->form, filling->index, words.text);
	return count == 1 ? FOUND_VALUE : FOUND_HINT;
}

static enum found find_visit_patient(struct filling *filling,
	struct reading *reading, bool is_asked, struct error *error)
{
	struct strbuf words AUTO(strbuf_release) = STRBUF_INIT;
	enum found own = find_for_whom(filling, reading, is_asked, error);
	bool is_said = false;
	struct run run;

	if (own != FOUND_NOTHING || !is_staff(filling->request))
		return own;
	if (!reading_look_up(reading, filling->request, error))
		return FOUND_WRONG;
	run = find_run(reading, is_asked, &is_said);
	/* "tom baker follow-up" names Tom Baker. */
	for (size_t count = run.count; count; count--)
		for (size_t skip = 0; skip + count <= run.count; skip++) {
			enum found found = take_run(filling, reading,
				(struct run){run.first + skip, count}, error);

			if (found != FOUND_NOTHING)
				return found;
		}
	if (!run.count || !(is_asked || is_said))
		return FOUND_NOTHING;
	run_text(reading, run, &words);
	for (size_t i = 0; i < run.count; i++)
		reading->words[run.first + i].is_used = true;
	(void)failed(error, ERROR_USAGE,
		filling->request->roles & ROLE_ADMIN
			? "I find no patient called \"%s\", see \"people\""
			: "you have no patient called \"%s\"",
		words.text);
	return FOUND_WRONG;
}

void add_patient_choice(const struct filling *filling, const struct rows *rows,
	size_t row, const char *note_column, struct choices *choices)
{
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
	const char *name = rows_text(rows, row, "name");
	const char *born = rows_text(rows, row, "birth_date");

	strbuf_add(&label, name);
	if (born)
		say(&label, filling->request->language, ", born {date}", "date",
			born, NULL);
	choice_set(choices_add(
			   choices, rows_text(rows, row, "person"), label.text),
		name, note_column ? rows_text(rows, row, note_column) : NULL,
		NULL);
}

/* Too many to choose from are asked for by name. */
static bool choose_visit_patient(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const char *words = filling->form->values[filling->index].hint;
	struct rows *rows AUTO(rows_release) = NULL;

	if (!is_staff(filling->request) ||
		(filling->request->has_dependants && !words))
		return choose_for_whom(filling, choices, error);
	rows = patients_called(filling->request, words, error);
	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++)
		if (is_called(filling->request, rows, row, words))
			add_patient_choice(filling, rows, row, NULL, choices);
	if (!choices->count && !(filling->request->roles & ROLE_ADMIN))
		return failed(error, ERROR_MISSING,
			"you have no patients yet: patients and the clinic "
			"book their first visit. To be a patient yourself "
			"write \"register\"");
	if (choices->count > SHOWN)
		choices_reset(choices);
	if (choices->count == 1 && words)
		choices->picked = 0;
	return true;
}

const struct field_type field_visit_patient = {
	.name = "patient of a visit",
	.form_type = "text-single",
	.find = find_visit_patient,
	.choose = choose_visit_patient,
	.how = "a number, a name, or \"stop\"",
};
