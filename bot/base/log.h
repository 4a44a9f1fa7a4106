/* log.h - one line to stderr, as journald reads it: "<6>subject verb key=value".
 *
 * Never a message body, a name, a phone number, an address or a secret: a person
 * is person=<id>, or by=<tag> (jid_tag) when unknown. One line is one write, so
 * lines of several threads never mix. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/attributes.h"
#include "base/error.h"

/* syslog(3) levels, the ones that are used. */
enum log_level {
	LOG_LEVEL_NONE = 0, /* nothing is logged */
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARNING = 4,
	LOG_LEVEL_NOTICE = 5,
	LOG_LEVEL_INFO = 6,
	LOG_LEVEL_DEBUG = 7,
};

/* Lines above this level are left out; set once, before threads start. */
void log_set_level(enum log_level level);

void log_error(const char *format, ...) PRINTF(1, 2);
void log_warning(const char *format, ...) PRINTF(1, 2);
void log_notice(const char *format, ...) PRINTF(1, 2);
void log_info(const char *format, ...) PRINTF(1, 2);
void log_debug(const char *format, ...) PRINTF(1, 2);
/* "what failed kind=... detail=...", at the level that the kind deserves. The
 * message itself is not logged: it may quote what a person wrote. */
void log_failure(const struct error *error, const char *what);

#endif
