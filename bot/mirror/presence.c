/* presence.c - who is there, shown to the other side. */
#include "mirror/presence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "mirror/calm.h"
#include "mirror/caps.h"
#include "mirror/keeper.h"
#include "mirror/meeting.h"
#include "mirror/nick.h"
#include "mirror/presences.h"
#include "mirror/sight.h"
#include "mirror/words.h"
#include "room.h"
#include "xmpp/stream.h"

#define CAPS_ID "cl-caps-"
#define CAPS_NAME_MOST 300
#define PARTNERS_MOST 500

static stanza *new_presence(const char *from, const char *to, const char *type)
{
	stanza *presence = stanza_new("presence", NULL);

	stanza_set(presence, "from", from);
	stanza_set(presence, "to", to);
	stanza_set(presence, "type", type);
	return presence;
}

static void send_calmly(struct mirror *mirror, stanza *presence)
{
	if (calm_send(mirror->calm, presence, clock_monotonic_ms()))
		keeper_wake(mirror->keeper);
}

/* The sender's device as the receiver sees it, to an address of theirs. */
static stanza *shown_as(struct mirror *mirror, const struct meeting *meeting,
	const struct device *device, const char *to)
{
	char from[JID_SIZE], priority[8];
	stanza *presence;

	if (!meeting_sender_address(meeting, from))
		return NULL;
	presence = new_presence(from, to, NULL);
	if (*device->show)
		stanza_add_text(presence, "show", device->show);
	if (device->priority) {
		(void)snprintf(
			priority, sizeof(priority), "%d", device->priority);
		stanza_add_text(presence, "priority", priority);
	}
	caps_add(presence, mirror->domain, device->features);
	return presence;
}

/* ---- what is shown ---- */

/* A child's text through the table of what may pass, or "". */
static void read_child(
	const stanza *copy, const char *name, char *text, size_t size)
{
	const stanza *child = stanza_find(copy, name, NULL);
	AUTO(free_text) char *value = child ? stanza_text(child) : xstrdup("");

	(void)snprintf(text, size, "%s", value);
}

static bool read_device(const struct meeting *meeting, const stanza *incoming,
	struct device *device)
{
	AUTO(stanza_release)
	stanza *copy = rewrite(&meeting->passage, incoming, NULL);
	char priority[8];

	if (!copy || strlen(meeting->passage.sender_resource) > SEAL_PLAIN)
		return false;
	*device = (struct device){0};
	(void)snprintf(device->resource, sizeof(device->resource), "%s",
		meeting->passage.sender_resource);
	read_child(copy, "show", device->show, sizeof(device->show));
	read_child(copy, "priority", priority, sizeof(priority));
	device->priority = (int)strtol(priority, NULL, 10);
	return true;
}

/* "node#ver", by which a client names what it can do; "" when it does not. */
static char *read_caps(const stanza *incoming)
{
	const stanza *caps = stanza_find(incoming, "c", NS_CAPS);
	const char *node = caps ? stanza_get(caps, "node") : NULL;
	const char *ver = caps ? stanza_get(caps, "ver") : NULL;

	if (!node || !ver || strlen(node) + strlen(ver) > CAPS_NAME_MOST)
		return xstrdup("");
	return xasprintf("%s#%s", node, ver);
}

/* From the address that it has in its list, so that it may answer. */
static void ask_caps(struct mirror *mirror, const struct meeting *meeting,
	const stanza *incoming, const char *caps)
{
	stanza *iq = stanza_new("iq", NULL);
	char id[RANDOM_ID_SIZE];
	AUTO(free_text)
	char *own_id = xasprintf(CAPS_ID "%s", random_id(id));

	stanza_set(iq, "type", "get");
	stanza_set(iq, "id", own_id);
	stanza_set(iq, "to", stanza_get(incoming, "from"));
	stanza_set(iq, "from", meeting->receiver_shown);
	stanza_set(stanza_add(iq, "query", NS_DISCO_INFO), "node", caps);
	stream_send(mirror->stream, iq);
}

static void show_available(
	struct mirror *mirror, struct meeting *meeting, const stanza *incoming)
{
	AUTO(free_text) char *caps = read_caps(incoming);
	struct device device;
	unsigned news;

