/* hash.h - a short number that stands for a text. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Keyed with a secret of this process, so that nobody outside can tell what has
 * the same number, or make it so. Any thread. */
uint64_t keyed_hash(const char *bytes, size_t length);

#endif
