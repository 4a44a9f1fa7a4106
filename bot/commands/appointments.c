/* appointments.c - a patient's appointments: book, see, move. */
#include <string.h>

#include "commands/list.h"
#include "commands/series.h"
#include "commands/visit_words.h"
#include "desk/fields.h"
#include "desk/wording.h"

/* Patients book for themselves or a dependant; staff say for whom. */
static bool wants_patient(
	const struct request *request, const struct form *form)
{
	return !(request->roles & (ROLE_PATIENT | ROLE_STRANGER)) ||
	       request->has_dependants || form_hint(form, "for");
}

/* The name of whom somebody books for, who is not themselves; or NULL. */
static const char *somebody_else(
	const struct request *request, const struct form *form)
{
	return is_own_id(request, form_text(form, "for"))
		       ? NULL
		       : form_label(form, "for");
}

static bool lacks_doctor(
	const struct request *request UNUSED, const struct form *form)
{
	return !form_text(form, "doctor") && !form_hint(form, "doctor");
}

/* The kind of visit is asked of who has it: the doctor, or before her the
 * specialty, because not each of its doctors may have it. */
static bool has_types(
	const struct request *request UNUSED, const struct form *form)
{
	return form_text(form, "doctor") || form_text(form, "specialty");
}

static bool has_specialtys_type(
	const struct request *request UNUSED, const struct form *form)
{
	return !form_text(form, "specialty") || form_text(form, "type");
}

static bool is_single(
	const struct request *request UNUSED, const struct form *form)
{
	return !form_text(form, "series") && !form_hint(form, "series");
}

static const struct field book_fields[] = {
	{
		.name = "for",
		.type = &field_visit_patient,
		.label = "Patient",
		.question = "For which patient?",
		.is_wanted = wants_patient,
	},
	{
		.name = "specialty",
		.type = &field_specialty,
		.label = "Specialty",
		.question = "Which specialty?",
		.is_wanted = lacks_doctor,
	},
	{
		.name = "doctor",
		.type = &field_visit_doctor,
		.label = "Doctor",
		.question = "Which doctor?",
		.is_wanted = has_specialtys_type,
		.is_dependent = true,
		.follows = {"specialty"},
	},
	{
		.name = "type",
		.type = &field_visit_type,
		.label = "Kind of visit",
		.question = "Which kind of visit?",
		.is_wanted = has_types,
		.is_dependent = true,
		.follows = {"specialty", "doctor"},
	},
	{
		.name = "series",
		.type = &field_series,
		.label = "Repeat (for example every monday at 10 for 6 weeks)",
		.question = "On which days, at what time, for how long? (for "
			    "example every monday at 10 for 6 weeks)",
		.need = FIELD_OPTIONAL,
		.is_dependent = true,
		.is_contested = true,
	},
	{
		.name = "time",
		.type = &field_visit_time,
		.label = "Day and time",
		.question = "When?",
		.is_wanted = is_single,
		.is_dependent = true,
		.is_contested = true,
	},
};

/* "Leo Doe with Dr. Ana Ruiz" */
static void add_who(struct strbuf *out, const struct request *request,
	const struct form *form)
{
	const char *patient = somebody_else(request, form);

	say(out, request->language,
		patient ? "{patient} with {doctor}" : "{doctor}", "patient",
		patient, "doctor", form_label(form, "doctor"), NULL);
}

/* "I hold it for you for 3 minutes." */
static void say_held(struct strbuf *out, const struct request *request,
	const struct rows *rows, const char *sentence)
{
	struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;

	say_duration(&time, request->language, rows_number(rows, 0, "minutes"));
	say(out, request->language, sentence, "time", time.text, NULL);
}

