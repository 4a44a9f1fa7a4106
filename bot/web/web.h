/* web.h - the small HTTP server (libmicrohttpd).
 *
 * It serves what is registered with it at its start: a table of routes. It reads
 * no bodies, knows GET and HEAD, and bounds connections, headers and time. It has
 * no TLS and listens on loopback by default: a web server that people have
 * already (nginx, Caddy, Apache) stands in front of it and has the certificate.
 *
 * To serve something new is to add a route in main.c:
 *
 *	{"/files/", file_serve, mirror} */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/error.h"

struct web;

struct web_request {
	const char *path; /* behind the route's prefix, escapes read */
};

/* What a handler fills in; it begins as "there is nothing here". */
struct web_answer {
	int status;
	const char *type;   /* borrowed for ever: "image/jpeg" */
	int file;           /* what to send, closed by the server; or -1 */
	char *text;         /* or this, freed by the server; or NULL */
	bool is_attachment; /* to be kept, not to be shown by a browser */
	int max_age_s;      /* how long a browser may keep it */
};

/* Called by the server's threads, several at once. */
typedef void web_handler(void *context, const struct web_request *request,
	struct web_answer *answer);

struct web_route {
	const char *prefix; /* of the path: "/files/"; borrowed */
	web_handler *handler;
	void *context;
};

/* Starts it. The routes are copied. NULL when it cannot listen there
 * (ERROR_USAGE). */
struct web *web_new(const char *host, int port, const struct web_route *routes,
	size_t route_count, struct error *error) MUST_CHECK;
/* Ends it, and what is being sent. NULL is fine. */
void web_free(struct web *web);

#endif
