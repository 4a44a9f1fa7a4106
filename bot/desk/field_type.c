/* field_type.c - fields about the types of visit that the clinic has. */
#include "desk/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/duration.h"
#include "desk/text.h"
#include "desk/wording.h"

/* Whose types they are is kept as "doctor 12" or "specialty 3". */
#define OF_DOCTOR "doctor "
#define OF_SPECIALTY "specialty "

static const char *after(const char *text, const char *start)
{
	size_t length = strlen(start);

	return text && strncmp(text, start, length) == 0 ? text + length : NULL;
}

const char *owner_doctor(const struct form *form)
{
	return after(form_text(form, "owner"), OF_DOCTOR);
}

const char *owner_specialty(const struct form *form)
{
	return after(form_text(form, "owner"), OF_SPECIALTY);
}

static enum found fill_owner(struct filling *filling, const char *kind,
	const char *id, const char *name)
{
	char *value AUTO(free_text) = xasprintf("%s%s", kind, id);

	form_fill(filling->form, filling->index, value, name);
	return FOUND_VALUE;
}

/* How many words from a place on name somebody or something: "dr ana ruiz". A
 * specialty is named by its own words: "skin check" is a type's name. */
static size_t named_words(const struct reading *reading,
	const struct mention *mention, size_t from)
{
	size_t at = from;

	while (at < reading->word_count && mention->is_word[at] &&
		!reading->words[at].is_used &&
		has_word(mention->name, reading->words[at].folded)) {
		at++;
		if (reading->words[at - 1].ends_part)
			break;
	}
	return at - from;
}

/* The first words of the list may say whose type it is: "dr ruiz, ECG, 40 min". */
static bool take_owner(struct filling *filling, struct reading *reading)
{
	const struct mention *owner = NULL;
	size_t from = 0, best = 0;

	while (from < reading->word_count &&
		(reading->words[from].is_used ||
			reading_is_filler(reading->words[from].folded)))
		from++;
	for (size_t i = 0; i < reading->mention_count; i++) {
		size_t count =
			named_words(reading, &reading->mentions[i], from);

		if (count > best) {
			owner = &reading->mentions[i];
			best = count;
		}
	}
	if (!owner)
		return false;
	for (size_t i = 0; i < from + best; i++)
		reading->words[i].is_used = true;
	(void)fill_owner(filling,
		owner->kind == MENTION_DOCTOR ? OF_DOCTOR : OF_SPECIALTY,
		owner->id, owner->name);
	return true;
}

/* A doctor's types are her own; she need not say so. */
static void fill_own(struct filling *filling)
{
	const struct request *request = filling->request;
	struct strbuf name AUTO(strbuf_release) = STRBUF_INIT;
	char id[24];

	(void)snprintf(id, sizeof(id), "%lld", request->person);
	strbuf_addf(&name, "Dr. %s", request->name);
	(void)fill_owner(filling, OF_DOCTOR, id, name.text);
}

static enum found find_owner(struct filling *filling, struct reading *reading,
	bool is_asked UNUSED, struct error *error)
{
	const struct request *request = filling->request;

	if (form_text(filling->form, "owner") && !is_asked)
		return FOUND_NOTHING;
	if (!reading_look_up(reading, filling->request, error))
		return FOUND_WRONG;
	if (take_owner(filling, reading))
		return FOUND_VALUE;
	if (is_asked || !(request->roles & ROLE_DOCTOR))
		return FOUND_NOTHING;
	fill_own(filling);
	return FOUND_VALUE;
}

static bool add_owners(struct filling *filling, const char *function,
	const char *kind, struct choices *choices, struct error *error)
{
	bool is_doctor = strcmp(kind, OF_DOCTOR) == 0;
	struct request *request = filling->request;
	struct rows *rows AUTO(rows_release) =
		is_doctor ? store_call(request->store, error, function,
				    request->jid, NULL, "1970-01-01",
				    "1970-01-01", NULL, NULL, NULL, NULL,
				    STORE_END)
			  : store_call(request->store, error, function,
				    request->jid, STORE_END);

	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		char *value AUTO(free_text) =
			xasprintf("%s%s", kind, rows_text(rows, row, "id"));

		(void)choices_add(choices, value, rows_text(rows, row, "name"));
	}
	return true;
}

