/* series_words.c - visits that come again: what a sentence says of them. */
#include "desk/series.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/when.h"

#define DATE_WORDS 6    /* of "until the end of next march" */
#define NOT_A_WORD "\n" /* was read already: nothing goes on over it */

/* The unused words of a sentence, cut as patterns are, and where they stand. */
struct cut {
	struct pattern_words words;
	size_t places[PATTERN_WORDS];
};

static void add(struct cut *cut, const char *word, size_t place)
{
	if (cut->words.count == PATTERN_WORDS)
		return;
	cut->places[cut->words.count] = place;
	cut->words.items[cut->words.count++] = xstrdup(word);
}

static void cut_words(struct cut *cut, const struct reading *reading)
{
	for (size_t i = 0; i < reading->word_count; i++) {
		const struct word *word = &reading->words[i];

		add(cut, word->is_used ? NOT_A_WORD : word->folded, i);
		if (word->ends_part && !word->is_used)
			add(cut, ",", i);
	}
}

static const char *word_at(const struct cut *cut, size_t at)
{
	return pattern_word(&cut->words, at);
}

/* Marks words as used, and blanks them in the copy of the sentence. */
static void take(const struct cut *cut, size_t at, size_t count,
	struct reading *reading, char *left)
{
	for (size_t i = at; i < at + count; i++) {
		struct word *word = &reading->words[cut->places[i]];

		if (strcmp(word_at(cut, i), ",") == 0)
			continue;
		word->is_used = true;
		memset(left + word->from, ' ', word->to - word->from);
		left[word->from] = ',';
	}
}

static bool is_one_of(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}
#define IS_ONE_OF(word, ...)                                 \
	is_one_of(word, (const char *const[]){__VA_ARGS__},  \
		sizeof((const char *const[]){__VA_ARGS__}) / \
			sizeof(const char *))

/* Patterns ------------------------------------------------------------------ */

static size_t skip_on(const struct cut *cut, size_t at)
{
	return IS_ONE_OF(word_at(cut, at), "on", "each", "every") ? 1 : 0;
}

/* "every week", "weekly", "every 2 weeks", "once a week", each with days or
 * without: how many words. */
static size_t read_weeks(
	const struct cut *cut, size_t at, struct pattern *pattern)
{
	size_t from = at, count;
	bool is_weeks = false;
	int interval = 1;

	if (IS_ONE_OF(word_at(cut, at), "weekly")) {
		at++;
	} else if (IS_ONE_OF(word_at(cut, at), "every", "each") &&
		   IS_ONE_OF(word_at(cut, at + 1), "week")) {
		at += 2;
	} else if (IS_ONE_OF(word_at(cut, at), "once") &&
		   IS_ONE_OF(word_at(cut, at + 1), "a", "every", "each") &&
		   IS_ONE_OF(word_at(cut, at + 2), "week")) {
		at += 3;
	} else {
		count = pattern_read_interval(
			&cut->words, at, &interval, &is_weeks);
		if (!count)
			return 0;
		at += count;
		if (IS_ONE_OF(word_at(cut, at), "week", "weeks"))
			at++;
		else if (!is_weeks)
			return 0;
	}
	*pattern = (struct pattern){
		.frequency = PATTERN_WEEKS, .interval = interval};
	count = pattern_read_days(
		&cut->words, at + skip_on(cut, at), &pattern->weekdays);
	return at - from + (count ? skip_on(cut, at) + count : 0);
}

/* "every day", "every weekday", "every monday and friday". */
static size_t read_plain(
	const struct cut *cut, size_t at, struct pattern *pattern)
{
	size_t from = at, count;

	*pattern = (struct pattern){.frequency = PATTERN_DAYS, .interval = 1};
	if (IS_ONE_OF(word_at(cut, at), "daily"))
		return 1;
	if (!IS_ONE_OF(word_at(cut, at), "every", "each"))
		return 0;
	at++;
	if (IS_ONE_OF(word_at(cut, at), "day"))
		return 2;
	pattern->frequency = PATTERN_WEEKS;
	if (IS_ONE_OF(word_at(cut, at), "weekday", "workday")) {
		pattern->weekdays = 0x1f;
		return 2;
	}
	count = pattern_read_days(&cut->words, at, &pattern->weekdays);
	return count ? at + count - from : 0;
}

/* "mondays": a pattern only where an end is said too. */
static size_t read_plural(
	const struct cut *cut, size_t at, struct pattern *pattern)
{
	const char *word = word_at(cut, at);
	size_t length = strlen(word), count;

	*pattern = (struct pattern){.frequency = PATTERN_WEEKS, .interval = 1};
	if (length < 4 || strcmp(word + length - 4, "days") != 0)
		return 0;
	count = pattern_read_days(&cut->words, at, &pattern->weekdays);
	return count;
}

