/* again.h - for whom messages that came back are tried again soon.
 *
 * Somebody may be there while their server cannot be reached yet: ours keeps from
 * trying for some minutes after a failure (ejabberd up to five), and says so of
 * every message meanwhile. So what waits for somebody who is there goes out again
 * after some seconds, then after twice as long each time, seven times in ten
 * minutes; after that they have to be seen anew. For the keeper's thread. */
#ifndef MIRROR_AGAIN_H
#define MIRROR_AGAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"

struct again;

struct again *again_new(void) MUST_CHECK;
void again_free(struct again *again); /* NULL is fine */
/* Somebody was seen, or a message that came back finds them there: what comes
 * back from now on is tried again. The newest AGAIN_MOST are kept. */
void again_begin(struct again *again, uint32_t person);
bool again_has(const struct again *again, uint32_t person);
/* A message to them came back. */
void again_wait(struct again *again, uint32_t person, int64_t now_ms);
/* Whether somebody waits for a moment that has not come. */
bool again_is_waiting(const struct again *again);
/* For whom the moment has come, one after the other; 0: for nobody. */
uint32_t again_next(struct again *again, int64_t now_ms);

#define AGAIN_MOST 256
#define AGAIN_FIRST_MS 5000
#define AGAIN_STEPS 7

#endif