static bool choose_owner(
	struct filling *filling, struct choices *choices, struct error *error)
{
	if ((filling->request->roles & ROLE_ADMIN) ||
		!(filling->request->roles & ROLE_DOCTOR))
		return add_owners(
			       filling, "doctors", OF_DOCTOR, choices, error) &&
		       add_owners(filling, "specialties", OF_SPECIALTY, choices,
			       error);
	fill_own(filling);
	(void)choices_add(choices, form_text(filling->form, "owner"),
		form_label(filling->form, "owner"));
	choices->picked = 0;
	return true;
}

const struct field_type field_type_owner = {
	.name = "whose visit",
	.form_type = "text-single",
	.find = find_owner,
	.choose = choose_owner,
	.how = "a number, a name, or \"stop\"",
};

/* Keeps what a list says; the name is a field of its own. */
static enum found keep_settings(struct filling *filling,
	struct visit_settings *said, struct error *error)
{
	struct form *form = filling->form;
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
	char *json AUTO(free_text) = visit_settings_print(said);

	if (said->name && form_text(form, "name") &&
		filling->field->type == &field_type_settings) {
		(void)failed(error, ERROR_USAGE,
			"I do not understand \"%.60s\", write for example "
			"\"25 EUR, video, notice 2 hours\"",
			said->name);
		return FOUND_WRONG;
	}
	if (said->name)
		form_fill(form, form_field(form, "name"), said->name, NULL);
	say_visit_kind(&label, filling->request->language, said);
	say_visit_rules(&label, filling->request->language, said);
	if (label.length)
		form_fill(form, form_field(form, "settings"), json,
			label.text + strspn(label.text, ", "));
	return FOUND_VALUE;
}

/* A list that begins with "Video" and has no other name is of a type called so. */
static void name_by_way(
	struct visit_settings *said, const char *list, const struct form *form)
{
	if (!said->name && said->video == true && !form_text(form, "name") &&
		strncasecmp(list, "video", 5) == 0)
		said->name = xstrdup("Video");
}

/* Reads the rest of the sentence as a list of settings. Where something of it is
 * wrong, what stands before it is kept. */
static enum found read_settings(
	struct filling *filling, struct reading *reading, struct error *error)
{
	struct strbuf rest AUTO(strbuf_release) = STRBUF_INIT;
	struct visit_settings said;
	bool is_right;
	enum found found;

	if (!reading_take_rest(reading, true, &rest))
		return FOUND_NOTHING;
	is_right = visit_settings_read(
		&said, rest.text, filling->request->currency, error);
	name_by_way(&said, rest.text, filling->form);
	found = keep_settings(filling, &said, is_right ? error : NULL);
	visit_settings_release(&said);
	return is_right ? found : FOUND_WRONG;
}

static enum found find_settings(struct filling *filling,
	struct reading *reading, bool is_asked UNUSED, struct error *error)
{
	return read_settings(filling, reading, error);
}

const struct field_type field_type_settings = {
	.name = "settings of a visit",
	.form_type = "text-single",
	.is_greedy = true,
	.find = find_settings,
};

static enum found find_asked_settings(struct filling *filling,
	struct reading *reading, bool is_asked, struct error *error)
{
	return is_asked ? read_settings(filling, reading, error)
			: FOUND_NOTHING;
}

const struct field_type field_type_name = {
	.name = "name of a visit",
	.form_type = "text-single",
	.is_greedy = true,
	.find = find_asked_settings,
};

static enum found find_type_length(struct filling *filling,
	struct reading *reading, bool is_asked, struct error *error)
{
	/* At first the list says it, among other lengths of time. */
	return is_asked || form_text(filling->form, "name")
		       ? field_duration.find(filling, reading, is_asked, error)
		       : FOUND_NOTHING;
}

