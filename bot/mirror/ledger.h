/* ledger.h - inside the keeper: what is put down in the database.
 *
 * Jobs come from a queue, in order. Notes are gathered and put down many at a
 * time; a batch has a name of its own, so that it can be put down again when
 * nobody knows whether it was. One that the database will not have is put down note
 * by note, and what it will not have of these is lost, which the log says. While
 * the database is away, nothing is taken from the queue. For the keeper's thread. */
#ifndef MIRROR_LEDGER_H
#define MIRROR_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "mirror/mirror.h"

struct jobs;
struct ledger;
struct store;

/* Borrows both. */
struct ledger *ledger_new(
	struct mirror *mirror, struct store *store) MUST_CHECK;
void ledger_free(struct ledger *ledger); /* NULL is fine */
/* Does what is in the queue, as far as the database lets it. */
void ledger_work(struct ledger *ledger, struct jobs *jobs);
/* Whether something waits for the database, or for its moment. */
bool ledger_is_waiting(const struct ledger *ledger);

#endif
