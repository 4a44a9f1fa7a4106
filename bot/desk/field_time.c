/* field_time.c - fields that are days and hours: a doctor's hours, a moment, a
 * period. */
#include "desk/fields.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "desk/hours.h"
#include "desk/period.h"
#include "desk/when.h"
#include "desk/wish.h"
#include "desk/wording.h"

/* One day and one time; what is missing is asked, what was said is kept. */
static enum found find_moment(struct filling *filling, struct reading *reading,
	bool is_asked UNUSED, struct error *error UNUSED)
{
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
	char text[WISH_SIZE], value[CIVIL_TEXT_SIZE];
	struct civil_moment moment;
	struct wish wish;

	if (!reading->has_when)
		return FOUND_NOTHING;
	wish = wish_merge(wish_read(filling->form->values[filling->index].hint),
		&reading->when, false);
	reading_use_when(reading);
	wish_print(&wish, text);
	form_narrow(filling->form, filling->index, text);
	if (!wish.has_day || wish.first_day != wish.last_day ||
		!wish.has_time || wish.first_minute != wish.last_minute)
		return FOUND_HINT;
	moment = (struct civil_moment){
		.day = wish.first_day, .minute = wish.first_minute};
	say_moment(&label, filling->request->language, moment,
		filling->request->now, SAY_YEAR | SAY_TIME);
	form_fill(filling->form, filling->index,
		civil_print_moment(moment, value), label.text);
	return FOUND_VALUE;
}

const struct field_type field_moment = {
	.name = "day and time",
	.form_type = "text-single",
	.find = find_moment,
	.how = "for example friday 10:00",
};

static enum found find_hours(struct filling *filling, struct reading *reading,
	bool is_asked UNUSED, struct error *error)
{
	struct strbuf typed AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
	struct hours hours;

	if (!reading_has_rest(reading) ||
		!reading_take_rest(reading, true, &typed))
		return FOUND_NOTHING;
	if (!hours_read(typed.text, filling->request->now.day, &hours, error))
		return FOUND_WRONG;
	hours_print(&hours, &label);
	form_fill(filling->form, filling->index, label.text, NULL);
	return FOUND_VALUE;
}

const struct field_type field_hours = {
	.name = "hours",
	.form_type = "text-single",
	.is_greedy = true,
	.find = find_hours,
	.how = "for example mon-fri 9-13, 15-18, or every other friday 9-12",
};

/* "Friday to sunday except saturday": a part that was left out would be lost. */
static bool is_whole(const struct filling *filling,
	const struct reading *reading, const char *first, const char *second,
	struct error *error)
{
	const char *command = filling->form->command->name;

	return !reading_leaves_out(reading) ||
	       failed(error, ERROR_USAGE,
		       "I cannot leave a part out, please write each part on "
		       "its own, for example first \"%s %s\" and then \"%s "
		       "%s\"",
		       command, first, command, second);
}

bool read_period(
	const char *text, struct civil_moment *from, struct civil_moment *to)
{
	const char *second = strchr(text, '/');
	char first[CIVIL_TEXT_SIZE];

	if (!second)
		return false;
	(void)snprintf(
		first, sizeof(first), "%.*s", (int)(second - text), text);
	return civil_read_moment(first, from) &&
	       civil_read_moment(second + 1, to);
}

static enum found find_period(struct filling *filling, struct reading *reading,
	bool is_asked UNUSED, struct error *error)
{
	struct when_context context = {
		.now = filling->request->now,
		.language = filling->request->language,
	};
	struct strbuf typed AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
	struct period period;
	char from[CIVIL_TEXT_SIZE], to[CIVIL_TEXT_SIZE];
	char text[2 * CIVIL_TEXT_SIZE];

	if (!is_whole(filling, reading, "24 dec", "27 dec - 2 jan", error))
		return FOUND_WRONG;
	if (!reading_has_rest(reading) ||
		!reading_take_rest(reading, true, &typed))
		return FOUND_NOTHING;
	if (!period_read(&context, typed.text, &period, error))
		return FOUND_WRONG;
	(void)snprintf(text, sizeof(text), "%s/%s",
		civil_print_moment(period.from, from),
		civil_print_moment(period.to, to));
	say_stretch(&label, filling->request->language, period.from, period.to,
		filling->request->now, SAY_YEAR | SAY_TIME);
	form_fill(filling->form, filling->index, text, label.text);
	return FOUND_VALUE;
}

