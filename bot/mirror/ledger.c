/* ledger.c - inside the keeper: what is put down in the database. */
#include "mirror/ledger.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "mirror/again.h"
#include "mirror/jobs.h"
#include "mirror/mirror.h"
#include "mirror/park.h"
#include "mirror/presences.h"
#include "mirror/sight.h"
#include "store/store.h"

#define BATCH_MOST 200
#define BATCH_BYTES ((size_t)1024 * 1024)
#define NUMBER 24

struct ledger {
	struct mirror *mirror;
	struct store *store;
	json_t *notes; /* a batch; NULL: none */
	size_t bytes;  /* of its texts */
	char batch[RANDOM_ID_SIZE];
	json_t *refused; /* to be put down one by one; NULL: nothing */
	size_t lost_count;
	struct job *waiting; /* could not be done; NULL: nothing */
	struct again *again;
};

struct ledger *ledger_new(struct mirror *mirror, struct store *store)
{
	struct ledger *ledger = xcalloc(1, sizeof(*ledger));

	ledger->mirror = mirror;
	ledger->store = store;
	ledger->again = again_new();
	return ledger;
}

void ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	json_decref(ledger->notes);
	json_decref(ledger->refused);
	job_free(ledger->waiting);
	again_free(ledger->again);
	free(ledger);
}

bool ledger_is_waiting(const struct ledger *ledger)
{
	return ledger->notes || ledger->refused || ledger->waiting ||
	       again_is_waiting(ledger->again);
}

static void begin_batch(struct ledger *ledger)
{
	ledger->notes = json_array();
	ledger->bytes = 0;
	(void)random_id(ledger->batch);
}

static void add_note(struct ledger *ledger, const struct job *job)
{
	if (!ledger->notes)
		begin_batch(ledger);
	ledger->bytes += job_bytes(job);
	json_array_append_new(ledger->notes,
		json_pack("{s:s, s:I, s:I, s:b, s:b, s:s?, s:s?, s:s?, s:I}",
			"kind", job->note_kind, "doctor", (json_int_t)job->one,
			"patient", (json_int_t)job->other, "from_doctor",
			job->from_doctor, "is_kept", job->is_kept, "id",
			job->id, "body", job->text, "replaces", job->replaces,
			"at", (json_int_t)job->at_s));
}

/* The next note of a refused batch is a batch of its own. */
static void take_refused(struct ledger *ledger)
{
	begin_batch(ledger);
	json_array_append(ledger->notes, json_array_get(ledger->refused, 0));
	json_array_remove(ledger->refused, 0);
	if (!json_array_size(ledger->refused)) {
		json_decref(ledger->refused);
		ledger->refused = NULL;
	}
}

static void drop_batch(struct ledger *ledger)
{
	json_decref(ledger->notes);
	ledger->notes = NULL;
}

/* The database will not have the batch: one of its notes may be why. */
static void split(struct ledger *ledger, const struct error *error)
{
	if (json_array_size(ledger->notes) > 1) {
		ledger->refused = ledger->notes;
		ledger->notes = NULL;
		return;
	}
	ledger->lost_count++;
	log_warning("note of a conversation lost kind=%s lost=%zu",
		error_kind_name(error->kind), ledger->lost_count);
	drop_batch(ledger);
}

/* True: all notes are put down, or can never be. */
static bool put_notes(struct ledger *ledger)
{
	while (ledger->notes || ledger->refused) {
		struct error error;
		char *text;
		bool is_put;

		if (!ledger->notes)
			take_refused(ledger);
		text = json_dumps(ledger->notes, JSON_COMPACT);
		is_put = store_do(ledger->store, &error, "mirror_note",
			ledger->batch, text, STORE_END);
		free(text);
		if (!is_put && error.kind == ERROR_UNAVAILABLE)
			return false;
		if (is_put)
			drop_batch(ledger);
		else
			split(ledger, &error);
	}
	return true;
}

/* A message came back from somebody; it may be that they are there. */
static void try_again(struct ledger *ledger, uint32_t recipient)
{
	struct device device;

	if (!again_has(ledger->again, recipient) &&
		presences_list(
			ledger->mirror->presences, recipient, &device, 1) != 0)
		again_begin(ledger->again, recipient);
	again_wait(ledger->again, recipient, clock_monotonic_ms());
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
		if (is_done)
			try_again(ledger, job->other);
		break;
	case JOB_SEEN:
		again_begin(ledger->again, job->one);
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

/* What came back from who is there: once more. */
static void send_again(struct ledger *ledger)
{
	struct error error;
	uint32_t person;

	while ((person = again_next(ledger->again, clock_monotonic_ms())))
		if (!park_take(ledger->mirror, ledger->store, person, &error))
			again_wait(ledger->again, person, clock_monotonic_ms());
}

static bool is_full(const struct ledger *ledger)
{
	return json_array_size(ledger->notes) >= BATCH_MOST ||
	       (ledger->notes && ledger->bytes >= BATCH_BYTES);
}

/* What comes after notes is done after they are put down. */
void ledger_work(struct ledger *ledger, struct jobs *jobs)
{
	for (;;) {
		struct job *job = ledger->waiting;

		if ((ledger->refused || is_full(ledger)) && !put_notes(ledger))
			return;
		ledger->waiting = NULL;
		if (!job)
			job = jobs_take(jobs);
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
	if (put_notes(ledger))
		send_again(ledger);
}
