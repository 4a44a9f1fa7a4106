/* call.c - calls between a patient and a doctor: sound and pictures. */
#include "mirror/call.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/strbuf.h"
#include "desk/wording.h"
#include "mirror/call_payload.h"
#include "mirror/call_policy.h"
#include "mirror/call_read.h"
#include "mirror/call_say.h"
#include "mirror/call_watch.h"
#include "mirror/calls.h"
#include "mirror/chat.h"
#include "mirror/keeper.h"
#include "mirror/presence.h"
#include "mirror/relay.h"
#include "room.h"
#include "settings.h"
#include "xmpp/stream.h"

#define NS_HINTS "urn:xmpp:hints"
#define NS_DELAY "urn:xmpp:delay"
/* A proposal that is older finds nobody who waits. */
#define FRESH_S 60

/* The app stops calling. */
static void reject(struct room *room, const stanza *incoming, const char *sid,
	const char *why)
{
	char from[JID_SIZE];

	if (jid_bare(stanza_get(incoming, "to"), from))
		stream_send(
			room->stream, call_word(stanza_get(incoming, "from"),
					      from, "reject", sid, why));
}

/* ---- a proposal ---- */

/* Of a message the one word of a call, without the words that somebody put beside
 * it: those have rules of their own (chat.c), and another call's too. */
static stanza *without_words(const stanza *incoming, const stanza *word)
{
	static const char *const attributes[] = {"from", "to", "id", "type"};
	static const char *const kept[] = {NS_HINTS, NS_RECEIPTS,
		"urn:xmpp:sid:0", NS_DELAY, "urn:xmpp:carbons:2"};
	stanza *copy = stanza_new("message", NULL);

	for (size_t i = 0; i < COUNT_OF(attributes); i++)
		stanza_set(copy, attributes[i],
			stanza_get(incoming, attributes[i]));
	for (const stanza *child = stanza_first(incoming); child;
		child = stanza_next(child)) {
		bool is_kept = child == word;

		for (size_t i = 0; i < COUNT_OF(kept); i++)
			is_kept = is_kept ||
				  strcmp(stanza_ns(child), kept[i]) == 0;
		if (is_kept)
			stanza_adopt(copy, stanza_copy(child));
	}
	return copy;
}

static bool pass(struct room *room, const struct meeting *meeting,
	const stanza *incoming, const stanza *word)
{
	AUTO(stanza_release) stanza *bare = without_words(incoming, word);

	return relay_pass(room->mirror, meeting, bare);
}

/* The call is under way from now on. */
static void begin(struct mirror *mirror, const struct meeting *meeting,
	const stanza *incoming, const char *sid)
{
	const struct pair *pair = &meeting->pair;
	struct call call = {
		.doctor = pair->doctor,
		.patient = pair->patient,
		.is_doctors = pair->doctor == meeting->sender.id,
		.sid = xstrdup(sid),
		.proposal = xstrdup(stanza_get(incoming, "id")),
		.sides[CALLER].device =
			xstrdup(meeting->passage.sender_resource),
		.begun_ms = clock_monotonic_ms(),
	};

	calls_begin(mirror->calls, &call);
	call_watch_wake(mirror->watch);
}

/* One proposal to everything that the callee has: their server fans it out. */
static void pass_propose(struct room *room, struct meeting *meeting,
	const stanza *incoming, const stanza *propose, const char *sid)
{
	struct mirror *mirror = room->mirror;

	if (presence_is_away(mirror, meeting->receiver.id)) {
		/* Stored, it would ring when nobody calls any more. */
		reject(room, incoming, sid, "busy");
		call_note_by(mirror, meeting, "call_ended", sid, "offline");
		call_tell(room, meeting, incoming,
			"Your call did not go through: {other} is not online. "
			"I have left word that you called.");
		return;
	}
	meeting->passage.receiver_resource = NULL;
	begin(mirror, meeting, incoming, sid);
	(void)pass(room, meeting, incoming, propose);
}

void call_desk(struct room *room, stanza *incoming)
{
	const char *sid =
		call_sid(stanza_find(incoming, "propose", NS_JMI), "id");
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;
	char to[JID_SIZE], from[JID_SIZE], id[RANDOM_ID_SIZE];

	if (!sid || !jid_bare(stanza_get(incoming, "from"), to) ||
		!jid_bare(stanza_get(incoming, "to"), from))
		return;
	reject(room, incoming, sid, "decline");
	say(&text, room->settings->clinic_language,
		"I cannot take calls: please write to me. To see how you call "
		"a doctor write \"calls\".",
		NULL);
	stream_send(
		room->stream, stanza_chat(to, from, random_id(id), text.text));
}

/* A proposal that some server kept: nobody waits for the answer any more. */
static void miss(struct room *room, const struct meeting *meeting,
	const stanza *incoming, const char *sid, const char *media)
{
	static const char *const kinds[] = {"call_begun", "call_ended"};
	const struct pair *pair = &meeting->pair;

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		keeper_note(room->mirror->keeper,
			&(struct note){
				.kind = kinds[i],
				.doctor = pair->doctor,
				.patient = pair->patient,
				.from_doctor =
					pair->doctor == meeting->sender.id,
				.id = sid,
				.body = i ? "cancel" : media,
				.at_s = call_sent_s(incoming),
			});
	reject(room, incoming, sid, "expired");
	call_tell(room, meeting, incoming,
		"Your call did not go through: it came late. I have left word "
		"with {other} that you called.");
}

