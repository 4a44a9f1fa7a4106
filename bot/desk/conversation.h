/* conversation.h - what the desk answers to a sentence.
 *
 * Straight line: load the open form, read the sentence into it, ask the next
 * question or run the command, keep the form. It knows no XMPP. */
#ifndef DESK_CONVERSATION_H
#define DESK_CONVERSATION_H

#include "base/error.h"
#include "base/strbuf.h"
#include "desk/request.h"

/* Adds the answer to what a person wrote (raw, as it came). When the database is
 * away, the answer says so and the form stays as it was. False: nothing of what
 * was written has been stored. */
bool converse(struct request *request, const char *raw, struct strbuf *answer);

/* An error as the desk says it: a sentence with a capital and a full stop. */
void say_error(
	struct strbuf *out, const char *language, const struct error *error);

#endif
