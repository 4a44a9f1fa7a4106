/* field_visit.c - what a visit is booked for: its type. */
#include "desk/fields.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/text.h"
#include "desk/wording.h"

void visit_settings_of(
	struct visit_settings *settings, const struct rows *rows, size_t row)
{
	/* clang-format off */
	static const struct {
		enum visit_number number;
		const char *column;
	} columns[] = {
		{VISIT_MINUTES, "minutes"}, {VISIT_BEFORE, "before_minutes"},
		{VISIT_AFTER, "after_minutes"}, {VISIT_NOTICE, "notice_minutes"},
		{VISIT_AHEAD, "ahead_days"}, {VISIT_MOST, "most_per_day"},
		{VISIT_CANCEL, "cancel_minutes"}, {VISIT_MOVE, "move_minutes"},
	};
	/* clang-format on */
	const char *needs = rows_text(rows, row, "needs");
	struct strbuf fee AUTO(strbuf_release) = STRBUF_INIT;

	visit_settings_init(settings);
	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		const char *number = rows_text(rows, row, columns[i].column);

		/* What limits nothing is not said. */
		if (number && strcmp(number, "0"))
			settings->numbers[columns[i].number] =
				strtol(number, NULL, 10);
	}
	add_fee(&fee, rows, row);
	(void)snprintf(settings->fee, sizeof(settings->fee), "%s", fee.text);
	if (rows_bool(rows, row, "is_video"))
		settings->video = true;
	if (needs && *needs)
		settings->needs = xstrdup(needs);
	settings->name = xstrdup(rows_text(rows, row, "name"));
}

bool has_word(const char *text, const char *word)
{
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;
	size_t length = strlen(word);

	text_fold(text, &folded);
	for (const char *at = folded.text; (at = strstr(at, word)); at++)
		if ((at == folded.text || !isalnum((unsigned char)at[-1])) &&
			!isalnum((unsigned char)at[length]))
			return true;
	return false;
}

void add_visit_type(struct strbuf *out, const char *language, const char *name,
	bool is_video)
{
	strbuf_add(out, name);
	if (is_video && !has_word(name, "video"))
		strbuf_addf(out, ", %s", in_words(language, "video"));
}

/* Words are what stands between spaces and hyphens: "follow-up" is two. */
static size_t next_word(const char **at)
{
	while (**at && !isalnum((unsigned char)**at) && !(**at & 0x80))
		(*at)++;
	for (size_t length = 0;; length++)
		if (!isalnum((unsigned char)(*at)[length]) &&
			!((*at)[length] & 0x80))
			return length;
}

/* Which word of the sentence says this one: its place, or -1. */
static int find_word(const struct reading *reading, const char *word,
	size_t length, bool *is_exact)
{
	char wanted[48];
	int near = -1;

	(void)snprintf(wanted, sizeof(wanted), "%.*s", (int)length, word);
	for (size_t i = 0; i < reading->word_count; i++) {
		const char *at = reading->words[i].folded;
		size_t size;

		if (reading_is_when(reading, i))
			continue;
		for (; (size = next_word(&at)); at += size) {
			char said[48];

			(void)snprintf(
				said, sizeof(said), "%.*s", (int)size, at);
			if (strcmp(said, wanted) == 0)
				return (int)i;
			if (length >= 5 && near < 0 &&
				text_distance(said, wanted, 1) == 1)
				near = (int)i;
		}
	}
	if (near >= 0)
		*is_exact = false;
	return near;
}

/* How well a sentence says the name of a type. */
struct fit {
	size_t said, all; /* of its telling words */
	bool is_exact;    /* nothing of it was mistyped */
	bool is_fresh;    /* some word of it means nothing else */
	bool is_word[READING_WORDS];
};

/* "visit" tells nothing; "check" is mere grammar elsewhere, not here. */
static bool is_telling(const char *word)
{
	return !reading_is_filler(word) || strcmp(word, "check") == 0;
}

/* When the type was asked for, every word tells. */
static struct fit fit_of(
	const struct reading *reading, const char *name, bool is_asked)
{
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;
	struct fit fit = {.is_exact = true};
	const char *at;
	size_t length;

	text_fold(name, &folded);
	for (at = folded.text; (length = next_word(&at)); at += length) {
		char word[48];
		int place;

		(void)snprintf(word, sizeof(word), "%.*s", (int)length, at);
		if (!is_asked && !is_telling(word))
			continue;
		fit.all++;
		place = find_word(reading, at, length, &fit.is_exact);
		if (place < 0)
			continue;
		fit.said++;
		fit.is_word[place] = true;
		fit.is_fresh = fit.is_fresh || !reading->words[place].is_used;
	}
	return fit;
}

/* All of a name is said better than some of it, and a longer one than a shorter
 * one; 0 is not at all. */
static size_t rank_of(const struct fit *fit)
{
	if (!fit->said || (!fit->is_fresh && fit->said < fit->all))
		return 0;
	return fit->said + (fit->said == fit->all ? READING_WORDS : 0);
}

