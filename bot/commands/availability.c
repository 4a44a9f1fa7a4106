/* availability.c - a doctor's time: hours, time off, extra hours. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calendar/expand.h"
#include "commands/away.h"
#include "commands/list.h"
#include "commands/said.h"
#include "desk/fields.h"
#include "desk/hours.h"
#include "desk/wording.h"

/* The openings that the hours make over the days which the database names. */
static bool expand_hours(struct request *request, const struct hours *hours,
	struct strbuf *openings, struct error *error)
{
	struct expansion expansion AUTO(expansion_release) = EXPANSION_INIT;
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "horizon", request->jid, STORE_END);
	int32_t from, through;

	if (!rows)
		return false;
	if (!civil_read_date(rows_text(rows, 0, "from_day"), &from) ||
		!civil_read_date(rows_text(rows, 0, "through_day"), &through))
		return failed(error, ERROR_BUG, "I lost track of the days");
	if (!hours_expand(hours, from, through, &expansion, error))
		return false;
	expansion_print(&expansion, openings);
	return true;
}

static const struct field hours_fields[] = {{
	.name = "hours",
	.type = &field_hours,
	.label = "Hours",
	.question = "Which hours do you work? (for example mon-fri 9-13, "
		    "15-18, or every other friday 9-12)",
	.need = FIELD_OPTIONAL,
}};

static bool confirm_hours(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error UNUSED)
{
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;

	add_zone(&zone, request);
	*is_question = form_text(form, "hours") != NULL;
	if (*is_question)
		say(question, request->language,
			"Your hours from today on{zone}: {hours}. Shall I save "
			"them? (yes / no)",
			"zone", zone.text, "hours", form_text(form, "hours"),
			NULL);
	return true;
}

static int minute_of(const char *time)
{
	return (int)(strtol(time, NULL, 10) * 60 + strtol(time + 3, NULL, 10));
}

bool print_hours(const struct rows *rows, size_t first_row,
	const char *rule_column, const char *day_column, struct strbuf *text)
{
	struct hours hours = {.count = 0};

	for (size_t row = first_row; row < rows_count(rows); row++) {
		struct hours_rule *rule = &hours.rules[hours.count];
		const char *rrule = rows_text(rows, row, rule_column);
		const char *first = rows_text(rows, row, day_column);

		if (hours.count == HOURS_RULES ||
			strlen(rrule) >= sizeof(rule->rrule) ||
			!civil_read_date(first, &rule->first_day))
			return false;
		(void)snprintf(rule->rrule, sizeof(rule->rrule), "%s", rrule);
		rule->from_minute = minute_of(rows_text(rows, row, "starts"));
		rule->to_minute = minute_of(rows_text(rows, row, "ends"));
		hours.count++;
	}
	hours_print(&hours, text);
	return true;
}

/* In which zone they are, when that is not the clinic's; and that another zone
 * does not move them. */
static void say_hours(struct strbuf *answer, const struct request *request,
	const char *zone, const char *hours)
{
	const char *clinic_zone = rows_text(request->heard, 0, "clinic_zone");
	bool is_clinic_zone = strcmp(zone, clinic_zone) == 0;

	say(answer, request->language,
		is_clinic_zone ? "Your hours: {hours}."
			       : "Your hours ({zone}): {hours}.",
		"zone", zone, "hours", hours, NULL);
	if (strcmp(zone, request->zone) != 0)
		say(answer, request->language,
			" They are by the clocks of {zone}, where you were "
			"when you set them; set them again to have them by "
			"those of {yours}.",
			"zone", zone, "yours", request->zone, NULL);
}

static bool tell_outside(
	struct request *request, struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"hours_outside", request->jid, STORE_END);

	if (rows)
		say_touched(answer, request, rows, false,
			"These visits are outside your hours and stay booked:");
	return rows != NULL;
}

