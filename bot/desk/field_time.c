/* field_time.c - fields that are days and hours: a visit's time, a doctor's hours,
 * a moment, a period. */
#include "desk/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/hours.h"
#include "desk/period.h"
#include "desk/when.h"
#include "desk/wording.h"

#define PAGE 8 /* times shown at once */

/* What a sentence wished of a visit's time; kept between messages as the
 * field's hint. */
struct wish {
	bool has_day;
	int32_t first_day, last_day;
	bool is_ambiguous;
	int32_t other_day;
	bool has_time;
	int first_minute, last_minute;
	bool is_soonest;
};

#define WISH_FORMAT "%d %d %d %d %d %d %d %d %d"
#define WISH_SIZE 120

static void wish_print(const struct wish *wish, char text[WISH_SIZE])
{
	(void)snprintf(text, WISH_SIZE, WISH_FORMAT, wish->has_day,
		wish->first_day, wish->last_day, wish->is_ambiguous,
		wish->other_day, wish->has_time, wish->first_minute,
		wish->last_minute, wish->is_soonest);
}

static struct wish wish_read(const char *text)
{
	struct wish wish = {0};
	int has_day, is_ambiguous, has_time, is_soonest;

	if (!text || sscanf(text, WISH_FORMAT, &has_day, &wish.first_day,
			     &wish.last_day, &is_ambiguous, &wish.other_day,
			     &has_time, &wish.first_minute, &wish.last_minute,
			     &is_soonest) != 9)
		return (struct wish){0};
	wish.has_day = has_day;
	wish.is_ambiguous = is_ambiguous;
	wish.has_time = has_time;
	wish.is_soonest = is_soonest;
	return wish;
}

/* A new day keeps the time wished before, and a new time the day: "thursday",
 * then "afternoon". */
static struct wish wish_merge(struct wish wish, const struct when *when)
{
	if (when->has_day) {
		wish.has_day = true;
		wish.first_day = when->first_day;
		wish.last_day = when->last_day;
		wish.is_ambiguous = when->is_ambiguous;
		wish.other_day = when->other_day;
	}
	if (when->has_time) {
		wish.has_time = true;
		wish.first_minute = when->first_minute;
		wish.last_minute = when->last_minute;
	}
	wish.is_soonest = when->is_soonest;
	return wish;
}

/* What is past is no wish, and not passed over either; nor is a day that does not
 * exist. */
static enum found find_past(struct reading *reading, struct error *error)
{
	int place = reading_find_phrase(reading, "yesterday");

	if (reading->when.is_missing) {
		reading_use_when(reading);
		(void)failed(error, ERROR_USAGE,
			"that month does not have so many days, please name "
			"another day");
		return FOUND_WRONG;
	}
	if (place < 0)
		return FOUND_NOTHING;
	reading_use_phrase(reading, place, "yesterday");
	(void)failed(error, ERROR_USAGE, "yesterday is over");
	return FOUND_WRONG;
}

static enum found find_visit_time(struct filling *filling,
	struct reading *reading, bool is_asked UNUSED, struct error *error)
{
	char text[WISH_SIZE];
	struct wish wish;

	if (!reading->has_when || reading->when.is_missing)
		return find_past(reading, error);
	wish = wish_merge(wish_read(filling->form->values[filling->index].hint),
		&reading->when);
	wish_print(&wish, text);
	form_narrow(filling->form, filling->index, text);
	reading_use_when(reading);
	return FOUND_HINT;
}

/* Whose times are looked for, and which appointment makes room for them. */
struct whose {
	char doctor[24];
	struct strbuf name; /* "Dr. Ruiz" */
	const char *moving; /* code, or NULL; borrowed from the form */
};

static bool whose_time(
	struct filling *filling, struct whose *whose, struct error *error)
{
	const char *doctor = form_text(filling->form, "doctor");
	struct rows *rows AUTO(rows_release) = NULL;

	whose->moving = form_text(filling->form, "appointment");
	if (doctor) {
		(void)snprintf(
			whose->doctor, sizeof(whose->doctor), "%s", doctor);
		add_short_name(
			&whose->name, form_label(filling->form, "doctor"));
		return true;
	}
	rows = store_call(filling->request->store, error, "appointments",
		filling->request->jid, whose->moving, NULL, STORE_END);
	if (!rows)
		return false;
	if (!rows_count(rows))
		return failed(error, ERROR_MISSING,
			"that appointment is not there any more");
	(void)snprintf(whose->doctor, sizeof(whose->doctor), "%s",
		rows_text(rows, 0, "doctor"));
	add_short_name(&whose->name, rows_text(rows, 0, "doctor_name"));
	return true;
}

