/* gate.h - what may pass between the server and us.
 *
 * One wrong stanza ends the component's stream for everybody: a missing or
 * malformed address, a from outside our domain, too many bytes. And a stanza
 * that is too deep or too large for a client must not reach it through us. */
#ifndef XMPP_GATE_H
#define XMPP_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/error.h"
#include "xmpp/stanza.h"

#define GATE_BYTES ((size_t)200 * 1024)
#define GATE_DEPTH 64
#define GATE_ELEMENTS 2000
#define GATE_ATTRIBUTES 64 /* of one element */

/* What the sieve (sieve.h) puts into a stanza that stands for one which was too
 * much; the gate lets no such stanza in. */
#define NS_REFUSED "urn:carelay:refused"

/* The XML of a stanza that may be written to the stream of this component
 * domain; the caller frees it. NULL when it may not (ERROR_BUG: it was ours). */
char *gate_out(const stanza *outgoing, const char *domain,
	struct error *error) MUST_CHECK;
/* Whether a stanza that came is small and plain enough to be looked at
 * (ERROR_USAGE). */
bool gate_in(const stanza *incoming, struct error *error) MUST_CHECK;

#endif
