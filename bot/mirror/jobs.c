/* jobs.c - inside the keeper: what waits to be done, bounded in count and bytes. */
#include "mirror/jobs.h"

#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"
#include "base/queue.h"

struct jobs {
	struct queue *queue;
	atomic_size_t bytes;
};

struct job *job_new(enum job_kind kind, uint32_t one, uint32_t other)
{
	struct job *job = xcalloc(1, sizeof(*job));

	job->kind = kind;
	job->one = one;
	job->other = other;
	return job;
}

struct job *job_new_note(const struct note *note)
{
	struct job *job = job_new(JOB_NOTE, note->doctor, note->patient);

	job->note_kind = note->kind;
	job->from_doctor = note->from_doctor;
	job->is_kept = note->is_kept;
	job->id = xstrdup(note->id);
	job->text = xstrdup(note->body);
	job->replaces = xstrdup(note->replaces);
	job->at_s = note->at_s;
	return job;
}

static size_t text_bytes(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

size_t job_bytes(const struct job *job)
{
	return sizeof(*job) + text_bytes(job->id) + text_bytes(job->text) +
	       text_bytes(job->replaces);
}

void job_free(struct job *job)
{
	if (!job)
		return;
	free(job->id);
	free(job->text);
	free(job->replaces);
	free(job);
}

struct jobs *jobs_new(void)
{
	struct jobs *jobs = xcalloc(1, sizeof(*jobs));

	jobs->queue = queue_new(JOBS_MOST);
	(void)queue_descriptor(jobs->queue);
	return jobs;
}

int jobs_descriptor(struct jobs *jobs)
{
	return queue_descriptor(jobs->queue);
}

bool jobs_put(struct jobs *jobs, struct job *job)
{
	size_t bytes = job_bytes(job);
	size_t before = atomic_fetch_add(&jobs->bytes, bytes);

	if ((bytes == sizeof(*job) || before + bytes <= JOBS_BYTES_MOST) &&
		queue_put(jobs->queue, job))
		return true;
	atomic_fetch_sub(&jobs->bytes, bytes);
	return false;
}

struct job *jobs_take(struct jobs *jobs)
{
	struct job *job = queue_take_now(jobs->queue);

	if (job)
		atomic_fetch_sub(&jobs->bytes, job_bytes(job));
	return job;
}

static void free_job(void *item)
{
	job_free(item);
}

void jobs_free(struct jobs *jobs)
{
	if (!jobs)
		return;
	queue_free(jobs->queue, free_job);
	free(jobs);
}
