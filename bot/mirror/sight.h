/* sight.h - who may no longer see whether somebody is there.
 *
 * What was shown stays on a client's screen until it is taken back. So when two
 * people have nothing to do with each other any more (muted, blocked, ended, handed
 * over, or the time is over), or a device vanished without a word, those who saw it
 * are told that it is gone. For the keeper's thread, but sight_end(). */
#ifndef MIRROR_SIGHT_H
#define MIRROR_SIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/error.h"
#include "mirror/mirror.h"

struct store;

/* A viewer does not see somebody's devices any more. Any thread. */
void sight_end(struct mirror *mirror, uint32_t person, uint32_t viewer);
/* Reads somebody again into the book: all, or the pairs alone. Who was seen and may
 * not be any more is hidden, who may be seen now is asked for. */
bool sight_reload(struct mirror *mirror, struct store *store, uint32_t person,
	bool are_pairs_alone, struct error *error) MUST_CHECK;
/* To be called every minute: hides whose time is over and who vanished, and asks
 * again, one after the other, whether people are still there. */
void sight_keep(struct mirror *mirror);

#endif
