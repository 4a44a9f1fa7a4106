/* stream.c - the component's stream to the XMPP server (XEP-0114).
 *
 * libstrophe has no locks, so one thread owns it (link.c). Others put the text of their
 * stanzas into a queue; the stream's thread polls the socket and that queue.
 * What both sides look at is in proof.c. */
#include "xmpp/stream.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/queue.h"
#include "base/strbuf.h"
#include "xmpp/gate.h"
#include "xmpp/link.h"
#include "xmpp/pipe.h"
#include "xmpp/proof.h"

#define PING_ID "ping-"
#define PINGS_MISSED_LIMIT 2
#define BATCH_BYTES ((size_t)64 * 1024) /* handed to libstrophe at once */
#define TURNS_LIMIT 64   /* of libstrophe's loop before we look up */
#define EARLY_LIMIT 1000 /* stanzas before the stream is up */
#define GOODBYE_MS 1500

struct stream {
	struct stream_settings settings; /* its strings are these: */
	char *host, *domain, *secret;
	struct queue *outgoing; /* texts of stanzas */
	struct proof *proof;
	_Atomic uint64_t dropped_count;
	pthread_t thread;
	atomic_bool is_paused, is_stopping;
	_Atomic int64_t drain_until;

	/* the stream's thread alone */
	struct link *link;
	int socket;        /* -1 while not connected */
	struct pipe *pipe; /* in its place, as soon as it is connected */
	bool is_authenticated;
	int64_t retry_at, ping_at; /* monotonic */
	int backoff_ms;
	uint64_t last_ping;
	int pings_missed;
	stanza **arrived; /* and not taken yet */
	size_t arrived_count, arrived_size;
};

static int at_random_between(int low, int high)
{
	return low + (int)arc4random_uniform((uint32_t)(high - low) + 1);
}

static void plan_retry(struct stream *stream, bool is_hopeless)
{
	int longest = stream->settings.retry_max_ms;
	int pause = is_hopeless ? longest : stream->backoff_ms;

	stream->backoff_ms = stream->backoff_ms > longest / 2
				     ? longest
				     : 2 * stream->backoff_ms;
	stream->retry_at = clock_monotonic_ms() +
			   at_random_between(pause - pause / 4, pause);
}

/* A ping goes to our own address: the server sends it back on this stream, in
 * its place behind everything that we wrote before. */
static char *ping_text(struct stream *stream, uint64_t number)
{
	char id[40];
	AUTO(stanza_release) stanza *ping = stanza_new("iq", NULL);

	(void)snprintf(id, sizeof(id), PING_ID "%" PRIu64, number);
	stanza_set(ping, "type", "get");
	stanza_set(ping, "id", id);
	stanza_set(ping, "from", stream->settings.domain);
	stanza_set(ping, "to", stream->settings.domain);
	stanza_add(ping, "ping", NS_PING);
	return stanza_print(ping);
}

/* The ping that came back, or its result or error; the server vouches for from. */
static bool take_ping(struct stream *stream, const stanza *incoming)
{
	const char *from = stanza_get(incoming, "from");
	const char *id = stanza_get(incoming, "id");

	if (!stanza_is(incoming, "iq", NULL) || !from || !id ||
		strcmp(from, stream->settings.domain) != 0 ||
		strncmp(id, PING_ID, strlen(PING_ID)) != 0)
		return false;
	proof_answered(stream->proof, strtoull(id + strlen(PING_ID), NULL, 10));
	return true;
}

/* Puts a text at the end of what is to be written. */
static void push(struct stream *stream, char *text)
{
	void *oldest = NULL;

	if (!queue_push(stream->outgoing, text, &oldest)) {
		free(text);
		return;
	}
	if (!oldest)
		return;
	free(oldest);
	uint64_t count = ++stream->dropped_count;
	proof_lose(stream->proof);
	if (count % 1000 == 1)
		log_warning("stream drops what it cannot keep kept=%d "
			    "dropped=%" PRIu64,
			stream->settings.kept_count, count);
}

/* Sends a ping behind all that was sent before, and returns its number. */
static uint64_t send_ping(struct stream *stream)
{
	uint64_t number = proof_next_ping(stream->proof);

	push(stream, ping_text(stream, number));
	return number;
}

