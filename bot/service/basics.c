/* basics.c - the answers that everything with an address owes. */
#include "service/basics.h"

#include "xmpp/stream.h"

void answer_ping(struct room *room, stanza *incoming)
{
	stream_send(room->stream, stanza_reply(incoming, "result"));
}

void answer_version(struct room *room, stanza *incoming)
{
	stanza *reply = stanza_reply(incoming, "result");
	stanza *query = stanza_add(reply, "query", NS_VERSION);

	stanza_add_text(query, "name", "Carelay");
	stream_send(room->stream, reply);
}

void refuse_address(struct room *room, stanza *incoming)
{
	stream_send(
		room->stream, stanza_error(incoming, "cancel", "item-not-found",
				      "nobody has this address at the clinic"));
}

void refuse_request(struct room *room, stanza *incoming)
{
	stream_send(room->stream,
		stanza_error(incoming, "cancel", "service-unavailable", NULL));
}
