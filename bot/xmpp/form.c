/* form.c - data forms (XEP-0004): ask with one, read the answer. */
#include "xmpp/form.h"

#include "base/memory.h"
#include "base/strbuf.h"

static const char *type_name(enum form_input input)
{
	switch (input) {
	case FORM_TEXT:
		return "text-single";
	case FORM_LINES:
		return "text-multi";
	case FORM_CHOICE:
		return "list-single";
	case FORM_BOOLEAN:
		return "boolean";
	case FORM_ADDRESS:
		return "jid-single";
	case FORM_FIXED:
		return "fixed";
	case FORM_HIDDEN:
		return "hidden";
	}
	return "text-single";
}

static stanza *new_form(
	const char *type, const char *title, const char *instructions)
{
	stanza *form = stanza_new("x", NS_DATA);

	stanza_set(form, "type", type);
	if (title)
		stanza_add_text(form, "title", title);
	if (instructions)
		stanza_add_text(form, "instructions", instructions);
	return form;
}

stanza *form_new(const char *title, const char *instructions)
{
	return new_form("form", title, instructions);
}

stanza *form_new_result(const char *title)
{
	return new_form("result", title, NULL);
}

static void add_values(stanza *field, const char *text, bool is_split)
{
	AUTO(free_text) char *copy = xstrdup(text);
	char *rest = copy;

	if (!is_split) {
		stanza_add_text(field, "value", text);
		return;
	}
	for (char *line; (line = strsep(&rest, "\n"));)
		stanza_add_text(field, "value", line);
}

stanza *form_add(stanza *form, const struct form_field *field)
{
	stanza *element = stanza_add(form, "field", NULL);

	stanza_set(element, "var", field->name);
	stanza_set(element, "type", type_name(field->input));
	stanza_set(element, "label", field->label);
	if (field->is_required)
		stanza_add(element, "required", NULL);
	if (field->value)
		add_values(element, field->value, field->input == FORM_LINES);
	return element;
}

void form_add_option(stanza *field, const char *value, const char *label)
{
	stanza *option = stanza_add(field, "option", NULL);

	stanza_set(option, "label", label);
	stanza_add_text(option, "value", value);
}

stanza *form_find(const stanza *parent)
{
	return stanza_find(parent, "x", NS_DATA);
}

bool form_is_submitted(const stanza *form)
{
	const char *type = stanza_get(form, "type");

	return type && strcmp(type, "submit") == 0;
}

static stanza *find_field(const stanza *form, const char *name)
{
	for (stanza *field = stanza_first(form); field;
		field = stanza_next(field)) {
		const char *var = stanza_get(field, "var");

		if (stanza_is(field, "field", NS_DATA) && var &&
			strcmp(var, name) == 0)
			return field;
	}
	return NULL;
}

char *form_value(const stanza *form, const char *name)
{
	const stanza *field = find_field(form, name);
	AUTO(strbuf_release) struct strbuf joined = STRBUF_INIT;
	bool is_there = false;

	if (!field)
		return NULL;
	for (const stanza *child = stanza_first(field); child;
		child = stanza_next(child)) {
		if (!stanza_is(child, "value", NS_DATA))
			continue;
		AUTO(free_text) char *value = stanza_text(child);
		if (is_there)
			strbuf_add_char(&joined, '\n');
		strbuf_add(&joined, value);
		is_there = true;
	}
	return is_there ? strbuf_detach(&joined) : NULL;
}

bool form_is_ticked(const stanza *form, const char *name)
{
	AUTO(free_text) char *value = form_value(form, name);

	return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}
