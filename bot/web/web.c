/* web.c - the small HTTP server (libmicrohttpd). */
#include "web/web.h"

#include <ctype.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"

#define THREADS 2u
#define CONNECTIONS_MOST 128u
#define HEADER_BYTES ((size_t)16 * 1024)
#define IDLE_S 30u

struct web {
	struct MHD_Daemon *daemon;
	struct web_route *routes;
	size_t route_count;
};

/* A part of a file, as the Range header asks for it. */
struct range {
	uint64_t from, length;
	bool is_part;
};

static bool read_number(const char **at, uint64_t *number)
{
	char *end;

	if (!isdigit((unsigned char)**at))
		return false;
	*number = strtoull(*at, &end, 10);
	*at = end;
	return true;
}

/* "bytes=0-499", "bytes=500-", "bytes=-500"; of anything else the whole file is
 * sent, as RFC 9110 allows. False: there is no such part. */
static bool read_range(const char *header, uint64_t size, struct range *range)
{
	uint64_t first = 0, last = size ? size - 1 : 0;

	*range = (struct range){.length = size};
	if (!header || strncmp(header, "bytes=", 6) != 0)
		return true;
	header += 6;
	bool has_first = read_number(&header, &first);
	if (*header++ != '-')
		return true;
	bool has_last = read_number(&header, &last);
	if (*header || (!has_first && !has_last))
		return true;
	if (!has_first) {
		first = last < size ? size - last : 0;
		last = size - 1;
	}
	if (first >= size || last < first)
		return false;
	last = last < size ? last : size - 1;
	*range = (struct range){
		.from = first, .length = last - first + 1, .is_part = true};
	return true;
}

static void add_header(
	struct MHD_Response *response, const char *name, const char *value)
{
	(void)MHD_add_response_header(response, name, value);
}

/* A browser shows what we send and runs nothing of it. */
static void add_headers(
	struct MHD_Response *response, const struct web_answer *answer)
{
	char age[48];

	(void)snprintf(
		age, sizeof(age), "private, max-age=%d", answer->max_age_s);
	add_header(response, "Cache-Control", age);
	add_header(response, "Content-Type", answer->type);
	add_header(response, "X-Content-Type-Options", "nosniff");
	add_header(response, "Content-Security-Policy",
		"default-src 'none'; sandbox");
	add_header(response, "Referrer-Policy", "no-referrer");
	/* Clients that are web pages of other servers read it too. */
	add_header(response, "Access-Control-Allow-Origin", "*");
	if (answer->is_attachment)
		add_header(response, "Content-Disposition", "attachment");
}

static struct MHD_Response *text_response(const char *text)
{
	return MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
}

/* The file or a part of it; takes over its descriptor. */
static struct MHD_Response *file_response(
	struct MHD_Connection *connection, struct web_answer *answer)
{
	const char *header = MHD_lookup_connection_value(
		connection, MHD_HEADER_KIND, "Range");
	struct MHD_Response *response;
	struct range range;
	struct stat there;
	char told[80];

	if (fstat(answer->file, &there) != 0) {
		close(answer->file);
		return NULL;
	}
	uint64_t size = (uint64_t)there.st_size;
	if (!read_range(header, size, &range)) {
		close(answer->file);
		answer->status = MHD_HTTP_RANGE_NOT_SATISFIABLE;
		(void)snprintf(told, sizeof(told), "bytes */%llu",
			(unsigned long long)size);
		response = text_response("");
		add_header(response, "Content-Range", told);
		return response;
	}
	response = MHD_create_response_from_fd_at_offset64(
		range.length, answer->file, range.from);
	if (!response) {
		close(answer->file);
		return NULL;
	}
	add_header(response, "Accept-Ranges", "bytes");
	if (range.is_part) {
		answer->status = MHD_HTTP_PARTIAL_CONTENT;
		(void)snprintf(told, sizeof(told), "bytes %llu-%llu/%llu",
			(unsigned long long)range.from,
			(unsigned long long)(range.from + range.length - 1),
			(unsigned long long)size);
		add_header(response, "Content-Range", told);
	}
	return response;
}

static enum MHD_Result send_answer(
	struct MHD_Connection *connection, struct web_answer *answer)
{
	struct MHD_Response *response =
		answer->file >= 0
			? file_response(connection, answer)
			: text_response(answer->text
						? answer->text
						: "There is nothing here.\n");
	enum MHD_Result result;

	free(answer->text);
	if (!response)
		return MHD_NO;
	add_headers(response, answer);
	result = MHD_queue_response(
		connection, (unsigned)answer->status, response);
	MHD_destroy_response(response);
	return result;
}

static const struct web_route *find_route(
	const struct web *web, const char *path)
{
	for (size_t i = 0; i < web->route_count; i++)
		if (strncmp(path, web->routes[i].prefix,
			    strlen(web->routes[i].prefix)) == 0)
			return &web->routes[i];
	return NULL;
}

/* libmicrohttpd calls this when the headers are there. */
static enum MHD_Result on_request(void *context,
	struct MHD_Connection *connection, const char *path, const char *method,
	const char *version UNUSED, const char *body UNUSED,
	size_t *body_size UNUSED, void **memory UNUSED)
{
	const struct web *web = context;
	const struct web_route *route = find_route(web, path);
	struct web_answer answer = {
		.status = MHD_HTTP_NOT_FOUND,
		.type = "text/plain; charset=utf-8",
		.file = -1,
	};

	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
		strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
		answer.status = MHD_HTTP_METHOD_NOT_ALLOWED;
		answer.text = xstrdup("This can only be read.\n");
	} else if (route) {
		route->handler(route->context,
			&(struct web_request){
				.path = path + strlen(route->prefix)},
			&answer);
	}
	return send_answer(connection, &answer);
}

static struct MHD_Daemon *start(
	struct web *web, const struct sockaddr *address, bool is_six)
{
	unsigned flags = MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD;

	if (is_six)
		flags |= MHD_USE_IPv6;
	/* clang-format off */
	return MHD_start_daemon(flags, 0, NULL, NULL, on_request, web,
		MHD_OPTION_SOCK_ADDR, address,
		MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
		MHD_OPTION_THREAD_POOL_SIZE, THREADS,
		MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MOST,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADER_BYTES,
		MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S,
		MHD_OPTION_END);
	/* clang-format on */
}

struct web *web_new(const char *host, int port, const struct web_route *routes,
	size_t route_count, struct error *error)
{
	struct addrinfo wanted = {
		.ai_flags = AI_NUMERICHOST | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *found = NULL;
	struct web *web = xcalloc(1, sizeof(*web));
	char service[12];

	web->routes = xcalloc(route_count ? route_count : 1, sizeof(*routes));
	memcpy(web->routes, routes, route_count * sizeof(*routes));
	web->route_count = route_count;
	(void)snprintf(service, sizeof(service), "%d", port);
	if (getaddrinfo(host, service, &wanted, &found) == 0 && found)
		web->daemon = start(
			web, found->ai_addr, found->ai_family == AF_INET6);
	if (found)
		freeaddrinfo(found);
	if (web->daemon) {
		log_info("web server listens port=%d", port);
		return web;
	}
	(void)failed(error, ERROR_USAGE,
		"web.host, web.port: cannot listen at \"%s\", port %d", host,
		port);
	web_free(web);
	return NULL;
}

void web_free(struct web *web)
{
	if (!web)
		return;
	if (web->daemon)
		MHD_stop_daemon(web->daemon);
	free(web->routes);
	free(web);
}