const struct field_type field_period = {
	.name = "period",
	.form_type = "text-single",
	.is_greedy = true,
	.find = find_period,
	.how = "for example 24 dec - 2 jan, or tomorrow afternoon",
};

/* Hours of one day: not whole days, and not over midnight. */
static bool is_window(const struct period *period)
{
	const struct civil_moment from = period->from, to = period->to;

	return (from.minute || to.minute) &&
	       (to.day == from.day || (to.day == from.day + 1 && !to.minute));
}

static void add_period(const struct request *request,
	const struct period *period, struct strbuf *value, struct strbuf *label)
{
	char from[CIVIL_TEXT_SIZE], to[CIVIL_TEXT_SIZE];

	strbuf_addf(value, "%s[\"%s\",\"%s\"]", value->length ? "," : "",
		civil_print_moment(period->from, from),
		civil_print_moment(period->to, to));
	if (label->length)
		strbuf_add(label, in_words(request->language, " and "));
	say_stretch(label, request->language, period->from, period->to,
		request->now, SAY_YEAR | SAY_TIME);
}

/* The length of what stands before the next "," or "and"; *skip: that too. */
static size_t part_length(const char *text, size_t *skip)
{
	static const char *const marks[] = {",", ";", " and ", " & "};

	for (size_t at = 0; text[at]; at++)
		for (size_t i = 0; i < COUNT_OF(marks); i++)
			if (strncasecmp(text + at, marks[i],
				    strlen(marks[i])) == 0) {
				*skip = at + strlen(marks[i]);
				return at;
			}
	*skip = strlen(text);
	return *skip;
}

/* "sat 5 dec 10-13, 15-18 and sun 9-10": a part without a day is of the day
 * before it. False: some part cannot be read. */
static bool read_windows(const struct when_context *context, const char *text,
	const struct request *request, struct strbuf *value,
	struct strbuf *label)
{
	char day[CIVIL_TEXT_SIZE] = "";
	size_t skip;

	for (; *text; text += skip) {
		char *part AUTO(free_text) =
			xstrndup(text, part_length(text, &skip));
		char *dated AUTO(free_text) = xasprintf("%s %s", day, part);
		struct period period;
		struct error why;

		if (!part[strspn(part, " ")])
			continue;
		if (!period_read(context, part, &period, &why) &&
			(!*day || !period_read(context, dated, &period, &why)))
			return false;
		if (!is_window(&period))
			return false;
		add_period(request, &period, value, label);
		civil_print_date(period.from.day, day);
	}
	return value->length > 0;
}

static enum found find_windows(struct filling *filling, struct reading *reading,
	bool is_asked UNUSED, struct error *error)
{
	struct when_context context = {
		.now = filling->request->now,
		.language = filling->request->language,
	};
	struct strbuf typed AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf value AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
	char *list AUTO(free_text) = NULL;
	struct period period;

	if (!is_whole(filling, reading, "sat 5 dec 10-11", "sat 5 dec 12-13",
		    error))
		return FOUND_WRONG;
	if (!reading_has_rest(reading) ||
		!reading_take_rest(reading, true, &typed))
		return FOUND_NOTHING;
	if (!read_windows(
		    &context, typed.text, filling->request, &value, &label)) {
		strbuf_reset(&value);
		strbuf_reset(&label);
		if (!period_read(&context, typed.text, &period, error))
			return FOUND_WRONG;
		if (!is_window(&period)) {
			(void)failed(error, ERROR_USAGE,
				"I need hours of one day, write for example "
				"\"sat 5 dec 10-13\"");
			return FOUND_WRONG;
		}
		add_period(filling->request, &period, &value, &label);
	}
	list = xasprintf("[%s]", value.text);
	form_fill(filling->form, filling->index, list, label.text);
	return FOUND_VALUE;
}

const struct field_type field_windows = {
	.name = "hours of a day",
	.form_type = "text-single",
	.is_greedy = true,
	.find = find_windows,
	.how = "for example sat 5 dec 10-13",
};
