/* test_store.c - the store against a real PostgreSQL that misbehaves on order.
 *
 * Without DATABASE_URL it starts itself again under tests/unit/with-postgres.
 * Half of the tests go through a proxy that can swallow the server's answers:
 * so a call is lost after its commit, which no server does on order. */
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "store/api.h"
#include "store/store.h"

/* ---- a proxy between the store and the database ---- */

enum proxy_mode {
	PROXY_PASSES,
	PROXY_CUTS,     /* the next answer is thrown away, the line cut, once */
	PROXY_SWALLOWS, /* no answer passes any more, the line stays */
};

static struct proxy {
	atomic_int mode;
	int listener;
	char folder[80];
	char url[200];
	struct sockaddr_un server;
	pthread_t thread;
} proxy;

static bool pass_on(int from, int to)
{
	char bytes[8192];
	ssize_t count = read(from, bytes, sizeof(bytes));

	return count > 0 && write(to, bytes, (size_t)count) == count;
}

static void serve(int client)
{
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool is_up = connect(server, (struct sockaddr *)&proxy.server,
			     sizeof(proxy.server)) == 0;

	while (is_up) {
		struct pollfd fds[] = {
			{.fd = client, .events = POLLIN},
			{.fd = server, .events = POLLIN},
		};

		if (atomic_load(&proxy.mode) == PROXY_SWALLOWS)
			fds[1].fd = -1;
		if (poll(fds, 2, 20) <= 0)
			continue;
		if (fds[1].revents) {
			int cut = PROXY_CUTS;

			if (atomic_compare_exchange_strong(
				    &proxy.mode, &cut, PROXY_PASSES))
				break;
			is_up = pass_on(server, client);
		}
		if (is_up && fds[0].revents)
			is_up = pass_on(client, server);
	}
	close(server);
	close(client);
}

static void *run_proxy(void *unused)
{
	int client;

	(void)unused;
	while ((client = accept4(proxy.listener, NULL, NULL, SOCK_CLOEXEC)) >=
		0)
		serve(client);
	return NULL;
}

static void start_proxy(const char *folder)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	proxy.server.sun_family = AF_UNIX;
	(void)snprintf(proxy.server.sun_path, sizeof(proxy.server.sun_path),
		"%.80s/.s.PGSQL.5432", folder);
	(void)snprintf(
		proxy.folder, sizeof(proxy.folder), "%.70s/proxy", folder);
	assert_int_equal(mkdir(proxy.folder, 0700), 0);
	(void)snprintf(address.sun_path, sizeof(address.sun_path),
		"%s/.s.PGSQL.5432", proxy.folder);
	(void)snprintf(proxy.url, sizeof(proxy.url),
		"host=%s user=postgres dbname=postgres", proxy.folder);
	proxy.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(proxy.listener, (struct sockaddr *)&address,
				 sizeof(address)),
		0);
	assert_int_equal(listen(proxy.listener, 8), 0);
	assert_int_equal(
		pthread_create(&proxy.thread, NULL, run_proxy, NULL), 0);
}

/* ---- the database's side ---- */

static PGconn *owner; /* our own line past the store */

static void execute(const char *sql)
{
	PGresult *result = PQexec(owner, sql);

	if (PQresultStatus(result) != PGRES_TUPLES_OK &&
		PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(owner));
	PQclear(result);
}

static long count_calls(void)
{
	PGresult *result = PQexec(owner, "SELECT count(*) FROM calls");
	long count = strtol(PQgetvalue(result, 0, 0), NULL, 10);

	PQclear(result);
	return count;
}

static void connect_owner(void)
{
	owner = PQconnectdb(getenv("DATABASE_URL"));
	assert_int_equal(PQstatus(owner), CONNECTION_OK);
}

static void move_server(const char *verb)
{
	char *command =
		xasprintf("'%s/control' %s >&2", getenv("WITH_POSTGRES"), verb);

	assert_int_equal(system(command), 0);
	free(command);
}

