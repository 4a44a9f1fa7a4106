/* requests.c - visits that a doctor wants to confirm: she says yes or no. */
#include <stdio.h>
#include <string.h>

#include "commands/answers.h"
#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

/* Requests told at once. */
#define REQUESTS_SHOWN 20

/* Says it with {patient}, {time}, {code} and {doctor} of the first row. */
static void say_of(struct strbuf *answer, const struct request *request,
	const struct rows *rows, const char *sentence)
{
	struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;

	say_moment(&time, request->language, moment_of(rows, 0, "starts"),
		request->now, SAY_DAY | SAY_TIME);
	add_zone(&time, request);
	say(answer, request->language, sentence, "patient",
		rows_text(rows, 0, "patient_name"), "time", time.text, "code",
		rows_text(rows, 0, "code"), NULL);
}

bool approve_request(struct request *request, const char *code,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"approve", request->jid, code, STORE_END);

	if (!rows)
		return false;
	say_of(answer, request, rows,
		rows_bool(rows, 0, "is_again")
			? "It is booked already: {patient}, {time} ({code})."
			: "Booked: {patient}, {time} ({code}). I tell them.");
	return true;
}

static bool decline_because(struct request *request, const char *code,
	const char *reason, struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"decline", request->jid, code, reason, STORE_END);

	if (!rows)
		return false;
	say_of(answer, request, rows,
		rows_bool(rows, 0, "is_again")
			? "It is over already: {patient}, {time} ({code})."
			: "Declined: {patient}, {time} ({code}). I tell them.");
	return true;
}

bool decline_request(struct request *request, const char *code,
	struct strbuf *answer, struct error *error)
{
	return decline_because(request, code, NULL, answer, error);
}

/* Answers each of several, on a line of its own; what was refused is said there,
 * so that the others are answered all the same. */
static bool answer_each(struct request *request, const char *codes,
	const char *reason, bool is_approval, struct strbuf *answer,
	struct error *error)
{
	if (!strchr(codes, ' '))
		return is_approval
			       ? approve_request(request, codes, answer, error)
			       : decline_because(
					 request, codes, reason, answer, error);
	for (size_t length; *codes; codes += length + (codes[length] == ' ')) {
		char code[16];

		length = strcspn(codes, " ");
		(void)snprintf(code, sizeof(code), "%.*s", (int)length, codes);
		if (answer->length)
			strbuf_add_char(answer, '\n');
		if (is_approval ? approve_request(request, code, answer, error)
				: decline_because(
					  request, code, reason, answer, error))
			continue;
		if (error->kind == ERROR_UNAVAILABLE)
			return false;
		strbuf_addf(answer, "%s: %s.", code, error->message);
	}
	return true;
}

/* "A7K3F  Thu 3 Dec, 15:20  Jane Doe, until Tue 1 Dec, 08:00" */
static void add_request(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	struct strbuf until AUTO(strbuf_release) = STRBUF_INIT;

	strbuf_addf(answer, "\n%s  ", rows_text(rows, row, "code"));
	say_moment(answer, request->language, moment_of(rows, row, "starts"),
		request->now, SAY_DAY | SAY_TIME);
	strbuf_addf(answer, "  %s", rows_text(rows, row, "patient_name"));
	if (!rows_bool(rows, row, "is_mine"))
		strbuf_addf(
			answer, " (%s)", rows_text(rows, row, "doctor_name"));
	if (!rows_bool(rows, row, "is_usual"))
		strbuf_addf(answer, ", %s", rows_text(rows, row, "visit_type"));
	if (rows_number(rows, row, "missed") > 0)
		say(answer, request->language,
			rows_number(rows, row, "missed") == 1
				? ", missed a visit before"
				: ", missed {count} visits before",
			"count", rows_text(rows, row, "missed"), NULL);
	say_moment(&until, request->language, moment_of(rows, row, "until"),
		request->now, SAY_DAY | SAY_TIME);
	say(answer, request->language, ", until {until}", "until", until.text,
		NULL);
}

static bool is_request(const struct rows *rows, size_t row)
{
	return strcmp(rows_text(rows, row, "kind"), "request") == 0;
}

static bool run_requests(struct request *request,
	const struct form *form UNUSED, struct strbuf *answer,
	struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "questions", request->jid, STORE_END);
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;
	size_t count = 0, last = request->list_from;

	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++)
		count += is_request(rows, row);
	if (count > request->list_from)
		last += request_page(
			request, count - request->list_from, REQUESTS_SHOWN);
	if (!count) {
		say(answer, request->language,
			"No request waits for an answer.", NULL);
		return true;
	}
	add_zone(&zone, request);
	say(answer, request->language, "These requests wait{zone}:", "zone",
		zone.text, NULL);
	count = 0;
	for (size_t row = 0; row < rows_count(rows); row++) {
		if (!is_request(rows, row))
			continue;
		if (count >= request->list_from && count < last)
			add_request(answer, request, rows, row);
		count++;
	}
	say(answer, request->language,
		"\nWrite \"approve\" or \"decline\" and the code.", NULL);
	return true;
}