static bool tell_hours(
	struct request *request, struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "hours", request->jid, STORE_END);
	struct strbuf hours AUTO(strbuf_release) = STRBUF_INIT;

	if (!rows)
		return false;
	if (!rows_count(rows)) {
		say(answer, request->language,
			"You have no hours yet, so nobody can book you. Write "
			"for example \"hours mon-fri 9-13, 15-18\".",
			NULL);
		return true;
	}
	if (!print_hours(rows, 0, "rrule", "first_day", &hours))
		return failed(error, ERROR_BUG, "I cannot read your hours");
	say_hours(answer, request, rows_text(rows, 0, "zone"), hours.text);
	return tell_outside(request, answer, error);
}

static bool run_hours(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *hours = form_text(form, "hours");
	struct rows *rows AUTO(rows_release) = NULL;
	struct strbuf openings AUTO(strbuf_release) = STRBUF_INIT;
	char *json AUTO(free_text) = NULL;
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;
	struct hours read;

	if (!hours)
		return tell_hours(request, answer, error);
	if (!hours_read(hours, request->now.day, &read, error))
		return false;
	if (!expand_hours(request, &read, &openings, error))
		return false;
	json = print_hours_rules(&read);
	rows = store_call(request->store, error, "hours_set", request->jid,
		json, openings.text, STORE_END);
	if (!rows)
		return false;
	add_zone(&zone, request);
	say(answer, request->language, "Saved. Your hours{zone}: {hours}.",
		"zone", zone.text, "hours", hours, NULL);
	say_touched(answer, request, rows, false,
		"These visits are outside your new hours and stay booked; "
		"write \"move\" or \"cancel\" and the code to change one:");
	return true;
}

const struct command command_hours = {
	.name = "hours",
	.words = "my hours 9, my hours are 9, my working hours are 9, ^i work "
		 "8, working hours 9, set hours 9, "
		 "set my hours 9, availability 6, show hours 9",
	.summary = "see or set your hours",
	.synopsis = "hours [mon-fri 9-13, 15-18; every other sat 9-12]",
	.example = "hours mon-fri 9-13, 15-18",
	.roles = ROLE_DOCTOR,
	.fields = hours_fields,
	.field_count = COUNT_OF(hours_fields),
	.confirm = confirm_hours,
	.run = run_hours,
};

static const struct field off_fields[] = {{
	.name = "period",
	.type = &field_period,
	.label = "From when to when",
	.question = "When are you away? (for example 24 dec - 2 jan)",
	.need = FIELD_OPTIONAL,
}};

static bool confirm_off(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error UNUSED)
{
	*is_question = form_text(form, "period") != NULL;
	if (*is_question)
		say(question, request->language,
			"Time off: {period}. Shall I note it? (yes / no)",
			"period", form_label(form, "period"), NULL);
	return true;
}

static bool tell_time_off(
	struct request *request, struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "off", request->jid, STORE_END);

	if (!rows)
		return false;
	if (!rows_count(rows)) {
		say(answer, request->language,
			"You have no time off to come. Write for example \"off "
			"24 dec - 2 jan\".",
			NULL);
		return true;
	}
	say(answer, request->language, "Your time off:", NULL);
	say_stretches(answer, request, rows);
	say(answer, request->language,
		"\nWrite \"remove off\" to work then after all.", NULL);
	return tell_unanswered(request, answer, error);
}

static bool run_off(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	bool has_visits;

	if (!form_text(form, "period"))
		return tell_time_off(request, answer, error);
	if (!note_closed(request, form, false,
		    "Noted: time off {period}. Nobody can book you then.",
		    answer, &has_visits, error))
		return false;
	if (has_visits)
		request->follow = "new times";
	return true;
}

const struct command command_off = {
	.name = "off",
	.words = "^off 9, ^holiday 9, time off 9, take off 8, holiday 7, "
		 "holidays 7, "
		 "vacation 8, ^i am off 9, ^i'm off 9, day off 9, "
		 "^i am away 9, ^i'm away 9, ^away 8, ^im off 9, ^im away 9, "
		 "^block 9, not working 8, i don't work 8, "
		 " am i off 9, "
		 "on vacation 9, on holiday 9, on leave 9, can't work 9, "
		 "cannot work 9, i'm sick 9, i am sick 9, i'm ill 9, "
		 "i am ill 9, im sick 9, im ill 9, cant work 9, can not "
		 "work 9",
	.summary = "see or take time off",
	.synopsis = "off [24 dec - 2 jan]",
	.example = "off 24 dec - 2 jan",
	.roles = ROLE_DOCTOR,
	.fields = off_fields,
	.field_count = COUNT_OF(off_fields),
	.confirm = confirm_off,
	.run = run_off,
};

