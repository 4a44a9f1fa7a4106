/* field_plain.c - fields that a person writes in words, without a list. */
#include "desk/fields.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/birth.h"
#include "desk/duration.h"
#include "desk/money.h"
#include "desk/text.h"
#include "xmpp/jid.h"

#define NAME_LETTERS 2
#define NAME_BYTES 100
#define TEXT_BYTES 500

static enum found fill(struct filling *filling, const char *text)
{
	form_fill(filling->form, filling->index, text, NULL);
	return FOUND_VALUE;
}

static enum found wrong(struct error *error, const char *message)
{
	(void)failed(error, ERROR_USAGE, "%s", message);
	return FOUND_WRONG;
}

static enum found find_text(struct filling *filling, struct reading *reading,
	bool is_asked UNUSED, struct error *error)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	if (!reading_take_rest(reading, true, &text))
		return FOUND_NOTHING;
	if (text.length > TEXT_BYTES)
		return wrong(error, "that is too long, please say it shorter");
	return fill(filling, text.text);
}

const struct field_type field_text = {
	.name = "text",
	.form_type = "text-single",
	.is_greedy = true,
	.find = find_text,
};

/* "my name is Jane Doe" means the last two words. */
static const char *after_introduction(const char *text)
{
	static const char *const openings[] = {"my full name is ",
		"my name is ", "my name's ", "i am ", "i'm ", "im ", "this is ",
		"it is ", "it's ", "its ", "name is ", "name: ", "dr. ", "dr "};

	for (size_t i = 0; i < COUNT_OF(openings); i++)
		if (strncasecmp(text, openings[i], strlen(openings[i])) == 0)
			return text + strlen(openings[i]);
	return text;
}

/* "are you a robot" is no name: most of its words are mere grammar. */
static bool is_sentence(const struct reading *reading)
{
	size_t fillers = 0;

	for (size_t i = 0; i < reading->word_count; i++)
		fillers += reading_is_filler(reading->words[i].folded);
	return reading->word_count >= 3 && fillers * 2 > reading->word_count;
}

static enum found find_name(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
	char *written AUTO(free_text) = NULL;
	const char *name;

	if (!reading_take_rest(reading, is_asked, &text))
		return FOUND_NOTHING;
	while (text.length && strchr(".!,;", text.text[text.length - 1]))
		strbuf_cut(&text, text.length - 1);
	name = after_introduction(text.text);
	if (text_letter_count(name) < NAME_LETTERS ||
		(name == text.text && is_sentence(reading)) ||
		strpbrk(name, "0123456789@<>{}[]()\"/\\=*+?!:;|~^%$#&_"))
		return wrong(
			error, "I need a name, in letters, such as Jane Doe");
	if (strlen(name) > NAME_BYTES)
		return wrong(error,
			"that name is too long for my book, please write it "
			"shorter");
	written = text_name(name);
	return fill(filling, written);
}

const struct field_type field_name = {
	.name = "name",
	.form_type = "text-single",
	.is_greedy = true,
	.find = find_name,
};

#define PIECE_SIZE 256
_Static_assert(PIECE_SIZE >= MONEY_SIZE, "an amount fits");

/* Writes what a piece of the sentence says as the field keeps it; false when it
 * is not what the field wants. */
typedef bool read_piece(
	struct filling *filling, const char *piece, char text[PIECE_SIZE]);

static bool is_free(const struct reading *reading, size_t first, size_t last)
{
	for (size_t i = first; i <= last; i++)
		if (reading->words[i].is_used)
			return false;
	return true;
}

/* Takes a run of so many unused words if it can be read. */
static bool take_piece(struct filling *filling, struct reading *reading,
	size_t count, read_piece *read)
{
	for (size_t i = 0; i + count <= reading->word_count; i++) {
		const struct word *last = &reading->words[i + count - 1];
		size_t from = reading->words[i].from;
		char *piece AUTO(free_text) =
			xstrndup(reading->sentence + from, last->to - from);
		size_t length = strlen(piece);
		char text[PIECE_SIZE];

		while (length && strchr(".,;!?", piece[length - 1]))
			piece[--length] = '\0';
		if (!is_free(reading, i, i + count - 1) ||
			!read(filling, piece, text))
			continue;
		for (size_t used = i; used < i + count; used++)
			reading->words[used].is_used = true;
		(void)fill(filling, text);
		return true;
	}
	return false;
}