/* Which of the types a sentence means. */
struct types_meant {
	size_t count;
	size_t best;         /* rank */
	struct strbuf names; /* folded, a line each: the field's hint */
};

static void add_name(struct types_meant *meant, const char *name)
{
	if (meant->names.length)
		strbuf_add_char(&meant->names, '\n');
	text_fold(name, &meant->names);
	meant->count++;
}

static void find_by_name(struct types_meant *meant, struct reading *reading,
	const struct rows *rows, bool is_asked)
{
	struct fit used = {.is_exact = true};

	for (size_t row = 0; row < rows_count(rows); row++) {
		const char *name = rows_text(rows, row, "name");
		struct fit fit = fit_of(reading, name, is_asked);
		size_t rank = rank_of(&fit);

		if (!rank || rank < meant->best)
			continue;
		if (rank > meant->best) {
			meant->best = rank;
			meant->count = 0;
			strbuf_reset(&meant->names);
			used = fit;
		}
		add_name(meant, name);
	}
	for (size_t i = 0; meant->count && i < reading->word_count; i++)
		if (used.is_word[i])
			reading->words[i].is_used = true;
	if (!used.is_exact)
		reading->is_agreed = false; /* it was guessed: say it back */
}

/* How a visit is, where its name is not said. */
enum way { WAY_VIDEO, WAY_IN_PERSON, WAY_USUAL };

static bool take_way(struct reading *reading, enum way *way)
{
	static const struct {
		const char *phrase;
		enum way way;
	} ways[] = {{"by video", WAY_VIDEO}, {"video call", WAY_VIDEO},
		{"videocall", WAY_VIDEO}, {"video", WAY_VIDEO},
		{"online visit", WAY_VIDEO}, {"online appointment", WAY_VIDEO},
		{"online consultation", WAY_VIDEO},
		{"in person", WAY_IN_PERSON}, {"normal visit", WAY_USUAL},
		{"usual visit", WAY_USUAL}, {"regular visit", WAY_USUAL},
		{"ordinary visit", WAY_USUAL}, {"the usual", WAY_USUAL},
		{"normal appointment", WAY_USUAL}, {"=usual", WAY_USUAL},
		{"=normal", WAY_USUAL}};

	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		int place = reading_find_phrase(reading, ways[i].phrase);

		if (place < 0)
			continue;
		reading_use_phrase(reading, place, ways[i].phrase);
		*way = ways[i].way;
		return true;
	}
	return false;
}

static bool is_way(const struct rows *rows, size_t row, enum way way)
{
	if (way == WAY_USUAL)
		return rows_bool(rows, row, "is_usual");
	return rows_bool(rows, row, "is_video") == (way == WAY_VIDEO);
}

/* "by video", "in person"; what all of them are says nothing. */
static enum found find_by_way(struct types_meant *meant,
	struct reading *reading, const struct rows *rows, struct error *error)
{
	enum way way;

	if (!take_way(reading, &way))
		return FOUND_NOTHING;
	for (size_t row = 0; row < rows_count(rows); row++)
		if (is_way(rows, row, way))
			add_name(meant, rows_text(rows, row, "name"));
	if (meant->count == rows_count(rows))
		meant->count = 0;
	else if (!meant->count && way != WAY_USUAL) {
		(void)failed(error, ERROR_USAGE,
			way == WAY_VIDEO ? "there are no visits by video"
					 : "there are only visits by video");
		return FOUND_WRONG;
	}
	return FOUND_NOTHING;
}

static bool has_unread(const struct reading *reading)
{
	for (size_t i = 0; i < reading->word_count; i++)
		if (!reading->words[i].is_used &&
			is_telling(reading->words[i].folded) &&
			!reading_is_when(reading, i))
			return true;
	return false;
}

static struct rows *types_to_choose(
	const struct filling *filling, struct error *error)
{
	const struct form *form = filling->form;
	const char *doctor = form_text(form, "doctor");

	return store_call(filling->request->store, error, "visit_types",
		filling->request->jid, doctor,
		doctor ? NULL : form_text(form, "specialty"), STORE_END);
}

/* Whether the name is one of a hint's. */
static bool is_hinted(const char *hint, const char *name)
{
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;

	text_fold(name, &folded);
	for (; hint; hint = strchr(hint, '\n')) {
		size_t length;

		hint += *hint == '\n';
		length = strcspn(hint, "\n");
		if (length == folded.length &&
			memcmp(hint, folded.text, length) == 0)
			return true;
	}
	return false;
}

/* Fills the field of this name, if nothing is known of it. */
static void fill_unknown(
	struct form *form, const char *name, const char *id, const char *label)
{
	size_t field = form_field(form, name);

	if (id && field < FORM_FIELDS && !form->values[field].text &&
		!form->values[field].hint)
		form_fill(form, field, id, label);
}

