/* log.c - one line to stderr, as journald reads it. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static enum log_level highest_level = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
	highest_level = level;
}

static void PRINTF(2, 0)
	log_line(enum log_level level, const char *format, va_list arguments)
{
	char line[1024];
	int length;

	if (level > highest_level)
		return;
	length = snprintf(line, sizeof(line), "<%d>", (int)level);
	length += vsnprintf(line + length, sizeof(line) - (size_t)length - 1,
		format, arguments);
	if ((size_t)length > sizeof(line) - 2)
		length = (int)sizeof(line) - 2;
	for (int i = 0; i < length; i++)
		if ((unsigned char)line[i] < ' ')
			line[i] = ' ';
	line[length++] = '\n';
	if (write(STDERR_FILENO, line, (size_t)length) < 0)
		return; /* nobody left to tell */
}

/* clang-format off */
#define LOG_FUNCTION(name, level)                                              \
	void name(const char *format, ...)                                     \
	{                                                                      \
		va_list arguments;                                             \
		va_start(arguments, format);                                   \
		log_line(level, format, arguments);                            \
		va_end(arguments);                                             \
	}
LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warning, LOG_LEVEL_WARNING)
LOG_FUNCTION(log_notice, LOG_LEVEL_NOTICE)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)
/* clang-format on */

void log_failure(const struct error *error, const char *what)
{
	const char *kind = error_kind_name(error->kind);

	switch (error->kind) {
	case ERROR_BUG:
		log_error("%s failed kind=%s detail=\"%s\"", what, kind,
			error->detail);
		return;
	case ERROR_UNAVAILABLE:
		log_warning("%s failed kind=%s detail=\"%s\"", what, kind,
			error->detail);
		return;
	case ERROR_DENIED:
		log_notice("%s refused kind=%s", what, kind);
		return;
	case ERROR_USAGE:
	case ERROR_MISSING:
	case ERROR_CONFLICT:
		log_debug("%s failed kind=%s", what, kind);
		return;
	}
}
