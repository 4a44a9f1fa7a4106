/* field_question.c - what waits: requests and offers for a yes or no, and patients
 * for time to come free. */
#include "desk/fields.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/text.h"
#include "desk/wording.h"

static bool looks_like_code(const char *word)
{
	return strlen(word) == 5 &&
	       strspn(word, "0123456789abcdefghijklmnopqrstuvwxyz") == 5 &&
	       strcspn(word, "0123456789") < 5 &&
	       strspn(word, "0123456789") < 5;
}

/* Any code may be named: whether it can be answered still is said by who knows. */
static bool take_code(struct filling *filling, struct reading *reading)
{
	for (size_t i = 0; i < reading->word_count; i++) {
		struct word *word = &reading->words[i];
		char code[8] = "";

		if (word->is_used || !looks_like_code(word->folded))
			continue;
		word->is_used = true;
		for (size_t c = 0; c < 5; c++)
			code[c] = (char)toupper((unsigned char)word->folded[c]);
		form_fill(filling->form, filling->index, code, NULL);
		return true;
	}
	return false;
}

/* The hint: every one of them. */
#define ALL "all"

/* "all", "both of them"; of times that are offered one is taken. */
static bool means_all(
	const struct filling *filling, const struct reading *reading)
{
	static const char *const phrases[] = {
		"all", "both", "everything", "everyone", "everybody", "each"};
	const char *const *kinds = filling->field->options;

	if (!kinds || strcmp(kinds[0], "request") != 0)
		return false;
	for (size_t i = 0; i < COUNT_OF(phrases); i++)
		if (reading_find_phrase(reading, phrases[i]) >= 0)
			return true;
	return false;
}

static struct rows *questions(struct filling *filling, struct error *error)
{
	return store_call(filling->request->store, error, "questions",
		filling->request->jid, STORE_END);
}

/* The kinds that the field wants, "request" or "offer"; NULL: any. */
static bool is_wanted(
	const struct filling *filling, const struct rows *rows, size_t row)
{
	const char *const *kinds = filling->field->options;

	for (size_t i = 0; kinds && kinds[i]; i++)
		if (strcmp(kinds[i], rows_text(rows, row, "kind")) == 0)
			return true;
	return !kinds;
}

/* Whether a word of the sentence is one of the patient's name. */
static bool is_named(struct reading *reading, const char *patient)
{
	struct strbuf name AUTO(strbuf_release) = STRBUF_INIT;

	text_fold(patient, &name);
	for (size_t i = 0; i < reading->word_count; i++) {
		const struct word *word = &reading->words[i];
		size_t length = strcspn(word->folded, "'");
		const char *at = name.text;

		if (word->is_used || length < 2 ||
			reading_is_filler(word->folded))
			continue;
		for (; at && *at; at = strchr(at, ' ')) {
			at += *at == ' ';
			if (strncmp(at, word->folded, length) == 0 &&
				(!at[length] || at[length] == ' '))
				return true;
		}
	}
	return false;
}

static enum found find_question(struct filling *filling,
	struct reading *reading, bool is_asked UNUSED, struct error *error)
{
	struct strbuf codes AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = NULL;

	if (take_code(filling, reading))
		return FOUND_VALUE;
	if (means_all(filling, reading)) {
		form_narrow(filling->form, filling->index, ALL);
		return FOUND_HINT;
	}
	if (!reading_has_rest(reading))
		return FOUND_NOTHING;
	rows = questions(filling, error);
	if (!rows)
		return FOUND_WRONG;
	for (size_t row = 0; row < rows_count(rows); row++)
		if (is_wanted(filling, rows, row) &&
			is_named(reading, rows_text(rows, row, "patient_name")))
			strbuf_addf(
				&codes, "%s ", rows_text(rows, row, "code"));
	if (!codes.length)
		return FOUND_NOTHING;
	form_narrow(filling->form, filling->index, codes.text);
	return FOUND_HINT;
}

/* One choice of all of them: their codes. */
static void join(struct choices *choices)
{
	struct strbuf codes AUTO(strbuf_release) = STRBUF_INIT;

	for (size_t i = 0; i < choices->count; i++)
		strbuf_addf(
			&codes, "%s%s", i ? " " : "", choices->items[i].value);
	choices_reset(choices);
	(void)choices_add(choices, codes.text, codes.text);
}

