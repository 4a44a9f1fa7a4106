/* when_words.c - cuts a sentence into pieces and looks them up. */
#include "desk/when_words.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>

#include "base/attributes.h"

#define INDEX_SLOTS 4096 /* a power of two, twice the words at least */
#define INDEX_NEAR 96    /* words that are known when misspelt, too */
#define NEAR_LETTERS 6   /* that they have at least */
#define HASH_START 2166136261U

/* Where a word, or the beginning of several words, stands in the table. */
struct slot {
	const char *text;
	const struct when_words *row; /* NULL: only the beginning of others */
	uint32_t hash;
	uint16_t length;
	bool has_more; /* longer entries begin like this */
};

/* A table of words as a hash table: made once, constant after. */
struct word_index {
	struct slot slots[INDEX_SLOTS];
	struct slot near[INDEX_NEAR];
	size_t near_count;
};

static struct word_index english_index;

static const struct when_language languages[] = {
	{"en", true, when_english, &english_index},
	{"en-gb", false, when_english, &english_index},
	{"en-ie", false, when_english, &english_index},
	{"en-au", false, when_english, &english_index},
	{"en-nz", false, when_english, &english_index},
	{"en-in", false, when_english, &english_index},
	{"en-za", false, when_english, &english_index},
	{"", false, when_english, &english_index},
};

static uint32_t hash_bytes(uint32_t hash, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 16777619U;
	return hash;
}

/* The slot of an entry, or the empty one where it belongs. */
static struct slot *index_slot(struct word_index *index, uint32_t hash,
	const char *text, size_t length)
{
	size_t at = hash & (INDEX_SLOTS - 1);

	while (index->slots[at].text) {
		struct slot *slot = &index->slots[at];

		if (slot->hash == hash && slot->length == length &&
			memcmp(slot->text, text, length) == 0)
			return slot;
		at = (at + 1) & (INDEX_SLOTS - 1);
	}
	return &index->slots[at];
}

static struct slot *index_put(
	struct word_index *index, const char *text, size_t length)
{
	uint32_t hash = hash_bytes(HASH_START, text, length);
	struct slot *slot = index_slot(index, hash, text, length);

	slot->text = text;
	slot->hash = hash;
	slot->length = (uint16_t)length;
	return slot;
}

static bool may_be_misspelt(const struct when_words *row, size_t length)
{
	return (row->kind & (WEEKDAY | MONTH | RELATIVE | PART | FIXED)) != 0 &&
	       !(row->value & DOUBT) && length >= NEAR_LETTERS;
}

static void index_word(struct word_index *index, const struct when_words *row,
	const char *text, size_t length)
{
	const char *space = memchr(text, ' ', length);

	if (!space && may_be_misspelt(row, length) &&
		index->near_count < INDEX_NEAR)
		index->near[index->near_count++] = (struct slot){
			.text = text, .length = (uint16_t)length, .row = row};
	while (space) {
		size_t head = (size_t)(space - text);

		index_put(index, text, head)->has_more = true;
		space = memchr(space + 1, ' ', length - head - 1);
	}
	index_put(index, text, length)->row = row;
}

static void make_index(const struct when_language *language)
{
	for (const struct when_words *row = language->words; row->kind; row++) {
		const char *text = row->words;

		while (*text) {
			size_t length = strcspn(text, ",");

			index_word(language->index, row, text, length);
			text += length;
			text += strspn(text, ", ");
		}
	}
}

static void make_indexes(void)
{
	for (size_t i = 0; i < COUNT_OF(languages); i++)
		if (!languages[i].index->near_count)
			make_index(&languages[i]);
}

const struct when_language *when_language_find(const char *tag)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const struct when_language *best = &languages[0];

	(void)pthread_once(&once, make_indexes);
	if (!tag || !*tag)
		return best;
	best = &languages[COUNT_OF(languages) - 1];
	for (size_t i = 0; i < COUNT_OF(languages); i++) {
		size_t length = strlen(languages[i].tag);

		if (length > strlen(best->tag) &&
			strncasecmp(tag, languages[i].tag, length) == 0 &&
			!isalnum((unsigned char)tag[length]))
			best = &languages[i];
	}
	return best;
}

