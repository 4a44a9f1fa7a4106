/* page.c - a command's form as pages of data forms (XEP-0004). */
#include "service/page.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "desk/filling.h"
#include "desk/text.h"
#include "desk/wording.h"
#include "xmpp/form.h"

/* A second box beside a list of times: any other day or time, in words. */
#define WISH_SUFFIX "-wish"
/* What a list says until somebody chooses. Profanity shows the options of a field
 * that has a value, and of no other; and what it was given first it sends back,
 * seen or not. */
#define NOT_CHOSEN "-"
#define VALUE_LIMIT 60 /* bytes of a value that a person can read */

/* What need not be said and can be written whatever was chosen before. */
static bool is_extra(const struct field *declared)
{
	return declared->need == FIELD_OPTIONAL && declared->type->is_written;
}

/* Whether a page that begins with the field first also shows this one. */
static bool is_on_page(const struct form *form, const struct request *request,
	size_t first, size_t field, bool is_first)
{
	const struct field *declared = &form->command->fields[field];

	if (field > first && declared->is_dependent &&
		!(is_first && is_extra(declared)))
		return false;
	if (form->asking == (int)field)
		return true;
	return form_is_open(form, request, field) ||
	       (is_first && declared->need == FIELD_OPTIONAL &&
		       (!declared->is_wanted ||
			       declared->is_wanted(request, form)));
}

static void add_wish(stanza *page, const struct form *form, size_t field,
	const char *language)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%s" WISH_SUFFIX,
		form->command->fields[field].name);
	(void)form_add(page, &(struct form_field){
				     .name = name,
				     .input = FORM_TEXT,
				     .label = in_words(language,
					     "Or write another day or time"),
			     });
}

static enum form_input input_of(const struct field *field)
{
	return strcmp(field->type->form_type, "jid-single") == 0 ? FORM_ADDRESS
								 : FORM_TEXT;
}

/* Whether it can be typed, and comes back as it was sent. */
static bool is_typed(const char *name)
{
	struct strbuf clean AUTO(strbuf_release) = STRBUF_INIT;

	return strlen(name) <= VALUE_LIMIT && strcmp(name, NOT_CHOSEN) != 0 &&
	       text_clean(name, &clean) && *name &&
	       strcmp(clean.text, name) == 0;
}

/* An option's value: what it is called, if nothing else in the list is called so,
 * for some clients show that and have it typed; else what the field keeps. */
static const char *option_value(const struct choices *choices, size_t option)
{
	const struct choice *choice = &choices->items[option];

	for (size_t i = 0; i < choices->count; i++)
		if (i != option &&
			strcmp(choices->items[i].name, choice->name) == 0)
			return choice->value;
	return is_typed(choice->name) ? choice->name : choice->value;
}

static void add_options(stanza *list, const struct choices *choices)
{
	for (size_t i = 0; i < choices->count; i++) {
		const struct choice *choice = &choices->items[i];
		char *label AUTO(free_text) =
			choice->group ? xasprintf("%s, %s", choice->group,
						choice->label)
				      : xstrdup(choice->label);

		form_add_option(list, option_value(choices, i), label);
	}
}

static bool list_choices(struct form *form, struct request *request,
	size_t field, struct choices *choices, struct error *error)
{
	struct filling filling = {
		.request = request,
		.form = form,
		.index = field,
		.field = &form->command->fields[field],
	};

	return filling.field->type->choose(&filling, choices, error);
}

/* In a chat the question says how to answer it; here there are buttons. */
static void drop_answers(struct strbuf *question, const char *language)
{
	const char *answers = in_words(language, " (yes / no)");
	size_t length = strlen(answers);

	if (question->length > length &&
		strcmp(question->text + question->length - length, answers) ==
			0)
		strbuf_cut(question, question->length - length);
}

static bool add_field(stanza *page, struct form *form, struct request *request,
	size_t field, struct error *error)
{
	const struct field *declared = &form->command->fields[field];
	struct choices choices AUTO(choices_release) = CHOICES_INIT;
	bool is_needed = declared->need == FIELD_NEEDED;
	bool is_clear;
	stanza *added;

	if (declared->type->choose &&
		!list_choices(form, request, field, &choices, error))
		return false;
	drop_answers(&choices.intro, request->language);
	if (choices.intro.length)
		(void)form_add(page, &(struct form_field){.input = FORM_FIXED,
					     .value = choices.intro.text});
	is_clear = is_needed && choices.count == 1;
	added = form_add(page,
		&(struct form_field){
			.name = declared->name,
			.input = choices.count ? FORM_CHOICE
					       : input_of(declared),
			.label = in_words(request->language, declared->label),
			.value = is_clear        ? option_value(&choices, 0)
				 : choices.count ? NOT_CHOSEN
						 : NULL,
			.is_required =
				is_needed && !declared->type->choose_more,
		});
	if (choices.count && !is_clear)
		form_add_option(added, NOT_CHOSEN,
			in_words(request->language,
				is_needed ? "(please choose)" : "(none)"));
	add_options(added, &choices);
	if (declared->type->choose_more)
		add_wish(page, form, field, request->language);
	return true;
}

