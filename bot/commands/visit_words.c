/* visit_words.c - how commands say a visit that they changed. */
#include "commands/visit_words.h"

#include "desk/fields.h"
#include "desk/wording.h"

void say_visit(struct strbuf *out, const struct request *request,
	const struct rows *rows, const char *column)
{
	say_moment(out, request->language, moment_of(rows, 0, column),
		request->now, SAY_YEAR | SAY_TIME);
	add_zone(out, request);
}

bool is_patients_visit(
	const struct request *request, const struct rows *rows, size_t row)
{
	return (request->roles & ROLE_PATIENT) &&
	       rows_number(rows, row, "doctor") != request->person;
}

void add_other_party(struct strbuf *out, const struct request *request,
	const struct rows *rows, size_t row)
{
	bool is_patient = is_patients_visit(request, rows, row);

	if (is_patient && rows_number(rows, row, "patient") != request->person)
		say(out, request->language, "{patient} with {doctor}",
			"patient", rows_text(rows, row, "patient_name"),
			"doctor", rows_text(rows, row, "doctor_name"), NULL);
	else
		strbuf_add(out,
			rows_text(rows, row,
				is_patient ? "doctor_name" : "patient_name"));
}
