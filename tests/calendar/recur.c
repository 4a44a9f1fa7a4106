/* recur.c - prints the days of one recurrence rule.
 *
 *	recur RRULE FIRST_DAY TIME THROUGH [EXDATES]
 *
 * Days are written 2026-12-01, TIME 09:00, EXDATES 20261224,20261225. Exit status 3: the rule
 * is refused, in words. */
#include <stdio.h>

#include "base/attributes.h"
#include "calendar/expand.h"

int main(int count, char *words[])
{
	struct expansion expansion AUTO(expansion_release) = EXPANSION_INIT;
	struct expand_rule rule = {.ends = "24:00"};
	struct error error;
	int32_t through;

	if (count < 5 || count > 6 ||
		!civil_read_date(words[2], &rule.first_day) ||
		!civil_read_date(words[4], &through)) {
		(void)fputs("recur RRULE FIRST_DAY TIME THROUGH [EXDATES]\n",
			stderr);
		return 2;
	}
	rule.rrule = words[1];
	rule.starts = words[3];
	rule.exdates = words[5];
	if (!expand_rules(&rule, 1, rule.first_day, rule.first_day, through,
		    &expansion, &error)) {
		(void)fprintf(stderr, "%s\n", error.message);
		return 3;
	}
	for (size_t i = 0; i < expansion.count; i++) {
		char text[CIVIL_TEXT_SIZE];

		(void)puts(
			civil_print_date(expansion.windows[i].from.day, text));
	}
	return 0;
}