/* One letter too many, too few, wrong, or two of them changed over. */
static bool is_near(
	const char *text, size_t length, const char *word, size_t word_length)
{
	size_t head = 0, tail = 0;

	while (head < length && head < word_length && text[head] == word[head])
		head++;
	while (tail < length - head && tail < word_length - head &&
		text[length - 1 - tail] == word[word_length - 1 - tail])
		tail++;
	size_t left = length - head - tail;
	size_t word_left = word_length - head - tail;

	if (left == 2 && word_left == 2)
		return text[head] == word[head + 1] &&
		       text[head + 1] == word[head];
	/* A short word has to begin and end as it should. */
	return left <= 1 && word_left <= 1 && head > 0 &&
	       (tail > 0 || word_length > NEAR_LETTERS);
}

static const struct when_words *find_near(
	const struct word_index *index, const char *text, size_t length)
{
	if (length < NEAR_LETTERS - 1)
		return NULL;
	for (size_t i = 0; i < index->near_count; i++) {
		const struct slot *near = &index->near[i];

		if (near->text[0] == text[0] && near->length <= length + 1 &&
			length <= near->length + 1U &&
			is_near(text, length, near->text, near->length))
			return near->row;
	}
	return NULL;
}

/* What the cutter sees at one place: a plain character and its bytes. */
struct glyph {
	char plain; /* 'a' also for every letter beyond ASCII; 0 at the end */
	uint8_t size;
};

/* Marks beyond ASCII that stand for plain ones. */
static const struct {
	const char *bytes;
	char plain;
} marks[] = {
	{"\xe2\x80\x98", '\''},
	{"\xe2\x80\x99", '\''},
	{"\xca\xbc", '\''},
	{"\xc2\xb4", '\''},
	{"\xe2\x80\x9c", '"'},
	{"\xe2\x80\x9d", '"'},
	{"\xe2\x80\x90", '-'},
	{"\xe2\x80\x91", '-'},
	{"\xe2\x80\x92", '-'},
	{"\xe2\x80\x93", '-'},
	{"\xe2\x80\x94", '-'},
	{"\xe2\x88\x92", '-'},
	{"\xe2\x80\xa6", '.'},
	{"\xe2\x80\xaf", ' '},
	{"\xe2\x80\x89", ' '},
	{"\xe2\x80\x8b", ' '},
	{"\xc2\xa0", ' '},
	{"\xe2\x82\xac", '$'},
	{"\xc2\xa3", '$'},
	{"\xc2\xbf", '?'},
};

static struct glyph glyph_at(const char *text)
{
	unsigned char first = (unsigned char)*text;

	if (first < 0x80)
		return (struct glyph){(char)first, 1};
	for (size_t i = 0; i < COUNT_OF(marks); i++) {
		size_t size = strlen(marks[i].bytes);

		if (strncmp(text, marks[i].bytes, size) == 0)
			return (struct glyph){marks[i].plain, (uint8_t)size};
	}
	return (struct glyph){'a', 1};
}

/* A word, a number or a mark, before it is looked up. */
struct token {
	uint16_t from, to;
	uint16_t text, length; /* its place in cutter.text */
	char mark;             /* a mark, '0' for digits, 'a' for letters */
	bool is_tight, is_capital;
	bool is_code;  /* letters and digits: A7K3F */
	bool is_after; /* letters that follow digits: 3pm */
};

struct cutter {
	const struct when_language *language;
	const char *sentence;
	size_t at;
	struct token tokens[WHEN_PIECES];
	size_t count;
	/* The words in lower case with one space between them. */
	char text[2 * WHEN_BYTES];
	size_t length;
};

