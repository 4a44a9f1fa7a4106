/* check.c - carelay --check: looks at everything the bot needs, and ends. */
#include "check.h"

#include "store/api.h"
#include "store/store.h"
#include "xmpp/stream.h"

#define PATIENCE_MS 10000
#define GOODBYE_MS 1000

static void praise(FILE *out, const char *what)
{
	fprintf(out, "ok      %s\n", what);
}

static void blame(FILE *out, const char *what, const struct error *error)
{
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

	if (is_ok || error.kind != ERROR_UNAVAILABLE)
		praise(out, "database");
	if (is_ok)
		praise(out, "schema");
	else
		blame(out,
			error.kind == ERROR_UNAVAILABLE ? "database" : "schema",
			&error);
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
	if (is_ok) {
		praise(out, "server");
	} else if (error.kind == ERROR_CONFLICT) {
		praise(out, "server (a bot is connected already)");
		is_ok = true;
	} else {
		blame(out, "server", &error);
	}
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
