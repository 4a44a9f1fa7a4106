/* filling.c - filling in a form, whatever channel the answers come by. */
#include "desk/filling.h"

#include <string.h>

#include "base/log.h"
#include "base/memory.h"

static bool is_wanted(
	const struct form *form, const struct request *request, size_t field)
{
	const struct field *declared = &form->command->fields[field];

	return !declared->is_wanted || declared->is_wanted(request, form);
}

bool form_is_open(
	const struct form *form, const struct request *request, size_t field)
{
	const struct value *value = &form->values[field];
	const struct field *declared = &form->command->fields[field];

	if (value->text || value->is_skipped)
		return false;
	/* What is optional is only asked about when something was said of it
	 * that leaves a choice. */
	if (declared->need == FIELD_OPTIONAL && !value->hint)
		return false;
	return is_wanted(form, request, field);
}

bool form_confirm(struct form *form, struct request *request,
	struct strbuf *question, bool *is_question, struct error *error)
{
	const struct command *command = form->command;

	*is_question = false;
	if (!command->confirm)
		return true;
	if (!command->confirm(request, form, question, is_question, error))
		return false;
	form->is_held = command->let_go != NULL;
	return true;
}

void form_let_go(struct form *form, struct request *request)
{
	struct error error;

	if (!form->is_held)
		return;
	form->is_held = false;
	if (!form->command->let_go(request, &error))
		log_failure(&error, "letting go"); /* it ends by itself */
}

void form_reopen(struct form *form, size_t field)
{
	const struct field_type *type = form->command->fields[field].type;
	const char *hint = form->values[field].hint;
	char *wish AUTO(free_text) =
		hint && type->loosen ? type->loosen(hint) : NULL;

	form_clear(form, field);
	if (wish)
		form_narrow(form, field, wish);
}

static bool follows(const struct field *field, const struct field *changed)
{
	if (!field->is_dependent || !field->follows[0])
		return field->is_dependent;
	for (size_t i = 0; i < COUNT_OF(field->follows); i++)
		if (field->follows[i] &&
			strcmp(field->follows[i], changed->name) == 0)
			return true;
	return false;
}

/* What was chosen after a field that changed may not be offered any more; what
 * was wished still holds. */
static void reopen_dependent(struct form *form, size_t changed)
{
	const struct field *fields = form->command->fields;

	for (size_t i = changed + 1; i < form->command->field_count; i++)
		if (form->values[i].text &&
			follows(&fields[i], &fields[changed]))
			form_narrow(form, i, form->values[i].hint);
}

static enum found read_field(struct form *form, struct request *request,
	size_t index, struct reading *reading, bool is_asked,
	struct error *error)
{
	struct filling filling = {
		.request = request,
		.form = form,
		.index = index,
		.field = &form->command->fields[index],
	};
	char *before AUTO(free_text) = xstrdup(form->values[index].text);
	enum found found =
		filling.field->type->find(&filling, reading, is_asked, error);
	const char *after = form->values[index].text;

	if (found != FOUND_VALUE && found != FOUND_HINT)
		return found;
	if (!before || !after || strcmp(before, after) != 0)
		reopen_dependent(form, index);
	return found;
}

enum found form_read_field(struct form *form, struct request *request,
	size_t field, struct reading *reading, struct error *error)
{
	return read_field(form, request, field, reading, true, error);
}

bool form_read_eager(
	struct form *form, struct request *request, struct reading *reading)
{
	bool is_found = false;

	for (size_t i = 0; i < form->command->field_count; i++)
		if (form->command->fields[i].type->is_eager &&
			read_field(form, request, i, reading, false, NULL) ==
				FOUND_VALUE)
			is_found = true;
	return is_found;
}

/* When a type of field looks at a sentence: first, then, last. */
static int turn_of(const struct field_type *type)
{
	if (type->is_eager)
		return 0;
	return type->is_greedy ? 2 : 1;
}

