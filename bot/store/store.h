/* store.h - PostgreSQL, as one worker sees it: call an API function, read rows.
 *
 * A store is one connection, owned by one thread. It connects at the first call
 * and again after a loss. A call names a function of the schema "api" and passes
 * its parameters as text; C holds no SQL beyond "SELECT * FROM api.f($1, ...)".
 *
 * The functions that may be called stand in one table (store/api.h) with their
 * parameter types and whether they are idempotent. When the connection is lost
 * during a call, it is made again (for up to store_settings.patience_ms) if it
 * certainly did not commit (not sent, or rolled back: SQLSTATE 40001, 40P01,
 * 57P01..3 before the result) or if the function is marked idempotent;
 * otherwise the call fails with ERROR_UNAVAILABLE.
 *
 * A call takes at most patience_ms and one second, whatever the database does;
 * only looking up the server's name is not bounded (libpq blocks there: write
 * an address or a socket's folder). No parameter ever reaches the log. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/error.h"

struct store;
struct rows;

struct store_settings {
	const char *url;         /* libpq connection string or URI; borrowed */
	const char *application; /* shown in pg_stat_activity; borrowed */
	int patience_ms; /* how long a call waits for a lost database or a slow
			  * statement; 0: 5000 */
};

/* Whether libpq can read this as a connection string or URI. */
bool store_url_reads(const char *url);
struct store *store_new(const struct store_settings *settings) MUST_CHECK;
void store_free(struct store *store);
/* For AUTO(store_release). */
void store_release(struct store **store);

/* Calls api.<function> with exactly the parameters its row in store/api.h
 * names, each as text (NULL is SQL NULL), ended by STORE_END:
 *	store_call(store, error, "book", jid, "12", "2026-12-03T14:20Z", STORE_END)
 * Returns its rows (perhaps none), which the caller frees; NULL on failure.
 * The database's own refusals arrive as ERROR_USAGE ... ERROR_CONFLICT with
 * their message; anything unexpected is ERROR_BUG, an absent database
 * ERROR_UNAVAILABLE. */
#define STORE_END ((const char *)-1)
struct rows *store_call(struct store *store, struct error *error,
	const char *function, ...) MUST_CHECK;
/* The same for a call whose rows nobody reads. */
bool store_do(struct store *store, struct error *error, const char *function,
	...) MUST_CHECK;

/* Whether the database answers, has this bot's schema version, and has every
 * function of store/api.h with the same parameters. The message names the
 * first thing that is wrong: ERROR_UNAVAILABLE when it does not answer,
 * ERROR_BUG when the schema does not fit. */
bool store_check(struct store *store, struct error *error) MUST_CHECK;

/* LISTEN: subscribes to a channel, again after every reconnect. */
void store_listen(struct store *store, const char *channel);
/* Waits up to timeout_ms for a notification, for wake_fd (-1: none) to become
 * readable, or for the connection to break. True: a notification came, and
 * *channel (borrowed till the next call) names it. A new connection, the first
 * or after a loss, counts as a notification of every channel: *channel is ""
 * then. */
bool store_wait(
	struct store *store, int timeout_ms, int wake_fd, const char **channel);

/* What the notification that store_wait() told last had to say, "" when nothing.
 * Borrowed till the next call. */
const char *store_news(const struct store *store);

size_t rows_count(const struct rows *rows);
/* The text of a column, NULL for SQL NULL. An unknown column is a bug: abort. */
const char *rows_text(const struct rows *rows, size_t row, const char *column);
/* The same as a number (0 for NULL) and as a truth (false for NULL). */
long long rows_number(const struct rows *rows, size_t row, const char *column);
bool rows_bool(const struct rows *rows, size_t row, const char *column);
void rows_free(struct rows *rows);
/* For AUTO(rows_release). */
void rows_release(struct rows **rows);

#endif
