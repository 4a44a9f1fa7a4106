/* chat.c - messages between a patient and a doctor. */
#include "mirror/chat.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "desk/wording.h"
#include "mirror/files.h"
#include "mirror/keeper.h"
#include "mirror/meeting.h"
#include "mirror/offices.h"
#include "mirror/presence.h"
#include "mirror/relay.h"
#include "mirror/sent.h"
#include "mirror/slash.h"
#include "mirror/words.h"
#include "room.h"
#include "service/basics.h"
#include "settings.h"
#include "xmpp/stream.h"

#define NS_CHATSTATES "http://jabber.org/protocol/chatstates"
#define NS_CORRECT "urn:xmpp:message-correct:0"
#define NS_RETRACT "urn:xmpp:message-retract:1"
#define NS_RETRACT_BEFORE "urn:xmpp:message-retract:0"
#define NS_FASTEN "urn:xmpp:fasten:0"

/* Who it is, for the doctor: "Jane Doe, next visit Thu 3 Dec, 15:20". */
static void introduce(struct mirror *mirror, const struct meeting *meeting)
{
	const struct pair *pair = &meeting->pair;
	const struct card *patient = &meeting->sender;
	const char *language = meeting->receiver.language;
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf when = STRBUF_INIT;

	if (!book_mark(
		    mirror->book, pair->doctor, pair->patient, MARK_INTRODUCED))
		return;
	if (pair->visit_s)
		say_moment(&when, language,
			(struct civil_moment){
				pair->visit_day, pair->visit_minute},
			(struct civil_moment){.day = pair->visit_day},
			SAY_DAY | SAY_TIME);
	say(&text, language,
		pair->visit_s ? "[{name}, next visit {when}]"
			      : "[{name}, no visit coming up]",
		"name", patient->name, "when", when.text, NULL);
	words_send(mirror, meeting->receiver.jid, patient, text.text);
	keeper_note(mirror->keeper, &(struct note){.kind = "introduced",
					    .doctor = pair->doctor,
					    .patient = pair->patient});
	/* The next one may be another by now. */
	if (pair->visit_s && (int64_t)pair->visit_s < book_now_s(mirror->book))
		keeper_refresh(mirror->keeper, pair->patient);
}

/* The first time that words are kept with a patient's record, theirs or a doctor's,
 * they are told so, and what to do if that is not wanted. */
static void tell_of_keeping(
	struct mirror *mirror, const struct meeting *meeting)
{
	bool is_senders = meeting->pair.patient == meeting->sender.id;
	const struct card *patient =
		is_senders ? &meeting->sender : &meeting->receiver;
	const struct card *doctor =
		is_senders ? &meeting->receiver : &meeting->sender;

	if (!patient->keeps_messages || patient->is_told ||
		!book_tell(mirror->book, patient->id))
		return;
	words_tell(mirror, patient->jid, patient, doctor,
		"What you and {other} write here is kept with your record, for "
		"the two of you alone. If you do not want that, write "
		"\"privacy forget\" to {desk}.");
	keeper_note(mirror->keeper, &(struct note){.kind = "told",
					    .doctor = meeting->pair.doctor,
					    .patient = meeting->pair.patient});
}

/* The answer of a doctor who does not read now; released. */
static void tell_closed(struct mirror *mirror, const struct meeting *meeting,
	struct office_closed *closed)
{
	const struct card *patient = &meeting->sender;
	AUTO(free_text) char *answer = closed->answer;
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf back = STRBUF_INIT;

	if (answer) {
		say(&text, patient->language, "[{clinic}] {answer}", "clinic",
			mirror->settings->clinic_name, "answer", answer, NULL);
		words_send(mirror, patient->jid, &meeting->receiver, text.text);
		return;
	}
	if (closed->is_away)
		say_moment(&back, patient->language, closed->back, closed->back,
			SAY_DAY | (closed->back.minute ? SAY_TIME : 0));
	say(&text, patient->language,
		closed->is_away
			? "{other} has your message, but is away until {back}. "
			  "If it cannot wait, please call the clinic."
			: "{other} has your message, but reads messages only "
			  "in the office hours. If it cannot wait, please call "
			  "the clinic.",
		"other", "{other}", "back", back.text, NULL);
	words_tell(
		mirror, patient->jid, patient, &meeting->receiver, text.text);
}

/* Who writes to a doctor who does not read now is told once a day that it takes
 * longer. */
static void answer_for_doctor(
	struct mirror *mirror, const struct meeting *meeting)
{
	const struct pair *pair = &meeting->pair;
	struct office_closed closed;

	if (pair->is_answered || offices_is_open(mirror->offices, pair->doctor,
					 book_now_s(mirror->book), &closed))
		return;
	if (!book_mark(
		    mirror->book, pair->doctor, pair->patient, MARK_ANSWERED)) {
		free(closed.answer);
		return;
	}
	tell_closed(mirror, meeting, &closed);
	keeper_note(mirror->keeper, &(struct note){.kind = "answered",
					    .doctor = pair->doctor,
					    .patient = pair->patient});
}

/* Whom the doctor writes to may answer as long as after a visit. */
static void let_answer(struct mirror *mirror, const struct pair *pair)
{
	int64_t until = book_now_s(mirror->book) +
			mirror->settings->mirror_talk_days * INT64_C(86400);

	if (until < BOOK_FOREVER)
		book_extend(mirror->book, pair->doctor, pair->patient,
			(uint32_t)until);
}

/* The id of the message that this one takes back (0424, and as it was before with
 * 0422); NULL: it takes none back. */
