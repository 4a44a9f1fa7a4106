/* store.c - PostgreSQL, as one worker sees it: call an API function. */
#include "store/store.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "store/api.h"
#include "store/connection.h"
#include "store/refusal.h"
#include "store/rows.h"

#define PARAMETERS_MAX 16
#define PATIENCE_MS 5000
#define CHANNELS_MAX 8
#define PAUSE_FIRST_MS 50
#define PAUSE_LAST_MS 1000
/* The server ends a statement after patience_ms; then its word must arrive. */
#define GRACE_MS 1000

struct store {
	struct store_settings settings;
	PGconn *connection; /* NULL: none */
	bool is_prepared[COUNT_OF(api_functions)];
	char *channels[CHANNELS_MAX];
	size_t channel_count;
	bool has_missed;  /* notifications: the connection was another */
	bool is_away;     /* said so in the log */
	PGnotify *notice; /* what store_wait returned last */
};

/* One call on its way: which function, with what. */
struct call {
	size_t at; /* row of api_functions */
	const char *values[PARAMETERS_MAX];
	int count;
	int64_t retry_ms;    /* no new attempt after this */
	int64_t deadline_ms; /* no answer is waited for after this */
};

/* Our own text is wrong. The tests' builds stop at once, so that it is found
 * there; elsewhere one call fails and the others go on. */
static bool own_mistake(
	struct error *error, const char *what, const char *function)
{
	log_error("store called wrongly: %s function=%s", what, function);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	abort();
#endif
	(void)failed(error, ERROR_BUG,
		"something went wrong on our side; it has been noted");
	return failed_because(error, "api.%s: %s", function, what);
}

static int count_parameters(const char *parameters)
{
	int count = *parameters != '\0';

	for (; *parameters; parameters++)
		count += *parameters == ',';
	return count;
}

static bool find_function(const char *name, size_t *at)
{
	for (*at = 0; *at < COUNT_OF(api_functions); (*at)++)
		if (strcmp(api_functions[*at].name, name) == 0)
			return true;
	return false;
}

/* Reads what a caller passed and compares it with the function's row. */
static bool read_call(struct call *call, const char *function,
	va_list arguments, struct error *error)
{
	const char *value;

	if (!find_function(function, &call->at))
		return own_mistake(error, "no such row in api.h", function);
	call->count = 0;
	while ((value = va_arg(arguments, const char *)) != STORE_END) {
		if (call->count == PARAMETERS_MAX)
			return own_mistake(error, "no STORE_END", function);
		call->values[call->count++] = value;
	}
	if (call->count != count_parameters(api_functions[call->at].parameters))
		return own_mistake(
			error, "wrong number of parameters", function);
	return true;
}

/* "SELECT * FROM api.my_set($1::text, $2::text, $3::text)" */
static void print_select(
	struct strbuf *sql, const struct api_function *function)
{
	const char *type = function->parameters;

	strbuf_addf(sql, "SELECT * FROM api.%s(", function->name);
	for (int i = 1; *type; i++) {
		size_t length = strcspn(type, ",");

		strbuf_addf(sql, "%s$%d::%.*s", i > 1 ? ", " : "", i,
			(int)length, type);
		type += length;
		type += strspn(type, ", ");
	}
	strbuf_add(sql, ")");
}

static void drop_connection(struct store *store)
{
	PQfinish(store->connection);
	store->connection = NULL;
	memset(store->is_prepared, 0, sizeof(store->is_prepared));
}

static void say_away(struct store *store, const struct error *error)
{
	if (!store->is_away)
		log_warning("database away application=%s detail=\"%s\"",
			store->settings.application, error->detail);
	store->is_away = true;
}

static void say_back(struct store *store)
{
	if (store->is_away)
		log_notice("database back application=%s",
			store->settings.application);
	store->is_away = false;
}

/* LISTEN is a statement, not a function: it cannot take a parameter. */
static bool listen_to(
	PGconn *connection, const char *channel, int64_t deadline_ms)
{
	struct strbuf sql AUTO(strbuf_release) = STRBUF_INIT;
	char *name = PQescapeIdentifier(connection, channel, strlen(channel));
	PGresult *result = NULL;
	bool is_done;

	strbuf_addf(&sql, "LISTEN %s", name ? name : "");
	PQfreemem(name);
	is_done = PQsendQuery(connection, sql.text) &&
		  connection_finish(connection, deadline_ms, &result) ==
			  OUTCOME_ROWS;
	PQclear(result);
	return is_done;
}

/* One attempt at a new connection that listens to every channel. */
static bool open_once(struct store *store, int wake_fd, int64_t deadline_ms,
	struct error *error)
{
	store->connection = connection_open(store->settings.url,
		store->settings.application, store->settings.patience_ms,
		wake_fd, deadline_ms, error);
	if (!store->connection)
		return false;
	for (size_t i = 0; i < store->channel_count; i++) {
		if (listen_to(
			    store->connection, store->channels[i], deadline_ms))
			continue;
		drop_connection(store);
		(void)failed(error, ERROR_UNAVAILABLE,
			"the clinic's records cannot be reached right now, "
			"please try again in a minute");
		return failed_because(error, "LISTEN failed");
	}
	store->has_missed = store->channel_count > 0;
	return true;
}

