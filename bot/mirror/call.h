/* call.h - calls between a patient and a doctor: sound and pictures.
 *
 * Handlers for the switchboard. A call is proposed by message (XEP-0353), or its
 * session begins at once as older apps do it (XEP-0166). Whether it may begin says
 * call_policy.h; all that follows is passed on as it comes, in order, by the two
 * addresses alone, so that a restart in mid-call changes nothing. What the media
 * say goes from app to app and never through here.
 *
 * Who calls is told at once that it rings when the other side has an app there
 * that can take calls: some apps give up after six seconds without a word, and
 * others never say that one.
 *
 * That a call began, was answered and ended becomes a row (clinic.call) through
 * the keeper's notes, behind the relay's back. */
#ifndef MIRROR_CALL_H
#define MIRROR_CALL_H

#include "switchboard.h"

/* A message that proposes a call; another one about a call. */
handler call_propose;
handler call_message;
/* A proposal that came back. */
handler call_bounce;
/* An IQ of type set with an element of Jingle. */
handler call_jingle;
/* An invitation to a call with several people (XEP-0482). */
handler call_refuse_group;

#endif
