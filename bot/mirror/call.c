/* call.c - calls between a patient and a doctor: sound and pictures. */
#include "mirror/call.h"

#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "mirror/call_payload.h"
#include "mirror/call_policy.h"
#include "mirror/keeper.h"
#include "mirror/presence.h"
#include "mirror/relay.h"
#include "room.h"
#include "service/basics.h"
#include "xmpp/stream.h"

#define NS_HINTS "urn:xmpp:hints"
#define NS_MUJI "urn:xmpp:jingle:muji:0"
/* The device that the clinic itself speaks for when it says that it rings. */
#define NO_DEVICE "clinic"
#define ID_MOST 1000
#define REASON_MOST 60

/* As meeting_open(), for who has no mirror too. */
static enum verdict open(
	struct room *room, const stanza *incoming, struct meeting *meeting)
{
	return room->mirror ? meeting_open(room->mirror, incoming, meeting)
			    : IS_NOBODY;
}

/* ---- what is put down ---- */

static void note(struct room *room, const struct meeting *meeting,
	const char *kind, const char *sid, const char *what)
{
	if (!meeting->has_pair)
		return;
	keeper_note(room->mirror->keeper,
		&(struct note){
			.kind = kind,
			.doctor = meeting->pair.doctor,
			.patient = meeting->pair.patient,
			.from_doctor =
				meeting->pair.doctor == meeting->sender.id,
			.id = sid,
			.body = what,
			.at_s = book_now_s(room->mirror->book),
		});
}

/* The word of a <reason/> (XEP-0166), or other. */
static const char *reason_of(const stanza *parent, const char *other)
{
	const stanza *reason = stanza_find(parent, "reason", NS_JINGLE);

	for (const stanza *word = reason ? stanza_first(reason) : NULL; word;
		word = stanza_next(word))
		if (stanza_is(word, stanza_name(word), NS_JINGLE) &&
			strcmp(stanza_name(word), "text") != 0 &&
			strlen(stanza_name(word)) < REASON_MOST)
			return stanza_name(word);
	return other;
}

/* A session's id that can be kept; NULL: there is none. */
static const char *sid_of(const stanza *element, const char *attribute)
{
	const char *sid = element ? stanza_get(element, attribute) : NULL;

	return sid && *sid && strlen(sid) < ID_MOST ? sid : NULL;
}

/* ---- what is said to the caller ---- */

static stanza *new_word(const char *to, const char *from, const char *word,
	const char *sid, stanza **added)
{
	stanza *message = stanza_new("message", NULL);
	char id[RANDOM_ID_SIZE];

	stanza_set(message, "type", "chat");
	stanza_set(message, "id", random_id(id));
	stanza_set(message, "to", to);
	stanza_set(message, "from", from);
	*added = stanza_add(message, word, NS_JMI);
	stanza_set(*added, "id", sid);
	stanza_add(message, "store", NS_HINTS);
	return message;
}

/* The app stops calling. */
static void reject(struct room *room, const stanza *incoming, const char *sid,
	const char *why)
{
	char from[JID_SIZE];
	stanza *word, *message;

	if (!jid_bare(stanza_get(incoming, "to"), from))
		return;
	message = new_word(
		stanza_get(incoming, "from"), from, "reject", sid, &word);
	stanza_add(stanza_add(word, "reason", NS_JINGLE), why, NULL);
	stream_send(room->stream, message);
}

/* It rings: to the device that calls, from one that is no device. */
static void ring(struct room *room, const struct meeting *meeting,
	const stanza *incoming, const char *sid)
{
	char sealed[SEAL_SIZE];
	stanza *word;

	if (!seal_close(room->mirror->seal, meeting->receiver.id, NO_DEVICE,
		    sealed))
		return;
	AUTO(free_text)
	char *from = xasprintf("%s/%s", meeting->receiver_shown, sealed);
	stream_send(room->stream, new_word(stanza_get(incoming, "from"), from,
					  "ringing", sid, &word));
	note(room, meeting, "call_rang", sid, NULL);
}

/* ---- message initiation ---- */

/* Of a message what makes a call, without the words that somebody put beside it:
 * those have rules of their own (chat.c). */
static stanza *without_words(const stanza *incoming)
{
	static const char *const attributes[] = {"from", "to", "id", "type"};
	static const char *const kept[] = {NS_JMI, NS_HINTS, NS_RECEIPTS,
		"urn:xmpp:sid:0", "urn:xmpp:delay", "urn:xmpp:carbons:2"};
	stanza *copy = stanza_new("message", NULL);

	for (size_t i = 0; i < COUNT_OF(attributes); i++)
		stanza_set(copy, attributes[i],
			stanza_get(incoming, attributes[i]));
	for (const stanza *child = stanza_first(incoming); child;
		child = stanza_next(child))
		for (size_t i = 0; i < COUNT_OF(kept); i++)
			if (strcmp(stanza_ns(child), kept[i]) == 0)
				stanza_adopt(copy, stanza_copy(child));
	return copy;
}

