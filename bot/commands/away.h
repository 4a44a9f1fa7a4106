/* away.h - who has not answered when a doctor is away. */
#ifndef COMMANDS_AWAY_H
#define COMMANDS_AWAY_H

#include "base/strbuf.h"
#include "desk/request.h"

/* Lists the visits still booked in the doctor's time off and what their patients
 * say; nothing when there are none. */
bool tell_unanswered(struct request *request, struct strbuf *answer,
	struct error *error) MUST_CHECK;

#endif
