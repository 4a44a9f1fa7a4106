/* spoken.c - what is said right under a message that can be answered: a reminder, a
 * request to a doctor, a free time offered to a patient. */
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "commands/answers.h"
#include "commands/list.h"
#include "commands/reminders.h"
#include "desk/fields.h"
#include "desk/shorts.h"
#include "desk/turn.h"
#include "desk/wording.h"

#define COMING                                                                \
	"i'll be there|i will be there|i'll come|i will come|i'm coming"      \
	"|i am coming|coming|see you|see you then|see you there|see you soon" \
	"|see you tomorrow|will do|yes i can come|yes i can|yes i will"       \
	"|yes i will come|yes i'll come|yes i'll be there|yes i am coming"    \
	"|yes i will be there|yes i'm coming|yes see you then"                \
	"|ok see you then|thanks see you then|thank you see you then"
#define AGREED                                                               \
	"approve|approve it|approved|i approve|accept|accept it|accepted"    \
	"|yes i can|yes come|yes of course|yes that works|that works for me" \
	"|works for me|fine by me"
#define TAKEN                                                              \
	"book it|yes book it|take it|yes take it|i'll take it|i take it"   \
	"|i will take it|yes i'll take it|yes i will take it|accept"       \
	"|accept it|i accept|yes i want it|i want it|yes move it|move it"  \
	"|yes please book it|please book it|yes i can|yes i can come|book" \
	"|book please|i'll come|i will come|yes i'll come|yes i will come"
#define REFUSED                                                               \
	"decline|decline it|declined|refuse|reject|i can't|i cannot|sorry no" \
	"|no i can't|no i cannot|no sorry i can't|pass|pass it on|not for me" \
	"|no i don't|that doesn't work|that does not work|no that doesn't "   \
	"work"

/* What can be spoken of, and how it is answered. */
static const struct topic {
	enum spoken spoken;
	const struct command *agree, *refuse;
	const char
		*agreed; /* sentences that agree, besides "yes" and the like */
	bool (*run_agree)(struct request *request, const char *codes,
		struct strbuf *answer, struct error *error);
	/* NULL: what can be written instead is said. */
	bool (*run_refuse)(struct request *request, const char *codes,
		struct strbuf *answer, struct error *error);
	const char *instead;
	/* Said when another question is open, which "yes" may be for as well. */
	const char *which, *which_of;
} topics[] = {
	{SPOKEN_REMINDER, &command_confirm, NULL, COMING, confirm_reminded,
		NULL, "Write \"move\" to come at another time, or \"cancel\".",
		NULL, NULL},
	{SPOKEN_REQUEST, &command_approve, &command_decline, AGREED,
		approve_request, decline_request, NULL,
		"I am not sure what you answer. For the request write "
		"\"approve {code}\" or \"decline {code}\".",
		"I am not sure what you answer. For a request write "
		"\"approve\" or \"decline\" and its code: {code}."},
	{SPOKEN_OFFER, &command_accept, &command_pass, TAKEN, accept_offer,
		pass_offer, NULL,
		"I am not sure what you answer. For the time that I offered "
		"write \"accept {code}\" or \"pass {code}\".",
		"I am not sure what you answer. For a time that I offered "
		"write \"accept\" or \"pass\" and its code: {code}."},
};

static const struct topic *topic_of(const struct request *request)
{
	for (size_t i = 0; i < COUNT_OF(topics); i++)
		if (topics[i].spoken == request->spoken)
			return &topics[i];
	return NULL;
}

static bool is_agreed(const struct topic *topic, const struct reading *reading,
	const struct meant *meant)
{
	if (topic->spoken != SPOKEN_REMINDER &&
		reading_is_one_of(reading, topic->agreed))
		return true;
	if (meant->command && meant->weight >= SURELY &&
		meant->command != topic->agree)
		return false;
	return says_yes(reading, topic->agree) ||
	       reading_is_one_of(reading, topic->agreed);
}

static bool is_refused(const struct topic *topic, const struct reading *reading)
{
	return says(reading, SHORT_NO) ||
	       (topic->refuse && reading_is_one_of(reading, REFUSED));
}