/* What came is given on, or answered when it may not be. */
static void take_stanza(struct stream *stream, stanza *incoming)
{
	struct error error;

	if (take_ping(stream, incoming)) {
		stanza_free(incoming);
	} else if (!gate_in(incoming, &error)) {
		log_notice(
			"stream refuses a stanza reason=\"%s\"", error.message);
		stream_send(stream, stanza_error(incoming, "modify",
					    "policy-violation", error.message));
		stanza_free(incoming);
	} else if (stream->is_paused) {
		stream_send(stream,
			stanza_error(incoming, "wait", "resource-constraint",
				"the clinic's desk is being restarted, please "
				"try again in a minute"));
		stanza_free(incoming);
	} else {
		stream->settings.on_stanza(stream->settings.context, incoming);
	}
}

static void drop_arrived(struct stream *stream)
{
	for (size_t i = 0; i < stream->arrived_count; i++)
		stanza_free(stream->arrived[i]);
	stream->arrived_count = 0;
}

/* The sieve's. What comes in one piece with the handshake waits until libstrophe
 * has seen that. */
static void on_stanza(void *context, stanza *incoming)
{
	struct stream *stream = context;

	if (!stream->is_authenticated && stream->arrived_count >= EARLY_LIMIT)
		drop_arrived(stream);
	if (stream->arrived_count == stream->arrived_size) {
		stream->arrived_size = 2 * stream->arrived_size + 64;
		stream->arrived = xrealloc(stream->arrived,
			stream->arrived_size, sizeof(*stream->arrived));
	}
	stream->arrived[stream->arrived_count++] = incoming;
}

static void take_arrived(struct stream *stream)
{
	if (!stream->is_authenticated)
		return;
	for (size_t i = 0; i < stream->arrived_count; i++)
		take_stanza(stream, stream->arrived[i]);
	stream->arrived_count = 0;
}

static void came_up(void *context)
{
	struct stream *stream = context;

	log_notice("stream up server=%s:%d", stream->settings.host,
		stream->settings.port);
	stream->is_authenticated = true;
	stream->backoff_ms = stream->settings.retry_min_ms;
	stream->pings_missed = 0;
	stream->last_ping = 0;
	stream->ping_at = clock_monotonic_ms() + stream->settings.ping_ms;
	proof_came_up(stream->proof);
	if (stream->settings.on_up)
		stream->settings.on_up(stream->settings.context);
}

static void went_down(void *context, const struct error *why, bool is_refused)
{
	struct stream *stream = context;
	bool was_up = stream->is_authenticated;

	stream->socket = -1;
	pipe_free(stream->pipe);
	stream->pipe = NULL;
	stream->is_authenticated = false;
	drop_arrived(stream);
	plan_retry(stream, is_refused);
	proof_went_down(stream->proof, why);
	if (stream->is_stopping)
		return;
	int retry_ms = (int)(stream->retry_at - clock_monotonic_ms());
	if (is_refused)
		log_error("stream refused server=%s:%d retry_ms=%d "
			  "reason=\"%s\"",
			stream->settings.host, stream->settings.port, retry_ms,
			why->message);
	else
		log_warning("stream %s server=%s:%d retry_ms=%d detail=\"%s\"",
			was_up ? "lost" : "cannot connect",
			stream->settings.host, stream->settings.port, retry_ms,
			why->detail);
}

static void connect_when_due(struct stream *stream)
{
	if (stream->socket >= 0 || clock_monotonic_ms() < stream->retry_at)
		return;
	stream->socket = link_connect(stream->link);
}

/* Gives libstrophe what waits to be written, once it has written what it has:
 * the rest stays in our queue, which survives a reconnect. */
static void hand_over(struct stream *stream)
{
	AUTO(strbuf_release) struct strbuf texts = STRBUF_INIT;

	if (!stream->is_authenticated || link_has_output(stream->link))
		return;
	while (texts.length < BATCH_BYTES) {
		AUTO(free_text) char *text = queue_take_now(stream->outgoing);
		if (!text)
			break;
		strbuf_add(&texts, text);
	}
	if (texts.length)
		link_send(stream->link, texts.text, texts.length);
}

