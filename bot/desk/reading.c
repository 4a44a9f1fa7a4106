/* reading.c - one sentence, taken apart: words, day and time, names, codes. */
#include "desk/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/request.h"
#include "desk/text.h"

/* Words that say nothing by themselves, in alphabetical order. */
static const char *const fillers[] = {"a", "about", "again", "also", "an",
	"and", "any", "appointment", "are", "as", "at", "be", "booking", "by",
	"can", "check", "could", "do", "doctor", "does", "dr", "for", "from",
	"get", "go", "going", "good", "have", "hello", "hey", "hi", "how", "i",
	"i'd", "i'll", "i'm", "if", "in", "instead", "is", "it", "just", "know",
	"let", "let's", "like", "look", "looking", "make", "may", "me", "mine",
	"mr", "mrs", "ms", "my", "need", "now", "of", "ok", "okay", "on", "one",
	"or", "our", "please", "pls", "possible", "really", "said", "see",
	"shall", "should", "slot", "so", "some", "something", "sorry", "thank",
	"thanks", "that", "the", "then", "there", "thing", "think", "this",
	"time", "to", "too", "up", "us", "visit", "want", "was", "we", "well",
	"what", "when", "will", "with", "would", "you", "your"};

static int compare_words(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

bool reading_is_filler(const char *folded)
{
	return bsearch(&folded, fillers, COUNT_OF(fillers), sizeof(fillers[0]),
		       compare_words) != NULL;
}

static bool is_edge(char byte)
{
	return byte && strchr(".,;:!?()[]\"'*_~<>", byte) != NULL;
}

static void add_word(struct reading *reading, size_t from, size_t to)
{
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;
	char *typed AUTO(free_text) =
		xstrndup(reading->sentence + from, to - from);
	struct word *word = &reading->words[reading->word_count++];
	const char *start, *end;

	text_fold(typed, &folded);
	start = folded.text;
	end = folded.text + folded.length;
	while (start < end && is_edge(*start))
		start++;
	while (end > start && is_edge(end[-1]))
		end--;
	if (strcmp(folded.text, "?") == 0)
		start = folded.text; /* alone it asks for help */
	*word = (struct word){.from = from, .to = to};
	if (end - start >= (ptrdiff_t)sizeof(word->folded)) {
		end = start + sizeof(word->folded) - 1;
		while (end > start && ((unsigned char)*end & 0xc0) == 0x80)
			end--; /* no letter is cut in two */
	}
	(void)snprintf(word->folded, sizeof(word->folded), "%.*s",
		(int)(end - start), start);
	if (!word->folded[0])
		reading->word_count--; /* nothing but punctuation */
}

static void split(struct reading *reading)
{
	const char *text = reading->sentence;
	size_t at = 0;

	while (text[at] && reading->word_count < READING_WORDS) {
		size_t from = at;

		while (text[at] && !strchr(" ,;", text[at]))
			at++;
		if (at > from)
			add_word(reading, from, at);
		if ((text[at] == ',' || text[at] == ';') && reading->word_count)
			reading->words[reading->word_count - 1].ends_part =
				true;
		if (text[at])
			at++;
	}
}

/* A sentence that ends in "yes" agrees beforehand; "yes" alone does not. */
static void take_agreement(struct reading *reading)
{
	static const char *const words[] = {"yes", "yep", "yeah"};
	size_t last = reading->word_count - 1;

	if (reading->word_count < 2 || strchr(reading->sentence, '?'))
		return; /* a question agrees to nothing */
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strcmp(reading->words[last].folded, words[i]))
			continue;
		reading->is_agreed = true;
		reading->word_count--;
		return;
	}
}

static void read_when(struct reading *reading, const struct request *request,
	const char *sentence)
{
	struct when_context context = {
		.now = request->now,
		.language = request->language,
		.is_answer = reading->is_answer,
	};

	memset(&reading->when, 0, sizeof(reading->when));
	reading->has_when = when_read(&context, sentence, &reading->when);
}

void reading_init(struct reading *reading, const struct request *request,
	const char *sentence, bool is_answer)
{
	memset(reading, 0, sizeof(*reading));
	reading->sentence = sentence;
	reading->roles = request->roles;
	reading->is_answer = is_answer;
	split(reading);
	take_agreement(reading);
	read_when(reading, request, sentence);
}

void reading_release(struct reading *reading)
{
	for (size_t i = 0; i < reading->mention_count; i++)
		free(reading->mentions[i].name);
}

#define GAP_MOST 3 /* words that "*" may stand for */

static size_t match_after_gap(const struct reading *reading, size_t place,
	size_t count, const char *rest);

/* How many words from place on the phrase covers; 0 when they do not match. */
static size_t match_at(
	const struct reading *reading, size_t place, const char *phrase)
{
	size_t count = 0;

	while (*phrase) {
		size_t length = strcspn(phrase, " ");
		const struct word *word = &reading->words[place + count];

		if (place + count >= reading->word_count)
			return 0;
		if (length == 1 && *phrase == '*')
			return match_after_gap(
				reading, place, count, phrase + 2);
		if (word->is_used || strlen(word->folded) != length ||
			memcmp(word->folded, phrase, length) != 0)
			return 0;
		count++;
		phrase += length + (phrase[length] == ' ');
	}
	return count;
}

/* The rest of a phrase after a "*" at place + count. */
static size_t match_after_gap(const struct reading *reading, size_t place,
	size_t count, const char *rest)
{
	for (size_t gap = 1; gap <= GAP_MOST; gap++) {
		size_t more = match_at(reading, place + count + gap, rest);

		if (more)
			return count + gap + more;
	}
	return 0;
}

