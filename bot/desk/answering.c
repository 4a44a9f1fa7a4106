/* answering.c - a sentence that answers an open form. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "commands/list.h"
#include "commands/people.h"
#include "desk/filling.h"
#include "desk/shorts.h"
#include "desk/text.h"
#include "desk/turn.h"
#include "desk/wording.h"

/* Says what is being waited for once more. */
static void ask_or_confirm(struct turn *turn)
{
	if (turn->form.asking >= 0)
		turn_ask(turn);
	else
		turn_proceed(turn, false);
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
		turn_speak(turn, "Write \"skip\" to leave it out,");
	turn_speak(turn,
		field && field->need == FIELD_SKIPPABLE
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
		turn_ask(turn);
		return;
	}
	turn_report(turn, &error);
	if (error.kind == ERROR_MISSING)
		turn_proceed(turn, false);
}

static void show_more(struct turn *turn)
{
	struct error error;

	if (form_more(&turn->form, turn->request, &error)) {
		turn_ask(turn);
		return;
	}
	turn_report(turn, &error);
	if (error.kind != ERROR_UNAVAILABLE)
		turn_ask(turn);
}

static void stop(struct turn *turn)
{
	if (turn->form.command == &command_register)
		turn_speak(turn,
			"All right. Write \"register\" when you want to go "
			"on.");
	else
		turn_speak(turn, "All right, I have changed nothing.");
	turn_close(turn);
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
	turn->request->list_next = 0;
	if (form_read(&aside, turn->request, reading, -1, true, &error) ==
			FOUND_WRONG ||
		!form_advance(&aside, turn->request, &error) ||
		!meant->command->run(
			turn->request, &aside, turn->answer, &error))
		turn_report(turn, &error);
	if (turn->request->list_next) {
		turn_begin_line(turn);
		turn_speak(turn,
			"There is more of it: ask again when we are done "
			"here.");
	}
	form_release(&aside);
}

/* Whether the next answer may be a time: it is asked, or can be changed. */
static bool is_time_asked(const struct form *form)
{
	for (size_t i = 0; i < form->command->field_count; i++)
		if (form->command->fields[i].is_contested &&
			(form->asking == (int)i ||
				form->asking == FORM_CONFIRM))
			return true;
	return false;
}

static bool says_only_when(const struct reading *reading)
{
	for (size_t i = 0; i < reading->word_count; i++)
		if (!reading_is_when(reading, i) &&
			!reading_is_filler(reading->words[i].folded))
			return false;
	return reading->has_when;
}

static bool has_greedy_field(const struct command *command)
{
	for (size_t i = 0; i < command->field_count; i++)
		if (command->fields[i].type->is_greedy)
			return true;
	return false;
}

/* Whether a word has both letters and digits, as the codes of visits do. */
static bool names_a_code(const struct reading *reading)
{
	for (size_t i = 0; i < reading->word_count; i++) {
		const char *word = reading->words[i].folded;

		if (strlen(word) == 5 && strpbrk(word, "0123456789") &&
			strspn(word, "0123456789:.") < 5)
			return true;
	}
	return false;
}

/* Who has nothing booked yet changes or cancels what is being booked. */
static bool means_this_booking(const struct turn *turn,
	const struct reading *reading, const struct command *command)
{
	return turn->form.command == &command_book &&
	       (command == &command_move || command == &command_cancel) &&
	       !turn->request->has_appointments &&
	       !(turn->request->roles & (ROLE_DOCTOR | ROLE_ADMIN)) &&
	       !names_a_code(reading);
}

/* Nobody is called "I need a dermatologist". */
static bool is_wish(const struct form *form, const struct meant *meant)
{
	return form->command == &command_register && meant->place == 0 &&
	       strchr(meant->phrase, ' ');
}

/* Another command in the middle of a form: one that only tells something is
 * answered and the question asked again; any other takes the form's place. */
static bool switch_over(
	struct turn *turn, struct reading *reading, const char *sentence)
{
	struct meant meant = turn_meant(turn, reading,
		turn->request->roles & ROLE_STRANGER
			? ROLE_STRANGER | ROLE_PATIENT
			: turn->request->roles);
	struct meant any = turn_meant(turn, reading, ROLE_ANYBODY);
	const struct form *form = &turn->form;
	bool is_greedy = form->asking >= 0 &&
			 form->command->fields[form->asking].type->is_greedy;

