/* notice.c - what a delivery says: one table from kind to wording. */
#include "post/notice.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "desk/wording.h"

/* A guardian is told in the patient's words where there are none of their own. */
enum recipient { TO_ANYBODY, TO_DOCTOR, TO_PATIENT, TO_GUARDIAN };

#define ANSWER_REQUEST                                                     \
	"Please answer by {until}: write \"yes\" or \"no\", or \"decline " \
	"{code} because ...\"."

/* The first row that fits speaks. {when}, {was} and {until} are "Thu 3 Dec, 15:20", with
 * "today" or "tomorrow" before it where the row is_near; {at} and {was_at} are
 * their times alone, for {zone} to follow. */
static const struct wording {
	const char *kind;
	enum recipient recipient;
	bool is_near;
	const char *sentence;
	const char *with_reason; /* follows when there is a reason, or a link */
	const char *advice;      /* comes last */
} wordings[] = {
	/* clang-format off */
	{"booked", TO_DOCTOR, false,
		"{patient} booked {when} ({code}).", NULL, NULL},
	{"booked", TO_GUARDIAN, false,
		"The clinic booked a visit for {child}: {doctor}, {when} "
		"({code}).", NULL,
		"Write \"move\" or \"cancel\" if that does not suit you."},
	{"booked", TO_PATIENT, false,
		"The clinic booked a visit for you: {doctor}, {when} ({code}).",
		NULL,
		"Write \"move\" or \"cancel\" if that does not suit you."},
	{"moved", TO_DOCTOR, false,
		"Moved: {patient}, from {was} to {when} ({code}).",
		"Reason: {reason}.", NULL},
	{"moved", TO_GUARDIAN, false,
		"{child}'s visit to {doctor} on {was} has moved to {when} "
		"({code}).",
		"Reason: {reason}.",
		"Write \"move\" or \"cancel\" if that does not suit you."},
	{"moved", TO_PATIENT, false,
		"Your visit to {doctor} on {was} has moved to {when} ({code}).",
		"Reason: {reason}.",
		"Write \"move\" or \"cancel\" if that does not suit you."},
	{"cancelled", TO_DOCTOR, false,
		"Cancelled: {patient}, {when} ({code}).",
		"Reason: {reason}.", NULL},
	{"cancelled", TO_GUARDIAN, false,
		"{child}'s visit to {doctor} on {when} is cancelled ({code}).",
		"Reason: {reason}.",
		"Write \"book\" to find another time."},
	{"cancelled", TO_PATIENT, false,
		"Your visit to {doctor} on {when} is cancelled ({code}).",
		"Reason: {reason}.",
		"Write \"book\" to find another time."},
	{"reminder", TO_GUARDIAN, true,
		"Reminder: {child}, {doctor} {when} ({code}).", NULL,
		"Write \"move\" or \"cancel\" if {child} cannot come."},
	{"reminder", TO_ANYBODY, true,
		"Reminder: {doctor} {when} ({code}).", NULL,
		"Write \"move\" or \"cancel\" if you cannot come."},
	{"requested", TO_DOCTOR, false,
		"{patient} asks for {when} ({code}).", NULL,
		ANSWER_REQUEST},
	{"requested", TO_PATIENT, false,
		"The clinic asked {doctor} for a visit for you: {when} "
		"({code}).", NULL,
		"I tell you as soon as it is confirmed."},
	{"request_moved", TO_DOCTOR, false,
		"{patient} asks for {when} instead of {was} ({code}).", NULL,
		ANSWER_REQUEST},
	{"request_moved", TO_PATIENT, false,
		"The clinic asked {doctor} for {when} instead of {was} for you "
		"({code}).", NULL,
		"I tell you as soon as it is confirmed."},
	{"approved", TO_DOCTOR, false,
		"The clinic said yes to {patient}, {when} ({code}).", NULL,
		NULL},
	{"approved", TO_GUARDIAN, false,
		"{doctor} said yes: {child}'s visit is booked, {when} ({code}).",
		NULL,
		"Write \"move\" or \"cancel\" if {child} cannot come."},
	{"approved", TO_PATIENT, false,
		"{doctor} said yes: your visit is booked, {when} ({code}).",
		NULL,
		"Write \"move\" or \"cancel\" if you cannot come."},
	{"declined", TO_DOCTOR, false,
		"The clinic said no to {patient}, {when} ({code}).",
		"Reason: {reason}.", NULL},
	{"declined", TO_GUARDIAN, false,
		"{doctor} cannot see {child} on {when} ({code}).",
		"Reason: {reason}.",
		"Write \"book\" to find another time."},
	{"declined", TO_PATIENT, false,
		"{doctor} cannot see you on {when} ({code}).",
		"Reason: {reason}.",
		"Write \"book\" to find another time."},
	{"request_over", TO_DOCTOR, false,
		"{patient} asked for {when} ({code}) and had no answer in time, "
		"so the request is over.", NULL, NULL},
	{"request_over", TO_GUARDIAN, false,
		"{doctor} did not answer in time, so the request for {child}, "
		"{when} ({code}), is over.", NULL,
		"Write \"book\" to find another time."},
	{"request_over", TO_PATIENT, false,
		"{doctor} did not answer in time, so your request for {when} "
		"({code}) is over.", NULL,
		"Write \"book\" to find another time."},
	{"offer", TO_GUARDIAN, false,
		"A time is free for {child} with {doctor}: {when} ({code}). I "
		"hold it until {until}.", NULL,
		"Shall I book it? (yes / no)"},
	{"offer", TO_ANYBODY, false,
		"A time is free with {doctor}: {when} ({code}). I hold it for "
		"you until {until}.", NULL,
		"Shall I book it? (yes / no)"},
	{"offer_instead", TO_GUARDIAN, false,
		"An earlier time is free for {child} with {doctor}: {when} "
		"({code}), instead of {was}. I hold it until {until}.", NULL,
		"Shall I book it? (yes / no)"},
	{"offer_instead", TO_ANYBODY, false,
		"An earlier time is free with {doctor}: {when} ({code}), "
		"instead of {was}. I hold it for you until {until}.", NULL,
		"Shall I book it? (yes / no)"},
	{"away", TO_GUARDIAN, false,
		"I am sorry: {doctor} is away then, so {child}'s visit of "
		"{when} ({code}) cannot take place.", NULL,
		"Please write \"move\" to choose another time, or \"cancel\"."},
	{"away", TO_ANYBODY, false,
		"I am sorry: {doctor} is away then, so your visit of {when} "
		"({code}) cannot take place.", NULL,
		"Please write \"move\" to choose another time, or \"cancel\"."},
	{"away_offer", TO_GUARDIAN, false,
		"I am sorry: {note} is away then, so {child}'s visit of {was} "
		"cannot take place. I hold another time until {until}: "
		"{doctor}, {when} ({code}).", NULL,
		"Shall I book it instead? (yes / no) Or write \"move\" to "
		"choose another time, or \"cancel\"."},
	{"away_offer", TO_ANYBODY, false,
		"I am sorry: {note} is away then, so your visit of {was} cannot "
		"take place. I hold another time for you until {until}: "
		"{doctor}, {when} ({code}).", NULL,
		"Shall I book it instead? (yes / no) Or write \"move\" to "
		"choose another time, or \"cancel\"."},
	{"wait_over", TO_ANYBODY, false,
		"Nothing came free in time with {note}, so you wait no more.",
		NULL,
		"Write \"book\" to see which times there are, or \"waitlist\" "
		"and a doctor to wait again."},
	{"late", TO_GUARDIAN, false,
		"{doctor} is running late: {child}'s visit of {was_at} today "
		"({code}) will begin at about {at}{zone}.", NULL, NULL},
	{"late", TO_ANYBODY, false,
		"{doctor} is running late: your visit of {was_at} today "
		"({code}) will begin at about {at}{zone}.", NULL, NULL},
	{"on_time", TO_GUARDIAN, false,
		"{doctor} is on time again: {child}'s visit today ({code}) "
		"begins at {at}{zone}.", NULL, NULL},
	{"on_time", TO_ANYBODY, false,
		"{doctor} is on time again: your visit today ({code}) begins "
		"at {at}{zone}.", NULL, NULL},
	{"call_now", TO_DOCTOR, false,
		"The video visit with {patient} ({code}) begins now: call "
		"{address} now.",
		"If your app cannot call, meet at {link} instead.", NULL},
	{"call_now", TO_GUARDIAN, false,
		"{child}'s video visit ({code}) begins now: call {doctor} at "
		"{address} now.",
		"If your app cannot call, meet at {link} instead.", NULL},
	{"call_now", TO_PATIENT, false,
		"Your video visit ({code}) begins now: call {doctor} at "
		"{address} now.",
		"If your app cannot call, meet at {link} instead.", NULL},
	{"missed_call", TO_DOCTOR, false,
		"You missed a call from {patient}, {when}. You can call back "
		"at {address} any time.",
		NULL, NULL},
	{"missed_call", TO_PATIENT, false,
		"You missed a call from {doctor}, {when}. Call back at "
		"{address} soon, or write a message there.",
		NULL, NULL},
	{"visit_over", TO_DOCTOR, false,
		"The video visit with {patient} ({code}) is over. Please write "
		"your note of it now, while it is fresh.",
		NULL, NULL},
	{"visit_over", TO_GUARDIAN, false,
		"{child}'s video visit with {doctor} ({code}) is over. How was "
		"it? Write a number from 1 (bad) to 5 (good) to {address}, and "
		"what could be better.",
		NULL, NULL},
	{"visit_over", TO_PATIENT, false,
		"Your video visit with {doctor} ({code}) is over. How was it? "
		"Write a number from 1 (bad) to 5 (good) to {address}, and "
		"what could be better.",
		NULL, NULL},
	{"welcome_doctor", TO_ANYBODY, false,
		"Welcome! You are a doctor of this clinic now. First tell me "
		"your hours, for example: hours mon-fri 9-13, 15-18.", NULL,
		"Then \"today\" and \"week\" show your visits, \"off tomorrow "
		"afternoon\" takes time off, and \"help\" lists the rest."},
	{"welcome_admin", TO_ANYBODY, false,
		"Welcome! You are an admin of this clinic now. Write \"help\" "
		"to see what you can do here: add doctors and specialties, "
		"find people, see the figures.", NULL, NULL},
	{"team_added", TO_ANYBODY, false,
		"You are in the team of {note} now: the doctors who look after "
		"one patient, in a room of their own.",
		"Write \"teams\" to see who is in it, or \"leave team\". Join it "
		"here: {reason}", NULL},
	{"team_removed", TO_ANYBODY, false,
		"You are not in the team of {note} any more.", NULL, NULL},
	{"dead_letter", TO_ANYBODY, false,
		"A message could not be delivered, and I have given it up: "
		"{note}.",
		"The last answer was: {reason}.",
		"Please reach that person in another way."},
	/* clang-format on */
};

