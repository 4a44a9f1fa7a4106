/* reminders.h - the answer to a reminder, which needs no command. */
#ifndef COMMANDS_REMINDERS_H
#define COMMANDS_REMINDERS_H

#include "base/strbuf.h"
#include "desk/request.h"

/* The patient will come: to the visits with these codes (blanks between), or,
 * when stanza_id is not NULL, to those that the reminder with this id spoke of.
 * Says so; nothing when there are none. */
bool confirm_visits(struct request *request, const char *codes,
	const char *stanza_id, struct strbuf *answer,
	struct error *error) MUST_CHECK;
/* The same for visits with these codes. */
bool confirm_reminded(struct request *request, const char *codes,
	struct strbuf *answer, struct error *error) MUST_CHECK;

#endif