	if (!meeting->passage.sender_resource ||
		!read_device(meeting, incoming, &device))
		return;
	news = presences_put(mirror->presences, meeting->sender.id, &device,
		caps, meeting->receiver.id, clock_monotonic_ms());
	if (news & SHOWN_ASK)
		ask_caps(mirror, meeting, incoming, caps);
	if (news & SHOWN_FIRST)
		nick_tell(mirror, meeting, device.features);
	send_calmly(mirror,
		shown_as(mirror, meeting, &device, meeting->receiver.jid));
}

/* From the bare address it is about all devices: a server says so when it was asked
 * of somebody who is not there. */
static void show_gone(struct mirror *mirror, const struct meeting *meeting)
{
	char from[JID_SIZE];

	if (!meeting->passage.sender_resource)
		sight_end(mirror, meeting->sender.id, meeting->receiver.id);
	presences_remove(mirror->presences, meeting->sender.id,
		meeting->passage.sender_resource);
	if (meeting_sender_address(meeting, from))
		send_calmly(mirror, new_presence(from, meeting->receiver.jid,
					    "unavailable"));
}

/* Their server may be asked how the sender is. Before, a question would end what was
 * asked of them: Prosody answers it with "unsubscribed". */
static void note_agreed(struct mirror *mirror, const struct meeting *meeting)
{
	const struct pair *pair = &meeting->pair;
	bool is_doctor = pair->doctor == meeting->sender.id;

	if (!(is_doctor ? pair->has_asked_doctor : pair->has_asked_patient) ||
		(is_doctor ? pair->has_agreed_doctor
			   : pair->has_agreed_patient) ||
		!book_mark(mirror->book, pair->doctor, pair->patient,
			is_doctor ? MARK_AGREED_DOCTOR : MARK_AGREED_PATIENT))
		return;
	keeper_note(mirror->keeper,
		&(struct note){
			.kind = is_doctor ? "agreed_doctor" : "agreed_patient",
			.doctor = pair->doctor,
			.patient = pair->patient,
		});
}

void presence_shown(struct room *room, stanza *incoming)
{
	struct mirror *mirror = room->mirror;
	const char *type = stanza_get(incoming, "type");
	struct meeting meeting;

	if (!mirror)
		return;
	switch (meeting_open(mirror, incoming, &meeting)) {
	case IS_NOBODY:
	case IS_STRANGER:
		return;
	case MAY_PASS:
	case IS_UNRELATED:
	case IS_MUTED:
	case HAS_BLOCKED:
	case IS_BLOCKED:
	case VERDICT_COUNT:
		break;
	}
	if (!type && meeting.sender.has_parked)
		keeper_seen(mirror->keeper, meeting.sender.id);
	/* Who agreed while the bot was away shows it so. */
	if (meeting.has_pair && !type)
		note_agreed(mirror, &meeting);
	if (meeting.has_pair && type)
		show_gone(mirror, &meeting);
	else if (meeting_is_seen(mirror, &meeting))
		show_available(mirror, &meeting, incoming);
}

void presence_lost(struct room *room, stanza *incoming)
{
	struct mirror *mirror = room->mirror;
	struct meeting meeting;

	if (mirror && meeting_open(mirror, incoming, &meeting) != IS_NOBODY &&
		meeting.has_pair)
		sight_end(mirror, meeting.sender.id, meeting.receiver.id);
}

bool presence_take_answer(struct mirror *mirror, const stanza *incoming)
{
	const char *id = stanza_get(incoming, "id");
	const stanza *query = stanza_find(incoming, "query", NS_DISCO_INFO);
	uint32_t partners[PARTNERS_MOST];
	struct jid_parts from;
	char bare[JID_SIZE];
	struct device device;
	struct card card;
	size_t count;

	if (!id || strncmp(id, CAPS_ID, strlen(CAPS_ID)) != 0)
		return false;
	if (!jid_bare(stanza_get(incoming, "from"), bare) ||
		!jid_split(stanza_get(incoming, "from"), &from) ||
		!from.resource || !book_by_jid(mirror->book, bare, &card))
		return true;
	count = presences_learn(mirror->presences, card.id, from.resource,
		query ? caps_read(query) : CAPS_UNKNOWN, partners,
		PARTNERS_MOST);
	if (!presences_find(mirror->presences, card.id, from.resource, &device))
		return true;
	for (size_t i = 0; i < count; i++) {
		struct meeting meeting;

		if (meeting_arrange(mirror, card.id, partners[i],
			    device.resource, &meeting) != IS_NOBODY &&
			meeting_is_seen(mirror, &meeting)) {
			nick_tell(mirror, &meeting, device.features);
			send_calmly(mirror, shown_as(mirror, &meeting, &device,
						    meeting.receiver.jid));
		}
	}
	return true;
}

