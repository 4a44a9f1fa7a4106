/* call_read.h - what is read of the elements of a call. */
#ifndef MIRROR_CALL_READ_H
#define MIRROR_CALL_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xmpp/stanza.h"

/* A session's id that can be kept; NULL: there is none. element may be NULL. */
const char *call_sid(const stanza *element, const char *attribute);
/* The word of a <reason/> (XEP-0166), or other. */
const char *call_reason(const stanza *parent, const char *other);
/* Whether it is sound or pictures that are proposed: no file, no screen of
 * something else. */
bool call_is_media(const stanza *propose, bool *is_video);
bool call_has_video(const stanza *jingle);
/* Why a session may not be had, as a sentence for who wants it: several people,
 * files, screens of other kinds; NULL: it may. */
const char *call_refusal(const stanza *jingle);
/* How many candidates an element has in it. */
size_t call_count_candidates(const stanza *element);
/* When a message was sent that did not come at once (XEP-0203), in seconds; 0: it
 * came at once. */
int64_t call_sent_s(const stanza *message);

#endif
