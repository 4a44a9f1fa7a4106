/* payloads.c - what may pass between a patient and a doctor: one table. */
#include <string.h>

#include "base/memory.h"
#include "mirror/call_payload.h"
#include "mirror/rewrite.h"

#define NS_CHATSTATES "http://jabber.org/protocol/chatstates"
#define NS_MARKERS "urn:xmpp:chat-markers:0"
#define NS_SID "urn:xmpp:sid:0"
#define NS_HINTS "urn:xmpp:hints"
#define NS_FALLBACK "urn:xmpp:fallback:0"
#define NS_FASTEN "urn:xmpp:fasten:0"
#define NS_CORRECT "urn:xmpp:message-correct:0"
#define NS_RTP_INFO "urn:xmpp:jingle:apps:rtp:info:1"
#define NS_RTCP_FB "urn:xmpp:jingle:apps:rtp:rtcp-fb:0"
#define NS_SSMA "urn:xmpp:jingle:apps:rtp:ssma:0"
#define NS_DTLS "urn:xmpp:jingle:apps:dtls:0"
/* Fingerprints that are encrypted with the chat's keys. */
#define NS_SEALED_DTLS \
	"http://gultsch.de/xmpp/drafts/omemo/dlts-srtp-verification"
#define CANDIDATE                                                      \
	"component foundation generation id ip network port priority " \
	"protocol rel-addr rel-port tcptype type"

/* An error of ours has a type, a condition and nothing that a server wrote. */
static bool mend_error(const struct passage *passage UNUSED,
	const stanza *original UNUSED, stanza *copy)
{
	if (!stanza_get(copy, "type"))
		stanza_set(copy, "type", "cancel");
	if (!stanza_first(copy))
		stanza_add(copy, "undefined-condition", NS_STANZAS);
	return true;
}

/* Away, but nothing else that somebody's client might say. */
static bool mend_show(const struct passage *passage UNUSED,
	const stanza *original UNUSED, stanza *copy)
{
	AUTO(free_text) char *text = stanza_text(copy);

	return strcmp(text, "away") == 0 || strcmp(text, "xa") == 0 ||
	       strcmp(text, "dnd") == 0 || strcmp(text, "chat") == 0;
}

static bool mend_priority(const struct passage *passage UNUSED,
	const stanza *original UNUSED, stanza *copy)
{
	AUTO(free_text) char *text = stanza_text(copy);

	return strspn(text, "-0123456789") == strlen(text) && strlen(text) < 5;
}

