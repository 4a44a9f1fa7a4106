/* wish.c - what somebody wished of a visit's time so far. */
#include "desk/wish.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "desk/fields.h"
#include "desk/wording.h"

#define WISH_NUMBERS 20

void wish_print(const struct wish *wish, char text[WISH_SIZE])
{
	const struct when_shift *shift = &wish->shift;
	const struct when_denied *denied = &wish->denied;
	const int numbers[WISH_NUMBERS] = {wish->has_day, wish->first_day,
		wish->last_day, wish->is_ambiguous, wish->other_day,
		wish->has_time, wish->first_minute, wish->last_minute,
		wish->is_soonest, wish->has_base, wish->base.day,
		wish->base.minute, shift->months, shift->days, shift->minutes,
		(int)denied->weekdays, denied->first_day, denied->last_day,
		denied->from, denied->to};
	size_t length = 0;

	for (size_t i = 0; i < WISH_NUMBERS; i++)
		length += (size_t)snprintf(text + length, WISH_SIZE - length,
			"%s%d", i ? " " : "", numbers[i]);
}

struct wish wish_read(const char *text)
{
	struct wish none = {.denied = {.last_day = -1, .to = -1}};
	int numbers[WISH_NUMBERS];
	const int *next = numbers;

	for (size_t i = 0; i < WISH_NUMBERS; i++) {
		char *end = NULL;

		numbers[i] = text ? (int)strtol(text, &end, 10) : 0;
		if (!text || end == text)
			return none;
		text = end;
	}
	/* In the order in which they were printed. */
	none.has_day = *next++;
	none.first_day = *next++;
	none.last_day = *next++;
	none.is_ambiguous = *next++;
	none.other_day = *next++;
	none.has_time = *next++;
	none.first_minute = *next++;
	none.last_minute = *next++;
	none.is_soonest = *next++;
	none.has_base = *next++;
	none.base.day = *next++;
	none.base.minute = *next++;
	none.shift.months = *next++;
	none.shift.days = *next++;
	none.shift.minutes = *next++;
	none.denied.weekdays = (unsigned)*next++;
	none.denied.first_day = *next++;
	none.denied.last_day = *next++;
	none.denied.from = *next++;
	none.denied.to = *next;
	return none;
}

static void set_moment(struct wish *wish, struct civil_moment moment)
{
	wish->has_day = wish->has_time = true;
	wish->is_ambiguous = false;
	wish->first_day = wish->last_day = moment.day;
	wish->first_minute = wish->last_minute = moment.minute;
}

/* "Wednesday" is that of the week which is spoken of, if it is to come. */
static int32_t day_of_week(const struct wish *wish, const struct when *when)
{
	int32_t monday =
		wish->first_day - (int32_t)civil_weekday(wish->first_day);
	int32_t day = monday + (int32_t)civil_weekday(when->first_day);

	if (!when->is_plain || !wish->has_day || day < when->first_day ||
		wish->last_day > monday + 6)
		return when->first_day;
	return day;
}

static void merge_day(struct wish *wish, const struct when *when)
{
	int32_t first = day_of_week(wish, when);

	wish->last_day = first + when->last_day - when->first_day;
	wish->first_day = first;
	wish->has_day = true;
	wish->is_ambiguous = when->is_ambiguous;
	wish->other_day = when->other_day;
}

static void merge_denied(
	struct when_denied *denied, const struct when_denied *more)
{
	denied->weekdays |= more->weekdays;
	if (more->first_day <= more->last_day) {
		denied->first_day = more->first_day;
		denied->last_day = more->last_day;
	}
	if (more->from < more->to) {
		denied->from = more->from;
		denied->to = more->to;
	}
}

struct wish wish_merge(
	struct wish wish, const struct when *when, bool is_chosen)
{
	wish.is_soonest = when->is_soonest;
	merge_denied(&wish.denied, &when->denied);
	if (is_chosen && wish.has_base && (when->has_day || when->has_time)) {
		wish.has_day = true;
		wish.first_day = wish.last_day = wish.base.day;
	}
	if (when->has_day)
		merge_day(&wish, when);
	if (when->has_time) {
		wish.has_time = true;
		wish.first_minute = when->first_minute;
		wish.last_minute = when->last_minute;
	}
	wish.shift = when->shift;
	return wish.has_base ? wish_with_base(wish, wish.base) : wish;
}

struct wish wish_with_base(struct wish wish, struct civil_moment base)
{
	wish.has_base = true;
	wish.base = base;
	if (when_is_shift(&wish.shift))
		set_moment(&wish, when_shift_from(&wish.shift, base));
	wish.shift = (struct when_shift){0};
	return wish;
}

bool wish_is_exact(const struct wish *wish)
{
	return wish->has_time && wish->first_minute == wish->last_minute;
}

bool wish_denies(const struct wish *wish)
{
	const struct when_denied *denied = &wish->denied;

	return denied->weekdays || denied->first_day <= denied->last_day ||
	       denied->from < denied->to;
}

bool wish_allows(const struct wish *wish, struct civil_moment starts)
{
	const struct when_denied *denied = &wish->denied;

	return !(denied->weekdays & (1U << civil_weekday(starts.day))) &&
	       (starts.day < denied->first_day ||
		       starts.day > denied->last_day) &&
	       (starts.minute < denied->from || starts.minute >= denied->to);
}

static void say_wished_time(struct strbuf *out, const struct request *request,
	const struct wish *wish)
{
	char from[CIVIL_TEXT_SIZE], to[CIVIL_TEXT_SIZE];

	civil_print_minute(wish->first_minute, from);
	civil_print_minute(wish->last_minute, to);
	if (wish_is_exact(wish))
		say(out, request->language, " at {time}", "time", from, NULL);
	else if (wish->last_minute >= MINUTES_PER_DAY)
		say(out, request->language, " after {time}", "time", from,
			NULL);
	else if (wish->first_minute == 0)
		say(out, request->language, " before {time}", "time", to, NULL);
	else
		say(out, request->language, " between {from} and {to}", "from",
			from, "to", to, NULL);
}

void wish_say(struct strbuf *out, const struct request *request,
	const struct wish *wish)
{
	struct strbuf first AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf last AUTO(strbuf_release) = STRBUF_INIT;

	if (wish->has_day) {
		say_moment(&first, request->language,
			(struct civil_moment){.day = wish->first_day},
			request->now, SAY_DAY);
		say_moment(&last, request->language,
			(struct civil_moment){.day = wish->last_day},
			request->now, SAY_DAY);
		if (wish->first_day == wish->last_day)
			say(out, request->language, " on {day}", "day",
				first.text, NULL);
		else
			say(out, request->language, " from {first} to {last}",
				"first", first.text, "last", last.text, NULL);
	}
	if (wish->has_time)
		say_wished_time(out, request, wish);
}

void wish_as_parameters(const struct wish *wish, struct wished *wished)
{
	*wished = (struct wished){.first_day = NULL};
	if (wish->has_day) {
		wished->first_day =
			civil_print_date(wish->first_day, wished->texts[0]);
		wished->last_day =
			civil_print_date(wish->last_day, wished->texts[1]);
	}
	if (wish->has_time) {
		wished->from = civil_print_minute(
			wish->first_minute, wished->texts[2]);
		wished->to =
			civil_print_minute(wish->last_minute, wished->texts[3]);
	}
}

void wished_read(struct wished *wished, const struct form *form)
{
	struct wish wish = wish_read(form_hint(form, "time"));

	wish_as_parameters(&wish, wished);
}
