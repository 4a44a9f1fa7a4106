/* strbuf.c - text that grows. */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

char strbuf_empty[1] = "";

static void make_room(struct strbuf *buffer, size_t extra)
{
	size_t size = buffer->size ? buffer->size : 64;

	if (extra > STRBUF_LIMIT || buffer->length + extra > STRBUF_LIMIT) {
		fputs("<2>text over its limit\n", stderr);
		abort();
	}
	if (buffer->length + extra + 1 <= buffer->size)
		return;
	while (size < buffer->length + extra + 1)
		size *= 2;
	buffer->text = xrealloc(buffer->size ? buffer->text : NULL, size, 1);
	if (!buffer->size)
		buffer->text[0] = '\0';
	buffer->size = size;
}

void strbuf_add_bytes(struct strbuf *buffer, const char *bytes, size_t length)
{
	make_room(buffer, length);
	memcpy(buffer->text + buffer->length, bytes, length);
	buffer->length += length;
	buffer->text[buffer->length] = '\0';
}

void strbuf_add(struct strbuf *buffer, const char *text)
{
	if (text)
		strbuf_add_bytes(buffer, text, strlen(text));
}

void strbuf_add_char(struct strbuf *buffer, char byte)
{
	strbuf_add_bytes(buffer, &byte, 1);
}

void strbuf_addf(struct strbuf *buffer, const char *format, ...)
{
	va_list arguments;
	va_list again;
	int length;

	va_start(arguments, format);
	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	if (length > 0) {
		make_room(buffer, (size_t)length);
		(void)vsnprintf(buffer->text + buffer->length,
			(size_t)length + 1, format, again);
		buffer->length += (size_t)length;
	}
	va_end(again);
	va_end(arguments);
}

void strbuf_reset(struct strbuf *buffer)
{
	strbuf_cut(buffer, 0);
}

void strbuf_cut(struct strbuf *buffer, size_t length)
{
	if (length >= buffer->length)
		return;
	buffer->length = length;
	buffer->text[length] = '\0';
}

char *strbuf_detach(struct strbuf *buffer)
{
	char *text = buffer->size ? buffer->text : xstrdup("");

	*buffer = (struct strbuf)STRBUF_INIT;
	return text;
}

void strbuf_release(struct strbuf *buffer)
{
	if (buffer->size)
		free(buffer->text);
	*buffer = (struct strbuf)STRBUF_INIT;
}
