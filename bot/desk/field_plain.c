/* field_plain.c - fields that a person writes in words, without a list. */
#include "desk/fields.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/birth.h"
#include "desk/duration.h"
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
		"it is ", "it's ", "name is ", "name: ", "dr. ", "dr "};

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

static enum found find_birth(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
	struct birth birth;
	char date[CIVIL_TEXT_SIZE];
	struct error why;

	/* In a longer sentence each part is tried in turn. */
	if (!is_asked) {
		for (size_t i = 0; i < reading->word_count; i++) {
			struct word *word = &reading->words[i];

			if (word->is_used)
				continue;
			strbuf_reset(&text);
			strbuf_add_bytes(&text, reading->sentence + word->from,
				word->to - word->from);
			if (!birth_read(text.text, filling->request->language,
				    filling->request->now.day, &birth, &why))
				continue;
			word->is_used = true;
			return fill(filling, civil_print_date(birth.day, date));
		}
		return FOUND_NOTHING;
	}
	if (!reading_take_rest(reading, true, &text))
		return FOUND_NOTHING;
	if (!birth_read(text.text, filling->request->language,
		    filling->request->now.day, &birth, error))
		return FOUND_WRONG;
	if (birth.is_ambiguous) {
		char other[CIVIL_TEXT_SIZE];

		(void)failed(error, ERROR_USAGE,
			"that can be %s or %s, please write it like one of "
			"these",
			civil_print_date(birth.day, date),
			civil_print_date(birth.other_day, other));
		return FOUND_WRONG;
	}
	return fill(filling, civil_print_date(birth.day, date));
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

/* Takes the first words in a row that together make the thing. */
static enum found find_piece(struct filling *filling, struct reading *reading,
	bool (*is_it)(const char *text))
{
	for (size_t first = 0; first < reading->word_count; first++) {
		for (size_t last = reading->word_count; last-- > first;) {
			char *piece AUTO(free_text) = xstrndup(
				reading->sentence + reading->words[first].from,
				reading->words[last].to -
					reading->words[first].from);
			size_t length = strlen(piece);
			bool is_free = true;

			if (length && strchr(".,;!", piece[length - 1]))
				piece[length - 1] = '\0';
			for (size_t i = first; i <= last; i++)
				is_free = is_free && !reading->words[i].is_used;
			if (!is_free || !is_it(piece))
				continue;
			for (size_t i = first; i <= last; i++)
				reading->words[i].is_used = true;
			return fill(filling, piece);
		}
	}
	return FOUND_NOTHING;
}

static enum found find_phone(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	enum found found = find_piece(filling, reading, is_phone);

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

static enum found find_email(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	enum found found = find_piece(filling, reading, is_email);

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

static bool is_amount(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	const char *rest = text + digits;

	if (!digits || digits > 6)
		return false;
	if (*rest == '.' || *rest == ',') {
		size_t cents = strspn(rest + 1, "0123456789");

		if (cents < 1 || cents > 2)
			return false;
		rest += 1 + cents;
	}
	return !*rest;
}

/* The ISO 4217 code that a word names; NULL when it names none. */
static const char *currency_of(const char *folded)
{
	static const struct {
		const char *word, *code;
	} words[] = {{"eur", "EUR"}, {"euro", "EUR"}, {"euros", "EUR"},
		{"\xe2\x82\xac", "EUR"}, {"usd", "USD"}, {"dollar", "USD"},
		{"dollars", "USD"}, {"$", "USD"}, {"gbp", "GBP"},
		{"pounds", "GBP"}, {"\xc2\xa3", "GBP"}, {"chf", "CHF"},
		{"cop", "COP"}, {"mxn", "MXN"}, {"ars", "ARS"}, {"clp", "CLP"},
		{"pen", "PEN"}, {"brl", "BRL"}, {"sek", "SEK"}, {"nok", "NOK"},
		{"dkk", "DKK"}, {"pln", "PLN"}, {"jpy", "JPY"}, {"cad", "CAD"},
		{"aud", "AUD"}, {"inr", "INR"}};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(folded, words[i].word) == 0)
			return words[i].code;
	return NULL;
}

static enum found fill_money(
	struct filling *filling, const char *amount, const char *code)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%s %s", amount,
		code ? code : filling->request->currency);
	for (char *at = text; *at; at++)
		if (*at == ',')
			*at = '.';
	return fill(filling, text);
}

static enum found find_money(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	for (size_t i = 0; i < reading->word_count; i++) {
		struct word *word = &reading->words[i];
		struct word *next =
			i + 1 < reading->word_count && !word->ends_part
				? &reading->words[i + 1]
				: NULL;
		const char *code = next ? currency_of(next->folded) : NULL;
		const char *amount = word->folded;
		const char *sign = NULL;

		if (word->is_used)
			continue;
		if (strcmp(amount, "free") == 0) {
			word->is_used = true;
			return fill_money(filling, "0", NULL);
		}
		if (strncmp(amount, "\xe2\x82\xac", 3) == 0)
			sign = "EUR", amount += 3;
		else if (*amount == '$')
			sign = "USD", amount++;
		if (!is_amount(amount) || (!code && !sign && !is_asked))
			continue;
		word->is_used = true;
		if (code)
			next->is_used = true;
		return fill_money(filling, amount, code ? code : sign);
	}
	if (is_asked)
		return wrong(error,
			"I cannot read that as an amount, please write it "
			"like 50 EUR");
	return FOUND_NOTHING;
}

const struct field_type field_money = {
	.name = "money",
	.form_type = "text-single",
	.find = find_money,
};

static bool has_unit(const char *text)
{
	return strpbrk(text, "mMhH") != NULL;
}

static enum found find_duration(struct filling *filling,
	struct reading *reading, bool is_asked, struct error *error)
{
	struct error why = {.message = ""};
	char text[16];
	int minutes;

	/* An answer may take more words: "an hour and a half". */
	if (is_asked && duration_read(reading->sentence,
				filling->request->language, &minutes, &why)) {
		(void)snprintf(text, sizeof(text), "%d", minutes);
		return fill(filling, text);
	}
	for (size_t i = 0; i < reading->word_count; i++) {
		for (size_t last = i;
			last < i + 2 && last < reading->word_count; last++) {
			char *piece AUTO(free_text) = xstrndup(
				reading->sentence + reading->words[i].from,
				reading->words[last].to -
					reading->words[i].from);

			if (reading->words[i].is_used ||
				reading->words[last].is_used ||
				(!is_asked && !has_unit(piece)) ||
				!duration_read(piece,
					filling->request->language, &minutes,
					&why))
				continue;
			reading->words[i].is_used = true;
			reading->words[last].is_used = true;
			(void)snprintf(text, sizeof(text), "%d", minutes);
			return fill(filling, text);
		}
	}
	if (is_asked)
		return wrong(error,
			"I cannot read that as a length, please write it like "
			"30 min");
	return FOUND_NOTHING;
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

static enum found find_yes_no(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	if (is_asked && reading_is_one_of(reading, "yes|y|yes please|ok|sure"))
		return fill(filling, "yes");
	if (is_asked &&
		reading_is_one_of(reading, "no|n|no thanks|no thank you"))
		return fill(filling, "no");
	return is_asked ? wrong(error, "please answer yes or no")
			: FOUND_NOTHING;
}

const struct field_type field_yes_no = {
	.name = "yes or no",
	.form_type = "boolean",
	.find = find_yes_no,
	.how = "yes / no",
};
