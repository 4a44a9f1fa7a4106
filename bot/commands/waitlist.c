/* waitlist.c - waiting for time to come free, and taking what is offered. */
#include <string.h>

#include "commands/answers.h"
#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

static void add_moment(struct strbuf *out, const struct request *request,
	const struct rows *rows, size_t row, const char *column)
{
	say_moment(out, request->language, moment_of(rows, row, column),
		request->now, SAY_DAY | SAY_TIME);
	add_zone(out, request);
}

bool accept_offer(struct request *request, const char *code,
	struct strbuf *answer, struct error *error)
{
	struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf was AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf doctor AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf before AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "accept", request->jid, code, STORE_END);
	bool is_asked;

	if (!rows)
		return false;
	is_asked = strcmp(rows_text(rows, 0, "state"), "requested") == 0;
	add_moment(&time, request, rows, 0, "starts");
	add_short_name(&doctor, rows_text(rows, 0, "doctor_name"));
	say_durations(
		&before, request->language, rows_text(rows, 0, "reminders"));
	say(answer, request->language,
		is_asked ? "Asked: {code}, {name}, {time}. {doctor} confirms "
			   "it first; I tell you as soon as I know."
			 : "Booked: {code}, {name}, {time}.",
		"code", rows_text(rows, 0, "code"), "name",
		rows_text(rows, 0, "doctor_name"), "time", time.text, "doctor",
		doctor.text, NULL);
	if (rows_text(rows, 0, "was_starts")) {
		add_moment(&was, request, rows, 0, "was_starts");
		say(answer, request->language,
			is_asked ? " Until then you keep your visit of {was}."
				 : " Your visit of {was} is cancelled.",
			"was", was.text, NULL);
	}
	if (!is_asked && before.length)
		say(answer, request->language,
			" I will remind you {before} before.", "before",
			before.text, NULL);
	return true;
}

bool pass_offer(struct request *request, const char *code,
	struct strbuf *answer, struct error *error)
{
	struct strbuf kept AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "pass", request->jid, code, STORE_END);

	if (!rows)
		return false;
	if (rows_bool(rows, 0, "is_waiting")) {
		say(answer, request->language,
			"All right, I pass it on. You are still on the "
			"waitlist; \"leave waitlist\" takes you off.",
			NULL);
		return true;
	}
	if (!rows_text(rows, 0, "kept_code")) {
		say(answer, request->language,
			"All right, I pass it on. Write \"book\" when you want "
			"another time.",
			NULL);
		return true;
	}
	add_moment(&kept, request, rows, 0, "kept_starts");
	say(answer, request->language,
		"All right. Your visit of {kept} ({code}) cannot take place "
		"then: please write \"move\" to choose another time, or "
		"\"cancel\".",
		"kept", kept.text, "code", rows_text(rows, 0, "kept_code"),
		NULL);
	return true;
}

static const char *const offers_alone[] = {"offer", NULL};

static const struct field offer_fields[] = {{
	.name = "question",
	.type = &field_question,
	.label = "Offer",
	.question = "Which offer?",
	.options = offers_alone,
}};

static bool run_accept(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	return accept_offer(
		request, form_text(form, "question"), answer, error);
}

const struct command command_accept = {
	.name = "accept",
	.words = "^take the offer 9, ^accept the offer 9, ^accept offer 9",
	.summary = "take a time that I offered you",
	.synopsis = "accept [CODE]",
	.example = "accept A7K3F",
	.roles = ROLE_PATIENT,
	.fields = offer_fields,
	.field_count = COUNT_OF(offer_fields),
	.run = run_accept,
};

static bool run_pass(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	return pass_offer(request, form_text(form, "question"), answer, error);
}

const struct command command_pass = {
	.name = "pass",
	.words = "^pass it on 9, ^decline the offer 9, ^decline offer 9",
	.summary = "leave a time that I offered you to others",
	.synopsis = "pass [CODE]",
	.example = "pass A7K3F",
	.roles = ROLE_PATIENT,
	.fields = offer_fields,
	.field_count = COUNT_OF(offer_fields),
	.run = run_pass,
};

static bool joins(const struct form *form)
{
	return form_text(form, "doctor") || form_text(form, "specialty");
}

static bool joins_with(
	const struct request *request UNUSED, const struct form *form)
{
	return joins(form);
}

/* For whom is only asked where there is somebody else. */
static bool wants_patient(
	const struct request *request, const struct form *form)
{
	return (request->has_dependants || form_hint(form, "for")) &&
	       joins(form);
}

