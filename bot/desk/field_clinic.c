/* field_clinic.c - fields that choose from what the clinic has. */
#include "desk/fields.h"

#include <ctype.h>
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

void add_fees(struct strbuf *out, const char *language, const struct rows *rows,
	size_t row)
{
	const char *fee = rows_text(rows, row, "fee");
	const char *most = rows_text(rows, row, "fee_most");
	struct strbuf least AUTO(strbuf_release) = STRBUF_INIT;

	add_fee(&least, rows, row);
	say(out, language,
		fee && most && strcmp(fee, most) ? "from {fee}" : "{fee}",
		"fee", least.text, NULL);
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
		"my last doctor", "my family doctor", "my own doctor",
		"my doctor", "his doctor", "her doctor", "their doctor",
		"=same", "=the same", "=usual", "=my usual", "=last time"};
	enum found found = find_doctor(filling, reading, is_asked, error);

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

/* What a sentence says of an appointment, kept as a hint of six words: code,
 * doctor's id, first and last day, time, and a part of the patient's name; "-"
 * for what it does not say. */
struct sought {
	char code[16], doctor[24], first[16], last[16], time[8], patient[48];
};
#define SOUGHT_NOTHING                       \
	{                                    \
		"-", "-", "-", "-", "-", "-" \
	}

static bool looks_like_code(const char *word)
{
	/* "12h20" is a time. */
	bool is_time = strspn(word, "0123456789") == 2 && word[2] == 'h' &&
		       strspn(word + 3, "0123456789") == 2;

	return !is_time && strlen(word) == 5 &&
	       strspn(word, "0123456789abcdefghijklmnopqrstuvwxyz") == 5 &&
	       strcspn(word, "0123456789") < 5 &&
	       strspn(word, "0123456789") < 5;
}

/* Five capitals are meant as a code even if none of them is a digit. */
static bool is_in_capitals(
	const struct reading *reading, const struct word *word)
{
	if (word->to - word->from != 5)
		return false;
	for (size_t i = word->from; i < word->to; i++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
			    reading->sentence[i]))
			return false;
	return true;
}

static bool seek_code(struct reading *reading, struct sought *sought)
{
	for (size_t i = 0; i < reading->word_count; i++) {
		struct word *word = &reading->words[i];

		if (word->is_used || (!looks_like_code(word->folded) &&
					     !is_in_capitals(reading, word)))
			continue;
		word->is_used = true;
		for (size_t c = 0; c <= strlen(word->folded); c++)
			sought->code[c] =
				(char)toupper((unsigned char)word->folded[c]);
		return true;
	}
	return false;
}

static bool seek_doctor(struct reading *reading, struct sought *sought)
{
	const struct mention *best = NULL;

	if (reading_best_mention(reading, MENTION_DOCTOR, &best) != 1)
		return false;
	(void)snprintf(sought->doctor, sizeof(sought->doctor), "%s", best->id);
	reading_use_mention(reading, best);
	return true;
}

/* A day names the appointment only where it cannot be the new time. */
static bool seek_day(const struct filling *filling, struct reading *reading,
	struct sought *sought)
{
	char text[CIVIL_TEXT_SIZE];

	if (!reading->has_when || !reading->when.has_day ||
		form_field(filling->form, "time") < FORM_FIELDS)
		return false;
	reading_use_when(reading);
	(void)snprintf(sought->first, sizeof(sought->first), "%.10s",
		civil_print_date(reading->when.first_day, text));
	(void)snprintf(sought->last, sizeof(sought->last), "%.10s",
		civil_print_date(reading->when.last_day, text));
	if (reading->when.has_time &&
		reading->when.first_minute == reading->when.last_minute)
		(void)snprintf(sought->time, sizeof(sought->time), "%.5s",
			civil_print_minute(reading->when.first_minute, text));
	return true;
}

static bool is_of_when(const struct reading *reading, const struct word *word)
{
	for (size_t s = 0; s < reading->when.span_count; s++)
		if (word->from < reading->when.spans[s].to &&
			word->to > reading->when.spans[s].from)
			return true;
	return false;
}

/* A doctor names a visit by its patient. */
static bool seek_patient(struct reading *reading, struct sought *sought)
{
	for (size_t i = 0; i < reading->word_count; i++) {
		struct word *word = &reading->words[i];
		size_t length = strcspn(word->folded, "'");

		if (word->is_used || length < 2 ||
			reading_is_filler(word->folded) ||
			is_of_when(reading, word))
			continue;
		(void)snprintf(sought->patient, sizeof(sought->patient), "%.*s",
			(int)length, word->folded);
		word->is_used = true;
		return true;
	}
	return false;
}

static enum found find_appointment(struct filling *filling,
	struct reading *reading, bool is_asked UNUSED, struct error *error)
{
	unsigned roles = filling->request->roles;
	struct sought sought = SOUGHT_NOTHING;
	struct strbuf child AUTO(strbuf_release) = STRBUF_INIT;
	char hint[160];
	bool is_sought = seek_code(reading, &sought);

	if (!is_sought) {
		if (!reading_look_up(reading, filling->request, error))
			return FOUND_WRONG;
		is_sought =
			(roles & ROLE_PATIENT) && seek_doctor(reading, &sought);
		if (!take_child_name(reading, filling->request, &child, error))
			return FOUND_WRONG;
		if (child.length)
			(void)snprintf(sought.patient, sizeof(sought.patient),
				"%s", child.text);
		is_sought = is_sought || child.length;
		if (!is_sought && (roles & ROLE_DOCTOR))
			is_sought = seek_patient(reading, &sought);
		is_sought = seek_day(filling, reading, &sought) || is_sought;
	}
	if (!is_sought)
		return FOUND_NOTHING;
	(void)snprintf(hint, sizeof(hint), "%s %s %s %s %s %s", sought.code,
		sought.doctor, sought.first, sought.last, sought.time,
		sought.patient);
	form_narrow(filling->form, filling->index, hint);
	return FOUND_HINT;
}