static struct token *add_token(struct cutter *cutter, size_t from, char mark)
{
	if (cutter->count == WHEN_PIECES)
		return NULL;
	struct token *token = &cutter->tokens[cutter->count++];
	bool is_first = cutter->count == 1;

	*token = (struct token){.from = (uint16_t)from,
		.to = (uint16_t)from,
		.mark = mark,
		.is_tight = !is_first && token[-1].to == from,
		.text = (uint16_t)cutter->length};
	return token;
}

static void add_text(struct cutter *cutter, char byte)
{
	if (cutter->length < sizeof(cutter->text))
		cutter->text[cutter->length++] = byte;
}

static bool is_letter(char plain)
{
	return (plain >= 'a' && plain <= 'z') || (plain >= 'A' && plain <= 'Z');
}

static bool is_digit(char plain)
{
	return plain >= '0' && plain <= '9';
}

/* The m of "a.m." and "p.m.": where it stands after the dot at cutter->at. */
static bool is_dotted_m(const struct cutter *cutter)
{
	const char *here = cutter->sentence + cutter->at;

	if (cutter->at == 0 || here[0] != '.' || !strchr("aApP", here[-1]) ||
		(here[1] != 'm' && here[1] != 'M'))
		return false;
	return (cutter->at == 1 || !is_letter(here[-2])) &&
	       !is_letter(glyph_at(here + 2).plain);
}

/* Whether an apostrophe at cutter->at belongs into the word begun at from. */
static bool is_inner_quote(
	const struct cutter *cutter, struct glyph glyph, size_t from)
{
	const char *here = cutter->sentence + cutter->at;

	if (glyph.plain != '\'' &&
		(glyph.plain != '"' || cutter->at - from != 1 ||
			(here[-1] | 0x20) != 'o'))
		return false;
	return is_letter(glyph_at(here + glyph.size).plain);
}

static bool cut_digits(struct cutter *cutter)
{
	size_t from = cutter->at;
	struct token *token = add_token(cutter, from, '0');

	if (!token)
		return false;
	while (is_digit(cutter->sentence[cutter->at]))
		add_text(cutter, cutter->sentence[cutter->at++]);
	token->to = (uint16_t)cutter->at;
	token->length = (uint16_t)(cutter->at - from);
	return true;
}

static bool cut_letters(struct cutter *cutter)
{
	size_t from = cutter->at;
	struct token *token = add_token(cutter, from, 'a');

	if (!token)
		return false;
	token->is_capital = isupper((unsigned char)cutter->sentence[from]) != 0;
	for (;;) {
		char byte = cutter->sentence[cutter->at];
		struct glyph glyph = glyph_at(&cutter->sentence[cutter->at]);

		if (is_letter(glyph.plain)) {
			add_text(cutter, (char)tolower((unsigned char)byte));
			cutter->at++;
		} else if (is_inner_quote(cutter, glyph, from)) {
			add_text(cutter, '\'');
			cutter->at += glyph.size;
		} else if (is_dotted_m(cutter)) {
			add_text(cutter, 'm');
			cutter->at += 2;
			cutter->at += cutter->sentence[cutter->at] == '.';
			break;
		} else {
			break;
		}
	}
	token->to = (uint16_t)cutter->at;
	token->length = (uint16_t)(cutter->length - token->text);
	return true;
}

static const struct slot *find_text(
	const struct cutter *cutter, const char *text, size_t length)
{
	uint32_t hash = hash_bytes(HASH_START, text, length);

	return index_slot(cutter->language->index, hash, text, length);
}

/* The row of letters that directly follow digits ("pm", "th", "h"). */
static const struct when_words *find_after_digits(
	const struct cutter *cutter, const struct token *token)
{
	const uint64_t all = AM_PM | UNIT | MONTH | ISH | THING | PART |
			     SUFFIX | OCLOCK | WORD;
	char text[16] = "#";

	if (token->length > sizeof(text) - 2)
		return NULL;
	memcpy(text + 1, cutter->text + token->text, token->length);
	const struct when_words *row =
		find_text(cutter, text, token->length + 1U)->row;

	if (!row)
		row = find_text(cutter, text + 1, token->length)->row;
	return row && (row->kind & all) ? row : NULL;
}

