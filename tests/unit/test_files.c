/* test_files.c - a file from a link to the clinic's own, in its order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "mirror/book.h"
#include "mirror/file_fetch.h"
#include "mirror/file_link.h"
#include "mirror/files.h"
#include "raw_http.h"
#include "settings.h"
#include "web/web.h"

#define JANE "jane@home.example"
#define DOCTOR 7
#define PATIENT 8

static const char picture[] =
	"\xff\xd8\xff\xe1\0\x1c"
	"Exif\0\0secret place of Jane\xff\xda\0\4..pixels\xff\xd9";
static struct raw_http http;
static atomic_bool is_let_go;
static struct settings *settings;
static struct book *book;
static struct files *files;
static struct web *web;
static char folder[] = "/tmp/carelay-files-XXXXXX";
/* What went on, a line each. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static char *gone_on[64], *whys[64];
static int gone_count;

static void answer(int connection, const char *path)
{
	while (strstr(path, "slow") && !atomic_load(&is_let_go))
		usleep(1000);
	if (strstr(path, "knee.jpg"))
		raw_reply(
			connection, "200 OK", "", picture, sizeof(picture) - 1);
	else if (strstr(path, "page"))
		raw_reply(connection, "200 OK", "Content-Type: image/jpeg\r\n",
			"<html>", 6);
	else
		raw_reply(connection, "404 Not Found", "", "", 0);
}

static void go_on(void *context, stanza *message, const char *why)
{
	(void)context;
	pthread_mutex_lock(&lock);
	gone_on[gone_count] = stanza_print(message);
	whys[gone_count++] = xstrdup(why ? why : "");
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	stanza_free(message);
}

static void wait_for(int count)
{
	pthread_mutex_lock(&lock);
	while (gone_count < count)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

static void forget(void)
{
	while (gone_count) {
		free(gone_on[--gone_count]);
		free(whys[gone_count]);
	}
}

/* A message with a link when path is not NULL. */
static enum files_taken send_message(
	uint32_t recipient, const char *id, const char *path, const char *text)
{
	stanza *message = stanza_new("message", NULL);
	AUTO(free_text)
	char *url = path ? xasprintf("http://127.0.0.1:%d%s", http.port, path)
			 : NULL;
	enum files_taken taken;

	stanza_set(message, "id", id);
	stanza_set(message, "from", JANE "/phone");
	if (text || url)
		stanza_add_text(message, "body", text ? text : url);
	else
		stanza_add(message, "received", NS_RECEIPTS);
	if (url)
		stanza_add_text(
			stanza_add(message, "x", "jabber:x:oob"), "url", url);
	taken = files_take(files, PATIENT, recipient, message);
	stanza_free(message);
	return taken;
}

static bool fetch_link(const char *link, struct fetched *fetched)
{
	static atomic_bool is_never_ended;
	struct error error;

	return fetch(
		&(struct fetch_settings){
			.most_bytes = 100000,
			.timeout_s = 5,
			.is_private_allowed = true,
			.is_ended = &is_never_ended,
		},
		link, fetched, &error);
}

/* The link in a message that went on. */
static char *link_of(const char *xml)
{
	const char *begin = strstr(xml, "<url>");

	assert_non_null(begin);
	begin += strlen("<url>");
	return xstrndup(begin, strcspn(begin, "<"));
}

static void a_photo_is_offered_again_without_its_place(void **state)
{
	struct fetched fetched;

	(void)state;
	assert_int_equal(
		send_message(DOCTOR, "a", "/u/knee.jpg", NULL), FILES_TAKEN);
	wait_for(1);
	assert_string_equal(whys[0], "");
	assert_null(strstr(gone_on[0], "/u/"));
	AUTO(free_text) char *link = link_of(gone_on[0]);
	assert_int_equal(
		strncmp(link, settings->files_url, strlen(settings->files_url)),
		0);
	assert_string_equal(link + strlen(link) - 9, "/knee.jpg");
	assert_true(fetch_link(link, &fetched));
	assert_null(memmem(fetched.bytes, fetched.length, "secret", 6));
	assert_non_null(memmem(fetched.bytes, fetched.length, "pixels", 6));
	fetched_release(&fetched);
	/* Until the days are over. */
	book_set_clock(book, INT64_C(1795424400000) + INT64_C(31) * 86400000, 0,
		INT64_MAX);
	assert_false(fetch_link(link, &fetched));
	book_set_clock(book, INT64_C(1795424400000), 0, INT64_MAX);
	assert_true(fetch_link(link, &fetched));
	fetched_release(&fetched);
	link[strlen(settings->files_url) + 20] ^= 1;
	assert_false(fetch_link(link, &fetched));
	forget();
}

static void a_link_without_its_name_is_none(void **state)
{
	struct fetched fetched;

	(void)state;
	assert_int_equal(
		send_message(DOCTOR, "a", "/u/knee.jpg", NULL), FILES_TAKEN);
	wait_for(1);
	AUTO(free_text) char *link = link_of(gone_on[0]);
	AUTO(free_text) char *whole = xstrdup(link);
	*strrchr(link, '/') = '\0';
	assert_false(fetch_link(link, &fetched));
	assert_true(fetch_link(whole, &fetched));
	fetched_release(&fetched);
	forget();
}

