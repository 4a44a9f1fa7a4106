/* clinic.c - running the clinic by chat: specialties, doctors, admins, figures. */
#include <stdio.h>
#include <string.h>

#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

static const struct field add_specialty_fields[] = {{
	.name = "name",
	.type = &field_name,
	.label = "Name",
	.question = "What is it called? (for example Neurology)",
}};

static bool run_add_specialty(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "specialty_add", request->jid,
			form_text(form, "name"), STORE_END);

	if (!rows)
		return false;
	say(answer, request->language,
		"{name} is one of our specialties now. Give it a doctor with "
		"\"add doctor\".",
		"name", rows_text(rows, 0, "name"), NULL);
	return true;
}

const struct command command_add_specialty = {
	.name = "add specialty",
	.words = "add speciality 9, new specialty 9, add a specialty 9, "
		 "new speciality 9",
	.summary = "add a specialty to the clinic",
	.synopsis = "add specialty NAME",
	.example = "add specialty Neurology",
	.roles = ROLE_ADMIN,
	.fields = add_specialty_fields,
	.field_count = COUNT_OF(add_specialty_fields),
	.run = run_add_specialty,
};

static const struct field add_doctor_fields[] = {
	{
		.name = "address",
		.type = &field_address,
		.label = "Address",
		.question = "At which address does the doctor chat? (for "
			    "example ruiz@example.org)",
	},
	{
		.name = "name",
		.type = &field_name,
		.label = "Name",
		.question = "The doctor's name?",
	},
	{
		.name = "specialty",
		.type = &field_specialty,
		.label = "Specialty",
		.question = "Which specialty?",
	},
	{
		.name = "fee",
		.type = &field_money,
		.label = "Fee of a visit",
		.question = "What does a visit cost? (for example 50 EUR)",
	},
	{
		.name = "length",
		.type = &field_duration,
		.label = "Length of a visit in minutes",
		.question = "How long is a visit? (for example 30 min)",
	},
};

static bool confirm_add_doctor(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error UNUSED)
{
	say(question, request->language,
		"Add Dr. {name} ({address}), {specialty}, {fee}, {minutes} "
		"minutes a visit? (yes / no)",
		"name", form_text(form, "name"), "address",
		form_text(form, "address"), "specialty",
		form_label(form, "specialty"), "fee", form_text(form, "fee"),
		"minutes", form_text(form, "length"), NULL);
	*is_question = true;
	return true;
}

static bool run_add_doctor(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	char amount[24], currency[8];
	struct rows *rows AUTO(rows_release) = NULL;

	if (sscanf(form_text(form, "fee"), "%23s %7s", amount, currency) != 2)
		return failed(error, ERROR_BUG, "I lost my notes");
	rows = store_call(request->store, error, "doctor_add", request->jid,
		form_text(form, "address"), form_text(form, "name"),
		form_text(form, "specialty"), amount, currency,
		form_text(form, "length"), STORE_END);
	if (!rows)
		return false;
	say(answer, request->language,
		"{name} is one of our doctors now, and I have told them. "
		"Patients can book as soon as the hours are set: the doctor "
		"writes me \"hours mon-fri 9-13\".",
		"name", rows_text(rows, 0, "name"), NULL);
	return true;
}

const struct command command_add_doctor = {
	.name = "add doctor",
	.words = "new doctor 9, add a doctor 9, add dr 9",
	.summary = "add a doctor to the clinic",
	.synopsis = "add doctor ADDRESS NAME, SPECIALTY, FEE, MINUTES",
	.example = "add doctor ruiz2@localhost Ana Perez, Neurology, 50 EUR, "
		   "30 min",
	.roles = ROLE_ADMIN,
	.fields = add_doctor_fields,
	.field_count = COUNT_OF(add_doctor_fields),
	.confirm = confirm_add_doctor,
	.run = run_add_doctor,
};

static const struct field remove_doctor_fields[] = {{
	.name = "doctor",
	.type = &field_doctor,
	.label = "Doctor",
	.question = "Which doctor?",
}};

