/* visit_settings.c - what is said of a type of visit, as a list of parts. */
#include "desk/visit_settings.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/text.h"

#define DAY 1440 /* minutes */
#define TAIL 6   /* words at the end of a part that may be another one */
#define NUMBER_MOST 1000000
#define MINUTES_MOST 100000000

void visit_settings_init(struct visit_settings *settings)
{
	*settings = (struct visit_settings){.video = VISIT_UNSAID};
	for (size_t i = 0; i < VISIT_NUMBERS; i++)
		settings->numbers[i] = VISIT_UNSAID;
}

void visit_settings_release(struct visit_settings *settings)
{
	free(settings->name);
	free(settings->needs);
	visit_settings_init(settings);
}

/* A part of the list: as typed, and its folded words, digits and letters apart,
 * as in " 40 min before ". */
struct part {
	const char *typed;
	char words[160];
};

/* Adds a piece of a word unless the words are full. */
static void add_piece(struct part *part, const char *piece, size_t length)
{
	size_t used = strlen(part->words);

	if (used + length + 2 <= sizeof(part->words))
		(void)snprintf(part->words + used, sizeof(part->words) - used,
			"%.*s ", (int)length, piece);
}

static void part_init(struct part *part, const char *typed)
{
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;
	const char *at;

	*part = (struct part){.typed = typed, .words = " "};
	text_fold(typed, &folded);
	for (at = folded.text; *at;) {
		bool is_number = isdigit((unsigned char)*at) != 0;
		size_t length = 0;

		while (at[length] && !strchr(" .:()", at[length]) &&
			(isdigit((unsigned char)at[length]) != 0) == is_number)
			length++;
		if (length)
			add_piece(part, at, length);
		at += length ? length : 1;
	}
}

/* Whether the words have one of the phrases in list ("a|b c"). */
static bool has(const struct part *part, const char *list)
{
	while (*list) {
		size_t length = strcspn(list, "|");
		char phrase[40];

		(void)snprintf(
			phrase, sizeof(phrase), " %.*s ", (int)length, list);
		if (strstr(part->words, phrase))
			return true;
		list += length + (list[length] == '|');
	}
	return false;
}

/* Whether all the words are among those of list (" a b "). */
static bool is_all_of(const struct part *part, const char *list)
{
	const char *at = part->words + 1;

	while (*at) {
		size_t length = strcspn(at, " ");
		char word[48];

		if (length + 3 > sizeof(word))
			return false;
		(void)snprintf(word, sizeof(word), " %.*s ", (int)length, at);
		if (!strstr(list, word))
			return false;
		at += length + 1;
	}
	return part->words[1] != '\0';
}

static long unit_of(const char *word)
{
	static const struct {
		const char *words;
		long minutes;
	} units[] = {{" m min mins minute minutes ", 1},
		{" h hr hrs hour hours ", 60}, {" d day days ", DAY},
		{" w week weeks ", 7 * DAY}, {" month months ", 30 * DAY}};

	for (size_t i = 0; i < COUNT_OF(units); i++)
		if (strstr(units[i].words, word))
			return units[i].minutes;
	return 0;
}

static long number_of(const char *word)
{
	static const char *const words[] = {" an one ", " two ", " three ",
		" four ", " five ", " six ", " seven ", " eight ", " nine ",
		" ten "};

	if (isdigit((unsigned char)word[1])) {
		long number = strtol(word + 1, NULL, 10);

		return number > NUMBER_MOST ? NUMBER_MOST : number;
	}
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strstr(words[i], word))
			return (long)i + 1;
	return -1;
}

/* The numbers of a part with their units, in minutes: "1 h 30", "2 days". has_unit
 * tells whether there was any; false: no number, or more than one without. */
static bool read_minutes(const struct part *part, long *minutes, bool *has_unit)
{
	const char *at = part->words + 1;
	long sum = 0, number = -1, unit = 0;

	while (*at) {
		size_t length = strcspn(at, " ");
		char word[48];

		(void)snprintf(word, sizeof(word), " %.*s ", (int)length, at);
		at += length + 1;
		if (number >= 0 && unit_of(word)) {
			unit = unit_of(word);
			sum += number * unit;
			number = -1;
		} else if (number_of(word) >= 0 && number >= 0) {
			return false;
		} else if (number_of(word) >= 0) {
			number = number_of(word);
		}
	}
	*has_unit = unit > 0;
	if (number >= 0 && unit && unit != 60)
		return false;
	if (number >= 0) /* "1h30", or a number alone */
		sum += number;
	*minutes = sum > MINUTES_MOST ? MINUTES_MOST : sum;
	return number >= 0 || unit;
}

