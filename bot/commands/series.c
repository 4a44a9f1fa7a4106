/* series.c - booking several visits together. */
#include "commands/series.h"

#include <stdio.h>
#include <string.h>

#include "desk/fields.h"
#include "desk/wording.h"

static struct rows *call(struct request *request, const struct form *form,
	bool is_sure, struct error *error)
{
	return store_call(request->store, error, "book_series", request->jid,
		form_text(form, "doctor"), form_text(form, "series"),
		form_text(form, "type"), form_text(form, "for"),
		is_sure ? "true" : "false", STORE_END);
}

static bool has_refusal(const struct rows *rows)
{
	for (size_t row = 0; row < rows_count(rows); row++)
		if (rows_text(rows, row, "reason"))
			return true;
	return false;
}

static bool is_asked_first(const struct rows *rows)
{
	return strcmp(rows_text(rows, 0, "state"), "requested") == 0;
}

/* A line for each visit: "Mon 7 Dec", after its code when it has one. */
static void say_days(struct strbuf *out, const struct request *request,
	const struct rows *rows)
{
	for (size_t row = 0; row < rows_count(rows); row++) {
		const char *code = rows_text(rows, row, "code");

		strbuf_add_char(out, '\n');
		if (code)
			strbuf_addf(out, "%s  ", code);
		say_moment(out, request->language,
			moment_of(rows, row, "starts"), request->now, SAY_DAY);
	}
}

/* "Dr. Ana Ruiz, 6 visits at 10:00 (Europe/Madrid), 40 EUR each:" */
static void say_heading(struct strbuf *out, const struct request *request,
	const struct form *form, const char *who, const struct rows *rows)
{
	struct strbuf fee AUTO(strbuf_release) = STRBUF_INIT;
	const char *type = form_note(form, "type");
	char time[CIVIL_TEXT_SIZE], count[24];

	(void)snprintf(count, sizeof(count), "%zu", rows_count(rows));
	say_fee(&fee, request->language, rows, 0);
	say(out, request->language,
		rows_count(rows) == 1 ? "{who}{comma}{type}, at {time} "
					"({zone}), {fee}:"
				      : "{who}{comma}{type}, {count} visits at "
					"{time} ({zone}), {fee} each:",
		"who", who, "comma", type ? ", " : "", "type", type, "count",
		count, "time",
		civil_print_minute(moment_of(rows, 0, "starts").minute, time),
		"zone", request->zone, "fee", fee.text, NULL);
}

bool confirm_series(struct request *request, const struct form *form,
	const char *who, struct strbuf *question, struct error *error)
{
	const char *refused = form_note(form, "series");
	struct rows *rows AUTO(rows_release) =
		call(request, form, false, error);

	if (!rows)
		return false;
	if (has_refusal(rows))
		return failed(error, ERROR_CONFLICT,
			"something has changed meanwhile");
	if (refused)
		say(question, request->language,
			"Not all of these visits can be:\n{refused}\nThe "
			"others:\n",
			"refused", refused, NULL);
	say_heading(question, request, form, who, rows);
	say_days(question, request, rows);
	strbuf_add_char(question, '\n');
	if (is_asked_first(rows))
		say(question, request->language,
			"The doctor confirms each first. ", NULL);
	say(question, request->language,
		refused                 ? "Shall I book the others? (yes / no)"
		: rows_count(rows) == 1 ? "Shall I book it? (yes / no)"
					: "Shall I book them all? (yes / no)",
		NULL);
	return true;
}

static void add_reminders(struct strbuf *answer, const struct request *request,
	const char *minutes)
{
	struct strbuf before AUTO(strbuf_release) = STRBUF_INIT;

	say_durations(&before, request->language, minutes);
	if (before.length)
		say(answer, request->language,
			"\nI will remind you {before} before each.", "before",
			before.text, NULL);
}

bool run_series(struct request *request, const struct form *form,
	const char *who, struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = NULL;
	size_t last;

	/* "..., yes" agreed to all of them, not to some. */
	if (form_note(form, "series") && !form->is_held)
		return failed(
			error, ERROR_CONFLICT, "I have booked nothing yet");
	rows = call(request, form, true, error);
	if (!rows)
		return false;
	if (has_refusal(rows))
		return failed(error, ERROR_CONFLICT,
			"something has changed meanwhile, and I have booked "
			"nothing yet");
	strbuf_add(
		answer, in_words(request->language,
				is_asked_first(rows) ? "Asked: " : "Booked: "));
	say_heading(answer, request, form, who, rows);
	say_days(answer, request, rows);
	last = rows_count(rows) - 1;
	if (is_asked_first(rows))
		say(answer, request->language,
			"\nThe doctor confirms each first; I tell you as soon "
			"as I know.",
			NULL);
	else if (is_own_id(request, form_text(form, "for")) ||
		 !(request->roles & (ROLE_DOCTOR | ROLE_ADMIN)))
		add_reminders(
			answer, request, rows_text(rows, last, "reminders"));
	return true;
}
