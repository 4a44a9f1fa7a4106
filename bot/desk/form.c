/* form.c - a command being filled in: what is known, what is being asked. */
#include "desk/form.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "commands/commands.h"
#include "desk/command.h"
#include "desk/request.h"

static void replace(char **text, const char *with)
{
	char *copy = xstrdup(with); /* with may be the old text itself */

	free(*text);
	*text = copy;
}

void form_init(struct form *form, const struct command *command)
{
	memset(form, 0, sizeof(*form));
	form->command = command;
	form->asking = FORM_NOTHING;
	form->choices = (struct choices)CHOICES_INIT;
}

void form_release(struct form *form)
{
	for (size_t i = 0; i < FORM_FIELDS; i++)
		form_clear(form, i);
	choices_release(&form->choices);
	replace(&form->wish, NULL);
}

void form_fill(
	struct form *form, size_t field, const char *text, const char *label)
{
	struct value *value = &form->values[field];

	replace(&value->text, text);
	replace(&value->label, label ? label : text);
	replace(&value->note, NULL);
	value->is_skipped = false;
}

void form_choose(struct form *form, size_t field, const struct choice *choice)
{
	if (choice->is_hint) {
		form_narrow(form, field, choice->value);
		return;
	}
	form_fill(form, field, choice->value, choice->name);
	replace(&form->values[field].note, choice->note);
	if (choice->hint)
		replace(&form->values[field].hint, choice->hint);
}

void form_narrow(struct form *form, size_t field, const char *hint)
{
	form_fill(form, field, NULL, NULL);
	replace(&form->values[field].hint, hint);
}

void form_clear(struct form *form, size_t field)
{
	form_narrow(form, field, NULL);
}

size_t form_field(const struct form *form, const char *name)
{
	size_t i;

	for (i = 0; form->command && i < form->command->field_count; i++)
		if (strcmp(form->command->fields[i].name, name) == 0)
			return i;
	return FORM_FIELDS;
}

static const struct value *value_named(
	const struct form *form, const char *name)
{
	static const struct value unknown = {.text = NULL};
	size_t field = form_field(form, name);

	return field < FORM_FIELDS ? &form->values[field] : &unknown;
}

const char *form_text(const struct form *form, const char *name)
{
	return value_named(form, name)->text;
}

const char *form_label(const struct form *form, const char *name)
{
	return value_named(form, name)->label;
}

const char *form_hint(const struct form *form, const char *name)
{
	return value_named(form, name)->hint;
}

