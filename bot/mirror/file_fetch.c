/* file_fetch.c - gets what a link leads to (libcurl, here alone). */
#include "mirror/file_fetch.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/memory.h"
#include "mirror/file_address.h"

#define REDIRECTS_MOST 3
#define CONNECT_MS 10000L
#define FIRST_BYTES ((size_t)64 * 1024)
#define MIB ((size_t)1024 * 1024)

/* One link on its way. */
struct trip {
	const struct fetch_settings *settings;
	struct fetched *fetched;
	size_t size;
	bool is_too_large, is_closed;
};

void fetch_init(void)
{
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

void fetch_exit(void)
{
	curl_global_cleanup();
}

void fetched_release(struct fetched *fetched)
{
	free(fetched->bytes);
	*fetched = (struct fetched){0};
}

/* Called for each address that is to be connected to, after names are looked
 * up. */
static curl_socket_t open_socket(void *context, curlsocktype purpose UNUSED,
	struct curl_sockaddr *address)
{
	struct trip *trip = context;

	if (!trip->settings->is_private_allowed &&
		!file_address_is_public(&address->addr)) {
		trip->is_closed = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
		address->protocol);
}

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context)
{
	struct trip *trip = context;
	struct fetched *fetched = trip->fetched;
	size_t length = size * count;

	if (length > trip->settings->most_bytes - fetched->length) {
		trip->is_too_large = true;
		return 0;
	}
	if (fetched->length + length > trip->size) {
		while (fetched->length + length > trip->size)
			trip->size = trip->size ? 2 * trip->size : FIRST_BYTES;
		fetched->bytes = xrealloc(fetched->bytes, trip->size, 1);
	}
	memcpy(fetched->bytes + fetched->length, bytes, length);
	fetched->length += length;
	return length;
}

static int watch(void *context, curl_off_t expected UNUSED,
	curl_off_t got UNUSED, curl_off_t to_send UNUSED,
	curl_off_t sent UNUSED)
{
	struct trip *trip = context;

	return atomic_load(trip->settings->is_ended);
}

static const char *schemes(const struct fetch_settings *settings)
{
	return settings->is_private_allowed ? "https,http" : "https";
}

static bool is_wanted_port(long port)
{
	return port == 443 || port == 80 || port >= 1024;
}

/* A link with a host, a scheme and a port that may be asked, and nobody's
 * password. */
static bool is_allowed(const struct fetch_settings *settings, const char *url)
{
	CURLU *parts = curl_url();
	char *scheme = NULL, *port = NULL, *user = NULL;
	bool is_fine =
		parts &&
		curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER) ==
			CURLUE_OK &&
		curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) ==
			CURLUE_OK &&
		curl_url_get(parts, CURLUPART_PORT, &port,
			CURLU_DEFAULT_PORT) == CURLUE_OK &&
		curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_NO_USER;

	is_fine = is_fine && is_wanted_port(strtol(port, NULL, 10)) &&
		  (strcmp(scheme, "https") == 0 ||
			  (settings->is_private_allowed &&
				  strcmp(scheme, "http") == 0));
	curl_free(scheme);
	curl_free(port);
	curl_free(user);
	curl_url_cleanup(parts);
	return is_fine;
}

static void prepare(CURL *curl, struct trip *trip)
{
	const struct fetch_settings *settings = trip->settings;

	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, schemes(settings));
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, trip);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, trip);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, trip);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE,
		(curl_off_t)settings->most_bytes);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "carelay");
	/* What the environment says of proxies is not for links of others, and
	 * would have the proxy look names up. */
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
	/* A name that takes long to look up holds nobody up. */
	curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
}

/* Words for who sent the link: what they can do about it. */
static bool explain(const struct trip *trip, CURLcode code, long status,
	struct error *error)
{
	const struct fetch_settings *settings = trip->settings;

	if (atomic_load(settings->is_ended))
		return failed(error, ERROR_UNAVAILABLE,
			"the clinic is being restarted. Please send it again "
			"in a minute");
	if (trip->is_too_large || code == CURLE_FILESIZE_EXCEEDED)
		return failed(error, ERROR_USAGE,
			"it is larger than %zu MB. Please send a smaller one",
			settings->most_bytes / MIB);
	if (trip->is_closed || code == CURLE_UNSUPPORTED_PROTOCOL)
		return failed(error, ERROR_DENIED,
			"the clinic may not open its link. Please send it with "
			"your app's own button for files");
	if (code == CURLE_OPERATION_TIMEDOUT)
		return failed(error, ERROR_UNAVAILABLE,
			"your server took too long to hand it over. Please try "
			"again later");
	(void)failed(error, ERROR_UNAVAILABLE,
		"your server does not hand it over. Please send it again");
	return failed_because(error, "curl=%d status=%ld", (int)code, status);
}

/* One request. True: it is there, or *next (the caller's) is where to look. */
static bool ask(struct trip *trip, const char *url, long left_ms, char **next,
	struct error *error)
{
	CURL *curl = curl_easy_init();
	char *redirect = NULL;
	long status = 0;

	*next = NULL;
	if (!curl)
		return explain(trip, CURLE_FAILED_INIT, 0, error);
	prepare(curl, trip);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, left_ms);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	CURLcode code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &redirect);
	if (code == CURLE_OK && redirect && status / 100 == 3)
		*next = xstrdup(redirect);
	curl_easy_cleanup(curl);
	if (code == CURLE_OK && (*next || status == 200))
		return true;
	return explain(trip, code, status, error);
}

/* As ask(), but looks at the link first. */
static bool look(struct trip *trip, const char *url, int64_t deadline_ms,
	char **next, struct error *error)
{
	int64_t left_ms = deadline_ms - clock_monotonic_ms();

	if (!is_allowed(trip->settings, url))
		return explain(trip, CURLE_UNSUPPORTED_PROTOCOL, 0, error);
	if (left_ms <= 0)
		return explain(trip, CURLE_OPERATION_TIMEDOUT, 0, error);
	return ask(trip, url, (long)left_ms, next, error);
}

bool fetch(const struct fetch_settings *settings, const char *url,
	struct fetched *fetched, struct error *error)
{
	struct trip trip = {.settings = settings, .fetched = fetched};
	int64_t deadline_ms =
		clock_monotonic_ms() + settings->timeout_s * (int64_t)1000;
	AUTO(free_text) char *at = xstrdup(url);

	*fetched = (struct fetched){0};
	for (int hop = 0; hop <= REDIRECTS_MOST; hop++) {
		char *next = NULL;
		bool is_done = look(&trip, at, deadline_ms, &next, error);

		if (is_done && !next)
			return true;
		fetched_release(fetched);
		if (!is_done)
			return false;
		trip.size = 0;
		free(at);
		at = next;
	}
	return explain(&trip, CURLE_TOO_MANY_REDIRECTS, 0, error);
}
