/* visit_types.c - the kinds of visit that doctors and specialties have. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

static const struct field visit_types_fields[] = {{
	.name = "owner",
	.type = &field_type_owner,
	.label = "Doctor or specialty",
	.question = "Of which doctor or specialty?",
	.need = FIELD_OPTIONAL,
}};

static bool is_staff(const struct request *request)
{
	return (request->roles & (ROLE_DOCTOR | ROLE_ADMIN)) != 0;
}

/* "Follow-up: 10 min, 25 EUR"; staff see its rules too. */
static void add_type(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row, bool is_known)
{
	struct strbuf rules AUTO(strbuf_release) = STRBUF_INIT;
	struct visit_settings type;

	visit_settings_of(&type, rows, row);
	if (!is_known) { /* each doctor may have another length and fee */
		type.numbers[VISIT_MINUTES] = VISIT_UNSAID;
		type.fee[0] = '\0';
	}
	strbuf_addf(answer, "\n%s", type.name);
	if (is_known || type.video == true)
		strbuf_add(answer, ": ");
	say_visit_kind(answer, request->language, &type);
	say_visit_rules(&rules, request->language, &type);
	if (is_staff(request) && rules.length)
		strbuf_addf(answer, "\n    %s", rules.text + 2);
	visit_settings_release(&type);
}

/* What to write next. */
static void add_advice(struct strbuf *answer, const struct request *request,
	const struct form *form, const struct rows *rows)
{
	struct strbuf with AUTO(strbuf_release) = STRBUF_INIT;

	if (owner_doctor(form)) {
		strbuf_add(&with, in_words(request->language, " with "));
		add_short_name(&with, form_label(form, "owner"));
	}
	if (request->roles & ROLE_ADMIN)
		say(answer, request->language,
			"\nTo change or add one write for example \"visit type "
			"dr ruiz, Follow-up, 10 min, 25 EUR\".",
			NULL);
	else if (request->roles & ROLE_DOCTOR)
		say(answer, request->language,
			"\nTo change or add one of yours write for example "
			"\"visit type Follow-up, 10 min, 25 EUR\".",
			NULL);
	else
		say(answer, request->language,
			"\nTo book one write for example \"book "
			"{name}{with}\".",
			"name", rows_text(rows, rows_count(rows) - 1, "name"),
			"with", with.text, NULL);
}

static bool run_visit_types(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *owner = form_label(form, "owner");
	bool is_every = !owner && (request->roles & ROLE_ADMIN);
	const char *before = "";
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "visit_types", request->jid,
			owner_doctor(form), owner_specialty(form), STORE_END);

	if (!rows)
		return false;
	if (!rows_count(rows))
		return failed(error, ERROR_MISSING,
			owner ? "there is nothing to book there yet"
			      : "there is nothing to book here yet");
	if (!is_every)
		say(answer, request->language,
			owner ? "{owner}:" : "Kinds of visit:", "owner", owner,
			NULL);
	for (size_t row = 0; row < rows_count(rows); row++) {
		const char *whose = rows_text(rows, row, "owner");

		if (is_every && strcmp(whose, before) != 0)
			strbuf_addf(answer, "%s%s:", row ? "\n" : "", whose);
		before = whose;
		add_type(answer, request, rows, row,
			is_every || owner_doctor(form) ||
				(owner && strcmp(whose, owner) == 0));
	}
	add_advice(answer, request, form, rows);
	return true;
}

const struct command command_visit_types = {
	.name = "visit types",
	.words = "kinds of visit 8, kinds of visits 8, types of visit 8, "
		 "types of visits 8, what visits 8, which visits 7, "
		 "my visit types 9, all visit types 9, show visit types 9, "
		 "list visit types 9",
	.summary = "the kinds of visit: length, fee, rules",
	.synopsis = "visit types [DOCTOR or SPECIALTY]",
	.example = "visit types dr ruiz",
	.roles = ROLE_KNOWN,
	.fields = visit_types_fields,
	.field_count = COUNT_OF(visit_types_fields),
	.run = run_visit_types,
};

/* What the form says of the type, without its name. Whether it says anything. */
static bool read_form(const struct form *form, struct visit_settings *settings)
{
	const char *said = form_text(form, "settings");
	const char *length = form_text(form, "length");

	visit_settings_init(settings);
	if (said && !visit_settings_load(settings, said))
		visit_settings_init(settings);
	if (length && !form_note(form, "length"))
		settings->numbers[VISIT_MINUTES] = strtol(length, NULL, 10);
	return said || !form_note(form, "length");
}

static bool lacks_length(
	const struct request *request UNUSED, const struct form *form)
{
	struct visit_settings settings;
	bool is_known;

	(void)read_form(form, &settings);
	is_known = settings.numbers[VISIT_MINUTES] != VISIT_UNSAID;
	visit_settings_release(&settings);
	return !is_known;
}

