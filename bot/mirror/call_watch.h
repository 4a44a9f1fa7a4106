/* call_watch.h - looks after the calls under way, in a thread of its own.
 *
 * It does what nobody else would do in time, also while the database is away:
 *
 * - Who calls is told that it rings, when the callee's app has not said anything
 *   for two seconds: some apps (Conversations) give up after six without a word,
 *   others (Dino) never say one. Only when an app may be there that takes calls:
 *   one that said so, or of which it is not known yet. Where each is known not to,
 *   the caller's app gives up, as it should.
 * - A device that is talking and has not been there for calls.lost_s, nor said
 *   anything, is gone: the clinic hangs up in its name. After a start, or when the
 *   stream was down, it is asked for first, and nothing is concluded from silence.
 * - When a patient blocks a doctor, what they talk is over.
 * - What an app asked another in a call, and was not answered within
 *   calls.answer_s, is answered with an error (call_asked.h). */
#ifndef MIRROR_CALL_WATCH_H
#define MIRROR_CALL_WATCH_H

#include <stdbool.h>

#include "base/attributes.h"
#include "mirror/mirror.h"

struct call_watch;

struct call_watch *call_watch_new(struct mirror *mirror) MUST_CHECK;
/* Starts its thread; exits the process when there can be none. */
void call_watch_start(struct call_watch *watch);
/* Any thread: there is a call, or a question. */
void call_watch_wake(struct call_watch *watch);
/* Ends its thread. */
void call_watch_stop(struct call_watch *watch);
void call_watch_free(struct call_watch *watch); /* NULL is fine */

#endif