static bool pass(struct room *room, const struct meeting *meeting,
	const stanza *incoming)
{
	AUTO(stanza_release) stanza *word = without_words(incoming);

	return relay_pass(room->mirror, meeting, word);
}

/* Whether it is sound or pictures that are proposed: no file, no screen of
 * something else. */
static bool is_media(const stanza *propose, bool *is_video)
{
	bool is_any = false;

	*is_video = false;
	for (const stanza *child = stanza_first(propose); child;
		child = stanza_next(child)) {
		const char *media = stanza_get(child, "media");

		if (!stanza_is(child, "description", NULL))
			continue;
		if (!stanza_is(child, "description", NS_RTP))
			return false;
		is_any = true;
		*is_video |= media && strcmp(media, "video") == 0;
	}
	return is_any;
}

/* One proposal to everything that the callee has: their server fans it out. */
static void pass_propose(struct room *room, struct meeting *meeting,
	const stanza *incoming, const char *sid)
{
	struct mirror *mirror = room->mirror;

	meeting->passage.receiver_resource = NULL;
	if (presence_is_away(mirror, meeting->receiver.id)) {
		/* Stored, it would ring when nobody calls any more. */
		reject(room, incoming, sid, "busy");
		note(room, meeting, "call_ended", sid, "offline");
		call_tell(room, meeting, incoming,
			"Your call did not go through: {other} is not online. "
			"I "
			"have left word that you called.");
		return;
	}
	if (!pass(room, meeting, incoming))
		return;
	if (presence_can(mirror, meeting->receiver.id, NS_JMI))
		ring(room, meeting, incoming, sid);
}

void call_propose(struct room *room, stanza *incoming)
{
	const stanza *propose = stanza_find(incoming, "propose", NS_JMI);
	const char *sid = sid_of(propose, "id");
	bool is_video;
	struct meeting meeting;
	enum verdict verdict = open(room, incoming, &meeting);

	if (!sid)
		return;
	if (verdict == IS_NOBODY) {
		reject(room, incoming, sid, "gone");
		return;
	}
	if (!is_media(propose, &is_video)) {
		reject(room, incoming, sid, "unsupported-applications");
		if (verdict == MAY_PASS)
			call_tell(room, &meeting, incoming,
				"Files cannot go straight from app to app "
				"here: please send it as an attachment in the "
				"chat with {other}.");
		return;
	}
	if (!call_may_begin(room, &meeting, verdict, incoming, sid)) {
		reject(room, incoming, sid, "decline");
		if (verdict == MAY_PASS) {
			note(room, &meeting, "call_begun", sid,
				is_video ? "video" : "audio");
			note(room, &meeting, "call_ended", sid, "refused");
		}
		return;
	}
	note(room, &meeting, "call_begun", sid, is_video ? "video" : "audio");
	pass_propose(room, &meeting, incoming, sid);
}

/* What the words of a call come to. */
static void note_word(
	struct room *room, const struct meeting *meeting, const stanza *word)
{
	/* clang-format off */
	static const struct { const char *word, *kind, *why; } words[] = {
		{"ringing", "call_rang", NULL},
		{"proceed", "call_answered", NULL},
		{"accept", "call_answered", NULL},
		{"reject", "call_ended", "decline"},
		{"retract", "call_ended", "cancel"},
		{"finish", "call_ended", "success"},
	};
	/* clang-format on */
	const char *sid = sid_of(word, "id");

	for (size_t i = 0; sid && i < COUNT_OF(words); i++)
		if (strcmp(words[i].word, stanza_name(word)) == 0)
			note(room, meeting, words[i].kind, sid,
				words[i].why ? reason_of(word, words[i].why)
					     : NULL);
}

void call_message(struct room *room, stanza *incoming)
{
	const stanza *word = stanza_find(incoming, NULL, NS_JMI);
	struct meeting meeting;
	enum verdict verdict = open(room, incoming, &meeting);

	if (!call_may_go_on(&meeting, verdict))
		return;
	/* The caller gives up in front of all the callee's devices. */
	if (stanza_is(word, "retract", NS_JMI))
		meeting.passage.receiver_resource = NULL;
	note_word(room, &meeting, word);
	(void)pass(room, &meeting, incoming);
}

void call_bounce(struct room *room, stanza *incoming)
{
	const stanza *propose = stanza_find(incoming, "propose", NS_JMI);
	const char *sid = sid_of(propose, "id");
	struct meeting meeting;

	if (sid && open(room, incoming, &meeting) != IS_NOBODY)
		note(room, &meeting, "call_ended", sid, "error");
	relay_bounce(room, incoming);
}

