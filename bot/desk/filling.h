/* filling.h - filling in a form, whatever channel the answers come by.
 *
 * The conversation and the ad-hoc commands both walk these steps: read what the
 * words say, pick what leaves no choice, find the next field to ask. */
#ifndef DESK_FILLING_H
#define DESK_FILLING_H

#include "desk/command.h"

/* Reads the sentence into the form. asked: the field that it answers, or a
 * negative number; is_opening: the sentence opened the form, so that fields
 * which take any words may take the rest of it. FOUND_WRONG: the error says why;
 * FOUND_NOTHING: no field found itself in it. */
enum found form_read(struct form *form, struct request *request,
	struct reading *reading, int asked, bool is_opening,
	struct error *error);

/* Reads what the sentence says to eager fields alone ("because ..."), and takes
 * those words away. Whether there was any. */
bool form_read_eager(
	struct form *form, struct request *request, struct reading *reading);

/* Reads a sentence that is the answer to one field, and nothing else. */
enum found form_read_field(struct form *form, struct request *request,
	size_t field, struct reading *reading, struct error *error);

/* Moves to the next field that must be asked: form.asking, with form.choices
 * listed; or to FORM_CONFIRM when all is known. What leaves no choice is filled
 * on the way; that may make another field wanted. False when there is nothing to
 * choose from, or no database. */
bool form_advance(struct form *form, struct request *request,
	struct error *error) MUST_CHECK;
/* Asks a field again, or for the first time, although it may be known. */
bool form_ask(struct form *form, struct request *request, size_t field,
	struct error *error) MUST_CHECK;
/* Shows further choices of the field being asked. */
bool form_more(struct form *form, struct request *request,
	struct error *error) MUST_CHECK;
/* One step back: the field asked before, without what was answered. False when
 * there is none. */
bool form_back(struct form *form, struct request *request,
	struct error *error) MUST_CHECK;
/* Forgets what the field was filled with, which was not wanted. What was wished
 * stays, except what left no other choice. */
void form_reopen(struct form *form, size_t field);
/* The field that a refusal "just taken", or a "no", is about: the contested one that
 * was filled. The count of the command's fields when there is none. */
size_t form_contested(const struct form *form);
/* Whether the field is still to be filled. */
bool form_is_open(
	const struct form *form, const struct request *request, size_t field);

/* The last question of a form that is complete: what command.confirm says, which
 * may hold what it asks about. */
bool form_confirm(struct form *form, struct request *request,
	struct strbuf *question, bool *is_question,
	struct error *error) MUST_CHECK;
/* Lets go of what the last question held, if it held anything: the form is left,
 * or asks for something again. */
void form_let_go(struct form *form, struct request *request);

#endif
