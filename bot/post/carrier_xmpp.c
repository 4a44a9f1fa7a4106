/* carrier_xmpp.c - a delivery as a chat message. */
#include "post/carrier.h"
#include "post/post.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"
#include "xmpp/stream.h"

#define NS_STANZA_ID "urn:xmpp:sid:0"
#define NS_HINTS "urn:xmpp:hints"

bool carrier_xmpp(const struct post_settings *settings,
	const struct parcel *parcel, struct error *error)
{
	char bare[JID_SIZE];
	stanza *message, *origin;

	if (!jid_bare(parcel->to, bare))
		return failed(error, ERROR_BUG, "not an XMPP address");
	message = stanza_chat(
		parcel->to, settings->from, parcel->id, parcel->text);
	/* Clients know a repeat by this id (XEP-0359); servers keep the message
	 * for who is offline (XEP-0334). */
	origin = stanza_add(message, "origin-id", NS_STANZA_ID);
	stanza_set(origin, "id", parcel->id);
	(void)stanza_add(message, "store", NS_HINTS);
	stream_send(settings->stream, message);
	return true;
}