/* "every month", "monthly": on which day of it is not said. */
static size_t read_month(
	const struct cut *cut, size_t at, struct pattern *pattern)
{
	*pattern = (struct pattern){.frequency = PATTERN_MONTHS, .interval = 1};
	if (IS_ONE_OF(word_at(cut, at), "monthly"))
		return 1;
	return IS_ONE_OF(word_at(cut, at), "every", "each") &&
			       IS_ONE_OF(word_at(cut, at + 1), "month")
		       ? 2
		       : 0;
}

/* "the first monday of every month"; "of the month" may mean the next one, unless
 * an end is said or it is the answer to a question (is_sure). */
static size_t read_ordinal(
	const struct cut *cut, size_t at, bool is_sure, struct pattern *pattern)
{
	size_t count = pattern_read(&cut->words, at, pattern);

	if (!count || pattern->frequency != PATTERN_MONTHS ||
		pattern->is_month_day)
		return 0;
	for (size_t i = at; i < at + count && !is_sure; i++)
		is_sure = IS_ONE_OF(word_at(cut, i), "every", "each");
	return is_sure ? count : 0;
}

static bool begins_pattern(const char *word)
{
	return IS_ONE_OF(word, "every", "each", "alternate", "alternating",
		"fortnightly", "biweekly", "bi-weekly", "weekly", "daily",
		"once", "monthly");
}

/* The pattern whose words begin at a place: how many they are. */
static size_t read_pattern(
	const struct cut *cut, size_t at, bool is_sure, struct pattern *pattern)
{
	size_t count;

	if (!begins_pattern(word_at(cut, at))) {
		count = is_sure ? read_plural(cut, at, pattern) : 0;
		return count ? count : read_ordinal(cut, at, is_sure, pattern);
	}
	count = read_plain(cut, at, pattern);
	if (!count)
		count = pattern_read(&cut->words, at, pattern);
	if (!count)
		count = read_weeks(cut, at, pattern);
	return count ? count : read_month(cut, at, pattern);
}

/* Finds the pattern in the sentence: where it begins, how many words it has. */
static size_t find_pattern(const struct cut *cut, bool is_sure,
	struct pattern *pattern, size_t *at)
{
	for (*at = 0; *at < cut->words.count; (*at)++) {
		size_t count = read_pattern(cut, *at, is_sure, pattern);

		if (count)
			return count;
	}
	return 0;
}

/* The end ------------------------------------------------------------------- */

static int32_t number_of(const char *word)
{
	static const char *const names[] = {"one", "two", "three", "four",
		"five", "six", "seven", "eight", "nine", "ten", "eleven",
		"twelve"};
	char *end;
	long number = strtol(word, &end, 10);

	if (end > word && !*end && number > 0 && number < 1000)
		return (int32_t)number;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(word, names[i]) == 0)
			return (int32_t)i + 1;
	return IS_ONE_OF(word, "a", "an") ? 1 : 0;
}

static enum series_end unit_of(const char *word)
{
	if (IS_ONE_OF(word, "week", "weeks"))
		return SERIES_WEEKS;
	if (IS_ONE_OF(word, "month", "months"))
		return SERIES_MONTHS;
	if (IS_ONE_OF(word, "day", "days"))
		return SERIES_DAYS;
	if (IS_ONE_OF(word, "times", "time", "visits", "appointments",
		    "sessions", "x"))
		return SERIES_TIMES;
	return SERIES_OPEN;
}

/* "for 6 weeks", "for the next 6 weeks", "for the next month", "6 times"; "6 weeks"
 * where it is asked. */
static size_t read_length(
	const struct cut *cut, size_t at, bool is_asked, struct series *series)
{
	size_t from = at;
	bool is_for = IS_ONE_OF(word_at(cut, at), "for", "during");
	bool is_next = false;
	enum series_end unit;
	int32_t number;

	at += is_for;
	for (; is_for && IS_ONE_OF(word_at(cut, at), "the", "next"); at++)
		is_next = strcmp(word_at(cut, at), "next") == 0;
	number = number_of(word_at(cut, at));
	at += number > 0;
	unit = unit_of(word_at(cut, at));
	if (unit == SERIES_OPEN ||
		(!is_for && !is_asked && unit != SERIES_TIMES) ||
		(!number && !is_next))
		return 0;
	series->end = unit;
	series->end_value = number ? number : 1;
	return at + 1 - from;
}

/* "until march", "until 20 december", "till the end of march": the day; a month or
 * a week alone is not part of it. */
static size_t read_until(const struct cut *cut, size_t at,
	const struct reading *reading, const struct request *request,
	struct series *series)
{
	struct when_context context = {
		.now = request->now, .language = request->language};
	size_t first = at + 1, best = 0;
	struct when when;

