/* shorts.c - the short things that people answer: yes, no, stop, more, 2. */
#include "desk/shorts.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whole sentences, by enum shorts. */
static const char *const sentences[] = {
	[SHORT_NO] = "no|n|nope|no thanks|no thank you|not really|wrong"
		     "|no please|no wait|wait|hold on|don't|do not|nah|not "
		     "this|not that one"
		     "|another|not yet|keep it|no keep it|no sorry|nothing"
		     "|no i don't want that|no don't|don't do it|no not that"
		     "|\xf0\x9f\x91\x8e",
	[SHORT_STOP] = "stop|i changed my mind|i've changed my mind"
		       "|actually never mind|actually nevermind|nevermind that"
		       "|actually nevermind that|no i dont want that anymore"
		       "|no i don't want that any more|never "
		       "mind|nevermind|forget it|cancel|quit|exit"
		       "|abort|end|leave it|forget about it|cancel that"
		       "|cancel it|no stop|stop it|bye|goodbye|no never mind"
		       "|nevermind then|never mind then|no cancel it|leave"
		       "|leave please|i want to leave|let me out"
		       "|no cancel that|no cancel|don't book it|stop please",
	[SHORT_HELP] = "help|?|h|help me|what|what now|huh|help please"
		       "|i don't understand",
	[SHORT_BACK] = "back|go back|previous|one back|step back|undo",
	[SHORT_MORE] =
		"more|more please|show more|show me more|next|later"
		"|other times|others|more times|something else|other"
		"|anything else|none of these|none of those|none"
		"|a bit later|something later|anything later|later please"
		"|do you have anything later|something later in the day"
		"|none of them|other options|more options",
	[SHORT_REST] = "more|more please|show more|show me more|tell me more"
		       "|the rest|go on|continue|earlier|and then",
	[SHORT_SKIP] = "skip|none|no|nothing|later|rather not|-|no thanks"
		       "|skip it|pass|n/a",
	[SHORT_HELLO] = "hi|hello|hey|hi there|hello there|good morning"
			"|good afternoon|good evening|hola|hallo|salut|bonjour"
			"|hello desk|hi desk|start|yo|greetings",
	[SHORT_THANKS] =
		"thanks|thank you|thx|thank you very much"
		"|thanks a lot|many thanks|great thanks|ok thanks"
		"|perfect thanks|cheers|great|perfect|bye|goodbye"
		"|see you|ok|okay|ok thank you|thanks bye|good night"
		"|thank you bye|see you tomorrow|see you then"
		"|great thank you|have a nice day|thank you so much|k|lol"
		"|its ok|it's ok|good bye|thank you very much indeed",
	[SHORT_WHO] = "who are you|what are you|are you a robot|are you a bot"
		      "|are you human|are you a human|are you a person"
		      "|is this a bot|is this a person",
};

/* Words that agree, and words that may stand beside them. */
static const char agreeing[] =
	" yes y yep yeah yup ok okay sure please do go confirm confirmed "
	"correct "
	"right fine good perfect great absolutely works definitely alright si "
	"oui "
	"ja indeed exactly agreed deal lovely wonderful excellent certainly "
	"\xf0\x9f\x91\x8d \xe2\x9c\x85 ";
static const char beside[] =
	" oh of course it ahead pls plz that that's thats this "
	"one sounds looks is all so "
	"very much thanks thank you for me the them others other rest ";

bool says(const struct reading *reading, enum shorts what)
{
	return reading_is_one_of(reading, sentences[what]);
}

static bool is_among(const char *list, const char *word)
{
	char padded[64];

	(void)snprintf(padded, sizeof(padded), " %s ", word);
	return strstr(list, padded) != NULL;
}

/* "book" agrees to book; "save it" and "note it" to whatever is asked. */
static bool is_own_word(const struct command *command, const char *word)
{
	size_t length;

	if (!command)
		return false;
	length = strcspn(command->name, " ");
	return strcmp(word, "save") == 0 || strcmp(word, "note") == 0 ||
	       (strlen(word) == length &&
		       strncmp(word, command->name, length) == 0);
}

bool says_yes(const struct reading *reading, const struct command *command)
{
	bool is_agreed = reading->is_agreed; /* its last word was a yes */

	for (size_t i = 0; i < reading->word_count; i++) {
		const char *word = reading->words[i].folded;

		if (reading->words[i].is_used)
			continue;
		if (is_among(agreeing, word) || is_own_word(command, word))
			is_agreed = true;
		else if (!is_among(beside, word))
			return false;
	}
	return is_agreed;
}

size_t says_number(const struct reading *reading)
{
	static const char *const names[][3] = {{"1", "one", "first"},
		{"2", "two", "second"}, {"3", "three", "third"},
		{"4", "four", "fourth"}, {"5", "five", "fifth"},
		{"6", "six", "sixth"}, {"7", "seven", "seventh"},
		{"8", "eight", "eighth"}, {"9", "nine", "ninth"}};
	static const char around[] =
		" the one number no nr option choice please i take want i'll "
		"slot ok yes ";
	size_t number = 0;

	for (size_t i = 0; i < reading->word_count; i++) {
		const char *word = reading->words[i].folded;
		char padded[64];
		char *end;
		size_t said = strtoul(*word == '#' ? word + 1 : word, &end, 10);

		if (!isdigit((unsigned char)word[*word == '#']) || *end)
			said = 0;
		for (size_t n = 0; !said && n < COUNT_OF(names); n++)
			for (size_t k = 0; k < 3; k++)
				if (strcmp(word, names[n][k]) == 0 &&
					(k != 1 || n ||
						reading->word_count == 1))
					said = n + 1;
		if (said && number)
			return 0;
		if (said) {
			number = said;
			continue;
		}
		(void)snprintf(padded, sizeof(padded), " %s ", word);
		if (!strstr(around, padded))
			return 0;
	}
	return number;
}
bool is_number_only(const struct reading *reading)
{
	return reading->word_count == 1 && says_number(reading) > 0;
}