static bool lacks_owner(const struct form *form)
{
	return !form_text(form, "doctor") && !form_hint(form, "doctor") &&
	       !form_text(form, "specialty") && !form_hint(form, "specialty");
}

/* A kind of visit that only one doctor or specialty has says whose it is. */
static void fill_owner(struct form *form, const struct rows *rows,
	const struct types_meant *meant)
{
	for (size_t row = 0; meant->count == 1 && row < rows_count(rows);
		row++) {
		const char *label = rows_text(rows, row, "owner");

		if (rows_number(rows, row, "owners") != 1 ||
			!is_hinted(meant->names.text,
				rows_text(rows, row, "name")))
			continue;
		fill_unknown(
			form, "doctor", rows_text(rows, row, "doctor"), label);
		fill_unknown(form, "specialty",
			rows_text(rows, row, "specialty"), label);
	}
}

static enum found find_type(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	struct types_meant meant = {.names = STRBUF_INIT};
	struct rows *rows AUTO(rows_release) = NULL;
	enum found found = FOUND_NOTHING;

	if (!is_asked && !has_unread(reading))
		return FOUND_NOTHING;
	rows = types_to_choose(filling, error);
	if (!rows)
		return FOUND_WRONG;
	find_by_name(&meant, reading, rows, is_asked);
	if (!meant.count)
		found = find_by_way(&meant, reading, rows, error);
	if (meant.count) {
		form_narrow(filling->form, filling->index, meant.names.text);
		if (lacks_owner(filling->form))
			fill_owner(filling->form, rows, &meant);
		found = FOUND_HINT;
	}
	strbuf_release(&meant.names);
	return found;
}

/* "Follow-up, 10 min, 25 EUR"; of a specialty's doctors each may have her own
 * length and fee. */
static void add_type(struct filling *filling, const struct rows *rows,
	size_t row, struct choices *choices)
{
	const char *language = filling->request->language;
	const char *name = rows_text(rows, row, "name");
	const char *specialty = form_label(filling->form, "specialty");
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;
	struct visit_settings type;
	struct choice *choice;

	visit_settings_of(&type, rows, row);
	if (has_word(name, "video"))
		type.video = VISIT_UNSAID;
	if (!form_text(filling->form, "doctor") &&
		(!specialty ||
			strcmp(specialty, rows_text(rows, row, "owner")))) {
		type.numbers[VISIT_MINUTES] = VISIT_UNSAID;
		type.fee[0] = '\0';
	}
	strbuf_addf(&label, "%s, ", name);
	say_visit_kind(&label, language, &type);
	if (label.text[label.length - 1] == ' ')
		strbuf_cut(&label, label.length - 2);
	text_fold(name, &folded);
	choice = choices_add(choices, folded.text, label.text);
	if (choice)
		choice->is_hint = true; /* it is looked up, and stays wished */
	visit_settings_release(&type);
}

/* There is no choice: the type, and as its note how it is said; the usual one is
 * not said. */
static void pick_type(struct filling *filling, const struct rows *rows,
	size_t row, struct choices *choices)
{
	const char *name = rows_text(rows, row, "name");
	bool is_video = rows_bool(rows, row, "is_video");
	struct strbuf said AUTO(strbuf_release) = STRBUF_INIT;

	add_visit_type(&said, filling->request->language, name, is_video);
	choices_reset(choices);
	choice_set(choices_add(choices, name, name), NULL,
		rows_count(rows) == 1 && !is_video ? NULL : said.text, NULL);
	choices->picked = 0;
}

static bool choose_type(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const char *hint = filling->form->values[filling->index].hint;
	struct rows *rows AUTO(rows_release) = types_to_choose(filling, error);
	size_t last = 0, count = 0;

	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		if (hint && !is_hinted(hint, rows_text(rows, row, "name")))
			continue;
		add_type(filling, rows, row, choices);
		last = row;
		count++;
	}
	/* What was wished somebody else has. */
	for (size_t row = 0; !count && row < rows_count(rows); row++)
		add_type(filling, rows, row, choices);
	if (!rows_count(rows) && !form_text(filling->form, "doctor"))
		return failed(error, ERROR_MISSING,
			"we have no doctor for %s yet, please ask the clinic",
			form_label(filling->form, "specialty"));
	if (!rows_count(rows))
		return failed(error, ERROR_MISSING,
			"%s has no visits to book yet, please ask the clinic",
			form_label(filling->form, "doctor"));
	if (count == 1 || (!hint && rows_count(rows) == 1))
		pick_type(filling, rows, last, choices);
	else if (!count)
		say(&choices->intro, filling->request->language,
			"{who} does not have that. Which kind of visit?", "who",
			form_label(filling->form, "doctor")
				? form_label(filling->form, "doctor")
				: form_label(filling->form, "specialty"),
			NULL);
	return true;
}

const struct field_type field_visit_type = {
	.name = "kind of visit",
	.form_type = "text-single",
	.find = find_type,
	.choose = choose_type,
	.how = "a number, a name, or \"stop\"",
};
