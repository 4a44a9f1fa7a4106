/* away.c - new times for the patients of a doctor's time off, and who answered. */
#include "commands/away.h"

#include <stdio.h>
#include <string.h>

#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

static bool is_answer(const struct rows *rows, size_t row, const char *answer)
{
	return strcmp(rows_text(rows, row, "answer"), answer) == 0;
}

/* "A7K3F  Tue 1 Dec, 10:00  Tom Baker: " */
static void add_visit(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	strbuf_addf(answer, "\n%s  ", rows_text(rows, row, "code"));
	say_moment(answer, request->language, moment_of(rows, row, "starts"),
		request->now, SAY_DAY | SAY_TIME);
	strbuf_addf(answer, "  %s: ", rows_text(rows, row, "patient_name"));
}

static void add_answer(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	static const struct {
		const char *answer, *said;
	} answers[] = {
		{"unasked", "no new time offered yet"},
		{"asked", "no answer yet to {time} with {doctor}"},
		{"told", "there was no new time to offer"},
		{"no", "does not want {time} with {doctor}"},
		{"silent", "did not answer to {time} with {doctor}"},
	};
	struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;

	if (rows_text(rows, row, "new_starts"))
		say_moment(&time, request->language,
			moment_of(rows, row, "new_starts"), request->now,
			SAY_DAY | SAY_TIME);
	for (size_t i = 0; i < COUNT_OF(answers); i++)
		if (is_answer(rows, row, answers[i].answer))
			say(answer, request->language, answers[i].said, "time",
				time.text, "doctor",
				rows_text(rows, row, "new_doctor"), NULL);
}

bool tell_unanswered(
	struct request *request, struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "unanswered", request->jid, STORE_END);
	bool is_unasked = false;

	if (!rows)
		return false;
	if (!rows_count(rows))
		return true;
	if (answer->length)
		strbuf_add_char(answer, '\n');
	say(answer, request->language,
		"These visits are still booked in your time off:", NULL);
	for (size_t row = 0; row < rows_count(rows); row++) {
		add_visit(answer, request, rows, row);
		add_answer(answer, request, rows, row);
		is_unasked = is_unasked || is_answer(rows, row, "unasked");
	}
	strbuf_add_char(answer, '\n');
	say(answer, request->language,
		is_unasked ? "Write \"new times\" to offer them others, or "
			     "\"move\" or \"cancel\" and the code."
			   : "Write \"move\" or \"cancel\" and the code to "
			     "change one.",
		NULL);
	return true;
}

static bool run_unanswered(struct request *request,
	const struct form *form UNUSED, struct strbuf *answer,
	struct error *error)
{
	if (!tell_unanswered(request, answer, error))
		return false;
	if (!answer->length)
		say(answer, request->language,
			"No visit is booked in your time off.", NULL);
	return true;
}

const struct command command_unanswered = {
	.name = "unanswered",
	.words = "who has not answered 9, who hasn't answered 9, "
		 "who did not answer 9, who didn't answer 9, not answered 8, "
		 "who has answered 9",
	.summary = "visits still booked in your time off",
	.synopsis = "unanswered",
	.example = "unanswered",
	.roles = ROLE_DOCTOR,
	.run = run_unanswered,
};

static bool confirm_new_times(struct request *request,
	const struct form *form UNUSED, struct strbuf *question,
	bool *is_question, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "unanswered", request->jid, STORE_END);
	const char *patient = NULL;
	char count[24];
	size_t unasked = 0;

	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		if (!is_answer(rows, row, "unasked"))
			continue;
		if (!unasked++)
			patient = rows_text(rows, row, "patient_name");
	}
	if (!unasked)
		return failed(error, ERROR_MISSING,
			"there is nobody to offer a new time to; "
			"\"unanswered\" shows who was asked");
	(void)snprintf(count, sizeof(count), "%zu", unasked);
	*is_question = true;
	say(question, request->language,
		unasked == 1 ? "Shall I offer {patient} a new time? (yes / no)"
			     : "Shall I offer these {count} patients new "
			       "times? (yes / no)",
		"patient", patient, "count", count, NULL);
	return true;
}

static bool run_new_times(struct request *request,
	const struct form *form UNUSED, struct strbuf *answer,
	struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "away_offers", request->jid, STORE_END);

	if (!rows)
		return false;
	if (!rows_count(rows)) {
		say(answer, request->language,
			"Everybody was asked already. Write \"unanswered\" to "
			"see who has not answered.",
			NULL);
		return true;
	}
	say(answer, request->language, "I ask them:", NULL);
	for (size_t row = 0; row < rows_count(rows); row++) {
		add_visit(answer, request, rows, row);
		if (!rows_text(rows, row, "new_starts")) {
			say(answer, request->language,
				"there is no new time, I ask them to move it",
				NULL);
			continue;
		}
		say_moment(answer, request->language,
			moment_of(rows, row, "new_starts"), request->now,
			SAY_DAY | SAY_TIME);
		say(answer, request->language, " with {doctor}", "doctor",
			rows_text(rows, row, "new_doctor"), NULL);
	}
	say(answer, request->language,
		"\nTheir visits stay booked until they answer; "
		"\"unanswered\" shows who has not.",
		NULL);
	return true;
}

const struct command command_new_times = {
	.name = "new times",
	.words = "offer new times 9, offer them new times 9, "
		 "offer other times 9, offer them other times 9",
	.summary = "offer other times to the patients of your time off",
	.synopsis = "new times [, yes]",
	.example = "new times",
	.roles = ROLE_DOCTOR,
	.confirm = confirm_new_times,
	.run = run_new_times,
};