/* A connection that stands, new if need be; tries till the deadline. */
static bool be_connected(struct store *store, int wake_fd, int64_t deadline_ms,
	struct error *error)
{
	int64_t pause_ms = PAUSE_FIRST_MS;

	if (store->connection && connection_is_alive(store->connection))
		return true;
	if (store->connection)
		drop_connection(store);
	while (!open_once(store, wake_fd, deadline_ms, error)) {
		int64_t next_ms = clock_monotonic_ms() + pause_ms;

		if (error->kind == ERROR_BUG)
			return false;
		say_away(store, error);
		if (next_ms >= deadline_ms)
			return false;
		if (connection_await(-1, 0, wake_fd, next_ms) == IS_WOKEN)
			return false;
		pause_ms = pause_ms * 2 > PAUSE_LAST_MS ? PAUSE_LAST_MS
							: pause_ms * 2;
	}
	say_back(store);
	return true;
}

/* Prepares the call's statement where this connection has not yet. */
static enum outcome prepare(
	struct store *store, const struct call *call, PGresult **result)
{
	const struct api_function *function = &api_functions[call->at];
	struct strbuf sql AUTO(strbuf_release) = STRBUF_INIT;
	enum outcome outcome;

	*result = NULL;
	if (store->is_prepared[call->at])
		return OUTCOME_ROWS;
	print_select(&sql, function);
	if (!PQsendPrepare(
		    store->connection, function->name, sql.text, 0, NULL))
		return OUTCOME_LOST;
	outcome =
		connection_finish(store->connection, call->deadline_ms, result);
	store->is_prepared[call->at] = outcome == OUTCOME_ROWS;
	return outcome;
}

/* Makes the call once. *is_sent: it may have reached the server. */
static enum outcome run(struct store *store, const struct call *call,
	PGresult **result, bool *is_sent)
{
	enum outcome outcome = prepare(store, call, result);

	*is_sent = false;
	if (outcome != OUTCOME_ROWS)
		return outcome;
	PQclear(*result);
	*result = NULL;
	if (!PQsendQueryPrepared(store->connection,
		    api_functions[call->at].name, call->count, call->values,
		    NULL, NULL, 0))
		return OUTCOME_LOST;
	*is_sent = true;
	return connection_finish(store->connection, call->deadline_ms, result);
}

static bool is_usable(const struct store *store)
{
	return PQstatus(store->connection) == CONNECTION_OK &&
	       PQtransactionStatus(store->connection) == PQTRANS_IDLE;
}

/* What the asker reads when an answer did not come. */
static void answer_lost(const struct store *store, const char *function,
	bool may_be_done, struct error *error)
{
	const char *why = PQerrorMessage(store->connection);

	(void)failed(error, ERROR_UNAVAILABLE, "%s",
		may_be_done ? "the clinic's records went away in the middle of "
			      "this, please look whether it was done before "
			      "you try again"
			    : "the clinic's records cannot be reached right "
			      "now, please try again in a minute");
	(void)failed_because(error, "api.%s: no answer %.*s", function,
		(int)strcspn(why, "\n"), why);
}

/* Makes the call, and again as long as that is safe and patience lasts. */
static struct rows *make_call(
	struct store *store, const struct call *call, struct error *error)
{
	const struct api_function *function = &api_functions[call->at];

	for (;;) {
		PGresult *result = NULL;
		bool is_sent = false, may_repeat = false;

		if (!be_connected(store, -1, call->retry_ms, error))
			return NULL;
		switch (run(store, call, &result, &is_sent)) {
		case OUTCOME_ROWS:
			return rows_new(result);
		case OUTCOME_REFUSED:
			refusal_read(result, function->name, error);
			may_repeat = refusal_is_passing(result);
			break;
		case OUTCOME_LOST:
			may_repeat = !is_sent || function->is_idempotent;
			answer_lost(store, function->name, !may_repeat, error);
			break;
		}
		PQclear(result);
		if (!is_usable(store)) {
			say_away(store, error);
			drop_connection(store);
		}
		if (!may_repeat ||
			clock_monotonic_ms() + PAUSE_FIRST_MS >= call->retry_ms)
			return NULL;
		(void)connection_await(
			-1, 0, -1, clock_monotonic_ms() + PAUSE_FIRST_MS);
	}
}

static struct rows *call_with(struct store *store, struct error *error,
	const char *function, va_list arguments)
{
	struct error unwanted;
	struct call call = {.count = 0};

	if (!error)
		error = &unwanted;
	if (!read_call(&call, function, arguments, error))
		return NULL;
	call.retry_ms = clock_monotonic_ms() + store->settings.patience_ms;
	call.deadline_ms = call.retry_ms + GRACE_MS;
	return make_call(store, &call, error);
}

struct store *store_new(const struct store_settings *settings)
{
	struct store *store = xcalloc(1, sizeof(*store));

