/* test_post.c - the post room between a stream and a database that misbehave.
 *
 * The database is a real one with a handful of functions that behave as
 * schema/api/post.sql does; the stream is played here. */
#include <libpq-fe.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "post/post.h"
#include "xmpp/stanza.h"
#include "xmpp/stream.h"

/* ---- a stream to order ---- */

static struct stream {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct strbuf sent; /* "to id text" lines */
	bool is_up;
	bool is_proving; /* the barrier is answered */
	bool is_waiting; /* somebody stands at the barrier */
	bool is_lost;    /* while somebody stands there */
} stream = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER,
	.sent = STRBUF_INIT,
};

void stream_send(struct stream *to, stanza *outgoing)
{
	stanza *body = stanza_find(outgoing, "body", NULL);
	char *text AUTO(free_text) = stanza_text(body);

	assert_string_equal(
		stanza_get(outgoing, "from"), "desk@clinic.localhost");
	pthread_mutex_lock(&to->lock);
	strbuf_addf(&to->sent, "%s %s %.12s\n", stanza_get(outgoing, "to"),
		stanza_get(outgoing, "id"), text);
	pthread_mutex_unlock(&to->lock);
	stanza_free(outgoing);
}

bool stream_is_up(struct stream *of)
{
	pthread_mutex_lock(&of->lock);
	bool is_up = of->is_up;
	pthread_mutex_unlock(&of->lock);
	return is_up;
}

bool stream_barrier(struct stream *of, int timeout_ms, struct error *error)
{
	(void)timeout_ms;
	pthread_mutex_lock(&of->lock);
	of->is_waiting = true;
	pthread_cond_broadcast(&of->changed);
	while (!of->is_proving && !of->is_lost)
		pthread_cond_wait(&of->changed, &of->lock);
	bool is_proved = !of->is_lost;
	of->is_waiting = of->is_lost = false;
	pthread_cond_broadcast(&of->changed);
	pthread_mutex_unlock(&of->lock);
	return is_proved || failed(error, ERROR_UNAVAILABLE, "lost");
}

/* Until somebody stands at the barrier, or nobody does. */
static void await_barrier(bool is_waiting)
{
	pthread_mutex_lock(&stream.lock);
	while (stream.is_waiting != is_waiting)
		pthread_cond_wait(&stream.changed, &stream.lock);
	pthread_mutex_unlock(&stream.lock);
}

static void set_stream(bool is_up, bool is_proving, bool is_lost)
{
	pthread_mutex_lock(&stream.lock);
	stream.is_up = is_up;
	stream.is_proving = is_proving;
	stream.is_lost = is_lost;
	pthread_cond_broadcast(&stream.changed);
	pthread_mutex_unlock(&stream.lock);
}

static void expect_sent(const char *expected)
{
	pthread_mutex_lock(&stream.lock);
	char *sent AUTO(free_text) = xstrdup(stream.sent.text);
	strbuf_reset(&stream.sent);
	pthread_mutex_unlock(&stream.lock);
	assert_string_equal(sent, expected);
}

/* ---- a database to order ---- */

