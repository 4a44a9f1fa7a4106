/* error.h - what went wrong, as one of six kinds and one sentence.
 *
 * A function that can fail returns bool (or a pointer), takes a struct error
 * last and fills it exactly when it fails. The message is for the asker: lower
 * case, no full stop, what could not be done and why, the offending value in
 * double quotes. The detail (SQLSTATE, errno) is for the log only. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

#include "base/attributes.h"

enum error_kind {
	ERROR_USAGE,    /* the asker's words do not fit: ask again otherwise */
	ERROR_DENIED,   /* the asker may not do this */
	ERROR_MISSING,  /* there is no such thing */
	ERROR_CONFLICT, /* somebody or something else is in the way */
	ERROR_UNAVAILABLE, /* not now: database or server away, try again */
	ERROR_BUG,         /* our own mistake */
};

struct error {
	enum error_kind kind;
	char message[400];
	char detail[200];
};

/* Fills *error (NULL: nobody wants to know) and returns false. */
bool failed(struct error *error, enum error_kind kind, const char *format, ...)
	PRINTF(3, 4);
/* Adds the detail for the log to an error that failed() filled; false. */
bool failed_because(struct error *error, const char *format, ...) PRINTF(2, 3);
/* The kind's name in lower case: "usage", "denied", ... */
const char *error_kind_name(enum error_kind kind);

#endif
