/* field_since.c - since which day: "since monday", "since last week". Its value is
 * the date, never one to come; what else reads days reads those to come alone. */
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "desk/fields.h"
#include "desk/wording.h"

enum unit { NO_UNIT, DAYS, WEEKS, MONTHS, YEARS };

static enum unit unit_of(const char *word)
{
	static const struct {
		const char *word;
		enum unit unit;
	} units[] = {{"day", DAYS}, {"days", DAYS}, {"week", WEEKS},
		{"weeks", WEEKS}, {"month", MONTHS}, {"months", MONTHS},
		{"year", YEARS}, {"years", YEARS}};

	for (size_t i = 0; i < COUNT_OF(units); i++)
		if (strcmp(units[i].word, word) == 0)
			return units[i].unit;
	return NO_UNIT;
}

/* Where this one begins (back 0), or the one before (back 1). */
static int32_t begun(int32_t today, enum unit unit, int back)
{
	struct civil_date now = civil_date(today);

	if (unit == DAYS)
		return today - back;
	if (unit == WEEKS)
		return today - (int32_t)civil_weekday(today) - 7 * back;
	if (unit == YEARS)
		return civil_day(now.year - back, 1, 1);
	if (back && now.month == 1)
		return civil_day(now.year - 1, 12, 1);
	return civil_day(now.year, now.month - back, 1);
}

/* So long before today. */
static int32_t ago(int32_t today, enum unit unit, int count)
{
	static const int lengths[] = {
		[DAYS] = 1, [WEEKS] = 7, [MONTHS] = 30, [YEARS] = 365};

	return today - lengths[unit] * count;
}

static const char *word_at(const struct reading *reading, size_t at)
{
	return at < reading->word_count ? reading->words[at].folded : "";
}

static int count_of(const char *word)
{
	long count = strtol(word, NULL, 10);

	if (strcmp(word, "a") == 0 || strcmp(word, "an") == 0 ||
		strcmp(word, "one") == 0)
		return 1;
	return count > 0 && count < 1000 ? (int)count : 0;
}

/* "yesterday", "last week", "3 days ago": how many words it takes; 0: none. */
static size_t read_past(
	const struct reading *reading, size_t at, int32_t today, int32_t *day)
{
	const char *first = word_at(reading, at);
	enum unit second = unit_of(word_at(reading, at + 1));

	if (strcmp(first, "yesterday") == 0) {
		*day = today - 1;
		return 1;
	}
	if (second && strcmp(first, "last") == 0) {
		*day = begun(today, second, 1);
		return 2;
	}
	if (second && strcmp(first, "this") == 0) {
		*day = begun(today, second, 0);
		return 2;
	}
	if (!second || !count_of(first) ||
		strcmp(word_at(reading, at + 2), "ago") != 0)
		return 0;
	*day = ago(today, second, count_of(first));
	return 3;
}

/* The last such day that is not to come: "monday" is read as the next one. */
static int32_t before(int32_t day, int32_t today)
{
	struct civil_date date = civil_date(day);
	int days = civil_days_in_month(date.year - 1, date.month);

	if (day <= today)
		return day;
	if (day - today <= 7) /* a weekday; today's means a week ago */
		return day - (day - today == 7 ? 14 : 7);
	return civil_day(
		date.year - 1, date.month, date.day < days ? date.day : days);
}

/* A day as everywhere else, and its words are used. */
static bool read_day(struct filling *filling, struct reading *reading,
	size_t at, int32_t *day)
{
	struct reading rest;
	bool has_day;

	if (at >= reading->word_count)
		return false;
	reading_init(&rest, filling->request,
		reading->sentence + reading->words[at].from, false);
	has_day = rest.has_when && rest.when.has_day;
	if (has_day)
		*day = before(rest.when.first_day, filling->request->now.day);
	for (size_t i = 0;
		has_day && i < rest.word_count && at + i < reading->word_count;
		i++)
		if (reading_is_when(&rest, i))
			reading->words[at + i].is_used = true;
	reading_release(&rest);
	return has_day;
}

static enum found find_since(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
	const struct civil_moment *now = &filling->request->now;
	int place = reading_find_phrase(reading, "since");
	size_t at = place < 0 ? 0 : (size_t)place + 1, taken;
	char text[CIVIL_TEXT_SIZE];
	int32_t day = 0;

	if (place < 0 && !is_asked)
		return FOUND_NOTHING;
	taken = read_past(reading, at, now->day, &day);
	if (!taken && !read_day(filling, reading,
			      at + (strcmp(word_at(reading, at), "last") == 0),
			      &day)) {
		(void)failed(error, ERROR_USAGE,
			"I cannot read that day, please write it like \"since "
			"monday\" or \"since 1 november\"");
		return FOUND_WRONG;
	}
	for (size_t i = place < 0 ? 0 : (size_t)place; i < at + taken; i++)
		reading->words[i].is_used = true;
	if (strcmp(word_at(reading, at), "last") == 0)
		reading->words[at].is_used = true;
	say_moment(&label, filling->request->language,
		(struct civil_moment){.day = day}, *now, SAY_DAY);
	form_fill(filling->form, filling->index, civil_print_date(day, text),
		label.text);
	return FOUND_VALUE;
}

const struct field_type field_since = {
	.name = "since",
	.form_type = "text-single",
	.is_eager = true,
	.find = find_since,
	.how = "a day, for example monday",
};
