/* file_lanes.h - messages that wait for files, each conversation in its order.
 *
 * What one person writes to another is a lane. A lane exists while something is
 * in it; the threads take the first of each lane in turns, and of one lane one
 * at a time. */
#ifndef MIRROR_FILE_LANES_H
#define MIRROR_FILE_LANES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "xmpp/stanza.h"

#define LANES_MOST 256 /* messages that may wait altogether */
#define LANE_MOST 32   /* and in one lane */

struct lane;
struct lanes;

struct lane_item {
	uint32_t sender, recipient;
	stanza *message; /* whoever takes it out sets it to NULL */
	bool has_files;
	struct lane *lane;
	struct lane_item *next;
};

enum lane_put { LANE_FREE, LANE_TAKEN, LANE_FULL };

struct lanes *lanes_new(void) MUST_CHECK;
void lanes_free(struct lanes *lanes); /* NULL is fine */
/* Puts a copy of a message with files into its lane. One without goes there when
 * there is something in the lane already and its order matters; else LANE_FREE. */
enum lane_put lanes_put(struct lanes *lanes, uint32_t sender,
	uint32_t recipient, const stanza *message, bool has_files) MUST_CHECK;
/* The next message; waits for one. False: nothing came for so long, or the lanes
 * are closed and empty; *item is NULL then. */
bool lanes_take(
	struct lanes *lanes, int within_ms, struct lane_item **item) MUST_CHECK;
/* It went on, and is freed here; the next one of its lane may. NULL is fine. */
void lanes_done(struct lanes *lanes, struct lane_item *item);
/* Nothing more is put in. */
void lanes_close(struct lanes *lanes);

#endif
