/* turns.c - a bounded queue in which those who wait take turns. */
#include "base/turns.h"

#include <pthread.h>

#include "base/memory.h"

struct waiting {
	void *item;
	struct waiting *next;
};

/* Somebody who waits. It exists while something is in it. */
struct line {
	uint32_t who;
	size_t count;
	struct waiting *first, **end;
	struct line *next_turn;
	struct line *next_in_bucket;
};

struct turns {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* an item came, or the queue was closed */
	size_t capacity, share, count;
	struct line *turn, **last_turn; /* whose turn it is, and who follows */
	struct line **buckets;          /* the same, by their numbers */
	size_t bucket_count;
	bool is_closed;
};

struct turns *turns_new(size_t capacity, size_t share)
{
	struct turns *turns = xcalloc(1, sizeof(*turns));

	turns->capacity = capacity ? capacity : 1;
	turns->share = share ? share : 1;
	turns->last_turn = &turns->turn;
	turns->bucket_count = turns->capacity;
	turns->buckets = xcalloc(turns->bucket_count, sizeof(*turns->buckets));
	pthread_mutex_init(&turns->lock, NULL);
	pthread_cond_init(&turns->changed, NULL);
	return turns;
}

/* Where the line is, or would be, in its bucket. */
static struct line **place_of(struct turns *turns, uint32_t who)
{
	struct line **place = &turns->buckets[who % turns->bucket_count];

	while (*place && (*place)->who != who)
		place = &(*place)->next_in_bucket;
	return place;
}

static void line_up(struct turns *turns, struct line *line)
{
	line->next_turn = NULL;
	*turns->last_turn = line;
	turns->last_turn = &line->next_turn;
}

static struct line *begin_line(
	struct turns *turns, struct line **place, uint32_t who)
{
	struct line *line = xcalloc(1, sizeof(*line));

	line->who = who;
	line->end = &line->first;
	*place = line;
	line_up(turns, line);
	return line;
}

static void end_line(struct turns *turns, struct line *line)
{
	*place_of(turns, line->who) = line->next_in_bucket;
	free(line);
}

bool turns_put(struct turns *turns, uint32_t who, void *item)
{
	pthread_mutex_lock(&turns->lock);
	struct line **place = place_of(turns, who);
	bool has_room = !turns->is_closed && turns->count < turns->capacity &&
			(!*place || (*place)->count < turns->share);
	if (has_room) {
		struct line *line =
			*place ? *place : begin_line(turns, place, who);

		*line->end = xcalloc(1, sizeof(**line->end));
		(*line->end)->item = item;
		line->end = &(*line->end)->next;
		line->count++;
		turns->count++;
		pthread_cond_signal(&turns->changed);
	}
	pthread_mutex_unlock(&turns->lock);
	return has_room;
}

/* The caller holds the lock, and something is there. */
static void *take_first(struct turns *turns)
{
	struct line *line = turns->turn;
	struct waiting *first = line->first;
	void *item = first->item;

	turns->turn = line->next_turn;
	if (!turns->turn)
		turns->last_turn = &turns->turn;
	turns->count--;
	line->count--;
	line->first = first->next;
	free(first);
	if (line->count)
		line_up(turns, line);
	else
		end_line(turns, line);
	return item;
}

void *turns_take(struct turns *turns)
{
	pthread_mutex_lock(&turns->lock);
	while (!turns->count && !turns->is_closed)
		pthread_cond_wait(&turns->changed, &turns->lock);
	void *item = turns->count ? take_first(turns) : NULL;
	pthread_mutex_unlock(&turns->lock);
	return item;
}

void turns_close(struct turns *turns)
{
	pthread_mutex_lock(&turns->lock);
	turns->is_closed = true;
	pthread_cond_signal(&turns->changed);
	pthread_mutex_unlock(&turns->lock);
}

void turns_free(struct turns *turns, void (*free_item)(void *item))
{
	if (!turns)
		return;
	while (turns->count) {
		void *item = take_first(turns);
		if (free_item)
			free_item(item);
	}
	pthread_cond_destroy(&turns->changed);
	pthread_mutex_destroy(&turns->lock);
	free(turns->buckets);
	free(turns);
}
