/* field_reminders.c - how long before a visit somebody wants to be reminded. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/fields.h"
#include "desk/text.h"
#include "desk/wording.h"

#define REMINDERS_MOST 10
#define LEAST 5       /* minutes */
#define MOST 129600   /* minutes: 90 days */
#define NOBODYS 10000 /* no number is as great */

/* What was read so far. Numbers are counted in halves: "half an hour". */
struct befores {
	long minutes[REMINDERS_MOST];
	size_t count;
	long halves;      /* a number that waits for its unit; 0: none */
	long unit;        /* of the last length, in minutes; 0: none yet */
	bool is_parted;   /* since then, by a comma or "before" */
	bool is_attached; /* the next word stands right after the last one */
	bool is_joined;   /* so does the number that waits: "1h30" */
	bool is_usual, is_none;
};

static long number_of(const char *word)
{
	static const struct {
		const char *word;
		long halves;
	} words[] = {{"a", 2}, {"an", 2}, {"one", 2}, {"the", 2}, {"half", 1},
		{"two", 4}, {"couple", 4}, {"three", 6}, {"four", 8},
		{"five", 10}, {"six", 12}, {"seven", 14}, {"eight", 16},
		{"nine", 18}, {"ten", 20}, {"twelve", 24}, {"fifteen", 30},
		{"twenty", 40}, {"thirty", 60}, {"forty", 80},
		{"fortyfive", 90}, {"ninety", 180}};

	if (isdigit((unsigned char)*word)) {
		long number = strtol(word, NULL, 10);

		return number > NOBODYS ? 2 * NOBODYS : 2 * number;
	}
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(word, words[i].word) == 0)
			return words[i].halves;
	return 0;
}

static long unit_of(const char *word)
{
	static const struct {
		const char *word;
		long minutes;
	} words[] = {{"m", 1}, {"min", 1}, {"mins", 1}, {"minute", 1},
		{"minutes", 1}, {"h", 60}, {"hr", 60}, {"hrs", 60},
		{"hour", 60}, {"hours", 60}, {"d", 1440}, {"day", 1440},
		{"days", 1440}, {"w", 10080}, {"week", 10080},
		{"weeks", 10080}};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(word, words[i].word) == 0)
			return words[i].minutes;
	return 0;
}

static bool is_among(const char *word, const char *list)
{
	char padded[40];

	(void)snprintf(padded, sizeof(padded), " %s ", word);
	return strstr(list, padded) != NULL;
}

/* An hour and 30 minutes are one length, 2 days and 3 hours are two. */
static bool add_length(struct befores *befores, long unit)
{
	long minutes = (befores->halves ? befores->halves : 2) * unit / 2;

	if (unit == 1 && befores->unit == 60 && !befores->is_parted &&
		minutes < 60) {
		befores->minutes[befores->count - 1] += minutes;
	} else {
		if (befores->count == REMINDERS_MOST)
			return false;
		befores->minutes[befores->count++] = minutes;
	}
	befores->halves = 0;
	befores->unit = unit;
	befores->is_parted = false;
	return true;
}

/* A number without a unit: "1h30", "an hour and a half". */
static bool add_loose_number(struct befores *befores)
{
	if (!befores->halves)
		return true;
	if (!befores->unit || befores->is_parted)
		return false;
	if (befores->halves == 1)
		befores->minutes[befores->count - 1] += befores->unit / 2;
	else if (befores->unit == 60 && befores->is_joined &&
		 befores->halves < 120)
		befores->minutes[befores->count - 1] += befores->halves / 2;
	else
		return false;
	befores->halves = 0;
	return true;
}

