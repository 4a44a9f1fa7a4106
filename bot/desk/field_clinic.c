/* field_clinic.c - fields that choose from what the clinic has. */
#include "desk/fields.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "desk/text.h"
#include "desk/when.h"
#include "desk/wording.h"

void add_short_name(struct strbuf *out, const char *name)
{
	const char *last = strrchr(name, ' ');

	if (strncmp(name, "Dr. ", 4) == 0 && last)
		strbuf_addf(out, "Dr. %s", last + 1);
	else
		strbuf_add(out, name);
}

void add_zone(struct strbuf *out, const struct request *request)
{
	if (!request->is_clinic_zone)
		strbuf_addf(out, " (%s)", request->zone);
}

void add_fee(struct strbuf *out, const struct rows *rows, size_t row)
{
	const char *fee = rows_text(rows, row, "fee");

	if (fee)
		strbuf_addf(
			out, "%s %s", fee, rows_text(rows, row, "currency"));
}

void say_fee(struct strbuf *out, const char *language, const struct rows *rows,
	size_t row)
{
	const char *fee = rows_text(rows, row, "fee");

	if (fee && strspn(fee, "0.") == strlen(fee))
		strbuf_add(out, in_words(language, "no fee"));
	else
		add_fee(out, rows, row);
}

void add_fees(struct strbuf *out, const char *language, const struct rows *rows,
	size_t row)
{
	const char *fee = rows_text(rows, row, "fee");
	const char *most = rows_text(rows, row, "fee_most");
	struct strbuf least AUTO(strbuf_release) = STRBUF_INIT;
	bool is_range = fee && most && strcmp(fee, most) != 0;

	if (is_range)
		add_fee(&least, rows, row);
	else
		say_fee(&least, language, rows, row);
	say(out, language, is_range ? "from {fee}" : "{fee}", "fee", least.text,
		NULL);
}

struct civil_moment moment_of(
	const struct rows *rows, size_t row, const char *column)
{
	struct civil_moment moment = {0};

	(void)civil_read_moment(rows_text(rows, row, column), &moment);
	return moment;
}

/* Fills the field with the one mention of its kind, or narrows it to those that
 * fit equally well: their ids, separated by spaces. */
static enum found find_mention(struct filling *filling, struct reading *reading,
	enum mention_kind kind, struct error *error)
{
	struct strbuf ids AUTO(strbuf_release) = STRBUF_INIT;
	const struct mention *best = NULL;
	size_t count;

	if (!reading_look_up(reading, filling->request, error))
		return FOUND_WRONG;
	count = reading_best_mention(reading, kind, &best);
	if (!count)
		return FOUND_NOTHING;
	for (size_t i = 0; i < reading->mention_count; i++) {
		const struct mention *mention = &reading->mentions[i];

		if (mention->kind == kind &&
			mention->score > best->score - 0.001)
			strbuf_addf(&ids, " %s ", mention->id);
	}
	if (count == 1)
		form_fill(filling->form, filling->index, best->id, best->name);
	else
		form_narrow(filling->form, filling->index, ids.text);
	reading_use_mention(reading, best);
	if (!best->is_exact)
		reading->is_agreed = false; /* it was guessed: say it back */
	return count == 1 ? FOUND_VALUE : FOUND_HINT;
}

static bool ends_with(const char *word, const char *ending)
{
	size_t length = strlen(word), tail = strlen(ending);

	return length >= tail && strcmp(word + length - tail, ending) == 0;
}

/* What is meant for a specialty, but is none that the clinic has. */
static enum found find_missing_specialty(
	struct reading *reading, struct error *error)
{
	static const char *const endings[] = {"ologist", "ologists", "ology",
		"iatrist", "iatry", "iatrician", "iatrics", "dentist",
		"surgeon", "therapist"};

	for (size_t i = 0; i < reading->word_count; i++) {
		struct word *word = &reading->words[i];

		for (size_t e = 0; e < COUNT_OF(endings); e++) {
			if (word->is_used ||
				!ends_with(word->folded, endings[e]))
				continue;
			word->is_used = true;
			(void)failed(error, ERROR_USAGE,
				"we have no \"%.40s\" here", word->folded);
			return FOUND_WRONG;
		}
	}
	return FOUND_NOTHING;
}

static enum found find_specialty(struct filling *filling,
	struct reading *reading, bool is_asked UNUSED, struct error *error)
{
	enum found found =
		find_mention(filling, reading, MENTION_SPECIALTY, error);

	return found == FOUND_NOTHING ? find_missing_specialty(reading, error)
				      : found;
}

static bool is_among(const char *ids, const char *id)
{
	char wanted[32];

	(void)snprintf(wanted, sizeof(wanted), " %s ", id);
	return strstr(ids, wanted) != NULL;
}