/* The first row that fits an element says how it passes. */
/* clang-format off */
const struct payload payloads[] = {
	/* What is said. */
	{"message", "body", NULL, "xml:lang", PAYLOAD_TEXT, NULL},
	{"message", "subject", NULL, "xml:lang", PAYLOAD_TEXT, NULL},
	{"message", "thread", NULL, "parent", PAYLOAD_TEXT | PAYLOAD_SIDE, NULL},
	{"message", "attention", "urn:xmpp:attention:0", NULL, 0, NULL},

	/* That somebody writes (0085), that it came (0184), was seen (0333). */
	{"message", "active", NS_CHATSTATES, NULL, PAYLOAD_SIDE, NULL},
	{"message", "composing", NS_CHATSTATES, NULL, 0, NULL},
	{"message", "paused", NS_CHATSTATES, NULL, 0, NULL},
	{"message", "inactive", NS_CHATSTATES, NULL, 0, NULL},
	{"message", "gone", NS_CHATSTATES, NULL, 0, NULL},
	{"message", "request", NS_RECEIPTS, NULL, PAYLOAD_SIDE, NULL},
	{"message", "received", NS_RECEIPTS, "id", 0, NULL},
	{"message", "markable", NS_MARKERS, NULL, PAYLOAD_SIDE, NULL},
	{"message", "received", NS_MARKERS, "id", 0, NULL},
	{"message", "displayed", NS_MARKERS, "id", 0, NULL},
	{"message", "acknowledged", NS_MARKERS, "id", 0, NULL},

	/* About another message: corrected (0308), answered (0461), given a sign
	 * (0444), taken back (0424, and as it was before with 0422). */
	{"message", "replace", NS_CORRECT, "id", PAYLOAD_SIDE, NULL},
	{"message", "reply", "urn:xmpp:reply:0", "id @to", PAYLOAD_SIDE, NULL},
	{"message", "fallback", NS_FALLBACK, "for", PAYLOAD_SIDE, NULL},
	{"fallback", "body", NS_FALLBACK, "start end", 0, NULL},
	{"fallback", "subject", NS_FALLBACK, "start end", 0, NULL},
	{"message", "reactions", NS_REACTIONS, "id", 0, NULL},
	{"reactions", "reaction", NS_REACTIONS, NULL, PAYLOAD_TEXT, NULL},
	{"message", "retract", "urn:xmpp:message-retract:1", "id", 0, NULL},
	{"message", "apply-to", NS_FASTEN, "id", 0, NULL},
	{"apply-to", "retract", "urn:xmpp:message-retract:0", NULL, 0, NULL},

	/* For servers and clients: ids (0359), hints (0334), carbons (0280),
	 * when it was sent (0203), no styling (0393). */
	{"message", "origin-id", NS_SID, "id", PAYLOAD_SIDE, NULL},
	{"message", "stanza-id", NS_SID, NULL, PAYLOAD_DROP, NULL},
	{"message", "store", NS_HINTS, NULL, PAYLOAD_SIDE, NULL},
	{"message", "no-store", NS_HINTS, NULL, PAYLOAD_SIDE, NULL},
	{"message", "no-permanent-store", NS_HINTS, NULL, PAYLOAD_SIDE, NULL},
	{"message", "no-copy", NS_HINTS, NULL, PAYLOAD_SIDE, NULL},
	{"message", "private", "urn:xmpp:carbons:2", NULL, PAYLOAD_SIDE, NULL},
	{"message", "delay", "urn:xmpp:delay", "stamp", PAYLOAD_SIDE, NULL},
	{"message", "unstyled", "urn:xmpp:styling:0", NULL, PAYLOAD_SIDE, NULL},

	/* Encrypted (0384 as it was before "omemo:2", which has addresses in it):
	 * device ids and ciphertext. What says so (0380). */
	{"message", "encrypted", NS_OMEMO, NULL, PAYLOAD_TREE, NULL},
	{"message", "encryption", NS_EME, "namespace name", PAYLOAD_SIDE, NULL},

	/* Where a file is (0066, 0447, 0385): whose server somebody uses, and
	 * often a number made of the account. What the clinic offers instead
	 * is added afterwards (files.h). */
	{"message", "x", "jabber:x:oob", NULL, PAYLOAD_DROP, NULL},
	{"message", "file-sharing", "urn:xmpp:sfs:0", NULL, PAYLOAD_DROP, NULL},
	{"message", "reference", "urn:xmpp:reference:0", NULL,
		PAYLOAD_DROP, NULL},

	/* Calls: proposed, answered, declined (0353), with reasons (0166). What a
	 * reason says in words may have anything in it. */
	{"message", "propose", NS_JMI, "id", 0, NULL},
	{"propose", "description", NS_RTP, "media", 0, NULL},
	{"message", "ringing", NS_JMI, "id", 0, NULL},
	{"message", "proceed", NS_JMI, "id", 0, NULL},
	{"proceed", "device", NS_SEALED_DTLS, "id", 0, call_mend_keyed},
	{"message", "accept", NS_JMI, "id", 0, NULL},
	{"message", "reject", NS_JMI, "id", 0, NULL},
	{"reject", "reason", NS_JINGLE, NULL, 0, NULL},
	{"reject", "tie-break", NS_JMI, NULL, 0, NULL},
	{"message", "retract", NS_JMI, "id", 0, NULL},
	{"retract", "reason", NS_JINGLE, NULL, 0, NULL},
	{"message", "finish", NS_JMI, "id", 0, NULL},
	{"finish", "reason", NS_JINGLE, NULL, 0, NULL},
	{"finish", "migrated", NS_JMI, "to", 0, NULL},
	{"finish", "migrated", NS_JINGLE, "to", 0, NULL},
	{"reason", "text", NS_JINGLE, NULL, PAYLOAD_DROP, NULL},
	{"reason", NULL, NS_JINGLE, NULL, 0, NULL},

	/* The session of a call: sound and pictures (0167), groups of them
	 * (0338), and nothing else: no files, no rooms. */
	{"iq", "jingle", NS_JINGLE, NULL, PAYLOAD_TREE, call_mend_jingle},
	{"jingle", "text", NS_JINGLE, NULL, PAYLOAD_DROP, NULL},
	{"jingle", "description", NS_RTP, NULL, PAYLOAD_TREE, NULL},
	{"jingle", "group", NS_GROUPING, NULL, PAYLOAD_TREE, NULL},
	{"jingle", NULL, NS_RTP_INFO, "name creator", 0, NULL},
	{"jingle", NULL, NS_RTP_ERRORS, NULL, 0, NULL},
	{"description", "rtcp-fb", NS_RTCP_FB, NULL, PAYLOAD_TREE, NULL},
	{"description", "rtcp-fb-trr-int", NS_RTCP_FB, NULL, PAYLOAD_TREE,
		NULL},
	{"description", "rtp-hdrext", "urn:xmpp:jingle:apps:rtp:rtp-hdrext:0",
		NULL, PAYLOAD_TREE, NULL},
	{"description", "extmap-allow-mixed",
		"urn:xmpp:jingle:apps:rtp:rtp-hdrext:0", NULL, 0, NULL},
	{"description", "source", NS_SSMA, NULL, PAYLOAD_TREE, NULL},
	{"description", "ssrc-group", NS_SSMA, NULL, PAYLOAD_TREE, NULL},

	/* How they reach each other (0176, 0371) and know each other (0320). */
	{"jingle", "transport", NS_ICE_UDP, NULL, PAYLOAD_TREE, NULL},
	{"jingle", "transport", NS_ICE, NULL, PAYLOAD_TREE, NULL},
	{"transport", "candidate", NS_ICE_UDP, CANDIDATE, 0,
		call_mend_candidate},
	{"transport", "candidate", NS_ICE, CANDIDATE, 0, call_mend_candidate},
	{"transport", "remote-candidate", NS_ICE_UDP, "component ip port", 0,
		call_mend_exposed},
	{"transport", "remote-candidate", NS_ICE, "component ip port", 0,
		call_mend_exposed},
	{"transport", "fingerprint", NS_DTLS, "hash setup required",
		PAYLOAD_TEXT, NULL},
	{"transport", "fingerprint", NS_SEALED_DTLS, "hash setup", 0,
		call_mend_keyed},
	{"fingerprint", "encrypted", NS_OMEMO, NULL, PAYLOAD_TREE, NULL},
	{"transport", NULL, NS_ICE_OPTION, NULL, 0, NULL},

	/* Keys that the proxy of pep.c hands out. */
	{"keys", "list", NS_OMEMO, NULL, 0, NULL},
	{"list", "device", NS_OMEMO, "id", 0, NULL},
	{"keys", "bundle", NS_OMEMO, NULL, PAYLOAD_TREE, NULL},

	/* Errors: the kind and the condition, no text: it quotes addresses. */
	{"message", "error", NULL, "type", 0, mend_error},
	{"iq", "error", NULL, "type", 0, mend_error},
	{"presence", "error", NULL, "type", 0, mend_error},
	{"error", "text", NS_STANZAS, NULL, PAYLOAD_DROP, NULL},
	{"error", NULL, NS_STANZAS, NULL, 0, NULL},
	{"error", NULL, NS_JINGLE_ERRORS, NULL, 0, NULL},

	/* How somebody is there; what the client is and can do is said by the
	 * clinic (presence.c). */
	{"presence", "show", NULL, NULL, PAYLOAD_TEXT, mend_show},
	{"presence", "priority", NULL, NULL, PAYLOAD_TEXT, mend_priority},
	{"presence", "status", NULL, NULL, PAYLOAD_DROP, NULL},
	{"presence", "c", "http://jabber.org/protocol/caps", NULL,
		PAYLOAD_DROP, NULL},
	{"presence", "x", "vcard-temp:x:update", NULL, PAYLOAD_DROP, NULL},
	{"presence", "idle", "urn:xmpp:idle:1", NULL, PAYLOAD_DROP, NULL},
	{"presence", "nick", "http://jabber.org/protocol/nick", NULL,
		PAYLOAD_DROP, NULL},
	{"message", "nick", "http://jabber.org/protocol/nick", NULL,
		PAYLOAD_DROP, NULL},
	{NULL, NULL, NULL, NULL, 0, NULL},
};
/* clang-format on */
