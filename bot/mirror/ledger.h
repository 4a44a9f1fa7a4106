/* ledger.h - inside the keeper: what is put down in the database.
 *
 * Jobs come from a queue, in order. Notes are gathered and put down many at a
 * time; a batch has a name of its own, so that it can be put down again when
 * nobody knows whether it was. While the database is away, nothing is taken from
 * the queue. For the keeper's thread. */
#ifndef MIRROR_LEDGER_H
#define MIRROR_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "mirror/keeper.h"

struct ledger;
struct queue;
struct store;

enum job_kind { JOB_NOTE, JOB_PARK, JOB_SEEN, JOB_REFRESH, JOB_WAKE };

struct job {
	enum job_kind kind;
	uint32_t one, other; /* of a note: doctor and patient */
	const char *note_kind;
	bool from_doctor, is_kept;
	char *id, *text, *replaces;
	int64_t at_s;
};

struct job *job_new(
	enum job_kind kind, uint32_t one, uint32_t other) MUST_CHECK;
struct job *job_new_note(const struct note *note) MUST_CHECK;
void job_free(struct job *job);

/* Borrows both. */
struct ledger *ledger_new(
	struct mirror *mirror, struct store *store) MUST_CHECK;
void ledger_free(struct ledger *ledger); /* NULL is fine */
/* Does what is in the queue, as far as the database lets it. */
void ledger_work(struct ledger *ledger, struct queue *jobs);
/* Whether something waits for the database. */
bool ledger_is_waiting(const struct ledger *ledger);

#endif
