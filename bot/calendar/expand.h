/* expand.h - recurrence rules become windows of wall-clock time.
 *
 * A rule is an RFC 5545 recurrence ("FREQ=WEEKLY;BYDAY=MO,TU") and a daily
 * window. Everything is floating local time: which instants the windows are is
 * PostgreSQL's business. A rule that repeats within a day, or names hours itself
 * (BYHOUR...), is refused: the window says the time. */
#ifndef CALENDAR_EXPAND_H
#define CALENDAR_EXPAND_H

#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/civil.h"
#include "base/error.h"
#include "base/strbuf.h"

/* Monday 2024-01-01: the first day (DTSTART) of rules that have none of their
 * own, so that "every second week" means the same weeks whenever it is read. */
#define EXPAND_ANCHOR_DAY 19723
/* More windows than this are an error. */
#define EXPAND_WINDOWS 5000
/* A longer rule, in bytes, is an error. */
#define EXPAND_RULE_SIZE 500

struct expand_rule {
	const char *rrule;
	const char *starts,
		*ends;       /* "09:00", "24:00"; each day [starts, ends) */
	const char *exdates; /* days left out, "20261224,20261225"; or NULL */
	int32_t first_day;   /* its own anchor_day; 0: it has none */
};

struct expand_window {
	struct civil_moment from, to; /* [from, to), of one day */
};

/* Windows in order that do not overlap. */
struct expansion {
	struct expand_window *windows;
	size_t count;
};
#define EXPANSION_INIT                       \
	{                                    \
		.windows = NULL, .count = 0, \
	}

/* The windows of all rules on the days from_day to through_day (both included).
 * anchor_day is the first day (DTSTART) of rules without one of their own: nothing
 * happens before it, COUNT and INTERVAL count from it. Windows that overlap become one; those that only
 * touch stay two. ERROR_USAGE for a rule that cannot be read; then expansion is
 * untouched. */
bool expand_rules(const struct expand_rule *rules, size_t rule_count,
	int32_t anchor_day, int32_t from_day, int32_t through_day,
	struct expansion *expansion, struct error *error) MUST_CHECK;
/* Adds [["2026-12-01 09:00","2026-12-01 13:00"],...], as api.hours_set and
 * api.horizon_set take their openings. */
void expansion_print(const struct expansion *expansion, struct strbuf *json);
void expansion_release(struct expansion *expansion);

#endif
