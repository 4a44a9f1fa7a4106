/* doctors.c - the doctors of the clinic. */
#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

#define SHOWN 30 /* doctors in one answer */

static const struct field doctors_fields[] = {{
	.name = "specialty",
	.type = &field_specialty,
	.label = "Specialty",
	.question = "Which specialty?",
	.need = FIELD_OPTIONAL,
}};

static bool run_doctors(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	/* A day that is over: no free times are looked for. */
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"doctors", request->jid, form_text(form, "specialty"),
		"1970-01-01", "1970-01-01", NULL, NULL, NULL, NULL, STORE_END);

	if (!rows)
		return false;
	if (!rows_count(rows) && form_text(form, "specialty"))
		return failed(error, ERROR_MISSING,
			"we have no doctor for %s yet",
			form_label(form, "specialty"));
	if (!rows_count(rows))
		return failed(error, ERROR_MISSING,
			"there are no doctors here yet, please ask the clinic");
	say(answer, request->language, "Our doctors:", NULL);
	for (size_t row = 0; row < rows_count(rows) && row < SHOWN; row++) {
		struct strbuf fee AUTO(strbuf_release) = STRBUF_INIT;

		add_fees(&fee, request->language, rows, row);
		strbuf_addf(answer, "\n%s, %s, %s",
			rows_text(rows, row, "name"),
			rows_text(rows, row, "specialties"), fee.text);
	}
	if (rows_count(rows) > SHOWN)
		say(answer, request->language,
			"\nThere are more: write \"doctors\" and a specialty.",
			NULL);
	if (request->roles & (ROLE_PATIENT | ROLE_STRANGER))
		say(answer, request->language,
			"\nWrite for example \"book {name}\".", "name",
			rows_text(rows, 0, "short"), NULL);
	return true;
}

const struct command command_doctors = {
	.name = "doctors",
	.words = "=doctor 7, which doctors 8, who are the doctors 8, "
		 "list doctors 8, your doctors 7, specialties 7, "
		 "specialities 7, who works 7, how much 7, cost 6, "
		 "costs 6, price 6, prices 6, fee 6, fees 6, "
		 "what doctors 8, who are your 8, who is your 8, "
		 "all doctors 8, tell me about 7",
	.summary = "our doctors, what they do and what it costs",
	.synopsis = "doctors [SPECIALTY]",
	.example = "doctors",
	.roles = ROLE_ANYBODY,
	.fields = doctors_fields,
	.field_count = COUNT_OF(doctors_fields),
	.run = run_doctors,
};