static bool choose_question(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const char *hint = filling->form->values[filling->index].hint;
	struct rows *rows AUTO(rows_release) = questions(filling, error);
	bool is_all = hint && strcmp(hint, ALL) == 0;

	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
		const char *code = rows_text(rows, row, "code");
		bool is_offer =
			strcmp(rows_text(rows, row, "kind"), "offer") == 0;

		if (!is_wanted(filling, rows, row) ||
			(hint && !is_all && !strstr(hint, code)))
			continue;
		strbuf_addf(&label, "%s, %s, ", code,
			rows_text(rows, row,
				is_offer ? "doctor_name" : "patient_name"));
		if (is_offer && rows_bool(rows, row, "is_for_other"))
			strbuf_addf(&label, "%s, ",
				rows_text(rows, row, "patient_name"));
		say_moment(&label, filling->request->language,
			moment_of(rows, row, "starts"), filling->request->now,
			SAY_DAY | SAY_TIME);
		choice_set(choices_add(choices, code, label.text), label.text,
			is_offer ? "offer" : "request", NULL);
	}
	if (!choices->count)
		return failed(error, ERROR_MISSING,
			"nothing waits for your yes or no just now");
	if (is_all && choices->count > 1)
		join(choices);
	if (choices->count == 1)
		choices->picked = 0;
	return true;
}

const struct field_type field_question = {
	.name = "question",
	.form_type = "text-single",
	.find = find_question,
	.choose = choose_question,
	.how = "a number, a name, or \"stop\"",
};

/* "24 hours", as field_duration reads it, or "2 days", in minutes. */
static enum found find_answer_time(struct filling *filling,
	struct reading *reading, bool is_asked, struct error *error)
{
	for (size_t i = 0; i + 1 < reading->word_count; i++) {
		const char *count = reading->words[i].folded;
		const char *unit = reading->words[i + 1].folded;
		size_t digits = strspn(count, "0123456789");
		char minutes[16];

		if (reading->words[i].is_used || !digits || digits > 2 ||
			count[digits] || strncmp(unit, "day", 3) != 0)
			continue;
		(void)snprintf(minutes, sizeof(minutes), "%d",
			(int)strtol(count, NULL, 10) * 1440);
		reading->words[i].is_used = true;
		reading->words[i + 1].is_used = true;
		form_fill(filling->form, filling->index, minutes, NULL);
		return FOUND_VALUE;
	}
	return field_duration.find(filling, reading, is_asked, error);
}

const struct field_type field_answer_time = {
	.name = "time to answer",
	.form_type = "text-single",
	.find = find_answer_time,
	.how = "for example 24 hours, or 2 days",
};

/* What somebody waits for is chosen from the list, or named by the doctor. */
static enum found find_waiting(struct filling *filling, struct reading *reading,
	bool is_asked UNUSED, struct error *error)
{
	struct strbuf ids AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = NULL;

	if (!reading_has_rest(reading))
		return FOUND_NOTHING;
	rows = store_call(filling->request->store, error, "waitlist",
		filling->request->jid, STORE_END);
	if (!rows)
		return FOUND_WRONG;
	for (size_t row = 0; row < rows_count(rows); row++)
		if (is_named(reading, rows_text(rows, row, "whom")) ||
			(rows_bool(rows, row, "is_for_other") &&
				is_named(reading,
					rows_text(rows, row, "patient_name"))))
			strbuf_addf(&ids, " %s ", rows_text(rows, row, "id"));
	if (!ids.length)
		return FOUND_NOTHING;
	form_narrow(filling->form, filling->index, ids.text);
	return FOUND_HINT;
}

static bool choose_waiting(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const char *hint = filling->form->values[filling->index].hint;
	struct rows *rows AUTO(rows_release) =
		store_call(filling->request->store, error, "waitlist",
			filling->request->jid, STORE_END);

	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
		const char *id = rows_text(rows, row, "id");
		char wanted[32];

		(void)snprintf(wanted, sizeof(wanted), " %s ", id);
		if (hint && !strstr(hint, wanted))
			continue;
		strbuf_add(&label, rows_text(rows, row, "whom"));
		if (rows_bool(rows, row, "is_for_other"))
			say(&label, filling->request->language,
				" for {patient}", "patient",
				rows_text(rows, row, "patient_name"), NULL);
		(void)choices_add(choices, id, label.text);
	}
	if (!choices->count)
		return failed(error, ERROR_MISSING,
			"you are on no waitlist just now");
	if (choices->count == 1)
		choices->picked = 0;
	return true;
}

const struct field_type field_waiting = {
	.name = "waiting",
	.form_type = "text-single",
	.find = find_waiting,
	.choose = choose_waiting,
	.how = "a number, a name, or \"stop\"",
};
