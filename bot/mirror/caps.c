/* caps.c - what somebody's device can do, as others may know it (XEP-0115). */
#include "mirror/caps.h"

#include <inttypes.h>
#include <string.h>

#include "base/crypto.h"
#include "base/memory.h"
#include "base/strbuf.h"

#define CATEGORY "client"
#define TYPE "phone"
#define NAME "Clinic"

enum group {
	ALWAYS = 1, /* what the clinic answers itself */
	CHAT = 2,
	KEYS = 4,
	CALL = 8,       /* shown together or not at all */
	CALL_NEED = 16, /* a device without one of these cannot call */
	WISH = 32,      /* what it wants of the clinic; not shown */
};

/* What passes here at all. */
#define OFFERED (ALWAYS | CHAT | KEYS | CALL | CALL_NEED)

/* In the order of their bytes, as the hash wants them; the place is the bit. */
/* clang-format off */
static const struct {
	const char *name;
	enum group group;
} features[] = {
	{"eu.siacs.conversations.axolotl.devicelist+notify", KEYS},
	{"http://jabber.org/protocol/caps", ALWAYS},
	{"http://jabber.org/protocol/chatstates", CHAT},
	{"http://jabber.org/protocol/disco#info", ALWAYS},
	{"urn:ietf:rfc:3264", CALL},
	{"urn:ietf:rfc:5576", CALL},
	{"urn:ietf:rfc:5888", CALL},
	{"urn:xmpp:chat-markers:0", CHAT},
	{"urn:xmpp:jingle-message:0", CALL},
	{"urn:xmpp:jingle:1", CALL_NEED},
	{"urn:xmpp:jingle:apps:dtls:0", CALL_NEED},
	{"urn:xmpp:jingle:apps:grouping:0", CALL},
	{"urn:xmpp:jingle:apps:rtp:1", CALL_NEED},
	{"urn:xmpp:jingle:apps:rtp:audio", CALL_NEED},
	{"urn:xmpp:jingle:apps:rtp:rtcp-fb:0", CALL},
	{"urn:xmpp:jingle:apps:rtp:rtp-hdrext:0", CALL},
	{"urn:xmpp:jingle:apps:rtp:ssma:0", CALL},
	{"urn:xmpp:jingle:apps:rtp:video", CALL},
	{"urn:xmpp:jingle:transports:ice-udp:1", CALL_NEED},
	{"urn:xmpp:message-correct:0", CHAT},
	{"urn:xmpp:message-retract:1", CHAT},
	{"urn:xmpp:ping", ALWAYS},
	{"urn:xmpp:reactions:0", CHAT},
	{"urn:xmpp:receipts", CHAT},
	{"urn:xmpp:reply:0", CHAT},
	/* Not in the hash, so here. */
	{"http://jabber.org/protocol/nick+notify", WISH},
};
/* clang-format on */

_Static_assert(COUNT_OF(features) <= 32, "a set is a number of 32 bits");

static uint32_t bits_of(unsigned groups)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < COUNT_OF(features); i++)
		if ((unsigned)features[i].group & groups)
			bits |= 1u << i;
	return bits;
}

/* What may be shown of a set. */
static uint32_t shown(uint32_t set)
{
	uint32_t needed = bits_of(CALL_NEED);

	set |= bits_of(ALWAYS);
	set &= bits_of(OFFERED);
	if ((set & needed) != needed)
		set &= ~bits_of(CALL | CALL_NEED);
	return set;
}

static uint32_t find_bit(const char *name)
{
	for (size_t i = 0; name && i < COUNT_OF(features); i++)
		if (strcmp(features[i].name, name) == 0)
			return 1u << i;
	return 0;
}

uint32_t caps_read(const stanza *query)
{
	uint32_t set = 0;

	for (const stanza *child = stanza_first(query); child;
		child = stanza_next(child))
		if (stanza_is(child, "feature", NULL))
			set |= find_bit(stanza_get(child, "var"));
	return shown(set) | (set & bits_of(WISH));
}

bool caps_has(uint32_t set, const char *feature)
{
	return (shown(set) | (set & bits_of(WISH))) & find_bit(feature);
}

static const char *hash(uint32_t set, char text[CRYPTO_SHA1_TEXT])
{
	AUTO(strbuf_release) struct strbuf all = STRBUF_INIT;

	strbuf_add(&all, CATEGORY "/" TYPE "//" NAME "<");
	for (size_t i = 0; i < COUNT_OF(features); i++)
		if (set & 1u << i)
			strbuf_addf(&all, "%s<", features[i].name);
	return crypto_sha1(all.text, all.length, text);
}

void caps_add(stanza *presence, const char *domain, uint32_t set)
{
	AUTO(free_text)
	char *node = xasprintf("https://%s/caps/%" PRIx32, domain, shown(set));
	stanza *caps = stanza_add(presence, "c", NS_CAPS);
	char text[CRYPTO_SHA1_TEXT];

	stanza_set(caps, "hash", "sha-1");
	stanza_set(caps, "node", node);
	stanza_set(caps, "ver", hash(shown(set), text));
}

void caps_describe(stanza *query, uint32_t set)
{
	stanza *identity = stanza_add(query, "identity", NULL);

	stanza_set(identity, "category", CATEGORY);
	stanza_set(identity, "type", TYPE);
	stanza_set(identity, "name", NAME);
	for (size_t i = 0; i < COUNT_OF(features); i++)
		if (shown(set) & 1u << i)
			stanza_set(stanza_add(query, "feature", NULL), "var",
				features[i].name);
}

bool caps_find_node(const char *node, const char *domain, uint32_t *set)
{
	AUTO(free_text) char *begin = xasprintf("https://%s/caps/", domain);
	size_t length = strlen(begin);
	char text[CRYPTO_SHA1_TEXT], *end;
	unsigned long number;

	if (strncmp(node, begin, length) != 0)
		return false;
	number = strtoul(node + length, &end, 16);
	if (*end != '#' || number > UINT32_MAX ||
		shown((uint32_t)number) != number ||
		strcmp(end + 1, hash((uint32_t)number, text)) != 0)
		return false;
	*set = (uint32_t)number;
	return true;
}
