/* call.h - calls between a patient and a doctor: sound and pictures.
 *
 * Handlers for the switchboard. A call is proposed by message (XEP-0353), or its
 * session begins at once as older apps do it (XEP-0166). Whether it may begin says
 * call_policy.h. All that follows is passed on as it comes, in order, by the two
 * addresses alone, as long as the call is under way (calls.h): it may go on when
 * the time in which it might begin is over. A restart in mid-call changes nothing.
 * What the media say goes from app to app and never through here.
 *
 * That it rings, when the other side's app says nothing, and that a device has
 * vanished is told by call_watch.h. A proposal that comes late is a missed call.
 *
 * That a call began, was answered and ended becomes a row (clinic.call) through
 * the keeper's notes, behind the relay's back. */
#ifndef MIRROR_CALL_H
#define MIRROR_CALL_H

#include "switchboard.h"

/* A message that proposes a call; another one about a call. */
handler call_propose;
handler call_message;
/* A proposal to the desk, which takes no calls and says so. */
handler call_desk;
/* A receipt, which may be a proposal's; any message that came back. */
handler call_receipt;
handler call_bounce;
/* An IQ of type set with an element of Jingle (call_session.c). */
handler call_jingle;
/* An invitation to a call with several people (XEP-0482). */
handler call_refuse_group;
/* Somebody's device is not there any more. */
handler call_leave;

#endif