/* Functions that do what a test asks for: the actor is the order. */
static const char functions[] =
	"CREATE TABLE calls (what text);"
	"CREATE SEQUENCE attempts;"
	"DROP FUNCTION api.version();"
	"DROP FUNCTION api.my(text);"
	"CREATE FUNCTION api.my(actor text) RETURNS TABLE (name text,"
	" nothing text, amount bigint, yes boolean, no boolean, zone text)"
	" LANGUAGE plpgsql AS $$ BEGIN"
	"  IF actor ~ '^[0-9A-Z]{5}$' THEN"
	"    RAISE 'no such thing \"x\"' USING ERRCODE = actor;"
	"  END IF;"
	"  IF actor = 'slow' THEN PERFORM pg_sleep(60); END IF;"
	"  IF actor = 'many' THEN RETURN QUERY SELECT i::text, NULL, i::bigint,"
	"    true, false, 'x' FROM generate_series(1, 3000) i; RETURN; END IF;"
	"  RETURN QUERY SELECT actor, NULL::text, -12::bigint, true, false,"
	"   current_setting('TimeZone'); END $$;"
	"DROP FUNCTION api.my_set(text, text, text);"
	"CREATE FUNCTION api.my_set(actor text, what text, value text)"
	" RETURNS void LANGUAGE sql AS"
	" $$ INSERT INTO calls VALUES (what || coalesce(value, '-')) $$;"
	"DROP FUNCTION api.delivery_failed(text, bigint, text);"
	"CREATE FUNCTION api.delivery_failed(actor text, id bigint, why text)"
	" RETURNS TABLE (code text) LANGUAGE plpgsql AS $$ BEGIN"
	"  INSERT INTO calls VALUES ('book');"
	"  IF nextval('attempts') = 1 THEN"
	"    IF actor = 'terminate' THEN"
	"      PERFORM pg_terminate_backend(pg_backend_pid());"
	"      PERFORM pg_sleep(60);"
	"    ELSIF actor ~ '^[0-9A-Z]{5}$' THEN"
	"      RAISE 'this time' USING ERRCODE = actor;"
	"    END IF;"
	"  END IF;"
	"  RETURN QUERY SELECT 'A7K3F'; END $$;";

static void set_version(int version)
{
	char *sql = xasprintf("CREATE OR REPLACE FUNCTION api.version()"
			      " RETURNS TABLE (version integer) LANGUAGE sql"
			      " AS 'SELECT %d'",
		version);

	execute(sql);
	free(sql);
}

static int set_up_all(void **state)
{
	(void)state;
	connect_owner();
	execute("CREATE SCHEMA api");
	for (size_t i = 0; i < COUNT_OF(api_functions); i++) {
		char *sql = xasprintf("CREATE FUNCTION api.%s(%s) RETURNS void"
				      " LANGUAGE sql AS 'SELECT'",
			api_functions[i].name, api_functions[i].parameters);

		execute(sql);
		free(sql);
	}
	execute(functions);
	set_version(API_SCHEMA_VERSION);
	start_proxy(getenv("WITH_POSTGRES"));
	return 0;
}

static int tear_down_all(void **state)
{
	(void)state;
	shutdown(proxy.listener, SHUT_RDWR);
	pthread_join(proxy.thread, NULL);
	close(proxy.listener);
	PQfinish(owner);
	return 0;
}

static struct store *new_store(const char *url, int patience_ms)
{
	struct store_settings settings = {
		.url = url,
		.application = "test_store",
		.patience_ms = patience_ms,
	};

	return store_new(&settings);
}

static int set_up(void **state)
{
	execute("TRUNCATE calls; ALTER SEQUENCE attempts RESTART");
	atomic_store(&proxy.mode, PROXY_PASSES);
	*state = new_store(getenv("DATABASE_URL"), 20000);
	return 0;
}

static int set_up_proxied(void **state)
{
	execute("TRUNCATE calls; ALTER SEQUENCE attempts RESTART");
	atomic_store(&proxy.mode, PROXY_PASSES);
	*state = new_store(proxy.url, 20000);
	return 0;
}

static int tear_down(void **state)
{
	store_free(*state);
	return 0;
}