static const char schema[] =
	"CREATE SCHEMA api;"
	"CREATE TABLE delivery (id bigint PRIMARY KEY, kind text NOT NULL,"
	" holder text, lease_end timestamptz, state text);"
	"CREATE TABLE due (doctor bigint, rrule text);"
	"CREATE TABLE events (at integer GENERATED ALWAYS AS IDENTITY,"
	" what text);"
	"CREATE TABLE rubbish (count integer);"
	"CREATE FUNCTION api.tidy(most integer, days integer)"
	" RETURNS TABLE (gone integer, is_more boolean) LANGUAGE sql AS $$"
	"  INSERT INTO events (what) SELECT 'tidy ' || count || ' ' || days"
	"   FROM rubbish;"
	"  UPDATE rubbish SET count = count - 1;"
	"  DELETE FROM rubbish WHERE count < 0;"
	"  SELECT 1, EXISTS (SELECT FROM rubbish) $$;"
	"CREATE FUNCTION api.deliveries_claim(who text, most integer,"
	" lease_s integer) RETURNS TABLE (id bigint, stanza_id text, jid text,"
	" kind text, language text, zone text, is_clinic_zone boolean,"
	" is_doctor boolean, code text, doctor_name text, patient_name text,"
	" starts text, ends text, was_starts text, now_local text,"
	" reason text, note text, child_name text, until text,"
	" address text, link text)"
	" LANGUAGE sql AS $$ UPDATE delivery SET holder = who,"
	"    lease_end = clock_timestamp() + lease_s * interval '1 second'"
	"  WHERE id IN (SELECT id FROM delivery WHERE state IS NULL"
	"    AND (lease_end IS NULL OR lease_end < clock_timestamp())"
	"    ORDER BY id LIMIT most FOR UPDATE SKIP LOCKED)"
	"  RETURNING id, 'd' || id, 'ruiz@localhost', kind, 'en',"
	"    'Europe/Madrid', true, true, 'A7K3F', 'Dr. Ana Ruiz',"
	"    'Jane' || id, '2026-12-03 15:20', '2026-12-03 15:40', NULL,"
	"    '2026-12-01 09:00', NULL, NULL, NULL, NULL, NULL, NULL $$;"
	"CREATE FUNCTION api.deliveries_done(who text, ids text) RETURNS void"
	" LANGUAGE sql AS $$ UPDATE delivery SET state = 'sent'"
	"  WHERE id::text = ANY (string_to_array(ids, ' '));"
	"  INSERT INTO events (what) VALUES ('done ' || ids) $$;"
	"CREATE FUNCTION api.delivery_failed(who text, id bigint, why text)"
	" RETURNS void LANGUAGE sql AS $$"
	"  UPDATE delivery SET state = 'failed' WHERE delivery.id = $2;"
	"  INSERT INTO events (what) VALUES ('failed ' || id) $$;"
	"CREATE FUNCTION api.delivery_bounced(jid text, id text, why text)"
	" RETURNS void LANGUAGE sql AS $$ INSERT INTO events (what)"
	"  VALUES (concat_ws(' ', 'bounced', jid, id, why)) $$;"
	"CREATE FUNCTION api.deliveries_wait() RETURNS TABLE (wait_ms bigint)"
	" LANGUAGE sql AS $$ SELECT ceil(extract(epoch FROM"
	"  min(lease_end) - clock_timestamp()) * 1000)::bigint"
	"  FROM delivery WHERE state IS NULL $$;"
	"CREATE FUNCTION api.horizons_claim(most integer, lease_s integer)"
	" RETURNS TABLE (doctor bigint, from_day date, through_day date,"
	"  rrule text, starts text, ends text, first_day date, version bigint)"
	" LANGUAGE sql AS $$ SELECT doctor, '2026-12-01'::date,"
	"  '2026-12-08'::date, rrule, '09:00', '10:00', '2024-01-01'::date,"
	"  1::bigint FROM due ORDER BY doctor $$;"
	"CREATE FUNCTION api.horizon_set(who bigint, from_day date,"
	" through_day date, openings jsonb, version bigint)"
	" RETURNS void LANGUAGE sql AS $$"
	"  DELETE FROM due WHERE doctor = who;"
	"  INSERT INTO events (what) VALUES (concat_ws(' ', 'horizon', who,"
	"   from_day, through_day, openings)) $$;";

static PGconn *owner;

