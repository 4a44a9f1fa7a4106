/* recent.h - remembers for a while what was done, to do it once.
 *
 * A number stands for what was done. It remembers a limited count of them, the
 * latest. For one thread. */
#ifndef BASE_RECENT_H
#define BASE_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

struct recent;

/* For the latest count, each for keep_ms. */
struct recent *recent_new(size_t count, int64_t keep_ms) MUST_CHECK;
/* Whether this was done lately. now_ms is monotonic. */
bool recent_find(const struct recent *recent, uint64_t what, int64_t now_ms);
void recent_add(struct recent *recent, uint64_t what, int64_t now_ms);
void recent_free(struct recent *recent); /* NULL is fine */

#endif
