/* conversation.c - what the desk answers to a sentence. */
#include "desk/conversation.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "commands/commands.h"
#include "commands/list.h"
#include "commands/people.h"
#include "desk/filling.h"
#include "desk/text.h"
#include "desk/understand.h"
#include "desk/wording.h"
#include "xmpp/jid.h"

#define YES                                                                    \
	"yes|y|yes please|yep|yeah|yup|ok|okay|sure|of course|please do|do it" \
	"|go ahead|book it|confirm|confirmed|correct|right|that's right|fine"  \
	"|good|perfect|great|absolutely|sounds good|that works|definitely"     \
	"|yes book it|yes do it|yes thanks|yes thank you|please|move it"       \
	"|cancel it|save it|ok yes|yes ok|ok thanks|yes that's right"          \
	"|yes it is|looks good|all right|alright|si|oui|ja|\xf0\x9f\x91\x8d"
#define NO                                                                  \
	"no|n|nope|no thanks|no thank you|not really|wrong|no please|don't" \
	"|do not|nah|not this|not that one|another|\xf0\x9f\x91\x8e"
#define STOP                                                             \
	"stop|never mind|nevermind|forget it|cancel|quit|exit|abort|end" \
	"|leave it|forget about it|cancel that|no stop|stop it|bye|goodbye"
#define HELP "help|?|h|help me|what|what now|huh|i don't understand"
#define BACK "back|go back|previous|one back|step back|undo"
#define MORE                                                        \
	"more|more please|show more|show me more|next|later|other " \
	"times|others"                                              \
	"|more times|something else|other|anything else|none of these|none"
#define SKIP \
	"skip|none|no|nothing|later|rather not|-|no thanks|skip it|pass|n/a"
#define HELLO                                                                \
	"hi|hello|hey|hi there|hello there|good morning|good afternoon"      \
	"|good evening|hola|hallo|salut|bonjour|hello desk|hi desk|start|yo" \
	"|greetings"
#define THANKS                                                              \
	"thanks|thank you|thx|thank you very much|thanks a lot|many thanks" \
	"|great thanks|ok thanks|perfect thanks|cheers|great|perfect|bye"   \
	"|goodbye|see you|ok|okay|ok thank you"
#define WHO                                                               \
	"who are you|what are you|are you a robot|are you a bot|are you " \
	"human|are you a human|are you a person|is this a bot|is this a " \
	"person"

/* One turn of the conversation: who, the open form, and the answer so far. */
struct turn {
	struct request *request;
	struct form form;
	bool is_open; /* form is open and will be asked about */
	struct strbuf *answer;
};

static void begin(struct turn *turn, const char *sentence, bool is_guess);

void say_error(
	struct strbuf *out, const char *language, const struct error *error)
{
	size_t start = out->length;
	const char *message = in_words(language, error->message);

	if (error->kind == ERROR_BUG)
		message = in_words(language,
			"Something went wrong on my side, and nothing was "
			"changed. Please try again, or call the clinic.");
	strbuf_add(out, message);
	if (out->length == start)
		return;
	out->text[start] = (char)toupper((unsigned char)out->text[start]);
	if (!strchr(".?!", out->text[out->length - 1]))
		strbuf_add_char(out, '.');
}

/* What is said next goes on in the same line. */
static void go_on_in_line(struct turn *turn)
{
	const struct strbuf *answer = turn->answer;

	if (answer->length && answer->text[answer->length - 1] != '\n')
		strbuf_add_char(turn->answer, ' ');
}

/* What is said next begins a line. */
static void begin_line(struct turn *turn)
{
	const struct strbuf *answer = turn->answer;

	if (answer->length && answer->text[answer->length - 1] != '\n')
		strbuf_add_char(turn->answer, '\n');
}

static void speak(struct turn *turn, const char *sentence)
{
	go_on_in_line(turn);
	say(turn->answer, turn->request->language, sentence, NULL);
}

static void report(struct turn *turn, const struct error *error)
{
	if (error->kind == ERROR_BUG || error->kind == ERROR_UNAVAILABLE)
		log_failure(error, "conversation");
	go_on_in_line(turn);
	say_error(turn->answer, turn->request->language, error);
}

static void close_form(struct turn *turn)
{
	form_release(&turn->form);
	form_init(&turn->form, NULL);
	turn->is_open = false;
}

