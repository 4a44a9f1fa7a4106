/* doctors.c - the doctors of the clinic, and a doctor's own day. */
#include <ctype.h>
#include <string.h>

#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

/* A week, with today. */
#define DAYS_AHEAD 6

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
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"doctors", request->jid, form_text(form, "specialty"), NULL,
		NULL, NULL, NULL, STORE_END);

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
	for (size_t row = 0; row < rows_count(rows); row++) {
		struct strbuf fee AUTO(strbuf_release) = STRBUF_INIT;

		add_fee(&fee, rows, row);
		strbuf_addf(answer, "\n%s, %s, %s",
			rows_text(rows, row, "name"),
			rows_text(rows, row, "specialties"), fee.text);
	}
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

static void add_visits(struct strbuf *answer, const struct request *request,
	const struct rows *rows)
{
	const char *day = "";
	size_t start;

	for (size_t row = 0; row < rows_count(rows); row++) {
		const char *from = rows_text(rows, row, "starts");
		const char *to = rows_text(rows, row, "ends");

		if (strcmp(day, rows_text(rows, row, "day"))) {
			day = rows_text(rows, row, "day");
			if (answer->length)
				strbuf_add_char(answer, '\n');
			start = answer->length;
			say_moment(answer, request->language,
				moment_of(rows, row, "starts"), request->now,
				SAY_DAY | SAY_RELATIVE);
			answer->text[start] = (char)toupper(
				(unsigned char)answer->text[start]);
			add_zone(answer, request);
			strbuf_add_char(answer, ':');
		}
		strbuf_addf(answer, "\n%s-%s  %s (%s)", from + strlen(from) - 5,
			to + strlen(to) - 5,
			rows_text(rows, row, "patient_name"),
			rows_text(rows, row, "code"));
	}
}

/* The doctor's visits from one day to another, both included. */
static bool tell_days(struct request *request, int32_t first, int32_t last,
	struct strbuf *answer, struct error *error)
{
	char from[CIVIL_TEXT_SIZE], to[CIVIL_TEXT_SIZE];
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"agenda", request->jid, civil_print_date(first, from),
		civil_print_date(last, to), STORE_END);
	struct strbuf day AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf until AUTO(strbuf_release) = STRBUF_INIT;

	if (!rows)
		return false;
	if (rows_count(rows)) {
		add_visits(answer, request, rows);
		return true;
	}
	say_moment(&day, request->language, (struct civil_moment){.day = first},
		request->now, SAY_DAY | SAY_RELATIVE);
	say_moment(&until, request->language,
		(struct civil_moment){.day = last}, request->now, SAY_DAY);
	say(answer, request->language,
		first != last ? "You have no visits from {day} to {until}."
		: first > request->now.day + 1 || first < request->now.day
			? "You have no visits on {day}."
			: "You have no visits {day}.",
		"day", day.text, "until", until.text, NULL);
	return true;
}

static bool run_today(struct request *request, const struct form *form UNUSED,
	struct strbuf *answer, struct error *error)
{
	return tell_days(
		request, request->now.day, request->now.day, answer, error);
}

const struct command command_today = {
	.name = "today",
	.words = "=my day 9, =today please 9, who is coming today 9, "
		 "who's coming today 9, today's visits 9, "
		 "who do i have today 9, who do i see today 9, "
		 "what do i have today 9, how many patients today 9, "
		 "what's my day like 9",
	.summary = "your visits of today",
	.synopsis = "today",
	.example = "today",
	.roles = ROLE_DOCTOR,
	.run = run_today,
};

static const struct field agenda_fields[] = {{
	.name = "period",
	.type = &field_period,
	.label = "Day or days",
	.question = "Of which day?",
	.need = FIELD_OPTIONAL,
}};

static bool run_agenda(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *period = form_text(form, "period");
	struct civil_moment from = request->now;
	struct civil_moment to = {.day = from.day + DAYS_AHEAD, .minute = 1};

	if (period && !read_period(period, &from, &to))
		return failed(error, ERROR_BUG, "I lost my notes");
	if (to.minute == 0 && to.day > from.day)
		to.day--;
	return tell_days(request, from.day, to.day, answer, error);
}

const struct command command_agenda = {
	.name = "agenda",
	.words = "what do i have 9, what have i got 9, who do i have 9, "
		 "who do i see 9, whom do i see 9, do i have 7, "
		 "have i got 7, =appointments 9, my appointments 8, "
		 "my schedule 8, my agenda 9, diary 8, calendar 8, "
		 "my visits 8, who is coming 8, who's coming 8, "
		 "my patients 8, what's on 8, who do i see 8, "
		 "who do i have 8, do i have patients 9, any patients 8",
	.summary = "your visits of a day or more days",
	.synopsis = "agenda [DAY or DAYS]",
	.example = "agenda tomorrow",
	.roles = ROLE_DOCTOR,
	.fields = agenda_fields,
	.field_count = COUNT_OF(agenda_fields),
	.run = run_agenda,
};

static bool run_week(struct request *request, const struct form *form UNUSED,
	struct strbuf *answer, struct error *error)
{
	return tell_days(request, request->now.day,
		request->now.day + DAYS_AHEAD, answer, error);
}

const struct command command_week = {
	.name = "week",
	.words = "=my week 9, =this week 9, my week 8",
	.summary = "your visits of the next seven days",
	.synopsis = "week",
	.example = "week",
	.roles = ROLE_DOCTOR,
	.run = run_week,
};

static bool run_next(struct request *request, const struct form *form UNUSED,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "next_visit", request->jid, STORE_END);

	if (!rows)
		return false;
	if (rows_count(rows))
		add_visits(answer, request, rows);
	else
		say(answer, request->language, "You have no visits to come.",
			NULL);
	return true;
}

const struct command command_next = {
	.name = "next",
	.words = "=next 9, =next patient 9, =next visit 9, who is next 9, "
		 "who's next 9, my next patient 9, next patient 8, "
		 "my next visit 9",
	.summary = "your next visit",
	.synopsis = "next",
	.example = "next",
	.roles = ROLE_DOCTOR,
	.run = run_next,
};
