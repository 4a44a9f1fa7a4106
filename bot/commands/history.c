/* history.c - visits that are over or cancelled, of a patient. */
#include <stdio.h>
#include <string.h>

#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

#define VISITS_SHOWN 10

static const struct field history_fields[] = {{
	.name = "patient",
	.type = &field_patient,
	.label = "Patient (for doctors and guardians)",
	.question = "Of which patient?",
	.need = FIELD_OPTIONAL,
}};

/* ", cancelled (I am ill)" */
static void add_outcome(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	const char *state = rows_text(rows, row, "state");
	const char *reason = rows_text(rows, row, "reason");

	if (strcmp(state, "noshow") == 0)
		strbuf_add(answer, in_words(request->language, ", missed"));
	if (strcmp(state, "cancelled") != 0)
		return;
	say(answer, request->language,
		reason ? ", cancelled ({reason})" : ", cancelled", "reason",
		reason, NULL);
}

/* "  Leo: Dr. Ana Ruiz"; who it was stands in the heading when one was named. */
static void add_doctor_seen(
	struct strbuf *answer, const struct rows *rows, size_t row, bool is_one)
{
	strbuf_add(answer, "  ");
	if (!is_one && rows_bool(rows, row, "is_for_other")) {
		add_given_name(answer, rows_text(rows, row, "patient_name"));
		strbuf_add(answer, ": ");
	}
	strbuf_add(answer, rows_text(rows, row, "doctor_name"));
}

static void add_visits(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t count, bool is_one)
{
	for (size_t row = 0; row < count; row++) {
		strbuf_addf(answer, "\n%s  ", rows_text(rows, row, "code"));
		say_moment(answer, request->language,
			moment_of(rows, row, "starts"), request->now,
			SAY_DAY | SAY_TIME);
		if (!is_one || rows_bool(rows, row, "is_for_other"))
			add_doctor_seen(answer, rows, row, is_one);
		add_outcome(answer, request, rows, row);
	}
}

static void add_heading(struct strbuf *answer, const struct request *request,
	const struct form *form, bool is_of_child)
{
	const char *patient = form_label(form, "patient");
	const char *missed = form_note(form, "patient");
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;

	add_zone(&zone, request);
	say(answer, request->language,
		!patient      ? "Your visits so far{zone}:"
		: is_of_child ? "{patient}'s visits so far{zone}:"
		: missed && strcmp(missed, "0")
			? "{patient} with you so far{zone}; visits missed in "
			  "this clinic: {missed}."
			: "{patient} with you so far{zone}:",
		"patient", patient, "missed", missed, "zone", zone.text, NULL);
}

static bool run_history(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *patient = form_text(form, "patient");
	struct rows *rows AUTO(rows_release) = NULL;
	char most[16], skip[24];

	if (!patient && !(request->roles & ROLE_PATIENT))
		return failed(error, ERROR_USAGE,
			"write whose history you want, for example \"history "
			"jane\"");
	(void)snprintf(most, sizeof(most), "%d", VISITS_SHOWN + 1);
	(void)snprintf(skip, sizeof(skip), "%zu", request->list_from);
	rows = store_call(request->store, error, "history", request->jid,
		patient, most, skip, STORE_END);
	if (!rows)
		return false;
	if (!rows_count(rows)) {
		say(answer, request->language,
			!patient ? "You have had no visits here yet. Write "
				   "\"appointments\" to see those to come."
			: request->roles & ROLE_DOCTOR
				? "{patient} has not been with you yet."
				: "{patient} has had no visits here yet. Write "
				  "\"appointments\" to see those to come.",
			"patient", form_label(form, "patient"), NULL);
		return true;
	}
	add_heading(answer, request, form, rows_bool(rows, 0, "is_for_other"));
	add_visits(answer, request, rows,
		request_page(request, rows_count(rows), VISITS_SHOWN),
		patient != NULL);
	return true;
}

const struct command command_history = {
	.name = "history",
	.words = "my history 9, past visits 9, past appointments 9, "
		 "old appointments 9, previous visits 9, "
		 "previous appointments 9, my last visits 9, "
		 "earlier visits 9, earlier appointments 9, "
		 "cancelled appointments 9, cancelled visits 9",
	.summary = "visits that are over or cancelled",
	.synopsis = "history [PATIENT, for doctors and guardians]",
	.example = "history",
	.roles = ROLE_PATIENT | ROLE_DOCTOR,
	.fields = history_fields,
	.field_count = COUNT_OF(history_fields),
	.run = run_history,
};
