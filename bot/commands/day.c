/* day.c - a doctor's visits: of today, of other days, the next; her free time. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

/* A week, with today. */
#define DAYS_AHEAD 6
/* Visits and free days told at once. A whole day of visits is. */
#define VISITS_SHOWN 30
#define DAYS_SHOWN 14
#define FREE_MOST 3000

/* ", arrived", or what else there is to say of how a visit stands. */
static void add_state(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	static const struct {
		const char *state, *said;
	} states[] = {{"arrived", ", arrived"}, {"fulfilled", ", done"},
		{"noshow", ", did not come"}};
	const char *state = rows_text(rows, row, "state");
	const char *expected = rows_text(rows, row, "expected");

	if (strcmp(state, "arrived") == 0 &&
		rows_bool(rows, row, "is_started")) {
		strbuf_add(answer, in_words(request->language, ", with you"));
		return;
	}
	for (size_t i = 0; i < COUNT_OF(states); i++)
		if (strcmp(state, states[i].state) == 0)
			strbuf_add(answer,
				in_words(request->language, states[i].said));
	if (strcmp(state, "booked") == 0 &&
		rows_bool(rows, row, "is_confirmed"))
		strbuf_add(answer, in_words(request->language, ", confirmed"));
	if (expected)
		say(answer, request->language, ", expected {time}", "time",
			expected + strlen(expected) - 5, NULL);
}

/* ", Follow-up, video" where the doctor has several kinds. */
static void add_kind(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	const char *kind = rows_text(rows, row, "kind");

	if (!kind)
		return;
	strbuf_add(answer, ", ");
	add_visit_type(answer, request->language, kind,
		rows_bool(rows, row, "is_video"));
}

static void add_visits(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t count)
{
	const char *day = "";
	size_t start;

	for (size_t row = 0; row < count; row++) {
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
		add_kind(answer, request, rows, row);
		add_state(answer, request, rows, row);
	}
}

static void say_no_visits(struct strbuf *answer, const struct request *request,
	int32_t first, int32_t last)
{
	struct strbuf day AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf until AUTO(strbuf_release) = STRBUF_INIT;

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
}

/* The doctor's visits from one day to another, both included. */
static bool tell_days(struct request *request, int32_t first, int32_t last,
	struct strbuf *answer, struct error *error)
{
	char from[CIVIL_TEXT_SIZE], to[CIVIL_TEXT_SIZE], most[16], skip[24];
	struct rows *rows AUTO(rows_release) = NULL;

	(void)snprintf(most, sizeof(most), "%d", VISITS_SHOWN + 1);
	(void)snprintf(skip, sizeof(skip), "%zu", request->list_from);
	rows = store_call(request->store, error, "agenda", request->jid,
		civil_print_date(first, from), civil_print_date(last, to), most,
		skip, STORE_END);
	if (!rows)
		return false;
	if (rows_count(rows))
		add_visits(answer, request, rows,
			request_page(request, rows_count(rows), VISITS_SHOWN));
	else
		say_no_visits(answer, request, first, last);
	return true;
}

static bool run_today(struct request *request, const struct form *form UNUSED,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"day", request->jid, "false", NULL, STORE_END);

	if (!rows)
		return false;
	if (rows_count(rows))
		add_visits(answer, request, rows, rows_count(rows));
	else
		say_no_visits(
			answer, request, request->now.day, request->now.day);
	return true;
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
		add_visits(answer, request, rows, 1);
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

static const struct field free_fields[] = {{
	.name = "period",
	.type = &field_period,
	.label = "Day or days",
	.question = "Of which day?",
	.need = FIELD_OPTIONAL,
}};

/* The doctor's own free starts of these days; those of a part of a day are among
 * them. */
static struct rows *free_starts(struct request *request,
	struct civil_moment from, struct civil_moment to, struct error *error)
{
	char first[CIVIL_TEXT_SIZE], last[CIVIL_TEXT_SIZE];
	char doctor[24], most[16];

	(void)snprintf(doctor, sizeof(doctor), "%lld", request->person);
	(void)snprintf(most, sizeof(most), "%d", FREE_MOST);
	return store_call(request->store, error, "slots", request->jid, doctor,
		NULL, civil_print_date(from.day, first),
		civil_print_date(to.minute ? to.day : to.day - 1, last), NULL,
		NULL, NULL, most, NULL, NULL, NULL, STORE_END);
}

static bool is_before(struct civil_moment one, struct civil_moment other)
{
	return one.day < other.day ||
	       (one.day == other.day && one.minute < other.minute);
}

/* A line for each day, starts that follow each other as one stretch: "Fri 4 Dec:
 * 09:00-10:40, 11:00-13:00". How many days there are. */
static size_t add_free_days(struct strbuf *answer, struct request *request,
	const struct rows *rows, struct civil_moment from,
	struct civil_moment to)
{
	struct civil_moment last = {.day = -1};
	size_t days = 0;
	char text[CIVIL_TEXT_SIZE];

	for (size_t row = 0; row < rows_count(rows); row++) {
		struct civil_moment starts = moment_of(rows, row, "starts");
		struct civil_moment ends = moment_of(rows, row, "ends");
		bool is_shown;

		if (is_before(starts, from) || is_before(to, ends))
			continue;
		days += starts.day != last.day || !days;
		is_shown = days > request->list_from &&
			   days <= request->list_from + DAYS_SHOWN;
		if (is_shown && starts.day != last.day) {
			strbuf_add_char(answer, '\n');
			say_moment(answer, request->language, starts,
				request->now, SAY_DAY);
			strbuf_add(answer, ": ");
		} else if (is_shown && is_before(last, starts)) {
			strbuf_add(answer, ", ");
		} else if (is_shown) {
			/* It goes on: the end is said anew. */
			strbuf_cut(answer, answer->length - strlen("-09:00"));
		}
		if (is_shown &&
			(starts.day != last.day || is_before(last, starts)))
			strbuf_add(answer,
				civil_print_minute(starts.minute, text));
		if (is_shown)
			strbuf_addf(answer, "-%s",
				civil_print_minute(ends.minute, text));
		last = ends;
		last.day = starts.day;
	}
	return days;
}

static bool run_free(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *period = form_text(form, "period");
	struct civil_moment from = request->now;
	struct civil_moment to = {.day = from.day + DAYS_AHEAD + 1};
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = NULL;
	size_t days;

	if (period && !read_period(period, &from, &to))
		return failed(error, ERROR_BUG, "I lost my notes");
	rows = free_starts(request, from, to, error);
	if (!rows)
		return false;
	add_zone(&zone, request);
	say(answer, request->language, "You are free{zone}:", "zone", zone.text,
		NULL);
	days = add_free_days(answer, request, rows, from, to);
	if (days > request->list_from)
		(void)request_page(
			request, days - request->list_from, DAYS_SHOWN);
	if (days)
		return true;
	strbuf_reset(answer);
	say(answer, request->language,
		period ? "You have nothing free {period}."
		       : "You have nothing free in the next seven days.",
		"period", form_label(form, "period"), NULL);
	return true;
}

const struct command command_free = {
	.name = "free",
	.words = "=free 9, my free times 9, my free slots 9, my openings 9, "
		 "when am i free 9, am i free 9, what is free 8, "
		 "free times 8, free slots 8",
	.summary = "your free times of a day or more days",
	.synopsis = "free [DAY or DAYS]",
	.example = "free friday",
	.roles = ROLE_DOCTOR,
	.is_jargon = true,
	.fields = free_fields,
	.field_count = COUNT_OF(free_fields),
	.run = run_free,
};
