/* call_say.h - what the clinic itself says in a call, and what is put down of it. */
#ifndef MIRROR_CALL_SAY_H
#define MIRROR_CALL_SAY_H

#include <stdbool.h>
#include <stdint.h>

#include "mirror/meeting.h"

/* The device that the clinic speaks for when it speaks for none. */
#define CALL_NO_DEVICE "clinic"

/* A word of a call (XEP-0353) from any address to another. reason: of Jingle's, or
 * NULL. */
stanza *call_word(const char *to, const char *from, const char *word,
	const char *sid, const char *reason) MUST_CHECK;
/* A word in the name of the meeting's sender to the receiver: to a device, or to
 * all (NULL). */
void call_say(struct mirror *mirror, const struct meeting *meeting,
	const char *device, const char *word, const char *sid,
	const char *reason);
/* The same to a session: that it has ended (XEP-0166). */
void call_hang_up(struct mirror *mirror, const struct meeting *meeting,
	const char *device, const char *sid, const char *reason);
/* Whether it is the answer to such an IQ, which nobody waits for. */
bool call_take_answer(const stanza *incoming);

/* What happened to a call: "call_begun" and so on (clinic.note_put). */
void call_note(struct mirror *mirror, uint32_t doctor, uint32_t patient,
	bool by_doctor, const char *kind, const char *sid, const char *what);

#endif
