/* sent.h - messages that were passed on lately, should they come back.
 *
 * A server that cannot keep a message for somebody who is away sends it back,
 * often without its words. For ten minutes they are still here, as far as there
 * is room. Any thread. */
#ifndef MIRROR_SENT_H
#define MIRROR_SENT_H

#include <stdint.h>

#include "base/attributes.h"

struct sent;

struct sent *sent_new(void) MUST_CHECK;
void sent_free(struct sent *sent); /* NULL is fine */
/* A message from one person to another, as it goes out: its id (NULL: it has none,
 * and is not kept) and its XML, which is taken over (NULL is fine). */
void sent_add(struct sent *sent, uint32_t sender, uint32_t recipient,
	const char *id, char *xml, int64_t now_ms);
/* Its XML, which the caller frees, or NULL; it is forgotten here. */
char *sent_take(struct sent *sent, uint32_t sender, uint32_t recipient,
	const char *id) MUST_CHECK;

#endif