static bool choose_specialty(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const char *hint = filling->form->values[filling->index].hint;
	struct rows *rows AUTO(rows_release) =
		store_call(filling->request->store, error, "specialties",
			filling->request->jid, STORE_END);

	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		const char *id = rows_text(rows, row, "id");

		if (!hint || is_among(hint, id))
			(void)choices_add(
				choices, id, rows_text(rows, row, "name"));
	}
	if (!choices->count)
		return failed(error, ERROR_MISSING,
			"no specialty has a doctor yet, please ask the clinic");
	if (choices->count == 1)
		choices->picked = 0;
	return true;
}

const struct field_type field_specialty = {
	.name = "specialty",
	.form_type = "text-single",
	.find = find_specialty,
	.choose = choose_specialty,
	.how = "a number, a name, or \"stop\"",
};

/* An admin may name a doctor by the address. */
static enum found find_address_of_doctor(
	struct filling *filling, struct reading *reading, struct error *error)
{
	struct request *request = filling->request;

	for (size_t i = 0; i < reading->word_count; i++) {
		struct word *word = &reading->words[i];
		struct rows *rows AUTO(rows_release) = NULL;
		struct strbuf name AUTO(strbuf_release) = STRBUF_INIT;

		if (word->is_used || !strchr(word->folded, '@') ||
			!(request->roles & ROLE_ADMIN))
			continue;
		rows = store_call(request->store, error, "people", request->jid,
			word->folded, "2", "0", STORE_END);
		if (!rows)
			return FOUND_WRONG;
		if (rows_count(rows) != 1 ||
			!strstr(rows_text(rows, 0, "roles"), "doctor"))
			continue;
		word->is_used = true;
		strbuf_addf(&name, "Dr. %s", rows_text(rows, 0, "name"));
		form_fill(filling->form, filling->index,
			rows_text(rows, 0, "person"), name.text);
		return FOUND_VALUE;
	}
	return FOUND_NOTHING;
}

static enum found find_doctor(struct filling *filling, struct reading *reading,
	bool is_asked UNUSED, struct error *error)
{
	enum found found = find_address_of_doctor(filling, reading, error);

	return found == FOUND_NOTHING
		       ? find_mention(filling, reading, MENTION_DOCTOR, error)
		       : found;
}

/* A name after "dr" that no doctor here has. "doctor" is an ordinary word, so
 * the name after it must be written as one. */
static enum found find_missing_doctor(
	struct reading *reading, struct error *error)
{
	for (size_t i = 0; i + 1 < reading->word_count; i++) {
		const char *title = reading->words[i].folded;
		struct word *name = &reading->words[i + 1];
		const char *typed = reading->sentence + name->from;

		if (name->is_used || reading_is_when(reading, i + 1) ||
			!isalpha((unsigned char)*name->folded) ||
			(strcmp(title, "dr") &&
				(strcmp(title, "doctor") ||
					!isupper((unsigned char)*typed))))
			continue;
		name->is_used = true;
		(void)failed(error, ERROR_USAGE, "there is no Dr. %c%.*s here",
			toupper((unsigned char)*typed),
			(int)strcspn(typed + 1, " ,;.?!"), typed + 1);
		return FOUND_WRONG;
	}
	return FOUND_NOTHING;
}

/* The doctor who asks. */
static enum found fill_herself(struct filling *filling)
{
	struct strbuf name AUTO(strbuf_release) = STRBUF_INIT;
	char id[24];

	(void)snprintf(id, sizeof(id), "%lld", filling->request->person);
	strbuf_addf(&name, "Dr. %s", filling->request->name);
	form_fill(filling->form, filling->index, id, name.text);
	return FOUND_VALUE;
}

#define ANYBODY "any"
#define USUAL "usual" /* the doctor of last time */

/* Narrows the field when the sentence has one of the phrases. */
static bool find_phrase(struct filling *filling, struct reading *reading,
	const char *const *phrases, size_t count, const char *hint)
{
	for (size_t i = 0; i < count; i++) {
		int place = reading_find_phrase(reading, phrases[i]);

		if (place < 0)
			continue;
		reading_use_phrase(reading, place, phrases[i]);
		form_narrow(filling->form, filling->index, hint);
		return true;
	}
	return false;
}

/* A doctor who books for a patient means herself. */
static bool is_at_herself(const struct filling *filling)
{
	const struct request *request = filling->request;
	const struct form *form = filling->form;

	if (!(request->roles & ROLE_DOCTOR) || form_text(form, "doctor") ||
		form_hint(form, "doctor") || form_text(form, "specialty") ||
		form_hint(form, "specialty"))
		return false;
	return form_text(form, "for") || form_hint(form, "for") ||
	       !(request->roles & (ROLE_PATIENT | ROLE_ADMIN));
}

