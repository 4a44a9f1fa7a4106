/* answers.h - saying yes or no to what is asked of somebody by a message.
 *
 * Each is what "yes" or "no" right under the message does; code is the visit's. */
#ifndef COMMANDS_ANSWERS_H
#define COMMANDS_ANSWERS_H

#include "base/strbuf.h"
#include "desk/request.h"

/* requests.c: the doctor's yes or no to a visit that she is asked for. */
bool approve_request(struct request *request, const char *code,
	struct strbuf *answer, struct error *error) MUST_CHECK;
bool decline_request(struct request *request, const char *code,
	struct strbuf *answer, struct error *error) MUST_CHECK;
/* waitlist.c: a patient's yes or no to a time that was offered. */
bool accept_offer(struct request *request, const char *code,
	struct strbuf *answer, struct error *error) MUST_CHECK;
bool pass_offer(struct request *request, const char *code,
	struct strbuf *answer, struct error *error) MUST_CHECK;

#endif
