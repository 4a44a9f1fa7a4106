/* cancel.c - cancelling a visit, or several after one yes that names them. */
#include <stdio.h>
#include <string.h>

#include "commands/list.h"
#include "commands/visit_words.h"
#include "desk/fields.h"
#include "desk/wording.h"

static bool is_followed(
	const struct request *request UNUSED, const struct form *form)
{
	return form_note(form, "appointment") != NULL;
}

static const struct field cancel_fields[] = {
	{
		.name = "appointment",
		.type = &field_appointments,
		.label = "Appointment",
		.question = "Which appointment?",
	},
	{
		.name = "following",
		.type = &field_following,
		.label = "What follows too",
		.question = "It is one of several. Which shall I cancel?",
		.is_wanted = is_followed,
		.is_dependent = true,
	},
	{
		.name = "reason",
		.type = &field_reason,
		.label = "Reason",
		.question = "Why?",
		.need = FIELD_OPTIONAL,
	},
};

/* Several codes, or the code of one. */
static bool is_several(const struct form *form)
{
	return strchr(form_text(form, "appointment"), ' ') != NULL;
}

static bool confirm_cancel(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error UNUSED)
{
	const char *count =
		takes_following(form) ? form_note(form, "appointment") : NULL;

	say(question, request->language,
		is_several(form) ? "Cancel all of these?\n{appointment}\n"
		: !count         ? "Cancel {appointment}?"
		: strcmp(count, "1") == 0 ? "Cancel {appointment}, and the one "
					    "that follows?"
					  : "Cancel {appointment}, and the "
					    "{count} that follow?",
		"appointment", form_label(form, "appointment"), "count", count,
		NULL);
	if (form_text(form, "reason"))
		say(question, request->language,
			is_several(form) ? "Reason: {reason}. "
					 : " Reason: {reason}. ",
			"reason", form_text(form, "reason"), NULL);
	else if (!is_several(form))
		strbuf_add_char(question, ' ');
	say(question, request->language, "(yes / no)", NULL);
	*is_question = true;
	return true;
}

/* Whether the visit is still when the label's line of it says: its doctor may have
 * moved it while its patient thought about the question. */
static bool is_as_said(struct request *request, const char *code,
	const char *label, struct error *error)
{
	struct strbuf when AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"appointments", request->jid, code, NULL, STORE_END);
	const char *line = strstr(label, code), *said;

	if (!rows)
		return false;
	say_moment(&when, request->language, moment_of(rows, 0, "starts"),
		request->now, SAY_DAY | SAY_TIME);
	said = line ? strstr(line, when.text) : NULL;
	if (said && said < line + strcspn(line, "\n"))
		return true;
	return failed(error, ERROR_CONFLICT,
		"that visit has just moved to %s, so I have not cancelled it; "
		"write \"cancel %s\" if you do not want it then either",
		when.text, code);
}

static bool are_as_said(
	struct request *request, const struct form *form, struct error *error)
{
	const char *codes = form_text(form, "appointment");

	for (; *codes; codes += strcspn(codes, " "), codes += *codes == ' ') {
		char code[16];

		(void)snprintf(code, sizeof(code), "%.*s",
			(int)strcspn(codes, " "), codes);
		if (!is_as_said(request, code, form_label(form, "appointment"),
			    error))
			return false;
	}
	return true;
}

/* "A7K3F, Dr. Ana Ruiz, Mon 7 Dec 2026, 10:00." */
static void say_one(struct strbuf *answer, const struct request *request,
	const struct rows *rows)
{
	struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf who AUTO(strbuf_release) = STRBUF_INIT;

	say_visit(&time, request, rows, "starts");
	add_other_party(&who, request, rows, 0);
	say(answer, request->language, "Cancelled: {code}, {who}, {time}.",
		"code", rows_text(rows, 0, "code"), "who", who.text, "time",
		time.text, NULL);
}

/* A line for each. */
static void say_all(struct strbuf *answer, const struct request *request,
	const struct rows *rows)
{
	say(answer, request->language, "Cancelled:", NULL);
	for (size_t row = 0; row < rows_count(rows); row++) {
		strbuf_addf(answer, "\n%s  ", rows_text(rows, row, "code"));
		say_moment(answer, request->language,
			moment_of(rows, row, "starts"), request->now,
			SAY_DAY | SAY_TIME);
		strbuf_add(answer, "  ");
		add_other_party(answer, request, rows, row);
	}
	strbuf_add_char(answer, '\n');
}

static bool run_cancel(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = NULL;
	bool is_one;

	if (!are_as_said(request, form, error))
		return false;
	rows = store_call(request->store, error,
		is_several(form)        ? "cancel_several"
		: takes_following(form) ? "cancel_following"
					: "cancel",
		request->jid, form_text(form, "appointment"),
		form_text(form, "reason"), STORE_END);
	if (!rows)
		return false;
	is_one = rows_count(rows) == 1;
	if (is_one)
		say_one(answer, request, rows);
	else
		say_all(answer, request, rows);
	if (is_one)
		strbuf_add_char(answer, ' ');
	say(answer, request->language,
		is_patients_visit(request, rows, 0)
			? "Write \"book\" when you want another."
			: "I tell them.",
		NULL);
	return true;
}

const struct command command_cancel = {
	.name = "cancel",
	.words = "cancel 9, call off 9, delete my 9, "
		 "delete appointment 9, drop my 8, can't make it 7, "
		 "cannot make it 7, can not make it 7, can't come 7, "
		 "cannot come 7, won't come 7, will not come 7, won't be able "
		 "7, "
		 "remove my appointment 9, get rid of 7, cancle 9, "
		 "cancell 9, unbook 9, no longer need 9, "
		 "don't want to go 9, do not want to go 9, don't need 8, "
		 "forget my 8, take me off 8, won't make it 7, "
		 "will not make it 7, skip my 8, not coming 7, "
		 "can't attend 7, cannot attend 7, can't be there 7, "
		 "delete the 7",
	.summary = "cancel an appointment",
	.synopsis = "cancel [CODE or DOCTOR or all] [and all that follow] "
		    "[because REASON] [, yes]",
	.example = "cancel A7K3F because I am ill",
	.roles = ROLE_PATIENT | ROLE_DOCTOR | ROLE_ADMIN,
	.fields = cancel_fields,
	.field_count = COUNT_OF(cancel_fields),
	.confirm = confirm_cancel,
	.run = run_cancel,
};
