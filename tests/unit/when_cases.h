/* when_cases.h - the table of sentences, for the unit test and the benchmark. */
#ifndef TESTS_WHEN_CASES_H
#define TESTS_WHEN_CASES_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/attributes.h"
#include "desk/when.h"

#define WHEN_CASES "tests/unit/when_cases.tsv"

struct when_case {
	struct when_context context;
	char language[16];
	char line[1024]; /* cut at the tabs */
	const char *sentence, *day, *time;
};

/* "@ 2019-03-01T08:00 en" */
static inline bool when_case_setting(struct when_case *c)
{
	char now[32];

	c->context = (struct when_context){0};
	if (sscanf(c->line, "@ %31s %15s", now, c->language) != 2)
		return false;
	c->context.language = c->language;
	return civil_read_moment(now, &c->context.now);
}

/* Reads the next sentence of the table; false at its end. */
static inline bool when_case_next(FILE *table, struct when_case *c)
{
	while (fgets(c->line, sizeof(c->line), table)) {
		char *rest = c->line;

		c->line[strcspn(c->line, "\n")] = '\0';
		if (c->line[0] == '@' && !when_case_setting(c))
			return false;
		if (c->line[0] == '@' || c->line[0] == '#' || !c->line[0])
			continue;
		c->sentence = strsep(&rest, "\t");
		c->day = strsep(&rest, "\t");
		c->time = rest;
		return c->day && c->time;
	}
	return false;
}

#endif
