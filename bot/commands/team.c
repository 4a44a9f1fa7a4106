/* team.c - care teams: the doctors of one patient, in a room of their own. */
#include <string.h>

#include "base/memory.h"
#include "commands/list.h"
#include "commands/talks.h"
#include "desk/fields.h"
#include "desk/wording.h"

/* What is said first, and what it means. */
static const char *const actions[] = {"add", "add", "invite", "add", "remove",
	"remove", "take out", "remove", "history", "history", NULL};

static const char *action_of(const struct form *form)
{
	const char *said = form_text(form, "action");

	for (size_t i = 0; said && actions[i]; i += 2)
		if (strcmp(said, actions[i]) == 0)
			return actions[i + 1];
	return "";
}

static bool changes_team(
	const struct request *request UNUSED, const struct form *form)
{
	const char *action = action_of(form);

	return *action && strcmp(action, "history") != 0;
}

#define SINCE_FIELD                                                       \
	{                                                                 \
		.name = "since", .type = &field_since,                    \
		.label = "History since", .question = "Since which day?", \
		.need = FIELD_OPTIONAL,                                   \
	}

static const struct field team_fields[] = {
	SINCE_FIELD,
	{
		.name = "patient",
		.type = &field_team,
		.label = "Patient",
		.question = "The team of which patient?",
	},
	{
		.name = "action",
		.type = &field_choice,
		.label = "Add, remove or history",
		.question = "Shall I add or remove somebody?",
		.need = FIELD_OPTIONAL,
		.options = actions,
	},
	{
		.name = "doctor",
		.type = &field_doctor,
		.label = "Doctor",
		.question = "Which doctor?",
		.is_wanted = changes_team,
	},
};

/* The first name of the patient, as it can be typed. */
static char *short_patient(const char *name)
{
	return xstrndup(name, strcspn(name, " "));
}

static bool add_doctor(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"team_add", request->jid, form_text(form, "patient"),
		form_text(form, "doctor"), STORE_END);

	if (!rows)
		return false;
	const char *patient = rows_text(rows, 0, "patient_name");
	char *first AUTO(free_text) = short_patient(patient);
	const char *doctor = rows_text(rows, 0, "doctor_name");
	if (rows_bool(rows, 0, "is_new_team"))
		say(answer, request->language,
			"{patient} has a team now, with {doctor} in it. You "
			"get an invitation to its room: xmpp:{room}?join",
			"patient", patient, "doctor", doctor, "room",
			rows_text(rows, 0, "room"), NULL);
	else
		say(answer, request->language,
			rows_bool(rows, 0, "is_new")
				? "{doctor} is in the team of {patient} now."
				: "{doctor} is in the team of {patient} "
				  "already. \"team {first}\" shows who is.",
			"doctor", doctor, "patient", patient, "first", first,
			NULL);
	return true;
}

static void say_left(const struct request *request, const struct rows *rows,
	bool is_asker, struct strbuf *answer)
{
	say(answer, request->language,
		is_asker ? "You are not in the team of {patient} any more."
			 : "{doctor} is not in the team of {patient} any more.",
		"doctor", rows_text(rows, 0, "doctor_name"), "patient",
		rows_text(rows, 0, "patient_name"), NULL);
	if (rows_bool(rows, 0, "is_closed"))
		say(answer, request->language,
			" Nobody is left in it, so it is closed.", NULL);
}

static bool remove_doctor(struct request *request, const struct form *form,
	const char *doctor, struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "team_remove", request->jid,
			form_text(form, "patient"), doctor, STORE_END);

	if (!rows)
		return false;
	say_left(request, rows, !doctor, answer);
	return true;
}

static bool show_team(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"teams", request->jid, form_text(form, "patient"), STORE_END);
	const char *patient = form_label(form, "patient");
	char *first AUTO(free_text) = short_patient(patient);

	if (!rows)
		return false;
	if (!rows_count(rows))
		say(answer, request->language,
			"{patient} has no team yet. To make one, name a doctor "
			"to talk with: \"team {first}: add dr chen\".",
			"patient", patient, "first", first, NULL);
	else
		say(answer, request->language,
			"The team of {patient}:\n{members}\nWrite \"team "
			"{first}: add dr chen\" or \"team {first}: remove dr "
			"chen\" to change it. Its room: xmpp:{room}?join",
			"patient", rows_text(rows, 0, "patient_name"),
			"members", rows_text(rows, 0, "members"), "room",
			rows_text(rows, 0, "room"), "first", first, NULL);
	return true;
}

static bool run_team(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *action = action_of(form);

	if (strcmp(action, "add") == 0)
		return add_doctor(request, form, answer, error);
	if (strcmp(action, "remove") == 0)
		return remove_doctor(request, form, form_text(form, "doctor"),
			answer, error);
	if (strcmp(action, "history") == 0 || form_text(form, "since"))
		return tell_team_history(request, form, answer, error);
	return show_team(request, form, answer, error);
}

