/* test_stream.c - the component's stream, against a server played by the test.
 *
 * The stream runs in a thread; the test itself is the server, line by line: it
 * accepts, reads until something has come, writes. Nothing here depends on how
 * long something takes; WAIT_MS only ends a test that hangs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/queue.h"
#include "base/strbuf.h"
#include "xmpp/gate.h"
#include "xmpp/stream.h"

#define WAIT_MS 20000
#define HEADER                                               \
	"<?xml version='1.0'?><stream:stream "               \
	"xmlns:stream='http://etherx.jabber.org/streams' "   \
	"xmlns='jabber:component:accept' from='clinic.test'" \
	" id='42'>"

struct stage {
	int listener, port;
	struct stream *stream;
	struct queue *came;     /* stanzas given to on_stanza */
	int peer;               /* the server's end, or -1 */
	struct strbuf read;     /* what the server has read and not looked at */
	struct strbuf read_all; /* of this connection */
};

static void on_stanza(void *context, stanza *incoming)
{
	struct stage *stage = context;

	assert_true(queue_put(stage->came, incoming));
}

static void open_stage(struct stage *stage, struct stream_settings settings)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(address);

	*stage = (struct stage){
		.peer = -1, .read = STRBUF_INIT, .read_all = STRBUF_INIT};
	stage->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_return_code(
		bind(stage->listener, (struct sockaddr *)&address, size), 0);
	assert_return_code(listen(stage->listener, 4), 0);
	assert_return_code(getsockname(stage->listener,
				   (struct sockaddr *)&address, &size),
		0);
	settings.host = "127.0.0.1";
	settings.port = ntohs(address.sin_port);
	settings.domain = "clinic.test";
	settings.secret = "open sesame";
	settings.on_stanza = on_stanza;
	settings.context = stage;
	if (!settings.kept_count)
		settings.kept_count = 100;
	settings.retry_min_ms = 1;
	settings.retry_max_ms = 20;
	stage->came = queue_new(100);
	stage->stream = stream_new(&settings);
	stream_start(stage->stream);
}

static void free_stanza(void *item)
{
	stanza_free(item);
}

static void hang_up(struct stage *stage)
{
	close(stage->peer);
	stage->peer = -1;
}

static void close_stage(struct stage *stage)
{
	stream_stop(stage->stream, 2000);
	if (stage->peer >= 0)
		shutdown(stage->peer, SHUT_WR);
	stream_join(stage->stream);
	queue_free(stage->came, free_stanza);
	stream_free(stage->stream);
	if (stage->peer >= 0)
		hang_up(stage);
	close(stage->listener);
	strbuf_release(&stage->read);
	strbuf_release(&stage->read_all);
}

static void say(struct stage *stage, const char *text)
{
	assert_int_equal(send(stage->peer, text, strlen(text), MSG_NOSIGNAL),
		strlen(text));
}

/* One more read. False: the stream has closed the connection. */
static bool read_more(struct stage *stage)
{
	struct pollfd polled = {.fd = stage->peer, .events = POLLIN};
	char part[4096];

	assert_int_equal(poll(&polled, 1, WAIT_MS), 1);
	ssize_t count = recv(stage->peer, part, sizeof(part), 0);
	if (count <= 0)
		return false;
	strbuf_add_bytes(&stage->read, part, (size_t)count);
	strbuf_add_bytes(&stage->read_all, part, (size_t)count);
	return true;
}

/* Reads until this has come, and forgets everything up to its end. */
static void expect(struct stage *stage, const char *text)
{
	char *at;

	while (!(at = strstr(stage->read.text, text)))
		if (!read_more(stage))
			fail_msg("closed before \"%s\" came; \"%s\" came", text,
				stage->read.text);
	AUTO(free_text) char *rest = xstrdup(at + strlen(text));
	strbuf_reset(&stage->read);
	strbuf_add(&stage->read, rest);
}

static void expect_end(struct stage *stage)
{
	while (read_more(stage))
		;
}

