/* clock.h - what time it is.
 *
 * A conversation and everything that is stored take the time from the database,
 * so that it is one time. Here is the rest: durations, and the wall clock of
 * this machine for what never meets a person. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds on a clock that never jumps; for durations and deadlines. */
int64_t clock_monotonic_ms(void);
/* Milliseconds since 1970, moved by the offset; the only reader of the wall
 * clock. */
int64_t clock_now(void);
/* Moves clock_now() by offset_ms, for tests. Any thread. */
void clock_set_offset(int64_t offset_ms);

#endif
