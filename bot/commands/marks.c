/* marks.c - noting what becomes of a visit: arrived, begun, done, missed, late. */
#include <stdlib.h>
#include <string.h>

#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

static const struct field mark_fields[] = {{
	.name = "visit",
	.type = &field_day_visit,
	.label = "Visit",
	.question = "Which visit?",
}};

/* Says it with {patient}, {time}, {code} and {missed} of the visit. */
static void say_marked(struct strbuf *answer, const struct request *request,
	const struct rows *rows, const char *sentence)
{
	struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;
	struct civil_moment starts = moment_of(rows, 0, "starts");

	say_moment(&time, request->language, starts, request->now,
		starts.day == request->now.day ? SAY_TIME : SAY_DAY | SAY_TIME);
	say(answer, request->language, sentence, "patient",
		rows_text(rows, 0, "patient_name"), "time", time.text, "code",
		rows_text(rows, 0, "code"), "missed",
		rows_text(rows, 0, "missed"), NULL);
}

/* Who comes next today, as the doctor wants to know after a visit. */
static bool say_next(
	struct request *request, struct strbuf *answer, struct error *error)
{
	struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "next_visit", request->jid, STORE_END);

	if (!rows)
		return false;
	if (!rows_count(rows) ||
		moment_of(rows, 0, "starts").day != request->now.day) {
		say(answer, request->language, " Nobody else comes today.",
			NULL);
		return true;
	}
	say_moment(&time, request->language, moment_of(rows, 0, "starts"),
		request->now, SAY_TIME);
	say(answer, request->language,
		strcmp(rows_text(rows, 0, "state"), "arrived") == 0
			? " Next: {patient}, {time} ({code}), has arrived."
			: " Next: {patient}, {time} ({code}).",
		"patient", rows_text(rows, 0, "patient_name"), "time",
		time.text, "code", rows_text(rows, 0, "code"), NULL);
	return true;
}

/* The command's name is what is noted of the visit. */
static bool run_mark(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	static const struct {
		const char *mark, *said, *known;
	} sentences[] = {
		{"arrived", "{patient} has arrived, for {time} ({code}).",
			"{patient} has arrived already ({code})."},
		{"start", "Begun: {patient}, {time} ({code}).",
			"{patient} is with you already ({code})."},
		{"done", "Done: {patient}, {time} ({code}).",
			"{patient}, {time} ({code}) is done already."},
		{"noshow",
			"Noted: {patient} did not come at {time} ({code}). "
			"Visits missed so far: {missed}.",
			"It is noted that {patient} did not come ({code})."},
	};
	const char *mark = form->command->name;
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "visit_mark", request->jid,
			form_text(form, "visit"), mark, STORE_END);

	if (!rows)
		return false;
	for (size_t i = 0; i < COUNT_OF(sentences); i++)
		if (strcmp(sentences[i].mark, mark) == 0)
			say_marked(answer, request, rows,
				rows_bool(rows, 0, "is_new")
					? sentences[i].said
					: sentences[i].known);
	return strcmp(mark, "done") != 0 || say_next(request, answer, error);
}

const struct command command_arrived = {
	.name = "arrived",
	.words = "has arrived 9, arrived 8, is here 8, came in 7, checked in 8",
	.summary = "note that a patient of today has arrived",
	.synopsis = "arrived [PATIENT or CODE]",
	.example = "arrived jane",
	.roles = ROLE_DOCTOR | ROLE_ADMIN,
	.is_jargon = true,
	.fields = mark_fields,
	.field_count = COUNT_OF(mark_fields),
	.run = run_mark,
};

const struct command command_start = {
	.name = "start",
	.words = "^begin 8, ^started 8, ^call in 8",
	.summary = "note that a visit begins: the next patient comes in",
	.synopsis = "start [PATIENT or CODE]",
	.example = "start",
	.roles = ROLE_DOCTOR,
	.is_jargon = true,
	.fields = mark_fields,
	.field_count = COUNT_OF(mark_fields),
	.run = run_mark,
};

const struct command command_done = {
	.name = "done",
	.words = "^finished 8, ^i am done 9, ^i'm done 9, is done 8, "
		 "^done with 9",
	.summary = "note that a visit is done",
	.synopsis = "done [PATIENT or CODE]",
	.example = "done",
	.roles = ROLE_DOCTOR,
	.is_jargon = true,
	.fields = mark_fields,
	.field_count = COUNT_OF(mark_fields),
	.run = run_mark,
};

const struct command command_noshow = {
	.name = "noshow",
	.words = "no show 9, no-show 9, did not come 9, didn't come 9, "
		 "has not come 9, did not show up 9, didn't show up 9, "
		 "never came 9, missed 7",
	.summary = "note that a patient did not come",
	.synopsis = "noshow [PATIENT or CODE]",
	.example = "noshow jane",
	.roles = ROLE_DOCTOR | ROLE_ADMIN,
	.is_jargon = true,
	.fields = mark_fields,
	.field_count = COUNT_OF(mark_fields),
	.run = run_mark,
};

static const struct field late_fields[] = {{
	.name = "minutes",
	.type = &field_delay,
	.label = "Minutes late (0: on time again)",
	.question = "How many minutes late are you? (0 when you are on time "
		    "again)",
}};

static bool run_late(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *minutes = form_text(form, "minutes");
	struct strbuf delay AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"late", request->jid, minutes, STORE_END);
	bool is_late = strtol(minutes, NULL, 10) > 0;

	if (!rows)
		return false;
	say_duration(&delay, request->language, strtol(minutes, NULL, 10));
	if (!rows_count(rows)) {
		say(answer, request->language,
			"Nobody is waiting today who does not know it yet.",
			NULL);
		return true;
	}
	say(answer, request->language,
		is_late ? "I am telling those who wait today that you are "
			  "{delay} late:"
			: "I am telling those who wait today that you are on "
			  "time again:",
		"delay", delay.text, NULL);
	for (size_t row = 0; row < rows_count(rows); row++) {
		const char *starts = rows_text(rows, row, "starts");
		const char *expected = rows_text(rows, row, "expected");

		strbuf_addf(answer, "\n%s  %s", expected + strlen(expected) - 5,
			rows_text(rows, row, "patient_name"));
		if (is_late)
			say(answer, request->language, " (was {time})", "time",
				starts + strlen(starts) - 5, NULL);
	}
	return true;
}

const struct command command_late = {
	.name = "late",
	.words = "late 7, running late 9, running * late 9, i will be late 9, "
		 "i'll be late 9, im late 9, i am late 9, i'm late 9, "
		 "delayed 7, behind schedule 9, on time again 9, =on time 8, "
		 "i am on time 9, i'm on time 9",
	.summary = "tell those who wait today that you are late",
	.synopsis = "late MINUTES",
	.example = "late 20",
	.roles = ROLE_DOCTOR,
	.is_jargon = true,
	.fields = late_fields,
	.field_count = COUNT_OF(late_fields),
	.run = run_late,
};
