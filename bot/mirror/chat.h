/* chat.h - messages between a patient and a doctor. */
#ifndef MIRROR_CHAT_H
#define MIRROR_CHAT_H

#include "switchboard.h"

/* A message of type chat or normal to somebody's clinic address: passed on, or
 * answered with why not. The first of a patient's in a day is preceded by who it
 * is. What a doctor writes that begins with "/" is for the clinic. */
handler chat_message;

#endif
