/* strbuf.h - text that grows.
 *
 * A strbuf lives on the stack: STRBUF_INIT to begin, strbuf_release() to end
 * (or AUTO(strbuf_release)). Its text is always ended by a zero and never NULL.
 * It grows to STRBUF_LIMIT bytes and exits the process beyond: whatever comes
 * from outside is bounded before it gets here. */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stddef.h>

#include "base/attributes.h"

#define STRBUF_LIMIT ((size_t)16 * 1024 * 1024)

struct strbuf {
	char *text; /* read it freely; change it only through these functions */
	size_t length;
	size_t size; /* 0: text is the shared empty string */
};

extern char strbuf_empty[];
#define STRBUF_INIT                  \
	{                            \
		.text = strbuf_empty \
	}

/* Adds text (NULL adds nothing), length bytes, one byte, or a format. */
void strbuf_add(struct strbuf *buffer, const char *text);
void strbuf_add_bytes(struct strbuf *buffer, const char *bytes, size_t length);
void strbuf_add_char(struct strbuf *buffer, char byte);
void strbuf_addf(struct strbuf *buffer, const char *format, ...) PRINTF(2, 3);
/* Empty again, the memory is kept. */
void strbuf_reset(struct strbuf *buffer);
/* Cuts to length bytes, if longer. */
void strbuf_cut(struct strbuf *buffer, size_t length);
/* Gives the text to the caller, who frees it; the strbuf is empty after. */
char *strbuf_detach(struct strbuf *buffer) MUST_CHECK;
void strbuf_release(struct strbuf *buffer);

#endif
