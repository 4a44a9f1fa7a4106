/* files.h - files that patients and doctors send each other.
 *
 * A link to a file never passes as it is: it says whose server the sender uses.
 * The file is fetched (file_fetch.h), its type told by its content (file_type.h),
 * the place where a photo was taken taken out (file_clean.h), kept under what is
 * in it (file_store.h), put on record, and offered again under a link of the
 * clinic's own (file_link.h, file_serve.h) until the setting's days are over. A
 * link to a file that is encrypted (0454) passes unopened, when the setting lets
 * it.
 *
 * Fetching takes its time and has threads of its own, so no worker waits. What
 * the same sender writes to the same recipient meanwhile waits behind it: the
 * order stays. Receipts, markers and chat states, which are about other messages,
 * do not wait. */
#ifndef MIRROR_FILES_H
#define MIRROR_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/error.h"
#include "xmpp/stanza.h"

struct book;
struct files;
struct settings;
struct web_answer;
struct web_request;

struct files_settings {
	const struct settings *settings; /* files_*, database, secret */
	struct book *book;               /* tells the time */
	bool is_unrecorded;              /* for tests without a database */
	/* A message that was taken goes on: the callee owns it. Links in it are
	 * the clinic's now. why, if not NULL: some file is not in it, and what
	 * to tell the sender behind "... could not be passed on: ". Called by
	 * the threads of this module; of one conversation, one after the
	 * other. */
	void (*go_on)(void *context, stanza *message, const char *why);
	void *context;
};

/* Its threads start at once. NULL when the folder cannot be used (ERROR_USAGE). */
struct files *files_new(
	const struct files_settings *settings, struct error *error) MUST_CHECK;
/* Fetches no more: what is left goes on without its files, and who sent them is
 * told. False when its threads have not ended within within_ms: then it must not
 * be freed. */
bool files_stop(struct files *files, int within_ms) MUST_CHECK;
void files_free(struct files *files); /* NULL is fine */

enum files_taken {
	FILES_NONE,  /* it may pass at once */
	FILES_TAKEN, /* it goes on later */
	FILES_FULL,  /* too many wait already: the sender is to try again */
};
/* Any thread. A message with files in it is taken (copied), and so is one that
 * has to wait behind such a one of the same conversation. */
enum files_taken files_take(struct files *files, uint32_t sender,
	uint32_t recipient, const stanza *message) MUST_CHECK;

/* Adds to a rewritten message what tells where its files are, of the message
 * that went on. */
void files_add(const stanza *message, stanza *outgoing);

/* Any thread. The clinic's own link, signed anew, to a file that was sent then, by
 * its digest in hexadecimal, and how many days it holds yet; the caller frees it.
 * NULL: it is over, or no files pass. files is the struct files. */
char *files_link(void *files, const char *digest, const char *name,
	int64_t sent_s, int *days_left) MUST_CHECK;

/* A route of the web server (web.h); context is the struct files. */
void files_serve(void *context, const struct web_request *request,
	struct web_answer *answer);

#endif