/* What was booked or cancelled together; {visits} is a line for each. */
static const struct wording together[] = {
	/* clang-format off */
	{"booked", TO_DOCTOR, false,
		"{patient} booked {count} visits:{visits}", NULL, NULL},
	{"booked", TO_GUARDIAN, false,
		"The clinic booked {count} visits for {child} with {doctor}:"
		"{visits}", NULL,
		"\nWrite \"move\" or \"cancel\" if that does not suit you."},
	{"booked", TO_PATIENT, false,
		"The clinic booked {count} visits for you with {doctor}:"
		"{visits}", NULL,
		"\nWrite \"move\" or \"cancel\" if that does not suit you."},
	{"cancelled", TO_DOCTOR, false,
		"Cancelled: {count} visits of {patient}:{visits}",
		"\nReason: {reason}.", NULL},
	{"cancelled", TO_GUARDIAN, false,
		"{count} visits of {child} to {doctor} are cancelled:{visits}",
		"\nReason: {reason}.",
		"\nWrite \"book\" to find other times."},
	{"cancelled", TO_PATIENT, false,
		"{count} of your visits to {doctor} are cancelled:{visits}",
		"\nReason: {reason}.",
		"\nWrite \"book\" to find other times."},
	/* clang-format on */
};

static bool is_meant(enum recipient recipient, const struct notice *notice)
{
	switch (recipient) {
	case TO_DOCTOR:
		return notice->is_doctor;
	case TO_GUARDIAN:
		return !notice->is_doctor && notice->child_name;
	case TO_PATIENT:
		return !notice->is_doctor;
	case TO_ANYBODY:
		break;
	}
	return true;
}

