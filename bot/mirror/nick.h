/* nick.h - what clients call somebody: the name, not the address.
 *
 * A client that knows no name for a contact shows the address, which for
 * dr.ana.ruiz.2@clinic is not how people are called. Many take the name that a
 * contact has published (XEP-0172, XEP-0292); the clinic does that for everybody's
 * clinic address. Who wants to be told (XEP-0163: "+notify") is told when a device
 * is first seen; who asks is answered. */
#ifndef MIRROR_NICK_H
#define MIRROR_NICK_H

#include <stdbool.h>
#include <stdint.h>

#include "mirror/meeting.h"
#include "switchboard.h"

#define NS_NICK "http://jabber.org/protocol/nick"

/* Tells the sender's device, which has these features (caps.h), what the receiver is
 * called, if it wants to be told. */
void nick_tell(struct mirror *mirror, const struct meeting *meeting,
	uint32_t features);
/* Whether a node is one with a name in it. */
bool nick_has_node(const char *node);
/* An IQ of type get for such a node. */
handler nick_get;

#endif
