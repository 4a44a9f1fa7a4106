/* ledger.c - inside the keeper: what is put down in the database. */
#include "mirror/ledger.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/queue.h"
#include "base/random.h"
#include "mirror/mirror.h"
#include "mirror/park.h"
#include "mirror/sight.h"
#include "store/store.h"

#define BATCH_MOST 200
#define NUMBER 24

struct ledger {
	struct mirror *mirror;
	struct store *store;
	json_t *notes; /* a batch; NULL: none */
	char batch[RANDOM_ID_SIZE];
	struct job *waiting; /* could not be done; NULL: nothing */
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

void job_free(struct job *job)
{
	if (!job)
		return;
	free(job->id);
	free(job->text);
	free(job->replaces);
	free(job);
}

struct ledger *ledger_new(struct mirror *mirror, struct store *store)
{
	struct ledger *ledger = xcalloc(1, sizeof(*ledger));

	ledger->mirror = mirror;
	ledger->store = store;
	return ledger;
}

void ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	json_decref(ledger->notes);
	job_free(ledger->waiting);
	free(ledger);
}

bool ledger_is_waiting(const struct ledger *ledger)
{
	return ledger->notes || ledger->waiting;
}

static void add_note(struct ledger *ledger, const struct job *job)
{
	if (!ledger->notes) {
		ledger->notes = json_array();
		(void)random_id(ledger->batch);
	}
	json_array_append_new(ledger->notes,
		json_pack("{s:s, s:I, s:I, s:b, s:b, s:s?, s:s?, s:s?, s:I}",
			"kind", job->note_kind, "doctor", (json_int_t)job->one,
			"patient", (json_int_t)job->other, "from_doctor",
			job->from_doctor, "is_kept", job->is_kept, "id",
			job->id, "body", job->text, "replaces", job->replaces,
			"at", (json_int_t)job->at_s));
}

/* True: the batch is put down, or can never be. */
static bool put_notes(struct ledger *ledger)
{
	struct error error;
	char *text;
	bool is_put;

	if (!ledger->notes)
		return true;
	text = json_dumps(ledger->notes, JSON_COMPACT);
	is_put = store_do(ledger->store, &error, "mirror_note", ledger->batch,
		text, STORE_END);
	free(text);
	if (!is_put && error.kind == ERROR_UNAVAILABLE)
		return false;
	if (!is_put)
		log_failure(&error, "noting conversations");
	json_decref(ledger->notes);
	ledger->notes = NULL;
	return true;
}

/* True: the job is done, or can never be. */
static bool do_job(struct ledger *ledger, const struct job *job)
{
	struct mirror *mirror = ledger->mirror;
	struct error error;
	bool is_done = true;

	switch (job->kind) {
	case JOB_NOTE:
		add_note(ledger, job);
		break;
	case JOB_PARK:
		is_done = park_put(mirror, ledger->store, job->one, job->other,
			job->id, job->text, &error);
		break;
	case JOB_SEEN:
		is_done = park_take(mirror, ledger->store, job->one, &error);
		break;
	case JOB_REFRESH:
		is_done = sight_reload(
			mirror, ledger->store, job->one, true, &error);
		break;
	case JOB_WAKE:
		break;
	}
	if (!is_done && error.kind != ERROR_UNAVAILABLE) {
		log_failure(&error, "the mirror's books");
		is_done = true;
	}
	return is_done;
}

/* What comes after notes is done after they are put down. */
void ledger_work(struct ledger *ledger, struct queue *jobs)
{
	for (;;) {
		size_t count = json_array_size(ledger->notes);
		struct job *job = ledger->waiting;

		if (count >= BATCH_MOST && !put_notes(ledger))
			return;
		ledger->waiting = NULL;
		if (!job)
			job = queue_take_now(jobs);
		if (!job)
			break;
		if ((job->kind != JOB_NOTE && job->kind != JOB_WAKE &&
			    !put_notes(ledger)) ||
			!do_job(ledger, job)) {
			ledger->waiting = job;
			return;
		}
		job_free(job);
	}
	(void)put_notes(ledger);
}
