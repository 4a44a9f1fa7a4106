/* meeting.c - who writes to whom, and whether they may. */
#include "mirror/meeting.h"

#include <stdio.h>

#include "base/memory.h"
#include "mirror/pep.h"

static bool show(char shown[JID_SIZE], const struct mirror *mirror,
	const struct card *card)
{
	int length =
		snprintf(shown, JID_SIZE, "%s@%s", card->local, mirror->domain);

	return length > 0 && length < JID_SIZE;
}

/* Who reads on after a refusal finds nothing of another meeting. */
static void clear(struct meeting *meeting)
{
	meeting->has_pair = meeting->is_forged = false;
	meeting->passage = (struct passage){0};
}

/* Both cards are there: the rest. */
static bool fill(struct mirror *mirror, struct meeting *meeting,
	const char *sender_resource, const char *sealed)
{
	meeting->is_forged =
		sealed && !seal_open(mirror->seal, meeting->receiver.id, sealed,
				  meeting->receiver_resource);
	if (!show(meeting->sender_shown, mirror, &meeting->sender) ||
		!show(meeting->receiver_shown, mirror, &meeting->receiver))
		return false;
	meeting->passage = (struct passage){
		.seal = mirror->seal,
		.sender = {meeting->sender.id, meeting->sender.jid,
			meeting->sender_shown},
		.receiver = {meeting->receiver.id, meeting->receiver.jid,
			meeting->receiver_shown},
		.sender_resource = sender_resource,
		.receiver_resource = sealed && !meeting->is_forged
					     ? meeting->receiver_resource
					     : NULL,
		.hides_ip =
			meeting->sender.hides_ip || meeting->receiver.hides_ip,
		.is_keyless = !pep_is_on(mirror),
	};
	meeting->has_pair = book_pair(mirror->book, meeting->sender.id,
		meeting->receiver.id, &meeting->pair);
	return true;
}

static enum verdict judge(struct mirror *mirror, const struct meeting *meeting)
{
	const struct pair *pair = &meeting->pair;

	/* Of a patient only those know who have to do with them. */
	if (!meeting->has_pair)
		return meeting->receiver.is_doctor ? IS_UNRELATED : IS_NOBODY;
	if (pair->doctor == meeting->sender.id)
		return !meeting->sender.is_doctor ? IS_NOBODY
		       : pair->is_blocked         ? IS_BLOCKED
						  : MAY_PASS;
	if (pair->is_blocked)
		return HAS_BLOCKED;
	if (!meeting->receiver.is_doctor ||
		(int64_t)pair->until_s < book_now_s(mirror->book))
		return IS_UNRELATED;
	return pair->is_muted ? IS_MUTED : MAY_PASS;
}

enum verdict meeting_open(
	struct mirror *mirror, const stanza *incoming, struct meeting *meeting)
{
	const char *from = stanza_get(incoming, "from");
	struct jid_parts to, sender;
	char bare[JID_SIZE];

	clear(meeting);
	if (!jid_bare(from, bare) || !jid_split(from, &sender) ||
		!jid_split(stanza_get(incoming, "to"), &to) || !to.local ||
		!book_by_local(mirror->book, to.local, to.local_length,
			&meeting->receiver))
		return IS_NOBODY;
	if (!book_by_jid(mirror->book, bare, &meeting->sender))
		return meeting->receiver.is_doctor ? IS_STRANGER : IS_NOBODY;
	if (!fill(mirror, meeting, sender.resource, to.resource))
		return IS_NOBODY;
	return judge(mirror, meeting);
}

enum verdict meeting_arrange(struct mirror *mirror, uint32_t sender,
	uint32_t receiver, const char *sender_resource, struct meeting *meeting)
{
	clear(meeting);
	if (!book_by_id(mirror->book, sender, &meeting->sender) ||
		!book_by_id(mirror->book, receiver, &meeting->receiver) ||
		!fill(mirror, meeting, sender_resource, NULL))
		return IS_NOBODY;
	return judge(mirror, meeting);
}

bool meeting_is_live(struct mirror *mirror, const struct meeting *meeting)
{
	const struct pair *pair = &meeting->pair;

	return meeting->has_pair && !pair->is_blocked &&
	       (int64_t)pair->until_s >= book_now_s(mirror->book) &&
	       (pair->doctor == meeting->sender.id
			       ? meeting->sender.is_doctor
			       : meeting->receiver.is_doctor);
}

bool meeting_is_seen(struct mirror *mirror, const struct meeting *meeting)
{
	return meeting_is_live(mirror, meeting) && !meeting->pair.is_muted;
}

const char *meeting_refusal(enum verdict verdict)
{
	/* clang-format off */
	static const char *const sentences[VERDICT_COUNT] = {
		[IS_STRANGER] =
			"I do not know you yet, so I cannot pass this on. Please "
			"write \"register\" to {desk} first.",
		[IS_UNRELATED] =
			"This was not passed on: you can write to {other} from "
			"when you book a visit until some time after it. Write "
			"\"book dr {last}\" to {desk}, then you can write here.",
		[IS_MUTED] =
			"This was not passed on: {other} does not read messages "
			"here at the moment. For anything urgent please call the "
			"clinic, or write to {desk}.",
		[HAS_BLOCKED] =
			"This was not passed on, because you have blocked "
			"{other}. Write \"unblock dr {last}\" to {desk} to change "
			"that.",
		[IS_BLOCKED] =
			"This was not passed on: {other} does not take messages "
			"from you. The desk can reach them: write to {desk}.",
	};
	/* clang-format on */

	return sentences[verdict];
}

bool meeting_sender_address(
	const struct meeting *meeting, char address[JID_SIZE])
{
	const struct passage *passage = &meeting->passage;
	char sealed[SEAL_SIZE] = "";
	int length;

	if (passage->sender_resource &&
		!seal_close(passage->seal, passage->sender.id,
			passage->sender_resource, sealed))
		return false;
	length = snprintf(address, JID_SIZE, "%s%s%s", meeting->sender_shown,
		*sealed ? "/" : "", sealed);
	return length > 0 && length < JID_SIZE;
}
