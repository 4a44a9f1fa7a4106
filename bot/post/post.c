/* post.c - the post room: claim what is due, hand it out, prove it, mark it. */
#include "post/post.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/queue.h"
#include "base/strbuf.h"
#include "post/carrier.h"
#include "post/horizon.h"
#include "post/notice.h"
#include "post/tidy.h"
#include "store/store.h"
#include "xmpp/jid.h"
#include "xmpp/stream.h"

#define LEASE_S 60
#define BATCH 50
/* A batch is let go so long before its lease ends. */
#define LEASE_MARGIN_MS 5000
#define PATIENCE_MS 2000
#define BARRIER_MS 20000
#define RETRY_MS 2000
#define LONGEST_WAIT_MS 60000
#define SHORTEST_WAIT_MS 200
#define HOUSEWORK_EVERY_MS 3600000
#define HORIZON_DOCTORS 50 /* between two looks for deliveries */
#define AUDIT_DAYS 730
#define BOUNCES_MAX 1000
#define ID_MAX 100 /* bytes of a stanza id that may be ours */

struct post {
	struct post_settings settings;
	pthread_t thread;
	bool is_running;
	/* shared */
	int wake;  /* eventfd: there is something to look at */
	int ended; /* eventfd: the thread is at its end */
	struct queue *bounces;
	atomic_bool is_stopping;
	atomic_bool has_come_up; /* the stream, since the batch was sent */
	/* the thread's own */
	struct store *store;
	struct rows *batch; /* claimed; not yet proved; NULL: none */
	int64_t batch_until;
	int64_t horizon_at, tidy_at;
};

struct bounce {
	char *jid, *stanza_id, *condition;
};

static const struct carrier carriers[] = {
	{"xmpp", carrier_xmpp},
};

static void free_bounce(void *item)
{
	struct bounce *bounce = item;

	free(bounce->jid);
	free(bounce->stanza_id);
	free(bounce->condition);
	free(bounce);
}

/* An absent database is logged by the store, once. */
static void report(const struct error *error, const char *what)
{
	if (error->kind != ERROR_UNAVAILABLE)
		log_failure(error, what);
}

static void drop_batch(struct post *post)
{
	rows_free(post->batch);
	post->batch = NULL;
}

static bool claim_batch(struct post *post, struct error *error)
{
	char batch[12], lease[12];

	(void)snprintf(batch, sizeof(batch), "%d", post->settings.batch);
	(void)snprintf(lease, sizeof(lease), "%d", post->settings.lease_s);
	post->batch_until = clock_monotonic_ms() +
			    (int64_t)post->settings.lease_s * 1000 -
			    LEASE_MARGIN_MS;
	post->batch = store_call(post->store, error, "deliveries_claim",
		post->settings.holder, batch, lease, STORE_END);
	return post->batch != NULL;
}

static struct notice read_notice(
	const struct post *post, const struct rows *rows, size_t row)
{
	const char *at = strchr(post->settings.from, '@');

	return (struct notice){
		.kind = rows_text(rows, row, "kind"),
		.language = rows_text(rows, row, "language"),
		.zone = rows_text(rows, row, "zone"),
		.is_clinic_zone = rows_bool(rows, row, "is_clinic_zone"),
		.is_doctor = rows_bool(rows, row, "is_doctor"),
		.code = rows_text(rows, row, "code"),
		.doctor_name = rows_text(rows, row, "doctor_name"),
		.patient_name = rows_text(rows, row, "patient_name"),
		.child_name = rows_text(rows, row, "child_name"),
		.starts = rows_text(rows, row, "starts"),
		.was_starts = rows_text(rows, row, "was_starts"),
		.until = rows_text(rows, row, "until"),
		.now_local = rows_text(rows, row, "now_local"),
		.reason = rows_text(rows, row, "reason"),
		.note = rows_text(rows, row, "note"),
		.local = rows_text(rows, row, "address"),
		.domain = at ? at + 1 : post->settings.from,
		.link = rows_text(rows, row, "link"),
	};
}

/* How many rows from this one on are one message: they have its id. */
static size_t message_rows(const struct rows *rows, size_t row)
{
	const char *id = rows_text(rows, row, "id");
	size_t count = 1;

	while (row + count < rows_count(rows) &&
		strcmp(rows_text(rows, row + count, "id"), id) == 0)
		count++;
	return count;
}

static bool print_rows(const struct post *post, size_t row, size_t count,
	struct strbuf *text, struct error *error)
{
	const struct rows *rows = post->batch;
	struct notice *notices = xcalloc(count, sizeof(*notices));
	bool is_printed;

	for (size_t i = 0; i < count; i++)
		notices[i] = read_notice(post, rows, row + i);
	is_printed = notice_print_visits(notices, count, text, error);
	free(notices);
	return is_printed;
}

