/* field_visit_time.c - the time of a visit, chosen among what is free; and when
 * somebody would come if there were time. */
#include "desk/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/when.h"
#include "desk/wish.h"
#include "desk/wording.h"

#define PAGE 8    /* times shown at once */
#define ROUNDS 20 /* of looking for times that are wanted */

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

static void keep_wish(struct filling *filling, const struct wish *wish)
{
	char text[WISH_SIZE];

	wish_print(wish, text);
	form_narrow(filling->form, filling->index, text);
}

static enum found find_visit_time(struct filling *filling,
	struct reading *reading, bool is_asked UNUSED, struct error *error)
{
	const struct value *value = &filling->form->values[filling->index];
	struct wish wish;

	if ((!reading->has_when && !reading->when.has_denied) ||
		reading->when.is_missing)
		return find_past(reading, error);
	wish = wish_merge(
		wish_read(value->hint), &reading->when, value->text != NULL);
	keep_wish(filling, &wish);
	reading_use_when(reading);
	return FOUND_HINT;
}

/* Whose times are looked for, and which appointment makes room for them. */
struct whose {
	char doctor[24];
	struct strbuf name;         /* "Dr. Ruiz" */
	const char *moving;         /* code, or NULL; borrowed from the form */
	struct civil_moment starts; /* of what is moved */
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
	whose->starts = moment_of(rows, 0, "starts");
	return true;
}

static struct rows *free_times(struct filling *filling,
	const struct whose *whose, const struct wish *wish, const char *after,
	int limit, struct error *error)
{
	struct wished wished;
	char count[16];

	wish_as_parameters(wish, &wished);
	(void)snprintf(count, sizeof(count), "%d", limit);
	return store_call(filling->request->store, error, "slots",
		filling->request->jid, whose->doctor, NULL, wished.first_day,
		wished.last_day, wished.from, wished.to, after, count,
		whose->moving, form_text(filling->form, "type"),
		form_text(filling->form, "for"), STORE_END);
}

/* Chosen, it is what "9:40" and "an hour later" start from. */
static void add_time(struct filling *filling, const struct rows *rows,
	size_t row, const struct wish *wish, struct choices *choices)
{
	struct strbuf name AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf note AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf day AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf fee AUTO(strbuf_release) = STRBUF_INIT;
	struct civil_moment starts = moment_of(rows, row, "starts");
	const struct request *request = filling->request;
	char label[CIVIL_TEXT_SIZE], end[CIVIL_TEXT_SIZE], hint[WISH_SIZE];
	struct wish chosen = wish_with_base(*wish, starts);
	struct choice *choice;

	say_moment(&name, request->language, starts, request->now,
		SAY_YEAR | SAY_TIME);
	if (rows_bool(rows, row, "comes_twice"))
		strbuf_add(&name, in_words(request->language,
					  " (before the clocks go back)"));
	say_moment(&day, request->language, starts, request->now, SAY_DAY);
	say_fee(&fee, request->language, rows, row);
	civil_print_minute(moment_of(rows, row, "ends").minute, end);
	say(&note, request->language,
		fee.length ? "to {end} ({zone}), {fee}" : "to {end} ({zone})",
		"end", end, "zone", request->zone, "fee", fee.text, NULL);
	choice = choices_add(choices, rows_text(rows, row, "starts_at"),
		civil_print_minute(starts.minute, label));
	wish_print(&chosen, hint);
	choice_set(choice, name.text, note.text, day.text);
	choice_set_hint(choice, hint);
}

/* Adds a page of the free times that are wanted, after one (NULL: the first). */
static bool add_page(struct filling *filling, const struct whose *whose,
	const struct wish *wish, const char *after, struct choices *choices,
	struct error *error)
{
	int limit = wish_denies(wish) ? CHOICES_LIMIT : PAGE + 1;
	char last[CIVIL_TEXT_SIZE * 2] = "";

	for (int round = 0; round < ROUNDS; round++) {
		struct rows *rows AUTO(rows_release) =
			free_times(filling, whose, wish, after, limit, error);
		size_t count = rows ? rows_count(rows) : 0;

		if (!rows)
			return false;
		for (size_t row = 0; row < count; row++) {
			if (!wish_allows(wish, moment_of(rows, row, "starts")))
				continue;
			choices->has_more = choices->count == PAGE;
			if (choices->has_more)
				return true;
			add_time(filling, rows, row, wish, choices);
		}
		if (count < (size_t)limit)
			return true;
		(void)snprintf(last, sizeof(last), "%s",
			rows_text(rows, count - 1, "starts_at"));
		after = last;
	}
	return true;
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
		if (wish_allows(wish, moment_of(rows, row, "starts")))
			add_time(filling, rows, row, wish, choices);
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
	bool is_exact = wish_is_exact(wish);
	struct strbuf wished AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf own AUTO(strbuf_release) = STRBUF_INIT;