const struct command command_requests = {
	.name = "requests",
	.words = "my requests 9, open requests 9, pending requests 9, "
		 "show requests 9, who asks for 7, =pending 8, any requests 9",
	.summary = "visits that wait for your yes or no",
	.synopsis = "requests",
	.example = "requests",
	.roles = ROLE_DOCTOR | ROLE_ADMIN,
	.run = run_requests,
};

static const char *const requests_alone[] = {"request", NULL};

static const struct field approve_fields[] = {{
	.name = "question",
	.type = &field_question,
	.label = "Request",
	.question = "Which request?",
	.options = requests_alone,
}};

static bool run_approve(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	return answer_each(request, form_text(form, "question"), NULL, true,
		answer, error);
}

const struct command command_approve = {
	.name = "approve",
	.words = "^accept 8, ^i approve 9, ^say yes to 9",
	.summary = "say yes to a visit that you are asked for",
	.synopsis = "approve [CODE or PATIENT or all]",
	.example = "approve A7K3F",
	.roles = ROLE_DOCTOR | ROLE_ADMIN,
	.fields = approve_fields,
	.field_count = COUNT_OF(approve_fields),
	.run = run_approve,
};

static const struct field decline_fields[] = {
	{
		.name = "question",
		.type = &field_question,
		.label = "Request",
		.question = "Which request?",
		.options = requests_alone,
	},
	{
		.name = "reason",
		.type = &field_reason,
		.label = "Reason",
		.question = "Why?",
		.need = FIELD_OPTIONAL,
	},
};

static bool run_decline(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	return answer_each(request, form_text(form, "question"),
		form_text(form, "reason"), false, answer, error);
}

const struct command command_decline = {
	.name = "decline",
	.words = "^refuse 9, ^reject 9, ^turn down 9, ^say no to 9",
	.summary = "say no to a visit that you are asked for",
	.synopsis = "decline [CODE or PATIENT or all] [because REASON]",
	.example = "decline A7K3F because I am at a congress",
	.roles = ROLE_DOCTOR | ROLE_ADMIN,
	.fields = decline_fields,
	.field_count = COUNT_OF(decline_fields),
	.run = run_decline,
};

static const char *const on_or_off[] = {"on", "on: I ask you before each visit",
	"off", "off: patients book at once", NULL};

static const struct field approval_fields[] = {
	{
		.name = "approval",
		.type = &field_choice,
		.label = "Ask me before each visit",
		.question = "Shall I ask you before each visit?",
		.need = FIELD_OPTIONAL,
		.options = on_or_off,
	},
	{
		.name = "time",
		.type = &field_answer_time,
		.label = "Time to answer",
		.question = "How long do you want to have to answer?",
		.need = FIELD_OPTIONAL,
	},
};

static bool run_approval(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *wanted = form_text(form, "approval");
	const char *minutes = form_text(form, "time");
	const char *is_wanted = !wanted                     ? NULL
				: strcmp(wanted, "on") == 0 ? "true"
							    : "false";
	struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) =
		is_wanted || minutes
			? store_call(request->store, error, "approval_set",
				  request->jid, is_wanted, minutes, STORE_END)
			: store_call(request->store, error, "approval",
				  request->jid, STORE_END);

	if (!rows)
		return false;
	say_duration(&time, request->language, rows_number(rows, 0, "minutes"));
	say(answer, request->language,
		rows_bool(rows, 0, "is_on")
			? "I ask you before each visit, and you have {time} to "
			  "answer. Write \"approval off\" to let patients book "
			  "at once, or for example \"approval within 3 hours\"."
			: "Patients book your free times at once. Write "
			  "\"approval on\" if I shall ask you before each "
			  "visit.",
		"time", time.text, NULL);
	return true;
}

const struct command command_approval = {
	.name = "approval",
	.words = "^approvals 9, ^approve mode 9, ask me before each visit 8, "
		 "^confirm requests 8",
	.summary = "whether I ask you before each visit",
	.synopsis = "approval [on or off] [within TIME]",
	.example = "approval on, within 24 hours",
	.roles = ROLE_DOCTOR,
	.fields = approval_fields,
	.field_count = COUNT_OF(approval_fields),
	.run = run_approval,
};