/* ---- tests ---- */

static void a_call_returns_rows(void **state)
{
	struct error error;
	struct rows *rows AUTO(rows_release) =
		store_call(*state, &error, "my", "j'; \"\\ ü", STORE_END);

	assert_non_null(rows);
	assert_int_equal(rows_count(rows), 1);
	assert_string_equal(rows_text(rows, 0, "name"), "j'; \"\\ ü");
	assert_null(rows_text(rows, 0, "nothing"));
	assert_int_equal(rows_number(rows, 0, "amount"), -12);
	assert_int_equal(rows_number(rows, 0, "nothing"), 0);
	assert_true(rows_bool(rows, 0, "yes"));
	assert_false(rows_bool(rows, 0, "no"));
	assert_false(rows_bool(rows, 0, "nothing"));
	assert_string_equal(rows_text(rows, 0, "zone"), "UTC");
}

static void null_is_null_and_nothing_returned_is_fine(void **state)
{
	assert_true(store_do(
		*state, NULL, "my_set", "jane", "phone", NULL, STORE_END));
	assert_int_equal(count_calls(), 1);
}

static void many_rows_come_whole(void **state)
{
	struct rows *rows AUTO(rows_release) =
		store_call(*state, NULL, "my", "many", STORE_END);

	assert_non_null(rows);
	assert_int_equal(rows_count(rows), 3000);
	assert_int_equal(rows_number(rows, 2999, "amount"), 3000);
}

static void refusals_become_kinds(void **state)
{
	static const struct {
		const char *sqlstate;
		enum error_kind kind;
		bool is_own; /* the database's message is for the asker */
	} cases[] = {
		{"CL001", ERROR_USAGE, true},
		{"CL002", ERROR_DENIED, true},
		{"CL003", ERROR_MISSING, true},
		{"CL004", ERROR_CONFLICT, true},
		{"CL005", ERROR_UNAVAILABLE, true},
		{"CL006", ERROR_BUG, false},
		{"23505", ERROR_BUG, false},
		{"22P02", ERROR_BUG, false},
		{"P0001", ERROR_BUG, false},
		{"55P03", ERROR_UNAVAILABLE, false},
		{"57014", ERROR_UNAVAILABLE, false},
		{"53100", ERROR_UNAVAILABLE, false},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error error;

		assert_null(store_call(
			*state, &error, "my", cases[i].sqlstate, STORE_END));
		assert_int_equal(error.kind, cases[i].kind);
		if (cases[i].is_own)
			assert_string_equal(
				error.message, "no such thing \"x\"");
		else
			assert_null(strstr(error.message, "no such"));
		assert_non_null(strstr(error.detail, cases[i].sqlstate));
		assert_null(strstr(error.detail, "no such"));
	}
}

static void what_a_person_wrote_is_in_no_error(void **state)
{
	struct error error;

	assert_null(store_call(*state, &error, "delivery_failed", "jane",
		"moonshine", "tomorrow", STORE_END));
	assert_int_equal(error.kind, ERROR_BUG);
	assert_null(strstr(error.message, "moonshine"));
	assert_null(strstr(error.detail, "moonshine"));
}

static void check_finds_the_schema_fit(void **state)
{
	struct error error = {.message = ""};

	if (!store_check(*state, &error))
		fail_msg("%s (%s)", error.message, error.detail);
}

static void check_names_a_function_that_does_not_fit(void **state)
{
	struct error error;

	execute("ALTER FUNCTION api.stats(text) RENAME TO stats_");
	assert_false(store_check(*state, &error));
	execute("ALTER FUNCTION api.stats_(text) RENAME TO stats");
	assert_int_equal(error.kind, ERROR_BUG);
	assert_non_null(strstr(error.message, "\"api.stats(text)\""));
	assert_true(store_check(*state, &error));

	execute("DROP FUNCTION api.stats(text); CREATE FUNCTION"
		" api.stats(varchar) RETURNS void LANGUAGE sql AS 'SELECT'");
	assert_false(store_check(*state, &error));
	execute("DROP FUNCTION api.stats(varchar); CREATE FUNCTION"
		" api.stats(text) RETURNS void LANGUAGE sql AS 'SELECT'");
	assert_non_null(strstr(error.message, "\"api.stats(text)\""));
}