/* A type that is there keeps its length; its note says so. */
static bool choose_type_length(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const char *name = form_text(filling->form, "name");
	struct strbuf wanted AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) =
		store_call(filling->request->store, error, "visit_types",
			filling->request->jid, owner_doctor(filling->form),
			owner_specialty(filling->form), STORE_END);

	if (!rows)
		return false;
	text_fold(name, &wanted);
	for (size_t row = 0; row < rows_count(rows); row++) {
		struct strbuf there AUTO(strbuf_release) = STRBUF_INIT;
		const char *minutes = rows_text(rows, row, "minutes");

		text_fold(rows_text(rows, row, "name"), &there);
		if (strcmp(wanted.text, there.text) ||
			strcmp(rows_text(rows, row, "owner"),
				form_label(filling->form, "owner")))
			continue;
		choice_set(choices_add(choices, minutes, minutes), NULL,
			"unchanged", NULL);
		choices->picked = 0;
	}
	return true;
}

const struct field_type field_type_length = {
	.name = "length of a visit",
	.form_type = "text-single",
	.find = find_type_length,
	.choose = choose_type_length,
};

/* Adds what is called so (NULL: all): by its full name, or else a part of it. */
static void add_called(const struct rows *rows, const char *value_column,
	const char *owner, const char *called, struct choices *choices)
{
	for (int is_part = 0; is_part < 2 && !choices->count; is_part++) {
		for (size_t row = 0; row < rows_count(rows); row++) {
			const char *name = rows_text(rows, row, "name");
			struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;

			text_fold(name, &folded);
			if ((owner && strcmp(owner,
					      rows_text(rows, row, "owner"))) ||
				(called &&
					(is_part ? !strstr(folded.text, called)
						 : strcmp(folded.text,
							   called))))
				continue;
			(void)choices_add(choices,
				rows_text(rows, row, value_column), name);
		}
	}
	if (called && choices->count == 1)
		choices->picked = 0;
}

static bool choose_owned_type(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const char *hint = filling->form->values[filling->index].hint;
	const char *owner = form_label(filling->form, "owner");
	struct rows *rows AUTO(rows_release) =
		store_call(filling->request->store, error, "visit_types",
			filling->request->jid, owner_doctor(filling->form),
			owner_specialty(filling->form), STORE_END);

	if (!rows)
		return false;
	add_called(rows, "name", owner, hint, choices);
	return choices->count ||
	       failed(error, ERROR_MISSING,
		       "there is no such visit, see \"visit types\"");
}

static enum found find_called(struct filling *filling, struct reading *reading,
	bool is_asked UNUSED, struct error *error UNUSED)
{
	struct strbuf rest AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;

	if (!reading_take_rest(reading, true, &rest))
		return FOUND_NOTHING;
	text_fold(rest.text, &folded);
	form_narrow(filling->form, filling->index, folded.text);
	return FOUND_HINT;
}

const struct field_type field_owned_type = {
	.name = "somebody's kind of visit",
	.form_type = "text-single",
	.is_greedy = true,
	.find = find_called,
	.choose = choose_owned_type,
	.how = "a number, a name, or \"stop\"",
};

static bool choose_room(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const char *hint = filling->form->values[filling->index].hint;
	struct rows *rows AUTO(rows_release) =
		store_call(filling->request->store, error, "rooms",
			filling->request->jid, STORE_END);

	if (!rows)
		return false;
	add_called(rows, "id", NULL, hint, choices);
	return choices->count ||
	       failed(error, ERROR_MISSING,
		       hint ? "there is no such room, see \"rooms\""
			    : "there are no rooms yet, write \"add room ECG "
			      "1\" "
			      "to add one");
}

const struct field_type field_room = {
	.name = "room",
	.form_type = "text-single",
	.is_greedy = true,
	.find = find_called,
	.choose = choose_room,
	.how = "a number, a name, or \"stop\"",
};