/* Words that may stand around a length of time, and say no more of it. */
#define AROUND                                                                \
	" a an at most least up to max maximum min minimum minutes minute "   \
	"mins m h hr hrs hour hours d day days w week weeks month months "    \
	"one two three four five six seven eight nine ten and for until "     \
	"till it takes long lasts length of is be can only with book booked " \
	"bookable in patients visit visits "

/* Whether a part consists of numbers, such words and these own ones. */
static bool is_plain(const struct part *part, const char *own)
{
	const char *at = part->words + 1;

	while (*at) {
		size_t length = strcspn(at, " ");
		char word[48];

		(void)snprintf(word, sizeof(word), " %.*s ", (int)length, at);
		if (!isdigit((unsigned char)*at) && !strstr(AROUND, word) &&
			!strstr(own, word))
			return false;
		at += length + 1;
	}
	return true;
}

#define NO " no any none without "

/* The parts that are a word and a length of time. */
static bool take_time(struct visit_settings *settings, const struct part *part)
{
	static const struct {
		const char *mark;
		const char *own;
		enum visit_number number;
		long unit; /* a number alone is in these minutes */
	} times[] = {
		{"cancel|cancelled|canceled|cancelling",
			" cancel cancelled canceled cancelling before time "
			"deadline ",
			VISIT_CANCEL, 60},
		{"move|moved|moving",
			" move moved moving before time deadline ", VISIT_MOVE,
			60},
		{"notice", " notice before ", VISIT_NOTICE, 60},
		{"ahead|in advance", " ahead advance limit time ", VISIT_AHEAD,
			DAY},
		{"before and after", " before and after buffer free time ",
			VISIT_BEFORE, 1},
		{"before", " before buffer free time ", VISIT_BEFORE, 1},
		{"after", " after buffer free time ", VISIT_AFTER, 1},
	};
	char own[160];
	bool has_unit, is_none = has(part, "no|any|none|without");
	long minutes = 0;

	for (size_t i = 0; i < COUNT_OF(times); i++) {
		enum visit_number number = times[i].number;

		if (!has(part, times[i].mark))
			continue;
		(void)snprintf(own, sizeof(own), "%s" NO, times[i].own);
		if (!is_plain(part, own) ||
			(!read_minutes(part, &minutes, &has_unit) && !is_none))
			return false;
		if (is_none)
			minutes = 0;
		else if (!has_unit)
			minutes = minutes > MINUTES_MOST / times[i].unit
					  ? MINUTES_MOST
					  : minutes * times[i].unit;
		if (number == VISIT_AHEAD)
			minutes = is_none ? VISIT_ANY : minutes / DAY;
		settings->numbers[number] = minutes;
		if (has(part, "before and after"))
			settings->numbers[VISIT_AFTER] = minutes;
		return true;
	}
	return false;
}

/* "at most 4 a day" */
static bool take_most(struct visit_settings *settings, const struct part *part)
{
	const char *digits = part->words + strcspn(part->words, "0123456789");

	if (!has(part, "a day|per day|each day|every day|daily|one day|/day") ||
		!is_plain(part,
			" a per each every day daily /day any number of no "
			"limit times "))
		return false;
	if (has(part, "any|no"))
		settings->numbers[VISIT_MOST] = VISIT_ANY;
	else if (*digits)
		settings->numbers[VISIT_MOST] = strtol(digits, NULL, 10);
	else
		return false;
	return true;
}

/* "room ECG", "needs ECG and couch", "no room" */
static bool take_room(struct visit_settings *settings, const struct part *part)
{
	static const char *const words[] = {"room ", "rooms ", "needs ",
		"need ", "in room ", "needs room ", "with room "};
	struct strbuf needs AUTO(strbuf_release) = STRBUF_INIT;
	size_t length = 0;

	if (is_all_of(part, " no room rooms needs need needed nothing in ") &&
		has(part, "no|nothing")) {
		free(settings->needs);
		settings->needs = xstrdup("");
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strncasecmp(part->typed, words[i], strlen(words[i])) == 0 &&
			strlen(words[i]) > length)
			length = strlen(words[i]);
	if (!length || !part->typed[length])
		return false;
	if (settings->needs && *settings->needs)
		strbuf_addf(&needs, "%s, ", settings->needs);
	for (const char *at = part->typed + length; *at;) {
		const char *and = strstr(at, " and ");
		size_t size = and? (size_t)(and-at) : strlen(at);

		strbuf_add_bytes(&needs, at, size);
		strbuf_add(&needs, and? ", " : "");
		at += size + (and? strlen(" and ") : 0);
	}
	free(settings->needs);
	settings->needs = strbuf_detach(&needs);
	return true;
}

