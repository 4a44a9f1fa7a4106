/* availability.c - a doctor's time: weekly hours, time off. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calendar/expand.h"
#include "commands/list.h"
#include "desk/fields.h"
#include "desk/weekly.h"
#include "desk/wording.h"

static const char *const days[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

/* The weekly rules: windows of the same hours become one RRULE of many days. */
struct rules {
	struct expand_rule rules[WEEKLY_WINDOWS];
	char rrules[WEEKLY_WINDOWS][64];
	char times[WEEKLY_WINDOWS][2][CIVIL_TEXT_SIZE];
	size_t count;
};

static void add_window(struct rules *rules, const struct weekly_window *window)
{
	char starts[CIVIL_TEXT_SIZE], ends[CIVIL_TEXT_SIZE];
	size_t i;
	size_t length;

	civil_print_minute(window->from_minute, starts);
	civil_print_minute(window->to_minute, ends);
	for (i = 0; i < rules->count; i++)
		if (strcmp(rules->times[i][0], starts) == 0 &&
			strcmp(rules->times[i][1], ends) == 0)
			break;
	if (i == rules->count) {
		rules->count++;
		memcpy(rules->times[i][0], starts, sizeof(starts));
		memcpy(rules->times[i][1], ends, sizeof(ends));
		(void)snprintf(rules->rrules[i], sizeof(rules->rrules[i]),
			"FREQ=WEEKLY;BYDAY=%s", days[window->weekday]);
		rules->rules[i] = (struct expand_rule){
			.rrule = rules->rrules[i],
			.starts = rules->times[i][0],
			.ends = rules->times[i][1],
		};
		return;
	}
	length = strlen(rules->rrules[i]);
	(void)snprintf(rules->rrules[i] + length,
		sizeof(rules->rrules[i]) - length, ",%s",
		days[window->weekday]);
}

static char *print_rules(const struct rules *rules)
{
	json_t *list = json_array();
	char *text;

	for (size_t i = 0; i < rules->count; i++)
		(void)json_array_append_new(
			list, json_pack("{s:s, s:s, s:s}", "rrule",
				      rules->rules[i].rrule, "starts",
				      rules->rules[i].starts, "ends",
				      rules->rules[i].ends));
	text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return text;
}

/* The openings that the rules make over the days which the database names. */
static bool expand_hours(struct request *request, const struct rules *rules,
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
	if (!expand_rules(rules->rules, rules->count, EXPAND_ANCHOR_DAY, from,
		    through, &expansion, error))
		return false;
	expansion_print(&expansion, openings);
	return true;
}

/* "2 visits are ...": those that a change touches; they stay booked. */
static void say_touched(struct strbuf *answer, const struct request *request,
	const struct rows *rows, const char *sentence)
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
	}
}

static const struct field hours_fields[] = {{
	.name = "hours",
	.type = &field_hours,
	.label = "Weekly hours",
	.question = "Which hours do you work? (for example mon-fri 9-13, "
		    "15-18)",
	.need = FIELD_OPTIONAL,
}};

static bool confirm_hours(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error UNUSED)
{
	*is_question = form_text(form, "hours") != NULL;
	if (*is_question)
		say(question, request->language,
			"Your hours from today on: {hours}. Shall I save "
			"them? (yes / no)",
			"hours", form_text(form, "hours"), NULL);
	return true;
}

static int weekday_named(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(days); i++)
		if (strncmp(name, days[i], 2) == 0)
			return (int)i;
	return -1;
}

static int minute_of(const char *time)
{
	return (int)(strtol(time, NULL, 10) * 60 + strtol(time + 3, NULL, 10));
}

/* Adds the windows of one weekly rule; false when it is not a plain one. */
static bool add_rule(struct weekly *weekly, const struct rows *rows, size_t row)
{
	static const char plain[] = "FREQ=WEEKLY;BYDAY=";
	const char *rule = rows_text(rows, row, "rrule");

	if (strncmp(rule, plain, strlen(plain)) != 0 ||
		strchr(rule + strlen(plain), ';'))
		return false;
	for (const char *day = rule + strlen(plain); *day;
		day += strcspn(day, ",") + (day[strcspn(day, ",")] == ',')) {
		int weekday = weekday_named(day);

		if (weekday < 0 || weekly->window_count == WEEKLY_WINDOWS)
			return false;
		weekly->windows[weekly->window_count++] =
			(struct weekly_window){
				.weekday = (enum weekday)weekday,
				.from_minute = minute_of(
					rows_text(rows, row, "starts")),
				.to_minute =
					minute_of(rows_text(rows, row, "ends")),
			};
	}
	return true;
}

static int by_day_and_time(const void *one, const void *other)
{
	const struct weekly_window *a = one, *b = other;

	return a->weekday != b->weekday ? (int)a->weekday - (int)b->weekday
					: a->from_minute - b->from_minute;
}

