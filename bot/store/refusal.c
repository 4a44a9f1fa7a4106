/* refusal.c - SQLSTATE becomes one of our six kinds. */
#include "store/refusal.h"

#include <string.h>

static const struct {
	const char *state; /* a whole SQLSTATE, or the beginning of several */
	enum error_kind kind;
	bool is_passing;
	const char *message; /* NULL: the database's own */
} states[] = {
	/* clang-format off */
	{"CL001", ERROR_USAGE, false, NULL},
	{"CL002", ERROR_DENIED, false, NULL},
	{"CL003", ERROR_MISSING, false, NULL},
	{"CL004", ERROR_CONFLICT, false, NULL},
	{"CL005", ERROR_UNAVAILABLE, false, NULL},
	{"57014", ERROR_UNAVAILABLE, false,
		"that took too long, please try again in a minute"},
	{"40", ERROR_UNAVAILABLE, true,
		"the clinic is very busy right now, please try again"},
	{"55P03", ERROR_UNAVAILABLE, false,
		"the clinic is very busy right now, please try again"},
	{"57P", ERROR_UNAVAILABLE, true,
		"the clinic's records cannot be reached right now, please "
		"try again in a minute"},
	{"25P03", ERROR_UNAVAILABLE, true,
		"the clinic's records cannot be reached right now, please "
		"try again in a minute"},
	{"25006", ERROR_UNAVAILABLE, false,
		"the clinic's records cannot be changed right now, please "
		"try again later"},
	{"53", ERROR_UNAVAILABLE, false,
		"the clinic's records are full right now, please try again "
		"later"},
	{"", ERROR_BUG, false,
		"something went wrong on our side; it has been noted"},
	/* clang-format on */
};

/* The row of states that fits; the last one fits everything. */
static size_t find_state(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	size_t at = 0;

	while (strncmp(state ? state : "", states[at].state,
		       strlen(states[at].state)) != 0)
		at++;
	return at;
}

static const char *field(const PGresult *result, int code)
{
	const char *text = PQresultErrorField(result, code);

	return text ? text : "";
}

bool refusal_is_passing(const PGresult *result)
{
	return states[find_state(result)].is_passing;
}

void refusal_read(
	const PGresult *result, const char *function, struct error *error)
{
	size_t at = find_state(result);
	const char *state = field(result, PG_DIAG_SQLSTATE);
	const char *where = field(result, PG_DIAG_CONTEXT);
	/* Class 42 speaks of names in the code, never of values. */
	const char *what = strncmp(state, "42", 2) == 0
				   ? field(result, PG_DIAG_MESSAGE_PRIMARY)
				   : field(result, PG_DIAG_CONSTRAINT_NAME);

	(void)failed(error, states[at].kind, "%s",
		states[at].message ? states[at].message
				   : field(result, PG_DIAG_MESSAGE_PRIMARY));
	if (strncmp(where, "PL/pgSQL function ", 18) != 0)
		where = "";
	(void)failed_because(error, "api.%s: SQLSTATE %s%s%s%s%.*s", function,
		state, *what ? " " : "", what, *where ? " in " : "",
		(int)strcspn(where, "\n"), where);
}