static const struct field visit_type_fields[] = {
	{
		.name = "owner",
		.type = &field_type_owner,
		.label = "Doctor or specialty",
		.question = "Of which doctor or specialty?",
	},
	{
		.name = "name",
		.type = &field_type_name,
		.label = "Name",
		.question = "What is it called? (for example Follow-up)",
	},
	{
		.name = "settings",
		.type = &field_type_settings,
		.label = "Fee and rules, for example: 25 EUR, video, 5 min "
			 "before, 10 min after, notice 2 hours, at most 60 "
			 "days ahead, at most 4 a day, cancel until 24 hours "
			 "before, move until 12 hours before, room ECG",
		.question = "What else? (for example 25 EUR, video)",
		.need = FIELD_OPTIONAL,
	},
	{
		.name = "length",
		.type = &field_type_length,
		.label = "Length in minutes",
		.question = "How long is it? (for example 20 min)",
		.is_wanted = lacks_length,
		.is_dependent = true,
	},
};

static void say_settings(struct strbuf *out, const struct request *request,
	const struct visit_settings *settings)
{
	struct strbuf said AUTO(strbuf_release) = STRBUF_INIT;

	say_visit_kind(&said, request->language, settings);
	say_visit_rules(&said, request->language, settings);
	strbuf_add(out, said.text + (said.text[0] == ',' ? 2 : 0));
}

static bool confirm_visit_type(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error)
{
	struct strbuf said AUTO(strbuf_release) = STRBUF_INIT;
	struct visit_settings settings;
	bool is_said = read_form(form, &settings);

	/* A new one without a fee costs nothing: that is said before the yes. */
	if (!form_note(form, "length") && !settings.fee[0])
		(void)snprintf(settings.fee, sizeof(settings.fee), "0 %s",
			request->currency);
	say_settings(&said, request, &settings);
	visit_settings_release(&settings);
	if (!is_said)
		return failed(error, ERROR_USAGE,
			"that visit is there already; to change it write what, "
			"for example \"visit type %s, 30 min, 50 EUR\"",
			form_text(form, "name"));
	say(question, request->language,
		form_note(form, "length")
			? "{owner}, {name}: now {settings}; the rest stays. "
			  "Shall I save it? (yes / no)"
			: "{owner}, {name}: {settings}. Shall I save it? (yes "
			  "/ no)",
		"owner", form_label(form, "owner"), "name",
		form_text(form, "name"), "settings", said.text, NULL);
	*is_question = true;
	return true;
}

static bool run_visit_type(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct visit_settings settings;
	char *json AUTO(free_text) = NULL;
	struct rows *rows AUTO(rows_release) = NULL;

	(void)read_form(form, &settings);
	json = visit_settings_print(&settings);
	visit_settings_release(&settings);
	rows = store_call(request->store, error, "visit_type_set", request->jid,
		owner_doctor(form), owner_specialty(form),
		form_text(form, "name"), json, STORE_END);
	if (!rows)
		return false;
	say(answer, request->language,
		rows_bool(rows, 0, "is_new")
			? "Saved: {owner} has the visit {name} now, and "
			  "patients can book it."
			: "Saved: {name} of {owner} is changed. Visits that "
			  "are booked stay as they are.",
		"owner", form_label(form, "owner"), "name",
		rows_text(rows, 0, "name"), NULL);
	return true;
}

const struct command command_visit_type = {
	.name = "visit type",
	.words = "new visit type 9, add visit type 9, add a visit type 9, "
		 "change visit type 9, set visit type 9, new kind of visit 9",
	.summary = "add or change a kind of visit",
	.synopsis = "visit type [DOCTOR or SPECIALTY,] NAME, MINUTES [, FEE] "
		    "[, video] [, RULES]",
	.example = "visit type Follow-up, 10 min, 25 EUR, notice 2 hours",
	.roles = ROLE_DOCTOR | ROLE_ADMIN,
	.fields = visit_type_fields,
	.field_count = COUNT_OF(visit_type_fields),
	.confirm = confirm_visit_type,
	.run = run_visit_type,
};

static const struct field remove_visit_type_fields[] = {
	{
		.name = "owner",
		.type = &field_type_owner,
		.label = "Doctor or specialty",
		.question = "Of which doctor or specialty?",
	},
	{
		.name = "type",
		.type = &field_owned_type,
		.label = "Kind of visit",
		.question = "Which one?",
		.is_dependent = true,
	},
};

static bool confirm_remove(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error UNUSED)
{
	say(question, request->language,
		"Remove {name} of {owner}? Nobody can book it any more; what "
		"is booked stays. (yes / no)",
		"name", form_text(form, "type"), "owner",
		form_label(form, "owner"), NULL);
	*is_question = true;
	return true;
}

static bool run_remove(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"visit_type_remove", request->jid, owner_doctor(form),
		owner_specialty(form), form_text(form, "type"), STORE_END);

	if (!rows)
		return false;
	say(answer, request->language, "Removed: {name} of {owner}.", "name",
		rows_text(rows, 0, "name"), "owner", form_label(form, "owner"),
		NULL);
	return true;
}

const struct command command_remove_visit_type = {
	.name = "remove visit type",
	.words = "delete visit type 9, remove kind of visit 9",
	.summary = "take a kind of visit away",
	.synopsis = "remove visit type [DOCTOR or SPECIALTY,] NAME",
	.example = "remove visit type Follow-up",
	.roles = ROLE_DOCTOR | ROLE_ADMIN,
	.fields = remove_visit_type_fields,
	.field_count = COUNT_OF(remove_visit_type_fields),
	.confirm = confirm_remove,
	.run = run_remove,
};
