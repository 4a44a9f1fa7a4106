/* strophe_memory.c - libstrophe's allocation, which does not fail either.
 *
 * libstrophe checks for exhausted memory in most places, not in all; and what
 * it returns can be given to free(). */
#include "xmpp/strophe_memory.h"

#include "base/attributes.h"
#include "base/memory.h"

static void *allocate(size_t size, void *context UNUSED)
{
	return xrealloc(NULL, 1, size);
}

static void *resize(void *old, size_t size, void *context UNUSED)
{
	return xrealloc(old, 1, size);
}

static void release(void *memory, void *context UNUSED)
{
	free(memory);
}

const xmpp_mem_t strophe_memory = {
	.alloc = allocate,
	.free = release,
	.realloc = resize,
};
