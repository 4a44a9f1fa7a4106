/* sieve.h - takes what is too much for libstrophe out of the incoming stream.
 *
 * libstrophe builds the whole tree of a stanza before anybody may refuse it, and
 * walks all siblings to add one more: 40,000 of them take it 21 seconds. So the
 * stream passes the sieve first. What is within the gate's limits (gate.h) is
 * handed on byte by byte as it came; in place of a stanza beyond them goes a
 * small one of the same kind with the same from, to, id and type, which the
 * gate refuses and the sender hears of.
 *
 * A stanza is handed on when its end has come. White space may follow it: an
 * expat that defers (2.6, and Debian's 2.5.0) looks at a tag that came in parts
 * only when as much again has come, and so would libstrophe's. */
#ifndef XMPP_SIEVE_H
#define XMPP_SIEVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/error.h"
#include "base/strbuf.h"

#define SIEVE_BYTES ((size_t)64 * 1024)

struct sieve;

/* For one stream, from its first byte. */
struct sieve *sieve_new(void) MUST_CHECK;
/* Takes the next length bytes of the stream, SIEVE_BYTES at most, and adds to
 * out what may be handed on. False: this is no stream that can be read (not
 * well formed, or what XMPP forbids, or a stanza without end), in words for the
 * log (ERROR_UNAVAILABLE). Not to be called again then. */
bool sieve_run(struct sieve *sieve, const char *bytes, size_t length,
	struct strbuf *out, struct error *error) MUST_CHECK;
void sieve_free(struct sieve *sieve); /* NULL is fine */

#endif
