/* main.c - reads the settings, opens the rooms, waits for signals. */
#include <getopt.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "check.h"
#include "commands/commands.h"
#include "mirror/file_link.h"
#include "mirror/files.h"
#include "mirror/mirror.h"
#include "mirror/teams.h"
#include "post/post.h"
#include "room.h"
#include "settings.h"
#include "store/store.h"
#include "web/web.h"
#include "worker.h"
#include "xmpp/stream.h"

#define CONFIG_PATH "/etc/carelay/carelay.conf"
#define EXIT_SETTINGS 2
/* SIGTERM: everything together, and the stream's goodbye, stays under ten
 * seconds. */
#define WORKERS_END_MS 6100
#define POST_ENDS_MS 1000
#define MIRROR_ENDS_MS 1000
#define TEAMS_END_MS 500
#define STREAM_DRAINS_MS 800
#define DATABASE_RETRY_MS 2000
#define STREAM_LOOK_MS 20

struct bot {
	struct settings *settings;
	struct store *store; /* of the main thread */
	struct stream *stream;
	struct workers *workers;
	struct post *post;
	struct mirror *mirror;
	struct web *web;     /* NULL: there is none */
	struct teams *teams; /* NULL: the clinic has none */
	char *desk;          /* the desk's address */
	char *holder;        /* this process, where it holds leases */
	sigset_t signals;
};

/* clang-format off */
static const char help[] =
	"usage: carelay [-c FILE] [--check | --print-config | --print-commands |\n"
	"               --help | --version]\n"
	"\n"
	"The bot of a clinic: an XMPP component that books appointments.\n"
	"\n"
	"  -c, --config FILE     the settings; otherwise those in\n"
	"                        " CONFIG_PATH "\n"
	"      --check           look at settings, database, schema and server,\n"
	"                        and end\n"
	"      --print-config    write a sample of the settings with their defaults\n"
	"      --print-commands  write what can be asked of the desk, in Markdown\n"
	"      --help            write this\n"
	"      --version         write the version\n";
/* clang-format on */

/* The XMPP library can only watch descriptors below 1024 (stream.c), so there
 * shall be no others. */
static void limit_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= 1024)
		return;
	limit.rlim_cur = 1024;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* Signals are blocked in every thread; the main thread waits for them. */
static void block_signals(struct bot *bot)
{
	sigemptyset(&bot->signals);
	sigaddset(&bot->signals, SIGTERM);
	sigaddset(&bot->signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &bot->signals, NULL);
}

/* True: a signal came that ends the bot. */
static bool is_told_to_end(struct bot *bot, int within_ms)
{
	struct timespec pause = {
		.tv_sec = within_ms / 1000,
		.tv_nsec = within_ms % 1000 * 1000000L,
	};

	return sigtimedwait(&bot->signals, NULL, &pause) > 0;
}

static void on_stanza(void *context, stanza *incoming)
{
	struct bot *bot = context;

	workers_give(bot->workers, incoming);
}

static void on_up(void *context)
{
	struct bot *bot = context;

	post_wake(bot->post);
	mirror_wake(bot->mirror);
	if (bot->teams)
		teams_wake(bot->teams);
}

static struct stream *new_stream(struct bot *bot)
{
	const struct settings *settings = bot->settings;

	return stream_new(&(struct stream_settings){
		.host = settings->server_host,
		.port = (unsigned short)settings->server_port,
		.domain = settings->server_domain,
		.secret = settings->server_secret.text,
		.kept_count = settings->bot_kept,
		.on_stanza = on_stanza,
		.on_up = on_up,
		.context = bot,
	});
}

static struct store *new_store(const struct settings *settings)
{
	return store_new(&(struct store_settings){
		.url = settings->database_url.text,
		.application = "carelay",
		.patience_ms = settings->database_patience_s * 1000,
	});
}

static bool configure(struct bot *bot, struct error *error)
{
	const struct settings *settings = bot->settings;
	char days[12], hold[12], missed[12], offer[12];

	(void)snprintf(days, sizeof(days), "%d", settings->clinic_horizon_days);
	(void)snprintf(hold, sizeof(hold), "%d", settings->clinic_hold_minutes);
	(void)snprintf(
		missed, sizeof(missed), "%d", settings->clinic_missed_limit);
	(void)snprintf(
		offer, sizeof(offer), "%d", settings->clinic_offer_minutes);
	return store_do(bot->store, error, "configure", settings->clinic_name,
		settings->clinic_timezone, settings->clinic_currency,
		settings->clinic_language, settings->clinic_reminders, days,
		settings->clinic_admins, settings->clinic_quiet_hours, hold,
		missed, offer, STORE_END);
}

