/* memory.h - allocation that does not fail.
 *
 * When memory runs out the process says so and exits with 1: what is kept is in
 * the database, and input is bounded long before. The caller owns what is
 * returned and gives it to free(). */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* count * size zeroed bytes. */
void *xcalloc(size_t count, size_t size);
/* Room for count elements of size bytes; the old content is kept. */
void *xrealloc(void *old, size_t count, size_t size);
/* A copy of text; NULL gives NULL. */
char *xstrdup(const char *text);
/* A copy of the first length bytes of text, ended by a zero. */
char *xstrndup(const char *text, size_t length);
/* printf into new memory. */
char *xasprintf(const char *format, ...)
	__attribute__((format(printf, 1, 2), warn_unused_result));

/* For AUTO(free_text): frees a char pointer at the end of its scope. */
void free_text(char **text);

#endif
