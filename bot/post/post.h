/* post.h - the post room: what leaves the clinic without being asked for.
 *
 * One thread with its own database connection. It claims the deliveries that
 * are due (api.deliveries_claim, a lease), hands each to its carrier, pings the
 * server and marks them done only when the answer has come (stream_barrier).
 * Nothing is claimed while the stream is down, and nothing is marked when the
 * barrier fails: the lease runs out and the same rows go out again with the same
 * stanza ids. A crash at any point loses nothing.
 *
 * The same thread keeps the doctors' openings ahead of the calendar (horizon.h)
 * and forgets what is old (tidy.h), each once an hour.
 *
 * What the rest of the bot owes it: post_wake() from stream_settings.on_up, and
 * post_bounced() for every message of type "error" that came to .from with an
 * id. */
#ifndef POST_POST_H
#define POST_POST_H

#include <stdbool.h>

#include "base/attributes.h"

struct post;
struct stream;

struct post_settings {
	struct stream *stream;    /* borrowed, outlives the post room */
	const char *database_url; /* libpq connection string or URI; borrowed */
	const char *from;   /* who the messages come from, a bare address of the
			     * component: "desk@clinic.example"; borrowed */
	const char *holder; /* names this process in leases; borrowed */
	int audit_days;     /* how long the audit is kept; 0: two years */
	int lease_s;        /* 0: 60 */
	int batch;          /* deliveries claimed at once; 0: 50 */
};

struct post *post_new(const struct post_settings *settings) MUST_CHECK;
/* Starts the thread; once. Exits the process when there can be no thread. */
void post_start(struct post *post);
/* Any thread: the stream came up, look at once. */
void post_wake(struct post *post);
/* Any thread, never waits: a message error came back from jid for the stanza id
 * with a defined condition ("recipient-unavailable"). Ids that are no
 * delivery's are ignored. */
void post_bounced(struct post *post, const char *jid, const char *stanza_id,
	const char *condition);
/* Ends the thread once the batch that is under way is proved and marked. The
 * stream must still run. False when that took longer than within_ms: the thread
 * still runs, and what it was at goes out again another time. */
bool post_stop(struct post *post, int within_ms) MUST_CHECK;
/* Stops it if it runs. NULL is fine. */
void post_free(struct post *post);

#endif
