/* calm.h - presences that change often are passed on at most every two seconds.
 *
 * The first one goes at once; of those that follow, the last one when the time
 * has come. What was sent before in its place is forgotten: only how somebody is
 * now matters. Any thread. */
#ifndef MIRROR_CALM_H
#define MIRROR_CALM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "xmpp/stanza.h"

struct calm;
struct stream;

struct calm *calm_new(struct stream *stream) MUST_CHECK;
void calm_free(struct calm *calm); /* NULL is fine */
/* Sends a presence now or keeps it for later, and takes it over (NULL is fine).
 * Two from the same full address to the same one are the same one's. True: it
 * waits, and somebody must call calm_send_due(). now_ms is monotonic. */
bool calm_send(struct calm *calm, stanza *presence, int64_t now_ms);
/* Sends what has waited long enough. */
void calm_send_due(struct calm *calm, int64_t now_ms);
bool calm_is_waiting(struct calm *calm);

#endif