static void wished_print(struct wished *wished, const struct wish *wish)
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

	wished_print(wished, &wish);
}

static struct rows *free_times(struct filling *filling,
	const struct whose *whose, const struct wish *wish, const char *after,
	int limit, struct error *error)
{
	struct wished wished;
	char count[16];

	wished_print(&wished, wish);
	(void)snprintf(count, sizeof(count), "%d", limit);
	return store_call(filling->request->store, error, "slots",
		filling->request->jid, whose->doctor, NULL, wished.first_day,
		wished.last_day, wished.from, wished.to, after, count,
		whose->moving, form_text(filling->form, "type"),
		form_text(filling->form, "for"), STORE_END);
}

static void add_time(struct filling *filling, const struct rows *rows,
	size_t row, struct choices *choices)
{
	struct strbuf name AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf note AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf day AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf fee AUTO(strbuf_release) = STRBUF_INIT;
	struct civil_moment starts = moment_of(rows, row, "starts");
	const struct request *request = filling->request;
	char label[CIVIL_TEXT_SIZE], end[CIVIL_TEXT_SIZE];

	say_moment(&name, request->language, starts, request->now,
		SAY_YEAR | SAY_TIME);
	if (rows_bool(rows, row, "comes_twice"))
		strbuf_add(&name, in_words(request->language,
					  " (before the clocks go back)"));
	say_moment(&day, request->language, starts, request->now, SAY_DAY);
	add_fee(&fee, rows, row);
	civil_print_minute(moment_of(rows, row, "ends").minute, end);
	say(&note, request->language,
		fee.length ? "to {end} ({zone}), {fee}" : "to {end} ({zone})",
		"end", end, "zone", request->zone, "fee", fee.text, NULL);
	choice_set(choices_add(choices, rows_text(rows, row, "starts_at"),
			   civil_print_minute(starts.minute, label)),
		name.text, note.text, day.text);
}

static void add_page(struct filling *filling, const struct rows *rows,
	struct choices *choices)
{
	for (size_t row = 0; row < rows_count(rows) && row < PAGE; row++)
		add_time(filling, rows, row, choices);
	choices->has_more = rows_count(rows) > PAGE;
}

static int minutes_apart(
	const struct rows *rows, size_t row, const struct wish *wish)
{
	return abs(moment_of(rows, row, "starts").minute - wish->first_minute);
}

/* Of the free times of a day, the PAGE nearest to the wished one, in order. */
static void add_nearest(struct filling *filling, const struct rows *rows,
	const struct wish *wish, struct choices *choices)
{
	size_t first = 0, last = rows_count(rows);

	while (last - first > PAGE - 2) {
		if (minutes_apart(rows, first, wish) >
			minutes_apart(rows, last - 1, wish))
			first++;
		else
			last--;
	}
	for (size_t row = first; row < last; row++)
		add_time(filling, rows, row, choices);
}