/* Letters and digits in one ("3pm", "9h40", "march7", "A7K3F"): either every
 * part of it means something or the whole is a code. */
static void settle_mixture(struct cutter *cutter, size_t first)
{
	bool is_code = false;
	struct token *whole = &cutter->tokens[first];
	size_t length = cutter->length - whole->text;

	for (size_t i = first; i < cutter->count; i++) {
		struct token *token = &cutter->tokens[i];

		if (token->mark != 'a')
			continue;
		token->is_after = i > first;
		if (token->is_after)
			is_code |= !find_after_digits(cutter, token);
		else
			is_code |=
				cutter->count - first > 2 ||
				!find_text(cutter, cutter->text + token->text,
					token->length)
					 ->row;
	}
	bool is_word =
		find_text(cutter, cutter->text + whole->text, length)->row;

	if (!is_code && !is_word)
		return;
	whole->to = (uint16_t)cutter->at;
	whole->length = (uint16_t)length;
	whole->mark = 'a';
	whole->is_code = !is_word;
	cutter->count = first + 1;
}

static void cut_word(struct cutter *cutter)
{
	size_t first = cutter->count;

	for (;;) {
		char plain = glyph_at(&cutter->sentence[cutter->at]).plain;

		if (is_digit(plain) ? !cut_digits(cutter)
				    : !is_letter(plain) || !cut_letters(cutter))
			break;
	}
	if (cutter->count > first + 1)
		settle_mixture(cutter, first);
	add_text(cutter, ' ');
}

static void cut_tokens(struct cutter *cutter)
{
	while (cutter->at < WHEN_BYTES && cutter->count < WHEN_PIECES) {
		struct glyph glyph = glyph_at(&cutter->sentence[cutter->at]);

		if (!glyph.plain)
			return;
		if (is_letter(glyph.plain) || is_digit(glyph.plain)) {
			cut_word(cutter);
			continue;
		}
		if (!strchr(" \t\r'\"*_`", glyph.plain)) {
			struct token *token =
				add_token(cutter, cutter->at, glyph.plain);

			if (token)
				token->to = (uint16_t)(cutter->at + glyph.size);
		}
		cutter->at += glyph.size;
	}
}

static uint64_t mark_kind(char mark, int32_t *value)
{
	switch (mark) {
	case ':':
		return COLON;
	case '.':
		return DOT;
	case ',':
	case '(':
	case ')':
	case '[':
	case ']':
		return COMMA;
	case '-':
		return DASH;
	case '/':
		return SLASH;
	case '?':
	case '!':
	case ';':
	case '\n':
		return STOP;
	case '~':
		return ABOUT;
	case '@':
		return AT;
	case '&':
		return AND;
	case '+': /* 5+ */
		*value = 1;
		return TAIL;
	case '%':
		return THING;
	case '$':
		*value = MONEY;
		return THING;
	default:
		return WORD;
	}
}

/* The token after tokens[i] when both may be parts of one entry: only a blank
 * or a hyphen stands between them. 0: there is none. */
static size_t next_word(const struct cutter *cutter, size_t i)
{
	const struct token *tokens = cutter->tokens;
	bool is_hyphen = i + 2 < cutter->count && tokens[i + 1].mark == '-' &&
			 tokens[i + 1].is_tight && tokens[i + 2].is_tight;
	size_t next = i + (is_hyphen ? 2 : 1);

	return next < cutter->count && tokens[next].mark == 'a' ? next : 0;
}

