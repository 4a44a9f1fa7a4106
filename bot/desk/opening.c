/* opening.c - a sentence that no form waits for. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "commands/list.h"
#include "commands/people.h"
#include "desk/filling.h"
#include "desk/shorts.h"
#include "desk/turn.h"
#include "desk/wording.h"
#include "xmpp/jid.h"

/* Somebody we do not know: first things first, and the wish is kept. */
static void open_registration(struct turn *turn, const char *wish)
{
	struct request *request = turn->request;
	struct error error;

	turn_close(turn);
	form_init(&turn->form, &command_register);
	turn->form.wish = xstrdup(wish);
	if (request->name)
		form_fill(&turn->form, 0, request->name, NULL);
	if (request->name) {
		turn_speak(turn, "I need a little more to register you as a "
				 "patient.");
		turn_proceed(turn, false);
		return;
	}
	say(turn->answer, request->language,
		"Hello! I am the desk of {clinic}. I book, move and cancel "
		"appointments with our doctors. {first}I do not know you yet: "
		"what is your full name?",
		"clinic", request->clinic_name, "first",
		wish ? in_words(request->language,
			       "I will do that in a moment. ")
		     : "",
		NULL);
	turn->is_open = true;
	if (!form_ask(&turn->form, request, 0, &error))
		turn_report(turn, &error);
}

/* A doctor who names another one, and no patient, wants to be one herself. */
static bool wants_to_be_patient(const struct turn *turn)
{
	const struct form *form = &turn->form;
	const struct request *request = turn->request;
	const char *doctor = form_text(form, "doctor");

	return form->command == &command_book && doctor &&
	       !(request->roles & (ROLE_PATIENT | ROLE_ADMIN)) &&
	       !form_text(form, "for") && !form_hint(form, "for") &&
	       strtoll(doctor, NULL, 10) != request->person;
}

/* Whether something was understood that can be agreed to without what was not. */
static bool is_worth_asking(const struct turn *turn)
{
	const struct command *command = turn->form.command;

	for (size_t i = 0; command->confirm && i < command->field_count; i++)
		if (turn->form.values[i].text)
			return true;
	return false;
}

static void open_form(struct turn *turn, const struct command *command,
	struct reading *reading)
{
	enum found found;
	struct error error;

	turn_close(turn);
	form_init(&turn->form, command);
	if (command == &command_book)
		take_second_wish(turn, reading);
	found = form_read(
		&turn->form, turn->request, reading, -1, true, &error);
	turn_take_spoken(turn);
	if (wants_to_be_patient(turn)) {
		open_registration(turn, reading->sentence);
		return;
	}
	if (found == FOUND_WRONG) {
		turn_report(turn, &error);
		reading->is_agreed = false; /* to what else is said nobody */
		if (error.kind != ERROR_USAGE ||
			!form_advance(&turn->form, turn->request, NULL) ||
			(turn->form.asking < 0 && !is_worth_asking(turn))) {
			turn_close(turn);
			return;
		}
	}
	/* What was not understood may be what matters: then it is asked. */
	turn_proceed(turn, reading->is_agreed && !reading_has_rest(reading));
}

void turn_refuse(struct turn *turn, const struct command *command)
{
	struct request *request = turn->request;
	char tag[JID_TAG_SIZE];
	struct error error;

	if (request->person)
		log_notice("command refused command=\"%s\" person=%lld",
			command->name, request->person);
	else
		log_notice("command refused command=\"%s\" by=%s",
			command->name, jid_tag(request->jid, tag));
	if (!store_do(request->store, &error, "refused", request->jid,
		    command->name, STORE_END))
		log_failure(&error, "audit");
	say(turn->answer, request->language,
		command->roles & ROLE_DOCTOR
			? "\"{command}\" is for doctors. Write \"help\" to see "
			  "what I can do for you."
			: "\"{command}\" is for the clinic's administrators. "
			  "Write \"help\" to see what I can do for you.",
		"command", command->name, NULL);
}

