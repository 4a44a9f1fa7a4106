/* call_policy.h - who may begin a call, and what is said to who may not.
 *
 * A doctor may call her patients. A patient may call for a video visit, from some
 * minutes before it until some after it, or when the doctor called lately: that
 * knows the database, which is asked at the beginning of a patient's call and at
 * no other time. */
#ifndef MIRROR_CALL_POLICY_H
#define MIRROR_CALL_POLICY_H

#include <stdbool.h>

#include "mirror/meeting.h"
#include "room.h"

/* Whether this call may begin. False: the caller was told why not, by the desk. */
bool call_may_begin(struct room *room, const struct meeting *meeting,
	enum verdict verdict, const stanza *incoming,
	const char *sid) MUST_CHECK;
/* Whether what belongs to a call that has begun may pass: also when the time in
 * which it might begin is over. */
bool call_may_go_on(
	const struct meeting *meeting, enum verdict verdict) MUST_CHECK;
/* The desk says something to who wrote; {other} is whom they wrote to, {last} the
 * last word of that name. */
void call_tell(struct room *room, const struct meeting *meeting,
	const stanza *incoming, const char *sentence);

#endif
