/* talks.h - what was written, for the commands of other subjects. */
#ifndef COMMANDS_TALKS_H
#define COMMANDS_TALKS_H

#include "desk/command.h"

/* "since" and "partner": what of a conversation is meant; both may be left out. */
#define TALK_FIELDS 2
extern const struct field talk_fields[TALK_FIELDS];
/* "Since Mon 30 Nov, the latest first:"; since: as it is said, or NULL. */
void say_latest(struct strbuf *answer, const struct request *request,
	const char *since);
/* Tells a page of what was said in the team of the form's "patient", since the
 * form's "since". */
bool tell_team_history(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error) MUST_CHECK;

#endif
