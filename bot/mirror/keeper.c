/* keeper.c - the mirror's own thread: keeps the book true, puts down what was said. */
#include "mirror/keeper.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "mirror/book_load.h"
#include "mirror/call_load.h"
#include "mirror/calm.h"
#include "mirror/jobs.h"
#include "mirror/ledger.h"
#include "mirror/mirror.h"
#include "mirror/offices.h"
#include "mirror/presence.h"
#include "mirror/sight.h"
#include "settings.h"
#include "store/store.h"
#include "xmpp/stream.h"

#define PATIENCE_MS 2000
#define LONGEST_WAIT_MS 30000
#define CALM_WAIT_MS 100
#define CLOCK_EVERY_MS 60000
#define OFFICES_EVERY_MS 3600000
#define SIGHT_EVERY_MS 60000
#define CHANGES_MOST 300 /* of single people; more: all is read */
#define PROBES_AT_ONCE 10
#define PROBES_EVERY_MS 100

struct keeper {
	struct mirror *mirror;
	struct store *store;
	pthread_t thread;
	bool is_running;
	/* shared */
	struct jobs *jobs;
	atomic_bool is_stopping, has_ended, has_left_out;
	atomic_bool
		is_probing; /* everybody is to be probed from the beginning */
	/* the thread's own */
	struct ledger *ledger;
	bool is_all_stale;
	uint32_t stale[CHANGES_MOST];
	bool is_pairs[CHANGES_MOST]; /* only the pairs of that one */
	size_t stale_count;
	int64_t clock_at, offices_at, sight_at;
	bool has_probes;
	size_t probe_place;
	int64_t probe_at;
};

/* ---- what has changed ---- */

static void note_stale(struct keeper *keeper, const char *news)
{
	char what[8];
	uint32_t id;

	if (strcmp(news, "offices") == 0) {
		keeper->offices_at = 0;
		return;
	}
	if (sscanf(news, "%7s %" SCNu32, what, &id) != 2 ||
		keeper->stale_count == CHANGES_MOST) {
		keeper->is_all_stale = true;
		return;
	}
	for (size_t i = 0; i < keeper->stale_count; i++)
		if (keeper->stale[i] == id) {
			keeper->is_pairs[i] &= strcmp(what, "pairs") == 0;
			return;
		}
	keeper->is_pairs[keeper->stale_count] = strcmp(what, "pairs") == 0;
	keeper->stale[keeper->stale_count++] = id;
}

static void report(const struct error *error, const char *what)
{
	if (error->kind != ERROR_UNAVAILABLE)
		log_failure(error, what);
}

/* Reads again what is stale. What fails is tried again the next time. */
static void refresh(struct keeper *keeper)
{
	struct book *book = keeper->mirror->book;
	struct error error;
	bool is_read = true;

	if (keeper->is_all_stale) {
		if (!book_load_all(keeper->store, book, &error)) {
			report(&error, "reading the book");
			return;
		}
		keeper->is_all_stale = false;
		keeper->stale_count = 0;
		keeper->sight_at = 0;
		return;
	}
	while (keeper->stale_count && is_read) {
		size_t at = keeper->stale_count - 1;
		uint32_t id = keeper->stale[at];

		is_read = sight_reload(keeper->mirror, keeper->store, id,
			keeper->is_pairs[at], &error);
		if (is_read)
			keeper->stale_count--;
		else
			report(&error, "reading the book");
	}
}

static void keep_clock(struct keeper *keeper)
{
	int64_t now = clock_monotonic_ms();
	struct error error;

	if (now < keeper->clock_at)
		return;
	keeper->clock_at = now + CLOCK_EVERY_MS;
	if (!book_load_clock(keeper->store, keeper->mirror->book, &error)) {
		report(&error, "the clinic's time");
		keeper->clock_at = now + PATIENCE_MS;
	}
}

static void keep_offices(struct keeper *keeper)
{
	int64_t now = clock_monotonic_ms();
	struct error error;

	if (now < keeper->offices_at)
		return;
	keeper->offices_at = now + OFFICES_EVERY_MS;
	if (!offices_load(keeper->mirror->offices, keeper->store, &error)) {
		report(&error, "office hours");
		keeper->offices_at = now + PATIENCE_MS;
	}
}

static void keep_sight(struct keeper *keeper)
{
	int64_t now = clock_monotonic_ms();

	if (now < keeper->sight_at || !stream_is_up(keeper->mirror->stream))
		return;
	keeper->sight_at = now + SIGHT_EVERY_MS;
	sight_keep(keeper->mirror);
}

/* Waits for something to do, and hears what has changed. */
static void await(struct keeper *keeper, int wait_ms)
{
	const char *channel;
	bool is_news = store_wait(keeper->store, wait_ms,
		jobs_descriptor(keeper->jobs), &channel);

	while (is_news) {
		if (!*channel)
			keeper->is_all_stale = true;
		else if (strcmp(channel, "book") == 0)
			note_stale(keeper, store_news(keeper->store));
		if (!*channel || strcmp(channel, "clock") == 0)
			keeper->clock_at = keeper->offices_at =
				keeper->sight_at = 0;
		is_news = store_wait(keeper->store, 0, -1, &channel);
	}
}

/* ---- probes ---- */

static void probe_some(struct keeper *keeper)
{
	int64_t now = clock_monotonic_ms();
	uint32_t ids[PROBES_AT_ONCE];
	size_t count;

	if (atomic_exchange(&keeper->is_probing, false)) {
		keeper->has_probes = true;
		keeper->probe_place = 0;
	}
	if (!keeper->has_probes || now < keeper->probe_at ||
		!stream_is_up(keeper->mirror->stream))
		return;
	keeper->probe_at = now + PROBES_EVERY_MS;
	count = book_list(keeper->mirror->book, &keeper->probe_place, ids,
		PROBES_AT_ONCE);
	for (size_t i = 0; i < count; i++)
		presence_probe_partners(keeper->mirror, ids[i]);
	keeper->has_probes = count > 0;
}