const struct command command_team = {
	.name = "team",
	.words = "^care team 9, ^team of 9, team for 8, make a team 9, "
		 "start a team 9, create a team 9, to the team of 9, "
		 "who is in the team 9",
	.summary = "who looks after a patient with you: add, remove, history",
	.synopsis = "team PATIENT [: add or remove DOCTOR, or history]",
	.example = "team jane: add dr chen",
	.roles = ROLE_DOCTOR | ROLE_ADMIN,
	.fields = team_fields,
	.field_count = COUNT_OF(team_fields),
	.run = run_team,
};

static const struct field history_fields[] = {
	SINCE_FIELD,
	{
		.name = "patient",
		.type = &field_team,
		.label = "Patient",
		.question = "The team of which patient?",
	},
};

const struct command command_team_history = {
	.name = "team history",
	.words = "history of team 9, history of the team 9, "
		 "history of care team 9, history with team 9, "
		 "history with the team 9, what was said in the team 9, "
		 "what did the team say 9, messages of team 9, "
		 "messages of the team 9",
	.summary = "what was said in a patient's team",
	.synopsis = "team history PATIENT [since DAY]",
	.example = "history of team jane since monday",
	.roles = ROLE_DOCTOR,
	.fields = history_fields,
	.field_count = COUNT_OF(history_fields),
	.run = tell_team_history,
};

static bool run_teams(struct request *request, const struct form *form UNUSED,
	struct strbuf *answer, struct error *error)
{
	enum { PAGE = 20 };
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "teams", request->jid, NULL, STORE_END);

	if (!rows)
		return false;
	size_t count = rows_count(rows);
	if (!count) {
		say(answer, request->language,
			"There is no team yet. To make one, name a patient and "
			"a doctor to talk with: \"team jane: add dr chen\".",
			NULL);
		return true;
	}
	size_t from = request->list_from < count ? request->list_from : count;
	size_t shown = request_page(request, count - from, PAGE);
	if (!from)
		say(answer, request->language, "Teams:", NULL);
	for (size_t row = from; row < from + shown; row++) {
		struct strbuf members AUTO(strbuf_release) = STRBUF_INIT;

		for (const char *at = rows_text(rows, row, "members");
			at && *at; at++)
			strbuf_add(&members,
				*at == '\n' ? ", " : (char[]){*at, '\0'});
		if (answer->length)
			strbuf_add_char(answer, '\n');
		say(answer, request->language, "{patient}: {members}",
			"patient", rows_text(rows, row, "patient_name"),
			"members", members.text, NULL);
	}
	return true;
}

const struct command command_teams = {
	.name = "teams",
	.words = "my teams 9, which teams 9, care teams 9, list teams 9, "
		 "all teams 9",
	.summary = "the teams that you are in",
	.synopsis = "teams",
	.example = "teams",
	.roles = ROLE_DOCTOR | ROLE_ADMIN,
	.run = run_teams,
};

static const struct field leave_fields[] = {{
	.name = "patient",
	.type = &field_team,
	.label = "Patient",
	.question = "The team of which patient?",
}};

static bool run_leave(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	return remove_doctor(request, form, NULL, answer, error);
}

const struct command command_leave_team = {
	.name = "leave team",
	.words = "leave the team 9, leave my team 9, leave the care team 9, "
		 "quit the team 9, take me out of the team 9, "
		 "out of the team 8",
	.summary = "leave a patient's team",
	.synopsis = "leave team PATIENT",
	.example = "leave team jane",
	.roles = ROLE_DOCTOR,
	.fields = leave_fields,
	.field_count = COUNT_OF(leave_fields),
	.run = run_leave,
};

static bool confirm_close(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error UNUSED)
{
	say(question, request->language,
		"Close the team of {patient} and its room? (yes / no)",
		"patient", form_label(form, "patient"), NULL);
	*is_question = true;
	return true;
}

static bool run_close(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "team_close", request->jid,
			form_text(form, "patient"), STORE_END);

	if (!rows)
		return false;
	say(answer, request->language,
		"The team of {patient} is closed, and those in it are told.",
		"patient", rows_text(rows, 0, "patient_name"), NULL);
	return true;
}

const struct command command_close_team = {
	.name = "close team",
	.words = "close the team 9, end the team 9, end team 9, "
		 "dissolve the team 9, delete team 9, delete the team 9",
	.summary = "close a patient's team and its room",
	.synopsis = "close team PATIENT [, yes]",
	.example = "close team jane",
	.roles = ROLE_DOCTOR | ROLE_ADMIN,
	.fields = leave_fields,
	.field_count = COUNT_OF(leave_fields),
	.confirm = confirm_close,
	.run = run_close,
};
