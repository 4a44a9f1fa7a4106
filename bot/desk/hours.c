/* hours.c - a doctor's hours as people write them: weekly, or by a pattern. */
#include "desk/hours.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "desk/pattern.h"
#include "desk/text.h"
#include "desk/weekly.h"
#include "desk/when.h"

#define EXAMPLE                                                          \
	"write for example \"every other friday 9-12\", \"first monday " \
	"of the month 14-18\" or \"RRULE:FREQ=MONTHLY;BYDAY=-1FR 9-12\""
/* Within which a rule must have a day. */
#define DAYS_AHEAD (5 * 366)
/* The most words of a date, "friday 4 december 2026". */
#define DATE_WORDS 4

/* The text while it is read: words of weekly hours are collected, patterns are
 * made to rules at once. */
struct hours_reader {
	const char *text;
	int32_t today;
	struct pattern_words words;
	size_t at;
	struct strbuf weekly;
	struct hours *hours;
	struct error *error;
};

static const char *word(const struct hours_reader *reader, size_t ahead)
{
	return pattern_word(&reader->words, reader->at + ahead);
}

static bool is_word(const char *one, const char *other)
{
	return strcmp(one, other) == 0;
}

static bool add_rule(struct hours_reader *reader, const char *rrule,
	int32_t first_day, int from_minute, int to_minute)
{
	struct hours *hours = reader->hours;
	struct hours_rule *rule = &hours->rules[hours->count];

	if (hours->count == HOURS_RULES)
		return failed(reader->error, ERROR_USAGE,
			"these hours have more than %d rules", HOURS_RULES);
	if (strlen(rrule) >= sizeof(rule->rrule))
		return failed(reader->error, ERROR_USAGE,
			"the recurrence rule \"%.60s\" is too long", rrule);
	hours->count++;
	*rule = (struct hours_rule){.first_day = first_day,
		.from_minute = from_minute,
		.to_minute = to_minute};
	(void)snprintf(rule->rrule, sizeof(rule->rrule), "%s", rrule);
	return true;
}

/* Windows of the same hours become one rule of many days. */
static bool add_weekly(struct hours_reader *reader, const struct weekly *weekly)
{
	size_t first = reader->hours->count;

	for (int i = 0; i < weekly->window_count; i++) {
		const struct weekly_window *window = &weekly->windows[i];
		struct pattern day = {.frequency = PATTERN_WEEKS,
			.interval = 1,
			.weekdays = 1u << window->weekday};
		struct strbuf rrule AUTO(strbuf_release) = STRBUF_INIT;
		struct hours_rule *same = &reader->hours->rules[first];
		struct hours_rule *end =
			&reader->hours->rules[reader->hours->count];

		while (same < end &&
			(same->from_minute != window->from_minute ||
				same->to_minute != window->to_minute))
			same++;
		if (same < end) {
			struct pattern before;

			(void)pattern_of_rule(same->rrule, &before);
			day.weekdays |= before.weekdays;
		}
		pattern_print_rule(&day, &rrule);
		if (same < end)
			(void)snprintf(same->rrule, sizeof(same->rrule), "%s",
				rrule.text);
		else if (!add_rule(reader, rrule.text, EXPAND_ANCHOR_DAY,
				 window->from_minute, window->to_minute))
			return false;
	}
	return true;
}

/* Whether a word can be part of "9-12, from 3pm to half past 5". */
static bool is_time_word(const char *text)
{
	static const char *const words[] = {",", "and", "&", "-", "/", "to",
		"till", "until", "from", "between", "at", "am", "pm", "noon",
		"midnight", "midday", "h", "half", "quarter", "past",
		"o'clock"};

	if (isdigit((unsigned char)*text) || *text == '-')
		return true;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (is_word(text, words[i]))
			return true;
	return false;
}