static void say_wished_time(struct strbuf *out, const struct request *request,
	const struct wish *wish)
{
	char from[CIVIL_TEXT_SIZE], to[CIVIL_TEXT_SIZE];

	civil_print_minute(wish->first_minute, from);
	civil_print_minute(wish->last_minute, to);
	if (wish->first_minute == wish->last_minute)
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

/* "on Thu 3 Dec between 12:00 and 18:00" */
static void say_wish(struct strbuf *out, const struct request *request,
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

/* The asker's own visit at the wished moment, if that is what stands in the way:
 * its code is added to the text. */
static bool add_own_visit(struct filling *filling, const struct wish *wish,
	struct strbuf *code, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(filling->request->store, error, "appointments",
			filling->request->jid, NULL, NULL, STORE_END);

	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		struct civil_moment starts = moment_of(rows, row, "starts");
		struct civil_moment ends = moment_of(rows, row, "ends");

		if (starts.day == wish->first_day &&
			starts.minute <= wish->first_minute &&
			(ends.day > starts.day ||
				ends.minute > wish->first_minute))
			strbuf_add(code, rows_text(rows, row, "code"));
	}
	return true;
}

/* Says that nothing is free as wished, and what is listed instead. */
static bool say_not_free(struct filling *filling, const struct whose *whose,
	const struct wish *wish, struct strbuf *intro, struct error *error)
{
	bool is_exact =
		wish->has_time && wish->first_minute == wish->last_minute;
	struct strbuf wished AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf own AUTO(strbuf_release) = STRBUF_INIT;

	if (is_exact && wish->has_day && !whose->moving &&
		!form_text(filling->form, "for") &&
		!add_own_visit(filling, wish, &own, error))
		return false;
	say_wish(&wished, filling->request, wish);
	say(intro, filling->request->language,
		own.length ? "You have another visit then ({code}). {doctor}'s "
			     "nearest free times:"
		: is_exact ? "{doctor} is not free{wish}. The nearest free "
			     "times:"
			   : "{doctor} has nothing free{wish}. The next free "
			     "times:",
		"code", own.text, "doctor", whose->name.text, "wish",
		wished.text, NULL);
	return true;
}

/* Lists what is free with a wider wish. */
static bool choose_wider(struct filling *filling, const struct whose *whose,
	const struct wish *wish, const struct wish *wider,
	struct choices *choices, struct error *error)
{
	bool is_near = wish->has_time &&
		       wish->first_minute == wish->last_minute &&
		       wider->has_day && wider->first_day == wider->last_day;
	struct rows *rows AUTO(rows_release) = free_times(filling, whose, wider,
		NULL, is_near ? CHOICES_LIMIT : PAGE + 1, error);

	if (!rows)
		return false;
	if (is_near)
		add_nearest(filling, rows, wish, choices);
	else
		add_page(filling, rows, choices);
	return true;
}

/* Nothing is free as wished: says so and lists what comes nearest. */
static bool choose_instead(struct filling *filling, const struct whose *whose,
	const struct wish *wish, struct choices *choices, struct error *error)
{
	struct wish wider = *wish;
	struct strbuf wished AUTO(strbuf_release) = STRBUF_INIT;

	if (!say_not_free(filling, whose, wish, &choices->intro, error))
		return false;
	wider.has_time = wider.is_soonest = false;
	if (wish->has_day && wish->has_time &&
		!choose_wider(filling, whose, wish, &wider, choices, error))
		return false;
	wider.last_day = wish->first_day + 366;
	if (wish->has_day && !choices->count &&
		!choose_wider(filling, whose, wish, &wider, choices, error))
		return false;
	if (!choices->count && wish->has_day) {
		strbuf_reset(&choices->intro);
		say_wish(&wished, filling->request, wish);
		say(&choices->intro, filling->request->language,
			"{doctor} has nothing free{wish} or later yet. These "
			"times are free:",
			"doctor", whose->name.text, "wish", wished.text, NULL);
	}
	wider.has_day = false;
	if (!choices->count &&
		!choose_wider(filling, whose, wish, &wider, choices, error))
		return false;
	if (!choices->count)
		return failed(error, ERROR_MISSING,
			"%s has no free time in the coming weeks, please try "
			"another doctor or ask the clinic",
			whose->name.text);
	return true;
}

static void choose_reading(struct filling *filling, const struct wish *wish,
	struct choices *choices)
{
	bool is_other_first = wish->other_day < wish->first_day;
	const int32_t days[] = {
		is_other_first ? wish->other_day : wish->first_day,
		is_other_first ? wish->first_day : wish->other_day};

	for (size_t i = 0; i < COUNT_OF(days); i++) {
		struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
		struct wish clear = *wish;
		struct choice *choice;
		char hint[WISH_SIZE];

		clear.first_day = clear.last_day = days[i];
		clear.is_ambiguous = false;
		wish_print(&clear, hint);
		say_moment(&label, filling->request->language,
			(struct civil_moment){.day = days[i]},
			filling->request->now, SAY_YEAR);
		choice = choices_add(choices, hint, label.text);
		if (choice)
			choice->is_hint = true;
	}
	say(&choices->intro, filling->request->language,
		"Which day do you mean?", NULL);
}

static void say_header(struct filling *filling, const struct whose *whose,
	struct choices *choices)
{
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;

	add_zone(&zone, filling->request);
	say(&choices->intro, filling->request->language,
		"{doctor} is free{zone}:", "doctor", whose->name.text, "zone",
		zone.text, NULL);
}

static bool choose_visit_time(
	struct filling *filling, struct choices *choices, struct error *error)
{
	struct wish wish =
		wish_read(filling->form->values[filling->index].hint);
	bool is_exact = wish.has_time && wish.first_minute == wish.last_minute;
	struct rows *rows AUTO(rows_release) = NULL;
	struct whose whose = {.name = STRBUF_INIT};
	bool is_done = false;

	if (wish.is_ambiguous) {
		choose_reading(filling, &wish, choices);
		return true;
	}
	if (whose_time(filling, &whose, error))
		rows = free_times(
			filling, &whose, &wish, NULL, PAGE + 1, error);
	if (rows && rows_count(rows)) {
		say_header(filling, &whose, choices);
		add_page(filling, rows, choices);
		/* One moment was meant, so it is not asked for again. */
		if (wish.is_soonest || choices->count == 1 ||
			(is_exact && (!wish.has_day ||
					     wish.first_day == wish.last_day)))
			choices->picked = 0;
		is_done = true;
	} else if (rows) {
		is_done =
			choose_instead(filling, &whose, &wish, choices, error);
	}
	strbuf_release(&whose.name);
	return is_done;
}

/* The free times after one that was offered: as wished, or, when there are none,
 * at any time of the days wished, or on any day. */
static struct rows *later_times(struct filling *filling,
	const struct whose *whose, struct wish wish, const char *after,
	struct error *error)
{
	struct rows *rows;

	wish.is_soonest = false;
	rows = free_times(filling, whose, &wish, after, PAGE + 1, error);
	if (rows && !rows_count(rows) && wish.has_time) {
		rows_free(rows);
		wish.has_time = false;
		rows = free_times(
			filling, whose, &wish, after, PAGE + 1, error);
	}
	if (rows && !rows_count(rows) && wish.has_day) {
		rows_free(rows);
		wish.has_day = false;
		rows = free_times(
			filling, whose, &wish, after, PAGE + 1, error);
	}
	return rows;
}

static bool choose_later(struct filling *filling, const struct choices *offered,
	struct choices *choices, struct error *error)
{
	struct wish wish =
		wish_read(filling->form->values[filling->index].hint);
	struct whose whose = {.name = STRBUF_INIT};
	struct rows *rows AUTO(rows_release) = NULL;

	if (!offered->count || offered->items[0].is_hint)
		return choose_visit_time(filling, choices, error);
	if (whose_time(filling, &whose, error))
		rows = later_times(filling, &whose, wish,
			offered->items[offered->count - 1].value, error);
	if (rows && !rows_count(rows)) {
		(void)failed(error, ERROR_MISSING, "%s has no later free times",
			whose.name.text);
	} else if (rows) {
		say_header(filling, &whose, choices);
		add_page(filling, rows, choices);
	}
	strbuf_release(&whose.name);
	return choices->count > 0;
}

/* The day stays, the one time that was not wanted goes. */
static char *loosen_visit_time(const char *hint)
{
	struct wish wish = wish_read(hint);
	char text[WISH_SIZE];

	wish.is_soonest = false;
	if (wish.first_minute == wish.last_minute)
		wish.has_time = false;
	if (!wish.has_day && !wish.has_time)
		return NULL;
	wish_print(&wish, text);
	return xstrdup(text);
}

const struct field_type field_visit_time = {
	.name = "visit time",
	.form_type = "text-single",
	.find = find_visit_time,
	.choose = choose_visit_time,
	.choose_more = choose_later,
	.loosen = loosen_visit_time,
	.how = "a number, a day, a time, \"more\", or \"stop\"",
};

/* When somebody would come if there were time: what was wished is the value. */
static enum found find_wish(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
	enum found found = find_visit_time(filling, reading, is_asked, error);
	const char *hint = filling->form->values[filling->index].hint;
	struct wish wish;

	if (found != FOUND_HINT)
		return found;
	wish = wish_read(hint);
	say_wish(&label, filling->request, &wish);
	form_fill(filling->form, filling->index, hint, label.text);
	return FOUND_VALUE;
}

const struct field_type field_wish = {
	.name = "wish",
	.form_type = "text-single",
	.find = find_wish,
	.how = "for example mornings until friday",
};

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
		&reading->when);
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
