/* check.c - carelay --check: looks at everything the bot needs, and ends. */
#include "check.h"

#include "store/api.h"
#include "store/store.h"
#include "xmpp/stream.h"

#define PATIENCE_MS 10000
#define GOODBYE_MS 1000

static void report(
	FILE *out, bool is_ok, const char *what, const struct error *error)
{
	if (is_ok)
		fprintf(out, "ok      %s\n", what);
	else
		fprintf(out, "not ok  %s: %s%s%s%s\n", what, error->message,
			*error->detail ? " (" : "", error->detail,
			*error->detail ? ")" : "");
}

static bool check_database(const struct settings *settings, FILE *out)
{
	struct error error;
	AUTO(store_release)
	struct store *store = store_new(&(struct store_settings){
		.url = settings->database_url.text,
		.application = "carelay --check",
		.patience_ms = settings->database_patience_s * 1000,
	});
	bool is_ok = store_check(store, &error);

	if (!is_ok && error.kind == ERROR_UNAVAILABLE) {
		report(out, false, "database", &error);
		return false;
	}
	report(out, true, "database", NULL);
	report(out, is_ok, "schema", &error);
	return is_ok;
}

/* Whoever writes in this moment is told to try again. */
static void refuse(void *context UNUSED, stanza *incoming)
{
	stanza_free(incoming);
}

static bool check_server(const struct settings *settings, FILE *out)
{
	struct error error;
	struct stream *stream = stream_new(&(struct stream_settings){
		.host = settings->server_host,
		.port = (unsigned short)settings->server_port,
		.domain = settings->server_domain,
		.secret = settings->server_secret.text,
		.kept_count = settings->bot_kept,
		.on_stanza = refuse,
	});

	stream_pause(stream);
	stream_start(stream);
	bool is_ok = stream_wait(stream, PATIENCE_MS, &error);
	stream_stop(stream, GOODBYE_MS);
	stream_join(stream);
	stream_free(stream);
	if (!is_ok && error.kind == ERROR_CONFLICT) {
		report(out, true, "server (a bot is connected already)", NULL);
		return true;
	}
	report(out, is_ok, "server", &error);
	return is_ok;
}

bool check(const struct settings *settings, FILE *out)
{
	/* What the rooms would log, the lines say. */
	log_set_level(LOG_LEVEL_NONE);
	bool has_database = check_database(settings, out);
	bool has_server = check_server(settings, out);

	return has_database && has_server;
}
