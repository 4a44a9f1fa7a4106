/* text.c - what people type, made fit to be read, compared and shown. */
#include "desk/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define DISTANCE_LENGTH 40

static bool is_space(utf8proc_int32_t letter)
{
	utf8proc_category_t category = utf8proc_category(letter);

	return (letter >= '\t' && letter <= '\r') ||
	       category == UTF8PROC_CATEGORY_ZS ||
	       category == UTF8PROC_CATEGORY_ZL ||
	       category == UTF8PROC_CATEGORY_ZP;
}

static bool is_shown(utf8proc_int32_t letter)
{
	utf8proc_category_t category = utf8proc_category(letter);

	return category != UTF8PROC_CATEGORY_CC &&
	       category != UTF8PROC_CATEGORY_CF &&
	       category != UTF8PROC_CATEGORY_CS &&
	       category != UTF8PROC_CATEGORY_CO &&
	       category != UTF8PROC_CATEGORY_CN;
}

static void add_letter(struct strbuf *out, utf8proc_int32_t letter)
{
	utf8proc_uint8_t bytes[4];
	utf8proc_ssize_t length = utf8proc_encode_char(letter, bytes);

	for (utf8proc_ssize_t i = 0; i < length; i++)
		strbuf_add_char(out, (char)bytes[i]);
}

bool text_clean(const char *raw, struct strbuf *clean)
{
	utf8proc_uint8_t *composed = NULL;
	const utf8proc_uint8_t *at;
	size_t start = clean->length;
	bool is_gap = false;

	if (utf8proc_map((const utf8proc_uint8_t *)raw, 0, &composed,
		    UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE) < 0)
		return false;
	at = composed;
	while (*at) {
		utf8proc_int32_t letter;
		utf8proc_ssize_t used = utf8proc_iterate(at, -1, &letter);

		if (used <= 0)
			break;
		at += used;
		if (is_space(letter)) {
			is_gap = true;
		} else if (is_shown(letter)) {
			if (is_gap && clean->length > start)
				strbuf_add_char(clean, ' ');
			is_gap = false;
			add_letter(clean, letter);
		}
	}
	free(composed);
	return true;
}

/* Typographic signs that stand for an ASCII one. */
static utf8proc_int32_t plain(utf8proc_int32_t letter)
{
	switch (letter) {
	case 0x2018:
	case 0x2019:
	case 0x02bc:
	case 0x00b4:
	case '`':
		return '\'';
	case 0x201c:
	case 0x201d:
		return '"';
	case 0x2010:
	case 0x2011:
	case 0x2012:
	case 0x2013:
	case 0x2014:
		return '-';
	}
	return letter;
}

void text_fold(const char *clean, struct strbuf *folded)
{
	utf8proc_uint8_t *mapped = NULL;
	const utf8proc_uint8_t *at;

	if (utf8proc_map((const utf8proc_uint8_t *)clean, 0, &mapped,
		    UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_DECOMPOSE |
			    UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK) < 0)
		return;
	at = mapped;
	while (*at) {
		utf8proc_int32_t letter;
		utf8proc_ssize_t used = utf8proc_iterate(at, -1, &letter);

		if (used <= 0)
			break;
		at += used;
		add_letter(folded, plain(letter));
	}
	free(mapped);
}

static int least(int one, int other)
{
	return one < other ? one : other;
}

int text_distance(const char *one, const char *other, int limit)
{
	/* Damerau's distance with adjacent exchanges, three rows of it. */
	int rows[3][DISTANCE_LENGTH + 1];
	size_t length = strlen(one);
	size_t width = strlen(other);

	if (length > DISTANCE_LENGTH || width > DISTANCE_LENGTH ||
		length > width + (size_t)limit ||
		width > length + (size_t)limit)
		return limit + 1;
	for (size_t j = 0; j <= width; j++)
		rows[0][j] = (int)j;
	for (size_t i = 1; i <= length; i++) {
		int *now = rows[i % 3];
		const int *before = rows[(i + 2) % 3];
		const int *earlier = rows[(i + 1) % 3];

		now[0] = (int)i;
		for (size_t j = 1; j <= width; j++) {
			int cost = one[i - 1] != other[j - 1];

			now[j] = least(least(now[j - 1], before[j]) + 1,
				before[j - 1] + cost);
			if (i > 1 && j > 1 && one[i - 1] == other[j - 2] &&
				one[i - 2] == other[j - 1])
				now[j] = least(now[j], earlier[j - 2] + 1);
		}
	}
	return least(rows[length % 3][width], limit + 1);
}

char *text_name(const char *clean)
{
	struct strbuf name = STRBUF_INIT;
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)clean;
	bool has_small = false, has_capital = false, is_first = true;
	utf8proc_int32_t letter;

	for (; *at; at += utf8proc_iterate(at, -1, &letter)) {
		(void)utf8proc_iterate(at, -1, &letter);
		has_small = has_small || utf8proc_islower(letter);
		has_capital = has_capital || utf8proc_isupper(letter);
	}
	if (has_small == has_capital) {
		strbuf_add(&name, clean);
		return strbuf_detach(&name);
	}
	for (at = (const utf8proc_uint8_t *)clean; *at;
		at += utf8proc_iterate(at, -1, &letter)) {
		(void)utf8proc_iterate(at, -1, &letter);
		add_letter(&name, is_first ? utf8proc_totitle(letter)
					   : utf8proc_tolower(letter));
		is_first = letter == ' ' || letter == '-' || letter == '\'';
	}
	return strbuf_detach(&name);
}

size_t text_letter_count(const char *text)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
	size_t count = 0;

	while (*at) {
		utf8proc_int32_t letter;
		utf8proc_ssize_t used = utf8proc_iterate(at, -1, &letter);
		utf8proc_category_t category;

		if (used <= 0)
			break;
		at += used;
		category = utf8proc_category(letter);
		count += category >= UTF8PROC_CATEGORY_LU &&
			 category <= UTF8PROC_CATEGORY_LO;
	}
	return count;
}