static void check_names_a_function_that_may_not_be_executed(void **state)
{
	struct error error;
	char *url = xasprintf("host=%s user=carelay_test dbname=postgres",
		getenv("WITH_POSTGRES"));
	struct store *store = new_store(url, 20000);

	(void)state;
	execute("CREATE ROLE carelay_test LOGIN");
	assert_false(store_check(store, &error));
	assert_int_equal(error.kind, ERROR_BUG);
	assert_non_null(strstr(error.message, "schema \"api\""));
	execute("GRANT USAGE ON SCHEMA api TO carelay_test");
	assert_true(store_check(store, &error));
	execute("REVOKE EXECUTE ON FUNCTION api.hear FROM public");
	assert_false(store_check(store, &error));
	execute("GRANT EXECUTE ON FUNCTION api.hear TO public");
	assert_non_null(strstr(error.message, "\"api.hear(text, text)\""));
	store_free(store);
	free(url);
}

static void check_tells_the_versions(void **state)
{
	struct error error;

	set_version(100000);
	assert_false(store_check(*state, &error));
	set_version(API_SCHEMA_VERSION);
	assert_int_equal(error.kind, ERROR_BUG);
	assert_non_null(strstr(error.message, "100000"));
}

static void an_absent_database_is_unavailable(void **state)
{
	struct store *store =
		new_store("postgresql:///x?host=/nonexistent", 200);
	struct error error;

	(void)state;
	assert_false(store_check(store, &error));
	assert_int_equal(error.kind, ERROR_UNAVAILABLE);
	store_free(store);
}

static void a_wrong_url_is_named_and_not_shown(void **state)
{
	struct store *store = new_store("secret word", 60000);
	struct error error;

	(void)state;
	assert_false(store_check(store, &error));
	assert_int_equal(error.kind, ERROR_BUG);
	assert_null(strstr(error.message, "secret word"));
	assert_null(strstr(error.detail, "secret word"));
	store_free(store);
}

static void a_terminated_call_is_made_again(void **state)
{
	struct error error = {.message = ""};

	if (!store_do(*state, &error, "delivery_failed", "terminate", "1",
		    "2026-12-03", STORE_END))
		fail_msg("%s (%s)", error.message, error.detail);
	assert_int_equal(count_calls(), 1); /* the first was rolled back */
}

static void a_deadlock_is_tried_again(void **state)
{
	assert_true(store_do(*state, NULL, "delivery_failed", "40P01", "1",
		"2026-12-03", STORE_END));
	assert_int_equal(count_calls(), 1);
}

static void a_conflict_is_not_tried_again(void **state)
{
	struct error error;

	assert_false(store_do(*state, &error, "delivery_failed", "CL004", "1",
		"2026-12-03", STORE_END));
	assert_int_equal(error.kind, ERROR_CONFLICT);
	assert_int_equal(count_calls(), 0);
}

static void an_idle_connection_may_die(void **state)
{
	for (int i = 0; i < 3; i++) {
		assert_true(store_do(*state, NULL, "delivery_failed", "jane",
			"1", "2026-12-03", STORE_END));
		execute("SELECT pg_terminate_backend(pid, 10000)"
			" FROM pg_stat_activity"
			" WHERE application_name = 'test_store'");
	}
	assert_int_equal(count_calls(), 3);
}

static void a_lost_answer_is_asked_for_again_if_that_is_safe(void **state)
{
	assert_true(store_do(
		*state, NULL, "my_set", "jane", "name", "x", STORE_END));
	atomic_store(&proxy.mode, PROXY_CUTS);
	assert_true(store_do(
		*state, NULL, "my_set", "jane", "name", "x", STORE_END));
	assert_int_equal(count_calls(), 3); /* the lost one had committed */
}

