/* news.c - inside the mirror: what was told last, so that it is not told twice. */
#include "mirror/news.h"

#include <pthread.h>

#include "base/memory.h"

#define PLACES 16384

struct place {
	uint64_t about, what;
	int64_t at_ms;
};

struct news {
	pthread_mutex_t lock;
	struct place places[PLACES];
};

struct news *news_new(void)
{
	struct news *news = xcalloc(1, sizeof(*news));

	pthread_mutex_init(&news->lock, NULL);
	return news;
}

void news_free(struct news *news)
{
	if (!news)
		return;
	pthread_mutex_destroy(&news->lock);
	free(news);
}

bool news_take(struct news *news, uint64_t about, uint64_t what,
	int64_t again_ms, int64_t now_ms)
{
	struct place *place = &news->places[about % PLACES];
	bool is_new;

	pthread_mutex_lock(&news->lock);
	is_new = place->about != about || place->what != what ||
		 now_ms - place->at_ms > again_ms;
	if (is_new)
		*place = (struct place){about, what, now_ms};
	pthread_mutex_unlock(&news->lock);
	return is_new;
}
