/* talks.c - what was written between patients and doctors, and who may write. */
#include <stdio.h>
#include <string.h>

#include "commands/list.h"
#include "commands/talks.h"
#include "desk/fields.h"
#include "desk/wording.h"

#define MESSAGES_SHOWN 10
#define TALKS_SHOWN 10
#define BODY_SHOWN 300 /* characters of a message in a list */

/* ---- what was written ---- */

static void add_body(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	const char *body = rows_text(rows, row, "body");
	size_t length = body ? strlen(body) : 0;

	if (!body) {
		strbuf_add(answer,
			in_words(request->language, "(an encrypted message)"));
		return;
	}
	if (length > BODY_SHOWN) {
		length = BODY_SHOWN;
		while (length && ((unsigned char)body[length] & 0xc0) == 0x80)
			length--;
	}
	for (size_t i = 0; i < length; i++)
		strbuf_add_char(answer, body[i] == '\n' ? ' ' : body[i]);
	if (body[length])
		strbuf_add(answer, "...");
}

/* "  you to Dr. Chen: ", "  Dr. Chen in the team of Jane Doe: " */
static void add_writer(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	const char *team = rows_text(rows, row, "team_name");
	bool is_own = rows_bool(rows, row, "is_own");

	say(answer, request->language,
		team && is_own ? "  you in the team of {team}: "
		: team         ? "  {name} in the team of {team}: "
		: is_own       ? "  you to {name}: "
			       : "  {name}: ",
		"name", rows_text(rows, row, "other_name"), "team", team, NULL);
}

static void add_messages(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t count)
{
	for (size_t row = 0; row < count; row++) {
		strbuf_add_char(answer, '\n');
		say_moment(answer, request->language,
			moment_of(rows, row, "at_local"), request->now,
			SAY_DAY | SAY_TIME);
		add_writer(answer, request, rows, row);
		add_body(answer, request, rows, row);
		if (rows_bool(rows, row, "is_corrected"))
			strbuf_add(answer,
				in_words(request->language, " (corrected)"));
	}
}

void say_latest(
	struct strbuf *answer, const struct request *request, const char *since)
{
	say(answer, request->language,
		since ? "Since {since}, the latest first:"
		      : "The latest first:",
		"since", since, NULL);
}

/* since: as it is said, or NULL. */
static void tell_page(struct request *request, const char *since,
	const struct rows *rows, struct strbuf *answer)
{
	say_latest(answer, request, since);
	add_messages(answer, request, rows,
		request_page(request, rows_count(rows), MESSAGES_SHOWN));
}

/* The answer to both "history with" and "search". */
static bool tell_messages(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *words = form_text(form, "words");
	const char *since = form_label(form, "since");
	struct rows *rows AUTO(rows_release) = NULL;
	char most[16], skip[24];

	(void)snprintf(most, sizeof(most), "%d", MESSAGES_SHOWN + 1);
	(void)snprintf(skip, sizeof(skip), "%zu", request->list_from);
	rows = store_call(request->store, error, "messages", request->jid,
		form_text(form, "partner"), form_text(form, "since"), NULL,
		words, most, skip, STORE_END);
	if (!rows)
		return false;
	if (rows_count(rows))
		tell_page(request, since, rows, answer);
	else
		say(answer, request->language,
			words   ? "I find nothing that was written with "
				  "\"{words}\" in it."
			: since ? "Nothing was written since {since}, or "
				  "nothing was kept. Write \"privacy\" to see "
				  "what is kept."
				: "Nothing was written, or nothing was kept. "
				  "Write \"privacy\" to see what is kept.",
			"words", words, "since", since, NULL);
	return true;
}

