/* clock.c - what time it is. */
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t wall_offset_ms;

static int64_t read_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

int64_t clock_now(void)
{
	return read_ms(CLOCK_REALTIME) + wall_offset_ms;
}

void clock_set_offset(int64_t offset_ms)
{
	wall_offset_ms = offset_ms;
}
