/* link.h - libstrophe's connection to the server's component listener.
 *
 * What must be done around libstrophe so that it can be used is done here; why
 * there is no connection is said in words. It belongs to one thread. */
#ifndef XMPP_LINK_H
#define XMPP_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/error.h"

struct link;

/* All is borrowed. */
struct link_settings {
	const char *host;
	unsigned short port;
	const char *domain, *secret;
	void (*on_up)(void *context);
	/* It went down, or could not come up, and why. is_refused: the server
	 * said so, and only a person can change that. */
	void (*on_down)(
		void *context, const struct error *why, bool is_refused);
	void *context;
};

struct link *link_new(const struct link_settings *settings) MUST_CHECK;
/* Begins to connect; returns the socket, which is the link's, or -1 (and has
 * called on_down). */
int link_connect(struct link *link) MUST_CHECK;
/* Writes, reads and calls back, once; never waits. */
void link_run(struct link *link);
/* Copies the text, to be written. */
void link_send(struct link *link, const char *text, size_t length);
/* Whether something waits to be written; whether its socket is worth polling for
 * that. */
bool link_has_output(const struct link *link);
bool link_is_writing(const struct link *link);
/* Says goodbye; on_down comes when the server has answered. */
void link_close(struct link *link);
void link_free(struct link *link); /* NULL is fine */

#endif
