/* offices.c - when doctors read what patients write, in memory. */
#include "mirror/offices.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"

struct stretch {
	long long from, to;
};

struct office {
	uint32_t doctor;
	char *answer; /* or NULL */
	struct stretch *open;
	size_t open_count;
};

struct offices {
	pthread_mutex_t lock;
	struct office *each;
	size_t count;
};

struct offices *offices_new(void)
{
	struct offices *offices = xcalloc(1, sizeof(*offices));

	pthread_mutex_init(&offices->lock, NULL);
	return offices;
}

static void free_all(struct office *each, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(each[i].answer);
		free(each[i].open);
	}
	free(each);
}

void offices_free(struct offices *offices)
{
	if (!offices)
		return;
	free_all(offices->each, offices->count);
	pthread_mutex_destroy(&offices->lock);
	free(offices);
}

/* "1795424400 1795438800 ..." in pairs. */
static void read_stretches(struct office *office, const char *text)
{
	char *end;

	for (;;) {
		struct stretch stretch;

		stretch.from = strtoll(text, &end, 10);
		if (end == text)
			return;
		text = end;
		stretch.to = strtoll(text, &end, 10);
		if (end == text)
			return;
		text = end;
		office->open = xrealloc(office->open, office->open_count + 1,
			sizeof(*office->open));
		office->open[office->open_count++] = stretch;
	}
}

bool offices_load(
	struct offices *offices, struct store *store, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(store, error, "book_offices", STORE_END);
	struct office *each, *old;
	size_t count, old_count;

	if (!rows)
		return false;
	count = rows_count(rows);
	each = xcalloc(count + 1, sizeof(*each));
	for (size_t row = 0; row < count; row++) {
		each[row].doctor = (uint32_t)rows_number(rows, row, "doctor");
		each[row].answer = xstrdup(rows_text(rows, row, "answer"));
		read_stretches(&each[row], rows_text(rows, row, "open"));
	}
	pthread_mutex_lock(&offices->lock);
	old = offices->each;
	old_count = offices->count;
	offices->each = each;
	offices->count = count;
	pthread_mutex_unlock(&offices->lock);
	free_all(old, old_count);
	return true;
}

static bool is_open(const struct office *office, int64_t now_s)
{
	for (size_t i = 0; i < office->open_count; i++)
		if (office->open[i].from <= now_s && now_s < office->open[i].to)
			return true;
	return false;
}

bool offices_is_open(
	struct offices *offices, uint32_t doctor, int64_t now_s, char **answer)
{
	bool is_there = true;

	*answer = NULL;
	pthread_mutex_lock(&offices->lock);
	for (size_t i = 0; i < offices->count && is_there; i++) {
		const struct office *office = &offices->each[i];

		if (office->doctor != doctor || is_open(office, now_s))
			continue;
		is_there = false;
		*answer = xstrdup(office->answer);
	}
	pthread_mutex_unlock(&offices->lock);
	return is_there;
}
