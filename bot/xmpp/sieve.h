/* sieve.h - reads what comes from the server, within limits.
 *
 * libstrophe would do it, but not for strangers: it builds the whole tree of a
 * stanza before anybody may refuse it, and walks all siblings to add one more
 * (40,000 of them take it 21 seconds); it takes the prefix off every attribute,
 * so that to it <message p:from='...'/> comes from there; and expat keeps every
 * name that it has seen until the stream ends (14 bytes for each one sent).
 *
 * So the sieve builds the stanzas itself, and libstrophe gets to see only what
 * concerns the stream: its opening, the handshake, errors, its end. A stanza
 * beyond the gate's limits (gate.h) is a small one of the same kind with the same
 * from, to, id and type, which the gate refuses and the sender hears of. Of the
 * attributes with a prefix only xml:lang is kept. Now and then the sieve takes a
 * new expat. */
#ifndef XMPP_SIEVE_H
#define XMPP_SIEVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "xmpp/stanza.h"

#define SIEVE_BYTES ((size_t)64 * 1024)

struct sieve;

/* For one stream, from its first byte. on_stanza owns the stanza that came. */
struct sieve *sieve_new(void (*on_stanza)(void *context, stanza *incoming),
	void *context) MUST_CHECK;
/* Takes the next length bytes of the stream, SIEVE_BYTES at most, and adds to
 * out what libstrophe is to see. False: this is no stream that can be read (not
 * well formed, or what XMPP forbids, or a stanza without end), in words for the
 * log (ERROR_UNAVAILABLE). Not to be called again then. */
bool sieve_run(struct sieve *sieve, const char *bytes, size_t length,
	struct strbuf *out, struct error *error) MUST_CHECK;
void sieve_free(struct sieve *sieve); /* NULL is fine */

#endif