const char *form_note(const struct form *form, const char *name)
{
	return value_named(form, name)->note;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void load_values(struct form *form, const json_t *values)
{
	const char *name;
	json_t *kept;

	/* cppcheck-suppress constVariablePointer ; jansson's iterator */
	json_object_foreach((json_t *)(uintptr_t)values, name, kept)
	{
		size_t field = form_field(form, name);

		if (field == FORM_FIELDS)
			continue;
		form_fill(form, field, text_of(kept, "text"),
			text_of(kept, "label"));
		replace(&form->values[field].hint, text_of(kept, "hint"));
		replace(&form->values[field].note, text_of(kept, "note"));
		form->values[field].is_skipped =
			json_is_true(json_object_get(kept, "skipped"));
	}
}

static void load_choices(struct choices *choices, const json_t *list)
{
	size_t i;
	json_t *kept;

	json_array_foreach(list, i, kept)
	{
		const char *value = text_of(kept, "value");
		const char *label = text_of(kept, "label");
		struct choice *choice =
			value && label ? choices_add(choices, value, label)
				       : NULL;

		if (!choice)
			continue;
		choice_set(choice, text_of(kept, "name"), text_of(kept, "note"),
			text_of(kept, "group"));
		choice_set_hint(choice, text_of(kept, "hint"));
		choice->is_hint =
			json_is_true(json_object_get(kept, "is_hint"));
	}
}

bool form_load(struct form *form, const struct request *request)
{
	json_t *kept =
		request->form ? json_loads(request->form, 0, NULL) : NULL;
	const char *name = text_of(kept, "command");
	const char *asked = text_of(kept, "asking");

	form_init(form, name ? command_named(name) : NULL);
	if (!kept || !asked || (name && !form->command)) {
		json_decref(kept);
		return false;
	}
	load_values(form, json_object_get(kept, "values"));
	load_choices(&form->choices, json_object_get(kept, "choices"));
	form->choices.has_more = json_is_true(json_object_get(kept, "more"));
	strbuf_add(&form->choices.intro, text_of(kept, "intro"));
	form->told = (size_t)json_integer_value(json_object_get(kept, "told"));
	form->is_held = json_is_true(json_object_get(kept, "held"));
	replace(&form->wish, text_of(kept, "wish"));
	if (strcmp(asked, "?confirm") == 0)
		form->asking = FORM_CONFIRM;
	else if (strcmp(asked, "?guess") == 0)
		form->asking = FORM_GUESS;
	else if (strcmp(asked, "?list") == 0 && form->command)
		form->asking = FORM_LIST;
	else if (strcmp(asked, "?extras") == 0 && form->command)
		form->asking = FORM_EXTRAS;
	else if (form_field(form, asked) < FORM_FIELDS)
		form->asking = (int)form_field(form, asked);
	json_decref(kept);
	return form->asking != FORM_NOTHING;
}

static void put(json_t *object, const char *key, const char *text)
{
	if (text)
		(void)json_object_set_new(object, key, json_string(text));
}

static void put_true(json_t *object, const char *key, bool is_true)
{
	if (is_true)
		(void)json_object_set_new(object, key, json_true());
}

static json_t *print_values(const struct form *form)
{
	json_t *values = json_object();

	for (size_t i = 0; form->command && i < form->command->field_count;
		i++) {
		const struct value *value = &form->values[i];
		json_t *kept = json_object();

		put(kept, "text", value->text);
		put(kept, "label", value->label);
		put(kept, "hint", value->hint);
		put(kept, "note", value->note);
		put_true(kept, "skipped", value->is_skipped);
		(void)json_object_set_new(
			values, form->command->fields[i].name, kept);
	}
	return values;
}

static json_t *print_choices(const struct choices *choices)
{
	json_t *list = json_array();

	for (size_t i = 0; i < choices->count; i++) {
		const struct choice *choice = &choices->items[i];
		json_t *kept = json_object();

		put(kept, "value", choice->value);
		put(kept, "label", choice->label);
		put(kept, "name", choice->name);
		put(kept, "note", choice->note);
		put(kept, "group", choice->group);
		put(kept, "hint", choice->hint);
		put_true(kept, "is_hint", choice->is_hint);
		(void)json_array_append_new(list, kept);
	}
	return list;
}

static const char *asking_name(const struct form *form)
{
	if (form->asking >= 0)
		return form->command->fields[form->asking].name;
	if (form->asking == FORM_LIST)
		return "?list";
	if (form->asking == FORM_EXTRAS)
		return "?extras";
	return form->asking == FORM_GUESS ? "?guess" : "?confirm";
}

bool form_save(
	const struct form *form, struct request *request, struct error *error)
{
	char *text = NULL;
	bool is_kept;

	if (form) {
		json_t *kept = json_object();

		put(kept, "command",
			form->command ? form->command->name : NULL);
		put(kept, "asking", asking_name(form));
		put(kept, "wish", form->wish);
		put_true(kept, "more", form->choices.has_more);
		put_true(kept, "held", form->is_held);
		if (form->choices.intro.length)
			put(kept, "intro", form->choices.intro.text);
		if (form->told)
			(void)json_object_set_new(kept, "told",
				json_integer((json_int_t)form->told));
		(void)json_object_set_new(kept, "values", print_values(form));
		(void)json_object_set_new(
			kept, "choices", print_choices(&form->choices));
		text = json_dumps(kept, JSON_COMPACT);
		json_decref(kept);
	}
	is_kept = store_do(request->store, error, "form_save", request->jid,
		request->session, text, STORE_END);
	free(text);
	return is_kept;
}