	if (!meant.command && any.weight == 9)
		meant = any; /* to be refused */
	if (!meant.command || (meant.weight < SURELY && !is_wish(form, &meant)))
		return false;
	if (means_this_booking(turn, reading, meant.command)) {
		if (meant.command == &command_cancel)
			stop(turn);
		return meant.command == &command_cancel;
	}
	/* At a question for a time "today" is a time, and "friday instead" is
	 * no wish to move something else. */
	if (is_time_asked(form) &&
		(says_only_when(reading) ||
			(meant.command == &command_move && meant.weight < 9)))
		return false;
	if (meant.command == form->command && reading->word_count == 1) {
		ask_or_confirm(turn); /* it is what we are at */
		return true;
	}
	if (meant.command == form->command && meant.place == 0 &&
		has_greedy_field(form->command)) {
		turn_close(turn);
		turn_begin(turn, sentence, false);
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
		turn_speak(turn, "I will do that as soon as I know you.");
		turn_ask(turn);
		return true;
	}
	if (!(meant.command->roles & turn->request->roles)) {
		turn_refuse(turn, meant.command);
		turn_begin_line(turn);
		ask_or_confirm(turn);
		return true;
	}
	if (only_tells(meant.command)) {
		tell(turn, reading, &meant);
		turn_begin_line(turn);
		ask_or_confirm(turn);
		return true;
	}
	turn_close(turn);
	turn_begin(turn, sentence, false);
	return true;
}

/* "Yes" takes what there is, where there is one. */
static bool choose_only(struct turn *turn, const struct reading *reading)
{
	struct form *form = &turn->form;

	if (form->choices.count != 1 || !says_yes(reading, NULL))
		return false;
	form_choose(form, (size_t)form->asking, &form->choices.items[0]);
	return true;
}

static bool choose_number(struct turn *turn, const struct reading *reading)
{
	struct form *form = &turn->form;
	size_t number = says_number(reading);

	if (!number || number > form->choices.count)
		return false;
	form_choose(
		form, (size_t)form->asking, &form->choices.items[number - 1]);
	return true;
}