/* The field's question, its choices, and how to answer. */
static void ask(struct turn *turn)
{
	const struct form *form = &turn->form;
	const struct field *field = &form->command->fields[form->asking];
	struct strbuf question AUTO(strbuf_release) = STRBUF_INIT;
	const char *language = turn->request->language;
	const char *name = form_text(form, "name");
	char *first AUTO(free_text) =
		name ? xstrndup(name, strcspn(name, " ")) : NULL;

	if (form->choices.intro.length)
		strbuf_add(&question, form->choices.intro.text);
	else
		say(&question, language, field->question, "first",
			first ? first : "", NULL);
	choices_print(&form->choices, &question);
	if (field->type->how && form->choices.count)
		strbuf_addf(&question, "\n(%s)",
			in_words(language, field->type->how));
	if (form->choices.count)
		begin_line(turn);
	else
		go_on_in_line(turn);
	strbuf_add(turn->answer, question.text);
}

static void run(struct turn *turn);

/* Asks what is still to be known; or the last question; or runs. */
static void proceed(struct turn *turn, bool is_agreed)
{
	struct form *form = &turn->form;
	const struct command *command = form->command;
	struct strbuf question AUTO(strbuf_release) = STRBUF_INIT;
	bool is_question = false;
	struct error error;

	if (!form_advance(form, turn->request, &error)) {
		report(turn, &error);
		if (error.kind != ERROR_UNAVAILABLE)
			close_form(turn);
		return;
	}
	turn->is_open = true;
	if (form->asking >= 0) {
		ask(turn);
		return;
	}
	if (command->confirm && !command->confirm(turn->request, form,
					&question, &is_question, &error)) {
		report(turn, &error);
		close_form(turn);
		return;
	}
	if (!is_question || is_agreed) {
		run(turn);
		return;
	}
	begin_line(turn);
	strbuf_add(turn->answer, question.text);
}

/* Somebody else was faster: the field is asked again with what is left. */
static bool ask_again(struct turn *turn, const struct error *error)
{
	struct form *form = &turn->form;

	if (error->kind != ERROR_CONFLICT)
		return false;
	for (size_t i = 0; i < form->command->field_count; i++) {
		if (!form->command->fields[i].is_contested)
			continue;
		report(turn, error);
		form_narrow(form, i, form->values[i].hint);
		proceed(turn, false);
		return true;
	}
	return false;
}

/* The roles have changed, so the person is heard anew before the wish that
 * waited for it is read. */
static void go_on_with_wish(struct turn *turn, const char *wish)
{
	struct request *before = turn->request;
	struct request again;
	struct error error;

	if (request_open(&again, before->store, before->jid, before->session,
		    &error)) {
		turn->request = &again;
		begin_line(turn);
		begin(turn, wish, false);
		turn->request = before;
	} else {
		report(turn, &error);
	}
	request_release(&again);
}

static void run(struct turn *turn)
{
	struct form *form = &turn->form;
	struct strbuf done AUTO(strbuf_release) = STRBUF_INIT;
	char *wish AUTO(free_text) = NULL;
	struct error error;

	if (!form->command->run(turn->request, form, &done, &error)) {
		if (ask_again(turn, &error))
			return;
		report(turn, &error);
		if (error.kind != ERROR_UNAVAILABLE)
			close_form(turn);
		return;
	}
	begin_line(turn);
	strbuf_add(turn->answer, done.text);
	wish = xstrdup(form->wish);
	close_form(turn);
	if (!wish)
		return;
	go_on_with_wish(turn, wish);
}

static void open_form(struct turn *turn, const struct command *command,
	struct reading *reading)
{
	struct error error;

	close_form(turn);
	form_init(&turn->form, command);
	if (form_read(&turn->form, turn->request, reading, -1, true, &error) ==
		FOUND_WRONG) {
		report(turn, &error);
		if (error.kind != ERROR_USAGE ||
			!form_advance(&turn->form, turn->request, NULL) ||
			turn->form.asking < 0) {
			close_form(turn);
			return;
		}
	}
	proceed(turn, reading->is_agreed);
}

