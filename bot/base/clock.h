/* clock.h - how much time has gone by.
 *
 * What time it is at the clinic, the database says: a conversation and all that
 * is stored take it from there, so that there is one time. Nothing here reads
 * the wall clock. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds on a clock that never jumps; for durations and deadlines. */
int64_t clock_monotonic_ms(void);

#endif
