/* file_lanes.c - messages that wait for files, each conversation in its order. */
#include "mirror/file_lanes.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"

struct lane {
	uint32_t sender, recipient;
	struct lane_item *first, *last;
	size_t count;
	bool is_busy; /* somebody has its first out */
	struct lane *next;
};

struct lanes {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct lane *first; /* the one whose turn it is */
	size_t count;       /* messages */
	bool is_closed;
};

struct lanes *lanes_new(void)
{
	struct lanes *lanes = xcalloc(1, sizeof(*lanes));
	pthread_condattr_t steady;

	pthread_mutex_init(&lanes->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&lanes->changed, &steady);
	pthread_condattr_destroy(&steady);
	return lanes;
}

static void free_item(struct lane_item *item)
{
	if (item->message)
		stanza_free(item->message);
	free(item);
}

void lanes_free(struct lanes *lanes)
{
	if (!lanes)
		return;
	for (struct lane *lane = lanes->first, *next; lane; lane = next) {
		next = lane->next;
		for (struct lane_item *item = lane->first, *after; item;
			item = after) {
			after = item->next;
			free_item(item);
		}
		free(lane);
	}
	pthread_cond_destroy(&lanes->changed);
	pthread_mutex_destroy(&lanes->lock);
	free(lanes);
}

/* The place that points to a lane, or to where it would be. */
static struct lane **find_lane(
	struct lanes *lanes, uint32_t sender, uint32_t recipient)
{
	struct lane **at = &lanes->first;

	while (*at &&
		((*at)->sender != sender || (*at)->recipient != recipient))
		at = &(*at)->next;
	return at;
}

/* Receipts, markers and chat states are about something else. */
static bool has_order(const stanza *message)
{
	static const char *const kinds[] = {"body", "encrypted", "replace",
		"retract", "apply-to", "reactions"};

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (stanza_find(message, kinds[i], NULL))
			return true;
	return false;
}

static void add_item(struct lane *lane, const stanza *message, bool has_files)
{
	struct lane_item *item = xcalloc(1, sizeof(*item));

	*item = (struct lane_item){
		.sender = lane->sender,
		.recipient = lane->recipient,
		.lane = lane,
		.message = stanza_copy(message),
		.has_files = has_files,
	};
	if (lane->last)
		lane->last->next = item;
	else
		lane->first = item;
	lane->last = item;
	lane->count++;
}

enum lane_put lanes_put(struct lanes *lanes, uint32_t sender,
	uint32_t recipient, const stanza *message, bool has_files)
{
	enum lane_put put = LANE_FREE;

	pthread_mutex_lock(&lanes->lock);
	struct lane **at = find_lane(lanes, sender, recipient);
	if (has_files || (*at && has_order(message))) {
		put = LANE_FULL;
		if (!lanes->is_closed && lanes->count < LANES_MOST &&
			(!*at || (*at)->count < LANE_MOST)) {
			put = LANE_TAKEN;
			if (!*at) {
				*at = xcalloc(1, sizeof(**at));
				(*at)->sender = sender;
				(*at)->recipient = recipient;
			}
			add_item(*at, message, has_files);
			lanes->count++;
			pthread_cond_signal(&lanes->changed);
		}
	}
	pthread_mutex_unlock(&lanes->lock);
	return put;
}

/* Puts the lane at the end of the row. */
static void send_back(struct lane **at)
{
	struct lane *lane = *at;

	*at = lane->next;
	lane->next = NULL;
	while (*at)
		at = &(*at)->next;
	*at = lane;
}

/* The first message of the first lane that nobody works on. It stays in the lane
 * until it has gone on, so that others wait behind it. */
static struct lane_item *take_now(struct lanes *lanes)
{
	for (struct lane **at = &lanes->first; *at; at = &(*at)->next)
		if (!(*at)->is_busy) {
			struct lane_item *item = (*at)->first;

			(*at)->is_busy = true;
			send_back(at);
			return item;
		}
	return NULL;
}

bool lanes_take(struct lanes *lanes, int within_ms, struct lane_item **item)
{
	struct timespec until;
	bool is_late = false;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += within_ms / 1000;
	pthread_mutex_lock(&lanes->lock);
	while (!(*item = take_now(lanes)) && !is_late &&
		!(lanes->is_closed && !lanes->count))
		is_late = pthread_cond_timedwait(
				  &lanes->changed, &lanes->lock, &until) != 0;
	pthread_mutex_unlock(&lanes->lock);
	return *item != NULL;
}

static void remove_lane(struct lanes *lanes, struct lane *lane)
{
	struct lane **at = &lanes->first;

	while (*at != lane)
		at = &(*at)->next;
	*at = lane->next;
	free(lane);
}

void lanes_done(struct lanes *lanes, struct lane_item *item)
{
	if (!item)
		return;
	struct lane *lane = item->lane;
	pthread_mutex_lock(&lanes->lock);
	lane->first = item->next;
	lane->count--;
	lane->is_busy = false;
	lanes->count--;
	if (!lane->first)
		remove_lane(lanes, lane);
	pthread_cond_broadcast(&lanes->changed);
	pthread_mutex_unlock(&lanes->lock);
	free_item(item);
}

void lanes_close(struct lanes *lanes)
{
	pthread_mutex_lock(&lanes->lock);
	lanes->is_closed = true;
	pthread_cond_broadcast(&lanes->changed);
	pthread_mutex_unlock(&lanes->lock);
}