/* The row of the longest entry that begins at tokens[i]; *last is its end. */
static const struct when_words *find_words(
	const struct cutter *cutter, size_t i, size_t *last)
{
	const char *text = cutter->text + cutter->tokens[i].text;
	const struct when_words *row = NULL;

	for (size_t at = i;; at = next_word(cutter, at)) {
		const struct token *token = &cutter->tokens[at];
		const char *end = cutter->text + token->text + token->length;
		const struct slot *slot =
			find_text(cutter, text, (size_t)(end - text));

		if (slot->row) {
			row = slot->row;
			*last = at;
		}
		if (!slot->has_more || !next_word(cutter, at))
			return row;
	}
}

/* "monday's" is "monday", "noonish" is "noon", "tomorow" is "tomorrow". */
static const struct when_words *find_bent(
	const struct cutter *cutter, const struct token *token)
{
	static const char *const endings[] = {"'s", "ish"};
	const char *text = cutter->text + token->text;
	size_t length = token->length;

	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		size_t ending = strlen(endings[i]);

		if (length > ending + 2 &&
			memcmp(text + length - ending, endings[i], ending) == 0)
			return find_text(cutter, text, length - ending)->row;
	}
	return find_near(cutter->language->index, text, length);
}

/* Looks up the letters at tokens[i]; returns the last token that is read. */
static size_t look_up(
	const struct cutter *cutter, size_t i, struct piece *piece)
{
	const struct token *token = &cutter->tokens[i];
	const struct when_words *row = NULL;
	size_t last = i;

	piece->kind = WORD;
	if (token->is_code)
		return i;
	if (token->is_after)
		row = find_after_digits(cutter, token);
	if (!row)
		row = find_words(cutter, i, &last);
	if (!row)
		row = find_bent(cutter, token);
	if (!row)
		return i;
	piece->kind = row->kind;
	piece->value = row->value;
	piece->to = cutter->tokens[last].to;
	return last;
}

/* "wed." and "dr.": the dot belongs to the word. */
static bool takes_dot(
	const struct cutter *cutter, size_t i, const struct piece *piece)
{
	const struct token *tokens = cutter->tokens;

	return (piece->kind & (WEEKDAY | MONTH | TITLE | ABOUT | UNIT)) &&
	       tokens[i].length <= 6 && i + 2 < cutter->count &&
	       tokens[i + 1].mark == '.' && tokens[i + 1].is_tight;
}

static void read_digits(const struct cutter *cutter, const struct token *token,
	struct piece *piece)
{
	piece->kind = token->length <= 4 ? NUMBER : WORD;
	piece->digits = (uint8_t)token->length;
	for (size_t i = 0; piece->kind == NUMBER && i < token->length; i++)
		piece->value = piece->value * 10 +
			       (cutter->text[token->text + i] - '0');
}

static size_t make_pieces(
	const struct cutter *cutter, struct piece pieces[WHEN_PIECES])
{
	size_t count = 0;

	for (size_t i = 0; i < cutter->count; i++) {
		const struct token *token = &cutter->tokens[i];
		struct piece *piece = &pieces[count++];

		*piece = (struct piece){.from = token->from,
			.to = token->to,
			.is_tight = token->is_tight,
			.is_capital = token->is_capital};
		if (token->mark == '0') {
			read_digits(cutter, token, piece);
		} else if (token->mark == 'a') {
			i = look_up(cutter, i, piece);
			if (takes_dot(cutter, i, piece))
				piece->to = cutter->tokens[++i].to;
		} else {
			piece->kind = mark_kind(token->mark, &piece->value);
			if (piece->kind == DOT)
				piece->value = i + 1 == cutter->count ||
					       !token[1].is_tight;
		}
	}
	return count;
}

size_t when_cut(const struct when_language *language, const char *sentence,
	struct piece pieces[WHEN_PIECES])
{
	struct cutter cutter;

	cutter.language = language;
	cutter.sentence = sentence;
	cutter.at = cutter.count = cutter.length = 0;
	cut_tokens(&cutter);
	return make_pieces(&cutter, pieces);
}
