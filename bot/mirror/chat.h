/* chat.h - messages between a patient and a doctor. */
#ifndef MIRROR_CHAT_H
#define MIRROR_CHAT_H

#include "switchboard.h"

/* A message of type chat or normal to somebody's clinic address: passed on, or
 * answered with why not. The first of a patient's in a day is preceded by who it
 * is. What a doctor writes that begins with "/" is for the clinic. */
handler chat_message;
/* A message whose files were fetched goes on; it is taken over. The context is
 * the mirror. why: see files.h. Called by the threads of files.h. */
void chat_go_on(void *context, stanza *message, const char *why);

#endif
