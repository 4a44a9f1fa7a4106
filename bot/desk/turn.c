/* turn.c - one turn of the conversation: saying, asking, running. */
#include "desk/turn.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "desk/conversation.h"
#include "desk/filling.h"
#include "desk/wording.h"

void say_error(
	struct strbuf *out, const char *language, const struct error *error)
{
	size_t start = out->length;

	say_title(out, language,
		error->kind == ERROR_BUG
			? "something went wrong on my side, and nothing was "
			  "changed. Please try again, or call the clinic"
			: error->message);
	if (out->length > start && !strchr(".?!", out->text[out->length - 1]))
		strbuf_add_char(out, '.');
}

/* What is said next goes on in the same line. */
void turn_go_on_in_line(struct turn *turn)
{
	const struct strbuf *answer = turn->answer;

	if (answer->length && answer->text[answer->length - 1] != '\n')
		strbuf_add_char(turn->answer, ' ');
}

/* What is said next begins a line. */
void turn_begin_line(struct turn *turn)
{
	const struct strbuf *answer = turn->answer;

	if (answer->length && answer->text[answer->length - 1] != '\n')
		strbuf_add_char(turn->answer, '\n');
}

void turn_speak(struct turn *turn, const char *sentence)
{
	turn_go_on_in_line(turn);
	say(turn->answer, turn->request->language, sentence, NULL);
}

void turn_report(struct turn *turn, const struct error *error)
{
	if (error->kind == ERROR_BUG || error->kind == ERROR_UNAVAILABLE) {
		log_failure(error, "conversation");
		turn->is_void = true;
	}
	turn_go_on_in_line(turn);
	say_error(turn->answer, turn->request->language, error);
}

void turn_close(struct turn *turn)
{
	if (!turn->is_void)
		form_let_go(&turn->form, turn->request);
	form_release(&turn->form);
	form_init(&turn->form, NULL);
	turn->is_open = false;
}

/* The field's question, its choices, and how to answer. */
void turn_ask(struct turn *turn)
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
		turn_begin_line(turn);
	else
		turn_go_on_in_line(turn);
	strbuf_add(turn->answer, question.text);
}

/* Somebody else was faster: the field is asked again with what is left. Once in
 * a turn: what is listed as free and refused twice is asked no third time. */
static bool ask_again(struct turn *turn, const struct error *error)
{
	struct form *form = &turn->form;
	size_t field = form_contested(form);

	if (error->kind != ERROR_CONFLICT || turn->has_lost ||
		field == form->command->field_count)
		return false;
	turn->has_lost = true;
	turn->lost = *error;
	turn_report(turn, error);
	form_narrow(form, field, form->values[field].hint);
	turn_proceed(turn, false);
	return true;
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
		again.domain = before->domain;
		again.file_link = before->file_link;
		again.files = before->files;
		turn->request = &again;
		turn_begin_line(turn);
		turn_begin(turn, wish, false);
		turn->request = before;
	} else {
		turn_report(turn, &error);
	}
	request_release(&again);
}

/* A list that was not told to its end stays open for "more". */
static bool keep_list(struct turn *turn)
{
	struct form *form = &turn->form;

	if (!turn->request->list_next)
		return false;
	choices_reset(&form->choices);
	form->asking = FORM_LIST;
	form->told = turn->request->list_next;
	turn->is_open = true;
	turn_begin_line(turn);
	say(turn->answer, turn->request->language,
		"Write \"more\" to see the rest.", NULL);
	return true;
}

/* Goes on with what the command asks to be gone on with. */
static void follow_up(struct turn *turn)
{
	const char *sentence = turn->request->follow;

	turn->request->follow = NULL;
	if (!sentence)
		return;
	turn_begin_line(turn);
	turn_begin(turn, sentence, false);
}

void turn_run(struct turn *turn)
{
	struct form *form = &turn->form;
	struct strbuf done AUTO(strbuf_release) = STRBUF_INIT;
	char *wish AUTO(free_text) = NULL;
	struct error error;

	/* Rights may have been taken since the form was opened. */
	if (!(form->command->roles & turn->request->roles)) {
		turn_refuse(turn, form->command);
		turn_close(turn);
		return;
	}
	turn->request->list_next = 0;
	if (!form->command->run(turn->request, form, &done, &error)) {
		if (ask_again(turn, &error))
			return;
		turn_report(turn, &error);
		turn_close(turn);
		return;
	}
	form->is_held = false; /* what was held was taken */
	turn_begin_line(turn);
	strbuf_add(turn->answer, done.text);
	if (keep_list(turn))
		return;
	wish = xstrdup(form->wish);
	turn_close(turn);
	if (wish)
		go_on_with_wish(turn, wish);
	else
		follow_up(turn);
}

/* Asks what is still to be known; or the last question; or runs. */
void turn_proceed(struct turn *turn, bool is_agreed)
{
	struct form *form = &turn->form;
	struct strbuf question AUTO(strbuf_release) = STRBUF_INIT;
	bool is_question = false;
	struct error error;

	if (!form_advance(form, turn->request, &error)) {
		turn_report(turn, &error);
		turn_close(turn);
		return;
	}
	turn->is_open = true;
	if (form->asking >= 0) {
		turn_ask(turn);
		return;
	}
	if (!is_agreed && !form_confirm(form, turn->request, &question,
				  &is_question, &error)) {
		if (ask_again(turn, &error))
			return;
		if (!turn->has_lost ||
			strcmp(turn->lost.message, error.message) != 0)
			turn_report(turn, &error);
		turn_close(turn);
		return;
	}
	if (!is_question) {
		turn_run(turn);
		return;
	}
	turn_begin_line(turn);
	strbuf_add(turn->answer, question.text);
}