static void accept_connection(struct stage *stage)
{
	struct pollfd polled = {.fd = stage->listener, .events = POLLIN};

	assert_int_equal(poll(&polled, 1, WAIT_MS), 1);
	stage->peer = accept(stage->listener, NULL, NULL);
	assert_return_code(stage->peer, 0);
	strbuf_reset(&stage->read);
	strbuf_reset(&stage->read_all);
	expect(stage, "<stream:stream");
	expect(stage, "clinic.test");
	expect(stage, ">");
}

static void let_in(struct stage *stage)
{
	accept_connection(stage);
	say(stage, HEADER);
	expect(stage, "</handshake>");
	say(stage, "<handshake/>");
}

static void wait_until_up(struct stage *stage, bool is_up)
{
	int64_t deadline = clock_monotonic_ms() + WAIT_MS;

	while (stream_is_up(stage->stream) != is_up) {
		assert_true(clock_monotonic_ms() < deadline);
		usleep(1000);
	}
}

static void send_chat(struct stage *stage, const char *id)
{
	stream_send(stage->stream,
		stanza_chat("jane@home.test", "desk@clinic.test", id, "hello"));
}

/* The id of the ping that comes next. */
static char *expect_ping(struct stage *stage)
{
	expect(stage, "ping-");
	while (!strpbrk(stage->read.text, "\"'"))
		assert_true(read_more(stage));
	char *id = xasprintf("ping-%.*s", (int)strcspn(stage->read.text, "\"'"),
		stage->read.text);
	expect(stage, "</iq>");
	return id;
}

static void answer_ping(struct stage *stage)
{
	AUTO(free_text) char *id = expect_ping(stage);
	AUTO(free_text)
	char *answer = xasprintf("<iq type='get' id='%s' from='clinic.test' "
				 "to='clinic.test'><ping "
				 "xmlns='urn:xmpp:ping'/></iq>",
		id);

	say(stage, answer);
}

/* Without make_stream_management_state() this dies by SIGSEGV. */
static void the_first_stanza_of_a_component_does_not_crash(void **state UNUSED)
{
	struct stage stage;

	open_stage(&stage, (struct stream_settings){0});
	let_in(&stage);
	say(&stage, "<message from='jane@home.test/x' to='desk@clinic.test' "
		    "xml:lang='de'><body>hallo</body></message>");
	stanza *came = queue_take(stage.came);
	assert_string_equal(stanza_get(came, "from"), "jane@home.test/x");
	assert_string_equal(stanza_get(came, "xml:lang"), "de");
	stanza_free(came);
	close_stage(&stage);
}

static void what_is_sent_arrives_in_order(void **state UNUSED)
{
	struct stage stage;
	char id[20];

	open_stage(&stage, (struct stream_settings){.kept_count = 1000});
	let_in(&stage);
	wait_until_up(&stage, true);
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(id, sizeof(id), "m%d", i);
		send_chat(&stage, id);
	}
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(id, sizeof(id), "id=\"m%d\"", i);
		expect(&stage, id);
	}
	close_stage(&stage);
}

static void what_would_end_the_stream_is_not_written(void **state UNUSED)
{
	struct stage stage;

	open_stage(&stage, (struct stream_settings){0});
	let_in(&stage);
	wait_until_up(&stage, true);
	stream_send(stage.stream, NULL);
	stream_send(stage.stream,
		stanza_chat(NULL, "desk@clinic.test", "wrong1", "x"));
	stream_send(stage.stream,
		stanza_chat("jane@home.test", "desk@else.test", "wrong2", "x"));
	stream_send(stage.stream,
		stanza_chat("ja ne@home.test", "d@clinic.test", "wrong3", "x"));
	send_chat(&stage, "right");
	expect(&stage, "id=\"right\"");
	assert_null(strstr(stage.read_all.text, "wrong"));
	close_stage(&stage);
}

static void what_is_sent_while_down_is_kept_up_to_a_bound(void **state UNUSED)
{
	struct stage stage;

	open_stage(&stage, (struct stream_settings){.kept_count = 3});
	for (int i = 1; i <= 5; i++) {
		char id[20];
		(void)snprintf(id, sizeof(id), "m%d", i);
		send_chat(&stage, id);
	}
	let_in(&stage);
	expect(&stage, "id=\"m3\"");
	expect(&stage, "id=\"m4\"");
	expect(&stage, "id=\"m5\"");
	assert_null(strstr(stage.read_all.text, "m1"));
	assert_null(strstr(stage.read_all.text, "m2"));
	close_stage(&stage);
}

