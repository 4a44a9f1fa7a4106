/* strophe_memory.h - libstrophe's allocation, which does not fail either. */
#ifndef XMPP_STROPHE_MEMORY_H
#define XMPP_STROPHE_MEMORY_H

#include <strophe.h>

extern const xmpp_mem_t strophe_memory;

#endif
