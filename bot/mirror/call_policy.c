/* call_policy.c - who may begin a call, and what is said to who may not. */
#include "mirror/call_policy.h"

#include <stdio.h>

#include "base/civil.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "desk/wording.h"
#include "mirror/call_say.h"
#include "mirror/mirror.h"
#include "mirror/words.h"
#include "settings.h"
#include "store/store.h"
#include "xmpp/stream.h"

#define NUMBER 12

static void send_words(
	struct room *room, const stanza *incoming, const char *text)
{
	char bare[JID_SIZE], id[RANDOM_ID_SIZE];

	if (jid_bare(stanza_get(incoming, "from"), bare))
		stream_send(room->stream, stanza_chat(bare, room->mirror->desk,
						  random_id(id), text));
}

static void tell(struct room *room, const struct card *reader,
	const struct card *other, const stanza *incoming, const char *sentence)
{
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;

	words_add(&text, room->mirror, reader, other, sentence);
	send_words(room, incoming, text.text);
}

void call_tell(struct room *room, const struct meeting *meeting,
	const stanza *incoming, const char *sentence)
{
	tell(room, &meeting->sender, &meeting->receiver, incoming, sentence);
}

static const char *refusal(enum verdict verdict)
{
	switch (verdict) {
	case IS_STRANGER:
		return "I do not know you yet, so I cannot put your call "
		       "through. Please write \"register\" first.";
	case MAY_PASS:
	case IS_UNRELATED:
		return "Your call did not go through: you can call {other} at "
		       "the time of a video visit, and you have none to come. "
		       "Write \"book a video visit with dr {last}\" to get "
		       "one.";
	case IS_MUTED:
		return "Your call did not go through: {other} takes no calls "
		       "here at the moment. For anything urgent please call "
		       "the clinic by phone.";
	case HAS_BLOCKED:
		return "Your call did not go through, because you have blocked "
		       "{other}. Write \"unblock dr {last}\" to change that.";
	case IS_BLOCKED:
		return "Your call did not go through: {other} takes no calls "
		       "from you here. Please reach them by phone.";
	case IS_NOBODY:
	case VERDICT_COUNT:
		break;
	}
	return NULL;
}

/* "{other} takes calls at the time of a video visit ..." of the next one. */
static void tell_next(struct room *room, const struct meeting *meeting,
	const stanza *incoming, const struct rows *rows)
{
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf name = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf when = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf opens = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf zone = STRBUF_INIT;
	const char *language = meeting->sender.language;
	struct civil_moment starts, from;

	if (!civil_read_moment(rows_text(rows, 0, "starts"), &starts) ||
		!civil_read_moment(rows_text(rows, 0, "opens"), &from))
		return;
	words_add_name(&name, &meeting->receiver);
	say_moment(&when, language, starts, starts, SAY_DAY | SAY_TIME);
	say_moment(&opens, language, from, starts,
		from.day == starts.day ? SAY_TIME : SAY_DAY | SAY_TIME);
	if (rows_text(rows, 0, "zone"))
		say(&zone, language, " ({zone} time)", "zone",
			rows_text(rows, 0, "zone"), NULL);
	say(&text, language,
		"Your call did not go through: you can call {other} at the "
		"time of your video visit ({code}), {when}{zone}. Please call "
		"from {opens} on.",
		"other", name.text, "code", rows_text(rows, 0, "code"), "when",
		when.text, "zone", zone.text, "opens", opens.text, NULL);
	send_words(room, incoming, text.text);
}

/* A patient's call, which the database knows about. */
static bool is_allowed(struct room *room, const struct meeting *meeting,
	const stanza *incoming)
{
	char called[NUMBER];
	struct error error;

	(void)snprintf(called, sizeof(called), "%u", meeting->receiver.id);
	struct rows *rows AUTO(rows_release) = store_call(room->store, &error,
		"call_ask", meeting->sender.jid, called, STORE_END);
	if (!rows) {
		if (error.kind == ERROR_BUG)
			log_failure(&error, "a call");
		call_tell(room, meeting, incoming,
			"I cannot put calls through at the moment. Please try "
			"again in a minute.");
		return false;
	}
	if (rows_count(rows) && rows_bool(rows, 0, "is_allowed"))
		return true;
	if (rows_count(rows) && rows_text(rows, 0, "starts"))
		tell_next(room, meeting, incoming, rows);
	else
		call_tell(room, meeting, incoming, refusal(IS_UNRELATED));
	return false;
}

bool call_may_begin(struct room *room, const struct meeting *meeting,
	enum verdict verdict, const stanza *incoming)
{
	/* Who is not in the book reads the clinic's language. */
	struct card stranger = {.language = room->settings->clinic_language};
	const char *sentence;

	if (verdict == MAY_PASS && meeting->pair.doctor == meeting->sender.id)
		return true;
	if (verdict == MAY_PASS ||
		(verdict == IS_UNRELATED && meeting->has_pair))
		return is_allowed(room, meeting, incoming);
	sentence = refusal(verdict);
	if (sentence)
		tell(room,
			verdict == IS_STRANGER ? &stranger : &meeting->sender,
			&meeting->receiver, incoming, sentence);
	return false;
}

enum verdict call_open(
	struct room *room, const stanza *incoming, struct meeting *meeting)
{
	return room->mirror ? meeting_open(room->mirror, incoming, meeting)
			    : IS_NOBODY;
}

enum call_answer call_may_go_on(struct mirror *mirror,
	const struct meeting *meeting, enum verdict verdict,
	enum call_event event, const char *sid)
{
	const struct pair *pair = &meeting->pair;

	if (verdict == IS_NOBODY || verdict == IS_STRANGER ||
		verdict == HAS_BLOCKED || verdict == IS_BLOCKED ||
		!meeting->has_pair)
		return CALL_IS_UNKNOWN;
	return calls_hear(mirror->calls,
		&(struct call_word){
			.doctor = pair->doctor,
			.patient = pair->patient,
			.by_doctor = pair->doctor == meeting->sender.id,
			.sid = sid,
			.event = event,
			.device = meeting->passage.sender_resource,
			.other_device = meeting->passage.receiver_resource,
		},
		clock_monotonic_ms());
}

void call_note_by(struct mirror *mirror, const struct meeting *meeting,
	const char *kind, const char *sid, const char *what)
{
	const struct pair *pair = &meeting->pair;

	if (meeting->has_pair)
		call_note(mirror, pair->doctor, pair->patient,
			pair->doctor == meeting->sender.id, kind, sid, what);
}