/* "any dermatologist", but not "do you have any dermatologist". */
static bool takes_any_of_specialty(const struct reading *reading)
{
	for (size_t i = 0; i + 1 < reading->word_count; i++) {
		const char *before = i ? reading->words[i - 1].folded : "";

		if (strcmp(reading->words[i].folded, "any") ||
			strcmp(before, "have") == 0 ||
			strcmp(before, "there") == 0)
			continue;
		for (size_t k = 0; k < reading->mention_count; k++)
			if (reading->mentions[k].kind == MENTION_SPECIALTY &&
				reading->mentions[k].is_word[i + 1])
				return true;
	}
	return false;
}

/* Narrows the field to the doctors of whom it is not said that they shall not be
 * it. */
static enum found find_others(
	struct filling *filling, struct reading *reading, struct error *error)
{
	struct strbuf ids AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = NULL;
	bool is_denied = false;

	for (size_t i = 0; i < reading->mention_count; i++)
		is_denied = is_denied || (reading->mentions[i].is_denied &&
						 reading->mentions[i].kind ==
							 MENTION_DOCTOR);
	if (!is_denied)
		return FOUND_NOTHING;
	rows = store_call(filling->request->store, error, "doctors",
		filling->request->jid, form_text(filling->form, "specialty"),
		NULL, NULL, NULL, NULL, NULL, NULL, STORE_END);
	if (!rows)
		return FOUND_WRONG;
	for (size_t row = 0; row < rows_count(rows); row++) {
		const char *id = rows_text(rows, row, "id");
		bool is_other = true;

		for (size_t i = 0; i < reading->mention_count; i++)
			if (reading->mentions[i].is_denied &&
				strcmp(reading->mentions[i].id, id) == 0)
				is_other = false;
		if (is_other)
			strbuf_addf(&ids, " %s ", id);
	}
	form_narrow(filling->form, filling->index, ids.text);
	return FOUND_HINT;
}

static enum found find_visit_doctor(struct filling *filling,
	struct reading *reading, bool is_asked, struct error *error)
{
	static const char *const phrases[] = {"any doctor", "whoever",
		"anybody", "anyone", "no preference", "whichever", "either",
		"does not matter", "doesn't matter", "don't care",
		"do not care", "first available", "i don't know",
		"i do not know", "not sure", "=any", "=any one", "=don't know"};
	static const char *const usual[] = {"same doctor as last time",
		"same doctor as before", "same one as last time",
		"same as last time", "same doctor again", "same doctor",
		"doctor from last time", "doctor of last time",
		"doctor i saw last time", "doctor i had last time",
		"my usual doctor", "usual doctor", "my regular doctor",
		"my last doctor", "the last doctor", "last doctor",
		"previous doctor", "the doctor again", "my family doctor",
		"my own doctor", "my doctor", "his doctor", "her doctor",
		"their doctor", "=same", "=the same", "=usual", "=my usual",
		"=last time"};
	enum found found = find_doctor(filling, reading, is_asked, error);

	if (found == FOUND_NOTHING)
		found = find_others(filling, reading, error);
	if (found != FOUND_NOTHING)
		return found;
	if (find_phrase(
		    filling, reading, phrases, COUNT_OF(phrases), ANYBODY) ||
		find_phrase(filling, reading, usual, COUNT_OF(usual), USUAL))
		return FOUND_HINT;
	if (takes_any_of_specialty(reading)) {
		form_narrow(filling->form, filling->index, ANYBODY);
		return FOUND_HINT;
	}
	found = find_missing_doctor(reading, error);
	if (found == FOUND_NOTHING && !is_asked && is_at_herself(filling))
		return fill_herself(filling);
	return found;
}

/* "Dr. Ana Ruiz, 40 EUR, next free Tue 1 Dec 09:20" */
static void add_doctor(struct filling *filling, const struct rows *rows,
	size_t row, struct choices *choices)
{
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf free_at AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf fee AUTO(strbuf_release) = STRBUF_INIT;
	const char *name = rows_text(rows, row, "name");
	const char *language = filling->request->language;

	add_fees(&fee, language, rows, row);
	strbuf_add(&label, name);
	if (fee.length)
		strbuf_addf(&label, ", %s", fee.text);
	if (rows_text(rows, row, "next_starts")) {
		say_moment(&free_at, language,
			moment_of(rows, row, "next_starts"),
			filling->request->now, SAY_DAY | SAY_TIME);
		say(&label, language,
			form_hint(filling->form, "time") ? ", free {time}"
							 : ", next free {time}",
			"time", free_at.text, NULL);
	} else {
		say(&label, language,
			form_hint(filling->form, "time") ? ", not free then"
							 : ", no free times",
			NULL);
	}
	choice_set(choices_add(choices, rows_text(rows, row, "id"), label.text),
		name, NULL, NULL);
}