/* Takes the longest run of at most so many unused words that can be read. */
static enum found find_piece(struct filling *filling, struct reading *reading,
	size_t longest, read_piece *read)
{
	for (size_t count = longest; count > 0; count--)
		if (take_piece(filling, reading, count, read))
			return FOUND_VALUE;
	return FOUND_NOTHING;
}

static bool read_birth(
	struct filling *filling, const char *piece, char text[PIECE_SIZE])
{
	struct birth birth;
	struct error error;

	if (!birth_read(piece, filling->request->language,
		    filling->request->now.day, &birth, &error) ||
		birth.is_ambiguous)
		return false;
	civil_print_date(birth.day, text);
	return true;
}

static enum found find_birth(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
	char date[CIVIL_TEXT_SIZE], other[CIVIL_TEXT_SIZE];
	struct birth birth;

	/* The reader of dates passes over other words: the shortest run. */
	for (size_t count = 1; !is_asked && count <= 6; count++)
		if (take_piece(filling, reading, count, read_birth))
			return FOUND_VALUE;
	if (!is_asked)
		return FOUND_NOTHING;
	if (!reading_take_rest(reading, true, &text))
		return FOUND_NOTHING;
	if (!birth_read(text.text, filling->request->language,
		    filling->request->now.day, &birth, error))
		return FOUND_WRONG;
	if (!birth.is_ambiguous)
		return fill(filling, civil_print_date(birth.day, date));
	(void)failed(error, ERROR_USAGE,
		"that can be %s or %s, please write it like one of these",
		civil_print_date(birth.day, date),
		civil_print_date(birth.other_day, other));
	return FOUND_WRONG;
}

const struct field_type field_birth = {
	.name = "date of birth",
	.form_type = "text-single",
	.is_greedy = false,
	.find = find_birth,
};

static bool is_phone(const char *text)
{
	size_t digits = 0;

	for (const char *at = text; *at; at++) {
		if (isdigit((unsigned char)*at))
			digits++;
		else if (!strchr(" +-./()", *at) || (*at == '+' && at != text))
			return false;
	}
	return digits >= 6 && digits <= 15;
}

static bool is_email(const char *text)
{
	const char *at = strchr(text, '@');
	const char *dot = at ? strrchr(at, '.') : NULL;

	return at && at != text && dot && dot > at + 1 && dot[1] &&
	       !strchr(at + 1, '@') && !strpbrk(text, " <>\"'(),;:\\[]") &&
	       strlen(text) <= 254;
}

static bool read_phone(struct filling *filling UNUSED, const char *piece,
	char text[PIECE_SIZE])
{
	(void)snprintf(text, PIECE_SIZE, "%s", piece);
	return is_phone(piece);
}

static bool has_more_digits(const struct reading *reading)
{
	for (size_t i = 0; i < reading->word_count; i++)
		if (!reading->words[i].is_used &&
			isdigit((unsigned char)reading->words[i].folded[0]))
			return true;
	return false;
}

static enum found find_phone(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	enum found found = find_piece(filling, reading, 8, read_phone);

	/* A number that is too long shall not be cut. */
	if (found == FOUND_VALUE && has_more_digits(reading)) {
		form_clear(filling->form, filling->index);
		found = FOUND_NOTHING;
	}
	if (found == FOUND_NOTHING && is_asked)
		return wrong(error,
			"that is no phone number I can read, please write it "
			"like +34 600 123 456");
	return found;
}

const struct field_type field_phone = {
	.name = "phone",
	.form_type = "text-single",
	.find = find_phone,
};

static bool read_email(struct filling *filling UNUSED, const char *piece,
	char text[PIECE_SIZE])
{
	(void)snprintf(text, PIECE_SIZE, "%s", piece);
	return is_email(piece);
}

static enum found find_email(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	enum found found = find_piece(filling, reading, 1, read_email);

	if (found == FOUND_NOTHING && is_asked)
		return wrong(error,
			"that is no e-mail address I can read, please write "
			"it like jane@example.org");
	return found;
}

const struct field_type field_email = {
	.name = "e-mail",
	.form_type = "text-single",
	.find = find_email,
};

static enum found find_contact(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	enum found found = find_email(filling, reading, false, error);

	if (found == FOUND_NOTHING)
		found = find_phone(filling, reading, false, error);
	if (found == FOUND_NOTHING && is_asked)
		return wrong(error,
			"I cannot read that as a phone number or an e-mail, "
			"please write it like +34 600 123 456 or "
			"jane@example.org, or \"skip\"");
	return found;
}

const struct field_type field_contact = {
	.name = "phone or e-mail",
	.form_type = "text-single",
	.find = find_contact,
};