void call_propose(struct room *room, stanza *incoming)
{
	const stanza *propose = stanza_find(incoming, "propose", NS_JMI);
	const char *sid = call_sid(propose, "id"), *media;
	int64_t sent_s = call_sent_s(incoming);
	bool is_video;
	struct meeting meeting;
	enum verdict verdict = call_open(room, incoming, &meeting);

	if (!sid)
		return;
	if (verdict == IS_NOBODY) {
		reject(room, incoming, sid, "gone");
		return;
	}
	if (!call_is_media(propose, &is_video)) {
		reject(room, incoming, sid, "unsupported-applications");
		if (verdict == MAY_PASS)
			call_tell(room, &meeting, incoming,
				"Files cannot go straight from app to app "
				"here: please send it as an attachment in the "
				"chat with {other}.");
		return;
	}
	media = is_video ? "video" : "audio";
	if (!call_may_begin(room, &meeting, verdict, incoming)) {
		reject(room, incoming, sid, "decline");
		if (verdict == MAY_PASS) {
			call_note_by(room->mirror, &meeting, "call_begun", sid,
				media);
			call_note_by(room->mirror, &meeting, "call_ended", sid,
				"refused");
		}
		return;
	}
	if (sent_s && book_now_s(room->mirror->book) - sent_s > FRESH_S) {
		miss(room, &meeting, incoming, sid, media);
		return;
	}
	call_note_by(room->mirror, &meeting, "call_begun", sid, media);
	pass_propose(room, &meeting, incoming, propose, sid);
}

/* ---- what follows ---- */

struct word {
	const char *name;
	enum call_event event;
	const char *kind, *why; /* what is put down; why it ended */
};

static const struct word *find_word(const stanza *element)
{
	/* clang-format off */
	static const struct word words[] = {
		{"ringing", CALL_RINGS,       "call_rang",     NULL},
		{"proceed", CALL_IS_ANSWERED, "call_answered", NULL},
		{"accept",  CALL_IS_ANSWERED, "call_answered", NULL},
		{"reject",  CALL_REFUSES,     "call_ended",    "decline"},
		{"retract", CALL_GIVES_UP,    "call_ended",    "cancel"},
		{"finish",  CALL_ENDS,        "call_ended",    "success"},
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (stanza_is(element, words[i].name, NS_JMI))
			return &words[i];
	return NULL;
}

void call_message(struct room *room, stanza *incoming)
{
	const stanza *element = stanza_find(incoming, NULL, NS_JMI);
	const struct word *word = find_word(element);
	const char *sid = call_sid(element, "id");
	struct meeting meeting;
	enum verdict verdict = call_open(room, incoming, &meeting);

	if (!word || !sid)
		return;
	switch (call_may_go_on(
		room->mirror, &meeting, verdict, word->event, sid)) {
	case CALL_IS_SAID:
		return;
	case CALL_IS_UNKNOWN:
		/* An app that answers too late would wait for the session. */
		if (word->event == CALL_IS_ANSWERED)
			stream_send(
				room->stream, stanza_error(incoming, "cancel",
						      "item-not-found", NULL));
		return;
	case CALL_PASSES:
		break;
	}
	/* The caller gives up in front of all the callee's devices. */
	if (word->event == CALL_GIVES_UP)
		meeting.passage.receiver_resource = NULL;
	call_note_by(room->mirror, &meeting, word->kind, sid,
		word->why ? call_reason(element, word->why) : NULL);
	(void)pass(room, &meeting, incoming, element);
}

/* What answers a proposal is a sign of the callee's app, or of their server. */
static void hear_of(
	struct room *room, const stanza *incoming, const char *id, bool is_over)
{
	struct mirror *mirror = room->mirror;
	AUTO(free_text) char *sid = NULL;
	struct meeting meeting;

	if (!id || !mirror || !calls_count(mirror->calls) ||
		meeting_open(mirror, incoming, &meeting) == IS_NOBODY ||
		!meeting.has_pair ||
		!calls_hear_of(mirror->calls, meeting.sender.id,
			meeting.receiver.id, id, is_over, clock_monotonic_ms(),
			&sid))
		return;
	if (is_over)
		call_note_by(mirror, &meeting, "call_ended", sid, "error");
	else
		call_note_by(mirror, &meeting, "call_rang", sid, NULL);
}

void call_receipt(struct room *room, stanza *incoming)
{
	const stanza *received = stanza_find(incoming, "received", NS_RECEIPTS);

	hear_of(room, incoming, stanza_get(received, "id"), false);
	chat_message(room, incoming);
}

void call_bounce(struct room *room, stanza *incoming)
{
	hear_of(room, incoming, stanza_get(incoming, "id"), true);
	relay_bounce(room, incoming);
}

void call_refuse_group(struct room *room, stanza *incoming)
{
	struct meeting meeting;

	if (call_open(room, incoming, &meeting) != MAY_PASS)
		return;
	stream_send(room->stream, stanza_error(incoming, "cancel",
					  "feature-not-implemented", NULL));
	call_tell(room, &meeting, incoming,
		"A call with several people cannot go through the clinic. "
		"Please call {other} alone.");
}

/* ---- who is there ---- */

void call_leave(struct room *room, stanza *incoming)
{
	struct meeting meeting;

	presence_shown(room, incoming);
	if (room->mirror && calls_count(room->mirror->calls) &&
		meeting_open(room->mirror, incoming, &meeting) != IS_NOBODY &&
		meeting.has_pair)
		calls_leave(room->mirror->calls, meeting.sender.id,
			meeting.receiver.id, meeting.passage.sender_resource);
}