static bool take_fee(struct visit_settings *settings, const struct part *part,
	const char *currency)
{
	static const char *const leads[] = {
		"fee ", "costs ", "cost ", "price ", "for "};
	const char *typed = part->typed;

	if (is_all_of(part, " free of charge no fee costs nothing cost ") &&
		has(part, "free|no|nothing"))
		return money_read("0", currency, settings->fee);
	for (size_t i = 0; i < COUNT_OF(leads); i++)
		if (strncasecmp(typed, leads[i], strlen(leads[i])) == 0)
			typed += strlen(leads[i]);
	/* A number alone might be anything. */
	return (typed != part->typed ||
		       strspn(typed, "0123456789.,") < strlen(typed)) &&
	       money_read(typed, currency, settings->fee);
}

static bool take_video(struct visit_settings *settings, const struct part *part)
{
	static const char video[] = " by as via a video call videocall online ";

	if (is_all_of(part, " in person not no by video call onsite ") &&
		has(part, "in person|no video|not video|not by video|onsite"))
		settings->video = false;
	else if (is_all_of(part, video) && has(part, "video|videocall|online"))
		settings->video = true;
	else
		return false;
	return true;
}

static bool take_length(
	struct visit_settings *settings, const struct part *part)
{
	long minutes;
	bool has_unit;

	if (!is_plain(part, "") || !read_minutes(part, &minutes, &has_unit) ||
		!has_unit)
		return false;
	settings->numbers[VISIT_MINUTES] = minutes;
	return true;
}

static bool take_part(struct visit_settings *settings, const char *typed,
	const char *currency)
{
	struct part part;

	part_init(&part, typed);
	return take_room(settings, &part) || take_most(settings, &part) ||
	       take_time(settings, &part) ||
	       take_fee(settings, &part, currency) ||
	       take_video(settings, &part) || take_length(settings, &part);
}

/* Where the last so many words of text begin; NULL when it has no more. */
static char *tail_of(char *text, size_t count)
{
	char *at = text + strlen(text);

	while (at > text && count) {
		at--;
		if (*at == ' ')
			count--;
	}
	return count ? NULL : at;
}

/* Who forgets the commas, as in "ECG 40 min 60 EUR", is understood too. */
static void take_tails(
	struct visit_settings *settings, char *typed, const char *currency)
{
	bool is_taken = true;

	while (is_taken) {
		is_taken = false;
		for (size_t count = TAIL; count && !is_taken; count--) {
			char *tail = tail_of(typed, count);

			/* A name may end in "video" or "after surgery". */
			if (!tail || !strpbrk(tail, "0123456789") ||
				!take_part(settings, tail + 1, currency))
				continue;
			*tail = '\0';
			is_taken = true;
		}
	}
}

static bool take_name(struct visit_settings *settings, char *typed,
	const char *currency, struct error *error)
{
	take_tails(settings, typed, currency);
	if (settings->name)
		return failed(error, ERROR_USAGE,
			"I do not understand \"%.60s\", write for example "
			"\"40 min, 60 EUR, video, notice 2 hours, room ECG\"",
			typed);
	settings->name = xstrdup(typed);
	return true;
}

/* A comma ends a part, but not between two digits. */
static size_t part_length(const char *text)
{
	size_t at = 0;

	while (text[at] && text[at] != ';' &&
		(text[at] != ',' ||
			(at && isdigit((unsigned char)text[at - 1]) &&
				isdigit((unsigned char)text[at + 1]))))
		at++;
	return at;
}

bool visit_settings_read(struct visit_settings *settings, const char *text,
	const char *currency, struct error *error)
{
	struct strbuf way AUTO(strbuf_release) = STRBUF_INIT;
	bool is_right = true;

	visit_settings_init(settings);
	while (*text) {
		size_t length = part_length(text);
		char *typed AUTO(free_text) = NULL;

		while (length && strchr(" .:", *text)) {
			text++;
			length--;
		}
		typed = xstrndup(text, length);
		text += length + (text[length] != '\0');
		while (length && strchr(" .:", typed[length - 1]))
			typed[--length] = '\0';
		if (length && !take_part(settings, typed, currency) &&
			!take_name(settings, typed, currency,
				is_right ? error : NULL))
			is_right = false; /* and what comes after it? */
		if (strncasecmp(typed, "video ", 6) == 0 && !settings->name) {
			strbuf_reset(&way);
			strbuf_add(&way, typed);
		}
	}
	if (!settings->name && strchr(way.text, ' '))
		settings->name = xstrdup(way.text);
	if (settings->name && settings->video == VISIT_UNSAID) {
		struct part name;

		part_init(&name, settings->name);
		if (has(&name, "video|videocall"))
			settings->video = true;
	}
	return is_right;
}