static void a_lost_answer_is_an_error_where_a_second_call_would_harm(
	void **state)
{
	struct error error;

	assert_true(store_do(*state, NULL, "delivery_failed", "jane", "1",
		"2026-12-03", STORE_END));
	atomic_store(&proxy.mode, PROXY_CUTS);
	assert_false(store_do(*state, &error, "delivery_failed", "jane", "1",
		"2026-12-03", STORE_END));
	assert_int_equal(error.kind, ERROR_UNAVAILABLE);
	assert_non_null(strstr(error.message, "look whether it was done"));
	assert_int_equal(count_calls(), 2);
	assert_true(store_do(*state, NULL, "delivery_failed", "jane", "1",
		"2026-12-03", STORE_END));
	assert_int_equal(count_calls(), 3);
}

static void what_was_lost_before_it_was_sent_is_sent_again(void **state)
{
	/* A first call prepares its statement: the proxy cuts there. */
	assert_true(store_do(
		*state, NULL, "my_set", "jane", "name", "x", STORE_END));
	atomic_store(&proxy.mode, PROXY_CUTS);
	assert_true(store_do(*state, NULL, "delivery_failed", "jane", "1",
		"2026-12-03", STORE_END));
	assert_int_equal(count_calls(), 2);
}

static void a_silent_database_does_not_hold_a_call(void **state)
{
	struct store *store = new_store(proxy.url, 200);
	struct error error;

	(void)state;
	assert_true(store_do(
		store, NULL, "my_set", "jane", "name", "x", STORE_END));
	atomic_store(&proxy.mode, PROXY_SWALLOWS);
	assert_false(store_do(
		store, &error, "my_set", "jane", "name", "x", STORE_END));
	assert_int_equal(error.kind, ERROR_UNAVAILABLE);
	/* Neither does one that does not even let anybody in. */
	assert_false(store_do(
		store, &error, "my_set", "jane", "name", "x", STORE_END));
	assert_int_equal(error.kind, ERROR_UNAVAILABLE);
	store_free(store);
	atomic_store(&proxy.mode, PROXY_PASSES);
}

static void a_slow_statement_ends(void **state)
{
	struct store *store = new_store(getenv("DATABASE_URL"), 200);
	struct error error;

	(void)state;
	assert_null(store_call(store, &error, "my", "slow", STORE_END));
	assert_int_equal(error.kind, ERROR_UNAVAILABLE);
	assert_non_null(strstr(error.message, "too long"));
	/* The connection is still good. */
	assert_true(store_do(store, &error, "my", "jane", STORE_END));
	store_free(store);
}

static void a_restarted_server_is_found_again(void **state)
{
	assert_true(store_do(*state, NULL, "delivery_failed", "jane", "1",
		"2026-12-03", STORE_END));
	PQfinish(owner);
	move_server("restart");
	assert_true(store_do(*state, NULL, "delivery_failed", "jane", "1",
		"2026-12-03", STORE_END));
	connect_owner();
	assert_int_equal(count_calls(), 2);
}

static void *start_server(void *unused)
{
	(void)unused;
	move_server("start");
	return NULL;
}

static void a_call_waits_for_the_server(void **state)
{
	pthread_t thread;

	assert_true(store_do(*state, NULL, "delivery_failed", "jane", "1",
		"2026-12-03", STORE_END));
	PQfinish(owner);
	move_server("stop");
	assert_int_equal(pthread_create(&thread, NULL, start_server, NULL), 0);
	assert_true(store_do(*state, NULL, "delivery_failed", "jane", "1",
		"2026-12-03", STORE_END));
	pthread_join(thread, NULL);
	connect_owner();
	assert_int_equal(count_calls(), 2);
}

static void expect_news(struct store *store, const char *expected)
{
	const char *channel = NULL;

	assert_true(store_wait(store, 20000, -1, &channel));
	assert_string_equal(channel, expected);
}

