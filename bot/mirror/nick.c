/* nick.c - what clients call somebody: the name, not the address. */
#include "mirror/nick.h"

#include <string.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "mirror/caps.h"
#include "mirror/face.h"
#include "mirror/pep.h"
#include "mirror/words.h"
#include "xmpp/stream.h"

#define VCARD_NODE "urn:xmpp:vcard4"
#define NS_VCARD4 "urn:ietf:params:xml:ns:vcard-4.0"

bool nick_has_node(const char *node)
{
	return node &&
	       (strcmp(node, NS_NICK) == 0 || strcmp(node, VCARD_NODE) == 0);
}

/* A node's items with the name of the meeting's receiver. */
static void add_items(stanza *parent, const char *ns, const char *node,
	const struct meeting *meeting)
{
	AUTO(strbuf_release) struct strbuf name = STRBUF_INIT;
	stanza *items = stanza_add(parent, "items", ns);
	stanza *item = stanza_add(items, "item", ns);

	words_add_full_name(&name, &meeting->receiver);
	stanza_set(items, "node", node);
	stanza_set(item, "id", "current");
	if (strcmp(node, NS_NICK) == 0)
		stanza_set_text(stanza_add(item, "nick", NS_NICK), name.text);
	else
		stanza_add_text(stanza_add(stanza_add(item, "vcard", NS_VCARD4),
					"fn", NULL),
			"text", name.text);
}

void nick_tell(
	struct mirror *mirror, const struct meeting *meeting, uint32_t features)
{
	stanza *event;

	if (!meeting->passage.sender_resource || !*meeting->receiver.name ||
		!caps_has(features, NS_NICK "+notify"))
		return;
	AUTO(free_text)
	char *to = xasprintf(
		"%s/%s", meeting->sender.jid, meeting->passage.sender_resource);
	event = stanza_new("message", NULL);
	stanza_set(event, "type", "headline");
	stanza_set(event, "from", meeting->receiver_shown);
	stanza_set(event, "to", to);
	add_items(stanza_add(event, "event", NS_PUBSUB_EVENT), NS_PUBSUB_EVENT,
		NS_NICK, meeting);
	stream_send(mirror->stream, event);
}

void nick_get(struct room *room, stanza *incoming)
{
	const stanza *items = stanza_find(
		stanza_find(incoming, "pubsub", NS_PUBSUB), "items", NULL);
	struct meeting meeting;
	stanza *reply;

	if (!face_open(room, incoming, &meeting))
		return;
	reply = stanza_reply(incoming, "result");
	add_items(stanza_add(reply, "pubsub", NS_PUBSUB), NS_PUBSUB,
		stanza_get(items, "node"), &meeting);
	stream_send(room->stream, reply);
}