stanza *page_last(const struct form *form, const struct request *request,
	struct strbuf *question)
{
	struct strbuf title AUTO(strbuf_release) = STRBUF_INIT;

	drop_answers(question, request->language);
	say_title(&title, request->language, form->command->summary);
	return form_new(title.text, question->text);
}

stanza *page_new(struct form *form, struct request *request, bool is_first,
	const char *reason, struct error *error)
{
	struct strbuf title AUTO(strbuf_release) = STRBUF_INIT;
	const struct command *command = form->command;
	stanza *page;

	say_title(&title, request->language, command->summary);
	page = form_new(title.text, reason);
	for (size_t i = 0; i < command->field_count; i++) {
		size_t first = form->asking < 0 ? i : (size_t)form->asking;

		if (i < first || !is_on_page(form, request, first, i, is_first))
			continue;
		if (!add_field(page, form, request, i, error)) {
			stanza_free(page);
			return NULL;
		}
	}
	return page;
}

static bool take_words(struct form *form, struct request *request, size_t field,
	const char *value, struct error *error)
{
	struct reading reading;
	enum found found;

	reading_init(&reading, request, value, true);
	found = form_read_field(form, request, field, &reading, error);
	reading_release(&reading);
	if (found == FOUND_NOTHING)
		return failed(error, ERROR_USAGE, "I did not understand \"%s\"",
			value);
	return found != FOUND_WRONG;
}

static bool take_choice(struct form *form, struct request *request,
	size_t field, const char *value, struct error *error)
{
	struct choices choices AUTO(choices_release) = CHOICES_INIT;

	if (!list_choices(form, request, field, &choices, error))
		return false;
	if (!choices.count) /* there was a box to write in */
		return take_words(form, request, field, value, error);
	for (size_t i = 0; i < choices.count; i++) {
		if (strcmp(choices.items[i].value, value) != 0 &&
			strcmp(option_value(&choices, i), value) != 0)
			continue;
		form_choose(form, field, &choices.items[i]);
		return true;
	}
	return failed(error, ERROR_CONFLICT,
		"that is not to be had any more, please choose again");
}

/* The clean text that was submitted for a field; NULL when it was left empty. */
static char *submitted_text(const stanza *submitted, const char *name)
{
	struct strbuf clean = STRBUF_INIT;
	char *raw AUTO(free_text) = form_value(submitted, name);

	if (!raw || strlen(raw) > TEXT_LIMIT || !text_clean(raw, &clean) ||
		!clean.length) {
		strbuf_release(&clean);
		return NULL;
	}
	return strbuf_detach(&clean);
}

static bool read_one(struct form *form, struct request *request, size_t field,
	const stanza *submitted, struct error *error)
{
	const struct field *declared = &form->command->fields[field];
	char *text AUTO(free_text) = submitted_text(submitted, declared->name);
	char name[64];
	char *wish AUTO(free_text) = NULL;

	(void)snprintf(name, sizeof(name), "%s" WISH_SUFFIX, declared->name);
	wish = submitted_text(submitted, name);
	if (wish && declared->type->choose_more)
		return take_words(form, request, field, wish, error);
	if (text && declared->type->choose && strcmp(text, NOT_CHOSEN) != 0)
		return take_choice(form, request, field, text, error);
	if (text && !declared->type->choose)
		return take_words(form, request, field, text, error);
	if (!form_is_open(form, request, field))
		return true;
	if (declared->need == FIELD_SKIPPABLE)
		form->values[field].is_skipped = true;
	return declared->need != FIELD_NEEDED ||
	       failed(error, ERROR_USAGE,
		       declared->type->choose ? "please choose under \"%s\""
					      : "please fill in \"%s\"",
		       in_words(request->language, declared->label));
}

bool page_read(struct form *form, struct request *request,
	const stanza *submitted, struct error *error)
{
	size_t first = form->asking < 0 ? 0 : (size_t)form->asking;
	bool is_right = true;

	for (size_t i = first; i < form->command->field_count; i++) {
		if (i > first && form->command->fields[i].is_dependent &&
			!is_extra(&form->command->fields[i]))
			continue;
		/* The first mistake is told; what else was right is kept. */
		is_right = read_one(form, request, i, submitted,
				   is_right ? error : NULL) &&
			   is_right;
	}
	return is_right;
}
