/* raw_http.h - a web server of a few lines, for tests: it says what it is told.
 *
 * It answers one connection after the other, on loopback, until it is stopped. */
#ifndef TESTS_RAW_HTTP_H
#define TESTS_RAW_HTTP_H

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/attributes.h"

/* Writes the whole answer for a path, head and body. */
typedef void raw_answer(int connection, const char *path);

struct raw_http {
	int listener, port;
	raw_answer *answer;
	pthread_t thread;
	atomic_int asked;
};

UNUSED static void raw_write(int connection, const char *bytes, size_t length)
{
	while (length) {
		ssize_t count = send(connection, bytes, length, MSG_NOSIGNAL);

		if (count <= 0)
			return;
		bytes += count;
		length -= (size_t)count;
	}
}

/* "200 OK" with a body; extra: more header lines. */
UNUSED static void raw_reply(int connection, const char *status,
	const char *extra, const char *body, size_t length)
{
	char head[1024];

	(void)snprintf(head, sizeof(head),
		"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: "
		"%zu\r\n%s\r\n",
		status, length, extra);
	raw_write(connection, head, strlen(head));
	raw_write(connection, body, length);
}

static void *raw_run(void *context)
{
	struct raw_http *http = context;
	int connection;

	while ((connection = accept(http->listener, NULL, NULL)) >= 0) {
		char request[8192], path[4096] = "";
		ssize_t count =
			recv(connection, request, sizeof(request) - 1, 0);

		if (count > 0) {
			request[count] = '\0';
			(void)sscanf(request, "%*15s %4000s", path);
			atomic_fetch_add(&http->asked, 1);
			http->answer(connection, path);
		}
		(void)shutdown(connection, SHUT_RDWR);
		close(connection);
	}
	return NULL;
}

static void raw_start(struct raw_http *http, raw_answer *answer)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(at);

	http->answer = answer;
	http->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(http->listener, (struct sockaddr *)&at, sizeof(at)) != 0 ||
		listen(http->listener, 16) != 0 ||
		getsockname(http->listener, (struct sockaddr *)&at, &size) != 0)
		abort();
	http->port = ntohs(at.sin_port);
	pthread_create(&http->thread, NULL, raw_run, http);
}

static void raw_stop(struct raw_http *http)
{
	(void)shutdown(http->listener, SHUT_RDWR);
	pthread_join(http->thread, NULL);
	close(http->listener);
}

#endif