bool tell_team_history(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *since = form_label(form, "since");
	struct rows *rows AUTO(rows_release) = NULL;
	char most[16], skip[24];

	(void)snprintf(most, sizeof(most), "%d", MESSAGES_SHOWN + 1);
	(void)snprintf(skip, sizeof(skip), "%zu", request->list_from);
	rows = store_call(request->store, error, "team_messages", request->jid,
		form_text(form, "patient"), form_text(form, "since"), most,
		skip, STORE_END);
	if (!rows)
		return false;
	if (rows_count(rows))
		tell_page(request, since, rows, answer);
	else
		say(answer, request->language,
			since ? "Nothing was said in the team of {patient} "
				"since {since}, or nothing was kept."
			      : "Nothing was said in the team of {patient}, or "
				"nothing was kept.",
			"patient", form_label(form, "patient"), "since", since,
			NULL);
	return true;
}

const struct field talk_fields[TALK_FIELDS] = {
	{
		.name = "since",
		.type = &field_since,
		.label = "Since",
		.question = "Since which day?",
		.need = FIELD_OPTIONAL,
	},
	{
		.name = "partner",
		.type = &field_partner,
		.label = "With whom",
		.question = "With whom?",
		.need = FIELD_OPTIONAL,
	},
};

const struct command command_messages = {
	.name = "history with",
	.words = "my messages 9, messages with 9, =messages 9, "
		 "what did i write 9, what was written 9, did * write 8, "
		 "did * answer 8, did * reply 8, has * written 8, "
		 "messages from 8, "
		 "message from 8, any messages 7, any new messages 8, "
		 "read my messages 9",
	.summary = "what you and a doctor or patient wrote to each other",
	.synopsis = "history with [NAME] [since DAY]",
	.example = "history with dr ruiz since monday",
	.roles = ROLE_PATIENT | ROLE_DOCTOR,
	.fields = talk_fields,
	.field_count = TALK_FIELDS,
	.run = tell_messages,
};

static const struct field search_fields[] = {{
	.name = "words",
	.type = &field_text,
	.label = "Words",
	.question = "Which words shall I look for in your messages?",
}};

const struct command command_search = {
	.name = "search",
	.words = "^search for 9, ^look for 8, ^search messages for 9",
	.summary = "find words in what you wrote and got",
	.synopsis = "search WORDS",
	.example = "search cream",
	.roles = ROLE_PATIENT | ROLE_DOCTOR,
	.fields = search_fields,
	.field_count = COUNT_OF(search_fields),
	.run = tell_messages,
};

/* ---- who may write ---- */

/* The command's name is what is decided; "end chat" is "end". */
static bool run_contact(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	static const struct {
		const char *command, *what, *said;
	} decisions[] = {
		{"block", "block",
			"{name} cannot write to you or call you any more. "
			"Write \"unblock\" to change that."},
		{"unblock", "unblock", "{name} can write to you again."},
		{"mute", "mute",
			"You get nothing from {name} now, who is told so. You "
			"can still write. \"unmute\" changes that."},
		{"unmute", "unmute", "{name} can write to you again."},
		{"end chat", "end",
			"The conversation with {name} is ended. They can write "
			"again when they book a visit, or when you write."},
		{"allow", "allow",
			"{name} may write to you at any time, visit or not. "
			"\"end chat\" changes that."},
	};
	const char *name = form->command->name;
	const char *partner = form_text(form, "partner");

	for (size_t i = 0; i < COUNT_OF(decisions); i++) {
		if (strcmp(decisions[i].command, name) != 0)
			continue;
		struct rows *rows AUTO(rows_release) = store_call(
			request->store, error, "contact_set", request->jid,
			partner, decisions[i].what, STORE_END);
		if (!rows)
			return false;
		say(answer, request->language, decisions[i].said, "name",
			rows_text(rows, 0, "name"), NULL);
		return true;
	}
	return failed(error, ERROR_BUG, "there is no such decision");
}

static const struct field doctor_fields[] = {{
	.name = "partner",
	.type = &field_doctor,
	.label = "Doctor",
	.question = "Which doctor?",
}};

static const struct field patient_fields[] = {{
	.name = "partner",
	.type = &field_patient,
	.label = "Patient",
	.question = "Which patient?",
}};

