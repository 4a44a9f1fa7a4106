/* call_asked.h - inside the mirror: what one app asked another in a call.
 *
 * An app that has crashed, or lost the network without a word, answers nothing,
 * and who asked would wait for ever: after a while the clinic answers instead
 * (remote-server-timeout), and what comes later is dropped. Of the mirror's IQs
 * only those of a session's are noted, because there somebody waits, and a fixed
 * number of them: one that is pushed out by another, or asked before the bot
 * started, is passed on without a limit. Any thread. */
#ifndef MIRROR_CALL_ASKED_H
#define MIRROR_CALL_ASKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "xmpp/stanza.h"

struct call_asked;
struct passage;

struct call_asked *call_asked_new(void) MUST_CHECK;
void call_asked_free(struct call_asked *asked); /* NULL is fine */
/* A request is passed on, which is to be answered by then (monotonic). */
void call_asked_add(struct call_asked *asked, const struct passage *passage,
	const stanza *request, int64_t due_ms);
/* An answer came, whose way is passage. False: it is too late. */
bool call_asked_take(struct call_asked *asked, const struct passage *passage,
	const char *id) MUST_CHECK;
/* The error for one that was not answered in time, which the caller sends and so
 * frees; NULL: there is none more. */
stanza *call_asked_due(struct call_asked *asked, int64_t now_ms) MUST_CHECK;
/* How many wait for an answer. */
size_t call_asked_count(struct call_asked *asked);

#endif
