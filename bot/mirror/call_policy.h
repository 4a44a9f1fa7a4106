/* call_policy.h - who may begin a call, and what is said to who may not.
 *
 * A doctor may call her patients. A patient may call for a video visit, from some
 * minutes before it until some after it, or when the doctor called lately: that
 * knows the database, which is asked at the beginning of a patient's call and at
 * no other time. */
#ifndef MIRROR_CALL_POLICY_H
#define MIRROR_CALL_POLICY_H

#include <stdbool.h>

#include "mirror/calls.h"
#include "mirror/meeting.h"
#include "room.h"

/* As meeting_open(), for who has no mirror too. */
enum verdict call_open(struct room *room, const stanza *incoming,
	struct meeting *meeting) MUST_CHECK;
/* Whether this call may begin. False: the caller was told why not, by the desk. */
bool call_may_begin(struct room *room, const struct meeting *meeting,
	enum verdict verdict, const stanza *incoming) MUST_CHECK;
/* Whether what belongs to a call may pass, and notes in calls.h what it comes to:
 * as long as the call is under way, also when the time in which it might begin is
 * over, or the doctor has muted the patient; not when the patient has blocked the
 * doctor. */
enum call_answer call_may_go_on(struct mirror *mirror,
	const struct meeting *meeting, enum verdict verdict,
	enum call_event event, const char *sid) MUST_CHECK;
/* Something happened to a call, by the meeting's sender (call_note). */
void call_note_by(struct mirror *mirror, const struct meeting *meeting,
	const char *kind, const char *sid, const char *what);
/* The desk says something to who wrote; {other} is whom they wrote to, {last} the
 * last word of that name. */
void call_tell(struct room *room, const struct meeting *meeting,
	const stanza *incoming, const char *sentence);

#endif