	if (!IS_ONE_OF(word_at(cut, at), "until", "till", "til", "'til",
		    "through"))
		return 0;
	for (size_t count = 1;
		count <= DATE_WORDS && first + count <= cut->words.count;
		count++) {
		const struct word *last =
			&reading->words[cut->places[first + count - 1]];
		size_t from = reading->words[cut->places[first]].from;
		char *text AUTO(free_text) =
			xstrndup(reading->sentence + from, last->to - from);

		if (strcmp(word_at(cut, first + count - 1), NOT_A_WORD) == 0)
			break;
		if (!when_read(&context, text, &when) || !when.has_day)
			continue;
		if (when.has_time)
			break;
		if (best &&
			when.spans[when.span_count - 1].to + 1 < strlen(text))
			continue; /* the last word is of something else */
		best = count;
		series->end = SERIES_UNTIL;
		series->end_value =
			when.first_day == when.last_day || strstr(text, "end")
				? when.last_day
				: when.first_day - 1;
	}
	return best ? best + 1 : 0;
}

static size_t find_end(const struct cut *cut, const struct reading *reading,
	const struct request *request, bool is_asked, struct series *series,
	size_t *at)
{
	for (*at = 0; *at < cut->words.count; (*at)++) {
		size_t count = read_length(cut, *at, is_asked, series);

		if (!count)
			count = read_until(cut, *at, reading, request, series);
		if (count)
			return count;
	}
	return 0;
}

/* A bare number answers the question for how long. */
static bool read_count(const struct cut *cut, struct series *series, size_t *at)
{
	int32_t number = cut->words.count == 1 ? number_of(word_at(cut, 0)) : 0;

	if (!number)
		return false;
	series->end = SERIES_TIMES;
	series->end_value = number;
	*at = 0;
	return true;
}

/* Reading ------------------------------------------------------------------- */

/* The day of the week; of a month "the second tuesday", or the last one. */
static void set_day(struct pattern *pattern, int32_t day)
{
	int ordinal = (civil_date(day).day + 6) / 7;

	pattern->weekdays = 1u << civil_weekday(day);
	if (pattern->frequency != PATTERN_MONTHS)
		return;
	pattern->ordinals[0] = ordinal > 4 ? -1 : ordinal;
	pattern->ordinal_count = 1;
}

/* What is left of the sentence says the time, and the first day. */
static bool read_when(struct series *series, struct reading *reading,
	const struct request *request, const char *left)
{
	static const char *const leads[] = {
		"starting", "beginning", "begin", "start", "from"};
	struct when_context context = {.now = request->now,
		.language = request->language,
		.is_answer = reading->is_answer};
	struct when when;

	if (!when_read(&context, left, &when))
		return false;
	reading->when = when;
	reading_use_when(reading);
	for (size_t i = 0; i < COUNT_OF(leads); i++) {
		int place = reading_find_phrase(reading, leads[i]);

		if (place >= 0)
			reading_use_phrase(reading, place, leads[i]);
	}
	if (when.has_time && when.first_minute == when.last_minute)
		series->minute = when.first_minute;
	if (!when.has_day)
		return true;
	series->first_day = when.first_day;
	if (when.first_day == when.last_day && series_lacks_day(series))
		set_day(&series->pattern, when.first_day);
	return true;
}

/* "tuesday" in place of "every monday". */
static void change_weekday(struct series *series, const struct reading *reading)
{
	const struct when *when = &reading->when;

	if (when->has_day && when->first_day == when->last_day &&
		series->pattern.frequency == PATTERN_WEEKS)
		series->pattern.weekdays = 1u << civil_weekday(when->first_day);
}

bool series_read(struct series *series, struct reading *reading,
	const struct request *request, bool is_known)
{
	struct cut cut = {.words = {.count = 0}};
	char *left AUTO(free_text) = xstrdup(reading->sentence);
	struct series read = is_known ? *series : (struct series){.minute = -1};
	bool is_asked = is_known && read.end == SERIES_OPEN;
	struct pattern pattern;
	size_t end_at, at, end_count, count;
	bool is_found;

	cut_words(&cut, reading);
	end_count = find_end(&cut, reading, request, is_asked, &read, &end_at);
	if (!end_count && is_asked && read.minute >= 0)
		end_count = read_count(&cut, &read, &end_at);
	count = find_pattern(&cut, end_count > 0 || is_known, &pattern, &at);
	is_found = count || (is_known && end_count);
	if (count)
		read.pattern = pattern;
	if (is_found && end_count)
		take(&cut, end_at, end_count, reading, left);
	if (count)
		take(&cut, at, count, reading, left);
	pattern_words_release(&cut.words);
	if (!is_found && !is_known)
		return false;
	if (read_when(&read, reading, request, left)) {
		is_found = true;
		if (is_known && !count)
			change_weekday(&read, reading);
	}
	if (!is_found)
		return false;
	reading->has_when = false;
	*series = read;
	return true;
}