static const struct wording *find_among(
	const struct wording *table, size_t count, const struct notice *notice)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].kind, notice->kind) == 0 &&
			is_meant(table[i].recipient, notice))
			return &table[i];
	return NULL;
}

static const struct wording *find_wording(const struct notice *notice)
{
	return find_among(wordings, COUNT_OF(wordings), notice);
}

/* "Thu 3 Dec, 15:20", with the zone when it is not the clinic's. */
static bool print_moment(const struct notice *notice, const char *moment,
	bool is_near, struct strbuf *text)
{
	unsigned how = SAY_DAY | SAY_TIME | (is_near ? SAY_RELATIVE : 0);
	struct civil_moment at, now;

	if (!moment)
		return true;
	if (!civil_read_moment(moment, &at) ||
		!civil_read_moment(notice->now_local, &now))
		return false;
	if (is_near && at.day != now.day && at.day != now.day + 1)
		say(text, notice->language, "on ", NULL);
	say_moment(text, notice->language, at, now, how);
	if (notice->zone && !notice->is_clinic_zone)
		say(text, notice->language, " {zone} time", "zone",
			notice->zone, NULL);
	return true;
}

/* "15:20" of "2026-12-03 15:20", which print_moment() has read. */
static const char *time_of(const char *moment)
{
	return moment ? moment + strlen("2026-12-03 ") : NULL;
}

