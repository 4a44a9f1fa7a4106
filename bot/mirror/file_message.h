/* file_message.h - the links to files in a message, and a message with others.
 *
 * A client that sends a photo puts it on its own server and sends the link: as
 * out-of-band data (0066), for file sharing (0447) or as a reference (0385), and
 * in the text. That link shows whose server it is, and often a number made of the
 * account. Also found are links in the text alone that lead to the sender's own
 * server. Pure functions. */
#ifndef MIRROR_FILE_MESSAGE_H
#define MIRROR_FILE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "mirror/file_link.h"
#include "xmpp/stanza.h"

#define FILE_LINKS_MOST 4

struct file_finds {
	size_t count;
	struct {
		char *url;
		char *name; /* what the sender calls it, or NULL */
	} links[FILE_LINKS_MOST];
	bool is_more;   /* there were more */
	bool is_shared; /* for file sharing (0447): to be offered so again */
};

/* Whether there are any. Links to encrypted files (0454) stay in the text unless
 * they are wanted. The caller releases them in any case. */
bool file_message_find(const stanza *message, const char *sender_jid,
	bool are_sealed_wanted, struct file_finds *finds) MUST_CHECK;
/* Whether a link leads to an encrypted file, which cannot be looked at. */
bool file_is_sealed(const char *url);
void file_finds_release(struct file_finds *finds);

/* What is offered in the place of a link. */
struct file_offer {
	char *url; /* NULL: nothing, the link goes */
	char name[FILE_NAME_SIZE];
	const struct file_type *type; /* NULL: the link stays as it is */
	size_t length;
	uint8_t digest[CRYPTO_SHA256_BYTES];
};

/* The same message with the links exchanged, in the text too. What says where a
 * file is is made anew; a text of which nothing is left is left out. The caller
 * frees it. */
stanza *file_message_exchange(const stanza *message,
	const struct file_finds *finds,
	const struct file_offer offers[FILE_LINKS_MOST]) MUST_CHECK;
/* Copies what file_message_exchange() made anew. A rewritten message has none
 * of it: payloads.c lets nothing pass that says where a file is, so that what did
 * not go through here leaks nothing. */
void file_message_copy(const stanza *exchanged, stanza *outgoing);

#endif
