/* link.c - libstrophe's connection to the server's component listener. */
#include "xmpp/link.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strophe.h>
#include <sys/select.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/memory.h"
#include "xmpp/stanza.h"
#include "xmpp/strophe_memory.h"

struct link {
	struct link_settings settings;
	xmpp_ctx_t *context;
	xmpp_conn_t *connection;
};

static const char *condition_of(const xmpp_stream_error_t *stream_error)
{
	const stanza *condition = stream_error->stanza
					  ? stanza_first(stream_error->stanza)
					  : NULL;

	return condition ? stanza_name(condition) : "stream error";
}

/* Why there is no stream, in words that say what to do. True: the server
 * refused us, and only a person can change that. */
static bool explain(const struct link *link, int error_number,
	const xmpp_stream_error_t *stream_error, struct error *why)
{
	/* clang-format off */
	static const struct {
		xmpp_error_type_t condition;
		enum error_kind kind;
		const char *words;
	} refusals[] = {
		{XMPP_SE_NOT_AUTHORIZED, ERROR_USAGE,
		 "the server does not accept the secret: compare secret in "
		 "[server] with the server's component_secret"},
		{XMPP_SE_HOST_UNKNOWN, ERROR_USAGE,
		 "the server has no component of this name: compare domain in "
		 "[server] with the server's settings"},
		{XMPP_SE_CONFLICT, ERROR_CONFLICT,
		 "another process is connected as this component: stop it, or "
		 "this one"},
	};
	/* clang-format on */

	for (size_t i = 0; stream_error && i < COUNT_OF(refusals); i++)
		if (stream_error->type == refusals[i].condition) {
			failed(why, refusals[i].kind, "%s", refusals[i].words);
			return true;
		}
	failed(why, ERROR_UNAVAILABLE, "no XMPP server talks to us at %s:%d",
		link->settings.host, link->settings.port);
	failed_because(why, "%s",
		stream_error   ? condition_of(stream_error)
		: error_number ? strerror(error_number)
			       : "closed, refused or not found");
	return false;
}

static void tell_down(struct link *link, int error_number,
	const xmpp_stream_error_t *stream_error)
{
	struct error why;
	bool is_refused = explain(link, error_number, stream_error, &why);

	link->settings.on_down(link->settings.context, &why, is_refused);
}

static void on_connection(xmpp_conn_t *connection UNUSED,
	xmpp_conn_event_t event, int error_number,
	xmpp_stream_error_t *stream_error, void *context)
{
	struct link *link = context;

	if (event == XMPP_CONN_CONNECT)
		link->settings.on_up(link->settings.context);
	else
		tell_down(link, error_number, stream_error);
}

/* The socket that libstrophe made last, in this thread: its callback has no
 * other way to say whose. */
static _Thread_local int made_socket;

/* libstrophe selects with FD_SET: a descriptor of 1024 or more would write
 * beyond the set. Refusing it here makes the connection fail instead. */
static int on_socket(xmpp_conn_t *connection, void *socket_place)
{
	int socket = *(const int *)socket_place;

	if (socket >= FD_SETSIZE) {
		log_error("stream cannot connect limit=%d "
			  "reason=\"too many open descriptors\"",
			FD_SETSIZE);
		return -1;
	}
	made_socket = socket;
	/* A small answer shall not wait for the server's acknowledgement. */
	int yes = 1;
	(void)setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	return xmpp_sockopt_cb_keepalive(connection, socket_place);
}

/* libstrophe 0.12.0 to 0.14.0 allocate the state of stream management only in
 * xmpp_connect_client(), and a component's connection dies by SIGSEGV at its
 * first stanza for want of it. So connect as a client to no host: this fails
 * before a socket is made, calls nobody back and leaves the state behind. Once
 * per connection object; it survives reconnects. */
static void make_stream_management_state(xmpp_conn_t *connection)
{
	(void)xmpp_connect_client(connection, "", 1, on_connection, NULL);
}

struct link *link_new(const struct link_settings *settings)
{
	struct link *link = xcalloc(1, sizeof(*link));

	link->settings = *settings;
	xmpp_initialize();
	link->context = xmpp_ctx_new(&strophe_memory, NULL);
	link->connection = xmpp_conn_new(link->context);
	xmpp_conn_set_jid(link->connection, settings->domain);
	xmpp_conn_set_pass(link->connection, settings->secret);
	xmpp_conn_set_sockopt_callback(link->connection, on_socket);
	make_stream_management_state(link->connection);
	return link;
}

int link_connect(struct link *link)
{
	made_socket = -1;
	if (xmpp_connect_component(link->connection, link->settings.host,
		    link->settings.port, on_connection, link) == XMPP_EOK)
		return made_socket;
	tell_down(link, 0, NULL);
	return -1;
}

void link_run(struct link *link)
{
	xmpp_run_once(link->context, 0);
}

void link_send(struct link *link, const char *text, size_t length)
{
	xmpp_send_raw(link->connection, text, length);
}

bool link_has_output(const struct link *link)
{
	return xmpp_conn_send_queue_len(link->connection) > 0;
}

bool link_is_writing(const struct link *link)
{
	return xmpp_conn_is_connecting(link->connection) ||
	       link_has_output(link);
}

void link_close(struct link *link)
{
	xmpp_disconnect(link->connection);
}

void link_free(struct link *link)
{
	if (!link)
		return;
	xmpp_conn_release(link->connection);
	xmpp_ctx_free(link->context);
	xmpp_shutdown();
	free(link);
}