/* The moments of a notice, as they are said. */
struct moments {
	struct strbuf when, was, until;
};

static void release_moments(struct moments *moments)
{
	strbuf_release(&moments->when);
	strbuf_release(&moments->was);
	strbuf_release(&moments->until);
}

static void add_sentence(struct strbuf *text, const struct notice *notice,
	const char *sentence, const struct moments *moments)
{
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf address AUTO(strbuf_release) = STRBUF_INIT;

	if (text->length)
		strbuf_add(text, " ");
	if (notice->local)
		strbuf_addf(
			&address, "xmpp:%s@%s", notice->local, notice->domain);
	if (notice->zone && !notice->is_clinic_zone)
		say(&zone, notice->language, " {zone} time", "zone",
			notice->zone, NULL);
	say(text, notice->language, sentence, "when", moments->when.text, "was",
		moments->was.text, "until", moments->until.text, "code",
		notice->code, "doctor", notice->doctor_name, "patient",
		notice->patient_name, "child", notice->child_name, "reason",
		notice->reason, "note", notice->note, "at",
		time_of(notice->starts), "was_at", time_of(notice->was_starts),
		"zone", zone.text, "address", address.text, "link",
		notice->link, NULL);
}

bool notice_print(
	const struct notice *notice, struct strbuf *text, struct error *error)
{
	const struct wording *wording = find_wording(notice);
	struct moments moments AUTO(release_moments) = {
		STRBUF_INIT, STRBUF_INIT, STRBUF_INIT};

	if (!wording)
		return failed(error, ERROR_BUG,
			"there is no wording for a notice \"%s\"",
			notice->kind);
	if (!print_moment(
		    notice, notice->starts, wording->is_near, &moments.when) ||
		!print_moment(
			notice, notice->was_starts, false, &moments.was) ||
		!print_moment(notice, notice->until, false, &moments.until))
		return failed(error, ERROR_BUG,
			"a notice \"%s\" has a moment that cannot be read",
			notice->kind);
	add_sentence(text, notice, wording->sentence, &moments);
	if (wording->with_reason &&
		((notice->reason && *notice->reason) || notice->link))
		add_sentence(text, notice, wording->with_reason, &moments);
	if (wording->advice)
		add_sentence(text, notice, wording->advice, &moments);
	return true;
}