/* ---- probes ---- */

static void probe(struct mirror *mirror, const struct meeting *meeting)
{
	stream_send(mirror->stream, new_presence(meeting->sender_shown,
					    meeting->receiver.jid, "probe"));
}

/* To a prober, who is the meeting's sender: how the receiver is, as far as their own
 * server shows it to the prober; with how many devices. That somebody's server asks
 * proves nothing: the clinic agrees to every subscription, the other may not have. */
static size_t answer_probe(
	struct mirror *mirror, const struct meeting *asked, const char *prober)
{
	struct device *devices = xcalloc(DEVICES_MOST, sizeof(*devices));
	size_t count = presences_list_for(mirror->presences, asked->receiver.id,
		asked->sender.id, devices, DEVICES_MOST);

	for (size_t i = 0; i < count; i++) {
		struct meeting meeting;

		if (meeting_arrange(mirror, asked->receiver.id,
			    asked->sender.id, devices[i].resource,
			    &meeting) != IS_NOBODY)
			stream_send(
				mirror->stream, shown_as(mirror, &meeting,
							&devices[i], prober));
	}
	/* Of whom nothing is known yet, nothing is said. */
	if (!count && presences_is_known(mirror->presences, asked->receiver.id))
		stream_send(mirror->stream, new_presence(asked->receiver_shown,
						    prober, "unavailable"));
	free(devices);
	return count;
}

bool presence_probe_pair(struct mirror *mirror, uint32_t one, uint32_t other)
{
	struct meeting meeting;
	const struct pair *pair = &meeting.pair;

	if (meeting_arrange(mirror, one, other, NULL, &meeting) == IS_NOBODY ||
		!meeting_is_seen(mirror, &meeting) ||
		!(pair->doctor == other ? pair->has_agreed_doctor
					: pair->has_agreed_patient))
		return false;
	presences_asked(mirror->presences, other, one, clock_monotonic_ms());
	probe(mirror, &meeting);
	return true;
}

void presence_probed(struct room *room, stanza *incoming)
{
	struct mirror *mirror = room->mirror;
	const char *prober = stanza_get(incoming, "from");
	struct meeting meeting;
	enum verdict verdict;

	if (!mirror)
		return;
	verdict = meeting_open(mirror, incoming, &meeting);
	if (verdict == IS_NOBODY || verdict == IS_STRANGER ||
		!meeting.has_pair) {
		stream_send(
			mirror->stream, stanza_reply(incoming, "unsubscribed"));
		return;
	}
	if (!meeting_is_seen(mirror, &meeting)) {
		stream_send(mirror->stream, new_presence(meeting.receiver_shown,
						    prober, "unavailable"));
		return;
	}
	/* Their server knows better, and may show them now. */
	if (!answer_probe(mirror, &meeting, prober))
		(void)presence_probe_pair(
			mirror, meeting.sender.id, meeting.receiver.id);
}

void presence_probe_partners(struct mirror *mirror, uint32_t patient)
{
	uint32_t doctors[PARTNERS_MOST];
	size_t count =
		book_partners(mirror->book, patient, doctors, PARTNERS_MOST);

	for (size_t i = 0; i < count; i++) {
		struct pair pair;

		if (!book_pair(mirror->book, patient, doctors[i], &pair) ||
			pair.patient != patient)
			continue;
		(void)presence_probe_pair(mirror, patient, doctors[i]);
		(void)presence_probe_pair(mirror, doctors[i], patient);
	}
}

/* ---- subscriptions ---- */

