/* said.c - what several subjects of commands say alike: stretches of time, the
 * visits in them, hours for the database. */
#include "commands/said.h"

#include <jansson.h>

#include "desk/fields.h"
#include "desk/hours.h"
#include "desk/wording.h"

void say_stretches(struct strbuf *answer, const struct request *request,
	const struct rows *rows)
{
	for (size_t row = 0; row < rows_count(rows); row++) {
		strbuf_add_char(answer, '\n');
		say_stretch(answer, request->language,
			moment_of(rows, row, "starts"),
			moment_of(rows, row, "ends"), request->now,
			SAY_DAY | SAY_TIME);
	}
}

void say_touched(struct strbuf *answer, const struct request *request,
	const struct rows *rows, bool is_clinic, const char *sentence)
{
	if (!rows_count(rows))
		return;
	strbuf_add_char(answer, '\n');
	say(answer, request->language, sentence, NULL);
	for (size_t row = 0; row < rows_count(rows); row++) {
		strbuf_addf(answer, "\n%s  ", rows_text(rows, row, "code"));
		say_moment(answer, request->language,
			moment_of(rows, row, "starts"), request->now,
			SAY_DAY | SAY_TIME);
		strbuf_addf(
			answer, "  %s", rows_text(rows, row, "patient_name"));
		if (is_clinic)
			strbuf_addf(answer, " (%s)",
				rows_text(rows, row, "doctor_name"));
	}
}

bool note_closed(struct request *request, const struct form *form,
	bool is_clinic, const char *sentence, struct strbuf *answer,
	bool *has_visits, struct error *error)
{
	char from_text[CIVIL_TEXT_SIZE], to_text[CIVIL_TEXT_SIZE];
	const char *starts, *ends;
	struct civil_moment from, to;
	struct rows *rows AUTO(rows_release) = NULL;

	if (!read_period(form_text(form, "period"), &from, &to))
		return failed(error, ERROR_BUG, "I lost my notes");
	starts = civil_print_moment(from, from_text);
	ends = civil_print_moment(to, to_text);
	rows = is_clinic ? store_call(request->store, error, "holiday_add",
				   request->jid, starts, ends, STORE_END)
			 : store_call(request->store, error, "off_add",
				   request->jid, starts, ends, NULL, STORE_END);
	if (!rows)
		return false;
	say(answer, request->language, sentence, "period",
		form_label(form, "period"), NULL);
	say_touched(answer, request, rows, is_clinic,
		"These visits are in that time and stay booked; write \"move\" "
		"or \"cancel\" and the code to change one:");
	*has_visits = rows_count(rows) > 0;
	return true;
}

bool take_closed_back(struct request *request, const struct form *form,
	const char *field, const char *function, const char *sentence,
	struct strbuf *answer, struct error *error)
{
	if (!store_do(request->store, error, function, request->jid,
		    form_text(form, field), STORE_END))
		return false;
	say(answer, request->language, sentence, "period",
		form_label(form, field), NULL);
	return true;
}

char *print_hours_rules(const struct hours *hours)
{
	json_t *list = json_array();
	char *text;

	for (size_t i = 0; i < hours->count; i++) {
		const struct hours_rule *rule = &hours->rules[i];
		char starts[CIVIL_TEXT_SIZE], ends[CIVIL_TEXT_SIZE];
		char first[CIVIL_TEXT_SIZE];

		(void)json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:s}", "rrule", rule->rrule,
				"starts",
				civil_print_minute(rule->from_minute, starts),
				"ends",
				civil_print_minute(rule->to_minute, ends),
				"first_day",
				civil_print_date(rule->first_day, first)));
	}
	text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return text;
}
