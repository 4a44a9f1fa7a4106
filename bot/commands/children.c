/* children.c - whom a patient books for besides themselves. */
#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

static const struct field add_child_fields[] = {
	{
		.name = "name",
		.type = &field_child_name,
		.label = "Name",
		.question = "What is the name of the child or relative?",
	},
	{
		.name = "birth",
		.type = &field_birth,
		.label = "Date of birth",
		.question = "When was {first} born? (for example 2019-05-02)",
	},
};

static bool run_add_child(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct strbuf first AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"child_add", request->jid, form_text(form, "name"),
		form_text(form, "birth"), STORE_END);

	if (!rows)
		return false;
	add_given_name(&first, rows_text(rows, 0, "name"));
	say(answer, request->language,
		rows_bool(rows, 0, "is_new")
			? "Added: {name}, born {born}. Write for example "
			  "\"book for {first}\" to make an appointment."
			: "{name}, born {born}, is on your list already. Write "
			  "\"book for {first}\" to make an appointment.",
		"name", rows_text(rows, 0, "name"), "born",
		rows_text(rows, 0, "birth_date"), "first", first.text, NULL);
	return true;
}

const struct command command_add_child = {
	.name = "add child",
	.words = "add a child 9, add my child 9, add another child 9, add son "
		 "9, add my son 9, add a son 9, add daughter 9, add my "
		 "daughter 9, add a daughter 9, add kid 9, add my kid 9, add "
		 "baby 9, add my baby 9, add dependant 9, add a dependant 9, "
		 "add dependent 9, add a dependent 9, add relative 9, add a "
		 "relative 9, add my mother 9, add my father 9, add my wife 9, "
		 "add my husband 9, register my child 9, register my son 9, "
		 "register my daughter 9, register my kid 9, register a child "
		 "9",
	.summary = "add a child or relative, to book for them",
	.synopsis = "add child NAME, DATE OF BIRTH",
	.example = "add child Leo, 2019-05-02",
	.roles = ROLE_PATIENT,
	.fields = add_child_fields,
	.field_count = COUNT_OF(add_child_fields),
	.run = run_add_child,
};

static void add_next_visit(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;

	if (!rows_text(rows, row, "next_starts"))
		return;
	say_moment(&time, request->language,
		moment_of(rows, row, "next_starts"), request->now,
		SAY_DAY | SAY_TIME);
	say(answer, request->language, ", next visit {time} with {doctor}",
		"time", time.text, "doctor",
		rows_text(rows, row, "next_doctor_name"), NULL);
}

static bool run_children(struct request *request,
	const struct form *form UNUSED, struct strbuf *answer,
	struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "children", request->jid, STORE_END);

	if (!rows)
		return false;
	if (!rows_count(rows)) {
		say(answer, request->language,
			"There is nobody on your list yet. Write for example "
			"\"add child Leo, 2019-05-02\", and you can book for "
			"that child or relative.",
			NULL);
		return true;
	}
	say(answer, request->language, "You can book for:", NULL);
	for (size_t row = 0; row < rows_count(rows); row++) {
		strbuf_add_char(answer, '\n');
		say(answer, request->language, "{name}, born {born}", "name",
			rows_text(rows, row, "name"), "born",
			rows_text(rows, row, "birth_date"), NULL);
		add_next_visit(answer, request, rows, row);
	}
	say(answer, request->language,
		"\nWrite \"add child\" or \"remove child\" to change the list.",
		NULL);
	return true;
}

const struct command command_children = {
	.name = "children",
	.words = "my children 9, my kids 9, =kids 9, my dependants 9, my "
		 "dependents 9, =dependants 9, =dependents 9, my family 9, "
		 "=family 9, my relatives 9, who can i book for 9, whom can i "
		 "book for 9",
	.summary = "whom you can book for",
	.synopsis = "children",
	.example = "children",
	.roles = ROLE_PATIENT,
	.run = run_children,
};

static const struct field remove_child_fields[] = {{
	.name = "child",
	.type = &field_child,
	.label = "Child or relative",
	.question = "Who shall be taken off your list?",
}};

static bool confirm_remove_child(struct request *request,
	const struct form *form, struct strbuf *question, bool *is_question,
	struct error *error UNUSED)
{
	say(question, request->language,
		"Take {name} off your list? (yes / no)", "name",
		form_label(form, "child"), NULL);
	*is_question = true;
	return true;
}

static bool run_remove_child(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "child_remove", request->jid,
			form_text(form, "child"), STORE_END);

	if (!rows)
		return false;
	say(answer, request->language,
		"{name} is off your list. The clinic keeps the record of past "
		"visits.",
		"name", rows_text(rows, 0, "name"), NULL);
	return true;
}

const struct command command_remove_child = {
	.name = "remove child",
	.words = "remove my child 9, remove my son 9, remove my daughter 9, "
		 "remove dependant 9, remove dependent 9, remove relative 9, "
		 "delete child 9, delete my child 9, remove my kid 9",
	.summary = "take a child or relative off your list",
	.synopsis = "remove child NAME",
	.example = "remove child Leo",
	.roles = ROLE_PATIENT,
	.fields = remove_child_fields,
	.field_count = COUNT_OF(remove_child_fields),
	.confirm = confirm_remove_child,
	.run = run_remove_child,
};
