/* field_series.c - fields about visits that come again.
 *
 * The series that a form speaks of is the field's hint (series.h). When all of it
 * is said, the database tells which of its visits can be: the value is the list of
 * their starts, as api.book_series takes it, the note says which cannot be. */
#include "desk/fields.h"

#include <string.h>

#include "base/memory.h"
#include "desk/series.h"
#include "desk/wording.h"

/* "Except friday", "not on the 14th" */
static bool leaves_days_out(const struct reading *reading)
{
	const struct when_denied *denied = &reading->when.denied;

	return reading_leaves_out(reading) ||
	       (reading->when.has_denied &&
		       (denied->weekdays ||
			       denied->first_day <= denied->last_day));
}

static enum found find_series(struct filling *filling, struct reading *reading,
	bool is_asked UNUSED, struct error *error)
{
	const char *hint = filling->form->values[filling->index].hint;
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
	struct series series;
	bool is_known = series_of(hint, &series);
	bool leaves_out = leaves_days_out(reading);
	bool is_said =
		series_read(&series, reading, filling->request, is_known);

	if (leaves_out && (is_said || is_known)) {
		(void)failed(error, ERROR_MISSING,
			"I cannot leave days out of visits that come again, "
			"please name the days that you want, for example "
			"\"every monday and thursday at 10 for 6 weeks\"");
		return FOUND_WRONG;
	}
	if (!is_said)
		return FOUND_NOTHING;
	series_print(&series, &text);
	form_narrow(filling->form, filling->index, text.text);
	return FOUND_HINT;
}

/* What is not said yet is asked. */
static bool ask_missing(struct filling *filling, const struct series *series,
	struct choices *choices)
{
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
	const char *language = filling->request->language;
	bool has_day = !series_lacks_day(series);

	if (has_day && series->minute >= 0 && series->end != SERIES_OPEN)
		return false;
	if (!has_day)
		say(&choices->intro, language,
			series->pattern.frequency == PATTERN_MONTHS
				? "On which day of the month, and at what "
				  "time? (for example first monday 10:00)"
				: "On which day of the week, and at what "
				  "time? (for example monday 10:00)",
			NULL);
	if (!has_day)
		return true;
	series_say(series, language, &label);
	say(&choices->intro, language,
		series->minute < 0
			? "At what time, {days}? (for example 10:00)"
			: "For how long, {days}? (for example \"for "
			  "6 weeks\", \"6 times\" or \"until march\")",
		"days", label.text, NULL);
	return true;
}

/* Asks again what cannot be as it was said. */
static void reopen(struct filling *filling, const struct series *series,
	const char *sentence, struct choices *choices)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	series_print(series, &text);
	form_narrow(filling->form, filling->index, text.text);
	say(&choices->intro, filling->request->language, sentence, NULL);
}

/* The starts as JSON; false when they are none or too many, which is said. */
static bool list_starts(struct filling *filling, struct series *series,
	struct strbuf *starts, struct choices *choices, struct error *error)
{
	struct expansion days AUTO(expansion_release) = EXPANSION_INIT;
	char text[CIVIL_TEXT_SIZE];

	if (!series_days(series, filling->request->now.day, &days, error))
		return false;
	if (!days.count || days.count > SERIES_MOST) {
		series->end = SERIES_OPEN;
		reopen(filling, series,
			days.count ? "Nobody can have more than 20 visits to "
				     "come. For how long shall it be? (for "
				     "example \"10 times\" or \"until march\")"
				   : "There is no such day until then. For how "
				     "long shall it be? (for example \"for 6 "
				     "weeks\" or \"6 times\")",
			choices);
		return true;
	}
	for (size_t i = 0; i < days.count; i++)
		strbuf_addf(starts, "%s\"%s\"", i ? "," : "[",
			civil_print_moment(days.windows[i].from, text));
	strbuf_add(starts, "]");
	return true;
}

static void say_day(struct strbuf *out, const struct request *request,
	const struct rows *rows, size_t row)
{
	say_moment(out, request->language, moment_of(rows, row, "starts"),
		request->now, SAY_DAY);
}

static bool is_same_reason(const struct rows *rows, size_t one, size_t other)
{
	const char *reason = rows_text(rows, other, "reason");

	return reason && strcmp(rows_text(rows, one, "reason"), reason) == 0;
}

/* "Mon 14 Dec, Mon 21 Dec: the clinic is closed at that time", a line for each
 * reason. */
static void say_refused(struct strbuf *out, const struct request *request,
	const struct rows *rows)
{
	for (size_t row = 0; row < rows_count(rows); row++) {
		bool is_said = rows_text(rows, row, "reason") == NULL;

		for (size_t i = 0; i < row && !is_said; i++)
			is_said = is_same_reason(rows, row, i);
		if (is_said)
			continue;
		if (out->length)
			strbuf_add_char(out, '\n');
		say_day(out, request, rows, row);
		for (size_t i = row + 1; i < rows_count(rows); i++) {
			if (!is_same_reason(rows, row, i))
				continue;
			strbuf_add(out, ", ");
			say_day(out, request, rows, i);
		}
		strbuf_addf(out, ": %s", rows_text(rows, row, "reason"));
	}
}