static bool add_word(struct befores *befores, const char *word)
{
	long number = number_of(word);

	if (number) {
		/* "half an hour", "a half", "a couple" are one number. */
		if (befores->halves == 1 && number == 2)
			return true;
		if (befores->halves && befores->halves != 2 &&
			!add_loose_number(befores))
			return false;
		befores->halves = number;
		befores->is_joined = befores->is_attached;
		return true;
	}
	if (unit_of(word))
		return add_length(befores, unit_of(word));
	if (is_among(word, " before prior ahead earlier beforehand ")) {
		bool is_read = add_loose_number(befores);

		befores->is_parted = true;
		return is_read;
	}
	if (is_among(word, " usual usually default normal normally clinic "))
		befores->is_usual = true;
	else if (is_among(word, " none never no nothing not off "))
		befores->is_none = true;
	else if (!reading_is_filler(word) &&
		 !is_among(word,
			 " and & also plus of my each every all any in "
			 "advance visit visits appointment appointments "
			 "it me please as to about at reminder reminders "
			 "with always again then i want is does what "))
		return false;
	if (befores->halves == 2 && !is_among(word, " and & "))
		befores->halves = 0; /* "the appointment" */
	return true;
}

/* Takes folded text apart: "1h30, 2 days" is 1, h, 30, a comma, 2, days. */
static bool read_befores(struct befores *befores, const char *text)
{
	while (*text) {
		char word[24];
		bool is_number = isdigit((unsigned char)*text) != 0;
		size_t length = 0;

		if (strchr(",;", *text)) {
			if (!add_loose_number(befores))
				return false;
			befores->is_parted = true;
		}
		if (strchr(" ,;.!?()\"'-", *text)) {
			befores->is_attached = false;
			text++;
			continue;
		}
		while (text[length] && !strchr(" ,;.!?()\"-", text[length]) &&
			(isdigit((unsigned char)text[length]) != 0) ==
				is_number)
			length++;
		if (length >= sizeof(word))
			return false;
		memcpy(word, text, length);
		word[length] = '\0';
		text += length;
		if (!add_word(befores, word))
			return false;
		befores->is_attached = true;
	}
	return befores->halves == 2 || add_loose_number(befores);
}

static int compare_lengths(const void *one, const void *other)
{
	long a = *(const long *)one, b = *(const long *)other;

	return (a < b) - (a > b);
}

static enum found fill_lengths(
	struct filling *filling, struct befores *befores, struct error *error)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;

	qsort(befores->minutes, befores->count, sizeof(befores->minutes[0]),
		compare_lengths);
	for (size_t i = 0; i < befores->count; i++) {
		if (befores->minutes[i] < LEAST || befores->minutes[i] > MOST) {
			(void)failed(error, ERROR_USAGE,
				"I can remind you from 5 minutes to 90 days "
				"before a visit");
			return FOUND_WRONG;
		}
		if (i && befores->minutes[i] == befores->minutes[i - 1])
			continue;
		strbuf_addf(&text, "%s%ld", text.length ? " " : "",
			befores->minutes[i]);
	}
	say_durations(&label, filling->request->language, text.text);
	form_fill(filling->form, filling->index, text.text, label.text);
	return FOUND_VALUE;
}

static enum found find_reminders(struct filling *filling,
	struct reading *reading, bool is_asked UNUSED, struct error *error)
{
	struct strbuf rest AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;
	struct befores befores = {.count = 0};
	bool is_read = true;

	while (is_read && reading_take_rest(reading, true, &rest)) {
		text_fold(rest.text, &folded);
		is_read = read_befores(&befores, folded.text);
		befores.is_parted = true;
		strbuf_reset(&rest);
		strbuf_reset(&folded);
	}
	if (!is_read) {
		(void)failed(error, ERROR_USAGE,
			"I cannot read that as a time before a visit, please "
			"write it like \"2 days and 3 hours before\"");
		return FOUND_WRONG;
	}
	if (befores.count)
		return fill_lengths(filling, &befores, error);
	if (!befores.is_none && !befores.is_usual)
		return FOUND_NOTHING;
	form_fill(filling->form, filling->index,
		befores.is_none ? "none" : "usual", NULL);
	return FOUND_VALUE;
}

const struct field_type field_reminders = {
	.name = "reminders",
	.form_type = "text-single",
	.find = find_reminders,
};
