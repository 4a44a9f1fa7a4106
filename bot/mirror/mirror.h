/* mirror.h - what patients and doctors send each other, without their addresses.
 *
 * Whoever is registered has an address at the clinic. A stanza from Jane's phone
 * to dr.ana.ruiz@clinic leaves as one from Jane's clinic address, same id, to Dr.
 * Ruiz's real address, and the answer walks back the same way. What an address
 * means is in the book (book.h), a device's name is sealed (seal.h), what may
 * pass is a table (rewrite.h, payloads.c). So there is no state for each stanza.
 *
 * The rooms: meeting.h finds who writes to whom and whether they may; relay.h
 * passes messages and IQs on; presence.h shows who is there and what their
 * devices can do; call.h is about calls, which alone have a state (calls.h); keeper.h
 * is the thread that keeps the book true and puts down what was said. A handler of the mirror calls no database: the keeper does. */
#ifndef MIRROR_MIRROR_H
#define MIRROR_MIRROR_H

#include <stdbool.h>

#include "base/attributes.h"
#include "base/error.h"

struct book;
struct call_asked;
struct call_watch;
struct calls;
struct calm;
struct files;
struct keeper;
struct news;
struct offices;
struct presences;
struct seal;
struct sent;
struct settings;
struct stream;

/* One for the bot; all of it may be used by any thread. */
struct mirror {
	const struct settings *settings;
	struct stream *stream;
	const char *domain; /* the clinic's */
	char *desk;         /* the desk's address */
	struct book *book;
	struct seal *seal;          /* of devices */
	struct seal *question_seal; /* of questions for keys: pep.c */
	struct presences *presences;
	struct calm
		*calm; /* presences that wait, so that they are not too many */
	struct news *news;   /* what was told of keys: pep.c */
	struct sent *sent;   /* messages that may still come back */
	struct calls *calls; /* under way */
	struct call_asked *asked;
	struct call_watch *watch;
	struct offices *offices;
	struct keeper *keeper;
	struct files *files; /* from mirror_start() on */
};

/* Borrows both. */
struct mirror *mirror_new(
	const struct settings *settings, struct stream *stream) MUST_CHECK;
/* Reads the book, which may take some seconds, and starts the keeper. */
bool mirror_start(struct mirror *mirror, struct error *error) MUST_CHECK;
/* Any thread: the stream is up. Who is there is asked anew. */
void mirror_wake(struct mirror *mirror);
/* Lets the keeper put down what it has. False when it has not ended within
 * within_ms: then it must not be freed. */
bool mirror_stop(struct mirror *mirror, int within_ms) MUST_CHECK;
void mirror_free(struct mirror *mirror); /* NULL is fine */

#endif
