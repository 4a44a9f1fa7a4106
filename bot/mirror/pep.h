/* pep.h - the keys of encrypted chats (OMEMO), handed from side to side.
 *
 * Who encrypts asks the other's address for two things (XEP-0163): which devices
 * there are, and the keys of each. The clinic asks the real account in turn, from
 * the address that it knows, and answers in the words of the clinic's: the list of
 * devices or the bundle of keys, and nothing else of what the server wrote. The
 * question's own id goes along, sealed, in that of ours, so that nothing has to be
 * remembered. Nothing is cached: a bundle holds keys that are good for once.
 *
 * That is so for the older OMEMO (0.3), which has no addresses in it. The newer
 * one names both in every message and checks them: its nodes are not there.
 *
 * With the setting off no keys are handed out, and who sends something encrypted
 * is told. */
#ifndef MIRROR_PEP_H
#define MIRROR_PEP_H

#include <stdbool.h>

#include "mirror/mirror.h"
#include "switchboard.h"

#define NS_PUBSUB "http://jabber.org/protocol/pubsub"
#define NS_PUBSUB_EVENT "http://jabber.org/protocol/pubsub#event"

/* Handlers: an IQ of type get, or set, with <pubsub/>; a headline with <event/>;
 * a message with <encrypted/> of any kind. */
handler pep_get;
handler pep_set;
handler pep_event;
handler pep_message;
/* The answer to a question of ours; false: it is another answer. */
bool pep_take_answer(struct mirror *mirror, const stanza *incoming);
/* Whether keys are handed out. */
bool pep_is_on(const struct mirror *mirror);

#endif
