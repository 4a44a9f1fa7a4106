/* pattern.h - a recurrence as people say it: "first monday of the month".
 *
 * Between the words and the rule of RFC 5545 stands a pattern; what it cannot
 * say is written as a rule. */
#ifndef DESK_PATTERN_H
#define DESK_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

#define PATTERN_ORDINALS 31
#define PATTERN_WORKDAYS 0x1fu /* Monday to Friday, as weekdays */

enum pattern_frequency { PATTERN_DAYS, PATTERN_WEEKS, PATTERN_MONTHS };

/* In months either the first, last, ... (ordinals) of the weekdays, or of the
 * workdays, or days of the month (ordinals, is_month_day). */
struct pattern {
	enum pattern_frequency frequency;
	int interval;                   /* every so many of them */
	unsigned weekdays;              /* bit 0 is Monday */
	unsigned months;                /* bit 0 is January; 0: all */
	bool is_workday;                /* the first workday */
	bool is_month_day;              /* the 15th */
	int ordinals[PATTERN_ORDINALS]; /* negative: from the end */
	size_t ordinal_count;
};

/* pattern_words.c: the words of a text about hours, in small letters; "," and ";" are words of
 * their own, but for those within a rule of RFC 5545. */
#define PATTERN_WORDS 250
struct pattern_words {
	char *items[PATTERN_WORDS];
	size_t count;
};
bool pattern_words_cut(struct pattern_words *words, const char *folded);
void pattern_words_release(struct pattern_words *words);
/* The word at a place, "" beyond the end. */
const char *pattern_word(const struct pattern_words *words, size_t at);

/* Reads a pattern whose words begin at a place; returns how many they are, 0 when
 * none begins there. */
size_t pattern_read(
	const struct pattern_words *words, size_t at, struct pattern *pattern);
/* Parts of one: "mon, wed and fri" (bit 0 of days is Monday), "every other" (is_weeks:
 * it speaks of weeks already); how many words. */
size_t pattern_read_days(
	const struct pattern_words *words, size_t at, unsigned *days);
size_t pattern_read_interval(const struct pattern_words *words, size_t at,
	int *interval, bool *is_weeks);
/* Adds "mon, wed". */
void pattern_print_weekdays(unsigned days, struct strbuf *text);
/* Adds "every other fri", "first and third mon of the month". */
void pattern_print(const struct pattern *pattern, struct strbuf *text);
/* pattern_rule.c: adds the rule. */
void pattern_print_rule(const struct pattern *pattern, struct strbuf *rrule);
/* The pattern of a rule; false when it is none of ours. */
bool pattern_of_rule(const char *rrule, struct pattern *pattern);

#endif
