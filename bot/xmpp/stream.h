/* stream.h - the component's stream to the XMPP server (XEP-0114).
 *
 * It has a thread of its own; any thread may send. What is sent passes one
 * gate (gate.h), which refuses what would end the stream.
 *
 * What is sent and not yet written, because the stream is down or the server
 * slow, is kept up to stream_settings.kept_count stanzas; then the oldest goes,
 * and the log says so. Deliveries lose nothing by that: they are rows until
 * stream_barrier() has proved them taken.
 *
 * It reconnects with backoff and jitter (1 s to 60 s); a wrong secret, an
 * unknown domain or a conflict is said in clear words in the log and tried
 * again slowly (60 s). It pings the server every 60 s and takes the stream for
 * dead when two pings have not been answered. */
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
	int kept_count; /* stanzas kept until they can be written */
	/* Called by the stream's thread for every stanza that came; the callee
	 * owns it. Answers to the stream's own pings do not come here, nor what
	 * is larger than the gate lets in (that is answered). */
	void (*on_stanza)(void *context, stanza *incoming);
	/* Called by the stream's thread when the stream came up. May be NULL. */
	void (*on_up)(void *context);
	void *context;
	/* For tests; 0 means 1 s, 60 s and 60 s. */
	int retry_min_ms, retry_max_ms, ping_ms;
};

/* Copies the settings. Makes the process ignore SIGPIPE, because libstrophe
 * writes to sockets that may be closed. */
struct stream *stream_new(const struct stream_settings *settings) MUST_CHECK;
/* Starts its thread, which connects. Once; exits the process when there can be
 * no thread. */
void stream_start(struct stream *stream);
/* Any thread: takes no more stanzas from the server, so that workers can
 * finish: who writes now is told to try again later. */
void stream_pause(struct stream *stream);
/* Any thread: writes what was sent before, for at most drain_ms, says goodbye
 * and ends the thread; returns at once. What is sent after this is dropped. */
void stream_stop(struct stream *stream, int drain_ms);
/* Waits until the thread has ended. */
void stream_join(struct stream *stream);
/* NULL is fine. Its thread must have ended or not been started, and stanzas
 * that came from it must be freed. */
void stream_free(struct stream *stream);

/* Any thread: sends a stanza and takes it over (NULL is fine). What the gate
 * refuses is logged as our own mistake and dropped. */
void stream_send(struct stream *stream, stanza *outgoing);
/* The same for one that is not NULL; what goes out, which the caller frees, or NULL
 * when it was not fit. */
char *stream_send_noting(struct stream *stream, stanza *outgoing) MUST_CHECK;
bool stream_is_up(struct stream *stream);
/* Any thread but the stream's: waits until the stream is up. False when the
 * first attempt failed, or after timeout_ms: ERROR_USAGE when the server does
 * not take the secret or the domain, ERROR_CONFLICT when somebody else is
 * connected in our place, else ERROR_UNAVAILABLE. */
bool stream_wait(
	struct stream *stream, int timeout_ms, struct error *error) MUST_CHECK;
/* Any thread but the stream's: pings the server and waits for the answer. True:
 * the server has taken everything that this thread sent since it last called
 * stream_barrier(). False after timeout_ms, or when the stream went down or
 * dropped something meanwhile (ERROR_UNAVAILABLE). */
bool stream_barrier(
	struct stream *stream, int timeout_ms, struct error *error) MUST_CHECK;

#endif
