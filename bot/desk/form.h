/* form.h - a command being filled in: what is known, what is being asked.
 *
 * A form lives in the database between two messages (as JSON), so it is still
 * there after a restart, and any worker of any bot can go on with it. */
#ifndef DESK_FORM_H
#define DESK_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "desk/choices.h"

#define FORM_FIELDS 8

struct command;
struct request;

struct value {
	char *text;  /* as the API functions take it; NULL: not known */
	char *label; /* as it is said back */
	char *note;  /* what is said after it, such as the fee; or NULL */
	char *hint;  /* what narrows the choices, in its type's own words */
	bool is_skipped;
};

/* What the desk waits for, besides a field (its index). */
enum form_asking {
	FORM_NOTHING = -1,
	FORM_CONFIRM = -2, /* yes or no before the command runs */
	FORM_GUESS = -3,   /* "did you mean": yes takes form.wish */
	FORM_LIST = -4,    /* "more" tells the list on from form.told */
	FORM_EXTRAS = -5,  /* a data form with what need not be said */
};

struct form {
	const struct command *command; /* NULL: only a guess is open */
	struct value values[FORM_FIELDS];
	int asking;             /* a field's index, or enum form_asking */
	struct choices choices; /* as they were offered */
	size_t told;            /* rows of the command's list that were told */
	bool is_held; /* the command's confirm may hold what was asked about */
	char *wish;   /* a sentence to go on with after this form, or NULL */
};

void form_init(struct form *form, const struct command *command);
void form_release(struct form *form);

/* Sets what is known of a field; texts are copied. label NULL: the text. */
void form_fill(
	struct form *form, size_t field, const char *text, const char *label);
/* Fills or narrows a field with one of its choices. */
void form_choose(struct form *form, size_t field, const struct choice *choice);
/* Narrows a field (NULL: not any more) and forgets its value. */
void form_narrow(struct form *form, size_t field, const char *hint);
/* Forgets all that is known of a field. */
void form_clear(struct form *form, size_t field);

/* The field of this name; FORM_FIELDS when the command has none. */
size_t form_field(const struct form *form, const char *name);
/* The text, label, hint or note of the field of this name; NULL when not known. */
const char *form_text(const struct form *form, const char *name);
const char *form_label(const struct form *form, const char *name);
const char *form_hint(const struct form *form, const char *name);
const char *form_note(const struct form *form, const char *name);

/* Reads the form that the request brought; false when none is open (or it does
 * not fit the commands any more: then it is as if there were none). */
bool form_load(struct form *form, const struct request *request) MUST_CHECK;
/* Keeps the form for the next message; NULL: none is open. */
bool form_save(const struct form *form, struct request *request,
	struct error *error) MUST_CHECK;

#endif