/* libstrophe must not read a byte that has not passed the sieve: without a pipe
 * there is no stream. It reads only after the turn in which it sees that it is
 * connected, so this comes in time. */
static void put_pipe_in(struct stream *stream)
{
	struct error error;

	if (stream->socket < 0 || stream->pipe || !pipe_fits(stream->socket))
		return;
	stream->pipe = pipe_new(stream->socket, on_stanza, stream, &error);
	if (stream->pipe)
		return;
	log_failure(&error, "stream cannot connect");
	shutdown(stream->socket, SHUT_RDWR);
}

/* Takes what has come, and lets libstrophe write, read and call back once. It may
 * say that the stream came up, or went down: what came before that counts. */
static void run_libstrophe(struct stream *stream)
{
	put_pipe_in(stream);
	pipe_carry_in(stream->pipe);
	take_arrived(stream);
	link_run(stream->link);
	take_arrived(stream);
	pipe_carry_out(stream->pipe);
}

static bool input_waits(const struct stream *stream)
{
	int count = 0;

	return stream->socket >= 0 &&
	       ((ioctl(stream->socket, FIONREAD, &count) == 0 && count > 0) ||
		       pipe_has_input(stream->pipe));
}

/* While there is something to do. */
static void turn(struct stream *stream)
{
	for (int turns = 0; turns < TURNS_LIMIT; turns++) {
		hand_over(stream);
		run_libstrophe(stream);
		if (!input_waits(stream))
			break;
	}
}

static void keep_alive(struct stream *stream)
{
	if (!stream->is_authenticated || clock_monotonic_ms() < stream->ping_at)
		return;
	stream->ping_at = clock_monotonic_ms() + stream->settings.ping_ms;
	bool is_missed = !proof_is_answered(stream->proof, stream->last_ping);
	stream->pings_missed = is_missed ? stream->pings_missed + 1 : 0;
	if (stream->pings_missed >= PINGS_MISSED_LIMIT) {
		log_warning(
			"stream is dead pings_missed=%d", stream->pings_missed);
		shutdown(stream->socket, SHUT_RDWR);
		return;
	}
	stream->last_ping = send_ping(stream);
}

/* libstrophe's own timers (connecting, handshake) want a turn every now and
 * then until the stream is up. */
static int patience_ms(const struct stream *stream)
{
	int64_t until = stream->socket < 0         ? stream->retry_at
			: stream->is_authenticated ? stream->ping_at
						   : 0;
	int64_t patience = until - clock_monotonic_ms();

	if (stream->socket >= 0 && !stream->is_authenticated)
		return 50;
	return patience < 0 ? 0 : patience > 1000 ? 1000 : (int)patience;
}

static void wait_for_work(struct stream *stream, bool may_write, int patience)
{
	bool is_writing = link_is_writing(stream->link);
	/* What cannot be written yet must not keep us awake. */
	struct pollfd polled[2 + PIPE_POLLED] = {
		{
			.fd = stream->socket,
			.events = is_writing ? POLLIN | POLLOUT : POLLIN,
		},
		{
			.fd = may_write && !is_writing
				      ? queue_descriptor(stream->outgoing)
				      : -1,
			.events = POLLIN,
		},
	};

	pipe_poll(stream->pipe, polled + 2);
	(void)poll(polled, COUNT_OF(polled), patience);
}

static bool is_drained(struct stream *stream)
{
	return !stream->is_authenticated ||
	       (queue_count(stream->outgoing) == 0 &&
		       !link_has_output(stream->link) &&
		       !pipe_has_output(stream->pipe));
}

/* Closes the stream and reads on until the server has closed it too: a socket
 * closed with unread input would take back what the server has not yet read. */
static void say_goodbye(struct stream *stream)
{
	int64_t deadline = clock_monotonic_ms() + GOODBYE_MS;

	stream->is_paused = true;
	if (stream->socket >= 0)
		link_close(stream->link);
	while (stream->socket >= 0 && clock_monotonic_ms() < deadline) {
		wait_for_work(stream, false, 100);
		run_libstrophe(stream);
	}
}

struct stream *stream_new(const struct stream_settings *settings)
{
	struct stream *stream = xcalloc(1, sizeof(*stream));