static char *ask(const char *sql)
{
	PGresult *result = PQexec(owner, sql);
	char *answer;

	if (PQresultStatus(result) != PGRES_TUPLES_OK &&
		PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(owner));
	answer = xstrdup(PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	return answer;
}

static void execute(const char *sql)
{
	free(ask(sql));
}

/* Waits till the database has seen these events, and no others. */
static void expect_events(const char *expected)
{
	for (int tries = 0;; tries++) {
		char *events AUTO(free_text) = ask(
			"SELECT coalesce(string_agg(what, '; ' ORDER BY at),"
			" '') FROM events");

		if (strcmp(events, expected) == 0)
			return;
		if (tries == 1000)
			fail_msg("\"%s\" and not \"%s\"", events, expected);
		usleep(10000);
	}
}

static int set_up_all(void **state)
{
	(void)state;
	owner = PQconnectdb(getenv("DATABASE_URL"));
	assert_int_equal(PQstatus(owner), CONNECTION_OK);
	execute(schema);
	return 0;
}

static int tear_down_all(void **state)
{
	(void)state;
	PQfinish(owner);
	strbuf_release(&stream.sent);
	return 0;
}

static int set_up_with(void **state, int lease_s)
{
	execute("TRUNCATE delivery, due, rubbish, events");
	strbuf_reset(&stream.sent);
	set_stream(true, true, false);
	*state = post_new(&(struct post_settings){
		.stream = &stream,
		.database_url = getenv("DATABASE_URL"),
		.from = "desk@clinic.localhost",
		.holder = "test",
		.lease_s = lease_s,
		.batch = 2,
	});
	return 0;
}

static int set_up(void **state)
{
	return set_up_with(state, 600);
}

static int set_up_short(void **state)
{
	return set_up_with(state, 6); /* a second, with the margin */
}

static int tear_down(void **state)
{
	set_stream(true, true, false);
	post_free(*state);
	return 0;
}

/* ---- tests ---- */

static void what_is_due_is_sent_proved_and_marked(void **state)
{
	execute("INSERT INTO delivery VALUES (1, 'booked'), (2, 'cancelled'),"
		" (3, 'booked')");
	post_start(*state);
	expect_events("done 1 2; done 3");
	expect_sent("ruiz@localhost d1 Jane1 booked\n"
		    "ruiz@localhost d2 Cancelled: J\n"
		    "ruiz@localhost d3 Jane3 booked\n");
}

static void a_notification_is_enough(void **state)
{
	post_start(*state);
	execute("INSERT INTO delivery VALUES (1, 'booked'); NOTIFY delivery");
	expect_events("done 1");
	execute("INSERT INTO delivery VALUES (2, 'booked'); NOTIFY delivery");
	expect_events("done 1; done 2");
}

static void nothing_is_claimed_while_the_stream_is_down(void **state)
{
	char *claimed;

	set_stream(false, true, false);
	execute("INSERT INTO delivery VALUES (1, 'booked')");
	execute("INSERT INTO due VALUES (7, 'FREQ=WEEKLY')");
	post_start(*state);
	/* The horizon comes after the deliveries. */
	expect_events("horizon 7 2026-12-01 2026-12-08 "
		      "[[\"2026-12-07 09:00\", \"2026-12-07 10:00\"]]");
	claimed = ask("SELECT count(holder) FROM delivery");
	assert_string_equal(claimed, "0");
	free(claimed);
	execute("TRUNCATE events");
	set_stream(true, true, false);
	post_wake(*state);
	expect_events("done 1");
}

static void an_unproved_batch_goes_again_with_the_same_ids(void **state)
{
	set_stream(true, false, false);
	execute("INSERT INTO delivery VALUES (1, 'booked'), (2, 'booked')");
	post_start(*state);
	await_barrier(true);
	expect_sent("ruiz@localhost d1 Jane1 booked\n"
		    "ruiz@localhost d2 Jane2 booked\n");
	set_stream(false, false, true);
	await_barrier(false); /* else it would find the proof of below */
	expect_events("");
	set_stream(true, true, false);
	post_wake(*state);
	expect_events("done 1 2");
	expect_sent("ruiz@localhost d1 Jane1 booked\n"
		    "ruiz@localhost d2 Jane2 booked\n");
}

static void an_unproved_batch_is_claimed_again_after_its_lease(void **state)
{
	set_stream(true, false, false);
	execute("INSERT INTO delivery VALUES (1, 'booked')");
	post_start(*state);
	await_barrier(true);
	set_stream(true, true, true); /* a slow server: it never went away */
	expect_events("done 1");
	expect_sent("ruiz@localhost d1 Jane1 booked\n"
		    "ruiz@localhost d1 Jane1 booked\n");
}

static void what_cannot_be_said_does_not_hold_the_others(void **state)
{
	execute("INSERT INTO delivery VALUES (1, 'lunch'), (2, 'booked')");
	post_start(*state);
	expect_events("failed 1; done 2");
}

static void a_bounce_is_told_after_its_batch_was_marked(void **state)
{
	set_stream(true, false, false);
	execute("INSERT INTO delivery VALUES (1, 'booked')");
	post_start(*state);
	await_barrier(true);
	post_bounced(*state, "ruiz@localhost/phone", "d1", "gone");
	post_bounced(*state, "@", "d1", "gone");
	post_bounced(*state, "ruiz@localhost", NULL, "gone");
	set_stream(true, true, false);
	expect_events("done 1; bounced ruiz@localhost d1 gone");
}

static void stopping_finishes_the_batch(void **state)
{
	set_stream(true, false, false);
	execute("INSERT INTO delivery VALUES (1, 'booked'), (2, 'booked'),"
		" (3, 'booked')");
	post_start(*state);
	await_barrier(true);
	assert_false(post_stop(*state, 10)); /* the proof has not come */
	set_stream(true, true, false);
	assert_true(post_stop(*state, 60000));
	expect_events("done 1 2");
}

/* A claim whose answer was lost comes again when its lease is over. */
static void a_lost_connection_loses_nothing(void **state)
{
	post_start(*state);
	for (int i = 1; i <= 3; i++) {
		char *sql AUTO(free_text) = xasprintf(
			"INSERT INTO delivery VALUES (%d, 'booked')", i);

		execute(sql); /* and no NOTIFY */
		execute("SELECT pg_terminate_backend(pid, 10000)"
			" FROM pg_stat_activity"
			" WHERE application_name = 'carelay post'");
	}
	for (int tries = 0; tries < 3000; tries++) {
		char *left AUTO(free_text) = ask(
			"SELECT count(*) FROM delivery WHERE state IS NULL");

		if (strcmp(left, "0") == 0)
			return;
		usleep(10000);
	}
	fail_msg("deliveries were left");
}

static void each_doctor_gets_her_openings(void **state)
{
	execute("INSERT INTO due VALUES (7, 'FREQ=WEEKLY;BYDAY=TU'),"
		" (7, 'FREQ=WEEKLY;BYDAY=WE'), (8, 'FREQ=NEVER'),"
		" (9, 'FREQ=DAILY;COUNT=1')");
	post_start(*state);
	expect_events("horizon 7 2026-12-01 2026-12-08 "
		      "[[\"2026-12-01 09:00\", \"2026-12-01 10:00\"], "
		      "[\"2026-12-02 09:00\", \"2026-12-02 10:00\"], "
		      "[\"2026-12-08 09:00\", \"2026-12-08 10:00\"]]; "
		      "horizon 9 2026-12-01 2026-12-08 []");
}

static void what_is_old_is_forgotten_little_by_little(void **state)
{
	execute("INSERT INTO rubbish VALUES (2)");
	post_start(*state);
	expect_events("tidy 2 730; tidy 1 730; tidy 0 730");
	/* And not again before an hour is over. */
	execute("INSERT INTO rubbish VALUES (5);"
		"INSERT INTO delivery VALUES (1, 'booked'); NOTIFY delivery");
	expect_events("tidy 2 730; tidy 1 730; tidy 0 730; done 1");
}

#define WITH(test, set_up) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(int count, char *words[])
{
	const struct CMUnitTest tests[] = {
		WITH(what_is_due_is_sent_proved_and_marked, set_up),
		WITH(a_notification_is_enough, set_up),
		WITH(nothing_is_claimed_while_the_stream_is_down, set_up),
		WITH(an_unproved_batch_goes_again_with_the_same_ids, set_up),
		WITH(an_unproved_batch_is_claimed_again_after_its_lease,
			set_up_short),
		WITH(what_cannot_be_said_does_not_hold_the_others, set_up),
		WITH(a_bounce_is_told_after_its_batch_was_marked, set_up),
		WITH(stopping_finishes_the_batch, set_up),
		WITH(a_lost_connection_loses_nothing, set_up_short),
		WITH(each_doctor_gets_her_openings, set_up),
		WITH(what_is_old_is_forgotten_little_by_little, set_up),
	};

	if (count == 1 && !getenv("DATABASE_URL")) {
		char script[] = "tests/unit/with-postgres";
		char *arguments[] = {script, words[0], NULL};

		execv(script, arguments);
		perror(script);
		return 1;
	}
	return cmocka_run_group_tests_name(
		"post", tests, set_up_all, tear_down_all);
}
