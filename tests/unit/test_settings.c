/* test_settings.c - the settings: defaults, complaints, the sample. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "settings.h"

#define TEN "\xc3\xb1\xc3\xb1\xc3\xb1\xc3\xb1\xc3\xb1nnnnn" /* characters */
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void what_is_not_said_has_its_default(void **state UNUSED)
{
	struct error error;
	AUTO(settings_release)
	struct settings *settings = settings_read_text(
		"[server]\nsecret = sesame\n", "test.conf", &error);

	assert_non_null(settings);
	assert_string_equal(settings->server_host, "127.0.0.1");
	assert_int_equal(settings->server_port, 5347);
	assert_string_equal(settings->server_domain, "clinic.localhost");
	assert_string_equal(settings->clinic_reminders, "1440 60");
	assert_int_equal(settings->bot_workers, 8);
	assert_int_equal(settings->bot_log_level, LOG_LEVEL_INFO);
}

static void what_is_said_counts(void **state UNUSED)
{
	struct error error;
	AUTO(settings_release)
	struct settings *settings = settings_read_text(
		"\xef\xbb\xbf# a comment\n"
		"[server]\n"
		"domain = clinic.example\r\n"
		"secret = a;b #c ; d\n"
		"[database]\n"
		"url = postgresql://bot:p%40ss@127.0.0.1:5432/x?sslmode=off\n"
		"[clinic]\n"
		"name = " HUNDRED "\n"
		"reminders = 2 weeks, 90 minutes\n"
		"admins = Admin@LOCALHOST , xmpp:boss@clinic.example\n"
		"[bot]\n"
		"workers=2\n"
		"log_level = debug",
		"test.conf", &error);

	assert_non_null(settings);
	assert_string_equal(settings->server_domain, "clinic.example");
	assert_string_equal(settings->server_secret.text, "a;b #c ; d");
	assert_string_equal(settings->database_url.text,
		"postgresql://bot:p%40ss@127.0.0.1:5432/x?sslmode=off");
	assert_string_equal(
		settings->clinic_admins, "admin@localhost boss@clinic.example");
	assert_string_equal(settings->clinic_name, HUNDRED);
	assert_string_equal(settings->clinic_reminders, "20160 90");
	assert_int_equal(settings->bot_workers, 2);
	assert_int_equal(settings->bot_log_level, LOG_LEVEL_DEBUG);
}

/* The text after "[server]\nsecret = x\n" and the complaint. */
static void a_complaint_names_line_key_and_what_is_expected(void **state UNUSED)
{
	/* clang-format off */
	static const struct { const char *text, *complaint; } cases[] = {
		{"port = 70000\n",
		 "test.conf:3: server.port: expected a number from 1 to 65535"},
		{"port = 5347x\n",
		 "test.conf:3: server.port: expected a number from 1 to 65535"},
		{"port =\n",
		 "test.conf:3: server.port: expected a number from 1 to 65535"},
		{"\n\n# more\ndomain = Clinic.Example\n",
		 "test.conf:6: server.domain: expected a domain name in lower "
		 "case, such as clinic.example"},
		{"domain = clinic\n",
		 "test.conf:3: server.domain: expected a domain name in lower "
		 "case, such as clinic.example"},
		{"[clinic]\nquiet_hours = 9pm-8am\n",
		 "test.conf:4: clinic.quiet_hours: expected two times such as "
		 "21:00-08:00, or nothing"},
		{"prot = 1\n", "test.conf:3: server.prot: there is no such setting"},
		{"[servre]\nport = 1\n",
		 "test.conf:4: servre.port: there is no such setting"},
		{"port\n",
		 "test.conf:3: this line: expected [section], key = value or # "
		 "comment"},
		{"[bot\nworkers = 1\n",
		 "test.conf:3: this line: expected [section], key = value or # "
		 "comment"},
		{"[clinic]\ntimezone = Europe/Madird\n",
		 "test.conf:4: clinic.timezone: expected a time zone, such as "
		 "Europe/Madrid"},
		{"[clinic]\ntimezone = zone.tab\n",
		 "test.conf:4: clinic.timezone: expected a time zone, such as "
		 "Europe/Madrid"},
		{"[clinic]\ntimezone = Europe\n",
		 "test.conf:4: clinic.timezone: expected a time zone, such as "
		 "Europe/Madrid"},
		{"[clinic]\ntimezone = right/Europe/Madrid\n",
		 "test.conf:4: clinic.timezone: expected a time zone, such as "
		 "Europe/Madrid"},
		{"[clinic]\nname = 12345\n",
		 "test.conf:4: clinic.name: expected a name with a letter in it, "
		 "of 100 characters at most"},
		{"[clinic]\nname = \n",
		 "test.conf:4: clinic.name: expected a name with a letter in it, "
		 "of 100 characters at most"},
		{"[clinic]\nname = " HUNDRED "x\n",
		 "test.conf:4: clinic.name: expected a name with a letter in it, "
		 "of 100 characters at most"},
		{"[clinic]\nname = \xff\n",
		 "test.conf:4: clinic.name: expected a name with a letter in it, "
		 "of 100 characters at most"},
		{"[database]\nurl = nonsense\n",
		 "test.conf:4: database.url: expected a libpq connection string "
		 "or URI"},
		{"[database]\nurl =\n",
		 "test.conf:4: database.url: expected a libpq connection string "
		 "or URI"},
		{"[database]\nurl = postgresql://a@b/c?d=e\n",
		 "test.conf:4: database.url: expected a libpq connection string "
		 "or URI"},
		{"[clinic]\nreminders = soon\n",
		 "test.conf:4: clinic.reminders: expected durations with commas "
		 "between, such as 1 day, 1 hour"},
		{"[clinic]\nadmins = admin\n",
		 "test.conf:4: clinic.admins: expected addresses with commas "
		 "between"},
		{"[clinic]\ncurrency = euro\n",
		 "test.conf:4: clinic.currency: expected three capital letters, "
		 "such as EUR"},
		{"[bot]\nlog_level = loud\n",
		 "test.conf:4: bot.log_level: expected error, warning, notice, "
		 "info or debug"},
		{"[bot]\ndesk = De sk\n",
		 "test.conf:4: bot.desk: expected the first part of an address, "
		 "in lower case"},
		{"secret =\n",
		 "test.conf: server.secret: expected the component's secret, here "
		 "or in secret_file"},
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(free_text)
		char *text =
			xasprintf("[server]\nsecret = x\n%s", cases[i].text);
		struct error error;

		assert_null(settings_read_text(text, "test.conf", &error));
		assert_int_equal(error.kind, ERROR_USAGE);
		assert_string_equal(error.message, cases[i].complaint);
	}
}

