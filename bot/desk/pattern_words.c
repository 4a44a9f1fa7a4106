/* pattern_words.c - the words of a text about hours. */
#include "desk/pattern.h"

#include <string.h>

#include "base/attributes.h"
#include "base/memory.h"

static bool is_rule_word(const char *word)
{
	return strncmp(word, "rrule:", 6) == 0 || strstr(word, "freq=") != NULL;
}

static bool add_word(struct pattern_words *words, const char *text, size_t size)
{
	if (!size)
		return true;
	if (words->count == PATTERN_WORDS)
		return false;
	words->items[words->count++] = xstrndup(text, size);
	return true;
}

/* One stretch between blanks: "mon,wed;" are four words. */
static bool cut_stretch(
	struct pattern_words *words, const char *text, size_t size)
{
	char *whole AUTO(free_text) = xstrndup(text, size);
	size_t end = size, from = 0;
	bool is_rule = is_rule_word(whole);

	while (end && strchr(",;.", text[end - 1]))
		end--;
	for (size_t i = 0; i <= end; i++) {
		bool is_mark = i < end && !is_rule && strchr(",;", text[i]);

		if (i < end && !is_mark)
			continue;
		if (!add_word(words, text + from, i - from) ||
			(is_mark && !add_word(words, text + i, 1)))
			return false;
		from = i + 1;
	}
	for (; end < size; end++)
		if (text[end] != '.' && !add_word(words, text + end, 1))
			return false;
	return true;
}

bool pattern_words_cut(struct pattern_words *words, const char *folded)
{
	while (*folded) {
		size_t size = strcspn(folded, " \n\t");

		if (!cut_stretch(words, folded, size))
			return false;
		folded += size;
		folded += strspn(folded, " \n\t");
	}
	return true;
}

void pattern_words_release(struct pattern_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->items[i]);
	words->count = 0;
}

const char *pattern_word(const struct pattern_words *words, size_t at)
{
	return at < words->count ? words->items[at] : "";
}
