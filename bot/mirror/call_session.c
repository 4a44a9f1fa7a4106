/* call_session.c - the session of a call: its IQs. */
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "mirror/call.h"
#include "mirror/call_asked.h"
#include "mirror/call_payload.h"
#include "mirror/call_policy.h"
#include "mirror/call_read.h"
#include "mirror/call_say.h"
#include "mirror/call_watch.h"
#include "service/basics.h"
#include "settings.h"
#include "xmpp/stream.h"

/* What is to be done with an action: how it is refused, or not (NULL). */
struct refusal {
	const char *type, *condition, *detail; /* detail: of Jingle's errors */
};

static const struct refusal UNKNOWN_SESSION = {
	"cancel", "item-not-found", "unknown-session"};
static const struct refusal OUT_OF_ORDER = {
	"wait", "unexpected-request", "out-of-order"};

static void refuse(struct room *room, const stanza *incoming,
	const struct refusal *refusal)
{
	stanza *error =
		stanza_error(incoming, refusal->type, refusal->condition, NULL);

	if (error && refusal->detail)
		stanza_add(stanza_find(error, "error", NULL), refusal->detail,
			NS_JINGLE_ERRORS);
	stream_send(room->stream, error);
}

static enum call_event event_of(const char *action)
{
	return strcmp(action, "session-initiate") == 0    ? CALL_BEGINS_SESSION
	       : strcmp(action, "session-accept") == 0    ? CALL_IS_ANSWERED
	       : strcmp(action, "session-terminate") == 0 ? CALL_ENDS
							  : CALL_GOES_ON;
}

static void note_action(struct mirror *mirror, const struct meeting *meeting,
	const stanza *jingle, enum call_event event, const char *sid)
{
	if (event == CALL_BEGINS_SESSION)
		/* Where it was proposed before, the row is there. */
		call_note_by(mirror, meeting, "call_begun", sid,
			call_has_video(jingle) ? "video" : "audio");
	else if (event == CALL_IS_ANSWERED)
		call_note_by(mirror, meeting, "call_answered", sid, NULL);
	else if (event == CALL_ENDS)
		call_note_by(mirror, meeting, "call_ended", sid,
			call_reason(jingle, "success"));
	else if (stanza_find(jingle, "ringing", NULL))
		call_note_by(mirror, meeting, "call_rang", sid, NULL);
}

/* A session without a proposal. */
static void begin(
	struct mirror *mirror, const struct meeting *meeting, const char *sid)
{
	const struct pair *pair = &meeting->pair;
	struct call call = {
		.doctor = pair->doctor,
		.patient = pair->patient,
		.is_doctors = pair->doctor == meeting->sender.id,
		.has_session = true,
		.sid = xstrdup(sid),
		.sides[CALLER].device =
			xstrdup(meeting->passage.sender_resource),
		.sides[CALLEE].device =
			xstrdup(meeting->passage.receiver_resource),
		.begun_ms = clock_monotonic_ms(),
	};

	calls_begin(mirror->calls, &call);
	call_watch_wake(mirror->watch);
}

/* Whether there is a device to which it can go; else how it is refused. */
static bool has_way(
	const struct meeting *meeting, const struct refusal **refusal)
{
	static const struct refusal none = {
		"cancel", "service-unavailable", NULL};
	static const struct refusal forged = {"cancel", "item-not-found", NULL};

	if (meeting->is_forged)
		*refusal = &forged;
	else if (!meeting->passage.receiver_resource)
		*refusal = &none;
	else
		return true;
	return false;
}

/* Whether an action may pass; if not, how it is refused. */
static bool may_pass(struct room *room, const struct meeting *meeting,
	enum verdict verdict, const stanza *incoming,
	const struct refusal **refusal)
{
	static const struct refusal forbidden = {"auth", "forbidden", NULL};
	const stanza *jingle = stanza_find(incoming, "jingle", NS_JINGLE);
	const char *sid = call_sid(jingle, "sid");
	enum call_event event = event_of(stanza_get(jingle, "action"));

	switch (call_may_go_on(room->mirror, meeting, verdict, event, sid)) {
	case CALL_PASSES:
		return has_way(meeting, refusal);
	case CALL_IS_SAID:
		*refusal = &OUT_OF_ORDER;
		return false;
	case CALL_IS_UNKNOWN:
		break;
	}
	if (event != CALL_BEGINS_SESSION) {
		*refusal = &UNKNOWN_SESSION;
		return false;
	}
	if (!call_may_begin(room, meeting, verdict, incoming)) {
		*refusal = &forbidden;
		return false;
	}
	if (!has_way(meeting, refusal))
		return false;
	begin(room->mirror, meeting, sid);
	return true;
}

/* Sound and pictures of two, in one well-formed element. */
static bool is_fit(struct room *room, const struct meeting *meeting,
	enum verdict verdict, const stanza *incoming,
	const struct refusal **refusal)
{
	static const struct refusal bad = {"modify", "bad-request", NULL};
	static const struct refusal unfit = {
		"cancel", "feature-not-implemented", NULL};
	const stanza *jingle = stanza_find(incoming, "jingle", NS_JINGLE);
	const char *sentence = call_refusal(jingle);

	if (!stanza_get(jingle, "action") || !call_sid(jingle, "sid") ||
		stanza_next(stanza_first(incoming))) {
		*refusal = &bad;
		return false;
	}
	if (!sentence)
		return true;
	if (verdict == MAY_PASS)
		call_tell(room, meeting, incoming, sentence);
	*refusal = &unfit;
	return false;
}

static void pass(struct room *room, const struct meeting *meeting,
	const stanza *incoming, stanza *outgoing)
{
	struct mirror *mirror = room->mirror;
	const stanza *jingle = stanza_find(incoming, "jingle", NS_JINGLE);
	const char *action = stanza_get(jingle, "action");

	note_action(mirror, meeting, jingle, event_of(action),
		stanza_get(jingle, "sid"));
	/* Of candidates alone, none of which may pass, the other side learns
	 * nothing. */
	if (strcmp(action, "transport-info") == 0 &&
		call_count_candidates(incoming) &&
		!call_count_candidates(outgoing)) {
		stanza_free(outgoing);
		outgoing = stanza_reply(incoming, "result");
	} else {
		call_asked_add(mirror->asked, &meeting->passage, incoming,
			clock_monotonic_ms() +
				1000 * room->settings->calls_answer_s);
		call_watch_wake(mirror->watch);
	}
	stream_send(room->stream, outgoing);
}

void call_jingle(struct room *room, stanza *incoming)
{
	static const struct refusal unfit = {"modify", "not-acceptable", NULL};
	const struct refusal *refusal;
	struct meeting meeting;
	enum verdict verdict = call_open(room, incoming, &meeting);
	stanza *outgoing;

	if (verdict == IS_NOBODY) {
		refuse_address(room, incoming);
		return;
	}
	if (!is_fit(room, &meeting, verdict, incoming, &refusal) ||
		!may_pass(room, &meeting, verdict, incoming, &refusal)) {
		refuse(room, incoming, refusal);
		return;
	}
	outgoing = rewrite(&meeting.passage, incoming, NULL);
	if (outgoing)
		pass(room, &meeting, incoming, outgoing);
	else
		refuse(room, incoming, &unfit);
}
