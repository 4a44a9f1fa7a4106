/* file_fetch.h - gets what a link leads to (libcurl, here alone).
 *
 * A link comes from anybody. So: https alone, a ceiling for the size and for the
 * time, a few redirects of which each is looked at, and no address inside the
 * clinic's network: the very address that is connected to is checked, so a name
 * that means another address at every question helps nobody. */
#ifndef MIRROR_FILE_FETCH_H
#define MIRROR_FILE_FETCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/error.h"

struct fetch_settings {
	size_t most_bytes;
	int timeout_s;
	/* For tests: http and private addresses too. */
	bool is_private_allowed;
	/* Set by somebody else: it is over, come back. */
	const atomic_bool *is_ended;
};

struct fetched {
	uint8_t *bytes;
	size_t length;
};

/* Once, before there are threads; and at the end. */
void fetch_init(void);
void fetch_exit(void);
/* Waits until it is there. The caller frees with fetched_release(). False: the
 * message is the end of the sentence "... because ", for who sent the link. */
bool fetch(const struct fetch_settings *settings, const char *url,
	struct fetched *fetched, struct error *error) MUST_CHECK;
void fetched_release(struct fetched *fetched);

#endif
