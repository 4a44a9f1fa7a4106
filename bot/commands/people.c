/* people.c - who somebody is: registering, one's own details, the register. */
#include "commands/people.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

/* A clinic that keeps nothing has nothing to ask. */
static bool is_keeping(
	const struct request *request, const struct form *form UNUSED)
{
	return request->keeps_messages;
}

static const struct field register_fields[] = {
	{
		.name = "name",
		.type = &field_name,
		.label = "Full name",
		.question = "What is your full name?",
	},
	{
		.name = "birth",
		.type = &field_birth,
		.label = "Date of birth",
		.question = "Thank you, {first}. Your date of birth? (for "
			    "example 1990-04-23)",
	},
	{
		.name = "contact",
		.type = &field_contact,
		.label = "Phone or e-mail",
		.question = "Your phone number or e-mail, so that the clinic "
			    "can reach you? (or \"skip\")",
		.need = FIELD_SKIPPABLE,
	},
	{
		.name = "keep",
		.type = &field_agreement,
		.label = "Keep my messages with my record",
		.question = "Shall the clinic keep what you and your doctor "
			    "write to each other with your record? You can "
			    "change this at any time with \"privacy\". (yes / "
			    "no)",
		.is_wanted = is_keeping,
	},
};

/* The question as it was asked, for the record; NULL: it was not. */
static const char *asked_to_keep(
	const struct request *request, const struct form *form)
{
	return form_text(form, "keep")
		       ? in_words(request->language,
				 register_fields[form_field(form, "keep")]
					 .question)
		       : NULL;
}

static bool run_register(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *contact = form_text(form, "contact");
	bool is_email = contact && strchr(contact, '@');
	const char *name = form_text(form, "name");
	char *first AUTO(free_text) = xstrndup(name, strcspn(name, " "));

	if (!store_do(request->store, error, "register", request->jid, name,
		    form_text(form, "birth"), is_email ? NULL : contact,
		    is_email ? contact : NULL, form_text(form, "keep"),
		    asked_to_keep(request, form), STORE_END))
		return false;
	say(answer, request->language,
		"You are registered, {first}. Try \"book\", \"doctors\" or "
		"\"help\".",
		"first", first, NULL);
	return true;
}

const struct command command_register = {
	.name = "register",
	.words = "sign up 8, sign me up 8, new patient 7, ^join 7",
	.summary = "register as a patient",
	.synopsis = "register [name, date of birth, phone or e-mail]",
	.example = "register Jane Doe, 1990-04-23, jane@example.org",
	.roles = ROLE_STRANGER | ROLE_DOCTOR | ROLE_ADMIN,
	.fields = register_fields,
	.field_count = COUNT_OF(register_fields),
	.run = run_register,
};

static void add_line(struct strbuf *answer, const struct request *request,
	const char *line, const char *value)
{
	if (!value)
		return;
	if (answer->length)
		strbuf_add_char(answer, '\n');
	say(answer, request->language, line, "value", value, NULL);
}

static bool run_my_details(struct request *request,
	const struct form *form UNUSED, struct strbuf *answer,
	struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "my", request->jid, STORE_END);

	if (!rows)
		return false;
	add_line(answer, request, "Name: {value}", rows_text(rows, 0, "name"));
	add_line(answer, request, "Born: {value}",
		rows_text(rows, 0, "birth_date"));
	add_line(
		answer, request, "Phone: {value}", rows_text(rows, 0, "phone"));
	add_line(answer, request, "E-mail: {value}",
		rows_text(rows, 0, "email"));
	add_line(answer, request, "Time zone: {value}",
		rows_text(rows, 0, "zone"));
	add_line(answer, request, "{value}",
		in_words(request->language,
			"To change something write for example \"my phone +34 "
			"600 123 456\" or \"my timezone America/Bogota\"."));
	return true;
}

const struct command command_my_details = {
	.name = "my details",
	.words = "my data 9, my profile 9, who am i 9, =my 9, "
		 "my account 8, what's my phone 9, what is my phone 9, "
		 "what's my number 9, what's my email 9, "
		 "what is my email 9, what's my name 9, "
		 "what do you know 9, know about me 9",
	.summary = "what the clinic knows about you",
	.synopsis = "my details",
	.example = "my details",
	.roles = ROLE_KNOWN,
	.run = run_my_details,
};

