/* refusal.h - inside the store: SQLSTATE becomes one of our six kinds. */
#ifndef STORE_REFUSAL_H
#define STORE_REFUSAL_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "base/attributes.h"
#include "base/error.h"

/* Fills error from what the database answered to a call of api.<function>.
 * Only messages of our own SQLSTATE class CL are for the asker; what else the
 * database says may quote parameters, so neither message nor detail has it. */
void refusal_read(
	const PGresult *result, const char *function, struct error *error);
/* Whether the same call may well succeed at once: rolled back for a reason that
 * lies in other sessions (deadlock, serialization), or the server ended this
 * session before the statement was through. */
bool refusal_is_passing(const PGresult *result) MUST_CHECK;

#endif