/* Somebody we do not know: first things first, and the wish is kept. */
static void open_registration(struct turn *turn, const char *wish)
{
	struct request *request = turn->request;
	struct error error;

	close_form(turn);
	form_init(&turn->form, &command_register);
	turn->form.wish = xstrdup(wish);
	if (request->name)
		form_fill(&turn->form, 0, request->name, NULL);
	if (request->name) {
		speak(turn, "I need a little more to register you as a "
			    "patient.");
		proceed(turn, false);
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
		report(turn, &error);
}

static void refuse(struct turn *turn, const struct command *command)
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

	if (reading_is_one_of(reading, HELLO)) {
		say(turn->answer, request->language,
			first[0] ? "Hello {first}. What can I do for you?"
				 : "Hello. What can I do for you?",
			"first", first, NULL);
		speak(turn, request->roles & ROLE_DOCTOR
				    ? "Try \"today\", \"week\" or \"help\"."
			    : request->roles & ROLE_PATIENT
				    ? "Try \"book\", \"appointments\" or "
				      "\"help\"."
				    : "Try \"help\".");
		return true;
	}
	if (reading_is_one_of(reading, THANKS)) {
		speak(turn, "You are welcome.");
		return true;
	}
	if (reading_is_one_of(reading, WHO)) {
		say(turn->answer, request->language,
			"I am the desk of {clinic}, a program. I book, move "
			"and cancel appointments with our doctors.",
			"clinic", request->clinic_name, NULL);
		return true;
	}
	if (reading_is_one_of(reading, YES "|" NO "|" STOP "|" BACK "|" MORE)) {
		speak(turn, "There is no question open. Write \"book\" for an "
			    "appointment, or \"help\" to see what I can do.");
		return true;
	}
	return false;
}

/* Which of the choices a whole sentence names by number ("2", "the second
 * one"); 0 when it is no number. */
static size_t said_number(const struct reading *reading)
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

/* A bare number when nothing was asked. */
static bool is_number_only(const struct reading *reading)
{
	return reading->word_count == 1 && said_number(reading) > 0;
}

static void do_not_understand(struct turn *turn, const struct reading *reading)
{
	if (turn->answer->length)
		speak(turn, "For an appointment write \"book\".");
	else if (is_number_only(reading))
		speak(turn, "There is no list open to choose from. Write "
			    "\"book\" for an appointment, or \"help\" to see "
			    "what I can do.");
	else
		speak(turn, "I did not understand that. Write for example "
			    "\"book dr ruiz tomorrow morning\", "
			    "\"appointments\", or \"help\".");
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
		report(turn, &error);
		return true;
	}
	if (!mend_spelling(reading, ROLE_ANYBODY, false, &mended))
		return false;
	reading_init(&again, request, mended.text, false);
	meant = understand(&again, ROLE_ANYBODY);
	reading_release(&again);
	if (meant.weight < SURELY ||
		(is_weak && meant.place != first_telling_word(reading)))
		return false;
	close_form(turn);
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

/* The meant command for these roles; "instead" and the like only mean a move
 * when there is something to move. */
static struct meant meant_by(
	struct turn *turn, struct reading *reading, unsigned roles)
{
	struct meant meant = understand(reading, roles);

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
}

static void start(struct turn *turn, struct reading *reading,
	const struct meant *meant, const char *sentence)
{
	struct request *request = turn->request;
	const struct command *command = meant->command;
	struct strbuf mended AUTO(strbuf_release) = STRBUF_INIT;

	if (!(command->roles & request->roles)) {
		if (command->roles & ROLE_PATIENT)
			open_registration(turn, sentence);
		else
			refuse(turn, command);
		return;
	}
	if (command == &command_register && reading->word_count <= 2) {
		open_registration(turn, NULL);
		return;
	}
	reread(turn, reading, meant, &mended);
	if (meant->phrase[0]) {
		int place = reading_find_phrase(reading, meant->phrase);

		if (place >= 0)
			reading_use_phrase(reading, place, meant->phrase);
	}
	open_form(turn, command, reading);
}

