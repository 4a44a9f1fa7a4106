/* why.c - why a doctor cannot be booked at some time. */
#include <string.h>

#include "commands/list.h"
#include "commands/said.h"
#include "desk/fields.h"
#include "desk/wording.h"

static bool has_dependants(
	const struct request *request, const struct form *form UNUSED)
{
	return request->has_dependants;
}

static const struct field why_fields[] = {
	{
		.name = "doctor",
		.type = &field_asked_doctor,
		.label = "Doctor",
		.question = "Which doctor?",
	},
	{
		.name = "type",
		.type = &field_visit_type,
		.label = "Kind of visit",
		.question = "Which kind of visit?",
		.need = FIELD_OPTIONAL,
		.is_dependent = true,
		.follows = {"doctor"},
	},
	{
		.name = "for",
		.type = &field_for_whom,
		.label = "For whom",
		.question = "For whom?",
		.need = FIELD_OPTIONAL,
		.is_wanted = has_dependants,
	},
	{
		.name = "time",
		.type = &field_moment,
		.label = "Day and time",
		.question = "Which day and time? (for example friday 10:00)",
	},
};

/* What is said of a reason: to whom it concerns no more than that, and to staff.
 * {who} is the doctor, {at} the time asked about, {span} and {starts} are the
 * reason's own. */
static const struct {
	const char *reason, *general, *full;
} sayings[] = {
	{"past", "That time is past.", "That time is past."},
	{"own", "You have a visit then: {code}, {span}.",
		"You have a visit then yourself: {code}, {span}."},
	{"closed", "The clinic is closed then.", "Clinic closed: {span}."},
	{"off", "{who} does not work then, write \"book\" for free times.",
		"Time off: {span}{note}."},
	{"beyond", "It is too far ahead: {who} can be booked until {starts}.",
		"Beyond the horizon: openings reach to {starts}."},
	{"hours", "{who} does not work then, write \"book\" for free times.",
		"Outside the hours."},
	{"short",
		"A visit does not fit then any more: {who} does not work long "
		"enough.",
		"A visit does not end within the opening: {span}."},
	{"grid", "{who}'s visits start at {starts}{next}.",
		"Visits start at {starts}{next}, not between."},
	{"booked", "{who} is fully booked then, write \"book\" for free times.",
		"Booked: {code}, {patient}, {span}."},
	{"held", "{who} is fully booked then, write \"book\" for free times.",
		"Held while {patient} is asked: {span}."},
	{"notice", "That is too short notice: the earliest is {starts}.",
		"Too short notice for a patient: the earliest is {starts}."},
	{"ahead", "That is too far ahead: the last day is {starts} for now.",
		"Too far ahead for a patient: the last day is {starts}."},
	{"most", "{who} has no more visits of this kind on that day.",
		"As many of this kind as a day may have{note}."},
	{"room", "The room that it needs is taken then.",
		"No room is free{note}."},
	{"free", "{who} is free then, write \"book\".", "Free."},
};

/* Where a row has a column that is NULL, there is nothing to say. */
static void say_reason(struct strbuf *out, const struct request *request,
	const struct rows *rows, size_t row, bool is_full, const char *child)
{
	const char *reason = rows_text(rows, row, "reason");
	const char *starts = rows_text(rows, row, "starts");
	const char *ends = rows_text(rows, row, "ends");
	const char *note = rows_text(rows, row, "note");
	const char *patient = rows_text(rows, row, "patient_name");
	struct strbuf span AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf from AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf next AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf because AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf who AUTO(strbuf_release) = STRBUF_INIT;

	if (starts && ends)
		say_stretch(&span, request->language,
			moment_of(rows, row, "starts"),
			moment_of(rows, row, "ends"), request->now,
			SAY_DAY | SAY_TIME);
	if (starts && strcmp(reason, "grid") == 0)
		strbuf_add(&from, starts + strlen(starts) - 5);
	else if (starts)
		say_moment(&from, request->language,
			moment_of(rows, row, "starts"), request->now,
			strcmp(reason, "notice") == 0 ? SAY_DAY | SAY_TIME
						      : SAY_DAY);
	if (ends)
		say(&next, request->language, " and {time}", "time",
			ends + strlen(ends) - 5, NULL);
	if (note)
		strbuf_addf(&because, " (%s)", note);
	add_short_name(&who, rows_text(rows, row, "doctor_name"));
	if (child && strcmp(reason, "own") == 0) {
		say(out, request->language,
			"{child} has a visit then: {code}, {span}.", "child",
			child, "code", rows_text(rows, row, "code"), "span",
			span.text, NULL);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(sayings); i++)
		if (strcmp(sayings[i].reason, reason) == 0)
			say(out, request->language,
				is_full ? sayings[i].full : sayings[i].general,
				"who", who.text, "code",
				rows_text(rows, row, "code"), "patient",
				patient ? patient : "", "span", span.text,
				"starts", from.text, "next", next.text, "note",
				because.text, NULL);
}

