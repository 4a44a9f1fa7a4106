/* memory.c - allocation that does not fail. */
#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must_have(void *memory)
{
	if (memory)
		return memory;
	fputs("<2>out of memory\n", stderr);
	exit(1);
}

void *xcalloc(size_t count, size_t size)
{
	return must_have(calloc(count ? count : 1, size ? size : 1));
}

void *xrealloc(void *old, size_t count, size_t size)
{
	return must_have(reallocarray(old, count ? count : 1, size ? size : 1));
}

char *xstrdup(const char *text)
{
	return text ? must_have(strdup(text)) : NULL;
}

char *xstrndup(const char *text, size_t length)
{
	return must_have(strndup(text, length));
}

char *xasprintf(const char *format, ...)
{
	va_list arguments;
	char *text = NULL;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	return must_have(text);
}

void free_text(char **text)
{
	free(*text);
}