static bool confirm_one(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error)
{
	const char *type = form_note(form, "type");
	struct strbuf who AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf held AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf doctor AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"hold", request->jid, form_text(form, "doctor"),
		form_text(form, "time"), form_text(form, "type"),
		form_text(form, "for"), NULL, STORE_END);

	if (!rows)
		return false;
	say_held(&held, request, rows, "I hold it for you for {time}.");
	add_short_name(&doctor, form_label(form, "doctor"));
	add_who(&who, request, form);
	strbuf_addf(question, "%s, ", who.text);
	say(question, request->language,
		type ? "{type}, {time} {note}. {held} "
		     : "{time} {note}. {held} ",
		"type", type, "time", form_label(form, "time"), "note",
		form_note(form, "time"), "held", held.text, NULL);
	say(question, request->language,
		rows_bool(rows, 0, "needs_approval")
			? "{doctor} confirms it first. Shall I ask? (yes / no)"
			: "Shall I book it? (yes / no)",
		"doctor", doctor.text, NULL);
	*is_question = true;
	return true;
}

static bool confirm_book(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error)
{
	struct strbuf who AUTO(strbuf_release) = STRBUF_INIT;

	if (!form_text(form, "series"))
		return confirm_one(request, form, question, is_question, error);
	add_who(&who, request, form);
	*is_question = true;
	return confirm_series(request, form, who.text, question, error);
}

static bool let_go(struct request *request, struct error *error)
{
	return store_do(
		request->store, error, "release", request->jid, STORE_END);
}

static void say_reminders(
	struct strbuf *out, const char *language, const char *minutes)
{
	struct strbuf before AUTO(strbuf_release) = STRBUF_INIT;

	say_durations(&before, language, minutes);
	if (before.length)
		say(out, language, " I will remind you {before} before.",
			"before", before.text, NULL);
}

/* The doctor says yes or no first. */
static void say_asked(struct strbuf *answer, struct request *request,
	const struct rows *rows, const char *what, const char *time)
{
	struct strbuf doctor AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf until AUTO(strbuf_release) = STRBUF_INIT;
	struct error error;
	struct rows *asked AUTO(rows_release) =
		store_call(request->store, &error, "appointments", request->jid,
			rows_text(rows, 0, "code"), NULL, STORE_END);

	add_short_name(&doctor, rows_text(rows, 0, "doctor_name"));
	if (asked && rows_count(asked) && rows_text(asked, 0, "until"))
		say_moment(&until, request->language,
			moment_of(asked, 0, "until"), request->now,
			SAY_DAY | SAY_TIME);
	say(answer, request->language,
		until.length
			? "Asked: {what}, {time}. {doctor} will answer by "
			  "{until}, and I tell you then."
			: "Asked: {what}, {time}. {doctor} will answer, and "
			  "I tell you then.",
		"what", what, "time", time, "doctor", doctor.text, "until",
		until.text, NULL);
}

static bool run_one(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf what AUTO(strbuf_release) = STRBUF_INIT;
	const char *type = form_note(form, "type");
	const char *patient = somebody_else(request, form);
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"book", request->jid, form_text(form, "doctor"),
		form_text(form, "time"), form_text(form, "type"),
		form_text(form, "for"), STORE_END);

	if (!rows)
		return false;
	say_visit(&time, request, rows, "starts");
	say(&what, request->language,
		patient ? "{code}, {patient} with {doctor}"
			: "{code}, {doctor}",
		"code", rows_text(rows, 0, "code"), "patient",
		rows_text(rows, 0, "patient_name"), "doctor",
		rows_text(rows, 0, "doctor_name"), NULL);
	if (type)
		strbuf_addf(&what, ", %s", type);
	if (strcmp(rows_text(rows, 0, "state"), "requested") == 0) {
		say_asked(answer, request, rows, what.text, time.text);
		return true;
	}
	say(answer, request->language, "Booked: {what}, {time}.", "what",
		what.text, "time", time.text, NULL);
	/* A guardian is reminded, staff are not. */
	if (!patient || !(request->roles & (ROLE_DOCTOR | ROLE_ADMIN)))
		say_reminders(answer, request->language,
			rows_text(rows, 0, "reminders"));
	return true;
}

static bool run_book(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct strbuf who AUTO(strbuf_release) = STRBUF_INIT;

	if (!form_text(form, "series"))
		return run_one(request, form, answer, error);
	add_who(&who, request, form);
	return run_series(request, form, who.text, answer, error);
}