enum found form_read(struct form *form, struct request *request,
	struct reading *reading, int asked, bool is_opening,
	struct error *error)
{
	enum found all = FOUND_NOTHING;
	bool is_wrong = false;

	if (asked >= 0) {
		all = read_field(
			form, request, (size_t)asked, reading, true, error);
		if (all == FOUND_WRONG)
			return all;
	}
	for (int turn = 0; turn <= (is_opening ? 2 : 1); turn++) {
		for (size_t i = 0; i < form->command->field_count; i++) {
			enum found found;

			if ((int)i == asked ||
				turn_of(form->command->fields[i].type) != turn)
				continue;
			found = read_field(
				form, request, i, reading, false, error);
			if (found == FOUND_WRONG && !is_opening)
				return found;
			/* What else it says is kept all the same. */
			is_wrong = is_wrong || found == FOUND_WRONG;
			if (found != FOUND_NOTHING)
				all = found;
		}
	}
	return is_wrong ? FOUND_WRONG : all;
}

bool form_ask(struct form *form, struct request *request, size_t field,
	struct error *error)
{
	struct filling filling = {
		.request = request,
		.form = form,
		.index = field,
		.field = &form->command->fields[field],
	};

	form_let_go(form, request);
	choices_reset(&form->choices);
	form->asking = (int)field;
	return !filling.field->type->choose ||
	       filling.field->type->choose(&filling, &form->choices, error);
}

size_t form_contested(const struct form *form)
{
	size_t at = 0;

	while (at < form->command->field_count &&
		!(form->command->fields[at].is_contested &&
			form->values[at].text))
		at++;
	return at;
}

/* The first field that is still to be filled; the count of them when none is. */
static size_t first_open(const struct form *form, const struct request *request)
{
	size_t at = 0;

	while (at < form->command->field_count &&
		!form_is_open(form, request, at))
		at++;
	return at;
}

bool form_advance(
	struct form *form, struct request *request, struct error *error)
{
	size_t at;

	while ((at = first_open(form, request)) < form->command->field_count) {
		if (!form_ask(form, request, at, error))
			return false;
		if (form->choices.picked < 0)
			return true;
		form_choose(
			form, at, &form->choices.items[form->choices.picked]);
		if (form_is_open(form, request, at))
			return true; /* it was picked, and is none */
	}
	choices_reset(&form->choices);
	form->asking = FORM_CONFIRM;
	return true;
}

bool form_more(struct form *form, struct request *request, struct error *error)
{
	const struct field *field = &form->command->fields[form->asking];
	struct filling filling = {
		.request = request,
		.form = form,
		.index = (size_t)form->asking,
		.field = field,
	};
	struct choices more = CHOICES_INIT;

	if (!field->type->choose_more)
		return failed(error, ERROR_MISSING, "that is all there is");
	if (!field->type->choose_more(&filling, &form->choices, &more, error)) {
		choices_release(&more);
		return false;
	}
	choices_release(&form->choices);
	form->choices = more;
	return true;
}

/* Whether a person was, or could have been, asked for the field. */
static bool was_asked(
	const struct form *form, const struct request *request, size_t field)
{
	const struct field *declared = &form->command->fields[field];

	if (declared->need == FIELD_OPTIONAL)
		return false;
	return form->values[field].text || form->values[field].is_skipped ||
	       is_wanted(form, request, field);
}

bool form_back(struct form *form, struct request *request, struct error *error)
{
	size_t from = form->asking >= 0 ? (size_t)form->asking
					: form->command->field_count;

	if (form->asking >= 0)
		form_narrow(form, from, form->values[from].hint);
	while (from-- > 0) {
		if (!was_asked(form, request, from))
			continue;
		form_reopen(form, from);
		reopen_dependent(form, from);
		if (!form_ask(form, request, from, error))
			return false;
		if (form->choices.count != 1)
			return true;
		form_choose(form, from, &form->choices.items[0]);
		/* There never was a choice. */
	}
	return failed(error, ERROR_MISSING, "that was the first question");
}
