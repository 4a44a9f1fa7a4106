/* chat_main.c - a chat with the desk on the terminal, line by line.
 *
 *	build/chat --env FILE NAME
 *
 * Logs in as NAME (password: the same) at the clinic that FILE describes, as
 * "make run" writes it: XMPP_HOST, XMPP_PORT, XMPP_DOMAIN, DESK. A line that is
 * typed is sent to the desk, what the clinic says is printed. From a pipe, each
 * line waits until the one before it is answered. The end of input ends it. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <strophe.h>
#include <unistd.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "xmpp/stanza.h"
#include "xmpp/strophe_memory.h"

#define LINE_MAX_BYTES 16000
#define ANSWER_MS 15000
#define LOGIN_MS 15000
/* The desk's answer to this IQ comes after all that it says to a line before. */
#define BARRIER_ID "said"

struct place {
	char host[256], port[8], domain[256], desk[256];
};

struct chat {
	const struct place *place;
	const char *name;
	xmpp_ctx_t *context;
	xmpp_conn_t *connection;
	bool is_terminal;
	bool is_reached; /* the server took the connection */
	bool is_online;  /* and let us in */
	bool is_input_over;
	bool is_over;
	int status;          /* for exit() */
	int64_t answer_till; /* monotonic; 0: nothing is waited for */
	struct strbuf line;  /* typed so far */
};

/* ---- where the clinic is ---- */

/* A value as a shell reads it: 'quoted' or plain. */
static void copy_value(char *to, size_t size, const char *value)
{
	size_t length = strcspn(value, "\r\n");

	if (*value == '\'' && length >= 2) {
		value++;
		length -= 2;
	}
	(void)snprintf(to, size, "%.*s", (int)length, value);
}

/* False when the file is not there or says too little. */
static bool read_place(const char *path, struct place *place)
{
	const struct {
		const char *name;
		char *value;
		size_t size;
	} wanted[] = {
		{"XMPP_HOST=", place->host, sizeof(place->host)},
		{"XMPP_PORT=", place->port, sizeof(place->port)},
		{"XMPP_DOMAIN=", place->domain, sizeof(place->domain)},
		{"DESK=", place->desk, sizeof(place->desk)},
	};
	char line[4096];
	FILE *file = fopen(path, "re");

	if (!file)
		return false;
	while (fgets(line, sizeof(line), file))
		for (size_t i = 0; i < COUNT_OF(wanted); i++) {
			size_t length = strlen(wanted[i].name);
			if (strncmp(line, wanted[i].name, length) == 0)
				copy_value(wanted[i].value, wanted[i].size,
					line + length);
		}
	(void)fclose(file);
	return *place->host && *place->port && *place->domain && *place->desk;
}

/* ---- what is heard ---- */

/* Prints text without anything that could steer a terminal; later lines of a
 * message are indented. */
static void print_text(const char *text)
{
	for (const char *at = text; *at; at++) {
		unsigned char byte = (unsigned char)*at;

		if (byte == '\n')
			(void)fputs("\n      ", stdout);
		else if (byte == 0xc2 && (unsigned char)at[1] < 0xa0 && at[1])
			at++; /* U+0080 to U+009F */
		else if ((byte >= ' ' && byte != 0x7f) || byte == '\t')
			(void)putchar(byte);
	}
}

static void prompt(const struct chat *chat)
{
	if (chat->is_terminal && !chat->is_over)
		(void)printf("%s: ", chat->name);
	(void)fflush(stdout);
}

/* Who said it: "desk" for desk@clinic.localhost. */
static int name_length(const char *from)
{
	return (int)strcspn(from, "@");
}