	signal(SIGPIPE, SIG_IGN);
	stream->settings = *settings;
	stream->settings.host = stream->host = xstrdup(settings->host);
	stream->settings.domain = stream->domain = xstrdup(settings->domain);
	stream->settings.secret = stream->secret = xstrdup(settings->secret);
	if (!settings->retry_min_ms)
		stream->settings.retry_min_ms = 1000;
	if (!settings->retry_max_ms)
		stream->settings.retry_max_ms = 60000;
	if (!settings->ping_ms)
		stream->settings.ping_ms = 60000;
	stream->backoff_ms = stream->settings.retry_min_ms;
	stream->outgoing = queue_new((size_t)settings->kept_count);
	stream->socket = -1;
	stream->proof = proof_new();
	stream->link = link_new(&(struct link_settings){
		.host = stream->host,
		.port = settings->port,
		.domain = stream->domain,
		.secret = stream->secret,
		.on_up = came_up,
		.on_down = went_down,
		.context = stream,
	});
	return stream;
}

/* Whether the thread shall go on: until it was stopped and all is written, or
 * the time for that is over. */
static bool goes_on(struct stream *stream)
{
	if (!stream->is_stopping)
		return true;
	return !is_drained(stream) &&
	       clock_monotonic_ms() < stream->drain_until;
}

static void *run(void *argument)
{
	struct stream *stream = argument;

	while (goes_on(stream)) {
		connect_when_due(stream);
		wait_for_work(
			stream, stream->is_authenticated, patience_ms(stream));
		turn(stream);
		keep_alive(stream);
	}
	if (queue_count(stream->outgoing))
		log_warning("stream stopped unwritten=%zu",
			queue_count(stream->outgoing));
	say_goodbye(stream);
	return NULL;
}

void stream_start(struct stream *stream)
{
	if (pthread_create(&stream->thread, NULL, run, stream) != 0) {
		log_error("bot stops reason=\"cannot start a thread\"");
		exit(EXIT_FAILURE);
	}
}

void stream_pause(struct stream *stream)
{
	stream->is_paused = true;
}

void stream_stop(struct stream *stream, int drain_ms)
{
	stream->drain_until = clock_monotonic_ms() + drain_ms;
	stream->is_stopping = true;
	queue_close(stream->outgoing);
}

void stream_join(struct stream *stream)
{
	pthread_join(stream->thread, NULL);
}

void stream_free(struct stream *stream)
{
	if (!stream)
		return;
	link_free(stream->link);
	pipe_free(stream->pipe);
	drop_arrived(stream);
	queue_free(stream->outgoing, free);
	proof_free(stream->proof);
	free(stream->arrived);
	free(stream->host);
	free(stream->domain);
	free(stream->secret);
	free(stream);
}

static char *pass_gate(struct stream *stream, const stanza *outgoing)
{
	struct error error;
	char *text = gate_out(outgoing, stream->settings.domain, &error);

	if (!text)
		log_error("stream dropped a stanza kind=%s reason=\"%s\"",
			stanza_name(outgoing), error.message);
	return text;
}

void stream_send(struct stream *stream, stanza *outgoing)
{
	char *text;

	if (!outgoing)
		return;
	proof_begin(stream->proof);
	text = pass_gate(stream, outgoing);
	if (text)
		push(stream, text);
	stanza_free(outgoing);
}

char *stream_send_noting(struct stream *stream, stanza *outgoing)
{
	char *text, *noted = NULL;

	proof_begin(stream->proof);
	text = pass_gate(stream, outgoing);
	if (text) {
		noted = xstrdup(text);
		push(stream, text);
	}
	stanza_free(outgoing);
	return noted;
}

bool stream_is_up(struct stream *stream)
{
	return proof_is_up(stream->proof);
}

bool stream_wait(struct stream *stream, int timeout_ms, struct error *error)
{
	return proof_await_up(stream->proof, timeout_ms, error);
}

bool stream_barrier(struct stream *stream, int timeout_ms, struct error *error)
{
	uint64_t losses = proof_end(stream->proof);

	if (!stream_is_up(stream))
		return failed(
			error, ERROR_UNAVAILABLE, "the XMPP server is away");
	return proof_await(
		stream->proof, send_ping(stream), losses, timeout_ms, error);
}
