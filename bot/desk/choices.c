/* choices.c - what is offered to choose from. */
#include "desk/choices.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define ROW 4 /* choices of a group in a line: a phone is narrow */

struct choice *choices_add(
	struct choices *choices, const char *value, const char *label)
{
	struct choice *choice;

	if (choices->count == CHOICES_LIMIT) {
		choices->has_more = true;
		return NULL;
	}
	choice = &choices->items[choices->count++];
	*choice = (struct choice){
		.value = xstrdup(value),
		.label = xstrdup(label),
		.name = xstrdup(label),
	};
	return choice;
}

void choice_set(struct choice *choice, const char *name, const char *note,
	const char *group)
{
	if (!choice)
		return;
	if (name) {
		free(choice->name);
		choice->name = xstrdup(name);
	}
	free(choice->note);
	choice->note = xstrdup(note);
	free(choice->group);
	choice->group = xstrdup(group);
}

void choice_set_hint(struct choice *choice, const char *hint)
{
	if (!choice)
		return;
	free(choice->hint);
	choice->hint = xstrdup(hint);
}

static bool continues_group(const struct choices *choices, size_t at)
{
	return at && choices->items[at].group && choices->items[at - 1].group &&
	       strcmp(choices->items[at].group, choices->items[at - 1].group) ==
		       0;
}

void choices_print(const struct choices *choices, struct strbuf *out)
{
	size_t in_group = 0;

	for (size_t i = 0; i < choices->count; i++) {
		const struct choice *choice = &choices->items[i];

		in_group = continues_group(choices, i) ? in_group + 1 : 0;
		if (choice->group && !in_group)
			strbuf_addf(out, "%s%s:", out->length ? "\n" : "",
				choice->group);
		if (in_group % ROW)
			strbuf_add(out, "   ");
		else if (out->length)
			strbuf_add_char(out, '\n');
		strbuf_addf(out, "%zu  %s", i + 1, choice->label);
	}
}

void choices_reset(struct choices *choices)
{
	for (size_t i = 0; i < choices->count; i++) {
		free(choices->items[i].value);
		free(choices->items[i].label);
		free(choices->items[i].name);
		free(choices->items[i].note);
		free(choices->items[i].group);
		free(choices->items[i].hint);
	}
	choices->count = 0;
	choices->picked = -1;
	choices->has_more = false;
	strbuf_reset(&choices->intro);
}

void choices_release(struct choices *choices)
{
	choices_reset(choices);
	strbuf_release(&choices->intro);
}
