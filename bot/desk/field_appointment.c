/* field_appointment.c - fields that choose one, or several, of somebody's
 * appointments. */
#include "desk/fields.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/text.h"
#include "desk/when.h"
#include "desk/wording.h"

/* What a sentence says of an appointment, kept as a hint of eight words: code,
 * doctor's id, first and last day, time, a part of the patient's name, a word of the
 * kind of visit, and which of them, "all" or "2"; "-" for what it does not say. */
struct sought {
	char code[16], doctor[24], first[16], last[16], time[8], patient[48],
		kind[48], which[8];
};
#define SOUGHT_NOTHING                                 \
	{                                              \
		"-", "-", "-", "-", "-", "-", "-", "-" \
	}
#define ALL "all"

static const char *unless_dash(const char *text)
{
	return strcmp(text, "-") == 0 ? NULL : text;
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

static bool may_be_name(const struct reading *reading, size_t at)
{
	const struct word *word = &reading->words[at];

	return at < reading->word_count && !word->is_used &&
	       !(reading->word_count == 1 && strcmp(word->folded, "no") == 0) &&
	       strcspn(word->folded, "'") >= 2 &&
	       !reading_is_filler(word->folded) && !is_of_when(reading, word);
}

/* A doctor names a visit by a word of its patient's name, an admin, who has many
 * more patients, by some: "tom_baker". */
static bool seek_patient(
	struct reading *reading, size_t most, struct sought *sought)
{
	struct strbuf name AUTO(strbuf_release) = STRBUF_INIT;
	size_t at = 0;

	while (at < reading->word_count && !may_be_name(reading, at))
		at++;
	for (size_t i = at; i < at + most && may_be_name(reading, i); i++) {
		struct word *word = &reading->words[i];

		strbuf_addf(&name, "%s%.*s", i > at ? "_" : "",
			(int)strcspn(word->folded, "'"), word->folded);
		word->is_used = true;
		if (word->ends_part)
			break;
	}
	if (!name.length)
		return false;
	(void)snprintf(
		sought->patient, sizeof(sought->patient), "%s", name.text);
	return true;
}

/* What all of are meant is no name of a patient. */
static void use_nouns(struct reading *reading)
{
	static const char *const nouns[] = {"appointments", "visits",
		"bookings", "patients", "them", "today's", "tomorrow's"};

	for (size_t i = 0; i < COUNT_OF(nouns); i++) {
		int place = reading_find_phrase(reading, nouns[i]);

		if (place >= 0)
			reading_use_phrase(reading, place, nouns[i]);
	}
}

/* "all of them", but not "all that follow", which is said of one. */
static bool seek_all(const struct filling *filling, struct reading *reading,
	struct sought *sought)
{
	static const char *const phrases[] = {"all of", "all my", "all our",
		"all his", "all her", "all the visits", "all the appointments",
		"all visits", "all appointments", "all bookings", "all with",
		"all for", "everyone", "everybody", "all on", "all today",
		"all tomorrow", "all patients", "every visit",
		"every appointment", "everything", "both", "=all"};

	if (filling->field->type != &field_appointments ||
		reading_find_phrase(reading, "everything after") >= 0)
		return false;
	for (size_t i = 0; i < COUNT_OF(phrases); i++) {
		int place = reading_find_phrase(reading, phrases[i]);

		if (place < 0)
			continue;
		reading->words[place].is_used = true;
		reading->is_agreed = false; /* they are named first */
		use_nouns(reading);
		(void)snprintf(sought->which, sizeof(sought->which), ALL);
		return true;
	}
	return false;
}

/* "the second", "the first one"; "the second of december" is a day. */
static bool seek_place(const struct filling *filling, struct reading *reading,
	struct sought *sought)
{
	static const char *const ordinals[] = {
		"first", "second", "third", "fourth", "fifth", "sixth"};

	for (size_t i = 0; i < COUNT_OF(ordinals); i++) {
		int place = reading_find_phrase(reading, ordinals[i]);
		size_t next = (size_t)place + 1;

		if (place < 0 ||
			(next < reading->word_count &&
				reading_is_when(reading, (size_t)place) &&
				reading_is_when(reading, next)))
			continue;
		(void)snprintf(
			sought->which, sizeof(sought->which), "%zu", i + 1);
		reading_take(reading, filling->request, (size_t)place, 1);
		return true;
	}
	return false;
}

/* What is said without a code. */
static bool seek_words(const struct filling *filling, struct reading *reading,
	const char *child, struct sought *sought)
{
	unsigned roles = filling->request->roles;
	bool is_which = seek_all(filling, reading, sought) ||
			seek_place(filling, reading, sought);
	bool is_named = (roles & (ROLE_PATIENT | ROLE_ADMIN)) &&
			seek_doctor(reading, sought);

	if (*child)
		(void)snprintf(
			sought->patient, sizeof(sought->patient), "%s", child);
	is_named = is_named || *child;
	if ((!is_named && (roles & ROLE_DOCTOR)) ||
		(!*child && (roles & ROLE_ADMIN)))
		is_named = seek_patient(reading, roles & ROLE_ADMIN ? 3 : 1,
				   sought) ||
			   is_named;
	return seek_day(filling, reading, sought) || is_named || is_which;
}

/* "surgery": a word that the kind of one of the visits has. */
static bool seek_kind(struct filling *filling, struct reading *reading,
	struct sought *sought, struct error *error)
{
	struct rows *rows AUTO(rows_release) = NULL;

	if (!reading_has_rest(reading))
		return true;
	rows = store_call(filling->request->store, error, "appointments",
		filling->request->jid, NULL, NULL, STORE_END);
	for (size_t i = 0; rows && i < reading->word_count; i++) {
		struct word *word = &reading->words[i];

		for (size_t row = 0; row < rows_count(rows); row++) {
			if (word->is_used || reading_is_filler(word->folded) ||
				!has_word(rows_text(rows, row, "visit_type"),
					word->folded))
				continue;
			word->is_used = true;
			(void)snprintf(sought->kind, sizeof(sought->kind), "%s",
				word->folded);
		}
	}
	return rows != NULL;
}

static enum found find_appointment(struct filling *filling,
	struct reading *reading, bool is_asked, struct error *error)
{
	struct sought sought = SOUGHT_NOTHING;
	struct strbuf child AUTO(strbuf_release) = STRBUF_INIT;
	bool is_sought;
	char hint[240];

	if (!seek_code(reading, &sought)) {
		if (!reading_look_up(reading, filling->request, error) ||
			!take_child_name(
				reading, filling->request, &child, error))
			return FOUND_WRONG;
		is_sought = seek_words(filling, reading, child.text, &sought);
		if (!is_asked && !seek_kind(filling, reading, &sought, error))
			return FOUND_WRONG;
		if (!is_sought && !unless_dash(sought.kind))
			return FOUND_NOTHING;
	}
	(void)snprintf(hint, sizeof(hint), "%s %s %s %s %s %s %s %s",
		sought.code, sought.doctor, sought.first, sought.last,
		sought.time, sought.patient, sought.kind, sought.which);
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
	(void)snprintf(hint, sizeof(hint), "%.15s - - - - - - -", code);
	form_narrow(form, field, hint);
	return true;
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
	if (unless_dash(sought->kind) &&
		!has_word(rows_text(rows, row, "visit_type"), sought->kind))
		return false;
	if (unless_dash(sought->doctor) &&
		strcmp(sought->doctor, rows_text(rows, row, "doctor")))
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
	if (!is_doctor && !rows_bool(rows, row, "is_usual")) {
		add_visit_type(&label, filling->request->language,
			rows_text(rows, row, "visit_type"),
			rows_bool(rows, row, "is_video"));
		strbuf_add(&label, ", ");
	}
	say_moment(&label, filling->request->language,
		moment_of(rows, row, "starts"), filling->request->now,
		SAY_DAY | SAY_TIME);
	choice_set(choices_add(choices, code, label.text), NULL,
		is_doctor || !rows_number(rows, row, "following")
			? NULL
			: rows_text(rows, row, "following"),
		NULL);
}

/* Whether it begins what is left of a series. */
static bool is_first_of_series(const struct rows *rows, size_t row)
{
	long long series = rows_number(rows, row, "series");

	for (size_t i = 0; i < row; i++)
		if (rows_number(rows, i, "series") == series)
			return false;
	return rows_number(rows, row, "following") > 0;
}

/* "Cancel the series" means one that has begun or not, from its next visit on. */
static bool is_of_form(const struct filling *filling, const struct rows *rows,
	bool is_agenda, size_t row)
{
	return is_agenda || !takes_following(filling->form) ||
	       is_first_of_series(rows, row);
}

static void add_sought(struct filling *filling, const struct sought *sought,
	const struct rows *rows, bool is_agenda, struct choices *choices)
{
	for (size_t row = 0; row < rows_count(rows); row++)
		if (is_sought_row(sought, rows, row) &&
			(unless_dash(sought->code) ||
				is_of_form(filling, rows, is_agenda, row)))
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

/* One choice of all of them: their codes, and a line for each. */
static void join(struct choices *choices)
{
	struct strbuf codes AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf lines AUTO(strbuf_release) = STRBUF_INIT;

	for (size_t i = 0; i < choices->count; i++) {
		strbuf_addf(
			&codes, "%s%s", i ? " " : "", choices->items[i].value);
		strbuf_addf(
			&lines, "%s%s", i ? "\n" : "", choices->items[i].label);
	}
	choices_reset(choices);
	(void)choices_add(choices, codes.text, lines.text);
}

/* Of those that fit, all or the one whose place was said, if it is there. */
static bool pick_which(const struct sought *sought, struct choices *choices,
	struct error *error)
{
	size_t place = strtoul(sought->which, NULL, 10);

	if (strcmp(sought->which, ALL) == 0 && choices->has_more)
		return failed(error, ERROR_USAGE,
			"these are more than I can do at once, please name a "
			"day");
	if (strcmp(sought->which, ALL) == 0 && choices->count > 1)
		join(choices);
	if (choices->count == 1)
		choices->picked = 0;
	else if (place && place <= choices->count)
		choices->picked = (int)place - 1;
	return true;
}

/* By the words of a name: with all of them, or else with the first alone, because
 * the others may have meant something else. */
static struct rows *visits_of(
	struct request *request, struct sought *sought, struct error *error)
{
	char words[sizeof(sought->patient)];
	struct rows *rows;

	(void)snprintf(words, sizeof(words), "%s", sought->patient);
	(void)snprintf(sought->patient, sizeof(sought->patient), "-");
	for (char *at = words; (at = strchr(at, '_'));)
		*at = ' ';
	rows = store_call(request->store, error, "visits_of", request->jid,
		words, STORE_END);
	if (!rows || rows_count(rows) || !strchr(words, ' '))
		return rows;
	rows_release(&rows);
	words[strcspn(words, " ")] = '\0';
	return store_call(request->store, error, "visits_of", request->jid,
		words, STORE_END);
}

static bool choose_appointment(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const struct request *request = filling->request;
	const char *hint = filling->form->values[filling->index].hint;
	struct sought sought = SOUGHT_NOTHING;
	struct rows *rows AUTO(rows_release) = NULL;
	bool is_by_name;

	if (hint && sscanf(hint, "%15s %23s %15s %15s %7s %47s %47s %7s",
			    sought.code, sought.doctor, sought.first,
			    sought.last, sought.time, sought.patient,
			    sought.kind, sought.which) != 8)
		return failed(error, ERROR_BUG, "I lost my notes");
	is_by_name = (request->roles & ROLE_ADMIN) &&
		     !unless_dash(sought.code) && unless_dash(sought.patient);
	rows = is_by_name ? visits_of(filling->request, &sought, error)
			  : store_call(request->store, error, "appointments",
				    request->jid, unless_dash(sought.code),
				    unless_dash(sought.doctor), STORE_END);
	if (!rows)
		return false;
	if (rows_count(rows) == 1 && unless_dash(sought.code) &&
		strcmp(rows_text(rows, 0, "state"), "cancelled") == 0)
		return failed(error, ERROR_CONFLICT,
			"the visit \"%s\" is cancelled already",
			rows_text(rows, 0, "code"));
	add_sought(filling, &sought, rows, false, choices);
	if (!is_by_name && (request->roles & ROLE_DOCTOR) &&
		!unless_dash(sought.code) && !unless_dash(sought.doctor) &&
		!unless_dash(sought.kind) &&
		!add_agenda(filling, &sought, choices, error))
		return false;
	if (!choices->count)
		return failed(error, ERROR_MISSING,
			request->roles & ROLE_ADMIN
				? "I find no such visit to come, please write "
				  "its code or its patient's name: \"cancel "
				  "A7K3F\" or \"cancel Jane Doe\""
			: !(request->roles & ROLE_PATIENT)
				? "I find no such visit, please write its "
				  "code: \"cancel A7K3F\""
			: hint ? "you have no such appointment, write "
				 "\"appointments\" to see yours"
			       : "you have no appointments to come, write "
				 "\"book\" to make one");
	return pick_which(&sought, choices, error);
}

const struct field_type field_appointment = {
	.name = "appointment",
	.form_type = "text-single",
	.find = find_appointment,
	.choose = choose_appointment,
	.how = "a number, a code, or \"stop\"",
};

const struct field_type field_appointments = {
	.name = "appointments",
	.form_type = "text-single",
	.find = find_appointment,
	.choose = choose_appointment,
	.how = "a number, a code, \"all\", or \"stop\"",
};