const struct command command_book = {
	.name = "book",
	.words = "book 8, reserve 8, schedule 8, make an appointment 8, "
		 "make me an appointment 8, get an appointment 8, "
		 "need an appointment 8, want an appointment 8, "
		 "like an appointment 8, have an appointment with 4, "
		 "an appointment 3, appointment 3, i need 2, i want 2, "
		 "i would like 2, i'd like 2, can i see 4, could i see 4, "
		 "need to see 5, want to see 5, like to see 5, see 3, "
		 "free slots 4, free times 4, openings 4, available 3, "
		 "availability 3, consultation 3, checkup 3, check-up 3, "
		 "slot 3, slots 3, visit 2, set up 3, fit me in 6, "
		 "come in 3, bookings 2, get me 3, next available 8, "
		 "appointment available 9, next free appointment 9, "
		 "available appointment 9",
	.summary = "book an appointment",
	.synopsis = "book [WHO] [KIND OF VISIT] [DOCTOR or SPECIALTY] [DAY "
		    "or every WEEKDAY] [TIME] [for 6 weeks] [, yes]",
	.example = "book dr ruiz tuesday 9:40",
	.roles = ROLE_PATIENT | ROLE_DOCTOR | ROLE_ADMIN,
	.fields = book_fields,
	.field_count = COUNT_OF(book_fields),
	.confirm = confirm_book,
	.let_go = let_go,
	.run = run_book,
};

/* What is not usual about a visit: "  Follow-up, video". */
static void add_kind(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	bool is_usual = rows_bool(rows, row, "is_usual");
	bool is_video = rows_bool(rows, row, "is_video");
	const char *type = rows_text(rows, row, "visit_type");

	if (!is_usual)
		strbuf_add(answer, ", ");
	if (!is_usual)
		add_visit_type(answer, request->language, type, is_video);
	else if (is_video)
		strbuf_addf(
			answer, ", %s", in_words(request->language, "video"));
	if (strcmp(rows_text(rows, row, "state"), "requested") == 0)
		say(answer, request->language, ", not confirmed yet", NULL);
}

static bool run_appointments(struct request *request,
	const struct form *form UNUSED, struct strbuf *answer,
	struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"appointments", request->jid, NULL, NULL, STORE_END);
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;

	if (!rows)
		return false;
	add_zone(&zone, request);
	if (!rows_count(rows)) {
		say(answer, request->language,
			"You have no appointments to come. Write \"book\" to "
			"make one.",
			NULL);
		return true;
	}
	say(answer, request->language,
		rows_count(rows) == 1 ? "You have one appointment{zone}:"
				      : "Your appointments{zone}:",
		"zone", zone.text, NULL);
	for (size_t row = 0; row < rows_count(rows); row++) {
		strbuf_addf(answer, "\n%s  ", rows_text(rows, row, "code"));
		say_moment(answer, request->language,
			moment_of(rows, row, "starts"), request->now,
			SAY_DAY | SAY_TIME);
		strbuf_add(answer, "  ");
		if (rows_bool(rows, row, "is_for_other")) {
			add_given_name(
				answer, rows_text(rows, row, "patient_name"));
			strbuf_add(answer, ": ");
		}
		strbuf_add(answer, rows_text(rows, row, "doctor_name"));
		add_kind(answer, request, rows, row);
	}
	return true;
}

const struct command command_appointments = {
	.name = "appointments",
	.words = "appointments 5, my appointments 7, my appointment 4, "
		 "what have i got 9, what do i have 9, what i have 7, "
		 "my bookings 7, my visits 7, when is my 8, "
		 "when are my 8, when am i 7, do i have 7, have i got 7, "
		 "upcoming 5, list my 8, show my 8, "
		 "my next appointment 8, my schedule 7, "
		 "what did i book 9, which appointments 8, =mine 7, "
		 "did i book 8, have i booked 8, am i booked 8, "
		 "^has dr 7, ^has doctor 7, ^did dr 7, ^did doctor 7, "
		 "^when is * appointment 8, ^when is * visit 8, "
		 "^when are * appointments 8, ^when are * visits 8, "
		 "^when is * going 7, ^when does * see 7, "
		 "^when does * have 7, ^does * have an appointment 8, "
		 "^has * got an appointment 8, ^has * an appointment 8, "
		 "booked in 7, my schedule 8, =calendar 7, my calendar 8, "
		 "what's booked 8",
	.summary = "your appointments to come",
	.synopsis = "appointments",
	.example = "appointments",
	.roles = ROLE_PATIENT,
	.run = run_appointments,
};