static bool carry(
	struct post *post, size_t row, size_t count, struct error *error)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
	struct parcel parcel = {
		.id = rows_text(post->batch, row, "stanza_id"),
		.to = rows_text(post->batch, row, "jid"),
	};

	if (!print_rows(post, row, count, &text, error))
		return false;
	parcel.text = text.text;
	return carriers[0].carry(&post->settings, &parcel, error);
}

static void give_up(struct post *post, size_t row, const struct error *why)
{
	const char *id = rows_text(post->batch, row, "id");
	struct error error;

	log_error("delivery failed carrier=%s id=%s reason=\"%s\"",
		carriers[0].name, id, why->message);
	if (!store_do(post->store, &error, "delivery_failed",
		    post->settings.holder, id, why->message, STORE_END))
		report(&error, "delivery_failed");
}

/* Marks what the server has taken. A database that is away is waited for as
 * long as the rows are ours. */
static void mark_done(struct post *post, const char *ids)
{
	struct error error;

	while (!store_do(post->store, &error, "deliveries_done",
		post->settings.holder, ids, STORE_END)) {
		report(&error, "deliveries_done");
		if (error.kind != ERROR_UNAVAILABLE ||
			atomic_load(&post->is_stopping) ||
			clock_monotonic_ms() >= post->batch_until)
			return;
	}
}

/* Sends the batch. True when the server has taken it; then it is over. When
 * false it is kept, to go out again with the same ids. */
static bool send_batch(struct post *post)
{
	struct strbuf ids AUTO(strbuf_release) = STRBUF_INIT;
	size_t sent = 0, count;
	struct error error;

	atomic_store(&post->has_come_up, false);
	for (size_t row = 0; row < rows_count(post->batch); row += count) {
		count = message_rows(post->batch, row);
		if (!carry(post, row, count, &error)) {
			give_up(post, row, &error);
			continue;
		}
		strbuf_addf(&ids, "%s%s", sent++ ? " " : "",
			rows_text(post->batch, row, "id"));
	}
	if (sent &&
		!stream_barrier(post->settings.stream, BARRIER_MS, &error)) {
		log_warning("deliveries not proved count=%zu reason=\"%s\"",
			sent, error.message);
		return false;
	}
	if (sent) {
		mark_done(post, ids.text);
		log_info("deliveries sent count=%zu", sent);
	}
	drop_batch(post);
	return true;
}

/* Milliseconds until something is due. */
static int64_t next_due(struct post *post)
{
	struct error error;
	struct rows *rows AUTO(rows_release) =
		store_call(post->store, &error, "deliveries_wait", STORE_END);
	long long wait_ms;

	if (!rows)
		report(&error, "deliveries_wait");
	if (!rows)
		return RETRY_MS;
	if (rows_count(rows) == 0 || !rows_text(rows, 0, "wait_ms"))
		return LONGEST_WAIT_MS;
	wait_ms = rows_number(rows, 0, "wait_ms");
	return wait_ms < SHORTEST_WAIT_MS ? SHORTEST_WAIT_MS : wait_ms;
}

/* Sends everything that is due. Returns how long nothing more is to be done. */
static int64_t deliver_due(struct post *post)
{
	struct error error;

	while (!atomic_load(&post->is_stopping)) {
		int64_t left_ms = post->batch_until - clock_monotonic_ms();

		if (post->batch && left_ms <= 0)
			drop_batch(post); /* anybody may claim it now */
		if (!stream_is_up(post->settings.stream))
			break;
		/* The server is slow: the batch may still be on its way. */
		if (post->batch && !atomic_load(&post->has_come_up))
			return left_ms;
		if (!post->batch && !claim_batch(post, &error)) {
			report(&error, "deliveries_claim");
			return RETRY_MS;
		}
		if (rows_count(post->batch) == 0) {
			drop_batch(post);
			return next_due(post);
		}
		(void)send_batch(post);
	}
	return LONGEST_WAIT_MS;
}

/* Not while a batch waits for its proof: what was marked as failed would be
 * marked as sent after. */
static void report_bounces(struct post *post)
{
	struct bounce *bounce;
	struct error error;

	while (!post->batch && (bounce = queue_take_now(post->bounces))) {
		if (store_do(post->store, &error, "delivery_bounced",
			    bounce->jid, bounce->stanza_id, bounce->condition,
			    STORE_END)) {
			free_bounce(bounce);
			continue;
		}
		report(&error, "delivery_bounced");
		if (error.kind != ERROR_UNAVAILABLE ||
			!queue_put(post->bounces, bounce))
			free_bounce(bounce);
		return; /* the rest another time */
	}
}

static int64_t keep_horizons(struct post *post)
{
	int64_t now = clock_monotonic_ms();
	bool is_more = false;
	struct error error;

	if (now < post->horizon_at)
		return post->horizon_at - now;
	if (horizon_keep(post->store, HORIZON_DOCTORS, &is_more, &error)) {
		post->horizon_at = now + (is_more ? 0 : HOUSEWORK_EVERY_MS);
	} else {
		report(&error, "horizons_claim");
		post->horizon_at = now + RETRY_MS;
	}
	return post->horizon_at - now;
}