/* A sentence that no form waits for. */
static void begin(struct turn *turn, const char *sentence, bool is_guess)
{
	struct request *request = turn->request;
	struct reading reading;
	struct meant allowed, any;
	struct error error = {.message = ""};

	reading_init(&reading, request, sentence, false);
	allowed = meant_by(turn, &reading, request->roles);
	any = meant_by(turn, &reading, ROLE_ANYBODY);
	if (any.weight >= SURELY && any.weight > allowed.weight)
		allowed = any; /* to be refused, or registered for */
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
		report(turn, &error);
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

/* Says what is being waited for once more. */
static void ask_or_confirm(struct turn *turn)
{
	if (turn->form.asking >= 0)
		ask(turn);
	else
		proceed(turn, false);
}

static void explain(struct turn *turn)
{
	const struct form *form = &turn->form;
	const struct field *field =
		form->asking >= 0 ? &form->command->fields[form->asking] : NULL;

	say(turn->answer, turn->request->language,
		field ? "This is about: {summary}. I am asking for: {field}."
		      : "This is about: {summary}. I am waiting for a yes or "
			"a no.",
		"summary", form->command->summary, "field",
		field ? field->label : "", NULL);
	if (field && field->need == FIELD_SKIPPABLE)
		speak(turn, "Write \"skip\" to leave it out,");
	speak(turn, field && field->need == FIELD_SKIPPABLE
			    ? "\"back\" to go one step back, or \"stop\" to "
			      "leave."
			    : "Write \"back\" to go one step back, or \"stop\" "
			      "to leave.");
	ask_or_confirm(turn);
}

static void go_back(struct turn *turn)
{
	struct error error;

	if (form_back(&turn->form, turn->request, &error)) {
		ask(turn);
		return;
	}
	report(turn, &error);
	if (error.kind == ERROR_MISSING)
		proceed(turn, false);
}

static void show_more(struct turn *turn)
{
	struct error error;

	if (form_more(&turn->form, turn->request, &error)) {
		ask(turn);
		return;
	}
	report(turn, &error);
	if (error.kind != ERROR_UNAVAILABLE)
		ask(turn);
}

static void stop(struct turn *turn)
{
	if (turn->form.command == &command_register)
		speak(turn, "All right. Write \"register\" when you want to go "
			    "on.");
	else
		speak(turn, "All right, I have changed nothing.");
	close_form(turn);
}

/* Nothing must be known to run it, and nothing is changed by it. */
static bool only_tells(const struct command *command)
{
	for (size_t i = 0; i < command->field_count; i++)
		if (command->fields[i].need != FIELD_OPTIONAL)
			return false;
	return !command->confirm;
}

/* Answers a command that only tells something; the open form waits. */
static void tell(
	struct turn *turn, struct reading *reading, const struct meant *meant)
{
	struct form aside;
	struct error error;

	form_init(&aside, meant->command);
	reading_use_phrase(reading, meant->place, meant->phrase);
	if (form_read(&aside, turn->request, reading, -1, true, &error) ==
			FOUND_WRONG ||
		!meant->command->run(
			turn->request, &aside, turn->answer, &error))
		report(turn, &error);
	form_release(&aside);
}

/* Who has nothing booked yet changes or cancels what is being booked. */
static bool means_this_booking(
	const struct turn *turn, const struct command *command)
{
	return turn->form.command == &command_book &&
	       (command == &command_move || command == &command_cancel) &&
	       !turn->request->has_appointments &&
	       !(turn->request->roles & (ROLE_DOCTOR | ROLE_ADMIN));
}

/* Another command in the middle of a form: one that only tells something is
 * answered and the question asked again; any other takes the form's place. */
static bool switch_over(
	struct turn *turn, struct reading *reading, const char *sentence)
{
	struct meant meant = meant_by(turn, reading, turn->request->roles);
	struct meant any = meant_by(turn, reading, ROLE_ANYBODY);
	const struct form *form = &turn->form;
	bool is_greedy = form->asking >= 0 &&
			 form->command->fields[form->asking].type->is_greedy;

	if (any.weight > meant.weight)
		meant = any;
	if (!meant.command || meant.weight < SURELY)
		return false;
	if (means_this_booking(turn, meant.command)) {
		if (meant.command == &command_cancel)
			stop(turn);
		return meant.command == &command_cancel;
	}
	if (meant.command == form->command && reading->word_count == 1) {
		ask_or_confirm(turn); /* it is what we are at */
		return true;
	}
	if (meant.command == form->command)
		return false;
	/* Who registers and says "my name is" answers the question. */
	if (form->command == &command_register &&
		strncmp(meant.command->name, "my ", 3) == 0)
		return false;
	if (is_greedy && meant.place != 0 &&
		!reading_is_filler(reading->words[0].folded))
		return false;
	if (form->command == &command_register &&
		(meant.command->roles & ROLE_PATIENT) &&
		!(meant.command->roles & turn->request->roles)) {
		free(turn->form.wish);
		turn->form.wish = xstrdup(sentence);
		speak(turn, "I will do that as soon as I know you.");
		ask(turn);
		return true;
	}
	if (!(meant.command->roles & turn->request->roles)) {
		refuse(turn, meant.command);
		begin_line(turn);
		ask_or_confirm(turn);
		return true;
	}
	if (only_tells(meant.command)) {
		tell(turn, reading, &meant);
		begin_line(turn);
		ask_or_confirm(turn);
		return true;
	}
	close_form(turn);
	begin(turn, sentence, false);
	return true;
}

static bool choose_number(struct turn *turn, const struct reading *reading)
{
	struct form *form = &turn->form;
	size_t number = said_number(reading);

	if (!number || number > form->choices.count)
		return false;
	form_choose(
		form, (size_t)form->asking, &form->choices.items[number - 1]);
	return true;
}

/* A sentence that is part of exactly one label. */
static bool choose_label(struct turn *turn, const char *sentence)
{
	struct form *form = &turn->form;
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;
	size_t found = form->choices.count;

	text_fold(sentence, &folded);
	if (folded.length < 3)
		return false;
	for (size_t i = 0; i < form->choices.count; i++) {
		struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;

		text_fold(form->choices.items[i].label, &label);
		if (!strstr(label.text, folded.text))
			continue;
		if (found < form->choices.count)
			return false;
		found = i;
	}
	if (found == form->choices.count)
		return false;
	form_choose(form, (size_t)form->asking, &form->choices.items[found]);
	return true;
}

/* Words of greeting and the like, which a field that takes any words would take
 * for a name. */
static bool is_no_answer(struct turn *turn, const struct reading *reading)
{
	const struct form *form = &turn->form;

	if (reading_is_one_of(reading, HELLO))
		return true;
	if (reading_is_one_of(reading, THANKS)) {
		speak(turn, "You are welcome.");
		return true;
	}
	if (!form->command->fields[form->asking].type->is_greedy ||
		!reading_is_one_of(reading, YES "|" NO "|" MORE "|" SKIP))
		return false;
	speak(turn, "I did not understand that.");
	return true;
}

static void answer_field(
	struct turn *turn, struct reading *reading, const char *sentence)
{
	struct form *form = &turn->form;
	const struct field *field = &form->command->fields[form->asking];
	struct error error = {.message = ""};
	enum found found;

	if (field->need == FIELD_SKIPPABLE &&
		reading_is_one_of(reading, SKIP)) {
		form->values[form->asking].is_skipped = true;
		proceed(turn, reading->is_agreed);
		return;
	}
	if (reading_is_one_of(reading, MORE) && form->choices.count) {
		show_more(turn);
		return;
	}
	if (choose_number(turn, reading)) {
		proceed(turn, reading->is_agreed);
		return;
	}
	if (is_no_answer(turn, reading)) {
		ask(turn);
		return;
	}
	if (switch_over(turn, reading, sentence))
		return;
	found = form_read(
		form, turn->request, reading, form->asking, false, &error);
	if (found == FOUND_HINT || found == FOUND_VALUE ||
		(found == FOUND_NOTHING && choose_label(turn, sentence))) {
		proceed(turn, reading->is_agreed);
		return;
	}
	if (found == FOUND_WRONG) {
		report(turn, &error);
		if (error.kind == ERROR_USAGE && form->choices.count)
			ask(turn);
		return;
	}
	speak(turn, is_number_only(reading)
			    ? "There is no such number in the list."
			    : "I did not understand that.");
	ask(turn);
}

/* "no" to the last question: the part that is most likely meant is asked. */
static void reconsider(struct turn *turn)
{
	struct form *form = &turn->form;
	struct error error;

	for (size_t i = 0; i < form->command->field_count; i++) {
		if (!form->command->fields[i].is_contested)
			continue;
		form_reopen(form, i);
		speak(turn, "All right. Choose another time, or write "
			    "\"stop\".");
		if (!form_ask(form, turn->request, i, &error)) {
			report(turn, &error);
			close_form(turn);
			return;
		}
		ask(turn);
		return;
	}
	stop(turn);
}

static bool begins_with_yes(const struct reading *reading)
{
	static const char *const words[] = {
		"yes", "yeah", "yep", "ok", "okay", "sure", "y"};

	if (!reading->word_count || reading->has_when)
		return false;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(reading->words[0].folded, words[i]) == 0) {
			for (size_t w = 1; w < reading->word_count; w++)
				if (!reading_is_filler(
					    reading->words[w].folded))
					return false;
			return true;
		}
	return false;
}