static const struct field move_fields[] = {
	{
		.name = "appointment",
		.type = &field_appointment,
		.label = "Appointment",
		.question = "Which appointment?",
	},
	{
		.name = "time",
		.type = &field_visit_time,
		.label = "New day and time",
		.question = "To when?",
		.is_dependent = true,
		.is_contested = true,
	},
};

static bool confirm_move(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error)
{
	struct strbuf was AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf held AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf who AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf alone AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *hold AUTO(rows_release) = NULL;
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "appointments", request->jid,
			form_text(form, "appointment"), NULL, STORE_END);

	if (!rows)
		return false;
	if (!rows_count(rows))
		return failed(error, ERROR_MISSING,
			"that appointment is not there any more");
	hold = store_call(request->store, error, "hold", request->jid,
		rows_text(rows, 0, "doctor"), form_text(form, "time"), NULL,
		NULL, form_text(form, "appointment"), STORE_END);
	if (!hold)
		return false;
	say_held(&held, request, hold,
		"I hold the new time for you for {time}.");
	say_moment(&was, request->language, moment_of(rows, 0, "starts"),
		request->now, SAY_DAY | SAY_TIME);
	add_zone(&zone, request);
	say(&who, request->language,
		rows_bool(rows, 0, "is_mine_as_doctor") ? "{patient}"
		: rows_bool(rows, 0, "is_for_other") ? "{patient} with {doctor}"
						     : "{doctor}",
		"patient", rows_text(rows, 0, "patient_name"), "doctor",
		rows_text(rows, 0, "doctor_name"), NULL);
	if (rows_number(rows, 0, "following"))
		say(&alone, request->language,
			"Only this visit moves, those that follow stay. ",
			NULL);
	say(question, request->language,
		"Move {code} ({who}) from {was} to {time}{zone}? {alone}{held} "
		"(yes / no)",
		"code", form_text(form, "appointment"), "who", who.text, "was",
		was.text, "time", form_label(form, "time"), "zone", zone.text,
		"alone", alone.text, "held", held.text, NULL);
	*is_question = true;
	return true;
}

static bool run_move(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf who AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"move", request->jid, form_text(form, "appointment"),
		form_text(form, "time"), STORE_END);

	if (!rows)
		return false;
	say_visit(&time, request, rows, "starts");
	add_other_party(&who, request, rows, 0);
	say(answer, request->language, "Moved: {code}, {who}, now {time}.",
		"code", rows_text(rows, 0, "code"), "who", who.text, "time",
		time.text, NULL);
	return true;
}

const struct command command_move = {
	.name = "move",
	.words = "move 9, reschedule 9, postpone 9, rebook 9, "
		 "change my appointment 9, change the appointment 9, "
		 "change my booking 9, change it 8, shift 8, push back 8, "
		 "push it 8, bring forward 8, bring it forward 8, "
		 "put it back 8, put back 8, delay it 8, put off 8, instead 8, "
		 "another time 6, different time 7, new time 7, "
		 "change the time 9, change 6, rather 4, push 7, swap 8, "
		 "hour later 7, come earlier 7, come later 7, "
		 "change the date 9, change my visit 9, "
		 "change the visit 9, change our appointment 9",
	.summary = "move an appointment to another time",
	.synopsis = "move [CODE or DOCTOR] [DAY] [TIME] [, yes]",
	.example = "move A7K3F to friday 10:20",
	.roles = ROLE_PATIENT | ROLE_DOCTOR | ROLE_ADMIN,
	.fields = move_fields,
	.field_count = COUNT_OF(move_fields),
	.confirm = confirm_move,
	.let_go = let_go,
	.run = run_move,
};
