/* worker.h - the threads that answer.
 *
 * A stanza goes to the worker that the sender's bare address picks, so one
 * person's stanzas are answered in order, one after the other, by plain
 * blocking code with that worker's own database connection. Those who share a
 * worker take turns, one stanza each; and one person can make its queue a quarter
 * full and no fuller. So nobody keeps the others waiting. */
#ifndef WORKER_H
#define WORKER_H

#include <stdbool.h>

#include "base/attributes.h"
#include "room.h"
#include "xmpp/stanza.h"

struct workers;

/* As many workers as settings->bot_workers says, each with a room like this
 * one but a store of its own. */
struct workers *workers_new(const struct room *room) MUST_CHECK;
/* Starts their threads, once. What came before waits in the queues. */
void workers_start(struct workers *workers);
/* Takes the stanza over and never waits: when the worker's queue is full for its
 * sender, that one is told to try again (resource-constraint). The stream's
 * thread. */
void workers_give(struct workers *workers, stanza *incoming);
/* Lets the workers answer what is in their queues and ends them; workers that
 * were not started answer that it is to be tried again. False when they have not
 * ended within within_ms: then they must not be freed. */
bool workers_stop(struct workers *workers, int within_ms) MUST_CHECK;
/* NULL is fine. */
void workers_free(struct workers *workers);

#endif