static void answer_confirm(
	struct turn *turn, struct reading *reading, const char *sentence)
{
	struct error error = {.message = ""};
	enum found found;

	if (reading_is_one_of(reading, YES) || begins_with_yes(reading)) {
		run(turn);
		return;
	}
	if (reading_is_one_of(reading, NO)) {
		reconsider(turn);
		return;
	}
	if (switch_over(turn, reading, sentence))
		return;
	found = form_read(
		&turn->form, turn->request, reading, -1, false, &error);
	if (found == FOUND_WRONG)
		report(turn, &error);
	else if (found == FOUND_NOTHING)
		speak(turn, "Please answer yes or no.");
	proceed(turn, found != FOUND_NOTHING && reading->is_agreed);
}

static void answer_guess(
	struct turn *turn, struct reading *reading, const char *sentence)
{
	char *wish AUTO(free_text) = xstrdup(turn->form.wish);

	close_form(turn);
	if (reading_is_one_of(reading, YES) || begins_with_yes(reading))
		begin(turn, wish, true);
	else if (reading_is_one_of(reading, NO "|" STOP))
		speak(turn, "Please say it in other words, or write \"help\".");
	else
		begin(turn, sentence, false);
}

static void go_on(struct turn *turn, const char *sentence)
{
	struct form *form = &turn->form;
	struct reading reading;
	bool is_time = form->asking >= 0 &&
		       form->command->fields[form->asking].is_contested;

	reading_init(&reading, turn->request, sentence, is_time);
	turn->is_open = true;
	if (form->asking == FORM_GUESS)
		answer_guess(turn, &reading, sentence);
	else if (!reading.word_count && form->asking >= 0)
		ask(turn);
	else if (reading_is_one_of(&reading, STOP))
		stop(turn);
	else if (reading_is_one_of(&reading, HELP))
		explain(turn);
	else if (reading_is_one_of(&reading, BACK))
		go_back(turn);
	else if (form->asking == FORM_CONFIRM)
		answer_confirm(turn, &reading, sentence);
	else
		answer_field(turn, &reading, sentence);
	reading_release(&reading);
}