/* What is said without meaning any command. */
static bool chat(struct turn *turn, const struct reading *reading)
{
	struct request *request = turn->request;
	const char *name = request->name ? request->name : "";
	char *first AUTO(free_text) = xstrndup(name, strcspn(name, " "));

	if (says(reading, SHORT_HELLO)) {
		say(turn->answer, request->language,
			first[0] ? "Hello {first}. What can I do for you?"
				 : "Hello. What can I do for you?",
			"first", first, NULL);
		turn_speak(
			turn, request->roles & ROLE_DOCTOR
				      ? "Try \"today\", \"week\" or \"help\"."
			      : request->roles & ROLE_PATIENT
				      ? "Try \"book\", \"appointments\" or "
					"\"help\"."
				      : "Try \"help\".");
		return true;
	}
	if (says(reading, SHORT_THANKS)) {
		turn_speak(turn, "You are welcome.");
		return true;
	}
	if (says(reading, SHORT_WHO)) {
		say(turn->answer, request->language,
			"I am the desk of {clinic}, a program. I book, move "
			"and cancel appointments with our doctors.",
			"clinic", request->clinic_name, NULL);
		return true;
	}
	if (says_yes(reading, NULL) || says(reading, SHORT_NO) ||
		says(reading, SHORT_STOP) || says(reading, SHORT_BACK) ||
		says(reading, SHORT_MORE)) {
		turn_speak(turn,
			turn->request->roles & ROLE_DOCTOR
				? "There is no question open. Write "
				  "\"requests\" or \"unanswered\" to see what "
				  "waits for you, or \"help\"."
				: "There is no question open. Write \"book\" "
				  "for an appointment, or \"help\" to see what "
				  "I can do.");
		return true;
	}
	return false;
}

static void do_not_understand(struct turn *turn, const struct reading *reading)
{
	const struct request *request = turn->request;

	if (request->spoken == SPOKEN_OFFER && !turn->answer->length &&
		strchr(request->spoken_codes, ' '))
		turn_speak(turn,
			"I did not understand that. I hold times for you: "
			"write \"accept\" to take one, or \"pass\" to leave "
			"one.");
	else if (request->spoken == SPOKEN_OFFER && !turn->answer->length)
		say(turn->answer, request->language,
			"I did not understand that. I hold a time for you "
			"({code}): write \"yes\" to take it, or \"no\" to "
			"leave it.",
			"code", request->spoken_codes, NULL);
	else if (turn->answer->length)
		turn_speak(turn, "For an appointment write \"book\".");
	else if (is_number_only(reading))
		turn_speak(turn,
			"There is no list open to choose from. Write "
			"\"book\" for an appointment, or \"help\" to see "
			"what I can do.");
	else
		turn_speak(turn,
			turn->request->roles & ROLE_PATIENT
				? "I did not understand that. Write for "
				  "example \"book dr ruiz tomorrow morning\", "
				  "\"appointments\", or \"help\"."
			: turn->request->roles & ROLE_DOCTOR
				? "I did not understand that. Write for "
				  "example \"today\", \"agenda friday\", "
				  "\"off tomorrow afternoon\", or \"help\"."
				: "I did not understand that. Write for "
				  "example \"people jane\", \"stats\", or "
				  "\"help\".");
}

/* The place of the first word that says something. */
static int first_telling_word(const struct reading *reading)
{
	size_t at = 0;

	while (at < reading->word_count &&
		reading_is_filler(reading->words[at].folded))
		at++;
	return (int)at;
}

/* A stranger may mean what patients may: it waits for the registration. */
static unsigned roles_hoped_for(const struct request *request)
{
	return request->roles & ROLE_STRANGER ? request->roles | ROLE_PATIENT
					      : request->roles;
}

/* Offers the sentence with its spelling mended, if that means a command. Of one
 * that may mean something as it is, only the first telling word is mended. */
