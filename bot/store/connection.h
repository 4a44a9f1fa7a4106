/* connection.h - inside the store: libpq without ever waiting for ever.
 *
 * Every wait ends at a deadline (of the monotonic clock, base/clock.h)
 * or, where wake_fd is not -1, when that descriptor becomes readable. */
#ifndef STORE_CONNECTION_H
#define STORE_CONNECTION_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/error.h"

enum readiness { IS_READY, IS_LATE, IS_WOKEN };

/* How a statement ended, as far as it can be known. */
enum outcome {
	OUTCOME_ROWS,    /* committed; the result holds the rows */
	OUTCOME_REFUSED, /* rolled back; the result holds the error */
	OUTCOME_LOST,    /* connection lost or late: it may have committed */
};

/* Waits for events of poll(2) on fd (-1: none). */
enum readiness connection_await(
	int fd, short events, int wake_fd, int64_t deadline_ms);

/* A new connection whose statements the server ends after statement_ms; NULL
 * and ERROR_UNAVAILABLE when there is none till the deadline. */
PGconn *connection_open(const char *url, const char *application,
	int statement_ms, int wake_fd, int64_t deadline_ms,
	struct error *error) MUST_CHECK;
/* Whether an idle connection still stands, as far as this end can know. */
bool connection_is_alive(PGconn *connection) MUST_CHECK;
/* After one of libpq's PQsend functions returned 1: reads what the statement
 * came to. *result is the caller's; NULL when OUTCOME_LOST. */
enum outcome connection_finish(
	PGconn *connection, int64_t deadline_ms, PGresult **result) MUST_CHECK;
/* Whether an error of OUTCOME_REFUSED also ended the connection. */
bool connection_is_fatal(const PGresult *error) MUST_CHECK;

#endif
