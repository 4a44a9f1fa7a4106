/* reminders.c - when a patient is reminded, and that they will come. */
#include "commands/reminders.h"

#include <string.h>

#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

bool confirm_visits(struct request *request, const char *codes,
	const char *stanza_id, struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"confirm", request->jid, codes, stanza_id, STORE_END);

	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;
		struct strbuf child AUTO(strbuf_release) = STRBUF_INIT;

		say_moment(&time, request->language,
			moment_of(rows, row, "starts"), request->now,
			SAY_DAY | SAY_TIME);
		add_zone(&time, request);
		if (row)
			strbuf_add_char(answer, '\n');
		if (rows_bool(rows, row, "is_for_other"))
			add_given_name(
				&child, rows_text(rows, row, "patient_name"));
		say(answer, request->language,
			child.length ? "Confirmed: {code}, {child}, {doctor}, "
				       "{time}."
				     : "Confirmed: {code}, {doctor}, {time}.",
			"code", rows_text(rows, row, "code"), "child",
			child.text, "doctor",
			rows_text(rows, row, "doctor_name"), "time", time.text,
			NULL);
	}
	if (rows_count(rows) == 1)
		say(answer, request->language, " See you then.", NULL);
	return true;
}

bool confirm_reminded(struct request *request, const char *codes,
	struct strbuf *answer, struct error *error)
{
	return confirm_visits(request, codes, NULL, answer, error);
}

static const struct field confirm_fields[] = {{
	.name = "appointment",
	.type = &field_appointment,
	.label = "Appointment",
	.question = "Which appointment?",
}};

static bool run_confirm(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	return confirm_visits(
		request, form_text(form, "appointment"), NULL, answer, error);
}

const struct command command_confirm = {
	.name = "confirm",
	.words = "confirm my appointment 9, confirm my visit 9, i will come 8, "
		 "i'll come 8, i will be there 8, i'll be there 8",
	.summary = "say that you will come",
	.synopsis = "confirm [CODE or DOCTOR]",
	.example = "confirm A7K3F",
	.roles = ROLE_PATIENT,
	.fields = confirm_fields,
	.field_count = COUNT_OF(confirm_fields),
	.run = run_confirm,
};

/* What the rows of api.reminders say. */
static void say_wishes(struct strbuf *answer, const struct request *request,
	const struct rows *rows)
{
	const char *minutes = rows_text(rows, 0, "minutes");
	const char *quiet_from = rows_text(rows, 0, "quiet_from");
	struct strbuf before AUTO(strbuf_release) = STRBUF_INIT;

	say_durations(&before, request->language, minutes);
	if (!before.length) {
		say(answer, request->language,
			"I do not remind you of your appointments.", NULL);
		return;
	}
	say(answer, request->language,
		quiet_from ? "I remind you {before} before each appointment, "
			     "but not between {from} and {to}."
			   : "I remind you {before} before each appointment.",
		"before", before.text, "from", quiet_from, "to",
		rows_text(rows, 0, "quiet_to"), NULL);
}

static bool run_reminders(struct request *request,
	const struct form *form UNUSED, struct strbuf *answer,
	struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "reminders", request->jid, STORE_END);

	if (!rows)
		return false;
	say_wishes(answer, request, rows);
	say(answer, request->language,
		rows_bool(rows, 0, "is_own")
			? " To change that write for example \"remind me 2 "
			  "days and 3 hours before\", or \"remind me as "
			  "usual\"."
			: " To change that write for example \"remind me 2 "
			  "days and 3 hours before\", or \"no reminders\".",
		NULL);
	return true;
}

const struct command command_reminders = {
	.name = "reminders",
	.words = "my reminders 9, show reminders 9, which reminders 9, what "
		 "reminders 9, =reminder 8, when do you remind me 9, when "
		 "will you remind me 9",
	.summary = "when I remind you of your appointments",
	.synopsis = "reminders",
	.example = "reminders",
	.roles = ROLE_PATIENT,
	.run = run_reminders,
};

static bool set_reminders(struct request *request, const char *minutes,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"reminders_set", request->jid, minutes, STORE_END);

	if (!rows)
		return false;
	say(answer, request->language, "All right. ", NULL);
	say_wishes(answer, request, rows);
	return true;
}

static const struct field remind_me_fields[] = {{
	.name = "before",
	.type = &field_reminders,
	.label = "How long before",
	.question = "How long before an appointment shall I remind you? (for "
		    "example \"2 days and 3 hours\", \"as usual\" or \"none\")",
}};

static bool run_remind_me(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *before = form_text(form, "before");

	if (strcmp(before, "usual") == 0)
		before = NULL;
	else if (strcmp(before, "none") == 0)
		before = "";
	return set_reminders(request, before, answer, error);
}

const struct command command_remind_me = {
	.name = "remind me",
	.words = "remind me 8, reminded 7, send me a reminder 9, send me "
		 "reminders 9, change my reminders 9, change the reminders 9, "
		 "set reminders 9, set my reminders 9, want a reminder 9, "
		 "want reminders 9, like a reminder 9, my reminders to 9",
	.summary = "choose when I remind you",
	.synopsis = "remind me [2 days and 3 hours before]",
	.example = "remind me 2 days and 3 hours before",
	.roles = ROLE_PATIENT,
	.fields = remind_me_fields,
	.field_count = COUNT_OF(remind_me_fields),
	.run = run_remind_me,
};

static bool run_no_reminders(struct request *request,
	const struct form *form UNUSED, struct strbuf *answer,
	struct error *error)
{
	return set_reminders(request, "", answer, error);
}

const struct command command_no_reminders = {
	.name = "no reminders",
	.words = "no reminders 9, no reminder 9, no more reminders 9, don't "
		 "remind 9, do not remind 9, stop reminding 9, stop reminders "
		 "9, stop the reminders 9, stop sending reminders 9, stop "
		 "sending me reminders 9, never remind 9, turn off reminders "
		 "9, switch off reminders 9, not want reminders 9, don't want "
		 "reminders 9, without reminders 8",
	.summary = "do without reminders",
	.synopsis = "no reminders",
	.example = "no reminders",
	.roles = ROLE_PATIENT,
	.run = run_no_reminders,
};