static void it_comes_back_after_every_kind_of_end(void **state UNUSED)
{
	/* clang-format off */
	static const char *const ends[] = {
		"", /* no word at all */
		"</stream:stream>",
		"<stream:error><system-shutdown "
		"xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
		"</stream:stream>",
		"<message from='jane@home.test' to='desk@clinic.test'><bo",
		"<<<", "\x01\x02\xff", "<a></b>",
	};
	/* clang-format on */
	struct stage stage;

	open_stage(&stage, (struct stream_settings){0});
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		let_in(&stage);
		wait_until_up(&stage, true);
		say(&stage, ends[i]);
		hang_up(&stage);
		wait_until_up(&stage, false);
	}
	accept_connection(&stage); /* hung up before the handshake */
	hang_up(&stage);
	accept_connection(&stage);
	say(&stage, HEADER);
	hang_up(&stage);
	let_in(&stage);
	send_chat(&stage, "after");
	expect(&stage, "id=\"after\"");
	close_stage(&stage);
}

/* Collects what is logged, on descriptor 2, into a file. */
struct log_file {
	int descriptor, old;
};

static struct log_file begin_log(void)
{
	char path[] = "/tmp/carelay-log-XXXXXX";
	struct log_file log = {.descriptor = mkstemp(path)};

	assert_return_code(log.descriptor, 0);
	unlink(path);
	log.old = dup(STDERR_FILENO);
	dup2(log.descriptor, STDERR_FILENO);
	return log;
}

static void end_log(const struct log_file *log, char *text, size_t size)
{
	dup2(log->old, STDERR_FILENO);
	close(log->old);
	ssize_t count = pread(log->descriptor, text, size - 1, 0);
	text[count > 0 ? count : 0] = '\0';
	close(log->descriptor);
}

static void a_refusal_is_said_in_words(void **state UNUSED)
{
	/* clang-format off */
	static const struct {
		enum error_kind kind;
		const char *condition, *words;
	} cases[] = {
		{ERROR_USAGE, "not-authorized", "does not accept the secret"},
		{ERROR_CONFLICT, "conflict", "another process is connected"},
		{ERROR_USAGE, "host-unknown", "has no component of this name"},
	};
	/* clang-format on */
	struct error error;
	char text[8192];

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct log_file log = begin_log();
		struct stage stage;
		AUTO(free_text)
		char *refusal = xasprintf(
			"<stream:error><%s xmlns='urn:ietf:params:xml:ns:"
			"xmpp-streams'/></stream:error></stream:stream>",
			cases[i].condition);

		open_stage(&stage, (struct stream_settings){0});
		accept_connection(&stage);
		say(&stage, HEADER);
		expect(&stage, "</handshake>");
		say(&stage, refusal);
		hang_up(&stage);
		assert_false(stream_wait(stage.stream, WAIT_MS, &error));
		assert_int_equal(error.kind, cases[i].kind);
		let_in(&stage); /* tried again */
		wait_until_up(&stage, true);
		close_stage(&stage);
		end_log(&log, text, sizeof(text));
		assert_non_null(strstr(text, cases[i].words));
		assert_non_null(strstr(text, "stream up"));
		assert_null(strstr(text, "open sesame"));
	}
}

struct barrier {
	struct stage *stage;
	bool sends_first, is_proved;
	struct error error;
	struct queue *steps; /* the test says when to go on */
};

/* The post room in small: sends, then asks for proof. */
static void *prove(void *argument)
{
	struct barrier *barrier = argument;

	if (barrier->sends_first)
		send_chat(barrier->stage, "delivery");
	if (barrier->steps)
		(void)!queue_take(barrier->steps);
	barrier->is_proved = stream_barrier(
		barrier->stage->stream, WAIT_MS, &barrier->error);
	return NULL;
}

