/* bounce.h - a message of ours came back as an error. */
#ifndef POST_BOUNCE_H
#define POST_BOUNCE_H

#include "room.h"
#include "xmpp/stanza.h"

/* The switchboard's handler: tells the post room of it. */
void post_bounce(struct room *room, stanza *incoming);

#endif
