/* settings.c - what the operator decides: one table. */
#include "settings.h"

#include <errno.h>
#include <ini.h>
#include <stddef.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "settings_check.h"

#define LINE_LIMIT 2000 /* libinih would cut a longer line in two, silently */
#define SECRET_FILE_BYTES 1024

enum type { TEXT, NUMBER, SECRET, LEVEL };

struct setting {
	const char *section, *key;
	enum type type;
	size_t offset; /* of the member */
	const char *standard;
	const char *expected; /* "expected ..." */
	int least, most;      /* of a number */
	check *check;         /* of a text or a secret; NULL: any */
	const char *help;
};

/* The type of a setting is that of its member. */
#define TYPE_OF(member) \
	_Generic(((struct settings *)0)->member, char *                        \
		 : TEXT, int                                                   \
		 : NUMBER, struct secret                                       \
		 : SECRET, enum log_level                                      \
		 : LEVEL)
#define MEMBER(section_, key_)              \
	.section = #section_, .key = #key_, \
	.type = TYPE_OF(section_##_##key_), \
	.offset = offsetof(struct settings, section_##_##key_)
#define RANGE(low, high)                \
	.least = (low), .most = (high), \
	.expected = "a number from " #low " to " #high

/* clang-format off */
static const struct setting settings_table[] = {
	{MEMBER(server, host), .standard = "127.0.0.1", .check = is_given,
	 .expected = "a host name or address",
	 .help = "Where the XMPP server listens for components."},
	{MEMBER(server, port), .standard = "5347", RANGE(1, 65535),
	 .help = "The port there."},
	{MEMBER(server, domain), .standard = "clinic.localhost",
	 .check = is_domain,
	 .expected = "a domain name in lower case, such as clinic.example",
	 .help = "The component's own address: the clinic on XMPP."},
	{MEMBER(server, secret), .standard = "",
	 .expected = "the component's secret, here or in secret_file",
	 .help = "The secret that the server shares with the component."},
	{MEMBER(server, secret_file), .standard = "",
	 .expected = "the path of a file",
	 .help = "Or a file that holds it, such as a systemd credential."},

	{MEMBER(database, url), .check = is_database,
	 .standard = "postgresql:///carelay",
	 .expected = "a libpq connection string or URI",
	 .help = "The clinic's PostgreSQL database, as the bot's role."},
	{MEMBER(database, patience_s), .standard = "5", RANGE(1, 60),
	 .help = "Seconds that an answer waits for a lost database."},

	{MEMBER(clinic, name), .standard = "Riverside Clinic",
	 .check = is_name,
	 .expected = "a name with a letter in it, of 100 characters at most",
	 .help = "What people know the clinic by."},
	{MEMBER(clinic, timezone), .standard = "Europe/Madrid",
	 .check = is_zone, .expected = "a time zone, such as Europe/Madrid",
	 .help = "The clinic's time zone: what people see until they choose."},
	{MEMBER(clinic, currency), .standard = "EUR", .check = is_currency,
	 .expected = "three capital letters, such as EUR",
	 .help = "The currency of fees (ISO 4217)."},
	{MEMBER(clinic, language), .standard = "en", .check = is_language,
	 .expected = "a language code in lower case, such as en",
	 .help = "The language of who has not chosen one (ISO 639)."},
	{MEMBER(clinic, reminders), .standard = "1 day, 1 hour",
	 .check = are_durations,
	 .expected = "durations with commas between, such as 1 day, 1 hour",
	 .help = "How long before a visit its patient is reminded."},
	{MEMBER(clinic, quiet_hours), .standard = "21:00-08:00",
	 .check = are_quiet_hours,
	 .expected = "two times such as 21:00-08:00, or nothing",
	 .help = "When nobody is reminded, by the patient's own clock."},
	{MEMBER(clinic, admins), .standard = "", .check = are_addresses,
	 .expected = "addresses with commas between",
	 .help = "Who may always administer the clinic, by XMPP address."},
	{MEMBER(clinic, horizon_days), .standard = "120", RANGE(1, 730),
	 .help = "How many days ahead visits can be booked."},
	{MEMBER(clinic, audit_days), .standard = "730", RANGE(30, 36500),
	 .help = "Days for which it is kept who changed what, and who was refused."},
	{MEMBER(clinic, hold_minutes), .standard = "3", RANGE(1, 60),
	 .help = "Minutes that a time is held while its patient is asked."},
	{MEMBER(clinic, missed_limit), .standard = "3", RANGE(0, 100),
	 .help = "Who missed so many visits needs the doctor's yes; 0: nobody."},
	{MEMBER(clinic, offer_minutes), .standard = "30", RANGE(5, 1440),
	 .help = "How long a time that came free is held for who waits for it."},

	{MEMBER(files, url), .standard = "", .check = is_base_url,
	 .expected = "the beginning of a link, such as https://files.clinic.example",
	 .help = "Where web.port is seen from outside; empty: no files pass."},
	{MEMBER(files, folder), .standard = "/var/lib/carelay/files",
	 .check = is_path, .expected = "a path that begins with /",
	 .help = "The folder in which files that people send each other are kept."},
	{MEMBER(files, size_mb), .standard = "20", RANGE(1, 64),
	 .help = "How large one may be, in MiB."},
	{MEMBER(files, days), .standard = "30", RANGE(1, 3650),
	 .help = "Days for which it is kept and its link holds."},
	{MEMBER(files, timeout_s), .standard = "60", RANGE(1, 600),
	 .help = "Seconds that fetching it from its sender's server may take."},
	{MEMBER(files, encrypted), .standard = "yes", .check = is_yes_or_no,
	 .expected = "yes or no",
	 .help = "Whether links to encrypted files, aesgcm, pass unopened."},
	{MEMBER(files, private), .standard = "no", .check = is_yes_or_no,
	 .expected = "yes or no",
	 .help = "For tests only: yes fetches from this network, by http too."},

	{MEMBER(teams, service), .standard = "", .check = is_domain_or_none,
	 .expected = "a domain name in lower case, such as conference.example",
	 .help = "The server's service for rooms, for care teams; empty: none."},

	{MEMBER(web, host), .standard = "127.0.0.1", .check = is_ip_address,
	 .expected = "an IP address",
	 .help = "Where the bot's own web server listens."},
	{MEMBER(web, port), .standard = "0", RANGE(0, 65535),
	 .help = "The port there; a web server with TLS goes before it; 0: none."},

	{MEMBER(mirror, talk_days), .standard = "30", RANGE(0, 3650),
	 .help = "How many days after a visit its patient may write to the doctor."},
	{MEMBER(mirror, keep_messages), .standard = "yes",
	 .check = is_yes_or_no, .expected = "yes or no",
	 .help = "Whether what they write is kept with the patient's record."},
	{MEMBER(mirror, encryption), .standard = "yes",
	 .check = is_yes_or_no, .expected = "yes or no",
	 .help = "Whether encrypted messages pass, which the clinic cannot read."},

	{MEMBER(calls, before_minutes), .standard = "10", RANGE(0, 1440),
	 .help = "How long before a video visit its patient may call."},
	{MEMBER(calls, after_minutes), .standard = "15", RANGE(0, 1440),
	 .help = "And until how long after it."},
	{MEMBER(calls, back_minutes), .standard = "60", RANGE(0, 10080),
	 .help = "How long after a doctor's call the patient may call back."},
	{MEMBER(calls, lost_s), .standard = "10", RANGE(1, 60),
	 .help = "Seconds that an app in a call may be gone before it has hung up."},
	{MEMBER(calls, answer_s), .standard = "40", RANGE(1, 300),
	 .help = "Seconds that an app in a call may take to answer the other's."},
	{MEMBER(calls, hide_ip), .standard = "no",
	 .check = is_yes_or_no, .expected = "yes or no",
	 .help = "Whether calls go through relays only, which both apps need then."},
	{MEMBER(calls, meeting_url), .standard = "",
	 .check = is_meeting_url,
	 .expected = "an address such as https://meet.example/{room}, or nothing",
	 .help = "Where a video visit meets when an app cannot call."},

	{MEMBER(bot, desk), .standard = "desk", .check = is_local_part,
	 .expected = "the first part of an address, in lower case",
	 .help = "The desk's address at the domain: what everybody talks to."},
	{MEMBER(bot, workers), .standard = "8", RANGE(1, 64),
	 .help = "Threads that answer, each with a database connection."},
	{MEMBER(bot, queue), .standard = "256", RANGE(1, 100000),
	 .help = "Stanzas that may wait for each, one person's a quarter of them."},
	{MEMBER(bot, kept), .standard = "10000", RANGE(1, 1000000),
	 .help = "Answers kept while the XMPP server is away."},
	{MEMBER(bot, log_level), .standard = "info",
	 .expected = "error, warning, notice, info or debug",
	 .help = "How much is logged: up to this level."},
};
/* clang-format on */

static void *member_of(struct settings *settings, const struct setting *setting)
{
	return (char *)settings + setting->offset;
}

static char **text_of(struct settings *settings, const struct setting *setting)
{
	return setting->type == SECRET
		       ? &((struct secret *)member_of(settings, setting))->text
		       : (char **)member_of(settings, setting);
}

static bool set_text(struct settings *settings, const struct setting *setting,
	const char *value)
{
	char *text = xstrdup(value), **member = text_of(settings, setting);

	if (setting->check && !setting->check(&text)) {
		free(text);
		return false;
	}
	free(*member);
	*member = text;
	return true;
}

static bool set_number(struct settings *settings, const struct setting *setting,
	const char *value)
{
	char *end;

	errno = 0;
	long number = strtol(value, &end, 10);
	if (errno || end == value || *end || number < setting->least ||
		number > setting->most)
		return false;
	*(int *)member_of(settings, setting) = (int)number;
	return true;
}

static bool set_level(struct settings *settings, const struct setting *setting,
	const char *value)
{
	static const char *const names[] = {
		[LOG_LEVEL_ERROR] = "error",
		[LOG_LEVEL_WARNING] = "warning",
		[LOG_LEVEL_NOTICE] = "notice",
		[LOG_LEVEL_INFO] = "info",
		[LOG_LEVEL_DEBUG] = "debug",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i] && strcmp(value, names[i]) == 0) {
			*(enum log_level *)member_of(settings, setting) =
				(enum log_level)i;
			return true;
		}
	return false;
}

static bool set(struct settings *settings, const struct setting *setting,
	const char *value)
{
	switch (setting->type) {
	case TEXT:
	case SECRET:
		return set_text(settings, setting, value);
	case NUMBER:
		return set_number(settings, setting, value);
	case LEVEL:
		return set_level(settings, setting, value);
	}
	return false;
}

static const struct setting *find_setting(const char *section, const char *key)
{
	for (size_t i = 0; i < COUNT_OF(settings_table); i++)
		if (strcmp(settings_table[i].section, section) == 0 &&
			strcmp(settings_table[i].key, key) == 0)
			return &settings_table[i];
	return NULL;
}

static struct settings *new_settings(void)
{
	struct settings *settings = xcalloc(1, sizeof(*settings));

	for (size_t i = 0; i < COUNT_OF(settings_table); i++)
		if (!set(settings, &settings_table[i],
			    settings_table[i].standard))
			abort(); /* a default of the table is wrong */
	return settings;
}

/* Reading: libinih asks for lines and gives back keys and values. */
struct reading {
	struct settings *settings;
	const char *rest; /* of the text */
	const char *name;
	int line;
	bool is_failed;
	struct error *error;
};

static int complain(struct reading *reading, const char *section,
	const char *key, const char *expected)
{
	if (!reading->is_failed)
		failed(reading->error, ERROR_USAGE, "%s:%d: %s%s%s: %s%s",
			reading->name, reading->line, section,
			*section && *key ? "." : "", key,
			*expected == '!' ? "" : "expected ",
			expected + (*expected == '!'));
	reading->is_failed = true;
	return 0;
}

static char *read_line(char *line, int size, void *context)
{
	struct reading *reading = context;
	size_t length = strcspn(reading->rest, "\n");

	if (!*reading->rest || reading->is_failed)
		return NULL;
	reading->line++;
	if (length > LINE_LIMIT || length + 2 > (size_t)size) {
		complain(reading, "", "this line", "at most 2000 characters");
		return NULL;
	}
	memcpy(line, reading->rest, length);
	line[length] = '\0';
	reading->rest += length + (reading->rest[length] == '\n');
	return line;
}

static int take_value(
	void *context, const char *section, const char *key, const char *value)
{
	struct reading *reading = context;
	const struct setting *setting = find_setting(section, key);

	if (reading->is_failed)
		return 0;
	if (!setting)
		return complain(
			reading, section, key, "!there is no such setting");
	if (!set(reading->settings, setting, value))
		return complain(reading, section, key, setting->expected);
	return 1;
}

/* The secret from its own file, without the end of its line. */
static bool read_secret_file(
	struct settings *settings, const char *name, struct error *error)
{
	const char *path = settings->server_secret_file;
	char text[SECRET_FILE_BYTES] = "";

	if (!*path)
		return true;
	FILE *file = fopen(path, "re");
	if (!file)
		return failed(error, ERROR_USAGE,
			"%s: server.secret_file: cannot read \"%s\": %s", name,
			path, strerror(errno));
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	text[strcspn(text, "\r\n")] = '\0';
	free(settings->server_secret.text);
	settings->server_secret.text = xstrdup(text);
	explicit_bzero(text, sizeof(text));
	return true;
}

/* What the lines together must say. */
static bool finish(
	struct settings *settings, const char *name, struct error *error)
{
	if (!read_secret_file(settings, name, error))
		return false;
	if (!*settings->server_secret.text)
		return failed(error, ERROR_USAGE,
			"%s: server.secret: expected %s", name,
			find_setting("server", "secret")->expected);
	return true;
}

struct settings *settings_read_text(
	const char *text, const char *name, struct error *error)
{
	struct reading reading = {
		.settings = new_settings(),
		.rest = text,
		.name = name,
		.error = error,
	};

	ini_max_line = ini_initial_alloc = LINE_LIMIT + 10;
	ini_allow_multiline = false;
	ini_allow_inline_comments = false;
	ini_stop_on_first_error = true;
	if (ini_parse_stream(read_line, &reading, take_value, &reading) != 0)
		complain(&reading, "", "this line",
			"[section], key = value or # comment");
	if (reading.is_failed || !finish(reading.settings, name, error)) {
		settings_free(reading.settings);
		return NULL;
	}
	return reading.settings;
}

struct settings *settings_read(const char *path, struct error *error)
{
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;
	FILE *file = fopen(path, "re");
	char part[4096];
	size_t count;

	if (!file) {
		failed(error, ERROR_USAGE, "cannot read \"%s\": %s", path,
			strerror(errno));
		return NULL;
	}
	while (text.length < 1024 * 1024 &&
		(count = fread(part, 1, sizeof(part), file)) > 0)
		strbuf_add_bytes(&text, part, count);
	fclose(file);
	return settings_read_text(text.text, path, error);
}

void settings_free(struct settings *settings)
{
	if (!settings)
		return;
	for (size_t i = 0; i < COUNT_OF(settings_table); i++) {
		const struct setting *setting = &settings_table[i];

		if (setting->type == SECRET)
			explicit_bzero(*text_of(settings, setting),
				strlen(*text_of(settings, setting)));
		if (setting->type == SECRET || setting->type == TEXT)
			free(*text_of(settings, setting));
	}
	free(settings);
}

void settings_release(struct settings **settings)
{
	settings_free(*settings);
}

void settings_print_sample(FILE *out)
{
	const char *section = "";

	fputs("# carelay.conf - the settings of the clinic's bot, with their "
	      "defaults.\n",
		out);
	for (size_t i = 0; i < COUNT_OF(settings_table); i++) {
		const struct setting *setting = &settings_table[i];

		if (strcmp(section, setting->section) != 0)
			fprintf(out, "\n[%s]\n", setting->section);
		section = setting->section;
		fprintf(out, "# %s\n%s =%s%s\n", setting->help, setting->key,
			*setting->standard ? " " : "", setting->standard);
	}
}