static bool look_at_database(struct bot *bot, struct error *error)
{
	return store_check(bot->store, error);
}

static int give_up(const struct error *error)
{
	log_error("bot stops reason=\"%s\" detail=\"%s\"", error->message,
		error->detail);
	return error->kind == ERROR_USAGE ? EXIT_SETTINGS : EXIT_FAILURE;
}

/* Does something with the database, again and again while that is away.
 * EXIT_SUCCESS: go on, or (with *is_ended) a signal came before. */
static int insist(struct bot *bot,
	bool (*attempt)(struct bot *bot, struct error *error), bool *is_ended)
{
	struct error error;

	for (bool is_said = false;; is_said = true) {
		if (attempt(bot, &error))
			return EXIT_SUCCESS;
		if (error.kind != ERROR_UNAVAILABLE)
			return give_up(&error);
		if (!is_said)
			log_warning("bot waits for the database reason=\"%s\"",
				error.message);
		if (is_told_to_end(bot, DATABASE_RETRY_MS)) {
			*is_ended = true;
			return EXIT_SUCCESS;
		}
	}
}

/* Tells the database the clinic's settings when the stream is up: a bot that does
 * not get the clinic's address has no say in them. Then the workers answer what
 * has come since, if only that the database is away. */
static int open_clinic(struct bot *bot, bool *is_ended)
{
	bool is_configured;
	struct error error;

	while (!stream_is_up(bot->stream))
		if (is_told_to_end(bot, STREAM_LOOK_MS)) {
			*is_ended = true;
			return EXIT_SUCCESS;
		}
	is_configured = configure(bot, &error);
	if (!is_configured && error.kind != ERROR_UNAVAILABLE)
		return give_up(&error);
	workers_start(bot->workers);
	post_start(bot->post);
	if (bot->teams)
		teams_start(bot->teams);
	log_notice("bot ready");
	return is_configured ? EXIT_SUCCESS : insist(bot, configure, is_ended);
}

static struct post *new_post(struct bot *bot)
{
	const struct settings *settings = bot->settings;
	char host[65] = "";

	(void)gethostname(host, sizeof(host) - 1);
	bot->holder = xasprintf("%s/%d", host, (int)getpid());
	bot->desk =
		xasprintf("%s@%s", settings->bot_desk, settings->server_domain);
	return post_new(&(struct post_settings){
		.stream = bot->stream,
		.database_url = settings->database_url.text,
		.from = bot->desk,
		.holder = bot->holder,
		.audit_days = settings->clinic_audit_days,
	});
}

/* No new stanza is taken; what runs is finished, and what was said is sent. */
static void drain(struct bot *bot)
{
	log_notice("bot ends");
	stream_pause(bot->stream);
	if (!workers_stop(bot->workers, WORKERS_END_MS)) {
		log_error("bot ends before its workers have");
		_exit(EXIT_SUCCESS);
	}
	/* Its last batch is proved by an answer; without the stream there is
	 * none, and it goes out again another time. */
	bool is_ended = post_stop(bot->post, POST_ENDS_MS);
	bool is_noted = mirror_stop(bot->mirror, MIRROR_ENDS_MS);
	bool are_teams_ended =
		!bot->teams || teams_stop(bot->teams, TEAMS_END_MS);
	stream_stop(bot->stream, STREAM_DRAINS_MS);
	stream_join(bot->stream);
	if (!are_teams_ended && !teams_stop(bot->teams, 0)) {
		log_warning("bot ends before its teams have");
		_exit(EXIT_SUCCESS);
	}
	if (!is_ended && !post_stop(bot->post, 0)) {
		log_warning("bot ends before its post room has");
		_exit(EXIT_SUCCESS);
	}
	if (!is_noted && !mirror_stop(bot->mirror, 0)) {
		log_warning("bot ends before its mirror has");
		_exit(EXIT_SUCCESS);
	}
}

/* Reads the address book, however often the database goes away meanwhile. */
static bool open_mirror(struct bot *bot, bool *is_ended)
{
	struct error error;

	bot->mirror = mirror_new(bot->settings, bot->stream);
	while (!mirror_start(bot->mirror, &error)) {
		if (error.kind != ERROR_UNAVAILABLE) {
			log_error("bot stops reason=\"%s\" detail=\"%s\"",
				error.message, error.detail);
			return false;
		}
		*is_ended = is_told_to_end(bot, DATABASE_RETRY_MS);
		if (*is_ended)
			return true;
	}
	return true;
}