	if (is_exact && wish->has_day && !whose->moving &&
		!form_text(filling->form, "for") &&
		!add_own_visit(filling, wish, &own, error))
		return false;
	wish_say(&wished, filling->request, wish);
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
	struct rows *rows AUTO(rows_release) = NULL;

	if (!wish_is_exact(wish) || !wider->has_day ||
		wider->first_day != wider->last_day)
		return add_page(filling, whose, wider, NULL, choices, error);
	rows = free_times(filling, whose, wider, NULL, CHOICES_LIMIT, error);
	if (!rows)
		return false;
	add_nearest(filling, rows, wish, choices);
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
		wish_say(&wished, filling->request, wish);
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
	const struct wish *wish, struct choices *choices)
{
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;

	add_zone(&zone, filling->request);
	say(&choices->intro, filling->request->language,
		wish_denies(wish) ? "{doctor} is free{zone}, besides what you "
				    "ruled out:"
				  : "{doctor} is free{zone}:",
		"doctor", whose->name.text, "zone", zone.text, NULL);
}

/* Who moves a visit and has not chosen yet counts from its time, and means its day
 * where only a time is said. */
static struct wish wish_of(struct filling *filling, const struct whose *whose)
{
	struct wish wish =
		wish_read(filling->form->values[filling->index].hint);

	if (!whose->moving || wish.has_base)
		return wish;
	wish = wish_with_base(wish, whose->starts);
	if (wish.has_time && !wish.has_day) {
		wish.has_day = true;
		wish.first_day = wish.last_day = whose->starts.day;
	}
	keep_wish(filling, &wish);
	return wish;
}

static bool choose_free(struct filling *filling, const struct whose *whose,
	struct choices *choices, struct error *error)
{
	struct wish wish = wish_of(filling, whose);

	if (wish.is_ambiguous) {
		choose_reading(filling, &wish, choices);
		return true;
	}
	if (!add_page(filling, whose, &wish, NULL, choices, error))
		return false;
	if (!choices->count)
		return choose_instead(filling, whose, &wish, choices, error);
	say_header(filling, whose, &wish, choices);
	/* One moment was meant, so it is not asked for again. */
	if (wish.is_soonest || choices->count == 1 ||
		(wish_is_exact(&wish) &&
			(!wish.has_day || wish.first_day == wish.last_day)))
		choices->picked = 0;
	return true;
}

static bool choose_visit_time(
	struct filling *filling, struct choices *choices, struct error *error)
{
	struct whose whose = {.name = STRBUF_INIT};
	bool is_done = whose_time(filling, &whose, error) &&
		       choose_free(filling, &whose, choices, error);

	strbuf_release(&whose.name);
	return is_done;
}

/* The free times after one that was offered: as wished, or, when there are none,
 * at any time of the days wished, or on any day. */
static bool add_later(struct filling *filling, const struct whose *whose,
	struct wish wish, const char *after, struct choices *choices,
	struct error *error)
{
	wish.is_soonest = false;
	if (!add_page(filling, whose, &wish, after, choices, error))
		return false;
	if (!choices->count && wish.has_time) {
		wish.has_time = false;
		if (!add_page(filling, whose, &wish, after, choices, error))
			return false;
	}
	if (choices->count || !wish.has_day)
		return true;
	wish.has_day = false;
	return add_page(filling, whose, &wish, after, choices, error);
}

static bool choose_later(struct filling *filling, const struct choices *offered,
	struct choices *choices, struct error *error)
{
	struct whose whose = {.name = STRBUF_INIT};
	struct wish wish;

	if (!offered->count || offered->items[0].is_hint)
		return choose_visit_time(filling, choices, error);
	if (whose_time(filling, &whose, error)) {
		wish = wish_of(filling, &whose);
		if (add_later(filling, &whose, wish,
			    offered->items[offered->count - 1].value, choices,
			    error) &&
			!choices->count)
			(void)failed(error, ERROR_MISSING,
				"%s has no later free times", whose.name.text);
		say_header(filling, &whose, &wish, choices);
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
	if (wish_is_exact(&wish))
		wish.has_time = false;
	if (!wish.has_day && !wish.has_time && !wish_denies(&wish))
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
	if (wish_denies(&wish)) {
		form_clear(filling->form, filling->index);
		(void)failed(error, ERROR_USAGE,
			"I can only wait for days and times that you want: "
			"please name those, for example \"mornings until "
			"friday\"");
		return FOUND_WRONG;
	}
	wish_say(&label, filling->request, &wish);
	form_fill(filling->form, filling->index, hint, label.text);
	return FOUND_VALUE;
}

const struct field_type field_wish = {
	.name = "wish",
	.form_type = "text-single",
	.find = find_wish,
	.how = "for example mornings until friday",
};
