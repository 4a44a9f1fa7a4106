/* face.h - what somebody's clinic address answers itself: disco, card, ping. */
#ifndef MIRROR_FACE_H
#define MIRROR_FACE_H

#include "switchboard.h"

struct meeting;

/* Whether who asks may know of the other: they have to do with each other, or it is a
 * doctor, whose address is public. Otherwise the request is answered. */
bool face_open(struct room *room, const stanza *incoming,
	struct meeting *meeting) MUST_CHECK;
/* disco#info: the account to a bare address, a device with its abilities to a full
 * one, with a node and without. disco#items: nothing. */
handler face_info;
handler face_items;
/* A business card with the name (XEP-0054), and a ping (XEP-0199). */
handler face_card;
handler face_ping;
/* Everything else: it does not pass here, or nobody has the address. */
handler face_refuse;

#endif
