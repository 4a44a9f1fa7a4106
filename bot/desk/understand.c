/* understand.c - which command a sentence means. */
#include "desk/understand.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "commands/commands.h"
#include "desk/text.h"

/* Steps through "book 8, an appointment 3": the next phrase and its weight. */
static const char *next_phrase(const char *list, char phrase[64], int *weight)
{
	size_t length, end;

	list += strspn(list, ", ");
	if (!*list)
		return NULL;
	length = strcspn(list, ",");
	end = length;
	while (end && list[end - 1] != ' ')
		end--;
	*weight = list[end] - '0';
	(void)snprintf(phrase, 64, "%.*s", (int)(end ? end - 1 : 0), list);
	return list + length;
}

static size_t word_count(const char *phrase)
{
	size_t count = 1;

	for (; *phrase; phrase++)
		count += *phrase == ' ';
	return count;
}

static void consider(const struct reading *reading,
	const struct command *command, const char *phrase, int weight,
	struct meant *best)
{
	int place = reading_find_phrase(reading, phrase);

	if (place < 0 || weight < best->weight)
		return;
	if (weight == best->weight && place > best->place)
		return;
	if (weight == best->weight && place == best->place &&
		word_count(phrase) <= word_count(best->phrase))
		return;
	best->command = command;
	best->weight = weight;
	best->place = place;
	(void)snprintf(best->phrase, sizeof(best->phrase), "%s", phrase);
}

/* A command's own name begins the sentence, or is all of it when there is nothing
 * to say after it: "next week" is not "next". */
static void consider_name(const struct reading *reading,
	const struct command *command, struct meant *best)
{
	char phrase[64];

	(void)snprintf(phrase, sizeof(phrase), "%c%s",
		command->field_count ? '^' : '=', command->name);
	consider(reading, command, phrase, 9, best);
}

/* Whether these roles may mean the command by its words. */
static bool may_mean(const struct reading *reading,
	const struct command *command, unsigned roles)
{
	return (command->roles & roles) &&
	       (!command->is_jargon || (command->roles & reading->roles));
}

struct meant understand(const struct reading *reading, unsigned roles)
{
	struct meant best = {.command = NULL};

	for (size_t i = 0; commands[i]; i++) {
		const char *list = commands[i]->words;
		char phrase[64];
		int weight;

		if (!may_mean(reading, commands[i], roles))
			continue;
		consider_name(reading, commands[i], &best);
		while (list && (list = next_phrase(list, phrase, &weight)))
			consider(reading, commands[i], phrase, weight, &best);
	}
	return best;
}

static const char *const time_words[] = {"today", "tonight", "tomorrow",
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
	"sunday", "morning", "afternoon", "evening", "january", "february",
	"march", "april", "june", "july", "august", "september", "october",
	"november", "december", "next", "week", "weekend", "month", "noon",
	"midnight", "quarter", "half", "soon"};

/* Searches for the known word that is nearest to a mistyped one. */
struct search {
	const char *typed;
	int limit;     /* the distance to beat, plus one */
	bool is_known; /* typed is itself a known word */
	char nearest[48];
};

static void try_word(struct search *search, const char *word, size_t length)
{
	char known[48];
	int distance;

	if (length >= sizeof(known) || length < 4)
		return;
	memcpy(known, word, length);
	known[length] = '\0';
	distance = text_distance(search->typed, known, 2);
	if (distance == 0)
		search->is_known = true;
	if (distance >= search->limit)
		return;
	search->limit = distance;
	memcpy(search->nearest, known, length + 1);
}

static void try_phrase(struct search *search, const char *phrase)
{
	phrase += *phrase == '^' || *phrase == '=';
	while (*phrase) {
		size_t length = strcspn(phrase, " ");

		try_word(search, phrase, length);
		phrase += length + (phrase[length] == ' ');
	}
}

static void try_commands(
	struct search *search, const struct reading *reading, unsigned roles)
{
	for (size_t i = 0; commands[i]; i++) {
		const char *list = commands[i]->words;
		char phrase[64];
		int weight;

		if (!may_mean(reading, commands[i], roles))
			continue;
		try_phrase(search, commands[i]->name);
		while (list && (list = next_phrase(list, phrase, &weight)))
			if (weight >= 5)
				try_phrase(search, phrase);
	}
}

static bool is_alphabetic(const char *word)
{
	for (; *word; word++)
		if (!isalpha((unsigned char)*word))
			return false;
	return true;
}

/* The word of a name that a mistyped word was taken for. */
static bool mend_name(
	const struct reading *reading, size_t at, struct strbuf *mended)
{
	for (size_t i = 0; i < reading->mention_count; i++) {
		const struct mention *mention = &reading->mentions[i];
		const char *name = mention->name;
		size_t best_from = 0, best_length = 0;
		int best = 4;

		if (!mention->is_word[at])
			continue;
		for (size_t from = 0; name[from];) {
			size_t length = strcspn(name + from, " ");
			char *part AUTO(free_text) =
				xstrndup(name + from, length);
			struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;
			int distance;

			text_fold(part, &folded);
			distance = text_distance(
				reading->words[at].folded, folded.text, 3);
			if (distance < best) {
				best = distance;
				best_from = from;
				best_length = length;
			}
			from += length + (name[from + length] == ' ');
		}
		if (!best_length || !best)
			return false;
		strbuf_add_bytes(mended, name + best_from, best_length);
		return true;
	}
	return false;
}

static bool is_mentioned(const struct reading *reading, size_t at)
{
	for (size_t i = 0; i < reading->mention_count; i++)
		if (reading->mentions[i].is_word[at])
			return true;
	return false;
}

static bool mend_word(const struct reading *reading, size_t at, unsigned roles,
	bool is_command_known, struct strbuf *mended)
{
	const struct word *word = &reading->words[at];
	size_t length = strlen(word->folded);
	struct search search = {
		.typed = word->folded, .limit = length >= 7 ? 3 : 2};

	if (is_mentioned(reading, at))
		return mend_name(reading, at, mended);
	if (length < 4 || word->is_used || reading_is_when(reading, at) ||
		!is_alphabetic(word->folded) || reading_is_filler(word->folded))
		return false;
	for (size_t i = 0; i < COUNT_OF(time_words); i++)
		try_word(&search, time_words[i], strlen(time_words[i]));
	if (!is_command_known)
		try_commands(&search, reading, roles);
	if (search.is_known || !search.nearest[0])
		return false;
	strbuf_add(mended, search.nearest);
	return true;
}

bool mend_spelling(const struct reading *reading, unsigned roles,
	bool is_command_known, struct strbuf *mended)
{
	size_t from = 0;
	bool is_mended = false;

	for (size_t i = 0; i < reading->word_count; i++) {
		const struct word *word = &reading->words[i];

		strbuf_add_bytes(
			mended, reading->sentence + from, word->from - from);
		from = word->from;
		if (mend_word(reading, i, roles, is_command_known, mended)) {
			from = word->to;
			is_mended = true;
		}
	}
	strbuf_add(mended, reading->sentence + from);
	return is_mended;
}
