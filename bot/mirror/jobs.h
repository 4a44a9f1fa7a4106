/* jobs.h - inside the keeper: what waits to be done, bounded in count and bytes.
 *
 * Any thread puts jobs in; the keeper's thread takes them, in order. While the
 * database is away they wait, and what people write is of any length: so both are
 * limited, and what is beyond is left out. */
#ifndef MIRROR_JOBS_H
#define MIRROR_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "mirror/keeper.h"

#define JOBS_MOST 100000
#define JOBS_BYTES_MOST ((size_t)64 * 1024 * 1024)

struct jobs;

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
/* How much memory it takes. */
size_t job_bytes(const struct job *job);
void job_free(struct job *job); /* NULL is fine */

struct jobs *jobs_new(void) MUST_CHECK;
/* Readable while there is a job: see queue_descriptor(). */
int jobs_descriptor(struct jobs *jobs);
/* False: there is no room, and the job stays the caller's. One without texts does
 * not mind the bytes. */
bool jobs_put(struct jobs *jobs, struct job *job) MUST_CHECK;
/* The next one, or NULL when there is none now. */
struct job *jobs_take(struct jobs *jobs) MUST_CHECK;
void jobs_free(struct jobs *jobs); /* NULL is fine */

#endif