/* Asks the receiver to show themselves to the sender, once. */
static void ask_once(struct mirror *mirror, const struct meeting *meeting)
{
	const struct pair *pair = &meeting->pair;
	bool is_doctor = pair->doctor == meeting->receiver.id;
	AUTO(strbuf_release) struct strbuf name = STRBUF_INIT;
	stanza *presence;

	if (!book_mark(mirror->book, pair->doctor, pair->patient,
		    is_doctor ? MARK_ASKED_DOCTOR : MARK_ASKED_PATIENT))
		return;
	words_add_full_name(&name, &meeting->sender);
	presence = new_presence(
		meeting->sender_shown, meeting->receiver.jid, "subscribe");
	stanza_set_text(stanza_add(presence, "nick", NS_NICK), name.text);
	stream_send(mirror->stream, presence);
	keeper_note(mirror->keeper,
		&(struct note){
			.kind = is_doctor ? "asked_doctor" : "asked_patient",
			.doctor = pair->doctor,
			.patient = pair->patient,
		});
}

void presence_wanted(struct room *room, stanza *incoming)
{
	struct mirror *mirror = room->mirror;
	struct meeting meeting, back;
	enum verdict verdict = IS_NOBODY;

	if (mirror)
		verdict = meeting_open(mirror, incoming, &meeting);
	if (verdict == IS_NOBODY || verdict == IS_STRANGER ||
		!meeting_is_live(mirror, &meeting)) {
		stream_send(
			room->stream, stanza_reply(incoming, "unsubscribed"));
		if (verdict == IS_UNRELATED || verdict == HAS_BLOCKED)
			words_tell(mirror, meeting.sender.jid, &meeting.sender,
				&meeting.receiver, meeting_refusal(verdict));
		return;
	}
	stream_send(mirror->stream, new_presence(meeting.receiver_shown,
					    meeting.sender.jid, "subscribed"));
	if (meeting_arrange(mirror, meeting.receiver.id, meeting.sender.id,
		    NULL, &back) != IS_NOBODY)
		ask_once(mirror, &back);
	ask_once(mirror, &meeting);
	if (meeting_is_seen(mirror, &meeting))
		(void)answer_probe(mirror, &meeting, meeting.sender.jid);
}

void presence_agreed(struct room *room, stanza *incoming)
{
	struct meeting meeting;

	if (room->mirror &&
		meeting_open(room->mirror, incoming, &meeting) != IS_NOBODY &&
		meeting.has_pair)
		note_agreed(room->mirror, &meeting);
}

void presence_unwanted(struct room *room, stanza *incoming)
{
	struct mirror *mirror = room->mirror;
	const char *type = stanza_get(incoming, "type");
	struct meeting meeting;
	enum verdict verdict;

	if (!mirror)
		return;
	verdict = meeting_open(mirror, incoming, &meeting);
	if (verdict == IS_NOBODY || verdict == IS_STRANGER || !meeting.has_pair)
		return;
	const struct pair *pair = &meeting.pair;
	bool is_doctor = pair->doctor == meeting.sender.id;
	/* Who comes back later may be asked again. */
	book_unmark(mirror->book, pair->doctor, pair->patient,
		is_doctor ? MARK_ASKED_DOCTOR : MARK_ASKED_PATIENT);
	keeper_note(
		mirror->keeper, &(struct note){
					.kind = is_doctor ? "unasked_doctor"
							  : "unasked_patient",
					.doctor = pair->doctor,
					.patient = pair->patient,
				});
	if (strcmp(type, "unsubscribe") != 0) {
		sight_end(mirror, meeting.sender.id, meeting.receiver.id);
		return;
	}
	sight_end(mirror, meeting.receiver.id, meeting.sender.id);
	stream_send(mirror->stream, new_presence(meeting.receiver_shown,
					    meeting.sender.jid, "unavailable"));
	stream_send(
		mirror->stream, new_presence(meeting.receiver_shown,
					meeting.sender.jid, "unsubscribed"));
}

/* ---- what others ask ---- */

bool presence_is_away(struct mirror *mirror, uint32_t person)
{
	struct device device;

	return presences_is_known(mirror->presences, person) &&
	       presences_list(mirror->presences, person, &device, 1) == 0;
}

bool presence_has(struct mirror *mirror, uint32_t person, const char *resource)
{
	return !presences_is_known(mirror->presences, person) ||
	       presences_find(mirror->presences, person, resource, NULL);
}