/* "tomorrow, Thu 3 Dec", with the zone when it is not the clinic's. */
static void say_near_day(struct strbuf *out, const struct notice *notice,
	struct civil_moment at, struct civil_moment now)
{
	if (at.day != now.day && at.day != now.day + 1)
		say(out, notice->language, "on ", NULL);
	say_moment(out, notice->language, at, now, SAY_DAY | SAY_RELATIVE);
	if (notice->zone && !notice->is_clinic_zone)
		say(out, notice->language, " ({zone} time)", "zone",
			notice->zone, NULL);
}

static bool print_together(const struct wording *wording,
	const struct notice *visits, size_t count, struct strbuf *text,
	struct error *error)
{
	const struct notice *first = &visits[0];
	const char *const parts[] = {wording->sentence,
		first->reason && *first->reason ? wording->with_reason : NULL,
		wording->advice};
	struct strbuf list AUTO(strbuf_release) = STRBUF_INIT;
	char number[24];

	(void)snprintf(number, sizeof(number), "%zu", count);
	for (size_t i = 0; i < count; i++) {
		strbuf_add_char(&list, '\n');
		if (!print_moment(&visits[i], visits[i].starts, false, &list))
			return failed(error, ERROR_BUG,
				"a notice \"%s\" has a moment that cannot be "
				"read",
				first->kind);
		strbuf_addf(&list, " (%s)", visits[i].code);
	}
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		if (parts[i])
			say(text, first->language, parts[i], "patient",
				first->patient_name, "child", first->child_name,
				"doctor", first->doctor_name, "reason",
				first->reason, "count", number, "visits",
				list.text, NULL);
	return true;
}

bool notice_print_visits(const struct notice *visits, size_t count,
	struct strbuf *text, struct error *error)
{
	struct notice all = visits[0];
	struct strbuf list AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf day AUTO(strbuf_release) = STRBUF_INIT;
	const struct wording *wording;
	struct civil_moment at, now;

	if (count == 1)
		return notice_print(&all, text, error);
	wording = find_among(together, COUNT_OF(together), &all);
	if (wording)
		return print_together(wording, visits, count, text, error);
	for (size_t i = 0; i < count; i++) {
		const struct notice *visit = &visits[i];

		if (!visit->starts || !all.now_local ||
			!civil_read_moment(visit->starts, &at) ||
			!civil_read_moment(all.now_local, &now))
			return failed(error, ERROR_BUG,
				"a notice \"%s\" has a moment that cannot be "
				"read",
				all.kind);
		if (!day.length)
			say_near_day(&day, visit, at, now);
		strbuf_add_char(&list, '\n');
		say_moment(&list, all.language, at, now, SAY_TIME);
		strbuf_add(&list, "  ");
		if (visit->child_name)
			strbuf_addf(&list, "%s: ", visit->child_name);
		strbuf_addf(&list, "%s (%s)", visit->doctor_name, visit->code);
	}
	all.child_name = NULL; /* who it is stands in the list */
	wording = find_wording(&all);
	if (!wording || !wording->advice)
		return failed(error, ERROR_BUG,
			"there is no wording for several visits in a notice "
			"\"%s\"",
			all.kind);
	say(text, all.language, "Reminder: your visits {day}:{list}\n", "day",
		day.text, "list", list.text, NULL);
	strbuf_add(text, in_words(all.language, wording->advice));
	return true;
}