bool narrow_to_visit(struct form *form, const char *code)
{
	size_t field = form_field(form, "appointment");
	char hint[80];

	if (field >= FORM_FIELDS || form->values[field].text ||
		form->values[field].hint)
		return false;
	(void)snprintf(hint, sizeof(hint), "%.15s - - - - -", code);
	form_narrow(form, field, hint);
	return true;
}

static const char *unless_dash(const char *text)
{
	return strcmp(text, "-") == 0 ? NULL : text;
}

static bool is_sought_row(
	const struct sought *sought, const struct rows *rows, size_t row)
{
	struct strbuf name AUTO(strbuf_release) = STRBUF_INIT;
	struct civil_moment starts = moment_of(rows, row, "starts");
	char time[CIVIL_TEXT_SIZE];
	int32_t first, last;

	if (civil_read_date(sought->first, &first) &&
		civil_read_date(sought->last, &last) &&
		(starts.day < first || starts.day > last))
		return false;
	if (unless_dash(sought->time) &&
		strcmp(sought->time, civil_print_minute(starts.minute, time)))
		return false;
	text_fold(rows_text(rows, row, "patient_name"), &name);
	return !unless_dash(sought->patient) ||
	       strstr(name.text, sought->patient);
}

static void add_appointment(struct filling *filling, const struct rows *rows,
	size_t row, bool is_doctor, struct choices *choices)
{
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
	const char *code = rows_text(rows, row, "code");

	strbuf_addf(&label, "%s, ", code);
	if (!is_doctor && rows_bool(rows, row, "is_for_other")) {
		add_given_name(&label, rows_text(rows, row, "patient_name"));
		strbuf_add(&label, ", ");
	}
	strbuf_addf(&label, "%s, ",
		rows_text(
			rows, row, is_doctor ? "patient_name" : "doctor_name"));
	if (!is_doctor && !(filling->request->roles & ROLE_PATIENT))
		strbuf_addf(
			&label, "%s, ", rows_text(rows, row, "patient_name"));
	say_moment(&label, filling->request->language,
		moment_of(rows, row, "starts"), filling->request->now,
		SAY_DAY | SAY_TIME);
	choice_set(choices_add(choices, code, label.text), NULL,
		is_doctor || !rows_number(rows, row, "following")
			? NULL
			: rows_text(rows, row, "following"),
		NULL);
}

static void add_sought(struct filling *filling, const struct sought *sought,
	const struct rows *rows, bool is_agenda, struct choices *choices)
{
	for (size_t row = 0; row < rows_count(rows); row++)
		if (is_sought_row(sought, rows, row))
			add_appointment(filling, rows, row,
				is_agenda || rows_bool(rows, row,
						     "is_mine_as_doctor"),
				choices);
}

/* A doctor without a code chooses among her own visits to come, too. */
static bool add_agenda(struct filling *filling, const struct sought *sought,
	struct choices *choices, struct error *error)
{
	char from[CIVIL_TEXT_SIZE], to[CIVIL_TEXT_SIZE];
	int32_t today = filling->request->now.day;
	struct rows *rows AUTO(rows_release) = store_call(
		filling->request->store, error, "agenda", filling->request->jid,
		civil_print_date(today, from),
		civil_print_date(today + 366, to), NULL, NULL, STORE_END);

	if (!rows)
		return false;
	add_sought(filling, sought, rows, true, choices);
	return true;
}

static bool choose_appointment(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const struct request *request = filling->request;
	const char *hint = filling->form->values[filling->index].hint;
	struct sought sought = SOUGHT_NOTHING;
	struct rows *rows AUTO(rows_release) = NULL;

	if (hint && sscanf(hint, "%15s %23s %15s %15s %7s %47s", sought.code,
			    sought.doctor, sought.first, sought.last,
			    sought.time, sought.patient) != 6)
		return failed(error, ERROR_BUG, "I lost my notes");
	rows = store_call(request->store, error, "appointments", request->jid,
		unless_dash(sought.code), unless_dash(sought.doctor),
		STORE_END);
	if (!rows)
		return false;
	if (rows_count(rows) == 1 && unless_dash(sought.code) &&
		strcmp(rows_text(rows, 0, "state"), "cancelled") == 0)
		return failed(error, ERROR_CONFLICT,
			"the visit \"%s\" is cancelled already",
			rows_text(rows, 0, "code"));
	add_sought(filling, &sought, rows, false, choices);
	if ((request->roles & ROLE_DOCTOR) && !unless_dash(sought.code) &&
		!unless_dash(sought.doctor) &&
		!add_agenda(filling, &sought, choices, error))
		return false;
	if (!choices->count)
		return failed(error, ERROR_MISSING,
			!(request->roles & ROLE_PATIENT)
				? "I find no such visit, please write its "
				  "code: \"cancel A7K3F\""
			: hint ? "you have no such appointment, write "
				 "\"appointments\" to see yours"
			       : "you have no appointments to come, write "
				 "\"book\" to make one");
	if (choices->count == 1)
		choices->picked = 0;
	return true;
}

const struct field_type field_appointment = {
	.name = "appointment",
	.form_type = "text-single",
	.find = find_appointment,
	.choose = choose_appointment,
	.how = "a number, a code, or \"stop\"",
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
