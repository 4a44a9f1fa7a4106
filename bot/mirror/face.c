/* face.c - what somebody's clinic address answers itself: disco, card, ping. */
#include "mirror/face.h"

#include "base/strbuf.h"
#include "mirror/caps.h"
#include "mirror/meeting.h"
#include "mirror/presences.h"
#include "mirror/relay.h"
#include "mirror/words.h"
#include "service/basics.h"
#include "xmpp/stream.h"

bool face_open(
	struct room *room, const stanza *incoming, struct meeting *meeting)
{
	enum verdict verdict =
		room->mirror ? meeting_open(room->mirror, incoming, meeting)
			     : IS_NOBODY;

	if (verdict != IS_NOBODY && !meeting->is_forged)
		return true;
	stream_send(
		room->stream, stanza_error(incoming, "cancel", "item-not-found",
				      "nobody has this address at the clinic"));
	return false;
}

static void refuse_node(struct room *room, const stanza *incoming)
{
	stream_send(room->stream,
		stanza_error(incoming, "cancel", "item-not-found", NULL));
}

static stanza *start(const stanza *incoming, const char *name, const char *ns,
	stanza **query)
{
	stanza *reply = stanza_reply(incoming, "result");

	*query = stanza_add(reply, name, ns);
	stanza_set(*query, "node",
		stanza_get(stanza_find(incoming, name, ns), "node"));
	return reply;
}

static void describe_account(struct room *room, const stanza *incoming)
{
	static const char *const identities[][2] = {
		{"account", "registered"}, {"pubsub", "pep"}};
	static const char *const features[] = {NS_DISCO_INFO, NS_DISCO_ITEMS,
		NS_PING, NS_VCARD, "http://jabber.org/protocol/pubsub",
		"http://jabber.org/protocol/pubsub#event",
		"http://jabber.org/protocol/pubsub#retrieve-items",
		"http://jabber.org/protocol/pubsub#subscribe"};
	stanza *query, *reply = start(incoming, "query", NS_DISCO_INFO, &query);

	for (size_t i = 0; i < COUNT_OF(identities); i++) {
		stanza *identity = stanza_add(query, "identity", NULL);

		stanza_set(identity, "category", identities[i][0]);
		stanza_set(identity, "type", identities[i][1]);
	}
	for (size_t i = 0; i < COUNT_OF(features); i++)
		stanza_set(
			stanza_add(query, "feature", NULL), "var", features[i]);
	stream_send(room->stream, reply);
}

void face_info(struct room *room, stanza *incoming)
{
	const char *node = stanza_get(
		stanza_find(incoming, "query", NS_DISCO_INFO), "node");
	struct meeting meeting;
	struct device device = {.features = CAPS_UNKNOWN};
	uint32_t set;

	if (!face_open(room, incoming, &meeting))
		return;
	if (!meeting.passage.receiver_resource && !node) {
		describe_account(room, incoming);
		return;
	}
	if (!meeting.passage.receiver_resource || !meeting.has_pair) {
		refuse_node(room, incoming);
		return;
	}
	(void)presences_find(room->mirror->presences, meeting.receiver.id,
		meeting.passage.receiver_resource, &device);
	set = device.features;
	if (node && !caps_find_node(node, room->mirror->domain, &set)) {
		refuse_node(room, incoming);
		return;
	}
	stanza *query, *reply = start(incoming, "query", NS_DISCO_INFO, &query);
	caps_describe(query, set);
	stream_send(room->stream, reply);
}

void face_items(struct room *room, stanza *incoming)
{
	struct meeting meeting;
	stanza *query;

	if (face_open(room, incoming, &meeting))
		stream_send(room->stream,
			start(incoming, "query", NS_DISCO_ITEMS, &query));
}

void face_card(struct room *room, stanza *incoming)
{
	AUTO(strbuf_release) struct strbuf name = STRBUF_INIT;
	struct meeting meeting;
	stanza *card, *reply;

	if (!face_open(room, incoming, &meeting))
		return;
	reply = start(incoming, "vCard", NS_VCARD, &card);
	words_add_full_name(&name, &meeting.receiver);
	stanza_add_text(card, "FN", name.text);
	stream_send(room->stream, reply);
}

void face_ping(struct room *room, stanza *incoming)
{
	struct meeting meeting;

	if (face_open(room, incoming, &meeting))
		answer_ping(room, incoming);
}

void face_refuse(struct room *room, stanza *incoming)
{
	struct meeting meeting;

	if (face_open(room, incoming, &meeting))
		refuse_request(room, incoming);
}
