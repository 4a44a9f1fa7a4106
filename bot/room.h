/* room.h - what a worker has at hand while it answers a stanza. */
#ifndef ROOM_H
#define ROOM_H

#include <stdint.h>

struct files;
struct mirror;
struct post;
struct recent;
struct settings;
struct store;
struct stream;
struct teams;

/* One per worker. All is borrowed; the store and what was done lately are this
 * worker's own, the rest is shared and may be used by any thread. */
struct room {
	struct stream *stream;
	struct store *store;
	struct post *post;
	struct mirror *mirror;
	struct teams *teams;
	const struct settings *settings;
	struct recent *heard; /* messages that were answered */
	/* Makes the clinic's own links to files: see desk/request.h. */
	char *(*file_link)(void *files, const char *digest, const char *name,
		int64_t sent_s, int *days_left);
	struct files *files;
};

#endif