/* ---- the thread ---- */

static int wait_ms(struct keeper *keeper)
{
	if (ledger_is_waiting(keeper->ledger) || keeper->is_all_stale ||
		keeper->stale_count)
		return PATIENCE_MS / 4;
	if (keeper->has_probes || calm_is_waiting(keeper->mirror->calm))
		return CALM_WAIT_MS;
	return LONGEST_WAIT_MS;
}

static void *run(void *argument)
{
	struct keeper *keeper = argument;
	bool is_last = false;

	while (!is_last) {
		is_last = atomic_load(&keeper->is_stopping);
		if (!is_last)
			await(keeper, wait_ms(keeper));
		ledger_work(keeper->ledger, keeper->jobs);
		if (is_last)
			break;
		refresh(keeper);
		keep_clock(keeper);
		keep_offices(keeper);
		keep_sight(keeper);
		calm_send_due(keeper->mirror->calm, clock_monotonic_ms());
		probe_some(keeper);
		if (atomic_exchange(&keeper->has_left_out, false))
			log_warning("mirror keeps too much, some is left out");
	}
	atomic_store(&keeper->has_ended, true);
	return NULL;
}

struct keeper *keeper_new(struct mirror *mirror, const char *database_url)
{
	struct keeper *keeper = xcalloc(1, sizeof(*keeper));

	keeper->mirror = mirror;
	keeper->jobs = jobs_new();
	keeper->store = store_new(&(struct store_settings){
		.url = database_url,
		.application = "carelay mirror",
		.patience_ms = PATIENCE_MS,
	});
	store_listen(keeper->store, "book");
	store_listen(keeper->store, "clock");
	keeper->ledger = ledger_new(mirror, keeper->store);
	return keeper;
}

static bool configure_calls(struct keeper *keeper, struct error *error)
{
	const struct settings *settings = keeper->mirror->settings;
	char before[12], after[12], back[12];

	(void)snprintf(
		before, sizeof(before), "%d", settings->calls_before_minutes);
	(void)snprintf(
		after, sizeof(after), "%d", settings->calls_after_minutes);
	(void)snprintf(back, sizeof(back), "%d", settings->calls_back_minutes);
	return store_do(keeper->store, error, "calls_configure", before, after,
		back,
		strcmp(settings->calls_hide_ip, "yes") == 0 ? "true" : "false",
		settings->calls_meeting_url, STORE_END);
}

bool keeper_load(struct keeper *keeper, struct error *error)
{
	const struct settings *settings = keeper->mirror->settings;
	const char *channel;
	char days[12];

	(void)snprintf(days, sizeof(days), "%d", settings->mirror_talk_days);
	if (!store_do(keeper->store, error, "mirror_configure", days,
		    strcmp(settings->mirror_keep_messages, "yes") == 0
			    ? "true"
			    : "false",
		    STORE_END) ||
		!configure_calls(keeper, error))
		return false;
	/* It listens now, so nothing is missed from here on. */
	while (store_wait(keeper->store, 0, -1, &channel))
		;
	return book_load_all(keeper->store, keeper->mirror->book, error) &&
	       call_load(keeper->mirror, keeper->store, error) &&
	       offices_load(keeper->mirror->offices, keeper->store, error);
}

void keeper_start(struct keeper *keeper)
{
	if (pthread_create(&keeper->thread, NULL, run, keeper) != 0) {
		log_error("bot stops reason=\"cannot start the mirror\"");
		exit(1);
	}
	keeper->is_running = true;
}

bool keeper_stop(struct keeper *keeper, int within_ms)
{
	int64_t deadline = clock_monotonic_ms() + within_ms;

	if (!keeper->is_running)
		return true;
	atomic_store(&keeper->is_stopping, true);
	keeper_wake(keeper);
	while (!atomic_load(&keeper->has_ended) &&
		clock_monotonic_ms() < deadline)
		usleep(1000);
	if (!atomic_load(&keeper->has_ended))
		return false;
	pthread_join(keeper->thread, NULL);
	keeper->is_running = false;
	return true;
}

void keeper_free(struct keeper *keeper)
{
	if (!keeper)
		return;
	ledger_free(keeper->ledger);
	store_free(keeper->store);
	jobs_free(keeper->jobs);
	free(keeper);
}

/* ---- jobs, from any thread ---- */

static void give(struct keeper *keeper, struct job *job)
{
	if (jobs_put(keeper->jobs, job))
		return;
	job_free(job);
	atomic_store(&keeper->has_left_out, true);
}

void keeper_note(struct keeper *keeper, const struct note *note)
{
	give(keeper, job_new_note(note));
}

void keeper_park(struct keeper *keeper, uint32_t sender, uint32_t recipient,
	const char *id, const char *xml)
{
	struct job *job = job_new(JOB_PARK, sender, recipient);

	job->id = xstrdup(id);
	job->text = xstrdup(xml);
	give(keeper, job);
}

void keeper_seen(struct keeper *keeper, uint32_t person)
{
	give(keeper, job_new(JOB_SEEN, person, 0));
}

void keeper_refresh(struct keeper *keeper, uint32_t patient)
{
	give(keeper, job_new(JOB_REFRESH, patient, 0));
}

void keeper_wake(struct keeper *keeper)
{
	give(keeper, job_new(JOB_WAKE, 0, 0));
}

void keeper_probe(struct keeper *keeper)
{
	atomic_store(&keeper->is_probing, true);
	keeper_wake(keeper);
}
