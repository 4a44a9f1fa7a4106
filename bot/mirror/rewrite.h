/* rewrite.h - a stanza from one side, as the other side may see it.
 *
 * Pure functions: a stanza comes in, another one comes out; no book, no database,
 * no state. The new stanza is built from what is known to be safe: elements and
 * attributes that stand in one table (payloads.c). Whatever else there is stays
 * behind and is counted. Addresses inside are exchanged for those that the
 * receiver may see, or left out: a real address never crosses.
 *
 * To let a new kind of payload through, add rows to payloads.c:
 *
 *	{"message", "reply", "urn:xmpp:reply:0", "id @to", 0, NULL},
 *
 * within: "message", "iq" or "presence" for what is directly in the stanza, or
 * the name of another row, inside whose element this one may stand; the
 * element's name and namespace (NULL: the stanza's own); the attributes that
 * pass, with blanks between, "@" before those that are addresses; what else
 * holds (enum payload_flag); and a function that has the last word on the
 * element, or NULL.
 *
 * A row with PAYLOAD_TREE lets everything in its own namespace below it pass, with
 * all attributes: for payloads that are known to hold no address and that have
 * many elements. Elements in another namespace below it need a row of their own.
 *
 * That an IQ of this kind is handed to the other side at all, and not answered
 * here, is one more row in the switchboard, with a handler such as call_jingle.
 * Results and errors walk back by the same rows. */
#ifndef MIRROR_REWRITE_H
#define MIRROR_REWRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "mirror/seal.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

/* One of the two, by both addresses; all strings are borrowed. */
struct party {
	uint32_t id;
	const char *real;  /* bare: theirs */
	const char *shown; /* bare: what others see, at the clinic */
};

/* Who writes to whom. */
struct passage {
	const struct seal *seal;
	struct party sender, receiver;
	/* The real resources: what the sender writes with, and what is written
	 * to (NULL: the bare address). */
	const char *sender_resource, *receiver_resource;
	/* One of the two does not want the other to learn an IP address. */
	bool hides_ip;
	/* Keys are not handed out, so nothing may rely on them. */
	bool is_keyless;
};

enum payload_flag {
	PAYLOAD_TEXT = 1, /* its text passes */
	PAYLOAD_TREE = 2, /* so does what is below it, see above */
	PAYLOAD_DROP = 4, /* known, and left out without being counted */
	/* It alone is no reason to send the stanza: hints, requests. */
	PAYLOAD_SIDE = 8,
};

struct payload {
	const char *within, *name, *ns, *attributes;
	unsigned flags;
	/* Has the last word on the copy of an element: false leaves it out. It
	 * may change the copy. */
	bool (*mend)(const struct passage *passage, const stanza *original,
		stanza *copy);
};
/* payloads.c; ended by a row without a name. */
extern const struct payload payloads[];

/* What became of the children of a stanza. */
struct rewritten {
	size_t kept;    /* that are a reason to send it */
	size_t dropped; /* that are not known, or not fit to pass */
};

/* The stanza with the addresses, the type and the id exchanged or kept, and of
 * its children what may pass. The caller frees it. counts may be NULL. NULL: the
 * sender's resource is nothing that can be sealed. */
stanza *rewrite(const struct passage *passage, const stanza *incoming,
	struct rewritten *counts) MUST_CHECK;
/* Copies, of the children of one element, what may pass within ("message",
 * "iq", or the name of a row) into another. For who builds a stanza of its own,
 * such as a PEP event. */
void rewrite_children(const struct passage *passage, const char *within,
	const stanza *original, stanza *copy, struct rewritten *counts);
/* What the receiver may see instead of an address that the sender wrote: the
 * receiver's own real one for the clinic address that the sender knows, the
 * sender's clinic address for the sender's real one, resources too. False (and
 * seen is ""): it is nobody's of the two, and must not pass. */
bool rewrite_address(const struct passage *passage, const char *address,
	char seen[JID_SIZE]) MUST_CHECK;

#endif
