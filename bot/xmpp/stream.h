/* stream.h - the component's stream to the XMPP server (XEP-0114).
 *
 * One thread runs it (stream_run); any thread may send. What is sent passes one
 * gate, which refuses what would end the stream: a missing or malformed to or
 * from, a from outside the component's domain, more than 200 KiB, 64 levels or
 * 2,000 elements (protocol guide 0.5, 6.1).
 *
 * While the stream is down, what is sent is kept up to stream_settings
 * .kept_count stanzas (then the oldest goes, and the log says so). Deliveries
 * lose nothing by that: they are rows until stream_barrier() has proved them
 * taken.
 *
 * It reconnects with backoff and jitter (1 s to 60 s); a wrong secret or a
 * conflict is said in clear words in the log and tried again slowly (60 s). */
#ifndef XMPP_STREAM_H
#define XMPP_STREAM_H

#include <stdbool.h>

#include "base/attributes.h"
#include "base/error.h"
#include "xmpp/stanza.h"

struct stream;

struct stream_settings {
	const char *host; /* the server's component listener */
	unsigned short port;
	const char *domain; /* the component's own, lower case */
	const char *secret;
	int kept_count; /* stanzas kept while the stream is down */
	/* Called by the stream's thread for every stanza that came; the callee
	 * owns it. Answers to the stream's own pings do not come here. */
	void (*on_stanza)(void *context, stanza *incoming);
	/* Called by the stream's thread when the stream came up. */
	void (*on_up)(void *context);
	void *context;
};

struct stream *stream_new(const struct stream_settings *settings) MUST_CHECK;
/* Runs until stream_stop() has been called and what was queued before is
 * written (at most drain_ms). stop_fd (a signalfd, or -1) readable calls
 * on_signal(context). */
void stream_run(struct stream *stream, int signal_fd,
	void (*on_signal)(void *context, int signal_fd), int drain_ms);
/* Any thread: take no more stanzas from the server (answers to pings still
 * count), so that workers can finish; stream_stop ends stream_run. */
void stream_pause(struct stream *stream);
void stream_stop(struct stream *stream);
void stream_free(struct stream *stream);

/* Any thread: sends a stanza and takes it over. What the gate refuses is
 * logged as our own mistake and dropped. */
void stream_send(struct stream *stream, stanza *outgoing);
bool stream_is_up(struct stream *stream);
/* Any thread but the stream's: pings the server and waits for the answer. True:
 * the server has taken everything that this thread sent before. False after
 * timeout_ms or when the stream went down meanwhile. */
bool stream_barrier(
	struct stream *stream, int timeout_ms, struct error *error) MUST_CHECK;

#endif