static void news_arrive_on_their_channels(void **state)
{
	const char *channel = "untouched";

	store_listen(*state, "delivery");
	store_listen(*state, "clock");
	expect_news(*state, ""); /* the first connection */
	execute("NOTIFY clock");
	expect_news(*state, "clock");
	execute("NOTIFY something");
	execute("NOTIFY delivery");
	/* What arrives during a call is not lost. */
	assert_true(store_do(*state, NULL, "my", "jane", STORE_END));
	expect_news(*state, "delivery");
	assert_false(store_wait(*state, 0, -1, &channel));
}

static void a_new_connection_is_news(void **state)
{
	store_listen(*state, "delivery");
	expect_news(*state, "");
	execute("SELECT pg_terminate_backend(pid, 10000)"
		" FROM pg_stat_activity WHERE application_name = 'test_store'");
	execute("NOTIFY delivery"); /* nobody hears it */
	expect_news(*state, "");
	execute("NOTIFY delivery");
	expect_news(*state, "delivery");

	/* The same when it is a call that notices. */
	execute("SELECT pg_terminate_backend(pid, 10000)"
		" FROM pg_stat_activity WHERE application_name = 'test_store'");
	assert_true(store_do(*state, NULL, "my", "jane", STORE_END));
	expect_news(*state, "");
	execute("NOTIFY delivery");
	expect_news(*state, "delivery");
}

static void a_wait_can_be_woken(void **state)
{
	int wake = eventfd(1, EFD_CLOEXEC);
	const char *channel;
	struct store *nowhere = new_store("host=/nonexistent", 1000);

	store_listen(*state, "delivery");
	expect_news(*state, "");
	assert_false(store_wait(*state, 60000, wake, &channel));
	assert_false(store_wait(nowhere, 60000, wake, &channel));
	store_free(nowhere);
	close(wake);
}

static void a_wait_outlives_the_server(void **state)
{
	store_listen(*state, "delivery");
	expect_news(*state, "");
	PQfinish(owner);
	move_server("restart");
	expect_news(*state, "");
	connect_owner();
	execute("NOTIFY delivery");
	expect_news(*state, "delivery");
}

#define WITH(test, set_up) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(int count, char *words[])
{
	const struct CMUnitTest tests[] = {
		WITH(a_call_returns_rows, set_up),
		WITH(null_is_null_and_nothing_returned_is_fine, set_up),
		WITH(many_rows_come_whole, set_up),
		WITH(refusals_become_kinds, set_up),
		WITH(what_a_person_wrote_is_in_no_error, set_up),
		WITH(check_finds_the_schema_fit, set_up),
		WITH(check_names_a_function_that_does_not_fit, set_up),
		WITH(check_names_a_function_that_may_not_be_executed, set_up),
		WITH(check_tells_the_versions, set_up),
		WITH(an_absent_database_is_unavailable, set_up),
		WITH(a_wrong_url_is_named_and_not_shown, set_up),
		WITH(a_terminated_call_is_made_again, set_up),
		WITH(a_deadlock_is_tried_again, set_up),
		WITH(a_conflict_is_not_tried_again, set_up),
		WITH(an_idle_connection_may_die, set_up),
		WITH(a_lost_answer_is_asked_for_again_if_that_is_safe,
			set_up_proxied),
		WITH(a_lost_answer_is_an_error_where_a_second_call_would_harm,
			set_up_proxied),
		WITH(what_was_lost_before_it_was_sent_is_sent_again,
			set_up_proxied),
		WITH(a_silent_database_does_not_hold_a_call, set_up),
		WITH(a_slow_statement_ends, set_up),
		WITH(a_restarted_server_is_found_again, set_up),
		WITH(a_call_waits_for_the_server, set_up),
		WITH(news_arrive_on_their_channels, set_up),
		WITH(a_new_connection_is_news, set_up),
		WITH(a_wait_can_be_woken, set_up),
		WITH(a_wait_outlives_the_server, set_up),
	};

	if (count == 1 && !getenv("DATABASE_URL")) {
		char script[] = "tests/unit/with-postgres";
		char *arguments[] = {script, words[0], NULL};

		execv(script, arguments);
		perror(script);
		return 1;
	}
	return cmocka_run_group_tests_name(
		"store", tests, set_up_all, tear_down_all);
}