/* The only choice whose label fits what was said. */
static bool choose_fitting(struct turn *turn,
	bool fits(const char *label, const char *said), const char *said)
{
	struct form *form = &turn->form;
	size_t found = form->choices.count;

	for (size_t i = 0; i < form->choices.count; i++) {
		if (!fits(form->choices.items[i].label, said))
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

static bool has_part(const char *label, const char *folded)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	text_fold(label, &text);
	return strstr(text.text, folded) != NULL;
}

/* A sentence that is part of exactly one label. */
static bool choose_label(struct turn *turn, const char *sentence)
{
	struct strbuf folded AUTO(strbuf_release) = STRBUF_INIT;

	text_fold(sentence, &folded);
	return folded.length >= 3 &&
	       choose_fitting(turn, has_part, folded.text);
}

static bool is_same(const char *label, const char *said)
{
	return strcmp(label, said) == 0;
}

/* A time that the list shows once, though it is of another day than was wished. */
static bool choose_time(struct turn *turn, const struct reading *reading)
{
	const struct form *form = &turn->form;
	const struct when *when = &reading->when;
	char time[CIVIL_TEXT_SIZE];

	if (!form->command->fields[form->asking].is_contested ||
		!says_only_when(reading) || when->has_day || !when->has_time ||
		when->first_minute != when->last_minute)
		return false;
	civil_print_minute(when->first_minute, time);
	return choose_fitting(turn, is_same, time);
}

/* Words of greeting and the like, which a field that takes any words would take
 * for a name. */
static bool is_no_answer(struct turn *turn, const struct reading *reading)
{
	const struct form *form = &turn->form;

	if (says(reading, SHORT_HELLO))
		return true;
	if (form->command->fields[form->asking].type->is_agreement)
		return false;
	if (form->choices.count && says_yes(reading, NULL)) {
		turn_speak(turn, "Which one?");
		return true;
	}
	if (says(reading, SHORT_THANKS)) {
		turn_speak(turn, "You are welcome.");
		return true;
	}
	if (!form->command->fields[form->asking].type->is_greedy ||
		!(says_yes(reading, NULL) || says(reading, SHORT_NO) ||
			says(reading, SHORT_MORE) || says(reading, SHORT_SKIP)))
		return false;
	turn_speak(turn, "I did not understand that.");
	return true;
}

static void answer_field(
	struct turn *turn, struct reading *reading, const char *sentence)
{
	struct form *form = &turn->form;
	const struct field *field = &form->command->fields[form->asking];
	struct error error = {.message = ""};
	enum found found;

	if (field->need == FIELD_SKIPPABLE && says(reading, SHORT_SKIP)) {
		form->values[form->asking].is_skipped = true;
		turn_proceed(turn, reading->is_agreed);
		return;
	}
	if (says(reading, SHORT_MORE) && form->choices.count) {
		show_more(turn);
		return;
	}
	if (choose_number(turn, reading) || choose_only(turn, reading) ||
		choose_time(turn, reading)) {
		turn_proceed(turn, reading->is_agreed);
		return;
	}
	if (is_no_answer(turn, reading)) {
		turn_ask(turn);
		return;
	}
	if (switch_over(turn, reading, sentence))
		return;
	found = form_read(
		form, turn->request, reading, form->asking, false, &error);
	if (found == FOUND_HINT || found == FOUND_VALUE ||
		(found == FOUND_NOTHING && choose_label(turn, sentence))) {
		turn_proceed(turn, reading->is_agreed);
		return;
	}
	if (found == FOUND_WRONG) {
		turn_report(turn, &error);
		if (error.kind == ERROR_USAGE && form->choices.count)
			turn_ask(turn);
		return;
	}
	if (says(reading, SHORT_NO) && form->choices.count) {
		turn_speak(turn, "All right. Choose another, or write "
				 "\"stop\".");
		turn_ask(turn);
		return;
	}
	turn_speak(turn, is_number_only(reading)
				 ? "There is no such number in the list."
				 : "I did not understand that.");
	turn_ask(turn);
}

/* "no" to the last question: the part that is most likely meant is asked. */
static void reconsider(struct turn *turn)
{
	struct form *form = &turn->form;
	size_t field = form_contested(form);
	struct error error;

	if (field == form->command->field_count) {
		stop(turn);
		return;
	}
	form_reopen(form, field);
	turn_speak(turn, "All right. Choose another time, or write \"stop\".");
	if (!form_ask(form, turn->request, field, &error)) {
		turn_report(turn, &error);
		turn_close(turn);
		return;
	}
	turn_ask(turn);
}

static void answer_confirm(
	struct turn *turn, struct reading *reading, const char *sentence)
{
	struct error error = {.message = ""};
	/* "yes, because I am ill" agrees. */
	bool has_reason = form_read_eager(&turn->form, turn->request, reading);
	enum found found;

	if (says_yes(reading, turn->form.command)) {
		turn_run(turn);
		return;
	}
	if (says(reading, SHORT_NO)) {
		reconsider(turn);
		return;
	}
	if (switch_over(turn, reading, sentence))
		return;
	found = form_read(
		&turn->form, turn->request, reading, -1, false, &error);
	if (found == FOUND_NOTHING && has_reason)
		found = FOUND_VALUE;
	if (found == FOUND_WRONG)
		turn_report(turn, &error);
	else if (found == FOUND_NOTHING)
		turn_speak(turn, "Please answer yes or no.");
	turn_proceed(turn, found != FOUND_NOTHING && reading->is_agreed);
}

static void answer_guess(
	struct turn *turn, struct reading *reading, const char *sentence)
{
	char *wish AUTO(free_text) = xstrdup(turn->form.wish);

	turn_close(turn);
	if (says_yes(reading, NULL))
		turn_begin(turn, wish, true);
	else if (says(reading, SHORT_NO) || says(reading, SHORT_STOP))
		turn_speak(turn,
			"Please say it in other words, or write \"help\".");
	else
		turn_begin(turn, sentence, false);
}

/* After a page of a list anything but "more" is something new. */
static void answer_list(
	struct turn *turn, const struct reading *reading, const char *sentence)
{
	if (says(reading, SHORT_REST)) {
		turn->request->list_from = turn->form.told;
		turn_run(turn);
		return;
	}
	turn_close(turn);
	turn_begin(turn, sentence, false);
}

void turn_go_on(struct turn *turn, const char *sentence)
{
	struct form *form = &turn->form;
	struct reading reading;
	bool is_time = form->asking >= 0 &&
		       form->command->fields[form->asking].is_contested;

	reading_init(&reading, turn->request, sentence, is_time);
	turn->is_open = true;
	if (form->asking == FORM_GUESS)
		answer_guess(turn, &reading, sentence);
	else if (form->asking == FORM_LIST)
		answer_list(turn, &reading, sentence);
	else if (!reading.word_count && form->asking >= 0)
		turn_ask(turn);
	else if (says(&reading, SHORT_STOP) &&
		 !(form->asking == FORM_CONFIRM &&
			 says_yes(&reading, form->command)))
		stop(turn);
	else if (says(&reading, SHORT_HELP))
		explain(turn);
	else if (says(&reading, SHORT_BACK))
		go_back(turn);
	else if (form->asking == FORM_CONFIRM)
		answer_confirm(turn, &reading, sentence);
	else
		answer_field(turn, &reading, sentence);
	reading_release(&reading);
}
