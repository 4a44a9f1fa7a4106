/* pattern.c - a recurrence as people say it: "first monday of the month". */
#include "desk/pattern.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/memory.h"

#define ALL_DAYS 0x7fu
#define WEEKEND 0x60u

static const char *const day_names[] = {"monday", "tuesday", "wednesday",
	"thursday", "friday", "saturday", "sunday"};
static const char *const month_names[] = {"january", "february", "march",
	"april", "may", "june", "july", "august", "september", "october",
	"november", "december"};
static const char *const ordinal_names[] = {
	"first", "second", "third", "fourth", "fifth"};

static bool is_one_of(const char *word, const char *list)
{
	size_t length = strlen(word);

	while (length && *list) {
		size_t next = strcspn(list, "|");

		if (next == length && memcmp(list, word, length) == 0)
			return true;
		list += next + (list[next] == '|');
	}
	return false;
}

/* A name, at least three letters of it, or its plural. */
static int named(
	const char *word, size_t length, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t whole = strlen(names[i]);

		if ((length >= 3 && length <= whole &&
			    strncmp(word, names[i], length) == 0) ||
			(length == whole + 1 && word[whole] == 's' &&
				strncmp(word, names[i], whole) == 0))
			return (int)i;
	}
	return -1;
}

/* The days of one word: mon, mon-fri, tue/thu, weekdays; 0: it names none. */
static unsigned days_of(const char *word)
{
	size_t length = strcspn(word, "-/");
	int first = named(word, length, day_names, COUNT_OF(day_names)), last;
	unsigned days = 0;

	if (is_one_of(word, "weekdays|workdays"))
		return PATTERN_WORKDAYS;
	if (is_one_of(word, "weekend|weekends"))
		return WEEKEND;
	if (first < 0)
		return 0;
	if (!word[length])
		return 1u << first;
	last = named(word + length + 1, strlen(word + length + 1), day_names,
		COUNT_OF(day_names));
	if (last < 0)
		return 0;
	if (word[length] == '/')
		return 1u << first | 1u << last;
	for (int day = first;; day = (day + 1) % 7) {
		days |= 1u << day;
		if (day == last)
			return days;
	}
}

static bool is_and(const char *word)
{
	return is_one_of(word, ",|and|&|/");
}

/* How many words between the items of a list: ",", "and", ", and". */
static size_t skip_and(const struct pattern_words *words, size_t at)
{
	size_t count = 0;

	while (count < 2 && is_and(pattern_word(words, at + count)))
		count++;
	return count;
}

/* mon, wed and fri; monday to friday. Returns how many words. */
size_t pattern_read_days(
	const struct pattern_words *words, size_t at, unsigned *days)
{
	size_t from = at, between = 0;
	unsigned found;

	*days = 0;
	while ((found = days_of(pattern_word(words, at + between)))) {
		at += between + 1;
		if (is_one_of(pattern_word(words, at), "to|-|until|through") &&
			days_of(pattern_word(words, at + 1))) {
			char *range AUTO(free_text) =
				xasprintf("%s-%s", pattern_word(words, at - 1),
					pattern_word(words, at + 1));

			found = days_of(range);
			at += 2;
		}
		*days |= found;
		between = skip_and(words, at);
	}
	return at - from;
}

static size_t read_months(
	const struct pattern_words *words, size_t at, unsigned *months)
{
	size_t from = at, between = 0;

	for (;;) {
		const char *word = pattern_word(words, at + between);
		int month = named(
			word, strlen(word), month_names, COUNT_OF(month_names));

		if (month < 0)
			return at - from;
		*months |= 1u << month;
		at += between + 1;
		between = skip_and(words, at);
	}
}

/* first, 3rd, 15th, last; 0: it is none. */
static int ordinal_of(const char *word)
{
	char *end;
	long number;

	for (size_t i = 0; i < COUNT_OF(ordinal_names); i++)
		if (strcmp(word, ordinal_names[i]) == 0)
			return (int)i + 1;
	if (strcmp(word, "last") == 0)
		return -1;
	if (!isdigit((unsigned char)*word))
		return 0;
	number = strtol(word, &end, 10);
	return number >= 1 && number <= 31 && is_one_of(end, "st|nd|rd|th")
		       ? (int)number
		       : 0;
}

/* "first and third", "2nd to last" */
static size_t read_ordinals(
	const struct pattern_words *words, size_t at, struct pattern *pattern)
{
	size_t from = at, between = 0;

	pattern->ordinal_count = 0;
	for (;;) {
		size_t here = at + between;
		int ordinal;

		here += strcmp(pattern_word(words, here), "the") == 0;
		ordinal = ordinal_of(pattern_word(words, here));
		if (!ordinal || pattern->ordinal_count == PATTERN_ORDINALS)
			return at - from;
		at = here + 1;
		if (ordinal > 0 && is_one_of(pattern_word(words, at), "to") &&
			strcmp(pattern_word(words, at + 1), "last") == 0) {
			ordinal = -ordinal;
			at += 2;
		} else if (ordinal > 0 &&
			   strcmp(pattern_word(words, at), "last") == 0) {
			ordinal = -ordinal;
			at++;
		}
		pattern->ordinals[pattern->ordinal_count++] = ordinal;
		between = skip_and(words, at);
	}
}

