/* bare.c - the stream, the workers and the switchboard without a clinic.
 *
 * What the tests of the stream talk to: it needs no database, because nothing
 * that it answers does. Reads the same settings; SIGTERM ends it. */
#include <signal.h>
#include <unistd.h>

#include "base/log.h"
#include "settings.h"
#include "worker.h"
#include "xmpp/stream.h"

static struct stream *stream;
static struct workers *workers;

static void on_stanza(void *context UNUSED, stanza *incoming)
{
	workers_give(workers, incoming);
}

int main(int argc, char **argv)
{
	struct error error;
	sigset_t signals;
	int number;

	if (argc != 2)
		return 2;
	AUTO(settings_release)
	struct settings *settings = settings_read(argv[1], &error);
	if (!settings) {
		fprintf(stderr, "%s\n", error.message);
		return 2;
	}
	log_set_level(settings->bot_log_level);
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	stream = stream_new(&(struct stream_settings){
		.host = settings->server_host,
		.port = (unsigned short)settings->server_port,
		.domain = settings->server_domain,
		.secret = settings->server_secret.text,
		.kept_count = settings->bot_kept,
		.on_stanza = on_stanza,
	});
	workers = workers_new(
		&(struct room){.stream = stream, .settings = settings});
	workers_start(workers);
	stream_start(stream);
	/* What the post room will rely on. */
	if (stream_wait(stream, 20000, &error) &&
		stream_barrier(stream, 20000, &error))
		log_notice("barrier proved");
	else
		log_failure(&error, "barrier");
	(void)sigwait(&signals, &number);
	stream_pause(stream);
	if (!workers_stop(workers, 5000))
		_exit(1);
	stream_stop(stream, 1000);
	stream_join(stream);
	workers_free(workers);
	stream_free(stream);
	return 0;
}