static void hear_message(struct chat *chat, const stanza *message)
{
	const char *from = stanza_get(message, "from");
	const char *type = stanza_get(message, "type");
	const stanza *body = stanza_find(message, "body", NULL);
	bool is_error = type && strcmp(type, "error") == 0;

	if (!from || (!body && !is_error))
		return;
	if (chat->is_terminal)
		(void)fputs("\r\033[K", stdout);
	if (is_error) {
		const stanza *error = stanza_find(message, "error", NULL);
		const stanza *condition = error ? stanza_first(error) : NULL;
		(void)printf("(not delivered: %s)",
			condition ? stanza_name(condition) : "unknown");
	} else {
		AUTO(free_text) char *text = stanza_text(body);
		(void)printf("%.*s: ", name_length(from), from);
		print_text(text);
	}
	(void)putchar('\n');
	prompt(chat);
}

static int on_stanza(
	xmpp_conn_t *connection UNUSED, xmpp_stanza_t *incoming, void *context)
{
	struct chat *chat = context;
	const char *id = stanza_get(incoming, "id");

	if (stanza_is(incoming, "message", NULL))
		hear_message(chat, incoming);
	else if (stanza_is(incoming, "iq", NULL) && id &&
		 strcmp(id, BARRIER_ID) == 0)
		chat->answer_till = 0;
	return 1;
}

/* ---- what is said ---- */

static void say(struct chat *chat, const char *line)
{
	AUTO(stanza_release)
	stanza *message = stanza_chat(chat->place->desk, NULL, NULL, line);
	AUTO(stanza_release) stanza *barrier = stanza_new("iq", NULL);

	stanza_set(barrier, "type", "get");
	stanza_set(barrier, "id", BARRIER_ID);
	stanza_set(barrier, "to", chat->place->desk);
	stanza_add(barrier, "ping", NS_PING);
	xmpp_send(chat->connection, message);
	xmpp_send(chat->connection, barrier);
	chat->answer_till = clock_monotonic_ms() + ANSWER_MS;
	if (!chat->is_terminal)
		(void)printf("%s: %s\n", chat->name, line);
	prompt(chat);
}

/* Says every whole line that was typed; from a pipe, one at a time. */
static void say_lines(struct chat *chat)
{
	while (chat->is_terminal || !chat->answer_till) {
		char *end = memchr(chat->line.text, '\n', chat->line.length);
		if (!end)
			return;
		AUTO(free_text)
		char *line = xstrndup(
			chat->line.text, (size_t)(end - chat->line.text));
		AUTO(free_text) char *rest = xstrdup(end + 1);
		strbuf_reset(&chat->line);
		strbuf_add(&chat->line, rest);
		say(chat, line);
	}
}

static void read_input(struct chat *chat)
{
	char bytes[4096];
	ssize_t count = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (count < 0 && errno == EINTR)
		return;
	for (ssize_t i = 0; i < count; i++)
		if (!bytes[i])
			bytes[i] = ' ';
	if (count > 0)
		strbuf_add_bytes(&chat->line, bytes, (size_t)count);
	else
		chat->is_input_over = true;
	/* A line without an end, at the end or far too long, is a line too. */
	bool is_cut = chat->line.length > LINE_MAX_BYTES ||
		      (chat->is_input_over && chat->line.length);
	if (is_cut && chat->line.text[chat->line.length - 1] != '\n')
		strbuf_add_char(&chat->line, '\n');
}

/* ---- the connection ---- */

static void end(struct chat *chat, int status, const char *why)
{
	if (chat->is_over)
		return;
	chat->is_over = true;
	chat->status = status;
	if (why)
		(void)fprintf(
			stderr, "%s%s\n", chat->is_terminal ? "\n" : "", why);
}

static void on_connection(xmpp_conn_t *connection, xmpp_conn_event_t event,
	int error UNUSED, xmpp_stream_error_t *stream_error UNUSED,
	void *context)
{
	struct chat *chat = context;

	if (event == XMPP_CONN_CONNECT) {
		AUTO(stanza_release)
		stanza *presence = stanza_new("presence", NULL);
		xmpp_send(connection, presence);
		chat->is_online = true;
		prompt(chat);
	} else if (chat->is_online) {
		end(chat, 1, "the clinic has closed");
	} else if (!chat->is_reached) {
		end(chat, 1, "the clinic is not running: make run");
	} else {
		end(chat, 1,
			"cannot log in: there is no account of this name, or "
			"its password is another (make run lists them)");
	}
}