static const struct field remove_off_fields[] = {{
	.name = "time off",
	.type = &field_time_off,
	.label = "Time off",
	.question = "Which time off shall I take back?",
}};

static bool run_remove_off(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	return take_closed_back(request, form, "time off", "off_remove",
		"Taken back: {period}. Patients can book you then.", answer,
		error);
}

const struct command command_remove_off = {
	.name = "remove off",
	.words = "remove time off 9, cancel time off 9, "
		 "delete time off 9, cancel my holiday 9, "
		 "cancel my holidays 9, cancel my time off 9, "
		 "cancel my vacation 9, ^unblock 9",
	.summary = "take time off back",
	.synopsis = "remove off",
	.example = "remove off",
	.roles = ROLE_DOCTOR,
	.fields = remove_off_fields,
	.field_count = COUNT_OF(remove_off_fields),
	.run = run_remove_off,
};

static const struct field also_fields[] = {{
	.name = "period",
	.type = &field_windows,
	.label = "Day and hours",
	.question = "When do you also work? (for example sat 5 dec 10-13)",
	.need = FIELD_OPTIONAL,
}};

static bool confirm_also(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error UNUSED)
{
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;

	add_zone(&zone, request);
	*is_question = form_text(form, "period") != NULL;
	if (*is_question)
		say(question, request->language,
			"You also work {period}{zone}, this once. Shall I note "
			"it? (yes / no)",
			"period", form_label(form, "period"), "zone", zone.text,
			NULL);
	return true;
}

static bool tell_also(
	struct request *request, struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "also", request->jid, STORE_END);

	if (!rows)
		return false;
	if (!rows_count(rows)) {
		say(answer, request->language,
			"You have no extra hours to come. Write for example "
			"\"also sat 5 dec 10-13\".",
			NULL);
		return true;
	}
	say(answer, request->language, "You also work:", NULL);
	say_stretches(answer, request, rows);
	say(answer, request->language,
		"\nWrite \"remove also\" to take some back.", NULL);
	return true;
}

static bool run_also(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *windows = form_text(form, "period");

	if (!windows)
		return tell_also(request, answer, error);
	if (!store_do(request->store, error, "also_add", request->jid, windows,
		    STORE_END))
		return false;
	say(answer, request->language,
		"Noted: you also work {period}. Patients can book you then.",
		"period", form_label(form, "period"), NULL);
	return true;
}

const struct command command_also = {
	.name = "also",
	.words = "^i also work 9, ^also work 9, extra hours 9, "
		 "work extra 8, open also 8, once more 5",
	.summary = "see or add hours that you work once",
	.synopsis = "also [sat 5 dec 10-13, 15-18]",
	.example = "also sat 5 dec 10-13",
	.roles = ROLE_DOCTOR,
	.fields = also_fields,
	.field_count = COUNT_OF(also_fields),
	.confirm = confirm_also,
	.run = run_also,
};

static const struct field remove_also_fields[] = {{
	.name = "extra hours",
	.type = &field_extra_hours,
	.label = "Extra hours",
	.question = "Which extra hours shall I take back?",
}};

static bool run_remove_also(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "also_remove", request->jid,
			form_text(form, "extra hours"), STORE_END);

	if (!rows)
		return false;
	say(answer, request->language, "Taken back: {period}.", "period",
		form_label(form, "extra hours"), NULL);
	say_touched(answer, request, rows, false,
		"These visits are in that time and stay booked; write \"move\" "
		"or \"cancel\" and the code to change one:");
	return true;
}

const struct command command_remove_also = {
	.name = "remove also",
	.words = "remove extra hours 9, cancel extra hours 9, "
		 "delete extra hours 9",
	.summary = "take extra hours back",
	.synopsis = "remove also",
	.example = "remove also",
	.roles = ROLE_DOCTOR,
	.fields = remove_also_fields,
	.field_count = COUNT_OF(remove_also_fields),
	.run = run_remove_also,
};