static bool confirm_remove_doctor(struct request *request,
	const struct form *form, struct strbuf *question, bool *is_question,
	struct error *error UNUSED)
{
	say(question, request->language,
		"Remove {name} from the doctors? Nobody can book them any "
		"more; booked visits stay. (yes / no)",
		"name", form_label(form, "doctor"), NULL);
	*is_question = true;
	return true;
}

static bool run_remove_doctor(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "doctor_remove", request->jid,
			form_text(form, "doctor"), STORE_END);
	const char *count;

	if (!rows)
		return false;
	count = rows_text(rows, 0, "appointment_count");
	say(answer, request->language,
		"{name} is removed. Visits still booked: {count}.", "name",
		rows_text(rows, 0, "name"), "count", count, NULL);
	return true;
}

const struct command command_remove_doctor = {
	.name = "remove doctor",
	.words = "remove dr 9, delete doctor 9, delete dr 9",
	.summary = "take a doctor off the clinic",
	.synopsis = "remove doctor NAME",
	.example = "remove doctor Okafor",
	.roles = ROLE_ADMIN,
	.fields = remove_doctor_fields,
	.field_count = COUNT_OF(remove_doctor_fields),
	.confirm = confirm_remove_doctor,
	.run = run_remove_doctor,
};

static const struct field admin_fields[] = {{
	.name = "address",
	.type = &field_address,
	.label = "Address",
	.question = "Whose address? (for example anna@example.org)",
}};

static bool confirm_add_admin(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error UNUSED)
{
	say(question, request->language,
		"Let {address} run the clinic as you do? (yes / no)", "address",
		form_text(form, "address"), NULL);
	*is_question = true;
	return true;
}

static bool run_add_admin(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *address = form_text(form, "address");

	if (!store_do(request->store, error, "admin_add", request->jid, address,
		    STORE_END))
		return false;
	say(answer, request->language,
		"{address} is an administrator now, and I have told them.",
		"address", address, NULL);
	return true;
}

const struct command command_add_admin = {
	.name = "add admin",
	.words = "add administrator 9, new admin 9, add an admin 9",
	.summary = "let somebody else run the clinic too",
	.synopsis = "add admin ADDRESS",
	.example = "add admin anna@localhost",
	.roles = ROLE_ADMIN,
	.fields = admin_fields,
	.field_count = COUNT_OF(admin_fields),
	.confirm = confirm_add_admin,
	.run = run_add_admin,
};

static bool confirm_remove_admin(struct request *request,
	const struct form *form, struct strbuf *question, bool *is_question,
	struct error *error UNUSED)
{
	say(question, request->language,
		"Shall {address} no longer run the clinic? (yes / no)",
		"address", form_text(form, "address"), NULL);
	*is_question = true;
	return true;
}

static bool run_remove_admin(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *address = form_text(form, "address");

	if (!store_do(request->store, error, "admin_remove", request->jid,
		    address, STORE_END))
		return false;
	say(answer, request->language,
		"{address} is no administrator any more.", "address", address,
		NULL);
	return true;
}

const struct command command_remove_admin = {
	.name = "remove admin",
	.words = "remove administrator 9, delete admin 9",
	.summary = "take somebody's administrator rights",
	.synopsis = "remove admin ADDRESS",
	.example = "remove admin anna@localhost",
	.roles = ROLE_ADMIN,
	.fields = admin_fields,
	.field_count = COUNT_OF(admin_fields),
	.confirm = confirm_remove_admin,
	.run = run_remove_admin,
};

static bool run_stats(struct request *request, const struct form *form UNUSED,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "stats", request->jid, STORE_END);

	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++)
		strbuf_addf(answer, "%s%s: %s", row ? "\n" : "",
			in_words(request->language,
				rows_text(rows, row, "name")),
			rows_text(rows, row, "value"));
	return true;
}

const struct command command_stats = {
	.name = "stats",
	.words = "statistics 9, figures 8, numbers 6, "
		 "how many patients 8, how many people 8, "
		 "how many visits 8, how many appointments 8, "
		 "how many bookings 8",
	.summary = "the clinic in figures",
	.synopsis = "stats",
	.example = "stats",
	.roles = ROLE_ADMIN,
	.run = run_stats,
};
