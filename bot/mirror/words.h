/* words.h - what the clinic itself says in a conversation that it passes on.
 *
 * Such a message comes from the address that was written to, so that it stands
 * where the person looks; its first words say that it is the clinic who speaks. */
#ifndef MIRROR_WORDS_H
#define MIRROR_WORDS_H

#include "base/strbuf.h"
#include "mirror/book.h"
#include "mirror/mirror.h"

/* "Dr. Ruiz" for a doctor, "Jane Doe" for a patient. */
void words_add_name(struct strbuf *out, const struct card *card);
/* "Dr. Ana Ruiz" for a doctor, "Jane Doe" for a patient; "" when it is not known. */
void words_add_full_name(struct strbuf *out, const struct card *card);
/* Adds a sentence with {other} (their name), {last} (the last word of
 * it) and {desk} (its address) filled in, in the language of who reads it. */
void words_add(struct strbuf *out, const struct mirror *mirror,
	const struct card *reader, const struct card *other,
	const char *sentence);
/* The same as a message to an address of the reader's from the other's clinic
 * address, after the clinic's name. */
void words_tell(struct mirror *mirror, const char *to,
	const struct card *reader, const struct card *other,
	const char *sentence);
/* A message with these words as they are. */
void words_send(struct mirror *mirror, const char *to, const struct card *other,
	const char *text);

#endif
