/* mentions.c - whom and what of the clinic a sentence names, or rules out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/reading.h"
#include "desk/request.h"
#include "store/store.h"

static bool is_one(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

static struct mention *mention_of(
	struct reading *reading, const struct rows *rows, size_t row)
{
	enum mention_kind kind =
		strcmp(rows_text(rows, row, "kind"), "doctor") == 0
			? MENTION_DOCTOR
			: MENTION_SPECIALTY;
	const char *id = rows_text(rows, row, "id");
	struct mention *mention;

	for (size_t i = 0; i < reading->mention_count; i++) {
		mention = &reading->mentions[i];
		if (mention->kind == kind && strcmp(mention->id, id) == 0)
			return mention;
	}
	if (reading->mention_count == READING_MENTIONS)
		return NULL;
	mention = &reading->mentions[reading->mention_count++];
	mention->kind = kind;
	mention->is_exact = true;
	mention->name = xstrdup(rows_text(rows, row, "name"));
	(void)snprintf(mention->id, sizeof(mention->id), "%s", id);
	return mention;
}

/* Whether the word before a place denies what comes: "not", "anybody but", while
 * "but with dr chen" asks for him. */
static bool is_denied_at(const struct reading *reading, size_t at)
{
	static const char *const denying[] = {"not", "except", "without",
		"besides", "don't", "dont", "never"};
	static const char *const anybody[] = {
		"anybody", "anyone", "any", "everybody", "everyone", "doctor"};

	if (!at)
		return false;
	if (strcmp(reading->words[at - 1].folded, "but") == 0)
		return at > 1 && is_one(reading->words[at - 2].folded, anybody,
					 COUNT_OF(anybody));
	return is_one(
		reading->words[at - 1].folded, denying, COUNT_OF(denying));
}

/* "Not with dr ruiz" is read, and not wished for; "why can I not see dr ruiz" is a
 * question about her. */
static void deny_mention(struct reading *reading, struct mention *mention)
{
	static const char *const between[] = {
		"with", "by", "dr", "doctor", "to", "see", "the", "for"};
	size_t at = 0;

	if (strcmp(reading->words[0].folded, "why") == 0)
		return;
	while (at < reading->word_count && !mention->is_word[at])
		at++;
	while (at && is_one(reading->words[at - 1].folded, between,
			     COUNT_OF(between)))
		at--;
	mention->is_denied = is_denied_at(reading, at);
	if (mention->is_denied)
		reading_use_mention(reading, mention);
}

bool reading_look_up(
	struct reading *reading, struct request *request, struct error *error)
{
	struct strbuf words AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = NULL;

	if (reading->has_mentions || !reading->word_count)
		return true;
	for (size_t i = 0; i < reading->word_count; i++)
		strbuf_addf(
			&words, "%s%s", i ? " " : "", reading->words[i].folded);
	rows = store_call(request->store, error, "mentions", request->jid,
		words.text, STORE_END);
	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		size_t place = (size_t)rows_number(rows, row, "word");
		double score = strtod(rows_text(rows, row, "score"), NULL);
		struct mention *mention = mention_of(reading, rows, row);

		if (!mention || place >= reading->word_count ||
			mention->is_word[place])
			continue;
		mention->is_word[place] = true;
		mention->score += score;
		mention->is_exact = mention->is_exact && score >= 1;
	}
	for (size_t i = 0; i < reading->mention_count; i++)
		deny_mention(reading, &reading->mentions[i]);
	reading->has_mentions = true;
	return true;
}

/* The score of what of a mention other finders have left. */
static double score_left(
	const struct reading *reading, const struct mention *mention)
{
	size_t all = 0, left = 0;

	for (size_t i = 0; i < reading->word_count; i++) {
		all += mention->is_word[i];
		left += mention->is_word[i] && !reading->words[i].is_used;
	}
	return all ? mention->score * (double)left / (double)all : 0;
}

size_t reading_best_mention(const struct reading *reading,
	enum mention_kind kind, const struct mention **best)
{
	double best_score = 0.01;
	size_t count = 0;

	for (size_t i = 0; i < reading->mention_count; i++) {
		const struct mention *mention = &reading->mentions[i];
		double score = score_left(reading, mention);

		if (mention->kind != kind || mention->is_denied ||
			score < best_score - 0.001)
			continue;
		if (score > best_score + 0.001) {
			best_score = score;
			*best = mention;
			count = 0;
		}
		count++;
	}
	return count;
}

void reading_use_mention(struct reading *reading, const struct mention *best)
{
	for (size_t i = 0; i < reading->word_count; i++)
		if (best->is_word[i])
			reading->words[i].is_used = true;
}
