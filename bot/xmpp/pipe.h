/* pipe.h - stands between libstrophe and the server, with the sieve inside.
 *
 * libstrophe reads its socket itself and lets nobody look at the bytes before
 * it does. So the pipe takes the socket's place: under the descriptor that
 * libstrophe knows is then one end of a pair of sockets, and the pipe carries
 * bytes between the other end and the server; what comes in passes the sieve
 * (sieve.h), which keeps the stanzas. When the server closes, or what it sends cannot be read, libstrophe
 * finds its own end closed too.
 *
 * It never waits. It belongs to one thread, which polls and carries. */
#ifndef XMPP_PIPE_H
#define XMPP_PIPE_H

#include <stdbool.h>

#include "base/attributes.h"
#include "base/error.h"
#include "xmpp/stanza.h"

#define PIPE_POLLED 2

struct pipe;
struct pollfd;

/* Whether libstrophe's socket is connected, so that a pipe can be put in. */
bool pipe_fits(int descriptor);
/* Takes the place of a connected socket from which nothing was read. libstrophe
 * still owns the descriptor and closes it. on_stanza is called while the pipe
 * carries in, and owns the stanza. NULL: ERROR_UNAVAILABLE. */
struct pipe *pipe_new(int descriptor,
	void (*on_stanza)(void *context, stanza *incoming), void *context,
	struct error *error) MUST_CHECK;
/* Writes what libstrophe said last, if the server takes it at once, and closes
 * the connection. NULL is fine. */
void pipe_free(struct pipe *pipe);

/* What is worth waiting for, in PIPE_POLLED entries. NULL: nothing. */
void pipe_poll(const struct pipe *pipe, struct pollfd *polled);
/* Carries what can be carried now, from the server and to it. NULL is fine. */
void pipe_carry_in(struct pipe *pipe);
void pipe_carry_out(struct pipe *pipe);
/* Whether bytes wait that pipe_carry_in() would bring to libstrophe. */
bool pipe_has_input(const struct pipe *pipe);
/* Whether bytes of libstrophe's have not been taken by the connection yet. */
bool pipe_has_output(const struct pipe *pipe);

#endif
