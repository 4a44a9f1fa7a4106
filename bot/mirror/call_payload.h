/* call_payload.h - what payloads.c does to the elements of a call.
 *
 * An IP address of the other side is learned from candidates (XEP-0176): of the
 * address itself, of the one outside its router, and of relays. Who hides it gives
 * away and gets relays alone: an app that tries another candidate shows itself. */
#ifndef MIRROR_CALL_PAYLOAD_H
#define MIRROR_CALL_PAYLOAD_H

#include <stdbool.h>

#include "mirror/rewrite.h"

#define NS_JMI "urn:xmpp:jingle-message:0"
#define NS_JINGLE "urn:xmpp:jingle:1"
#define NS_JINGLE_ERRORS "urn:xmpp:jingle:errors:1"
#define NS_CALL_INVITE "urn:xmpp:call-message:1"
#define NS_RTP "urn:xmpp:jingle:apps:rtp:1"
#define NS_RTP_ERRORS "urn:xmpp:jingle:apps:rtp:errors:1"
#define NS_GROUPING "urn:xmpp:jingle:apps:grouping:0"
#define NS_ICE_UDP "urn:xmpp:jingle:transports:ice-udp:1"
#define NS_ICE "urn:xmpp:jingle:transports:ice:0"
#define NS_ICE_OPTION \
	"http://gultsch.de/xmpp/drafts/jingle/transports/ice-udp/option"

/* The initiator and the responder are those whom the receiver knows, whether the
 * app wrote a full address, a bare one or none. */
bool call_mend_jingle(
	const struct passage *passage, const stanza *original, stanza *copy);
/* Not what is hidden. */
bool call_mend_candidate(
	const struct passage *passage, const stanza *original, stanza *copy);
/* Not when something is hidden. */
bool call_mend_exposed(
	const struct passage *passage, const stanza *original, stanza *copy);
/* Only where keys are handed out. */
bool call_mend_keyed(
	const struct passage *passage, const stanza *original, stanza *copy);

#endif