/* Who says when and not with whom is asked; "waitlist" alone tells. */
static bool lacks_doctor(
	const struct request *request UNUSED, const struct form *form)
{
	return !form_text(form, "specialty") &&
	       (form_text(form, "time") || form_hint(form, "doctor"));
}

static const struct field waitlist_fields[] = {
	{
		.name = "specialty",
		.type = &field_specialty,
		.label = "Specialty",
		.question = "Which specialty?",
		.need = FIELD_OPTIONAL,
	},
	{
		.name = "time",
		.type = &field_wish,
		.label = "Days and hours",
		.question = "When would you come?",
		.need = FIELD_OPTIONAL,
	},
	{
		.name = "doctor",
		.type = &field_visit_doctor,
		.label = "Doctor",
		.question = "Which doctor?",
		.is_wanted = lacks_doctor,
	},
	{
		.name = "type",
		.type = &field_visit_type,
		.label = "Kind of visit",
		.question = "Which kind of visit?",
		.need = FIELD_OPTIONAL,
		.is_wanted = joins_with,
		.is_dependent = true,
		.follows = {"specialty", "doctor"},
	},
	{
		.name = "for",
		.type = &field_visit_patient,
		.label = "Patient",
		.question = "For which patient?",
		.is_wanted = wants_patient,
	},
};

static const char *whom(const struct form *form)
{
	return form_text(form, "doctor") ? form_label(form, "doctor")
					 : form_label(form, "specialty");
}

static bool confirm_waitlist(struct request *request, const struct form *form,
	struct strbuf *question, bool *is_question, struct error *error UNUSED)
{
	const char *type = form_text(form, "type");
	const char *patient = is_own_id(request, form_text(form, "for"))
				      ? NULL
				      : form_label(form, "for");

	*is_question = joins(form);
	if (*is_question)
		say(question, request->language,
			patient ? "Waitlist of {whom}{comma}{type}{time} for "
				  "{patient}: shall I tell you when something "
				  "comes free? (yes / no)"
				: "Waitlist of {whom}{comma}{type}{time}: "
				  "shall I tell you when something comes free? "
				  "(yes / no)",
			"whom", whom(form), "comma", type ? ", " : "", "type",
			type, "time",
			form_text(form, "time") ? form_label(form, "time") : "",
			"patient", patient, NULL);
	return true;
}

/* "first in line", "number 3 in line" */
static void add_place(struct strbuf *out, const struct request *request,
	const struct rows *rows, size_t row)
{
	const char *place = rows_text(rows, row, "place");

	say(out, request->language,
		strcmp(place, "1") == 0 ? "first in line"
					: "number {place} in line",
		"place", place, NULL);
}

/* What is offered just now: "... Shall I book it? (yes / no)" */
static void say_offer(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row, const char *sentence)
{
	struct strbuf time AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf until AUTO(strbuf_release) = STRBUF_INIT;

	add_moment(&time, request, rows, row, "offer_starts");
	add_moment(&until, request, rows, row, "offer_until");
	say(answer, request->language, sentence, "doctor",
		rows_text(rows, row, "offer_doctor"), "time", time.text, "code",
		rows_text(rows, row, "offer_code"), "until", until.text, NULL);
}

static bool join(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct strbuf place AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf kept AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = NULL;
	struct wished wished;

	wished_read(&wished, form);
	rows = store_call(request->store, error, "waitlist_join", request->jid,
		form_text(form, "doctor"),
		form_text(form, "doctor") ? NULL : form_text(form, "specialty"),
		wished.first_day, wished.last_day, wished.from, wished.to,
		form_text(form, "type"), form_text(form, "for"), STORE_END);
	if (!rows)
		return false;
	add_place(&place, request, rows, 0);
	say(answer, request->language,
		rows_bool(rows, 0, "is_new")
			? "You are on the waitlist of {whom}, {place}."
			: "You were on the waitlist of {whom} already; I have "
			  "noted your new wish. You are {place}.",
		"whom", rows_text(rows, 0, "whom"), "place", place.text, NULL);
	if (rows_text(rows, 0, "kept_code")) {
		add_moment(&kept, request, rows, 0, "kept_starts");
		say(answer, request->language,
			" You keep your visit of {kept} ({code}) until an "
			"earlier one is booked.",
			"kept", kept.text, "code",
			rows_text(rows, 0, "kept_code"), NULL);
	}
	if (rows_text(rows, 0, "offer_code"))
		say_offer(answer, request, rows, 0,
			"\nSomething is free already: {doctor}, {time} "
			"({code}). I hold it for you until {until}. Shall I "
			"book it? (yes / no)");
	else
		say(answer, request->language,
			" I tell you as soon as something comes free.", NULL);
	return true;
}

