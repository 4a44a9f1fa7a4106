/* keeper.h - the mirror's own thread: keeps the book true, puts down what was said.
 *
 * It alone calls the database for the mirror, so that no stanza waits for it. It
 * listens for what has changed (channel "book"), and takes jobs from a bounded
 * queue (jobs.h); when the database is away they wait, and beyond its limits the
 * newest are left out, which the log says. */
#ifndef MIRROR_KEEPER_H
#define MIRROR_KEEPER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/error.h"

struct keeper;
struct mirror;

struct keeper *keeper_new(
	struct mirror *mirror, const char *database_url) MUST_CHECK;
/* Reads the whole book. */
bool keeper_load(struct keeper *keeper, struct error *error) MUST_CHECK;
void keeper_start(struct keeper *keeper);
bool keeper_stop(struct keeper *keeper, int within_ms) MUST_CHECK;
void keeper_free(struct keeper *keeper); /* NULL is fine */

/* Any thread, for all of these. */

/* Something that happened between a doctor and a patient (clinic.note_put). The
 * strings are copied; NULL: none. */
struct note {
	const char *kind;
	uint32_t doctor, patient;
	bool from_doctor;
	bool is_kept; /* a message's words may be kept */
	const char *id, *body, *replaces;
	int64_t at_s; /* when it happened; 0: now */
};
void keeper_note(struct keeper *keeper, const struct note *note);
/* A message that came back: it is kept for its recipient, and the sender, whose
 * address sender_jid is, is told once. */
void keeper_park(struct keeper *keeper, uint32_t sender, uint32_t recipient,
	const char *id, const char *xml);
/* Somebody for whom messages wait was seen. */
void keeper_seen(struct keeper *keeper, uint32_t person);
/* What is known of a patient's doctors is to be read again. */
void keeper_refresh(struct keeper *keeper, uint32_t patient);
/* There is something to do that is not in the queue. */
void keeper_wake(struct keeper *keeper);
/* Asks everybody in the book who has a partner how they are, some at a time. */
void keeper_probe(struct keeper *keeper);

#endif
