/* pattern_rule.c - a pattern as a rule of RFC 5545, and back. */
#include "desk/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/memory.h"

#define MONTHS 12

static const char *const day_codes[] = {
	"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

static void print_codes(
	unsigned days, int ordinal, struct strbuf *rrule, const char **mark)
{
	for (size_t day = 0; day < COUNT_OF(day_codes); day++) {
		if (!(days & 1u << day))
			continue;
		strbuf_add(rrule, *mark);
		if (ordinal)
			strbuf_addf(rrule, "%d", ordinal);
		strbuf_add(rrule, day_codes[day]);
		*mark = ",";
	}
}

static void print_numbers(
	const char *name, const struct pattern *pattern, struct strbuf *rrule)
{
	for (size_t i = 0; i < pattern->ordinal_count; i++)
		strbuf_addf(
			rrule, "%s%d", i ? "," : name, pattern->ordinals[i]);
}

void pattern_print_rule(const struct pattern *pattern, struct strbuf *rrule)
{
	static const char *const names[] = {"DAILY", "WEEKLY", "MONTHLY"};
	const char *mark = ";BYMONTH=";

	strbuf_addf(rrule, "FREQ=%s", names[pattern->frequency]);
	if (pattern->interval > 1)
		strbuf_addf(rrule, ";INTERVAL=%d", pattern->interval);
	for (size_t i = 0; i < MONTHS; i++) {
		if (!(pattern->months & 1u << i))
			continue;
		strbuf_addf(rrule, "%s%zu", mark, i + 1);
		mark = ",";
	}
	mark = ";BYDAY=";
	if (pattern->is_month_day) {
		print_numbers(";BYMONTHDAY=", pattern, rrule);
	} else if (pattern->is_workday) {
		print_codes(PATTERN_WORKDAYS, 0, rrule, &mark);
		print_numbers(";BYSETPOS=", pattern, rrule);
	} else if (pattern->ordinal_count) {
		for (size_t i = 0; i < pattern->ordinal_count; i++)
			print_codes(pattern->weekdays, pattern->ordinals[i],
				rrule, &mark);
	} else {
		print_codes(pattern->weekdays, 0, rrule, &mark);
	}
}

static bool read_numbers(const char *list, struct pattern *pattern)
{
	char *end;

	while (*list) {
		long number = strtol(list, &end, 10);

		if (end == list || !number ||
			pattern->ordinal_count == PATTERN_ORDINALS)
			return false;
		pattern->ordinals[pattern->ordinal_count++] = (int)number;
		list = end + (*end == ',');
	}
	return true;
}

static bool has_ordinal(const struct pattern *pattern, long ordinal)
{
	for (size_t i = 0; i < pattern->ordinal_count; i++)
		if (pattern->ordinals[i] == (int)ordinal)
			return true;
	return false;
}

static bool read_codes(const char *list, struct pattern *pattern)
{
	char *end;

	while (*list) {
		long ordinal = strtol(list, &end, 10);
		size_t day = 0;

		while (day < 7 && strncmp(end, day_codes[day], 2) != 0)
			day++;
		if (day == 7 || pattern->ordinal_count == PATTERN_ORDINALS)
			return false;
		pattern->weekdays |= 1u << day;
		if (ordinal && !has_ordinal(pattern, ordinal))
			pattern->ordinals[pattern->ordinal_count++] =
				(int)ordinal;
		list = end + 2 + (end[2] == ',');
	}
	return true;
}

static bool read_month_numbers(const char *list, struct pattern *pattern)
{
	char *end;

	while (*list) {
		long number = strtol(list, &end, 10);

		if (end == list || number < 1 || number > 12)
			return false;
		pattern->months |= 1u << (number - 1);
		list = end + (*end == ',');
	}
	return true;
}

/* One part of a rule, "BYDAY=1MO". */
static bool read_part(const char *part, struct pattern *pattern)
{
	const char *value = strchr(part, '=');

	if (!value++)
		return false;
	if (strcmp(part, "FREQ=DAILY") == 0)
		pattern->frequency = PATTERN_DAYS;
	else if (strcmp(part, "FREQ=WEEKLY") == 0)
		pattern->frequency = PATTERN_WEEKS;
	else if (strcmp(part, "FREQ=MONTHLY") == 0)
		pattern->frequency = PATTERN_MONTHS;
	else if (strncmp(part, "INTERVAL=", 9) == 0)
		pattern->interval = (int)strtol(value, NULL, 10);
	else if (strncmp(part, "BYMONTH=", 8) == 0)
		return read_month_numbers(value, pattern);
	else if (strncmp(part, "BYDAY=", 6) == 0)
		return read_codes(value, pattern);
	else if (strncmp(part, "BYMONTHDAY=", 11) == 0)
		return (pattern->is_month_day = true) &&
		       read_numbers(value, pattern);
	else if (strncmp(part, "BYSETPOS=", 9) == 0)
		return (pattern->is_workday = true) &&
		       read_numbers(value, pattern);
	else
		return false;
	return true;
}

bool pattern_of_rule(const char *rrule, struct pattern *pattern)
{
	struct strbuf again AUTO(strbuf_release) = STRBUF_INIT;
	const char *rest = rrule;

	*pattern = (struct pattern){.interval = 1};
	while (*rest) {
		size_t size = strcspn(rest, ";");
		char *part AUTO(free_text) = xstrndup(rest, size);

		if (!read_part(part, pattern))
			return false;
		rest += size + (rest[size] == ';');
	}
	/* It is ours when we would write it so. */
	pattern_print_rule(pattern, &again);
	if (strcmp(again.text, rrule) != 0)
		return false;
	if (pattern->frequency == PATTERN_WEEKS)
		return pattern->weekdays && !pattern->ordinal_count &&
		       !pattern->months && !pattern->is_month_day;
	if (pattern->frequency == PATTERN_DAYS)
		return !pattern->weekdays && !pattern->months &&
		       !pattern->ordinal_count;
	for (size_t i = 0; i < pattern->ordinal_count; i++) {
		int ordinal = pattern->ordinals[i];

		if (pattern->is_month_day ? ordinal < -5 || ordinal > 31
					  : abs(ordinal) > 5)
			return false;
	}
	return pattern->ordinal_count > 0 &&
	       (pattern->interval == 1 || !pattern->months);
}