	store->settings = *settings;
	if (store->settings.patience_ms <= 0)
		store->settings.patience_ms = PATIENCE_MS;
	return store;
}

void store_free(struct store *store)
{
	if (!store)
		return;
	PQfinish(store->connection);
	PQfreemem(store->notice);
	for (size_t i = 0; i < store->channel_count; i++)
		free(store->channels[i]);
	free(store);
}

void store_release(struct store **store)
{
	store_free(*store);
}

struct rows *store_call(
	struct store *store, struct error *error, const char *function, ...)
{
	struct rows *rows;
	va_list arguments;

	va_start(arguments, function);
	rows = call_with(store, error, function, arguments);
	va_end(arguments);
	return rows;
}

bool store_do(
	struct store *store, struct error *error, const char *function, ...)
{
	struct rows *rows;
	va_list arguments;

	va_start(arguments, function);
	rows = call_with(store, error, function, arguments);
	va_end(arguments);
	rows_free(rows);
	return rows != NULL;
}

static bool check_version(struct store *store, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(store, error, "version", STORE_END);
	long long version;

	if (!rows && error->kind != ERROR_BUG)
		return false;
	if (!rows) {
		char detail[sizeof(error->detail)];

		(void)snprintf(detail, sizeof(detail), "%s", error->detail);
		(void)failed(error, ERROR_BUG,
			"the database has no schema \"api\" that this role may "
			"use, run the migration first");
		return failed_because(error, "%s", detail);
	}
	version = rows_count(rows) ? rows_number(rows, 0, "version") : 0;
	if (version == API_SCHEMA_VERSION)
		return true;
	return failed(error, ERROR_BUG,
		"the database has schema version %lld and this program needs "
		"%d, run the %s",
		version, API_SCHEMA_VERSION,
		version < API_SCHEMA_VERSION ? "migration first"
					     : "program that fits");
}

/* The functions of api.h that are not in the database with these parameters,
 * or that this role may not execute. */
static const char find_unfit[] =
	"SELECT f FROM pg_catalog.unnest($1::text[]) AS f WHERE NOT coalesce("
	"pg_catalog.has_function_privilege(pg_catalog.to_regprocedure(f), "
	"'EXECUTE'), false) LIMIT 1";

static bool check_functions(struct store *store, struct error *error)
{
	struct strbuf names AUTO(strbuf_release) = STRBUF_INIT;
	int64_t now_ms = clock_monotonic_ms();
	int64_t retry_ms = now_ms + store->settings.patience_ms;
	PGresult *result = NULL;
	bool is_fit;

	for (size_t i = 0; i < COUNT_OF(api_functions); i++)
		strbuf_addf(&names, "%s\"api.%s(%s)\"", i ? "," : "{",
			api_functions[i].name, api_functions[i].parameters);
	strbuf_add(&names, "}");
	if (!be_connected(store, -1, retry_ms, error))
		return false;
	if (!PQsendQueryParams(store->connection, find_unfit, 1, NULL,
		    (const char *const[]){names.text}, NULL, NULL, 0) ||
		connection_finish(store->connection, retry_ms + GRACE_MS,
			&result) == OUTCOME_LOST) {
		answer_lost(store, "version", false, error);
		drop_connection(store);
		return false;
	}
	is_fit = PQresultStatus(result) == PGRES_TUPLES_OK &&
		 PQntuples(result) == 0;
	if (!is_fit && PQresultStatus(result) == PGRES_TUPLES_OK)
		(void)failed(error, ERROR_BUG,
			"the database has no function \"%s\" that this role "
			"may execute, run the migration first",
			PQgetvalue(result, 0, 0));
	else if (!is_fit)
		refusal_read(result, "version", error);
	PQclear(result);
	return is_fit;
}

bool store_check(struct store *store, struct error *error)
{
	return check_version(store, error) && check_functions(store, error);
}

void store_listen(struct store *store, const char *channel)
{
	if (store->channel_count == CHANNELS_MAX) {
		log_error("store listens to too many channels");
		abort();
	}
	store->channels[store->channel_count++] = xstrdup(channel);
	/* The next call or wait connects again and listens to all. */
	if (store->connection)
		drop_connection(store);
}

const char *store_news(const struct store *store)
{
	return store->notice && store->notice->extra ? store->notice->extra
						     : "";
}

bool store_wait(
	struct store *store, int timeout_ms, int wake_fd, const char **channel)
{
	int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
	struct error error;

	for (;;) {
		if (!be_connected(store, wake_fd, deadline_ms, &error))
			return false;
		*channel = "";
		if (store->has_missed) {
			PQfreemem(store->notice);
			store->notice = NULL;
			store->has_missed = false;
			return true;
		}
		PQfreemem(store->notice);
		store->notice = PQnotifies(store->connection);
		if (store->notice) {
			*channel = store->notice->relname;
			return true;
		}
		if (connection_await(PQsocket(store->connection), POLLIN,
			    wake_fd, deadline_ms) != IS_READY)
			return false;
	}
}