/* The descriptor, for poll(); libstrophe's callback has no other place. */
static int server_socket = -1;

static int on_socket(xmpp_conn_t *connection, void *socket)
{
	server_socket = *(const int *)socket;
	return xmpp_sockopt_cb_keepalive(connection, socket);
}

static void turn(struct chat *chat)
{
	bool may_type = chat->is_online && !chat->is_input_over &&
			(chat->is_terminal || !chat->answer_till);
	struct pollfd polled[] = {
		{.fd = server_socket, .events = POLLIN},
		{.fd = may_type ? STDIN_FILENO : -1, .events = POLLIN},
	};

	/* While something is being written or awaited, look up often. */
	bool is_calm = chat->is_online && !chat->answer_till;
	(void)poll(polled, COUNT_OF(polled), is_calm ? 500 : 20);
	if (polled[1].revents)
		read_input(chat);
	say_lines(chat);
	xmpp_run_once(chat->context, 0);
	if (xmpp_conn_is_connected(chat->connection))
		chat->is_reached = true;
	if (chat->answer_till && clock_monotonic_ms() > chat->answer_till) {
		(void)fputs("(no answer)\n", stdout);
		chat->answer_till = 0;
		chat->status = 1;
	}
	if (chat->is_input_over && !chat->line.length && !chat->answer_till)
		end(chat, chat->status, NULL);
}

static int converse(struct chat *chat)
{
	AUTO(free_text)
	char *jid = xasprintf("%s@%s", chat->name, chat->place->domain);
	int64_t login_till = clock_monotonic_ms() + LOGIN_MS;

	chat->context = xmpp_ctx_new(&strophe_memory, NULL);
	chat->connection = xmpp_conn_new(chat->context);
	/* On loopback, where there is nobody in between. */
	xmpp_conn_set_flags(chat->connection, XMPP_CONN_FLAG_DISABLE_TLS);
	xmpp_conn_set_jid(chat->connection, jid);
	xmpp_conn_set_pass(chat->connection, chat->name);
	xmpp_conn_set_sockopt_callback(chat->connection, on_socket);
	xmpp_handler_add(chat->connection, on_stanza, NULL, NULL, NULL, chat);
	if (xmpp_connect_client(chat->connection, chat->place->host,
		    (unsigned short)strtoul(chat->place->port, NULL, 10),
		    on_connection, chat) != XMPP_EOK)
		end(chat, 1, "the clinic is not running: make run");
	while (!chat->is_over) {
		turn(chat);
		if (!chat->is_online && clock_monotonic_ms() > login_till)
			end(chat, 1, "the clinic does not answer: make run");
	}
	xmpp_disconnect(chat->connection);
	for (int64_t till = clock_monotonic_ms() + 1000;
		!xmpp_conn_is_disconnected(chat->connection) &&
		clock_monotonic_ms() < till;)
		xmpp_run_once(chat->context, 20);
	xmpp_conn_release(chat->connection);
	xmpp_ctx_free(chat->context);
	return chat->status;
}

int main(int argc, char **argv)
{
	struct place place = {0};

	if (argc != 4 || strcmp(argv[1], "--env") != 0 || argv[3][0] == '-') {
		(void)fputs("usage: chat --env FILE NAME\n", stderr);
		return 2;
	}
	if (!read_place(argv[2], &place)) {
		(void)fputs("the clinic is not running: make run\n", stderr);
		return 1;
	}
	struct chat chat = {
		.place = &place,
		.name = argv[3],
		.is_terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO),
		.line = STRBUF_INIT,
	};
	if (chat.is_terminal)
		(void)printf("You are %s@%s, talking to %s. Ctrl-D ends it.\n",
			chat.name, place.domain, place.desk);
	xmpp_initialize();
	int status = converse(&chat);
	xmpp_shutdown();
	strbuf_release(&chat.line);
	if (chat.is_terminal)
		(void)putchar('\n');
	return status;
}
