/* hours.h - a doctor's hours as people write them: weekly, or by a pattern.
 *
 * "mon-fri 9-13, 15-18" (weekly.h), "every other friday 9-12", "first monday of
 * the month 14-18", "1st and 15th of the month 9-11", "every 3 weeks on tue 9-12
 * from 2026-12-08", any rule of RFC 5545 with its hours
 * ("RRULE:FREQ=MONTHLY;BYDAY=-1FR 9-12"), and several of these together. A
 * pattern that counts weeks, days or months begins with the first such day from
 * today on unless "from DATE" says otherwise. */
#ifndef DESK_HOURS_H
#define DESK_HOURS_H

#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "calendar/expand.h"

#define HOURS_RULES 100

struct hours_rule {
	char rrule[EXPAND_RULE_SIZE + 1];
	int32_t first_day; /* EXPAND_ANCHOR_DAY where it does not matter */
	int from_minute, to_minute; /* [from, to) */
};

struct hours {
	struct hours_rule rules[HOURS_RULES];
	size_t count;
};

/* Reads the whole text. The error says what to write instead. */
bool hours_read(const char *text, int32_t today, struct hours *hours,
	struct error *error) MUST_CHECK;
/* The hours as hours_read reads them, whatever day it is then. */
void hours_print(const struct hours *hours, struct strbuf *text);
/* Their windows on the days from_day to through_day, as expand.h says. */
bool hours_expand(const struct hours *hours, int32_t from_day,
	int32_t through_day, struct expansion *expansion,
	struct error *error) MUST_CHECK;

#endif
