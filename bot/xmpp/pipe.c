/* pipe.c - stands between libstrophe and the server, with the sieve inside. */
#include "xmpp/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "xmpp/sieve.h"

/* One direction. Reads again only when all of it was written. */
struct flow {
	int from, to;
	struct sieve *sieve; /* that it passes, or NULL */
	struct strbuf bytes;
	size_t written;
	bool is_ended;          /* from says no more */
	char part[SIEVE_BYTES]; /* where a read goes */
};

struct pipe {
	struct flow in, out; /* from the server, to the server */
};

static bool has_bytes(const struct flow *flow)
{
	return flow->written < flow->bytes.length;
}

static bool would_wait(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* Adds what one read brings. */
static void read_some(struct flow *flow)
{
	struct error error;
	ssize_t count =
		recv(flow->from, flow->part, sizeof(flow->part), MSG_DONTWAIT);

	strbuf_reset(&flow->bytes);
	flow->written = 0;
	if (count < 0 && would_wait())
		return;
	if (count <= 0) {
		flow->is_ended = true;
	} else if (!flow->sieve) {
		strbuf_add_bytes(&flow->bytes, flow->part, (size_t)count);
	} else if (!sieve_run(flow->sieve, flow->part, (size_t)count,
			   &flow->bytes, &error)) {
		log_warning(
			"stream cannot be read reason=\"%s\"", error.message);
		flow->is_ended = true;
	}
}

/* Writes what can be written. What can no longer be written is forgotten: the
 * other direction ends too, and that is where it is noticed. */
static void write_some(struct flow *flow)
{
	while (has_bytes(flow)) {
		ssize_t count = send(flow->to, flow->bytes.text + flow->written,
			flow->bytes.length - flow->written,
			MSG_DONTWAIT | MSG_NOSIGNAL);

		if (count < 0 && would_wait())
			return;
		flow->written = count < 0 ? flow->bytes.length
					  : flow->written + (size_t)count;
	}
}

/* Brings bytes on; an end is passed on once, behind all bytes. */
static void carry(struct flow *flow)
{
	if (flow->is_ended && !has_bytes(flow))
		return;
	write_some(flow);
	if (!has_bytes(flow) && !flow->is_ended) {
		read_some(flow);
		write_some(flow);
	}
	if (flow->is_ended && !has_bytes(flow))
		(void)shutdown(flow->to, SHUT_WR);
}

static void poll_flow(
	const struct flow *flow, struct pollfd *from, struct pollfd *to)
{
	if (has_bytes(flow))
		to->events |= POLLOUT;
	else if (!flow->is_ended)
		from->events |= POLLIN;
}

bool pipe_fits(int descriptor)
{
	struct pollfd polled = {.fd = descriptor, .events = POLLOUT};
	int error = 0;
	socklen_t size = sizeof(error);
	struct sockaddr_storage peer;
	socklen_t peer_size = sizeof(peer);

	/* To read SO_ERROR clears it for libstrophe: only when all else fits. */
	return poll(&polled, 1, 0) == 1 && (polled.revents & POLLOUT) &&
	       !(polled.revents & (POLLERR | POLLHUP | POLLNVAL)) &&
	       getpeername(descriptor, (struct sockaddr *)&peer, &peer_size) ==
		       0 &&
	       getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) ==
		       0 &&
	       error == 0;
}

struct pipe *pipe_new(int descriptor,
	void (*on_stanza)(void *context, stanza *incoming), void *context,
	struct error *error)
{
	int ends[2] = {-1, -1};
	int server = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);

	if (server < 0 ||
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			0, ends) < 0 ||
		dup3(ends[0], descriptor, O_CLOEXEC) < 0) {
		failed(error, ERROR_UNAVAILABLE, "no descriptor is left");
		failed_because(error, "%s", strerror(errno));
		for (size_t i = 0; i < COUNT_OF(ends); i++)
			if (ends[i] >= 0)
				close(ends[i]);
		if (server >= 0)
			close(server);
		return NULL;
	}
	close(ends[0]);
	struct pipe *pipe = xcalloc(1, sizeof(*pipe));
	pipe->in.from = pipe->out.to = server;
	pipe->in.to = pipe->out.from = ends[1];
	pipe->in.bytes = pipe->out.bytes = (struct strbuf)STRBUF_INIT;
	pipe->in.sieve = sieve_new(on_stanza, context);
	return pipe;
}

void pipe_free(struct pipe *pipe)
{
	if (!pipe)
		return;
	carry(&pipe->out);
	close(pipe->in.from);
	close(pipe->in.to);
	strbuf_release(&pipe->in.bytes);
	strbuf_release(&pipe->out.bytes);
	sieve_free(pipe->in.sieve);
	free(pipe);
}

void pipe_poll(const struct pipe *pipe, struct pollfd *polled)
{
	struct pollfd server = {.fd = pipe ? pipe->in.from : -1};
	struct pollfd end = {.fd = pipe ? pipe->in.to : -1};

	if (pipe) {
		poll_flow(&pipe->in, &server, &end);
		poll_flow(&pipe->out, &end, &server);
	}
	/* An end that was told is not told again. */
	if (!server.events)
		server.fd = -1;
	if (!end.events)
		end.fd = -1;
	polled[0] = server;
	polled[1] = end;
}

void pipe_carry_in(struct pipe *pipe)
{
	if (pipe)
		carry(&pipe->in);
}

void pipe_carry_out(struct pipe *pipe)
{
	if (pipe)
		carry(&pipe->out);
}

static bool can_read(int descriptor)
{
	int count = 0;

	return ioctl(descriptor, FIONREAD, &count) == 0 && count > 0;
}

bool pipe_has_input(const struct pipe *pipe)
{
	return pipe && (has_bytes(&pipe->in) ||
			       (!pipe->in.is_ended && can_read(pipe->in.from)));
}

bool pipe_has_output(const struct pipe *pipe)
{
	return pipe && (has_bytes(&pipe->out) || can_read(pipe->out.from));
}