/* ", from Mon 30 Nov to Fri 4 Dec, 08:00 to 12:00" */
static void add_wish(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	const char *from = rows_text(rows, row, "time_from");
	const char *to = rows_text(rows, row, "time_to");
	struct civil_moment last = {0};

	if (rows_text(rows, row, "last_day") &&
		civil_read_date(rows_text(rows, row, "last_day"), &last.day)) {
		struct strbuf day AUTO(strbuf_release) = STRBUF_INIT;

		say_moment(
			&day, request->language, last, request->now, SAY_DAY);
		say(answer, request->language, ", until {day}", "day", day.text,
			NULL);
	}
	if (from && to && strcmp(from, to) == 0)
		say(answer, request->language, ", at {from}", "from", from,
			NULL);
	else if (from || to)
		say(answer, request->language, ", {from} to {to}", "from",
			from ? from : "00:00", "to", to ? to : "24:00", NULL);
}

static bool tell_waitlist(
	struct request *request, struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "waitlist", request->jid, STORE_END);

	if (!rows)
		return false;
	if (!rows_count(rows)) {
		say(answer, request->language,
			"You are on no waitlist. Write for example \"waitlist "
			"dr ruiz mornings until friday\", and I tell you when "
			"something comes free.",
			NULL);
		return true;
	}
	say(answer, request->language, "You wait for:", NULL);
	for (size_t row = 0; row < rows_count(rows); row++) {
		strbuf_addf(answer, "\n%s", rows_text(rows, row, "whom"));
		if (rows_bool(rows, row, "is_for_other"))
			say(answer, request->language, " for {patient}",
				"patient", rows_text(rows, row, "patient_name"),
				NULL);
		add_wish(answer, request, rows, row);
		strbuf_add(answer, ": ");
		add_place(answer, request, rows, row);
		if (rows_text(rows, row, "offer_code"))
			say_offer(answer, request, rows, row,
				"; offered until {until}: {time}, write "
				"\"accept {code}\" or \"pass {code}\"");
	}
	say(answer, request->language,
		"\nWrite \"leave waitlist\" to wait no more.", NULL);
	return true;
}

static bool run_waitlist(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	return joins(form) ? join(request, form, answer, error)
			   : tell_waitlist(request, answer, error);
}

const struct command command_waitlist = {
	.name = "waitlist",
	.words = "how do i join the waitlist 9, how can i join the waitlist 9, "
		 "waitlist 8, waiting list 8, wait list 8, ^wait for 8, "
		 "my waitlist 9, tell me when something comes free 9, "
		 "tell me if something comes free 9, anything earlier 6, "
		 "something earlier 6, if somebody cancels 9, "
		 "if someone cancels 9, when somebody cancels 9, "
		 "when someone cancels 9, place in the line 9, "
		 "place in line 9, =my place 9, what is my place 9, "
		 "put me on the list 9, ^list for 8",
	.summary = "wait for time to come free",
	.synopsis = "waitlist [KIND OF VISIT] [DOCTOR or SPECIALTY] [DAYS] "
		    "[HOURS]",
	.example = "waitlist dr ruiz mornings until friday",
	.roles = ROLE_PATIENT,
	.fields = waitlist_fields,
	.field_count = COUNT_OF(waitlist_fields),
	.confirm = confirm_waitlist,
	.run = run_waitlist,
};

static const struct field leave_fields[] = {{
	.name = "waiting",
	.type = &field_waiting,
	.label = "Waitlist",
	.question = "Which waitlist?",
}};

static bool run_leave(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "waitlist_leave",
			request->jid, form_text(form, "waiting"), STORE_END);

	if (!rows)
		return false;
	say(answer, request->language,
		"You are not on the waitlist of {whom} any more.", "whom",
		rows_text(rows, 0, "whom"), NULL);
	return true;
}

const struct command command_leave_waitlist = {
	.name = "leave waitlist",
	.words = "leave the waitlist 9, leave waiting list 9, "
		 "leave the waiting list 9, off the waitlist 9, "
		 "off the waiting list 9, remove waitlist 9, "
		 "cancel waitlist 9, cancel the waitlist 9, stop waiting 9, "
		 "wait no more 9, leave the list 9, off the list 9, "
		 "leave the line 9",
	.summary = "wait no more for time to come free",
	.synopsis = "leave waitlist [DOCTOR]",
	.example = "leave waitlist",
	.roles = ROLE_PATIENT,
	.fields = leave_fields,
	.field_count = COUNT_OF(leave_fields),
	.run = run_leave,
};
