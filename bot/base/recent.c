/* recent.c - remembers for a while what was done, to do it once. */
#include "base/recent.h"

#include <stdlib.h>

#include "base/memory.h"

struct done {
	uint64_t what;
	int64_t until_ms; /* 0: nothing is remembered here */
};

struct recent {
	size_t count, next; /* next: the place of the oldest */
	int64_t keep_ms;
	struct done each[];
};

struct recent *recent_new(size_t count, int64_t keep_ms)
{
	struct recent *recent =
		xcalloc(1, sizeof(*recent) + count * sizeof(struct done));

	recent->count = count;
	recent->keep_ms = keep_ms;
	return recent;
}

bool recent_find(const struct recent *recent, uint64_t what, int64_t now_ms)
{
	for (size_t i = 0; i < recent->count; i++)
		if (recent->each[i].what == what &&
			recent->each[i].until_ms > now_ms)
			return true;
	return false;
}

void recent_add(struct recent *recent, uint64_t what, int64_t now_ms)
{
	recent->each[recent->next] = (struct done){
		.what = what,
		.until_ms = now_ms + recent->keep_ms,
	};
	recent->next = (recent->next + 1) % recent->count;
}

void recent_free(struct recent *recent)
{
	free(recent);
}
