/* switchboard.h - which room answers which stanza: one table.
 *
 * To answer a new kind of stanza is to add a row in switchboard.c and the
 * function it names. */
#ifndef SWITCHBOARD_H
#define SWITCHBOARD_H

#include "room.h"
#include "xmpp/stanza.h"

/* Answers a stanza, or decides that there is nothing to answer. The stanza is
 * borrowed. Every IQ of type get or set gets an answer. */
typedef void handler(struct room *room, stanza *incoming);

/* Calls the handler of the first row that fits. */
void switchboard_connect(struct room *room, stanza *incoming);

#endif
