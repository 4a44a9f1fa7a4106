/* queue.c - a bounded queue of pointers: several producers, one consumer. */
#include "base/queue.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/memory.h"

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* an item came, or the queue was closed */
	void **items;           /* a ring */
	size_t capacity, first, count;
	bool is_closed;
	int descriptor; /* an eventfd, or -1 while nobody asked for one */
};

/* The caller holds the lock; so the eventfd is set exactly while there is
 * something to take, or the end to see. */
static void signal_change(struct queue *queue)
{
	uint64_t one = 1;

	pthread_cond_signal(&queue->changed);
	if (queue->descriptor >= 0 &&
		write(queue->descriptor, &one, sizeof(one)) < 0)
		return; /* full: readable already */
}

static void clear_signal(struct queue *queue)
{
	uint64_t count;

	if (queue->descriptor >= 0 &&
		read(queue->descriptor, &count, sizeof(count)) < 0)
		return; /* not set */
}

static void append(struct queue *queue, void *item)
{
	queue->items[(queue->first + queue->count) % queue->capacity] = item;
	queue->count++;
	if (queue->count == 1)
		signal_change(queue);
}

static void *take_first(struct queue *queue)
{
	void *item = queue->items[queue->first];

	queue->first = (queue->first + 1) % queue->capacity;
	queue->count--;
	if (queue->count == 0 && !queue->is_closed)
		clear_signal(queue);
	return item;
}

struct queue *queue_new(size_t capacity)
{
	struct queue *queue = xcalloc(1, sizeof(*queue));

	queue->capacity = capacity ? capacity : 1;
	queue->items = xcalloc(queue->capacity, sizeof(*queue->items));
	queue->descriptor = -1;
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->changed, NULL);
	return queue;
}

int queue_descriptor(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	if (queue->descriptor < 0) {
		queue->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (queue->count || queue->is_closed)
			signal_change(queue);
	}
	pthread_mutex_unlock(&queue->lock);
	return queue->descriptor;
}

bool queue_put(struct queue *queue, void *item)
{
	pthread_mutex_lock(&queue->lock);
	bool has_room = !queue->is_closed && queue->count < queue->capacity;
	if (has_room)
		append(queue, item);
	pthread_mutex_unlock(&queue->lock);
	return has_room;
}

bool queue_push(struct queue *queue, void *item, void **oldest)
{
	pthread_mutex_lock(&queue->lock);
	bool is_open = !queue->is_closed;
	if (is_open) {
		*oldest = queue->count == queue->capacity ? take_first(queue)
							  : NULL;
		append(queue, item);
	}
	pthread_mutex_unlock(&queue->lock);
	return is_open;
}

void *queue_take(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	while (!queue->count && !queue->is_closed)
		pthread_cond_wait(&queue->changed, &queue->lock);
	void *item = queue->count ? take_first(queue) : NULL;
	pthread_mutex_unlock(&queue->lock);
	return item;
}

void *queue_take_now(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	void *item = queue->count ? take_first(queue) : NULL;
	pthread_mutex_unlock(&queue->lock);
	return item;
}

size_t queue_count(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	size_t count = queue->count;
	pthread_mutex_unlock(&queue->lock);
	return count;
}

void queue_close(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->is_closed = true;
	signal_change(queue);
	pthread_mutex_unlock(&queue->lock);
}

void queue_free(struct queue *queue, void (*free_item)(void *item))
{
	if (!queue)
		return;
	while (queue->count) {
		void *item = take_first(queue);
		if (free_item)
			free_item(item);
	}
	if (queue->descriptor >= 0)
		close(queue->descriptor);
	pthread_cond_destroy(&queue->changed);
	pthread_mutex_destroy(&queue->lock);
	free(queue->items);
	free(queue);
}