/* A question that was open is asked again. */
static void ask_again(struct turn *turn)
{
	if (!turn->is_open)
		return;
	turn_begin_line(turn);
	if (turn->form.asking == FORM_GUESS)
		turn_close(turn);
	else if (turn->form.asking >= 0)
		turn_ask(turn);
	else
		turn_proceed(turn, false);
}

/* With another question open: what can be written for this one. */
static void say_which(struct turn *turn, const struct topic *topic, bool is_one)
{
	struct strbuf codes AUTO(strbuf_release) = STRBUF_INIT;

	for (const char *at = turn->request->spoken_codes; *at; at++)
		strbuf_addf(&codes, *at == ' ' ? ",%c" : "%c", *at);
	say(turn->answer, turn->request->language,
		is_one ? topic->which : topic->which_of, "code", codes.text,
		NULL);
}

/* "Yes to all", "both" */
static bool says_all(const struct reading *reading)
{
	return reading_find_phrase(reading, "all") >= 0 ||
	       reading_find_phrase(reading, "both") >= 0;
}

/* Answers what was spoken of; of several, which of them must be said first. */
static void answer(struct turn *turn, const struct topic *topic,
	bool is_agreement, const struct reading *reading)
{
	struct request *request = turn->request;
	const struct command *command =
		is_agreement ? topic->agree : topic->refuse;
	bool is_one = !strchr(request->spoken_codes, ' ');
	struct error error;

	if (turn->is_open && topic->which) {
		say_which(turn, topic, is_one);
		ask_again(turn);
		return;
	}
	if (!is_one && topic->spoken != SPOKEN_REMINDER) {
		char *sentence AUTO(free_text) = xasprintf(
			"%s%s", command->name, says_all(reading) ? " all" : "");

		turn_begin(turn, sentence, false);
		return;
	}
	turn_begin_line(turn);
	if (!(is_agreement ? topic->run_agree : topic->run_refuse)(
		    request, request->spoken_codes, turn->answer, &error))
		turn_report(turn, &error);
	ask_again(turn);
}

/* "no, because I am at a congress" */
static bool refuse_because(struct turn *turn, const struct topic *topic,
	const struct reading *reading)
{
	int place = reading_find_phrase(reading, "because");
	char *sentence AUTO(free_text) = NULL;

	if (!topic->refuse || place < 1 || turn->is_open ||
		strcmp(reading->words[0].folded, "no") != 0 ||
		strchr(turn->request->spoken_codes, ' '))
		return false;
	sentence = xasprintf("%s %s %s", topic->refuse->name,
		turn->request->spoken_codes,
		reading->sentence + reading->words[place].from);
	turn_begin(turn, sentence, false);
	return true;
}

bool turn_answers_spoken(struct turn *turn, const char *sentence)
{
	const struct topic *topic = topic_of(turn->request);
	struct reading reading;
	struct meant meant;
	bool is_answer = true;

	if (!topic)
		return false;
	reading_init(&reading, turn->request, sentence, false);
	meant = understand(&reading, turn->request->roles);
	if (is_agreed(topic, &reading, &meant)) {
		answer(turn, topic, true, &reading);
	} else if (topic->run_refuse && is_refused(topic, &reading)) {
		answer(turn, topic, false, &reading);
	} else if (!turn->is_open && is_refused(topic, &reading)) {
		turn_speak(turn, topic->instead);
	} else if (refuse_because(turn, topic, &reading)) {
		;
	} else if (turn->is_open && meant.weight >= SURELY &&
		   (meant.command == &command_move ||
			   meant.command == &command_cancel)) {
		turn_close(turn);
		turn_begin(turn, sentence, false);
	} else {
		is_answer = false;
	}
	reading_release(&reading);
	turn->is_of_spoken = turn->is_of_spoken || is_answer;
	return is_answer;
}

void turn_take_spoken(struct turn *turn)
{
	const char *code = turn->request->spoken_visit;

	if (code && narrow_to_visit(&turn->form, code))
		turn->is_of_spoken = true;
}

void turn_leave_spoken(struct turn *turn, bool was_open)
{
	struct error error;

	if (!turn->request->spoken || turn->is_of_spoken ||
		!(was_open || turn->has_begun))
		return;
	if (!store_do(turn->request->store, &error, "spoken_left",
		    turn->request->jid, turn->request->spoken_id, STORE_END))
		log_failure(&error, "leaving what was spoken of");
}