/* The one choice: what can be of the series. */
static void choose_possible(struct filling *filling, struct series *series,
	const struct rows *rows, struct choices *choices)
{
	struct strbuf starts AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf refused AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;

	say_refused(&refused, filling->request, rows);
	for (size_t row = 0; row < rows_count(rows); row++)
		if (!rows_text(rows, row, "reason"))
			strbuf_addf(&starts, "%s\"%s\"",
				starts.length ? "," : "[",
				rows_text(rows, row, "starts"));
	if (!starts.length) {
		say(&choices->intro, filling->request->language,
			"None of these visits can be:\n{refused}\n", "refused",
			refused.text, NULL);
		series->minute = -1;
		reopen(filling, series,
			"At what time shall they be instead? (for example "
			"11:00, or \"stop\")",
			choices);
		return;
	}
	strbuf_add(&starts, "]");
	series_say(series, filling->request->language, &label);
	choice_set(choices_add(choices, starts.text, label.text), NULL,
		refused.length ? refused.text : NULL, NULL);
	choices->picked = 0;
}

static bool choose_series(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const struct form *form = filling->form;
	struct strbuf starts AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = NULL;
	struct series series;

	if (!series_of(form->values[filling->index].hint, &series) ||
		ask_missing(filling, &series, choices))
		return true;
	if (!list_starts(filling, &series, &starts, choices, error))
		return false;
	if (!starts.length)
		return true;
	rows = store_call(filling->request->store, error, "book_series",
		filling->request->jid, form_text(form, "doctor"), starts.text,
		form_text(form, "type"), form_text(form, "for"), "false",
		STORE_END);
	if (!rows)
		return false;
	choose_possible(filling, &series, rows, choices);
	return true;
}

/* The days stay, the time that was not wanted goes. */
static char *loosen_series(const char *hint)
{
	struct strbuf text = STRBUF_INIT;
	struct series series;

	if (!series_of(hint, &series))
		return NULL;
	series.minute = -1;
	series_print(&series, &text);
	return strbuf_detach(&text);
}

const struct field_type field_series = {
	.name = "visits that come again",
	.form_type = "text-single",
	.is_written = true,
	.find = find_series,
	.choose = choose_series,
	.loosen = loosen_series,
};

#define ONE "one"
#define ALL "all"

static enum found find_following(struct filling *filling,
	struct reading *reading, bool is_asked UNUSED,
	struct error *error UNUSED)
{
	static const struct {
		const char *phrase, *value;
	} phrases[] = {{"all that follow", ALL}, {"all the following", ALL},
		{"the following", ALL}, {"all following", ALL},
		{"all after it", ALL}, {"everything after", ALL},
		{"all of them", ALL}, {"all the rest", ALL},
		{"and the rest", ALL}, {"the whole series", ALL},
		{"whole series", ALL}, {"the series", ALL}, {"=all", ALL},
		{"=both", ALL}, {"only this one", ONE}, {"just this one", ONE},
		{"only this", ONE}, {"just this", ONE}, {"only that one", ONE},
		{"just that one", ONE}, {"only the one", ONE},
		{"=this one", ONE}, {"=this", ONE}, {"=one", ONE}};

	for (size_t i = 0; i < COUNT_OF(phrases); i++) {
		int place = reading_find_phrase(reading, phrases[i].phrase);

		if (place < 0)
			continue;
		reading_use_phrase(reading, place, phrases[i].phrase);
		form_fill(
			filling->form, filling->index, phrases[i].value, NULL);
		return FOUND_VALUE;
	}
	return FOUND_NOTHING;
}

static bool choose_following(struct filling *filling, struct choices *choices,
	struct error *error UNUSED)
{
	const char *language = filling->request->language;
	const char *count = form_note(filling->form, "appointment");
	struct strbuf all AUTO(strbuf_release) = STRBUF_INIT;

	say(&choices->intro, language,
		"{appointment}, is one of several. Which shall I cancel?",
		"appointment", form_label(filling->form, "appointment"), NULL);
	(void)choices_add(choices, ONE, in_words(language, "only this one"));
	say(&all, language,
		count && strcmp(count, "1") == 0
			? "this one and the one that follows"
			: "this one and the {count} that follow",
		"count", count, NULL);
	(void)choices_add(choices, ALL, all.text);
	return true;
}

const struct field_type field_following = {
	.name = "what follows too",
	.form_type = "text-single",
	.find = find_following,
	.choose = choose_following,
	.how = "a number, or \"stop\"",
};

bool takes_following(const struct form *form)
{
	const char *which = form_text(form, "following");

	return which && strcmp(which, ALL) == 0;
}