/* What the web server serves: a row for each. */
static bool open_web(struct bot *bot)
{
	const struct web_route routes[] = {
		{FILE_ROUTE, files_serve, bot->mirror->files},
	};
	struct error error;

	if (!bot->settings->web_port)
		return true;
	bot->web = web_new(bot->settings->web_host, bot->settings->web_port,
		routes, COUNT_OF(routes), &error);
	if (!bot->web)
		log_error("bot stops reason=\"%s\"", error.message);
	return bot->web != NULL;
}

static int run(struct bot *bot)
{
	bool is_ended = false;
	int status, number;

	log_notice("bot starts version=" CARELAY_VERSION);
	bot->store = new_store(bot->settings);
	status = insist(bot, look_at_database, &is_ended);
	if (status != EXIT_SUCCESS || is_ended)
		return status;
	bot->stream = new_stream(bot);
	if (!open_mirror(bot, &is_ended))
		return EXIT_FAILURE;
	if (is_ended)
		return EXIT_SUCCESS;
	if (!open_web(bot))
		return EXIT_SETTINGS;
	bot->post = new_post(bot);
	if (*bot->settings->teams_service)
		bot->teams = teams_new(bot->settings, bot->stream);
	bot->workers = workers_new(&(struct room){
		.stream = bot->stream,
		.post = bot->post,
		.mirror = bot->mirror,
		.teams = bot->teams,
		.settings = bot->settings,
		.file_link = files_link,
		.files = bot->mirror->files,
	});
	stream_start(bot->stream);
	status = open_clinic(bot, &is_ended);
	if (status == EXIT_SUCCESS && !is_ended)
		(void)sigwait(&bot->signals, &number);
	drain(bot);
	log_notice("bot ended");
	return status;
}

static void close_bot(struct bot *bot)
{
	workers_free(bot->workers);
	post_free(bot->post);
	web_free(bot->web);
	mirror_free(bot->mirror);
	teams_free(bot->teams);
	free(bot->desk);
	free(bot->holder);
	stream_free(bot->stream);
	store_free(bot->store);
	settings_free(bot->settings);
}

/* What the command line asks for. */
struct options {
	const char *config;
	bool is_check;
};

static void print_commands(void)
{
	struct strbuf manual AUTO(strbuf_release) = STRBUF_INIT;

	commands_print_manual(&manual);
	fputs(manual.text, stdout);
}

/* True: go on. False: the options are answered, and *status is how. */
static bool read_options(
	int argc, char **argv, struct options *options, int *status)
{
	enum { CHECK = 1000, PRINT_CONFIG, PRINT_COMMANDS, HELP, VERSION };
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"check", no_argument, NULL, CHECK},
		{"print-config", no_argument, NULL, PRINT_CONFIG},
		{"print-commands", no_argument, NULL, PRINT_COMMANDS},
		{"help", no_argument, NULL, HELP},
		{"version", no_argument, NULL, VERSION},
		{0},
	};
	int option;

	*status = EXIT_SUCCESS;
	while ((option = getopt_long(argc, argv, "c:", known, NULL)) != -1)
		switch (option) {
		case 'c':
			options->config = optarg;
			break;
		case CHECK:
			options->is_check = true;
			break;
		case PRINT_CONFIG:
			settings_print_sample(stdout);
			return false;
		case PRINT_COMMANDS:
			print_commands();
			return false;
		case HELP:
			fputs(help, stdout);
			return false;
		case VERSION:
			puts("carelay " CARELAY_VERSION);
			return false;
		default:
			*status = EXIT_SETTINGS;
		}
	if (optind == argc && *status == EXIT_SUCCESS)
		return true;
	fputs(help, stderr);
	*status = EXIT_SETTINGS;
	return false;
}

int main(int argc, char **argv)
{
	struct options options = {.config = CONFIG_PATH};
	struct bot bot = {0};
	struct error error;
	int status;

	if (!read_options(argc, argv, &options, &status))
		return status;
	bot.settings = settings_read(options.config, &error);
	if (!bot.settings) {
		fprintf(stderr, "carelay: %s\n", error.message);
		return EXIT_SETTINGS;
	}
	log_set_level(bot.settings->bot_log_level);
	limit_descriptors();
	if (options.is_check) {
		puts("ok      settings");
		status = check(bot.settings, stdout) ? EXIT_SUCCESS
						     : EXIT_FAILURE;
	} else {
		block_signals(&bot);
		status = run(&bot);
	}
	close_bot(&bot);
	return status;
}