static bool guess(struct turn *turn, struct reading *reading, bool is_weak)
{
	struct request *request = turn->request;
	struct strbuf mended AUTO(strbuf_release) = STRBUF_INIT;
	struct reading again;
	struct meant meant;
	struct error error;

	if (!reading_look_up(reading, request, &error)) {
		turn_report(turn, &error);
		return true;
	}
	if (!mend_spelling(reading, roles_hoped_for(request), false, &mended))
		return false;
	reading_init(&again, request, mended.text, false);
	meant = understand(&again, roles_hoped_for(request));
	reading_release(&again);
	if (meant.weight < SURELY ||
		(is_weak && meant.place != first_telling_word(reading)))
		return false;
	turn_close(turn);
	turn->form.asking = FORM_GUESS;
	turn->form.wish = xstrdup(mended.text);
	turn->is_open = true;
	say(turn->answer, request->language,
		"Did you mean \"{sentence}\"? (yes / no)", "sentence",
		mended.text, NULL);
	return true;
}

/* A sentence that names a doctor, a specialty or a time, and nothing to do with
 * it, wants a visit. */
static const struct command *implied(
	struct turn *turn, struct reading *reading, struct error *error)
{
	const struct mention *best;

	if (turn->request->roles == ROLE_DOCTOR && reading->has_when &&
		reading->when.has_day) {
		reading_use_all_but_when(reading);
		return &command_agenda;
	}
	if (!(turn->request->roles & (ROLE_PATIENT | ROLE_STRANGER)))
		return NULL;
	if (reading->has_when && reading->when.has_day)
		return &command_book;
	if (!reading_look_up(reading, turn->request, error))
		return NULL;
	if (reading_best_mention(reading, MENTION_DOCTOR, &best) ||
		reading_best_mention(reading, MENTION_SPECIALTY, &best))
		return best->is_exact ? &command_book : NULL;
	return NULL;
}

/* Whether there is something to move: with the doctor named, if one is. */
static bool has_to_move(struct turn *turn, struct reading *reading)
{
	struct request *request = turn->request;
	const struct mention *best;
	struct rows *rows AUTO(rows_release) = NULL;
	struct error error;

	if (!request->has_appointments ||
		!reading_look_up(reading, request, &error))
		return request->has_appointments;
	if (reading_best_mention(reading, MENTION_DOCTOR, &best) != 1)
		return true;
	rows = store_call(request->store, &error, "appointments", request->jid,
		NULL, best->id, STORE_END);
	return !rows || rows_count(rows) > 0;
}

/* "An hour later", but not "another one a week later". */
static bool shifts_visit(const struct reading *reading)
{
	static const char *const more[] = {
		"another", "one more", "again", "also", "too", "a second"};

	for (size_t i = 0; i < COUNT_OF(more); i++)
		if (reading_find_phrase(reading, more[i]) >= 0)
			return false;
	return when_is_shift(&reading->when.shift);
}

/* The meant command for these roles; "instead" and the like only mean a move
 * when there is something to move, and then "an hour later" means one, too. */
struct meant turn_meant(
	struct turn *turn, struct reading *reading, unsigned roles)
{
	struct meant meant = understand(reading, roles);

	if (meant.weight < SURELY && (roles & command_move.roles) &&
		shifts_visit(reading) && has_to_move(turn, reading)) {
		meant = (struct meant){
			.command = &command_move, .weight = SURELY};
	}
	if (meant.command == &command_move && meant.weight < 9 &&
		!has_to_move(turn, reading)) {
		meant.command = &command_book;
		meant.phrase[0] = '\0';
	}
	return meant;
}

/* Mends days and times ("tomorow") when the command itself is clear. */
static void reread(struct turn *turn, struct reading *reading,
	const struct meant *meant, struct strbuf *mended)
{
	const struct command *command = meant->command;
	bool has_time = false;

	for (size_t i = 0; i < command->field_count; i++)
		has_time = has_time || command->fields[i].is_contested;
	if (!has_time || reading->has_when ||
		!mend_spelling(reading, turn->request->roles, true, mended))
		return;
	reading_release(reading);
	reading_init(reading, turn->request, mended->text, false);
	reading->is_agreed = false; /* to what was guessed nobody agreed */
}

