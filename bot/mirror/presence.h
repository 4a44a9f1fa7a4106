/* presence.h - who is there, shown to the other side.
 *
 * A presence that a server sends to a doctor's clinic address leaves as one from
 * the patient's to the doctor, with the real show and priority, a sealed
 * resource, and abilities of the clinic's own (caps.h). Subscriptions are granted
 * to those who have to do with each other; each side is asked once to show
 * itself, never again at a restart. */
#ifndef MIRROR_PRESENCE_H
#define MIRROR_PRESENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "mirror/mirror.h"
#include "switchboard.h"

/* Presence of no type, and "unavailable". */
handler presence_shown;
/* Of type "error": the account cannot be reached, or wants no presence. */
handler presence_lost;
handler presence_probed;
/* "subscribe"; "subscribed"; "unsubscribe" and "unsubscribed". */
handler presence_wanted;
handler presence_agreed;
handler presence_unwanted;

/* The answer of a device that was asked what it can do; false: it is another
 * answer. */
bool presence_take_answer(struct mirror *mirror, const stanza *incoming);
/* Whether somebody is known to have no device there now. */
bool presence_is_away(struct mirror *mirror, uint32_t person);
/* Whether a device may be there; false: it is known to be gone. */
bool presence_has(struct mirror *mirror, uint32_t person, const char *resource);
/* Asks, from the one's address, the other's server how they are, if they were asked
 * before to show themselves; else false. */
bool presence_probe_pair(struct mirror *mirror, uint32_t one, uint32_t other);
/* Asks a patient's and their doctors' servers how they are. */
void presence_probe_partners(struct mirror *mirror, uint32_t patient);

#endif
