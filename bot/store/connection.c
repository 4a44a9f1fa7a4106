/* connection.c - libpq without ever waiting for ever. */
#include "store/connection.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "store/store.h"

#define OPTIONS_MAX 64 /* libpq knows about 40 */

enum readiness connection_await(
	int fd, short events, int wake_fd, int64_t deadline_ms)
{
	struct pollfd fds[] = {
		{.fd = fd, .events = events},
		{.fd = wake_fd, .events = POLLIN},
	};

	for (;;) {
		int64_t left_ms = deadline_ms - clock_monotonic_ms();
		int ready;

		if (left_ms < 0)
			left_ms = 0;
		ready = poll(fds, 2, left_ms > 60000 ? 60000 : (int)left_ms);
		if (ready > 0)
			return fds[1].revents ? IS_WOKEN : IS_READY;
		if (ready == 0 && left_ms <= 60000)
			return IS_LATE;
	}
}

static void ignore_notice(void *context, const PGresult *notice)
{
	(void)context; /* a notice may quote what a person wrote */
	(void)notice;
}

/* The first line of what libpq says of a connection; no values are in it. */
static bool cannot_connect(struct error *error, PGconn *connection)
{
	const char *why =
		connection ? PQerrorMessage(connection) : "out of memory";

	(void)failed(error, ERROR_UNAVAILABLE,
		"the clinic's records cannot be reached right now, please "
		"try again in a minute");
	return failed_because(error, "%.*s", (int)strcspn(why, "\n"), why);
}

bool store_url_reads(const char *url)
{
	PQconninfoOption *parsed = PQconninfoParse(url, NULL);

	PQconninfoFree(parsed);
	return parsed && *url;
}

/* Starts to connect with the URL's parameters and our own after them. */
static PGconn *start(const char *url, const char *application, int statement_ms)
{
	PQconninfoOption *parsed = PQconninfoParse(url, NULL);
	const char *keywords[OPTIONS_MAX + 8] = {NULL};
	const char *values[OPTIONS_MAX + 8] = {NULL};
	struct strbuf options AUTO(strbuf_release) = STRBUF_INIT;
	PGconn *connection;
	int count = 0;

	if (!parsed)
		return NULL;
	for (PQconninfoOption *o = parsed; o->keyword; o++) {
		if (!o->val || count == OPTIONS_MAX)
			continue;
		if (strcmp(o->keyword, "options") == 0) {
			strbuf_addf(&options, "%s ", o->val);
			continue;
		}
		keywords[count] = o->keyword;
		values[count++] = o->val;
	}
	strbuf_addf(&options,
		"-c statement_timeout=%d -c timezone=UTC -c datestyle=ISO "
		"-c jit=off -c client_min_messages=warning",
		statement_ms);
	keywords[count] = "options";
	values[count++] = options.text;
	keywords[count] = "client_encoding";
	values[count++] = "UTF8";
	keywords[count] = "fallback_application_name";
	values[count++] = application;
	/* A peer that vanished is noticed in the time of a minute. */
	keywords[count] = "keepalives_idle";
	values[count++] = "30";
	keywords[count] = "keepalives_interval";
	values[count++] = "10";
	keywords[count] = "keepalives_count";
	values[count++] = "3";
	connection = PQconnectStartParams(keywords, values, 0);
	PQconninfoFree(parsed);
	return connection;
}

static bool finish_connecting(
	PGconn *connection, int wake_fd, int64_t deadline_ms)
{
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;

	if (!connection || PQstatus(connection) == CONNECTION_BAD)
		return false;
	while (state != PGRES_POLLING_OK) {
		short events =
			state == PGRES_POLLING_READING ? POLLIN : POLLOUT;

		if (connection_await(PQsocket(connection), events, wake_fd,
			    deadline_ms) != IS_READY)
			return false;
		state = PQconnectPoll(connection);
		if (state == PGRES_POLLING_FAILED)
			return false;
	}
	return PQsetnonblocking(connection, 1) == 0;
}

PGconn *connection_open(const char *url, const char *application,
	int statement_ms, int wake_fd, int64_t deadline_ms, struct error *error)
{
	PGconn *connection = start(url, application, statement_ms);

	if (!connection) {
		(void)failed(error, ERROR_BUG,
			"the setting for the database is not a libpq "
			"connection string");
		return NULL;
	}
	if (!finish_connecting(connection, wake_fd, deadline_ms)) {
		(void)cannot_connect(error, connection);
		PQfinish(connection);
		return NULL;
	}
	(void)PQsetNoticeReceiver(connection, ignore_notice, NULL);
	return connection;
}

bool connection_is_alive(PGconn *connection)
{
	/* A server that went away has left an end of file to read. */
	return PQconsumeInput(connection) == 1 &&
	       PQstatus(connection) == CONNECTION_OK;
}

/* Waits till the next result can be taken without waiting; false when late. A
 * lost connection counts as a result: libpq then has an error to tell. */
static bool await_result(PGconn *connection, int64_t deadline_ms)
{
	for (;;) {
		int unsent = PQflush(connection);
		short events = POLLIN;

		if (unsent == 0 && !PQisBusy(connection))
			return true;
		if (unsent != 0)
			events |= POLLOUT;
		if (unsent < 0 || PQstatus(connection) == CONNECTION_BAD)
			return true;
		if (connection_await(PQsocket(connection), events, -1,
			    deadline_ms) != IS_READY)
			return false;
		if (!PQconsumeInput(connection))
			return true;
	}
}

static bool has_rows(const PGresult *result)
{
	return PQresultStatus(result) == PGRES_TUPLES_OK ||
	       PQresultStatus(result) == PGRES_COMMAND_OK;
}

static bool has_sqlstate(const PGresult *result)
{
	return PQresultErrorField(result, PG_DIAG_SQLSTATE) != NULL;
}

bool connection_is_fatal(const PGresult *error)
{
	const char *severity =
		PQresultErrorField(error, PG_DIAG_SEVERITY_NONLOCALIZED);

	return !severity || strcmp(severity, "ERROR") != 0;
}

enum outcome connection_finish(
	PGconn *connection, int64_t deadline_ms, PGresult **result)
{
	PGresult *rows = NULL, *error = NULL;
	bool is_whole = false, is_lost = false;

	/* The commit follows the rows and precedes the end of the results, so
	 * only who has read to the end knows of it. */
	while (!is_whole && await_result(connection, deadline_ms)) {
		PGresult *next = PQgetResult(connection);

		if (!next) {
			is_whole = true;
		} else if (has_rows(next)) {
			PQclear(rows);
			rows = next;
		} else if (!error && has_sqlstate(next)) {
			error = next;
		} else { /* it is libpq that speaks, of the loss */
			is_lost = true;
			PQclear(next);
		}
	}
	/* An error says that nothing was done, unless it is the server's
	 * farewell after the rows. */
	if (error && !(rows && connection_is_fatal(error))) {
		PQclear(rows);
		*result = error;
		return OUTCOME_REFUSED;
	}
	PQclear(error);
	if (rows && is_whole && !is_lost && !error) {
		*result = rows;
		return OUTCOME_ROWS;
	}
	PQclear(rows);
	*result = NULL;
	return OUTCOME_LOST;
}
