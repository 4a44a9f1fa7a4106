/* offices.c - when doctors read what patients write, in memory. */
#include "mirror/offices.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"

struct stretch {
	long long from, to;
	long long back; /* minutes on the doctor's wall; of absences */
};

struct stretches {
	struct stretch *items;
	size_t count;
};

struct office {
	uint32_t doctor;
	char *answer; /* or NULL */
	bool has_hours;
	struct stretches open, away;
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
		free(each[i].open.items);
		free(each[i].away.items);
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

/* "1795424400 1795438800 ..." in pairs, or with a third number each. */
static void read_stretches(
	struct stretches *list, const char *text, size_t numbers)
{
	for (;;) {
		long long read[3] = {0};

		for (size_t i = 0; i < numbers; i++) {
			char *end;

			read[i] = strtoll(text, &end, 10);
			if (end == text)
				return;
			text = end;
		}
		list->items = xrealloc(
			list->items, list->count + 1, sizeof(*list->items));
		list->items[list->count++] =
			(struct stretch){read[0], read[1], read[2]};
	}
}

static void read_office(
	struct office *office, const struct rows *rows, size_t row)
{
	const char *open = rows_text(rows, row, "open");
	const char *away = rows_text(rows, row, "away");

	office->doctor = (uint32_t)rows_number(rows, row, "doctor");
	office->answer = xstrdup(rows_text(rows, row, "answer"));
	office->has_hours = open != NULL;
	read_stretches(&office->open, open ? open : "", 2);
	read_stretches(&office->away, away ? away : "", 3);
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
	for (size_t row = 0; row < count; row++)
		read_office(&each[row], rows, row);
	pthread_mutex_lock(&offices->lock);
	old = offices->each;
	old_count = offices->count;
	offices->each = each;
	offices->count = count;
	pthread_mutex_unlock(&offices->lock);
	free_all(old, old_count);
	return true;
}

static const struct stretch *stretch_at(
	const struct stretches *list, int64_t now_s)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].from <= now_s && now_s < list->items[i].to)
			return &list->items[i];
	return NULL;
}

static bool is_open(const struct office *office, int64_t now_s,
	struct office_closed *closed)
{
	const struct stretch *away = stretch_at(&office->away, now_s);

	if (away) {
		closed->is_away = true;
		closed->back = (struct civil_moment){
			(int32_t)(away->back / MINUTES_PER_DAY),
			(int32_t)(away->back % MINUTES_PER_DAY)};
		return false;
	}
	if (!office->has_hours || stretch_at(&office->open, now_s))
		return true;
	closed->answer = xstrdup(office->answer);
	return false;
}

bool offices_is_open(struct offices *offices, uint32_t doctor, int64_t now_s,
	struct office_closed *closed)
{
	bool is_there = true;

	*closed = (struct office_closed){0};
	pthread_mutex_lock(&offices->lock);
	for (size_t i = 0; i < offices->count && is_there; i++)
		if (offices->each[i].doctor == doctor)
			is_there = is_open(&offices->each[i], now_s, closed);
	pthread_mutex_unlock(&offices->lock);
	return is_there;
}