/* "my phone ..." sets what stands after "my" in the command's name. */
static bool run_my(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *what = form->command->name + strlen("my ");
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "my_set", request->jid, what,
			form_text(form, "value"), STORE_END);

	if (!rows)
		return false;
	say(answer, request->language, "Your {what} is now {value}.", "what",
		in_words(request->language, what), "value",
		rows_text(rows, 0, "value"), NULL);
	return true;
}

/* A doctor's hours stay in the zone that they were set in. */
static bool say_hours_zone(
	struct strbuf *answer, struct request *there, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(there->store, error, "hours", there->jid, STORE_END);

	if (!rows)
		return false;
	if (rows_count(rows) &&
		strcmp(rows_text(rows, 0, "zone"), there->zone) != 0)
		say(answer, there->language,
			" Your hours stay by the clocks of {zone}, where you "
			"were when you set them; set them again with \"hours\" "
			"to have them by those of {here}.",
			"zone", rows_text(rows, 0, "zone"), "here", there->zone,
			NULL);
	return true;
}

static bool run_my_timezone(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct request there;
	bool is_done;

	if (!store_do(request->store, error, "my_set", request->jid, "timezone",
		    form_text(form, "value"), STORE_END))
		return false;
	is_done = request_open(
		&there, request->store, request->jid, request->session, error);
	if (is_done) {
		char time[CIVIL_TEXT_SIZE];

		say(answer, request->language,
			"Your time zone is now {zone}, where it is {time}. I "
			"will tell you all times so.",
			"zone", there.zone, "time",
			civil_print_minute(there.now.minute, time), NULL);
		if (there.roles & ROLE_DOCTOR)
			is_done = say_hours_zone(answer, &there, error);
	}
	request_release(&there);
	return is_done;
}

static bool confirm_my_name(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error UNUSED)
{
	say(question, request->language,
		"Shall I write you as {name} from now on? (yes / no)", "name",
		form_text(form, "value"), NULL);
	*is_question = true;
	return true;
}

static const struct field my_name_fields[] = {{
	.name = "value",
	.type = &field_name,
	.label = "Full name",
	.question = "What is your full name?",
}};

const struct command command_my_name = {
	.name = "my name",
	.words = "change my name 9, my name is 9, changed my name 9, "
		 "my new name 9",
	.summary = "change your name",
	.synopsis = "my name NAME",
	.example = "my name Jane Mary Doe",
	.roles = ROLE_KNOWN,
	.fields = my_name_fields,
	.field_count = 1,
	.confirm = confirm_my_name,
	.run = run_my,
};

static const struct field my_phone_fields[] = {{
	.name = "value",
	.type = &field_phone,
	.label = "Phone number",
	.question = "What is your phone number? (for example +34 600 123 456)",
}};

const struct command command_my_phone = {
	.name = "my phone",
	.words = "my phone number 9, my number 9, my mobile 9, "
		 "my telephone 9, my phone 9, my new number 9, "
		 "my new phone 9",
	.summary = "change your phone number",
	.synopsis = "my phone NUMBER",
	.example = "my phone +34 600 123 456",
	.roles = ROLE_KNOWN,
	.fields = my_phone_fields,
	.field_count = 1,
	.run = run_my,
};

static const struct field my_email_fields[] = {{
	.name = "value",
	.type = &field_email,
	.label = "E-mail",
	.question = "What is your e-mail address?",
}};

const struct command command_my_email = {
	.name = "my email",
	.words = "my e-mail 9, my mail 9, my email address 9, "
		 "my e-mail address 9, my email 9, my new email 9",
	.summary = "change your e-mail address",
	.synopsis = "my email ADDRESS",
	.example = "my email jane@example.org",
	.roles = ROLE_KNOWN,
	.fields = my_email_fields,
	.field_count = 1,
	.run = run_my,
};