const struct command command_block = {
	.name = "block",
	.words = "^block 9",
	.summary = "get no messages from a doctor any more",
	.synopsis = "block DOCTOR",
	.example = "block dr ruiz",
	.roles = ROLE_PATIENT,
	.fields = doctor_fields,
	.field_count = COUNT_OF(doctor_fields),
	.run = run_contact,
};

const struct command command_unblock = {
	.name = "unblock",
	.words = "^unblock 9",
	.summary = "get a doctor's messages again",
	.synopsis = "unblock DOCTOR",
	.example = "unblock dr ruiz",
	.roles = ROLE_PATIENT,
	.fields = doctor_fields,
	.field_count = COUNT_OF(doctor_fields),
	.run = run_contact,
};

const struct command command_mute = {
	.name = "mute",
	.words = "^mute 9",
	.summary = "get no messages from a patient for now",
	.synopsis = "mute PATIENT",
	.example = "mute jane",
	.roles = ROLE_DOCTOR,
	.is_jargon = true,
	.fields = patient_fields,
	.field_count = COUNT_OF(patient_fields),
	.run = run_contact,
};

const struct command command_unmute = {
	.name = "unmute",
	.words = "^unmute 9",
	.summary = "get a patient's messages again",
	.synopsis = "unmute PATIENT",
	.example = "unmute jane",
	.roles = ROLE_DOCTOR,
	.is_jargon = true,
	.fields = patient_fields,
	.field_count = COUNT_OF(patient_fields),
	.run = run_contact,
};

const struct command command_end_chat = {
	.name = "end chat",
	.words = "end conversation 9, end the chat 9, end the conversation 9",
	.summary = "let a patient write again only with the next visit",
	.synopsis = "end chat PATIENT",
	.example = "end chat jane",
	.roles = ROLE_DOCTOR,
	.fields = patient_fields,
	.field_count = COUNT_OF(patient_fields),
	.run = run_contact,
};

const struct command command_allow = {
	.name = "allow",
	.words = "^allow 9, ^let 6",
	.summary = "let a patient write to you at any time",
	.synopsis = "allow PATIENT",
	.example = "allow jane",
	.roles = ROLE_DOCTOR,
	.is_jargon = true,
	.fields = patient_fields,
	.field_count = COUNT_OF(patient_fields),
	.run = run_contact,
};

/* ---- that it was written ---- */

static bool run_audit(struct request *request, const struct form *form UNUSED,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = NULL;
	char most[16], skip[24];
	size_t count;

	(void)snprintf(most, sizeof(most), "%d", TALKS_SHOWN + 1);
	(void)snprintf(skip, sizeof(skip), "%zu", request->list_from);
	rows = store_call(request->store, error, "talks", request->jid, most,
		skip, STORE_END);
	if (!rows)
		return false;
	say(answer, request->language,
		rows_count(rows) ? "Who wrote to whom, the latest first:"
				 : "No doctor and patient have written to each "
				   "other yet.",
		NULL);
	count = request_page(request, rows_count(rows), TALKS_SHOWN);
	for (size_t row = 0; row < count; row++) {
		strbuf_add_char(answer, '\n');
		say_moment(answer, request->language,
			moment_of(rows, row, "last_at"), request->now,
			SAY_DAY | SAY_TIME);
		say(answer, request->language,
			rows_bool(rows, row, "is_team")
				? "  {doctor} ({sent}) in the team of {patient}"
				: "  {doctor} ({sent}) and {patient} ({got})",
			"doctor", rows_text(rows, row, "doctor_name"), "sent",
			rows_text(rows, row, "doctor_count"), "patient",
			rows_text(rows, row, "patient_name"), "got",
			rows_text(rows, row, "patient_count"), NULL);
	}
	return true;
}

const struct command command_audit = {
	.name = "audit",
	.words = "who wrote to whom 9, who talks to whom 9, "
		 "who chats with whom 9",
	.summary = "who wrote to whom, and when: not what",
	.synopsis = "audit",
	.example = "audit",
	.roles = ROLE_ADMIN,
	.run = run_audit,
};
