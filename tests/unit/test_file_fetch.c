/* test_file_fetch.c - what a link leads to is fetched, as far as it may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/memory.h"
#include "mirror/file_fetch.h"
#include "raw_http.h"

static struct raw_http http;
static atomic_bool is_ended;
static char large[300000];

static void answer(int connection, const char *path)
{
	char to[128];

	if (strcmp(path, "/hello") == 0) {
		raw_reply(connection, "200 OK", "", "hello", 5);
	} else if (strcmp(path, "/large") == 0) {
		raw_reply(connection, "200 OK", "", large, sizeof(large));
	} else if (strcmp(path, "/secretly-large") == 0) {
		static const char head[] = "HTTP/1.0 200 OK\r\n\r\n";

		raw_write(connection, head, strlen(head));
		raw_write(connection, large, sizeof(large));
	} else if (strncmp(path, "/hop", 4) == 0) {
		(void)snprintf(
			to, sizeof(to), "Location: /hop%d\r\n", path[4] - '1');
		if (path[4] == '1')
			(void)snprintf(to, sizeof(to), "Location: /hello\r\n");
		raw_reply(connection, "302 Found", to, "gone", 4);
	} else if (strcmp(path, "/inside") == 0) {
		raw_reply(connection, "302 Found",
			"Location: file:///etc/passwd\r\n", "", 0);
	} else if (strcmp(path, "/slow") == 0) {
		for (int i = 0; i < 300; i++) {
			raw_write(connection,
				i ? "x" : "HTTP/1.0 200 OK\r\n\r\n",
				i ? 1 : 19);
			usleep(10000);
		}
	} else {
		raw_reply(connection, "404 Not Found", "", "no", 2);
	}
}

static struct fetch_settings settings(bool is_private_allowed)
{
	return (struct fetch_settings){
		.most_bytes = 100000,
		.timeout_s = 1,
		.is_private_allowed = is_private_allowed,
		.is_ended = &is_ended,
	};
}

static bool get(const char *path, bool is_private_allowed,
	struct fetched *fetched, struct error *error)
{
	struct fetch_settings how = settings(is_private_allowed);
	AUTO(free_text)
	char *url = *path == '/' ? xasprintf("http://127.0.0.1:%d%s", http.port,
					   path)
				 : xstrdup(path);

	return fetch(&how, url, fetched, error);
}

static void assert_refused(
	const char *path, bool is_private_allowed, const char *because)
{
	struct fetched fetched;
	struct error error = {0};

	assert_false(get(path, is_private_allowed, &fetched, &error));
	assert_null(fetched.bytes);
	if (!strstr(error.message, because))
		fail_msg("%s: %s (%s)", path, error.message, error.detail);
}

static void what_is_there_is_fetched(void **state)
{
	struct fetched fetched;
	struct error error;

	(void)state;
	assert_true(get("/hello", true, &fetched, &error));
	assert_int_equal(fetched.length, 5);
	assert_memory_equal(fetched.bytes, "hello", 5);
	fetched_release(&fetched);
	assert_refused("/nothing", true, "does not hand it over");
}

static void a_few_redirects_are_followed(void **state)
{
	struct fetched fetched;
	struct error error;

	(void)state;
	atomic_store(&http.asked, 0);
	assert_true(get("/hop3", true, &fetched, &error));
	assert_int_equal(atomic_load(&http.asked), 4);
	assert_int_equal(fetched.length, 5);
	fetched_release(&fetched);
	assert_refused("/hop9", true, "does not hand it over");
	assert_refused("/inside", true, "may not open");
}

static void too_much_is_refused_whatever_is_said(void **state)
{
	(void)state;
	assert_refused("/large", true, "larger than");
	assert_refused("/secretly-large", true, "larger than");
}

static void too_slow_is_refused(void **state)
{
	(void)state;
	assert_refused("/slow", true, "too long");
}

static void who_must_end_does_not_wait(void **state)
{
	(void)state;
	atomic_store(&is_ended, true);
	assert_refused("/slow", true, "restarted");
	atomic_store(&is_ended, false);
}

static void nothing_inside_is_asked(void **state)
{
	AUTO(free_text)
	char *port = xasprintf("https://127.0.0.1:%d/hello", http.port);
	AUTO(free_text)
	char *name = xasprintf("https://localhost:%d/hello", http.port);
	AUTO(free_text)
	char *mapped = xasprintf("https://[::ffff:127.0.0.1]:%d/", http.port);
	AUTO(free_text)
	char *number = xasprintf("https://2130706433:%d/", http.port);

	(void)state;
	atomic_store(&http.asked, 0);
	assert_refused("/hello", false, "may not open"); /* http */
	/* A name is looked up first: what it means is what counts. */
	assert_refused(port, false, "may not open");
	assert_refused(name, false, "may not open");
	assert_refused(mapped, false, "may not open");
	assert_refused(number, false, "may not open");
	assert_refused("https://10.0.0.1:8443/", false, "may not open");
	assert_refused("https://169.254.169.254/latest", false, "may not open");
	assert_refused("https://[fd00::1]:8443/", false, "may not open");
	assert_int_equal(atomic_load(&http.asked), 0);
}

static void only_web_links_are_asked(void **state)
{
	static const char *const urls[] = {"file:///etc/passwd",
		"ftp://127.0.0.1/x", "gopher://127.0.0.1:70/x",
		"https://user:pass@127.0.0.1/", "http://127.0.0.1:22/",
		"https://127.0.0.1:25/", "https://", "nonsense", ""};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(urls); i++)
		assert_refused(urls[i], true, "may not open");
}

static int set_up(void **state)
{
	(void)state;
	fetch_init();
	memset(large, 'x', sizeof(large));
	raw_start(&http, answer);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	raw_stop(&http);
	fetch_exit();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_there_is_fetched),
		cmocka_unit_test(a_few_redirects_are_followed),
		cmocka_unit_test(too_much_is_refused_whatever_is_said),
		cmocka_unit_test(too_slow_is_refused),
		cmocka_unit_test(who_must_end_does_not_wait),
		cmocka_unit_test(nothing_inside_is_asked),
		cmocka_unit_test(only_web_links_are_asked),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