static bool is_polite(const char *folded)
{
	static const char *const words[] = {"please", "pls", "hi", "hello",
		"hey", "ok", "okay", "can", "could", "would", "you", "and",
		"so", "well", "now", "show", "tell", "me"};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(folded, words[i]) == 0)
			return true;
	return false;
}

static size_t first_meant_word(const struct reading *reading)
{
	size_t at = 0;

	while (at + 1 < reading->word_count &&
		is_polite(reading->words[at].folded))
		at++;
	return at;
}

int reading_find_phrase(const struct reading *reading, const char *phrase)
{
	char kind = *phrase == '^' || *phrase == '=' ? *phrase++ : ' ';
	size_t first = first_meant_word(reading);

	if (kind == '=') {
		size_t count = match_at(reading, first, phrase);

		return count && first + count == reading->word_count
			       ? (int)first
			       : -1;
	}
	for (size_t at = 0; at < reading->word_count; at++) {
		if (kind == '^' && at > first)
			break;
		if (match_at(reading, at, phrase))
			return (int)at;
	}
	return -1;
}

/* Whether a word is one of the phrase's own, not one in its gap. */
static bool is_of_phrase(const char *phrase, const char *word)
{
	size_t length = strlen(word);

	for (; phrase; phrase = strchr(phrase, ' ')) {
		phrase += *phrase == ' ';
		if (strncmp(phrase, word, length) == 0 &&
			(!phrase[length] || phrase[length] == ' '))
			return true;
	}
	return false;
}

void reading_use_phrase(struct reading *reading, int place, const char *phrase)
{
	size_t count;

	phrase += *phrase == '^' || *phrase == '=';
	count = match_at(reading, (size_t)place, phrase);
	for (size_t i = (size_t)place; i < (size_t)place + count; i++)
		if (is_of_phrase(phrase, reading->words[i].folded))
			reading->words[i].is_used = true;
}

bool reading_is_when(const struct reading *reading, size_t at)
{
	const struct word *word = &reading->words[at];

	for (size_t s = 0; s < reading->when.span_count; s++)
		if (word->from < reading->when.spans[s].to &&
			word->to > reading->when.spans[s].from)
			return true;
	return false;
}

void reading_use_when(struct reading *reading)
{
	for (size_t i = 0; i < reading->word_count; i++)
		if (reading_is_when(reading, i))
			reading->words[i].is_used = true;
}

void reading_use_all_but_when(struct reading *reading)
{
	for (size_t i = 0; i < reading->word_count; i++)
		if (!reading_is_when(reading, i))
			reading->words[i].is_used = true;
}

void reading_read_when_again(
	struct reading *reading, const struct request *request)
{
	struct when_context context = {
		.now = request->now, .language = request->language};
	size_t at = 0, from;

	while (at < reading->word_count && !reading->words[at].is_used)
		at++;
	while (at < reading->word_count && reading->words[at].is_used)
		at++;
	if (reading->has_when || at == reading->word_count)
		return;
	from = reading->words[at].from;
	reading->has_when =
		when_read(&context, reading->sentence + from, &reading->when);
	for (size_t i = 0; i < reading->when.span_count; i++) {
		reading->when.spans[i].from += from;
		reading->when.spans[i].to += from;
	}
}

void reading_cut(
	struct reading *reading, const struct request *request, size_t at)
{
	char *before AUTO(free_text) =
		xstrndup(reading->sentence, reading->words[at].from);

	for (size_t i = at; i < reading->word_count; i++)
		reading->words[i].is_used = true;
	read_when(reading, request, before);
}

void reading_take(struct reading *reading, const struct request *request,
	size_t first, size_t count)
{
	char *rest AUTO(free_text) = xstrdup(reading->sentence);
	bool has_when = false;

	for (size_t i = first; i < first + count; i++) {
		struct word *word = &reading->words[i];

		has_when = has_when || reading_is_when(reading, i);
		word->is_used = true;
		memset(rest + word->from, ' ', word->to - word->from);
	}
	if (has_when)
		read_when(reading, request, rest);
}

bool reading_is_one_of(const struct reading *reading, const char *list)
{
	char phrase[80];

	while (*list) {
		size_t length = strcspn(list, "|");

		if (length < sizeof(phrase)) {
			memcpy(phrase, list, length);
			phrase[length] = '\0';
			if (match_at(reading, 0, phrase) ==
					reading->word_count &&
				reading->word_count)
				return true;
		}
		list += length + (list[length] == '|');
	}
	return false;
}

bool reading_take_rest(
	struct reading *reading, bool is_all, struct strbuf *rest)
{
	size_t first = 0, last;

	while (first < reading->word_count && reading->words[first].is_used)
		first++;
	if (first == reading->word_count)
		return false;
	last = first;
	while (last + 1 < reading->word_count &&
		!reading->words[last + 1].is_used &&
		(is_all || !reading->words[last].ends_part))
		last++;
	strbuf_add_bytes(rest, reading->sentence + reading->words[first].from,
		reading->words[last].to - reading->words[first].from);
	for (size_t i = first; i <= last; i++)
		reading->words[i].is_used = true;
	return true;
}

bool reading_has_rest(const struct reading *reading)
{
	for (size_t i = 0; i < reading->word_count; i++)
		if (!reading->words[i].is_used &&
			!reading_is_filler(reading->words[i].folded))
			return true;
	return false;
}

bool reading_leaves_out(const struct reading *reading)
{
	static const char *const phrases[] = {"except", "excepting",
		"excluding", "but not", "apart from", "aside from",
		"other than", "besides", "minus", "without", "leave out",
		"leaving out", "all but", "day but", "weekday but"};

	for (size_t i = 0; i < COUNT_OF(phrases); i++)
		if (reading_find_phrase(reading, phrases[i]) >= 0)
			return true;
	return false;
}
