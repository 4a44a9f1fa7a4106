/* again.c - for whom messages that came back are tried again soon. */
#include "mirror/again.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/memory.h"

struct again {
	struct turn {
		uint32_t person; /* 0: nobody */
		int step;
		int64_t at_ms; /* 0: nothing has come back */
	} turns[AGAIN_MOST];
	size_t next; /* whose place is given away */
};

struct again *again_new(void)
{
	return xcalloc(1, sizeof(struct again));
}

void again_free(struct again *again)
{
	free(again);
}

static const struct turn *find(const struct again *again, uint32_t person)
{
	for (size_t i = 0; i < AGAIN_MOST; i++)
		if (again->turns[i].person == person)
			return &again->turns[i];
	return NULL;
}

bool again_has(const struct again *again, uint32_t person)
{
	return find(again, person);
}

void again_begin(struct again *again, uint32_t person)
{
	const struct turn *known = find(again, person);
	size_t place = known ? (size_t)(known - again->turns) : again->next;

	if (!known)
		again->next = (again->next + 1) % AGAIN_MOST;
	again->turns[place] = (struct turn){.person = person};
}

void again_wait(struct again *again, uint32_t person, int64_t now_ms)
{
	const struct turn *known = find(again, person);
	struct turn *turn;

	if (!known || known->at_ms)
		return;
	turn = &again->turns[known - again->turns];
	if (turn->step == AGAIN_STEPS)
		return;
	turn->at_ms = now_ms + ((int64_t)AGAIN_FIRST_MS << turn->step);
	turn->step++;
}

bool again_is_waiting(const struct again *again)
{
	for (size_t i = 0; i < AGAIN_MOST; i++)
		if (again->turns[i].at_ms)
			return true;
	return false;
}

uint32_t again_next(struct again *again, int64_t now_ms)
{
	for (size_t i = 0; i < AGAIN_MOST; i++) {
		struct turn *turn = &again->turns[i];

		if (turn->at_ms && turn->at_ms <= now_ms) {
			turn->at_ms = 0;
			return turn->person;
		}
	}
	return 0;
}
