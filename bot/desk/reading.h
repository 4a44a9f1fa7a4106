/* reading.h - one sentence, taken apart: words, day and time, names, codes.
 *
 * Every finder marks the words that it read as used, so that the next one looks
 * at the rest. The reading borrows the sentence. */
#ifndef DESK_READING_H
#define DESK_READING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "desk/when.h"

#define READING_WORDS 120
#define READING_MENTIONS 16

struct request;

struct word {
	size_t from, to; /* bytes of the sentence */
	char folded[48]; /* as it is compared; cut when longer */
	bool is_used;
	bool ends_part; /* a comma or semicolon follows */
};

enum mention_kind { MENTION_DOCTOR, MENTION_SPECIALTY };

/* Somebody or something of the clinic that the sentence names. */
struct mention {
	enum mention_kind kind;
	char id[24];
	char *name;
	double score;   /* the sum over its words; a whole word counts 1 */
	bool is_exact;  /* no word of it was mistyped */
	bool is_denied; /* "not dr ruiz": not wished for */
	bool is_word[READING_WORDS];
};

struct reading {
	const char *sentence;
	unsigned roles; /* of who says it */
	bool is_answer;
	struct word words[READING_WORDS];
	size_t word_count;
	bool has_when;
	struct when when;
	bool is_agreed; /* it ended in "yes", which is not among the words */
	bool has_mentions;
	struct mention mentions[READING_MENTIONS];
	size_t mention_count;
};

/* Takes a clean sentence apart. is_answer: a day or time was asked for, so a
 * bare number may be one. */
void reading_init(struct reading *reading, const struct request *request,
	const char *sentence, bool is_answer);
void reading_release(struct reading *reading);

/* Where the words of phrase (folded, single spaces) stand one after another;
 * -1 when they do not. "^book" must begin the sentence, "=next" be all of it; "*"
 * in "did * write" stands for up to three words. */
int reading_find_phrase(const struct reading *reading, const char *phrase);
/* Marks the words of a phrase found at a place as used; not those in its gap. */
void reading_use_phrase(struct reading *reading, int place, const char *phrase);
/* Whether a word is part of the day or time that was read. */
bool reading_is_when(const struct reading *reading, size_t at);
/* Marks the words that the day and time stand in as used. */
void reading_use_when(struct reading *reading);
/* When no day or time was found, because the sentence as a whole denies it ("I
 * can't come on friday"), looks again at what follows the used words. */
void reading_read_when_again(
	struct reading *reading, const struct request *request);
/* Marks all words but those of the day and time as used. */
void reading_use_all_but_when(struct reading *reading);
/* Takes the words from a place on away: they are used, and day and time are read
 * from what stands before them alone. */
void reading_cut(
	struct reading *reading, const struct request *request, size_t at);
/* Marks words as used; a day or time that was read from them, too, is read from
 * the other words again. */
void reading_take(struct reading *reading, const struct request *request,
	size_t first, size_t count);
/* Whether the whole sentence is one of the phrases in list ("a|b|c"). */
bool reading_is_one_of(const struct reading *reading, const char *list);

/* mentions.c: asks the directory (once a reading) whom or what the sentence names. */
bool reading_look_up(struct reading *reading, struct request *request,
	struct error *error) MUST_CHECK;
/* The unused mentions of a kind that fit best, and are not denied: how many share the best place (0:
 * none); *best is the first of them. */
size_t reading_best_mention(const struct reading *reading,
	enum mention_kind kind, const struct mention **best);
void reading_use_mention(struct reading *reading, const struct mention *best);

/* The first run of unused words, as typed, up to a comma or semicolon (or to the
 * end, is_all); marks them as used. False when no word is left. */
bool reading_take_rest(
	struct reading *reading, bool is_all, struct strbuf *rest);
/* Whether it leaves something out: "except", "but not". */
bool reading_leaves_out(const struct reading *reading);
/* Whether any word is unused that is not mere grammar ("the", "please"). */
bool reading_has_rest(const struct reading *reading);
/* Whether a folded word is mere grammar. */
bool reading_is_filler(const char *folded);

#endif
