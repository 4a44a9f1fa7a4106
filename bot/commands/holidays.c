/* holidays.c - when the clinic is closed for everybody. */
#include "commands/list.h"
#include "commands/said.h"
#include "desk/fields.h"
#include "desk/wording.h"

/* " (Europe/Madrid)" for those who live by other clocks: a holiday is a day of
 * the clinic's. */
static void add_clinic_zone(struct strbuf *out, const struct request *request)
{
	if (!request->is_clinic_zone)
		strbuf_addf(out, " (%s)",
			rows_text(request->heard, 0, "clinic_zone"));
}

static bool tell_holidays(
	struct request *request, struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "holidays", request->jid, STORE_END);
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;
	bool is_admin = request->roles & ROLE_ADMIN;

	if (!rows)
		return false;
	add_clinic_zone(&zone, request);
	say(answer, request->language,
		rows_count(rows) ? "The clinic is closed{zone}:"
				 : "No holidays of the clinic are to come.",
		"zone", zone.text, NULL);
	say_stretches(answer, request, rows);
	if (is_admin)
		say(answer, request->language,
			rows_count(rows)
				? "\nWrite \"holiday 25 dec\" to add one, "
				  "\"remove holiday\" to take one back."
				: " Write for example \"holiday 25 dec\".",
			NULL);
	return true;
}

static bool run_holidays(struct request *request,
	const struct form *form UNUSED, struct strbuf *answer,
	struct error *error)
{
	return tell_holidays(request, answer, error);
}

const struct command command_holidays = {
	.name = "holidays",
	.words = "=holidays 9, clinic holidays 9, public holidays 8, "
		 "when are you closed 9, when is the clinic closed 9",
	.summary = "when the clinic is closed",
	.synopsis = "holidays",
	.example = "holidays",
	.roles = ROLE_KNOWN,
	.run = run_holidays,
};

static const struct field holiday_fields[] = {{
	.name = "period",
	.type = &field_period,
	.label = "From when to when",
	.question = "When is the clinic closed? (for example 25 dec)",
	.need = FIELD_OPTIONAL,
}};

static bool confirm_holiday(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error UNUSED)
{
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;

	add_clinic_zone(&zone, request);
	*is_question = form_text(form, "period") != NULL;
	if (*is_question)
		say(question, request->language,
			"The clinic is closed {period}{zone}, for everybody. "
			"Shall I note it? (yes / no)",
			"period", form_label(form, "period"), "zone", zone.text,
			NULL);
	return true;
}

static bool run_holiday(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	bool has_visits;

	if (!form_text(form, "period"))
		return tell_holidays(request, answer, error);
	return note_closed(request, form, true,
		"Noted: the clinic is closed {period}. Nobody can be booked "
		"then.",
		answer, &has_visits, error);
}

const struct command command_holiday = {
	.name = "holiday",
	.words = "^add holiday 9, ^add a holiday 9, close the clinic 9, "
		 "the clinic is closed 9, ^new holiday 9, ^clinic closed 8, "
		 "^we are closed 8, ^we're closed 8, ^clinic is closed 8",
	.summary = "close the clinic for a day or more days",
	.synopsis = "holiday [25 dec]",
	.example = "holiday 25 dec",
	.roles = ROLE_ADMIN,
	.fields = holiday_fields,
	.field_count = COUNT_OF(holiday_fields),
	.confirm = confirm_holiday,
	.run = run_holiday,
};

static const struct field remove_holiday_fields[] = {{
	.name = "holiday",
	.type = &field_holiday,
	.label = "Holiday",
	.question = "Which holiday shall I take back?",
}};

static bool run_remove_holiday(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	return take_closed_back(request, form, "holiday", "holiday_remove",
		"Taken back: {period}. Patients can book then, in the doctors' "
		"hours.",
		answer, error);
}

const struct command command_remove_holiday = {
	.name = "remove holiday",
	.words = "cancel holiday 9, delete holiday 9, open the clinic 8",
	.summary = "take a holiday of the clinic back",
	.synopsis = "remove holiday",
	.example = "remove holiday",
	.roles = ROLE_ADMIN,
	.fields = remove_holiday_fields,
	.field_count = COUNT_OF(remove_holiday_fields),
	.run = run_remove_holiday,
};
