/* relay.h - messages and answers to IQs from a patient to a doctor, and back.
 *
 * Handlers for the switchboard. A new kind of payload is a row of payloads.c. What
 * wants more than to be passed on (calls, keys, files), as every IQ does, gets a
 * handler of its own, which opens a meeting, does what it has to, and calls
 * relay_pass(). */
#ifndef MIRROR_RELAY_H
#define MIRROR_RELAY_H

#include "mirror/meeting.h"
#include "switchboard.h"

/* A message that came back: kept for later when its recipient was away
 * (sent.h, park.h), else its sender gets the error. */
handler relay_bounce;
/* The result or error of an IQ that was passed on. */
handler relay_answer;

/* Whether a message says something: words, or what is encrypted. Keys alone, which
 * devices send each other (0384: <encrypted/> without <payload/>), say nothing. */
bool relay_says_something(const stanza *message);
/* Passes a stanza on, rewritten, when anything of it may pass. True: it was
 * sent. */
bool relay_pass(struct mirror *mirror, const struct meeting *meeting,
	const stanza *incoming);
/* The same; add (NULL: nothing) adds to the rewritten stanza what no row of
 * payloads.c lets pass, because it was made here. */
typedef void relay_add(const stanza *incoming, stanza *outgoing);
bool relay_pass_with(struct mirror *mirror, const struct meeting *meeting,
	const stanza *incoming, relay_add *add);
/* Answers a message that may not pass and says something: with a sentence, or with
 * a stanza error when nobody has the address. */
void relay_refuse(struct mirror *mirror, const struct meeting *meeting,
	const stanza *incoming, enum verdict verdict);

#endif