/* The day that some words name with a month, or as a date; false: none. */
static bool read_date(const struct hours_reader *reader, size_t ahead,
	size_t count, int32_t *day)
{
	struct when_context context = {.now = {.day = reader->today}};
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
	bool has_letter = false, has_digit = false;
	struct when when;

	if (count == 1 && civil_read_date(word(reader, ahead), day))
		return true;
	for (size_t i = 0; i < count; i++)
		if (strchr(",;", *word(reader, ahead + i)))
			return false; /* another group begins */
	for (size_t i = 0; i < count; i++)
		strbuf_addf(
			&text, "%s%s", i ? " " : "", word(reader, ahead + i));
	for (const char *c = text.text; *c; c++) {
		has_letter = has_letter || isalpha((unsigned char)*c);
		has_digit = has_digit || isdigit((unsigned char)*c);
	}
	if (!when_read(&context, text.text, &when) || !when.has_day ||
		when.has_time || when.first_day != when.last_day ||
		when.is_ambiguous || !has_letter ||
		(!has_digit && !strstr(text.text, "next") &&
			!strstr(text.text, "today") &&
			!strstr(text.text, "tomorrow")))
		return false;
	*day = when.first_day;
	return true;
}

/* "from 4 december": takes the words when they are a date. */
static bool take_first_day(struct hours_reader *reader, int32_t *day)
{
	size_t skip = 1;

	if (!is_word(word(reader, 0), "from") &&
		!is_word(word(reader, 0), "starting") &&
		!is_word(word(reader, 0), "beginning") &&
		!is_word(word(reader, 0), "since"))
		return false;
	skip += is_word(word(reader, 1), "on") ||
		is_word(word(reader, 1), "from");
	for (size_t count = DATE_WORDS; count; count--) {
		if (reader->at + skip + count > reader->words.count ||
			!read_date(reader, skip, count, day))
			continue;
		reader->at += skip + count;
		return true;
	}
	return false;
}

/* The hours of a pattern, and "from DATE" before or after them. */
static bool take_hours(
	struct hours_reader *reader, struct weekly *weekly, int32_t *first_day)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
	struct error why;

	strbuf_add(&text, "mon");
	while (reader->at < reader->words.count) {
		struct pattern next;

		if (take_first_day(reader, first_day))
			continue;
		if (!is_time_word(word(reader, 0)) ||
			pattern_read(&reader->words, reader->at, &next))
			break;
		strbuf_addf(&text, " %s", word(reader, 0));
		reader->at++;
	}
	if (weekly_read(text.text, weekly, &why))
		return true;
	return failed(reader->error, ERROR_USAGE,
		"\"%.60s\" does not say which hours; " EXAMPLE, reader->text);
}

/* The first day of a rule from start on; counted in single weeks or months. */
static bool find_first_day(struct hours_reader *reader, const char *rrule,
	int32_t start, int32_t *found)
{
	struct expansion expansion AUTO(expansion_release) = EXPANSION_INIT;
	struct expand_rule rule = {.rrule = rrule,
		.starts = "00:00",
		.ends = "24:00",
		.first_day = start};

	if (!expand_rules(&rule, 1, start, start, start + DAYS_AHEAD,
		    &expansion, reader->error))
		return false;
	if (!expansion.count)
		return failed(reader->error, ERROR_USAGE,
			"\"%.60s\" names no day in the next years",
			reader->text);
	*found = expansion.windows[0].from.day;
	return true;
}

static bool add_windows(struct hours_reader *reader, const char *rrule,
	int32_t first_day, const struct weekly *weekly)
{
	for (int i = 0; i < weekly->window_count; i++)
		if (!add_rule(reader, rrule, first_day,
			    weekly->windows[i].from_minute,
			    weekly->windows[i].to_minute))
			return false;
	return true;
}

static bool take_pattern(struct hours_reader *reader, struct pattern *pattern)
{
	struct strbuf rrule AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf single AUTO(strbuf_release) = STRBUF_INIT;
	struct pattern once = *pattern;
	int32_t asked = 0, first;
	struct weekly weekly;

	if (!take_hours(reader, &weekly, &asked))
		return false;
	once.interval = 1;
	pattern_print_rule(&once, &single);
	pattern_print_rule(pattern, &rrule);
	if (!find_first_day(
		    reader, single.text, asked ? asked : reader->today, &first))
		return false;
	if (!asked && pattern->interval == 1)
		first = EXPAND_ANCHOR_DAY;
	return add_windows(reader, rrule.text, first, &weekly);
}