/* Words around the phrase that only lead to what follows: "set my hours to". */
static void use_lead(struct reading *reading, const struct meant *meant)
{
	static const char *const after[] = {"to", "is", "are", "as", "of"};
	bool is_greedy = false;
	size_t at = 0;

	for (size_t i = 0; i < meant->command->field_count; i++)
		is_greedy =
			is_greedy || meant->command->fields[i].type->is_greedy;
	if (!is_greedy)
		return;
	while (at < reading->word_count && !reading->words[at].is_used)
		at++;
	if (at == reading->word_count)
		return;
	for (size_t i = 0; i < at; i++)
		reading->words[i].is_used = true;
	while (at < reading->word_count && reading->words[at].is_used)
		at++;
	for (size_t i = 0; at < reading->word_count && i < COUNT_OF(after); i++)
		if (strcmp(reading->words[at].folded, after[i]) == 0) {
			reading->words[at].is_used = true;
			return;
		}
}

/* "don't cancel it": the opposite of what the word alone means. */
static bool is_denied(const struct reading *reading, const struct meant *meant)
{
	static const char *const words[] = {
		"dont", "don't", "not", "never", "doesn't", "didn't"};

	for (size_t i = 0; meant->phrase[0] && i < COUNT_OF(words); i++)
		if (meant->place > 0 &&
			strcmp(reading->words[meant->place - 1].folded,
				words[i]) == 0)
			return true;
	return false;
}

static void start(struct turn *turn, struct reading *reading,
	const struct meant *meant, const char *sentence)
{
	struct request *request = turn->request;
	const struct command *command = meant->command;
	struct strbuf mended AUTO(strbuf_release) = STRBUF_INIT;

	turn->has_begun = true;
	if (!(command->roles & request->roles)) {
		if (command == &command_register)
			turn_speak(turn, "You are registered already. \"my "
					 "details\" shows what I know.");
		else if (command->roles & ROLE_PATIENT)
			open_registration(turn, sentence);
		else
			turn_refuse(turn, command);
		return;
	}
	if (command == &command_register && reading->word_count <= 3) {
		open_registration(turn, NULL);
		return;
	}
	if (is_denied(reading, meant)) {
		turn_speak(turn, "Then I leave everything as it is. Write "
				 "\"help\" to see what I can do.");
		return;
	}
	reread(turn, reading, meant, &mended);
	if (meant->phrase[0]) {
		int place = reading_find_phrase(reading, meant->phrase);

		if (place >= 0)
			reading_use_phrase(reading, place, meant->phrase);
		use_lead(reading, meant);
		reading_read_when_again(reading, request);
	}
	open_form(turn, command, reading);
}

/* A sentence that no form waits for. */
void turn_begin(struct turn *turn, const char *sentence, bool is_guess)
{
	struct request *request = turn->request;
	struct reading reading;
	struct meant allowed, any;
	struct error error = {.message = ""};

	reading_init(&reading, request, sentence, false);
	allowed = turn_meant(turn, &reading, roles_hoped_for(request));
	any = turn_meant(turn, &reading, ROLE_ANYBODY);
	if (!allowed.command && any.weight == 9 && any.place <= 1)
		allowed = any; /* to be refused */
	if (!allowed.command && !(request->roles & ROLE_STRANGER) &&
		chat(turn, &reading)) {
		reading_release(&reading);
		return;
	}
	if (!allowed.command) {
		allowed.command = implied(turn, &reading, &error);
		allowed.phrase[0] = '\0';
	}
	if (!allowed.command && error.message[0])
		turn_report(turn, &error);
	else if (!is_guess && allowed.weight < SURELY &&
		 guess(turn, &reading, allowed.command))
		; /* the guess is the answer */
	else if (allowed.command)
		start(turn, &reading, &allowed, sentence);
	else if (request->roles & ROLE_STRANGER)
		open_registration(turn, NULL);
	else
		do_not_understand(turn, &reading);
	reading_release(&reading);
}