void call_refuse_group(struct room *room, stanza *incoming)
{
	struct meeting meeting;

	if (open(room, incoming, &meeting) != MAY_PASS)
		return;
	stream_send(room->stream, stanza_error(incoming, "cancel",
					  "feature-not-implemented", NULL));
	call_tell(room, &meeting, incoming,
		"A call with several people cannot go through the clinic. "
		"Please call {other} alone.");
}

/* ---- the session ---- */

/* How many candidates an element has in it. */
static size_t count_candidates(const stanza *element)
{
	size_t count = 0;

	for (const stanza *child = stanza_first(element); child;
		child = stanza_next(child))
		count += stanza_is(child, "candidate", NULL)
				 ? 1
				 : count_candidates(child);
	return count;
}

/* What a session may not have: several people, files, screens of other kinds. */
static const char *refusal_of(const stanza *jingle)
{
	if (stanza_find(jingle, NULL, NS_MUJI))
		return "A call with several people cannot go through the "
		       "clinic. Please call {other} alone.";
	for (const stanza *content = stanza_first(jingle); content;
		content = stanza_next(content))
		if (stanza_is(content, "content", NS_JINGLE) &&
			stanza_find(content, "description", NULL) &&
			!stanza_find(content, "description", NS_RTP))
			return "Files cannot go straight from app to app "
			       "here: please send it as an attachment in the "
			       "chat with {other}.";
	return NULL;
}

static bool has_video(const stanza *jingle)
{
	for (const stanza *content = stanza_first(jingle); content;
		content = stanza_next(content)) {
		const stanza *description =
			stanza_find(content, "description", NS_RTP);
		const char *media =
			description ? stanza_get(description, "media") : NULL;

		if (media && strcmp(media, "video") == 0)
			return true;
	}
	return false;
}

static void note_action(struct room *room, const struct meeting *meeting,
	const stanza *jingle, const char *action, const char *sid)
{
	if (strcmp(action, "session-initiate") == 0)
		/* Where it was proposed before, the row is there. */
		note(room, meeting, "call_begun", sid,
			has_video(jingle) ? "video" : "audio");
	else if (strcmp(action, "session-accept") == 0)
		note(room, meeting, "call_answered", sid, NULL);
	else if (strcmp(action, "session-terminate") == 0)
		note(room, meeting, "call_ended", sid,
			reason_of(jingle, "success"));
	else if (stanza_find(jingle, "ringing", NULL))
		note(room, meeting, "call_rang", sid, NULL);
}

/* Whether an action may pass; if not, it is answered. */
static bool may_pass(struct room *room, const struct meeting *meeting,
	enum verdict verdict, const stanza *incoming, const stanza *jingle)
{
	const char *action = stanza_get(jingle, "action");
	const char *sid = sid_of(jingle, "sid");
	bool is_first = action && strcmp(action, "session-initiate") == 0;
	const char *refused = refusal_of(jingle);
	const char *condition = NULL, *type = "cancel";

	if (!is_first && !call_may_go_on(meeting, verdict))
		type = "auth", condition = "forbidden";
	else if (!action || !sid)
		type = "modify", condition = "bad-request";
	else if (refused)
		condition = "feature-not-implemented";
	else if (is_first &&
		 !call_may_begin(room, meeting, verdict, incoming, sid))
		type = "auth", condition = "forbidden";
	else if (meeting->is_forged)
		condition = "item-not-found";
	else if (!meeting->passage.receiver_resource)
		condition = "service-unavailable";
	if (!condition)
		return true;
	if (refused && verdict == MAY_PASS)
		call_tell(room, meeting, incoming, refused);
	stream_send(
		room->stream, stanza_error(incoming, type, condition, NULL));
	return false;
}

void call_jingle(struct room *room, stanza *incoming)
{
	const stanza *jingle = stanza_find(incoming, "jingle", NS_JINGLE);
	struct meeting meeting;
	enum verdict verdict = open(room, incoming, &meeting);
	stanza *outgoing;

	if (verdict == IS_NOBODY) {
		refuse_address(room, incoming);
		return;
	}
	if (!may_pass(room, &meeting, verdict, incoming, jingle))
		return;
	outgoing = rewrite(&meeting.passage, incoming, NULL);
	if (!outgoing) {
		stream_send(room->stream, stanza_error(incoming, "modify",
						  "not-acceptable", NULL));
		return;
	}
	note_action(room, &meeting, jingle, stanza_get(jingle, "action"),
		stanza_get(jingle, "sid"));
	/* Of candidates alone, none of which may pass, the other side learns
	 * nothing. */
	if (strcmp(stanza_get(jingle, "action"), "transport-info") == 0 &&
		count_candidates(incoming) && !count_candidates(outgoing)) {
		stanza_free(outgoing);
		outgoing = stanza_reply(incoming, "result");
	}
	stream_send(room->stream, outgoing);
}
