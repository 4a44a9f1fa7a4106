/* relay.c - messages and answers to IQs from a patient to a doctor, and back. */
#include "mirror/relay.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "mirror/call_asked.h"
#include "mirror/call_say.h"
#include "mirror/keeper.h"
#include "mirror/pep.h"
#include "mirror/presence.h"
#include "mirror/sent.h"
#include "mirror/words.h"
#include "settings.h"
#include "xmpp/stream.h"

/* Elements that were not known, to be said in the log now and then. */
static void count_dropped(const struct rewritten *counts)
{
	static atomic_ulong dropped;
	unsigned long before = atomic_fetch_add(&dropped, counts->dropped);

	if (counts->dropped &&
		(before == 0 ||
			before / 1000 != (before + counts->dropped) / 1000))
		log_info("mirror leaves out what it does not know count=%lu",
			before + counts->dropped);
}

bool relay_says_something(const stanza *message)
{
	const stanza *encrypted = stanza_find(message, "encrypted", NS_OMEMO);

	return stanza_find(message, "body", NULL) ||
	       (encrypted && stanza_find(encrypted, "payload", NS_OMEMO));
}

bool relay_pass(struct mirror *mirror, const struct meeting *meeting,
	const stanza *incoming)
{
	return relay_pass_with(mirror, meeting, incoming, NULL);
}

bool relay_pass_with(struct mirror *mirror, const struct meeting *meeting,
	const stanza *incoming, relay_add *add)
{
	struct rewritten counts = {0};
	stanza *outgoing = rewrite(&meeting->passage, incoming, &counts);

	count_dropped(&counts);
	if (!outgoing)
		return false;
	if (!counts.kept && stanza_is(incoming, "message", NULL)) {
		stanza_free(outgoing);
		return false;
	}
	if (add)
		add(incoming, outgoing);
	if (stanza_is(incoming, "message", NULL) &&
		relay_says_something(incoming))
		sent_add(mirror->sent, meeting->sender.id, meeting->receiver.id,
			stanza_get(incoming, "id"),
			stream_send_noting(mirror->stream, outgoing),
			clock_monotonic_ms());
	else
		stream_send(mirror->stream, outgoing);
	return true;
}

void relay_refuse(struct mirror *mirror, const struct meeting *meeting,
	const stanza *incoming, enum verdict verdict)
{
	struct card stranger = {.language = mirror->settings->clinic_language};
	const char *sentence = meeting_refusal(verdict);

	if (!relay_says_something(incoming))
		return;
	if (verdict == IS_NOBODY)
		stream_send(mirror->stream,
			stanza_error(incoming, "cancel", "item-not-found",
				"nobody has this address at the clinic"));
	else if (sentence)
		words_tell(mirror, stanza_get(incoming, "from"),
			verdict == IS_STRANGER ? &stranger : &meeting->sender,
			&meeting->receiver, sentence);
}

static bool may_answer(enum verdict verdict)
{
	return verdict == MAY_PASS || verdict == IS_UNRELATED ||
	       verdict == IS_MUTED;
}

void relay_answer(struct room *room, stanza *incoming)
{
	struct meeting meeting;
	const char *id = stanza_get(incoming, "id");

	if (!room->mirror || !id || call_take_answer(incoming) ||
		presence_take_answer(room->mirror, incoming) ||
		pep_take_answer(room->mirror, incoming))
		return;
	/* Who was asked may answer, also when the time to write is over. */
	if (may_answer(meeting_open(room->mirror, incoming, &meeting)) &&
		meeting.has_pair && meeting.passage.receiver_resource &&
		call_asked_take(room->mirror->asked, &meeting.passage, id))
		(void)relay_pass(room->mirror, &meeting, incoming);
}

/* Whether an error says that somebody is away, not that they are no more. */
static bool is_away(const stanza *incoming)
{
	static const char *const conditions[] = {"service-unavailable",
		"recipient-unavailable", "remote-server-timeout",
		"remote-server-not-found", "resource-constraint"};
	const stanza *error = stanza_find(incoming, "error", NULL);

	for (size_t i = 0; error && i < COUNT_OF(conditions); i++)
		if (stanza_find(error, conditions[i], NS_STANZAS))
			return true;
	return false;
}

void relay_bounce(struct room *room, stanza *incoming)
{
	struct mirror *mirror = room->mirror;
	const char *id = stanza_get(incoming, "id");
	struct meeting meeting;
	if (!mirror || !may_answer(meeting_open(mirror, incoming, &meeting)) ||
		!meeting.has_pair)
		return;
	AUTO(free_text)
	char *xml = id ? sent_take(mirror->sent, meeting.receiver.id,
				 meeting.sender.id, id)
		       : NULL;
	if (xml && is_away(incoming))
		keeper_park(mirror->keeper, meeting.receiver.id,
			meeting.sender.id, id, xml);
	else
		(void)relay_pass(mirror, &meeting, incoming);
}