static enum found find_address(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	for (size_t i = 0; i < reading->word_count; i++) {
		struct word *word = &reading->words[i];
		char *typed AUTO(free_text) = xstrndup(
			reading->sentence + word->from, word->to - word->from);
		char jid[JID_SIZE];

		if (word->is_used || !strchr(typed, '@') ||
			!jid_prepare(typed, jid))
			continue;
		word->is_used = true;
		return fill(filling, jid);
	}
	if (is_asked)
		return wrong(error,
			"that is no address I can read, please write it like "
			"ruiz@example.org");
	return FOUND_NOTHING;
}

const struct field_type field_address = {
	.name = "address",
	.form_type = "jid-single",
	.find = find_address,
};

static bool read_money(
	struct filling *filling, const char *piece, char text[PIECE_SIZE])
{
	return money_read(piece, filling->request->currency, text);
}

static bool read_money_with_sign(
	struct filling *filling, const char *piece, char text[PIECE_SIZE])
{
	return strspn(piece, "0123456789.,") < strlen(piece) &&
	       read_money(filling, piece, text);
}

static enum found find_money(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	enum found found = find_piece(filling, reading, 2,
		is_asked ? read_money : read_money_with_sign);
	int place = reading_find_phrase(reading, "free");

	if (found == FOUND_NOTHING && place >= 0) {
		char text[PIECE_SIZE];

		reading_use_phrase(reading, place, "free");
		(void)read_money(filling, "0", text);
		return fill(filling, text);
	}
	if (found == FOUND_NOTHING && is_asked)
		return wrong(error,
			"I cannot read that as an amount, please write it "
			"like 50 EUR");
	return found;
}

const struct field_type field_money = {
	.name = "money",
	.form_type = "text-single",
	.find = find_money,
};

/* A bare number is a length only where one was asked for. */
static bool read_length(
	struct filling *filling, const char *piece, char text[PIECE_SIZE])
{
	struct error error;
	int minutes;

	if (!duration_read(piece, filling->request->language, &minutes, &error))
		return false;
	(void)snprintf(text, PIECE_SIZE, "%d", minutes);
	return true;
}

static bool read_length_with_unit(
	struct filling *filling, const char *piece, char text[PIECE_SIZE])
{
	return strpbrk(piece, "mMhH") && read_length(filling, piece, text);
}

static enum found find_duration(struct filling *filling,
	struct reading *reading, bool is_asked, struct error *error)
{
	enum found found = find_piece(filling, reading, 5,
		is_asked ? read_length : read_length_with_unit);

	if (found == FOUND_NOTHING && is_asked)
		return wrong(error,
			"I cannot read that as a length, please write it like "
			"30 min");
	return found;
}

const struct field_type field_duration = {
	.name = "duration",
	.form_type = "text-single",
	.find = find_duration,
};

static enum found find_choice(struct filling *filling, struct reading *reading,
	bool is_asked UNUSED, struct error *error UNUSED)
{
	const char *const *options = filling->field->options;

	for (size_t i = 0; options[i]; i += 2) {
		int place = reading_find_phrase(reading, options[i]);

		if (place < 0)
			continue;
		reading_use_phrase(reading, place, options[i]);
		form_fill(filling->form, filling->index, options[i],
			options[i + 1]);
		return FOUND_VALUE;
	}
	return FOUND_NOTHING;
}

static bool choose_option(struct filling *filling, struct choices *choices,
	struct error *error UNUSED)
{
	const char *const *options = filling->field->options;

	for (size_t i = 0; options[i]; i += 2)
		(void)choices_add(choices, options[i], options[i + 1]);
	return true;
}

const struct field_type field_choice = {
	.name = "choice",
	.form_type = "text-single",
	.find = find_choice,
	.choose = choose_option,
	.how = "a number, a word, or \"stop\"",
};

static enum found find_delay(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	enum found found;

	if (reading_find_phrase(reading, "on time") >= 0)
		return fill(filling, "0");
	found = find_duration(filling, reading, false, error);
	for (size_t i = 0; found == FOUND_NOTHING && i < reading->word_count;
		i++) {
		struct word *word = &reading->words[i];
		size_t digits = strspn(word->folded, "0123456789");

		if (word->is_used || !digits || digits > 4 ||
			word->folded[digits])
			continue;
		word->is_used = true;
		return fill(filling, word->folded);
	}
	return found == FOUND_NOTHING && is_asked
		       ? find_duration(filling, reading, true, error)
		       : found;
}

const struct field_type field_delay = {
	.name = "delay",
	.form_type = "text-single",
	.find = find_delay,
};