static void a_line_has_its_limit(void **state UNUSED)
{
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;
	struct error error;

	strbuf_add(&text, "[server]\nsecret = ");
	for (int i = 0; i < 1900; i++)
		strbuf_add(&text, "s");
	AUTO(settings_release)
	struct settings *settings =
		settings_read_text(text.text, "test.conf", &error);
	assert_non_null(settings);
	assert_int_equal(strlen(settings->server_secret.text), 1900);

	for (int i = 0; i < 100; i++)
		strbuf_add(&text, "s");
	assert_null(settings_read_text(text.text, "test.conf", &error));
	assert_string_equal(error.message, "test.conf:2: this line: expected "
					   "at most 2000 characters");
	assert_null(strstr(error.message, "sss"));
}

static void the_secret_may_have_a_file_of_its_own(void **state UNUSED)
{
	char path[] = "/tmp/carelay-secret-XXXXXX";
	int file = mkstemp(path);
	struct error error;

	assert_true(file >= 0);
	assert_int_equal(write(file, "from a file\n", 12), 12);
	close(file);
	AUTO(free_text)
	char *text = xasprintf("[server]\nsecret_file = %s\n", path);
	AUTO(settings_release)
	struct settings *settings =
		settings_read_text(text, "test.conf", &error);
	assert_non_null(settings);
	assert_string_equal(settings->server_secret.text, "from a file");
	unlink(path);
	assert_null(settings_read_text(text, "test.conf", &error));
	assert_non_null(strstr(error.message, "server.secret_file"));
}

static void a_missing_file_is_said(void **state UNUSED)
{
	struct error error;

	assert_null(settings_read("/nowhere/carelay.conf", &error));
	assert_string_equal(error.message,
		"cannot read \"/nowhere/carelay.conf\": No such file or "
		"directory");
}

/* config/carelay.conf is what --print-config writes, and can be read. */
static void the_sample_is_the_table(void **state UNUSED)
{
	char *sample = NULL;
	size_t size;
	FILE *out = open_memstream(&sample, &size);
	char file[16384];

	settings_print_sample(out);
	fclose(out);
	FILE *in = fopen("config/carelay.conf", "re");
	assert_non_null(in);
	size_t count = fread(file, 1, sizeof(file) - 1, in);
	fclose(in);
	file[count] = '\0';
	assert_string_equal(file, sample);

	struct error error;
	assert_null(settings_read_text(sample, "sample", &error));
	assert_string_equal(error.message,
		"sample: server.secret: expected the component's secret, here "
		"or in secret_file");
	free(sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_said_has_its_default),
		cmocka_unit_test(what_is_said_counts),
		cmocka_unit_test(
			a_complaint_names_line_key_and_what_is_expected),
		cmocka_unit_test(a_line_has_its_limit),
		cmocka_unit_test(the_secret_may_have_a_file_of_its_own),
		cmocka_unit_test(a_missing_file_is_said),
		cmocka_unit_test(the_sample_is_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