static void a_barrier_waits_for_its_ping(void **state UNUSED)
{
	struct stage stage;
	struct barrier barrier = {.stage = &stage, .sends_first = true};
	pthread_t thread;

	open_stage(&stage, (struct stream_settings){0});
	let_in(&stage);
	wait_until_up(&stage, true);
	for (int i = 0; i < 3; i++) {
		barrier.is_proved = false;
		pthread_create(&thread, NULL, prove, &barrier);
		expect(&stage, "delivery");
		/* An answer to a ping that was never sent proves nothing. */
		say(&stage, "<iq type='result' id='ping-99' "
			    "from='clinic.test' to='clinic.test'/>");
		/* Nor does somebody else's with the right number. */
		AUTO(free_text) char *id = expect_ping(&stage);
		AUTO(free_text)
		char *forged = xasprintf("<iq type='result' id='%s' "
					 "from='jane@home.test/x' "
					 "to='clinic.test'/>",
			id);
		say(&stage, forged);
		AUTO(stanza_release) stanza *came = queue_take(stage.came);
		assert_string_equal(stanza_get(came, "id"), id);
		AUTO(free_text)
		char *answer = xasprintf("<iq type='result' id='%s' "
					 "from='clinic.test' "
					 "to='clinic.test'/>",
			id);
		say(&stage, answer);
		pthread_join(thread, NULL);
		assert_true(barrier.is_proved);
	}
	close_stage(&stage);
}

static void a_barrier_fails_when_the_stream_is_down(void **state UNUSED)
{
	struct stage stage;
	struct error error;

	open_stage(&stage, (struct stream_settings){0});
	assert_false(stream_barrier(stage.stream, WAIT_MS, &error));
	assert_int_equal(error.kind, ERROR_UNAVAILABLE);
	let_in(&stage);
	wait_until_up(&stage, true);
	assert_false(stream_barrier(stage.stream, 1, &error)); /* no answer */
	assert_int_equal(error.kind, ERROR_UNAVAILABLE);
	close_stage(&stage);
}

static void a_barrier_fails_when_the_stream_goes_down(void **state UNUSED)
{
	struct stage stage;
	struct barrier barrier = {.stage = &stage, .sends_first = true};
	pthread_t thread;

	open_stage(&stage, (struct stream_settings){0});
	let_in(&stage);
	wait_until_up(&stage, true);
	pthread_create(&thread, NULL, prove, &barrier);
	expect(&stage, "ping-");
	hang_up(&stage);
	let_in(&stage); /* it is up again, and the ping of before is no proof */
	pthread_join(thread, NULL);
	assert_false(barrier.is_proved);
	assert_int_equal(barrier.error.kind, ERROR_UNAVAILABLE);
	close_stage(&stage);
}

/* Sent on one connection, asked on the next: the answer would prove nothing. */
static void a_barrier_knows_of_a_loss_before_it(void **state UNUSED)
{
	struct stage stage;
	struct barrier barrier = {
		.stage = &stage, .sends_first = true, .steps = queue_new(1)};
	pthread_t thread;

	open_stage(&stage, (struct stream_settings){0});
	let_in(&stage);
	wait_until_up(&stage, true);
	pthread_create(&thread, NULL, prove, &barrier);
	expect(&stage, "delivery");
	hang_up(&stage);
	wait_until_up(&stage, false);
	let_in(&stage);
	wait_until_up(&stage, true);
	assert_true(queue_put(barrier.steps, &barrier));
	answer_ping(&stage);
	pthread_join(thread, NULL);
	assert_false(barrier.is_proved);

	/* The next batch is another matter. */
	pthread_create(&thread, NULL, prove, &barrier);
	assert_true(queue_put(barrier.steps, &barrier));
	answer_ping(&stage);
	pthread_join(thread, NULL);
	assert_true(barrier.is_proved);
	close_stage(&stage);
	queue_free(barrier.steps, NULL);
}

