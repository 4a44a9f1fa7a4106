/* desk.h - the receptionist that everybody talks to. */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include "switchboard.h"

/* A message with a body: read, answered, and its receipt given after the answer
 * is stored (XEP-0184). One that is sent again, with the same id and words within
 * a few minutes, gets its receipt again and no second answer. */
handler desk_hear;
/* A reaction (XEP-0444): a thumb up to a reminder says that the patient comes. */
handler desk_see_reaction;
/* A message that the desk cannot read because it is encrypted. */
handler desk_refuse_encrypted;

#endif