/* other, second, 3rd, 3: every so many; 0: not said. */
static int interval_of(const char *word)
{
	char *end;
	long number;

	if (is_one_of(word, "other|alternate|alternating|two"))
		return 2;
	if (strcmp(word, "three") == 0)
		return 3;
	if (strcmp(word, "four") == 0)
		return 4;
	if (ordinal_of(word) > 1)
		return ordinal_of(word);
	number = strtol(word, &end, 10);
	return end > word && !*end && number > 1 && number < 100 ? (int)number
								 : 0;
}

/* "of the month", "of every other month", "of march": returns how many words. */
static size_t read_of(
	const struct pattern_words *words, size_t at, struct pattern *pattern)
{
	size_t from = at, count;
	bool is_every;
	int interval;

	if (strcmp(pattern_word(words, at), "monthly") == 0)
		return 1;
	if (is_one_of(pattern_word(words, at), "of|in"))
		at++;
	else if (!is_one_of(pattern_word(words, at), "every|each"))
		return 0;
	is_every = is_one_of(pattern_word(words, at), "every|each|the|a");
	at += is_every;
	count = read_months(words, at, &pattern->months);
	if (count)
		return at - from + count;
	interval = interval_of(pattern_word(words, at));
	if (interval) {
		pattern->interval = interval;
		at++;
	}
	if (!is_one_of(pattern_word(words, at), "month|months"))
		return 0;
	return at + 1 - from;
}

static size_t read_workday(const struct pattern_words *words, size_t at)
{
	if (is_one_of(pattern_word(words, at), "workday|weekday"))
		return 1;
	return is_one_of(pattern_word(words, at), "working|business") &&
			       strcmp(pattern_word(words, at + 1), "day") == 0
		       ? 2
		       : 0;
}

/* "first and third monday of the month", "last workday", "1st and 15th of the
 * month". is_of: only where the month is named. */
static size_t read_in_month(const struct pattern_words *words, size_t at,
	bool is_of, struct pattern *pattern)
{
	size_t from = at, count;

	*pattern = (struct pattern){.frequency = PATTERN_MONTHS, .interval = 1};
	count = read_ordinals(words, at, pattern);
	if (!count)
		return 0;
	at += count;
	count = read_workday(words, at);
	pattern->is_workday = count > 0;
	if (!count)
		count = pattern_read_days(words, at, &pattern->weekdays);
	pattern->is_month_day = count == 0;
	at += count;
	if (pattern->is_month_day)
		at += is_one_of(pattern_word(words, at), "day|days") ? 1 : 0;
	if (!pattern->is_month_day)
		for (size_t i = 0; i < pattern->ordinal_count; i++)
			if (abs(pattern->ordinals[i]) > 5)
				return 0;
	count = read_of(words, at, pattern);
	if (!count && (is_of || pattern->is_month_day))
		return 0;
	return at + count - from;
}

/* "every other", "every 3", "alternate", "fortnightly": the interval; *unit: it
 * speaks of weeks already. Returns how many words. */
size_t pattern_read_interval(const struct pattern_words *words, size_t at,
	int *interval, bool *is_weeks)
{
	*is_weeks = true;
	*interval = 2;
	if (is_one_of(
		    pattern_word(words, at), "fortnightly|biweekly|bi-weekly"))
		return 1;
	if (is_one_of(pattern_word(words, at), "every|each") &&
		strcmp(pattern_word(words, at + 1), "fortnight") == 0)
		return 2;
	*is_weeks = false;
	if (is_one_of(pattern_word(words, at), "alternate|alternating"))
		return 1;
	if (!is_one_of(pattern_word(words, at), "every|each"))
		return 0;
	*interval = interval_of(pattern_word(words, at + 1));
	return *interval ? 2 : 0;
}

static size_t skip_on(const struct pattern_words *words, size_t at)
{
	return is_one_of(pattern_word(words, at), "on|the|:") ? 1 : 0;
}

/* "every other friday", "every 3 weeks on mon and wed", "every other day",
 * "every other month on the first monday". days: said before it, or 0. */