static bool run_my_birthday(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *date = form_text(form, "value");

	if (!store_do(request->store, error, "my_set", request->jid,
		    "birth_date", date, STORE_END))
		return false;
	say(answer, request->language, "Your date of birth is now {date}.",
		"date", date, NULL);
	return true;
}

static const struct field my_birthday_fields[] = {{
	.name = "value",
	.type = &field_birth,
	.label = "Date of birth",
	.question = "What is your date of birth? (for example 1990-04-23)",
}};

const struct command command_my_birthday = {
	.name = "my birthday",
	.words = "my birthday 9, my date of birth 9, my birth date 9, "
		 "^i was born 9",
	.summary = "change your date of birth",
	.synopsis = "my birthday DATE",
	.example = "my birthday 1990-04-23",
	.roles = ROLE_KNOWN,
	.fields = my_birthday_fields,
	.field_count = COUNT_OF(my_birthday_fields),
	.run = run_my_birthday,
};

static const struct field my_timezone_fields[] = {{
	.name = "value",
	.type = &field_text,
	.label = "Time zone",
	.question = "In which time zone are you? (for example America/Bogota)",
}};

const struct command command_my_timezone = {
	.name = "my timezone",
	.words = "my time zone 9, my zone 9, timezone 8, time zone 8, "
		 "my time zone is 9, my timezone is 9, my timezone 9",
	.summary = "the time zone in which I tell you times",
	.synopsis = "my timezone ZONE",
	.example = "my timezone America/Bogota",
	.roles = ROLE_KNOWN,
	.fields = my_timezone_fields,
	.field_count = 1,
	.run = run_my_timezone,
};

static const struct field people_fields[] = {{
	.name = "query",
	.type = &field_text,
	.label = "Name, address or phone",
	.question = "Whom do you look for?",
	.need = FIELD_OPTIONAL,
}};

#define PEOPLE_SHOWN 20

static void add_person(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	static const char *const columns[] = {
		"jid", "roles", "birth_date", "phone", "email"};
	const char *name = rows_text(rows, row, "name");

	strbuf_add(
		answer, name ? name : in_words(request->language, "(no name)"));
	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		const char *value = rows_text(rows, row, columns[i]);

		if (value && *value)
			strbuf_addf(answer, ", %s", value);
	}
	if (rows_text(rows, row, "next_starts")) {
		struct strbuf next AUTO(strbuf_release) = STRBUF_INIT;

		say_moment(&next, request->language,
			moment_of(rows, row, "next_starts"), request->now,
			SAY_DAY | SAY_TIME);
		say(answer, request->language, ", next visit {time}", "time",
			next.text, NULL);
	}
	if (rows_number(rows, row, "missed"))
		say(answer, request->language, ", visits missed: {count}",
			"count", rows_text(rows, row, "missed"), NULL);
	strbuf_add_char(answer, '\n');
}

static bool run_people(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *query = form_text(form, "query");
	struct rows *rows AUTO(rows_release) = NULL;
	char most[16], skip[24];
	size_t count;

	(void)snprintf(most, sizeof(most), "%d", PEOPLE_SHOWN + 1);
	(void)snprintf(skip, sizeof(skip), "%zu", request->list_from);
	rows = store_call(request->store, error, "people", request->jid, query,
		most, skip, STORE_END);
	if (!rows)
		return false;
	if (!rows_count(rows))
		return failed(error, ERROR_MISSING,
			"nobody here is called \"%s\"", query ? query : "");
	count = request_page(request, rows_count(rows), PEOPLE_SHOWN);
	for (size_t row = 0; row < count; row++)
		add_person(answer, request, rows, row);
	strbuf_cut(answer, answer->length - 1);
	return true;
}

const struct command command_people = {
	.name = "people",
	.words = "patients 8, find patient 9, find person 9, who is 6, "
		 "find 7, search 7, look up 8, list patients 9, "
		 "list all patients 9, list people 9, phone number of 8",
	.summary = "look somebody up in the register",
	.synopsis = "people [NAME]",
	.example = "people jane",
	.roles = ROLE_ADMIN,
	.fields = people_fields,
	.field_count = 1,
	.run = run_people,
};
