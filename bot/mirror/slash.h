/* slash.h - what a doctor writes in a chat for the clinic, not for the patient.
 *
 * "/who" shows who the patient is; "/help" lists the rest: one table. "//" at the
 * beginning sends the message with one of them; "/me" is for the patient. These
 * ask the database; what is said in a chat does not. */
#ifndef MIRROR_SLASH_H
#define MIRROR_SLASH_H

#include <stdbool.h>

#include "mirror/meeting.h"
#include "room.h"

/* Whether a doctor's message was such a command; then it is answered. With "//" it
 * is not, and the stanza's body has become what is to be sent. */
bool slash_command(struct room *room, const struct meeting *meeting,
	stanza *incoming, const char *body);

#endif