static bool is_reason(const struct rows *rows, size_t row, const char *reason)
{
	return row < rows_count(rows) &&
	       strcmp(rows_text(rows, row, "reason"), reason) == 0;
}

/* "That day: 09:00-13:00, 15:00-18:00." and the hours that make it so. */
static bool say_working(struct strbuf *out, const struct request *request,
	const struct rows *rows, size_t row, struct error *error)
{
	struct strbuf openings AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf hours AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;

	for (; is_reason(rows, row, "opening"); row++) {
		const char *starts = rows_text(rows, row, "starts");
		const char *ends = rows_text(rows, row, "ends");

		strbuf_addf(&openings, "%s%s-%s%s", openings.length ? ", " : "",
			starts + strlen(starts) - 5, ends + strlen(ends) - 5,
			rows_text(rows, row, "code") ? " (once)" : "");
	}
	say(out, request->language,
		openings.length ? "\nOpen that day: {openings}."
				: "\nNot open at all that day.",
		"openings", openings.text, NULL);
	if (row == rows_count(rows)) {
		say(out, request->language, "\nNo hours are set.", NULL);
		return true;
	}
	if (!print_hours(rows, row, "note", "code", &hours))
		return failed(error, ERROR_BUG, "I cannot read the hours");
	if (strcmp(rows_text(rows, row, "zone"), request->zone) != 0)
		strbuf_addf(&zone, " (%s)", rows_text(rows, row, "zone"));
	say(out, request->language, "\nHours{zone}: {hours}.", "zone",
		zone.text, "hours", hours.text, NULL);
	return true;
}

static bool run_why(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"why_not", request->jid, form_text(form, "doctor"),
		form_text(form, "time"), form_text(form, "type"),
		form_text(form, "for"), STORE_END);
	const char *child = is_own_id(request, form_text(form, "for"))
				    ? NULL
				    : form_label(form, "for");
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;
	bool is_full;
	size_t row;

	if (!rows)
		return false;
	is_full = rows_bool(rows, 0, "is_full");
	add_zone(&zone, request);
	say(answer, request->language, "{doctor}, {time}{zone}: ", "doctor",
		form_label(form, "doctor"), "time", form_label(form, "time"),
		"zone", zone.text, NULL);
	for (row = 0; row < rows_count(rows); row++) {
		if (is_reason(rows, row, "opening") ||
			is_reason(rows, row, "rule"))
			break;
		if (row)
			strbuf_add_char(answer, '\n');
		say_reason(answer, request, rows, row, is_full, child);
	}
	return !is_full || say_working(answer, request, rows, row, error);
}

const struct command command_why_not = {
	.name = "why not",
	.words = "^why can't i 8, ^why can i not 8, ^why cannot i 8, "
		 "^why isn't dr 9, ^why is dr 9, ^why isn't doctor 9, "
		 "^why is doctor 9, why isn't 7, why is it not 7",
	.summary = "why a doctor cannot be booked at some time",
	.synopsis = "why not [KIND OF VISIT] [DOCTOR] [DAY] [TIME]",
	.example = "why not dr ruiz friday 10:00",
	.roles = ROLE_KNOWN,
	.fields = why_fields,
	.field_count = COUNT_OF(why_fields),
	.run = run_why,
};