/* Who is free first; of those free at the same time, whose turn it is. Nobody
 * picked: nobody is free then. */
static bool pick_first(struct filling *filling, const struct wished *wished,
	struct choices *choices, struct error *error)
{
	const struct form *form = filling->form;
	struct rows *rows AUTO(rows_release) = store_call(
		filling->request->store, error, "slots", filling->request->jid,
		NULL, form_text(form, "specialty"), wished->first_day,
		wished->last_day, wished->from, wished->to, NULL, "1", NULL,
		form_text(form, "type"), form_text(form, "for"), STORE_END);

	if (!rows)
		return false;
	for (size_t i = 0; rows_count(rows) && i < choices->count; i++)
		if (strcmp(choices->items[i].value,
			    rows_text(rows, 0, "doctor")) == 0)
			choices->picked = (int)i;
	return true;
}

/* The patient's doctor of last time as a hint, " 12 "; when there was none, it
 * says so, and any doctor may be chosen. */
static bool find_usual(struct filling *filling, struct choices *choices,
	struct strbuf *hint, struct error *error)
{
	struct request *request = filling->request;
	struct strbuf name AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "usual_doctor", request->jid,
			form_text(filling->form, "for"), STORE_END);

	if (!rows)
		return false;
	if (rows_text(rows, 0, "doctor")) {
		strbuf_addf(hint, " %s ", rows_text(rows, 0, "doctor"));
		return true;
	}
	add_given_name(&name, rows_text(rows, 0, "patient_name"));
	say(&choices->intro, request->language,
		is_own_id(request, form_text(filling->form, "for"))
			? "You have not been with a doctor here yet. Which "
			  "doctor?"
			: "{name} has not been with a doctor here yet. Which "
			  "doctor?",
		"name", name.text, NULL);
	return true;
}

static bool choose_doctor(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const char *hint = filling->form->values[filling->index].hint;
	bool is_any = hint && strcmp(hint, ANYBODY) == 0;
	struct strbuf usual AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = NULL;
	struct wished wished;

	if (hint && strcmp(hint, USUAL) == 0) {
		if (!find_usual(filling, choices, &usual, error))
			return false;
		hint = usual.length ? usual.text : NULL;
	}
	wished_read(&wished, filling->form);
	rows = store_call(filling->request->store, error, "doctors",
		filling->request->jid, form_text(filling->form, "specialty"),
		wished.first_day, wished.last_day, wished.from, wished.to,
		form_text(filling->form, "type"),
		form_text(filling->form, "for"), STORE_END);
	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++)
		if (!hint || is_any ||
			is_among(hint, rows_text(rows, row, "id")))
			add_doctor(filling, rows, row, choices);
	if (!choices->count && form_text(filling->form, "specialty"))
		return failed(error, ERROR_MISSING,
			"we have no doctor for %s yet, please ask the clinic",
			form_label(filling->form, "specialty"));
	if (!choices->count)
		return failed(error, ERROR_MISSING,
			"there is no doctor to choose from, please ask the "
			"clinic");
	if (choices->count == 1)
		choices->picked = 0;
	else if (is_any)
		return pick_first(filling, &wished, choices, error);
	return true;
}

const struct field_type field_doctor = {
	.name = "doctor",
	.form_type = "text-single",
	.find = find_doctor,
	.choose = choose_doctor,
	.how = "a number, a name, or \"stop\"",
};

const struct field_type field_visit_doctor = {
	.name = "doctor of a visit",
	.form_type = "text-single",
	.find = find_visit_doctor,
	.choose = choose_doctor,
	.how = "a number, a name, \"any\", or \"stop\"",
};

static enum found find_asked_doctor(struct filling *filling,
	struct reading *reading, bool is_asked, struct error *error)
{
	enum found found = find_doctor(filling, reading, is_asked, error);

	if (found == FOUND_NOTHING)
		found = find_missing_doctor(reading, error);
	if (found != FOUND_NOTHING ||
		!(filling->request->roles & ROLE_DOCTOR) ||
		form_text(filling->form, filling->field->name))
		return found;
	return fill_herself(filling);
}

const struct field_type field_asked_doctor = {
	.name = "doctor asked about",
	.form_type = "text-single",
	.find = find_asked_doctor,
	.choose = choose_doctor,
	.how = "a number, a name, or \"stop\"",
};