static const char *taken_back(const stanza *message)
{
	const stanza *retract = stanza_find(message, "retract", NS_RETRACT);
	const stanza *before = stanza_find(message, "apply-to", NS_FASTEN);

	if (!retract && before &&
		stanza_find(before, "retract", NS_RETRACT_BEFORE))
		retract = before;
	return retract ? stanza_get(retract, "id") : NULL;
}

static void put_down(struct mirror *mirror, const struct meeting *meeting,
	const stanza *incoming, const char *body)
{
	const struct pair *pair = &meeting->pair;
	const stanza *replace = stanza_find(incoming, "replace", NS_CORRECT);
	const char *retracted = taken_back(incoming);
	bool from_doctor = pair->doctor == meeting->sender.id;
	bool is_encrypted = stanza_find(incoming, "encrypted", NS_OMEMO);
	struct note note = {
		.doctor = pair->doctor,
		.patient = pair->patient,
		.from_doctor = from_doctor,
	};

	if (retracted) {
		/* Should it come back, it goes out no more. */
		free(sent_take(mirror->sent, meeting->sender.id,
			meeting->receiver.id, retracted));
		note.kind = "retract";
		note.id = retracted;
		keeper_note(mirror->keeper, &note);
	} else if (relay_says_something(incoming)) {
		if (from_doctor)
			let_answer(mirror, pair);
		note.kind = "message";
		note.is_kept = from_doctor ? meeting->receiver.keeps_messages
					   : meeting->sender.keeps_messages;
		note.id = stanza_get(incoming, "id");
		note.body = is_encrypted || !note.is_kept ? NULL : body;
		note.replaces = replace ? stanza_get(replace, "id") : NULL;
		keeper_note(mirror->keeper, &note);
	}
}

/* What is only about this moment: nobody is there to see it. */
static bool is_for_nobody(struct mirror *mirror, const struct meeting *meeting,
	const stanza *incoming, const char *body)
{
	return !body && !stanza_find(incoming, NULL, NS_RECEIPTS) &&
	       !stanza_find(incoming, "encrypted", NS_OMEMO) &&
	       !stanza_find(incoming, "displayed", NULL) &&
	       !stanza_find(incoming, "reactions", NULL) &&
	       !taken_back(incoming) &&
	       stanza_find(incoming, NULL, NS_CHATSTATES) &&
	       presence_is_away(mirror, meeting->receiver.id);
}

static char *body_of(const stanza *incoming)
{
	const stanza *body = stanza_find(incoming, "body", NULL);

	return body ? stanza_text(body) : NULL;
}

static void pass_on(struct mirror *mirror, struct meeting *meeting,
	const stanza *incoming, relay_add *add)
{
	AUTO(free_text) char *body = body_of(incoming);

	/* A device that is gone: the others shall have it. */
	if (meeting->passage.receiver_resource &&
		!presence_has(mirror, meeting->receiver.id,
			meeting->passage.receiver_resource))
		meeting->passage.receiver_resource = NULL;
	if (!relay_pass_with(mirror, meeting, incoming, add))
		return;
	put_down(mirror, meeting, incoming, body);
	if (!relay_says_something(incoming))
		return;
	tell_of_keeping(mirror, meeting);
	if (meeting->pair.patient == meeting->sender.id)
		answer_for_doctor(mirror, meeting);
}

void chat_go_on(void *context, stanza *message, const char *why)
{
	struct mirror *mirror = context;
	struct meeting meeting;

	/* Much may have changed since it came. */
	if (meeting_open(mirror, message, &meeting) == MAY_PASS) {
		if (why) {
			AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;

			strbuf_addf(&text,
				"Your file could not be passed on to {other}: "
				"%s.",
				in_words(meeting.sender.language, why));
			words_tell(mirror, stanza_get(message, "from"),
				&meeting.sender, &meeting.receiver, text.text);
		}
		pass_on(mirror, &meeting, message, files_add);
	}
	stanza_free(message);
}

/* Whether a message goes on later, because of the files in it or before it. */
static bool waits_for_files(struct mirror *mirror,
	const struct meeting *meeting, const stanza *incoming)
{
	switch (files_take(mirror->files, meeting->sender.id,
		meeting->receiver.id, incoming)) {
	case FILES_NONE:
		return false;
	case FILES_TAKEN:
		return true;
	case FILES_FULL:
		break;
	}
	stream_send(mirror->stream,
		stanza_error(incoming, "wait", "resource-constraint",
			"too many files are on their way already, please send "
			"this again in a minute"));
	return true;
}

void chat_message(struct room *room, stanza *incoming)
{
	struct mirror *mirror = room->mirror;
	AUTO(free_text) char *body = body_of(incoming);
	struct meeting meeting;
	enum verdict verdict;

	if (!mirror) {
		if (body) /* what is no talk is not answered */
			refuse_address(room, incoming);
		return;
	}
	verdict = meeting_open(mirror, incoming, &meeting);
	if (verdict == IS_NOBODY || verdict == IS_STRANGER) {
		relay_refuse(mirror, &meeting, incoming, verdict);
		return;
	}
	if (meeting.sender.has_parked)
		keeper_seen(mirror->keeper, meeting.sender.id);
	if (body && meeting.has_pair &&
		meeting.pair.doctor == meeting.sender.id &&
		slash_command(room, &meeting, incoming, body))
		return;
	if (verdict != MAY_PASS) {
		relay_refuse(mirror, &meeting, incoming, verdict);
		return;
	}
	if (is_for_nobody(mirror, &meeting, incoming, body))
		return;
	if (relay_says_something(incoming) &&
		meeting.pair.patient == meeting.sender.id &&
		!meeting.pair.is_introduced)
		introduce(mirror, &meeting);
	if (!waits_for_files(mirror, &meeting, incoming))
		pass_on(mirror, &meeting, incoming, NULL);
}