static int64_t tidy_up(struct post *post)
{
	int64_t now = clock_monotonic_ms();
	bool is_more = false;
	struct error error;

	if (now < post->tidy_at)
		return post->tidy_at - now;
	if (tidy_some(
		    post->store, post->settings.audit_days, &is_more, &error)) {
		post->tidy_at = now + (is_more ? 0 : HOUSEWORK_EVERY_MS);
	} else {
		report(&error, "tidy");
		post->tidy_at = now + RETRY_MS;
	}
	return post->tidy_at - now;
}

static int64_t sooner(int64_t one_ms, int64_t other_ms)
{
	return one_ms < other_ms ? one_ms : other_ms;
}

static void await_news(struct post *post, int64_t wait_ms)
{
	const char *channel;
	uint64_t count;
	bool is_news;

	if (wait_ms > LONGEST_WAIT_MS)
		wait_ms = LONGEST_WAIT_MS;
	is_news = store_wait(post->store, (int)wait_ms, post->wake, &channel);
	while (is_news) {
		/* The clock was moved, or nobody knows what was missed. */
		if (strcmp(channel, "delivery") != 0)
			post->horizon_at = 0;
		is_news = store_wait(post->store, 0, -1, &channel);
	}
	if (read(post->wake, &count, sizeof(count)) < 0)
		return; /* nobody woke us */
}

static void raise_flag(int eventfd)
{
	uint64_t one = 1;

	if (write(eventfd, &one, sizeof(one)) < 0)
		return; /* full: it is raised */
}

static void *run(void *argument)
{
	struct post *post = argument;

	store_listen(post->store, "delivery");
	store_listen(post->store, "clock");
	while (!atomic_load(&post->is_stopping)) {
		int64_t wait_ms;

		report_bounces(post);
		wait_ms = deliver_due(post);
		wait_ms = sooner(wait_ms, keep_horizons(post));
		wait_ms = sooner(wait_ms, tidy_up(post));
		await_news(post, wait_ms);
	}
	raise_flag(post->ended);
	return NULL;
}

struct post *post_new(const struct post_settings *settings)
{
	struct post *post = xcalloc(1, sizeof(*post));
	struct store_settings store = {
		.url = settings->database_url,
		.application = "carelay post",
		.patience_ms = PATIENCE_MS,
	};

	post->settings = *settings;
	if (post->settings.lease_s <= 0)
		post->settings.lease_s = LEASE_S;
	if (post->settings.audit_days <= 0)
		post->settings.audit_days = AUDIT_DAYS;
	if (post->settings.batch <= 0)
		post->settings.batch = BATCH;
	post->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	post->ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	post->bounces = queue_new(BOUNCES_MAX);
	post->store = store_new(&store);
	return post;
}

void post_start(struct post *post)
{
	if (post->wake < 0 || post->ended < 0 ||
		pthread_create(&post->thread, NULL, run, post) != 0) {
		log_error("bot stops reason=\"cannot start the post room\"");
		exit(1);
	}
	post->is_running = true;
}

void post_wake(struct post *post)
{
	atomic_store(&post->has_come_up, true);
	raise_flag(post->wake);
}

void post_bounced(struct post *post, const char *jid, const char *stanza_id,
	const char *condition)
{
	char bare[JID_SIZE];
	struct bounce *bounce;

	if (!stanza_id || strlen(stanza_id) > ID_MAX || !jid_bare(jid, bare))
		return;
	bounce = xcalloc(1, sizeof(*bounce));
	bounce->jid = xstrdup(bare);
	bounce->stanza_id = xstrdup(stanza_id);
	bounce->condition = xstrndup(condition, ID_MAX);
	if (!queue_put(post->bounces, bounce)) {
		log_warning("delivery bounce dropped reason=\"too many\"");
		free_bounce(bounce);
		return;
	}
	raise_flag(post->wake);
}

bool post_stop(struct post *post, int within_ms)
{
	int64_t deadline = clock_monotonic_ms() + within_ms;
	struct pollfd ended = {.fd = post->ended, .events = POLLIN};
	int64_t left_ms = within_ms;

	if (!post->is_running)
		return true;
	atomic_store(&post->is_stopping, true);
	raise_flag(post->wake);
	while (poll(&ended, 1, (int)left_ms) <= 0) {
		left_ms = deadline - clock_monotonic_ms();
		if (left_ms <= 0)
			return false;
	}
	pthread_join(post->thread, NULL);
	post->is_running = false;
	return true;
}

void post_free(struct post *post)
{
	if (!post)
		return;
	/* A thread that does not end keeps what it uses. */
	if (!post_stop(post, PATIENCE_MS + BARRIER_MS))
		return;
	drop_batch(post);
	store_free(post->store);
	queue_free(post->bounces, free_bounce);
	if (post->wake >= 0)
		close(post->wake);
	if (post->ended >= 0)
		close(post->ended);
	free(post);
}