/* FREQ stands first, as it must be stored; other parts keep their order. */
static void order_parts(const char *typed, struct strbuf *rrule)
{
	const char *parts =
		strncmp(typed, "rrule:", 6) == 0 ? typed + 6 : typed;
	const char *freq = strstr(parts, "freq=");
	size_t size = freq ? strcspn(freq, ";") : 0;

	if (freq)
		strbuf_add_bytes(rrule, freq, size);
	while (*parts) {
		size_t length = strcspn(parts, ";");

		if (parts != freq && length) {
			strbuf_add(rrule, rrule->length ? ";" : "");
			strbuf_add_bytes(rrule, parts, length);
		}
		parts += length + (parts[length] == ';');
	}
	for (size_t i = 0; i < rrule->length; i++)
		rrule->text[i] = (char)toupper((unsigned char)rrule->text[i]);
}

static bool take_rule(struct hours_reader *reader)
{
	struct strbuf rrule AUTO(strbuf_release) = STRBUF_INIT;
	int32_t asked = 0, first;
	struct pattern pattern;
	struct weekly weekly;

	order_parts(word(reader, 0), &rrule);
	reader->at++;
	if (!take_hours(reader, &weekly, &asked) ||
		!find_first_day(reader, rrule.text,
			asked ? asked : reader->today, &first))
		return false;
	if (asked || !pattern_of_rule(rrule.text, &pattern))
		first = asked ? asked : reader->today;
	else if (pattern.interval == 1)
		first = EXPAND_ANCHOR_DAY;
	return add_windows(reader, rrule.text, first, &weekly);
}

static bool is_rule(const char *text)
{
	return strncmp(text, "rrule:", 6) == 0 || strstr(text, "freq=");
}

static bool take_all(struct hours_reader *reader)
{
	while (reader->at < reader->words.count) {
		struct pattern pattern;
		size_t count;

		if (is_rule(word(reader, 0))) {
			if (!take_rule(reader))
				return false;
			continue;
		}
		count = pattern_read(&reader->words, reader->at, &pattern);
		if (count) {
			reader->at += count;
			if (!take_pattern(reader, &pattern))
				return false;
			strbuf_add(&reader->weekly,
				reader->weekly.length ? "; " : "");
			continue;
		}
		strbuf_addf(&reader->weekly, "%s%s",
			reader->weekly.length ? " " : "", word(reader, 0));
		reader->at++;
	}
	return true;
}

static bool says_anything(const char *text)
{
	return text[strspn(text, " ,;")] != '\0' &&
	       strcmp(text + strspn(text, " ,;"), "and") != 0;
}

bool hours_expand(const struct hours *hours, int32_t from_day,
	int32_t through_day, struct expansion *expansion, struct error *error)
{
	struct expand_rule rules[HOURS_RULES];
	char times[HOURS_RULES][2][CIVIL_TEXT_SIZE];

	for (size_t i = 0; i < hours->count; i++) {
		const struct hours_rule *rule = &hours->rules[i];

		rules[i] = (struct expand_rule){
			.rrule = rule->rrule,
			.starts = civil_print_minute(
				rule->from_minute, times[i][0]),
			.ends = civil_print_minute(
				rule->to_minute, times[i][1]),
			.first_day = rule->first_day,
		};
	}
	return expand_rules(rules, hours->count, EXPAND_ANCHOR_DAY, from_day,
		through_day, expansion, error);
}

/* Whether there is a pattern in it; without, it is all weekly hours. */
static bool read_patterns(struct hours_reader *reader, const char *folded)
{
	struct weekly weekly;

	if (!pattern_words_cut(&reader->words, folded))
		return failed(reader->error, ERROR_USAGE,
			"these hours are too long to read");
	if (!take_all(reader))
		return false;
	if (!reader->hours->count)
		return weekly_read(reader->text, &weekly, reader->error) &&
		       add_weekly(reader, &weekly);
	if (!says_anything(reader->weekly.text))
		return true;
	return weekly_read(reader->weekly.text, &weekly, reader->error) &&
	       add_weekly(reader, &weekly);
}

