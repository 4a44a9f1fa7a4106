/* series.c - visits that come again: keeping, saying and expanding a series. */
#include "desk/series.h"

#include <stdio.h>

#include "desk/wording.h"

#define DAYS_AHEAD 800 /* looked through */

void series_print(const struct series *series, struct strbuf *text)
{
	struct strbuf rrule AUTO(strbuf_release) = STRBUF_INIT;

	pattern_print_rule(&series->pattern, &rrule);
	strbuf_addf(text, "%s %d %d %d %d", rrule.text, series->minute,
		series->first_day, (int)series->end, series->end_value);
}

bool series_of(const char *text, struct series *series)
{
	char rrule[EXPAND_RULE_SIZE + 1];
	int end;

	*series = (struct series){.minute = -1};
	if (!text || sscanf(text, "%500s %d %d %d %d", rrule, &series->minute,
			     &series->first_day, &end, &series->end_value) != 5)
		return false;
	series->end = (enum series_end)end;
	return pattern_of_rule(rrule, &series->pattern) ||
	       series_lacks_day(series);
}

bool series_lacks_day(const struct series *series)
{
	const struct pattern *pattern = &series->pattern;

	return (pattern->frequency == PATTERN_WEEKS && !pattern->weekdays) ||
	       (pattern->frequency == PATTERN_MONTHS &&
		       !pattern->ordinal_count);
}

void series_say(
	const struct series *series, const char *language, struct strbuf *out)
{
	struct strbuf days AUTO(strbuf_release) = STRBUF_INIT;
	char time[CIVIL_TEXT_SIZE];

	if (series->pattern.interval == 1 &&
		series->pattern.frequency != PATTERN_MONTHS)
		strbuf_add(&days, in_words(language, "every "));
	if (series->pattern.interval == 1 &&
		series->pattern.frequency == PATTERN_DAYS)
		strbuf_add(&days, in_words(language, "day"));
	else if (series->pattern.interval == 1 &&
		 series->pattern.frequency == PATTERN_WEEKS)
		pattern_print_weekdays(series->pattern.weekdays, &days);
	else
		pattern_print(&series->pattern, &days);
	if (series->minute >= 0)
		say(out, language, "{days} at {time}", "days", days.text,
			"time", civil_print_minute(series->minute, time), NULL);
	else
		strbuf_add(out, days.text);
}

static int32_t last_day(const struct series *series, int32_t first)
{
	struct civil_date date = civil_date(first);
	int months;

	switch (series->end) {
	case SERIES_UNTIL:
		return series->end_value;
	case SERIES_DAYS:
		return first + series->end_value - 1;
	case SERIES_WEEKS:
		return first + series->end_value * 7 - 1;
	case SERIES_MONTHS:
		months = date.month - 1 + series->end_value;
		date.year += months / 12;
		date.month = months % 12 + 1;
		/* "the first monday, for 3 months" is in three of them. */
		if (series->pattern.frequency == PATTERN_MONTHS)
			date.day = 1;
		if (date.day > civil_days_in_month(date.year, date.month))
			date.day = civil_days_in_month(date.year, date.month);
		return civil_day(date.year, date.month, date.day) - 1;
	case SERIES_OPEN:
	case SERIES_TIMES:
		break;
	}
	return first + DAYS_AHEAD;
}

/* The days of the rule from a first day on. */
static bool expand(const struct series *series, const struct pattern *pattern,
	int32_t first, int32_t last, struct expansion *days,
	struct error *error)
{
	struct strbuf rrule AUTO(strbuf_release) = STRBUF_INIT;
	char starts[CIVIL_TEXT_SIZE], ends[CIVIL_TEXT_SIZE];
	struct expand_rule rule = {
		.starts = civil_print_minute(series->minute, starts),
		.ends = civil_print_minute(series->minute + 1, ends),
		.first_day = first};

	pattern_print_rule(pattern, &rrule);
	rule.rrule = rrule.text;
	if (last > first + DAYS_AHEAD)
		last = first + DAYS_AHEAD;
	return expand_rules(&rule, 1, first, first, last < first ? first : last,
		days, error);
}

bool series_days(const struct series *series, int32_t today,
	struct expansion *days, struct error *error)
{
	struct expansion once AUTO(expansion_release) = EXPANSION_INIT;
	struct pattern single = series->pattern;
	int32_t first =
		series->first_day > today ? series->first_day : today + 1;
	size_t most = SERIES_MOST + 1;

	/* Every other week is counted from the first such day. */
	single.interval = 1;
	if (!expand(series, &single, first, first + DAYS_AHEAD, &once, error))
		return false;
	if (!once.count) {
		*days = (struct expansion)EXPANSION_INIT;
		return true;
	}
	first = once.windows[0].from.day;
	if (last_day(series, first) < first) {
		*days = (struct expansion)EXPANSION_INIT;
		return true;
	}
	if (!expand(series, &series->pattern, first, last_day(series, first),
		    days, error))
		return false;
	if (series->end == SERIES_TIMES && series->end_value < (int32_t)most)
		most = (size_t)series->end_value;
	if (days->count > most)
		days->count = most;
	return true;
}