static void what_comes_later_waits_and_what_may_not_goes(void **state)
{
	(void)state;
	atomic_store(&is_let_go, false);
	assert_int_equal(
		send_message(DOCTOR, "a", "/slow/knee.jpg", NULL), FILES_TAKEN);
	assert_int_equal(
		send_message(DOCTOR, "b", NULL, "this is it"), FILES_TAKEN);
	assert_int_equal(
		send_message(DOCTOR, "c", "/u/knee.jpg", NULL), FILES_TAKEN);
	assert_int_equal(
		send_message(DOCTOR, "d", NULL, "and this"), FILES_TAKEN);
	/* A receipt, and another conversation, do not wait. */
	assert_int_equal(send_message(DOCTOR, "e", NULL, NULL), FILES_NONE);
	assert_int_equal(
		send_message(DOCTOR + 2, "f", NULL, "hello"), FILES_NONE);
	stanza *odd = stanza_parse("<message id='e' from='" JANE
				   "/phone'><body>look</body><x xmlns="
				   "'jabber:x:oob'><url>ftp://home.example/jane"
				   "</url></x></message>");
	assert_int_equal(files_take(files, PATIENT, DOCTOR, odd), FILES_TAKEN);
	stanza_free(odd);
	atomic_store(&is_let_go, true);
	wait_for(5);
	assert_non_null(strstr(gone_on[4], "look"));
	assert_null(strstr(gone_on[4], "home.example/jane"));
	for (int i = 0; i < 4; i++) {
		char id[] = "id=\"a\"";

		id[4] = (char)('a' + i);
		assert_non_null(strstr(gone_on[i], id));
	}
	/* The lane is free again. */
	for (int tries = 0; send_message(DOCTOR, "g", NULL, "on") != FILES_NONE;
		tries++) {
		assert_true(tries < 5000);
		usleep(1000);
	}
	pthread_mutex_lock(&lock);
	forget();
	pthread_mutex_unlock(&lock);
}

static void what_cannot_pass_is_told(void **state)
{
	(void)state;
	assert_int_equal(
		send_message(DOCTOR, "a", "/u/page.jpg", NULL), FILES_TAKEN);
	wait_for(1);
	assert_non_null(strstr(whys[0], "something else"));
	assert_null(strstr(gone_on[0], "http"));
	assert_null(strstr(gone_on[0], "<body>"));
	assert_int_equal(
		send_message(DOCTOR, "b", "/u/nothing", "look"), FILES_TAKEN);
	wait_for(2);
	assert_non_null(strstr(whys[1], "does not hand it over"));
	assert_non_null(strstr(gone_on[1], "<body>look</body>"));
	forget();
}

static void only_so_many_wait(void **state)
{
	enum files_taken taken = FILES_TAKEN;
	int count = 0;

	(void)state;
	atomic_store(&is_let_go, false);
	while (taken == FILES_TAKEN && count < 60) {
		taken = send_message(DOCTOR, "a", "/slow/knee.jpg", NULL);
		count += taken == FILES_TAKEN;
	}
	assert_int_equal(taken, FILES_FULL);
	atomic_store(&is_let_go, true);
	wait_for(count);
	forget();
}

static int set_up(void **state)
{
	struct error error;

	(void)state;
	raw_start(&http, answer);
	assert_non_null(mkdtemp(folder));
	/* A port that is free: the one that a listener just had. */
	struct raw_http other;
	raw_start(&other, answer);
	raw_stop(&other);
	AUTO(free_text)
	char *text = xasprintf("[server]\nsecret = s\n[files]\nurl = "
			       "http://127.0.0.1:%d\nfolder = %s/files\n"
			       "private = yes\n[web]\nport = %d\n",
		other.port, folder, other.port);
	settings = settings_read_text(text, "test", &error);
	assert_non_null(settings);
	book = book_new();
	book_set_clock(book, INT64_C(1795424400000), 0, INT64_MAX);
	/* What a bot that ended badly has left. */
	AUTO(free_text) char *own = xasprintf("%s/files", folder);
	AUTO(free_text) char *left = xasprintf("%s/new-left", own);
	assert_int_equal(mkdir(own, 0700), 0);
	assert_int_equal(close(open(left, O_CREAT | O_WRONLY, 0600)), 0);
	files = files_new(&(struct files_settings){.settings = settings,
				  .book = book,
				  .is_unrecorded = true,
				  .go_on = go_on},
		&error);
	assert_non_null(files);
	assert_int_not_equal(access(left, F_OK), 0);
	web = web_new(settings->web_host, settings->web_port,
		&(struct web_route){FILE_ROUTE, files_serve, files}, 1, &error);
	assert_non_null(web);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	web_free(web);
	assert_true(files_stop(files, 5000));
	files_free(files);
	book_free(book);
	settings_free(settings);
	raw_stop(&http);
	AUTO(free_text) char *remove = xasprintf("rm -rf '%s'", folder);
	return system(remove);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_photo_is_offered_again_without_its_place),
		cmocka_unit_test(a_link_without_its_name_is_none),
		cmocka_unit_test(what_comes_later_waits_and_what_may_not_goes),
		cmocka_unit_test(what_cannot_pass_is_told),
		cmocka_unit_test(only_so_many_wait),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