static size_t read_every(const struct pattern_words *words, size_t at,
	unsigned days, struct pattern *pattern)
{
	size_t from = at, count;
	int interval;
	bool is_weeks;

	count = pattern_read_interval(words, at, &interval, &is_weeks);
	if (!count)
		return 0;
	at += count;
	*pattern = (struct pattern){
		.frequency = PATTERN_WEEKS, .interval = interval};
	if (is_one_of(pattern_word(words, at), "day|days") && !days) {
		pattern->frequency = PATTERN_DAYS;
		return at + 1 - from;
	}
	if (is_one_of(pattern_word(words, at), "month|months") && !days) {
		at++;
		at += skip_on(words, at);
		count = read_in_month(words, at, false, pattern);
		if (!count) {
			*pattern = (struct pattern){.frequency = PATTERN_MONTHS,
				.is_month_day = true};
			count = read_ordinals(words, at, pattern);
		}
		pattern->interval = interval;
		return count ? at + count - from : 0;
	}
	if (is_one_of(pattern_word(words, at), "week|weeks")) {
		at++;
		is_weeks = true;
	}
	if (days) {
		pattern->weekdays = days;
		return is_weeks ? at - from : 0;
	}
	at += is_weeks ? skip_on(words, at) : 0;
	count = pattern_read_days(words, at, &pattern->weekdays);
	return count ? at + count - from : 0;
}

/* "fridays every other week" */
static size_t read_days_first(
	const struct pattern_words *words, size_t at, struct pattern *pattern)
{
	unsigned days;
	size_t first = pattern_read_days(words, at, &days), count;

	if (!first)
		return 0;
	if (is_one_of(pattern_word(words, at + first), "of|on|,"))
		first++;
	count = read_every(words, at + first, days, pattern);
	return count ? first + count : 0;
}

size_t pattern_read(
	const struct pattern_words *words, size_t at, struct pattern *pattern)
{
	size_t from = at, count;

	while (is_one_of(pattern_word(words, at), "on|the|monthly"))
		at++;
	count = read_in_month(words, at, true, pattern);
	if (!count && is_one_of(pattern_word(words, at), "every|each")) {
		count = read_in_month(words, at + 1, true, pattern);
		count += count ? 1 : 0;
	}
	if (!count)
		count = read_every(words, at, 0, pattern);
	if (!count)
		count = read_in_month(words, at, false, pattern);
	if (!count && is_one_of(pattern_word(words, at), "every|each")) {
		count = read_in_month(words, at + 1, false, pattern);
		count += count ? 1 : 0;
	}
	if (!count)
		count = read_days_first(words, at, pattern);
	return count ? at + count - from : 0;
}

void pattern_print_weekdays(unsigned days, struct strbuf *text)
{
	const char *mark = "";

	for (size_t day = 0; day < COUNT_OF(day_names); day++) {
		if (!(days & 1u << day))
			continue;
		strbuf_addf(text, "%s%.3s", mark, day_names[day]);
		mark = ", ";
	}
}

static void print_ordinals(const struct pattern *pattern, struct strbuf *text)
{
	for (size_t i = 0; i < pattern->ordinal_count; i++) {
		int ordinal = pattern->ordinals[i];
		int count = abs(ordinal);
		const char *ending = count % 10 == 1 && count != 11   ? "st"
				     : count % 10 == 2 && count != 12 ? "nd"
				     : count % 10 == 3 && count != 13 ? "rd"
								      : "th";

		strbuf_add(text, i ? " and " : "");
		if (ordinal == -1)
			strbuf_add(text, "last");
		else if (pattern->is_month_day || count > 5)
			strbuf_addf(text, "%d%s%s", count, ending,
				ordinal < 0 ? " to last" : "");
		else
			strbuf_addf(text, "%s%s", ordinal_names[count - 1],
				ordinal < 0 ? " to last" : "");
	}
}

static void print_months(const struct pattern *pattern, struct strbuf *text)
{
	const char *mark = " of ";

	if (pattern->interval == 2)
		strbuf_add(text, " of every other month");
	else if (pattern->interval > 2)
		strbuf_addf(text, " of every %d months", pattern->interval);
	else if (!pattern->months)
		strbuf_add(text, " of the month");
	for (size_t i = 0; i < COUNT_OF(month_names); i++) {
		if (!(pattern->months & 1u << i))
			continue;
		strbuf_addf(text, "%s%s", mark, month_names[i]);
		mark = ", ";
	}
}

void pattern_print(const struct pattern *pattern, struct strbuf *text)
{
	bool is_weeks = pattern->frequency == PATTERN_WEEKS;

	if (pattern->frequency != PATTERN_MONTHS) {
		if (pattern->interval == 2)
			strbuf_addf(
				text, "every other %s", is_weeks ? "" : "day");
		else
			strbuf_addf(text, "every %d %s", pattern->interval,
				is_weeks ? "weeks on " : "days");
		pattern_print_weekdays(pattern->weekdays, text);
		return;
	}
	print_ordinals(pattern, text);
	if (pattern->is_workday)
		strbuf_add(text, " workday");
	else if (!pattern->is_month_day)
		strbuf_add(text, " ");
	else if (pattern->ordinals[pattern->ordinal_count - 1] < 0)
		strbuf_add(text, " day");
	if (!pattern->is_workday)
		pattern_print_weekdays(pattern->weekdays, text);
	print_months(pattern, text);
}