/* A desk cannot help with what cannot wait, and says so before anything else. */
static void warn_of_emergency(struct turn *turn, const char *sentence)
{
	static const char *const phrases[] = {"emergency", "ambulance",
		"chest pain", "heart attack", "a stroke", "can't breathe",
		"cannot breathe", "can not breathe", "unconscious",
		"bleeding heavily", "overdose", "suicide", "kill myself"};
	struct reading reading;

	reading_init(&reading, turn->request, sentence, false);
	for (size_t i = 0; i < COUNT_OF(phrases); i++) {
		if (reading_find_phrase(&reading, phrases[i]) < 0)
			continue;
		speak(turn, "If this is an emergency, call your emergency "
			    "number (112 in Europe) now: I am a program and "
			    "only book appointments.");
		break;
	}
	reading_release(&reading);
}

void converse(struct request *request, const char *raw, struct strbuf *answer)
{
	struct turn turn = {.request = request, .answer = answer};
	struct strbuf sentence AUTO(strbuf_release) = STRBUF_INIT;
	struct error error;
	bool was_open = form_load(&turn.form, request);

	turn.is_open = was_open;
	if (strlen(raw) > TEXT_LIMIT) {
		speak(&turn, "That is more than I can read at once. Please say "
			     "it in a short sentence, or write \"help\".");
	} else if (!text_clean(raw, &sentence)) {
		speak(&turn, "I could not read that. Please write it again.");
	} else {
		warn_of_emergency(&turn, sentence.text);
		if (was_open)
			go_on(&turn, sentence.text);
		else
			begin(&turn, sentence.text, false);
	}
	if (strlen(raw) <= TEXT_LIMIT && (turn.is_open || was_open) &&
		!form_save(turn.is_open ? &turn.form : NULL, request, &error))
		report(&turn, &error);
	form_release(&turn.form);
}