static void two_unanswered_pings_end_the_stream(void **state UNUSED)
{
	struct stage stage;

	open_stage(&stage, (struct stream_settings){.ping_ms = 300});
	let_in(&stage);
	for (int i = 0; i < 4; i++) /* answered: it lives */
		answer_ping(&stage);
	expect_end(&stage);
	hang_up(&stage);
	let_in(&stage);
	answer_ping(&stage);
	close_stage(&stage);
}

static void what_is_too_large_is_answered_not_given_on(void **state UNUSED)
{
	AUTO(strbuf_release) struct strbuf deep = STRBUF_INIT;
	struct stage stage;

	strbuf_add(&deep, "<message id='deep' from='jane@home.test/x' "
			  "to='desk@clinic.test'>");
	for (int i = 0; i < 10000; i++)
		strbuf_add(&deep, "<a>");
	for (int i = 0; i < 10000; i++)
		strbuf_add(&deep, "</a>");
	strbuf_add(&deep, "</message>");
	open_stage(&stage, (struct stream_settings){0});
	let_in(&stage);
	say(&stage, deep.text);
	expect(&stage, "policy-violation");
	assert_non_null(strstr(stage.read_all.text, "id=\"deep\""));
	assert_non_null(strstr(stage.read_all.text, "to=\"jane@home.test/x\""));

	strbuf_reset(&deep);
	strbuf_add(&deep, "<message id='long' from='jane@home.test/x' "
			  "to='desk@clinic.test'><body>");
	while (deep.length < GATE_BYTES + 1000)
		strbuf_add(&deep, "1234567890");
	strbuf_add(&deep, "</body></message>");
	say(&stage, deep.text);
	expect(&stage, "policy-violation");
	assert_int_equal(queue_count(stage.came), 0);
	close_stage(&stage);
}

static void a_paused_stream_says_try_again(void **state UNUSED)
{
	struct stage stage;

	open_stage(&stage, (struct stream_settings){0});
	let_in(&stage);
	wait_until_up(&stage, true);
	stream_pause(stage.stream);
	say(&stage, "<message id='m1' from='jane@home.test/x' "
		    "to='desk@clinic.test'><body>hi</body></message>");
	expect(&stage, "resource-constraint");
	send_chat(&stage, "last words");
	expect(&stage, "last words");
	assert_int_equal(queue_count(stage.came), 0);
	close_stage(&stage);
}

static void stopping_writes_everything_and_says_goodbye(void **state UNUSED)
{
	struct stage stage;
	char id[20];

	open_stage(&stage, (struct stream_settings){.kept_count = 5000});
	let_in(&stage);
	wait_until_up(&stage, true);
	for (int i = 0; i < 5000; i++) {
		(void)snprintf(id, sizeof(id), "m%d", i);
		send_chat(&stage, id);
	}
	stream_stop(stage.stream, 5000);
	send_chat(&stage, "too late");
	expect(&stage, "id=\"m4999\"");
	expect(&stage, "</stream:stream>");
	assert_null(strstr(stage.read_all.text, "too late"));
	say(&stage, "</stream:stream>");
	close_stage(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_first_stanza_of_a_component_does_not_crash),
		cmocka_unit_test(what_is_sent_arrives_in_order),
		cmocka_unit_test(what_would_end_the_stream_is_not_written),
		cmocka_unit_test(what_is_sent_while_down_is_kept_up_to_a_bound),
		cmocka_unit_test(it_comes_back_after_every_kind_of_end),
		cmocka_unit_test(a_refusal_is_said_in_words),
		cmocka_unit_test(a_barrier_waits_for_its_ping),
		cmocka_unit_test(a_barrier_fails_when_the_stream_is_down),
		cmocka_unit_test(a_barrier_fails_when_the_stream_goes_down),
		cmocka_unit_test(a_barrier_knows_of_a_loss_before_it),
		cmocka_unit_test(two_unanswered_pings_end_the_stream),
		cmocka_unit_test(what_is_too_large_is_answered_not_given_on),
		cmocka_unit_test(a_paused_stream_says_try_again),
		cmocka_unit_test(stopping_writes_everything_and_says_goodbye),
	};

	alarm(120); /* a crash of the stream's thread would be a wait for ever */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
