/* presence.c - the desk and the component in somebody's contact list. */
#include "service/presence.h"

#include "base/memory.h"
#include "xmpp/jid.h"
#include "xmpp/stream.h"

/* A presence from the bare address that was asked to the bare address of who
 * asked, as subscriptions want it; NULL when an address is no address. */
static stanza *new_presence(const stanza *incoming, const char *type)
{
	char asker[JID_SIZE], asked[JID_SIZE];

	if (!jid_bare(stanza_get(incoming, "from"), asker) ||
		!jid_bare(stanza_get(incoming, "to"), asked))
		return NULL;
	stanza *presence = stanza_new("presence", NULL);
	stanza_set(presence, "type", type);
	stanza_set(presence, "to", asker);
	stanza_set(presence, "from", asked);
	return presence;
}

static void send_availability(
	struct room *room, const stanza *incoming, const char *type)
{
	stanza *presence = new_presence(incoming, type);

	if (!presence)
		return;
	AUTO(free_text)
	char *full =
		xasprintf("%s/" SERVICE_RESOURCE, stanza_get(presence, "from"));
	stanza_set(presence, "from", full);
	stream_send(room->stream, presence);
}

void presence_subscribe(struct room *room, stanza *incoming)
{
	stream_send(room->stream, new_presence(incoming, "subscribed"));
	send_availability(room, incoming, NULL);
}

void presence_unsubscribe(struct room *room, stanza *incoming)
{
	send_availability(room, incoming, "unavailable");
	stream_send(room->stream, new_presence(incoming, "unsubscribed"));
}

void presence_probe(struct room *room, stanza *incoming)
{
	send_availability(room, incoming, NULL);
}

void presence_refuse(struct room *room, stanza *incoming)
{
	stream_send(room->stream, new_presence(incoming, "unsubscribed"));
}