static bool tell_hours(
	struct request *request, struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "hours", request->jid, STORE_END);
	struct weekly weekly = {.window_count = 0};
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
	for (size_t row = 0; row < rows_count(rows); row++)
		if (!add_rule(&weekly, rows, row))
			strbuf_addf(&hours, "%s %s-%s; ",
				rows_text(rows, row, "rrule"),
				rows_text(rows, row, "starts"),
				rows_text(rows, row, "ends"));
	qsort(weekly.windows, (size_t)weekly.window_count,
		sizeof(weekly.windows[0]), by_day_and_time);
	weekly_print(&weekly, &hours);
	say(answer, request->language, "Your hours: {hours}.", "hours",
		hours.text, NULL);
	return true;
}

static bool run_hours(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *hours = form_text(form, "hours");
	struct rows *rows AUTO(rows_release) = NULL;
	struct strbuf openings AUTO(strbuf_release) = STRBUF_INIT;
	char *json AUTO(free_text) = NULL;
	struct rules rules = {.count = 0};
	struct weekly weekly;

	if (!hours)
		return tell_hours(request, answer, error);
	if (!weekly_read(hours, &weekly, error))
		return false;
	for (int i = 0; i < weekly.window_count; i++)
		add_window(&rules, &weekly.windows[i]);
	if (!expand_hours(request, &rules, &openings, error))
		return false;
	json = print_rules(&rules);
	rows = store_call(request->store, error, "hours_set", request->jid,
		json, openings.text, STORE_END);
	if (!rows)
		return false;
	say(answer, request->language, "Saved. Your hours: {hours}.", "hours",
		hours, NULL);
	say_touched(answer, request, rows,
		"These visits are outside your new hours and stay booked; "
		"write \"move\" or \"cancel\" and the code to change one:");
	return true;
}

const struct command command_hours = {
	.name = "hours",
	.words = "my hours 9, my hours are 9, my working hours are 9, ^i work "
		 "8, working hours 9, set hours 9, "
		 "set my hours 9, availability 6, show hours 9",
	.summary = "see or set your weekly hours",
	.synopsis = "hours [mon-fri 9-13, 15-18]",
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
	for (size_t row = 0; row < rows_count(rows); row++) {
		strbuf_add_char(answer, '\n');
		say_stretch(answer, request->language,
			moment_of(rows, row, "starts"),
			moment_of(rows, row, "ends"), request->now,
			SAY_DAY | SAY_TIME);
	}
	say(answer, request->language,
		"\nWrite \"remove off\" to work then after all.", NULL);
	return true;
}

static bool run_off(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *period = form_text(form, "period");
	char from_text[CIVIL_TEXT_SIZE], to_text[CIVIL_TEXT_SIZE];
	struct civil_moment from, to;
	struct rows *rows AUTO(rows_release) = NULL;

	if (!period)
		return tell_time_off(request, answer, error);
	if (!read_period(period, &from, &to))
		return failed(error, ERROR_BUG, "I lost my notes");
	rows = store_call(request->store, error, "off_add", request->jid,
		civil_print_moment(from, from_text),
		civil_print_moment(to, to_text), NULL, STORE_END);
	if (!rows)
		return false;
	say(answer, request->language,
		"Noted: time off {period}. Nobody can book you then.", "period",
		form_label(form, "period"), NULL);
	say_touched(answer, request, rows,
		"These visits are in that time and stay booked; write \"move\" "
		"or \"cancel\" and the code to change one:");
	return true;
}

const struct command command_off = {
	.name = "off",
	.words = "^off 9, time off 9, take off 8, holiday 7, holidays 7, "
		 "vacation 8, ^i am off 9, ^i'm off 9, day off 9, "
		 "^i am away 9, ^i'm away 9, ^away 8, am i off 9, "
		 "on vacation 9, on holiday 9, on leave 9, can't work 9, "
		 "cannot work 9, i'm sick 9, i am sick 9, i'm ill 9, "
		 "i am ill 9",
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
	if (!store_do(request->store, error, "off_remove", request->jid,
		    form_text(form, "time off"), STORE_END))
		return false;
	say(answer, request->language,
		"Taken back: {period}. Patients can book you then.", "period",
		form_label(form, "time off"), NULL);
	return true;
}

const struct command command_remove_off = {
	.name = "remove off",
	.words = "remove time off 9, cancel time off 9, "
		 "delete time off 9, cancel my holiday 9, "
		 "cancel my holidays 9, cancel my time off 9, "
		 "cancel my vacation 9",
	.summary = "take time off back",
	.synopsis = "remove off",
	.example = "remove off",
	.roles = ROLE_DOCTOR,
	.fields = remove_off_fields,
	.field_count = COUNT_OF(remove_off_fields),
	.run = run_remove_off,
};