bool hours_read(const char *text, int32_t today, struct hours *hours,
	struct error *error)
{
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;
	struct hours_reader reader = {.text = text,
		.today = today,
		.weekly = STRBUF_INIT,
		.hours = hours,
		.error = error};
	bool is_read;

	hours->count = 0;
	text_fold(text, &folded);
	is_read = read_patterns(&reader, folded.text);
	pattern_words_release(&reader.words);
	strbuf_release(&reader.weekly);
	return is_read;
}

/* Adds the windows of a plain weekly rule; false when it is none. */
static bool add_plain(struct weekly *weekly, const struct hours_rule *rule)
{
	struct pattern pattern;

	if (rule->first_day != EXPAND_ANCHOR_DAY ||
		!pattern_of_rule(rule->rrule, &pattern) ||
		pattern.interval != 1 || pattern.frequency == PATTERN_MONTHS)
		return false;
	for (int day = MONDAY; day <= SUNDAY; day++) {
		int at = weekly->window_count;

		if (pattern.frequency == PATTERN_WEEKS &&
			!(pattern.weekdays & 1u << day))
			continue;
		if (at == WEEKLY_WINDOWS)
			return false;
		while (at > 0 &&
			((int)weekly->windows[at - 1].weekday > day ||
				((int)weekly->windows[at - 1].weekday == day &&
					weekly->windows[at - 1].from_minute >
						rule->from_minute))) {
			weekly->windows[at] = weekly->windows[at - 1];
			at--;
		}
		weekly->windows[at] =
			(struct weekly_window){.weekday = (enum weekday)day,
				.from_minute = rule->from_minute,
				.to_minute = rule->to_minute};
		weekly->window_count++;
	}
	return true;
}

static bool is_same_rule(
	const struct hours_rule *one, const struct hours_rule *other)
{
	return one->first_day == other->first_day &&
	       strcmp(one->rrule, other->rrule) == 0;
}

/* One rule with all its windows: "every other fri 09:00-12:00 from 2026-12-04". */
static void print_rule(
	const struct hours *hours, size_t at, struct strbuf *text)
{
	const struct hours_rule *rule = &hours->rules[at];
	char from[CIVIL_TEXT_SIZE], to[CIVIL_TEXT_SIZE], day[CIVIL_TEXT_SIZE];
	bool is_counted = rule->first_day != EXPAND_ANCHOR_DAY;
	const char *mark = " ";
	struct pattern pattern;

	if (pattern_of_rule(rule->rrule, &pattern) &&
		(pattern.interval > 1 || pattern.frequency == PATTERN_MONTHS)) {
		pattern_print(&pattern, text);
		is_counted = is_counted || pattern.interval > 1;
	} else {
		strbuf_addf(text, "RRULE:%s", rule->rrule);
		is_counted = true;
	}
	for (size_t i = at; i < hours->count; i++) {
		const struct hours_rule *other = &hours->rules[i];

		if (!is_same_rule(rule, other))
			continue;
		strbuf_addf(text, "%s%s-%s", mark,
			civil_print_minute(other->from_minute, from),
			civil_print_minute(other->to_minute, to));
		mark = ", ";
	}
	if (is_counted)
		strbuf_addf(text, " from %s",
			civil_print_date(rule->first_day, day));
}

void hours_print(const struct hours *hours, struct strbuf *text)
{
	struct weekly weekly = {.window_count = 0};
	bool is_plain[HOURS_RULES];

	for (size_t i = 0; i < hours->count; i++)
		is_plain[i] = add_plain(&weekly, &hours->rules[i]);
	weekly_print(&weekly, text);
	for (size_t i = 0; i < hours->count; i++) {
		size_t first = 0;

		while (!is_same_rule(&hours->rules[first], &hours->rules[i]))
			first++;
		if (is_plain[i] || first < i)
			continue;
		strbuf_add(text, text->length ? "; " : "");
		print_rule(hours, i, text);
	}
}
