/* error.c - what went wrong, as one of six kinds and one sentence. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

bool failed(struct error *error, enum error_kind kind, const char *format, ...)
{
	va_list arguments;

	if (!error)
		return false;
	error->kind = kind;
	error->detail[0] = '\0';
	va_start(arguments, format);
	(void)vsnprintf(
		error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	return false;
}

bool failed_because(struct error *error, const char *format, ...)
{
	va_list arguments;

	if (!error)
		return false;
	va_start(arguments, format);
	(void)vsnprintf(
		error->detail, sizeof(error->detail), format, arguments);
	va_end(arguments);
	return false;
}

const char *error_kind_name(enum error_kind kind)
{
	switch (kind) {
	case ERROR_USAGE:
		return "usage";
	case ERROR_DENIED:
		return "denied";
	case ERROR_MISSING:
		return "missing";
	case ERROR_CONFLICT:
		return "conflict";
	case ERROR_UNAVAILABLE:
		return "unavailable";
	case ERROR_BUG:
		return "bug";
	}
	return "unknown";
}
